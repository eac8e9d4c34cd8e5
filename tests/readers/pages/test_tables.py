"""Lines of a PDF with wide gaps: rows of tables, and text whose words are spread over the column."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, INTRODUCTION, METHODS, PITCH, SIZE, column, made, whole, wrapped

WIDTH = 230.0


def justified(canvas: Canvas, lines: list[str], x: float, y: float) -> float:
    for line in lines[:-1]:
        words = line.split()
        gap = (WIDTH - sum(stringWidth(word, BODY, SIZE) for word in words)) / max(1, len(words) - 1)
        place = x
        for word in words:
            canvas.setFont(BODY, SIZE)
            canvas.drawString(place, y, word)
            place += stringWidth(word, BODY, SIZE) + gap
        y -= PITCH
    return column(canvas, lines[-1:], x, y)


@pytest.mark.parametrize(
    "loose",
    [
        "calibrated sea-level-and-storm-surge|reconstruction-and-interpolation method, of which four|parts",
        "Seasonally-corrected sea-level-and-storm-surge|Reconstruction-and-Interpolation-of-Gaps method",
        "measurements counterreconstruction estimates|internationalization comparability reasons",
    ],
)
def test_lines_that_are_spread_over_the_column_are_text(loose: str) -> None:
    before = "We have read the gauges of the harbour for six years and have corrected what they show by a globally"
    after = "that was made for this harbour and for no other, and has been tried on the next one since the spring."

    def draw(canvas: Canvas) -> None:
        lines = [*wrapped(before, WIDTH), *loose.split("|"), *wrapped(after, WIDTH)]
        justified(canvas, lines, 60, 700)

    assert pdf.read(made(draw)).text == f"{before} {loose.replace('|', ' ')} {after}"


def test_rows_that_fill_the_column_are_still_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        y = justified(canvas, wrapped(whole(INTRODUCTION), WIDTH), 60, 700) - 20
        for name, count in (("Valleys", "2"), ("Owls", "11"), ("Mice", "731")):
            canvas.drawString(60, y, name)
            canvas.drawRightString(60 + WIDTH, y, count)
            y -= PITCH
        justified(canvas, wrapped(whole(METHODS), WIDTH), 60, y - 20)

    reading = pdf.read(made(draw))
    assert reading.text.split("\n\n") == [whole(INTRODUCTION), whole(METHODS)]
    assert [(entry.what, entry.number) for entry in reading.left_out] == [("tables", 1)]


@pytest.mark.parametrize(
    "line", ["any index a = 1, . . . , m of an owl,", "the words of a rule . . . that is . . . not theirs,"]
)
def test_an_ellipsis_is_no_leader(line: str) -> None:
    text = f"In each of the valleys we have counted the owls and their mice, and here we take {line} and no other one."

    def draw(canvas: Canvas) -> None:
        lines = wrapped(text, 280)
        assert ". . ." in lines[1]
        column(canvas, lines, 60, 700)

    assert pdf.read(made(draw)).text == text


@pytest.mark.parametrize("leaders", [" . . . 17", ".........17", " . . . . . . . . . ."])
def test_leaders_are_left_out(leaders: str) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, [f"2.1 The owls of the valley{leaders}"], 60, 740)
        column(canvas, wrapped(whole(METHODS), 280), 60, 700)

    assert pdf.read(made(draw)).text == whole(METHODS)


def test_lines_with_gaps_that_go_on_in_a_sentence_are_text() -> None:
    """Signs of formulas that a font does not name leave gaps."""
    first = "The difference of the two rates is what we have called the way of the"
    rest = "owls, and we take it from the rate of the mice that are caught."
    right = 60 + stringWidth(first, BODY, SIZE)

    def draw(canvas: Canvas) -> None:
        column(canvas, [first], 60, 700)
        for row, parts in enumerate(
            (("time that they", "need from the grass"), ("valley at night,", "while is that of other")), 1
        ):
            canvas.drawString(60, 700 - row * PITCH, parts[0])
            canvas.drawRightString(right, 700 - row * PITCH, parts[1])
        column(canvas, [rest], 60, 700 - 3 * PITCH)

    middle = "time that they need from the grass valley at night, while is that of other"
    assert pdf.read(made(draw)).text == f"{first} {middle} {rest}"


def test_a_quotation_in_capitals_between_other_edges_is_text() -> None:
    quoted = [
        "TO ENROLL IN ANY OF THE PLANS OF THE",
        "FOLLOWING BODIES (LIFE, ADDITIONAL",
        "DIVISION) IMMEDIATELY TO GUARANTEE",
        "THEM, YOU MUST MEET WITH A KEEPER.",
    ]

    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(METHODS), 2 * WIDTH), 60, 700)
        justified(canvas, quoted, 160, y - 10)

    assert " ".join(quoted) in pdf.read(made(draw)).text
