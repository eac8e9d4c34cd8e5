"""Bullets of a PDF's lists, and the lines that hang below an item's first."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, INTRODUCTION, RESULTS, SIZE, column, made, whole, wrapped

ITEMS = [
    "The first of the items is so long that its text goes on below, where it speaks of the Owls of the Mell and of the "
    "Eastern Valley.",
    "The second one has a name at the end of its line, which is that of the Night Birds and their Young Society of "
    "Observers, and ends here.",
    "A third one.",
]


@pytest.mark.parametrize(
    ("bullet", "font"), [("o", "Courier"), ("o", BODY), ("!", BODY), ("l", "ZapfDingbats"), ("§", BODY), ("•", BODY)]
)
def test_whatever_is_drawn_as_a_bullet_is_no_word(bullet: str, font: str) -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(RESULTS), 430), 72, 750)
        for text in ITEMS:
            column(canvas, [bullet], 90, y, font)
            y = column(canvas, wrapped(text, 300), 108, y)
        column(canvas, wrapped(whole(INTRODUCTION), 430), 72, y)

    expected = [whole(RESULTS), *(f"- {text}" for text in ITEMS), whole(INTRODUCTION)]
    assert pdf.read(made(draw)).text.split("\n\n") == expected


def test_a_line_that_hangs_goes_on_with_the_sentence_above_it() -> None:
    entries = [
        "ADA EXAMPLE, for the board, who came to the hearing with the clerk of the town of Los Example and with him.",
        "BEN SAMPLE, for the ferry company, which had asked for leave to drop the late crossing of the Upper Sound.",
    ]

    def draw(canvas: Canvas) -> None:
        y = 700.0
        for entry in entries:
            first, *rest = wrapped(entry, 210)
            y = column(canvas, rest, 100, column(canvas, [first], 72, y))

    assert " ".join(pdf.read(made(draw)).text.split()) == " ".join(entries)


def test_a_dash_and_a_word_of_one_letter_at_the_beginning_of_a_line_are_text() -> None:
    lines = [
        "The owls of the valley hunt by night",
        "– and only then – for the mice that",
        "a farmer, or his son, has not yet seen.",
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        column(canvas, lines, 72, 700)

    assert pdf.read(made(draw)).text == " ".join(lines)


def test_a_bullet_without_a_space_after_it_is_one() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        canvas.drawString(72, 700, "In a jail some things are prohibited:")
        canvas.drawString(72, 688, "\u2022Creating nodes of devices is prohibited.")

    assert "- Creating nodes of devices is prohibited." in pdf.read(made(draw)).text


def test_a_rule_that_is_drawn_with_characters_is_no_text() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, ["____________________", *wrapped(INTRODUCTION, 420)], 72, 700)

    assert pdf.read(made(draw)).text == whole(INTRODUCTION)


def slides(canvas: Canvas, rows: list[tuple[float, str]]) -> None:
    """A slide of lines, each at its x, and three with other lines."""
    canvas.setPageSize((720, 405))
    others = [[(40.0, f"{what} of the {where}") for what in ("Owls", "Mice")] for where in ("north", "south", "west")]
    for slide in (rows, *others):
        for row, (x, line) in enumerate(slide):
            column(canvas, [line], x, 340 - 34 * row, size=26)
        canvas.showPage()


def test_a_dash_below_the_text_of_an_item_begins_the_next() -> None:
    rows = [(40, "– Keepers of barn owls in"), (64, "the northern valley"), (40, "– 2020 counts of mice")]
    text = pdf.read(made(lambda canvas: slides(canvas, rows))).text
    assert text.split("\n\n")[:2] == ["- Keepers of barn owls in the northern valley", "- 2020 counts of mice"]


def test_items_of_slides_without_marks_begin_where_those_that_go_on_do() -> None:
    rows = [
        (40, "Owls hear their prey in the grass"),
        (70, "New traps tell us how many mice"),
        (100, "live in both valleys at night"),
        (70, "Mice are counted once a year"),
        (70, "Barns stay open for the owls"),
        (40, "Noise makes all of it harder"),
    ]
    text = pdf.read(made(lambda canvas: slides(canvas, rows))).text
    expected = [rows[0][1], f"{rows[1][1]} {rows[2][1]}", *(line for _, line in rows[3:])]
    assert [block.lstrip("#- ") for block in text.split("\n\n")][:5] == expected


def test_centred_lines_of_slides_stay_together() -> None:
    lines = ["The keepers of barn owls do not", "need any of the traps", "that Ada Example has made for them"]
    rows = [(360 - stringWidth(line, BODY, 26) / 2, line) for line in lines]
    assert " ".join(lines) in pdf.read(made(lambda canvas: slides(canvas, rows))).text


def test_a_small_letter_left_of_the_line_above_goes_on() -> None:
    rows = [(90, "The keepers of barn owls do not"), (40, "need any of the traps in the valley")]
    assert " ".join(line for _, line in rows) in pdf.read(made(lambda canvas: slides(canvas, rows))).text


def test_the_last_word_of_an_item_of_a_slide_stays_with_it() -> None:
    rows = [(40, "• Do not give the owls a name"), (53, "because we think they are"), (53, "wonderful.")]
    text = pdf.read(made(lambda canvas: slides(canvas, rows))).text
    assert text.startswith("- Do not give the owls a name because we think they are wonderful.")
