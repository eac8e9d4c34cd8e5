"""Lines of a PDF that end although the next word had room, and wrapped lines."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, INTRODUCTION, METHODS, PITCH, SIZE, column, made, whole, wrapped

WORDS = ["owl", "mouse", "gauge", "quay", "marsh", "brook", "field", "storm"]


def read(lines: list[str], size: float = SIZE) -> list[str]:
    """The blocks of a column with a paragraph, these lines, and another paragraph."""

    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(INTRODUCTION, 420, BODY, size), 72, 760, size=size)
        y = column(canvas, lines, 72, y - 2 * PITCH, size=size)
        column(canvas, wrapped(METHODS, 420, BODY, size), 72, y - 2 * PITCH, size=size)

    blocks = pdf.read(made(draw)).text.split("\n\n")
    assert blocks[0] == whole(INTRODUCTION)
    assert blocks[-1] == whole(METHODS)
    return blocks[1:-1]


@pytest.mark.parametrize(
    "lines",
    [
        ["Screening of the report", "Protective plan implemented", "Safety plan implemented", "Placed with relatives"],
        ["Harbour Office", "Attn: Head of Gauges", "12 Quay Street, Suite 100", "Port Marsh 20899"],
        ["human annotators", "boring tasks", "low incentives and little pay"],
        ["Owls in 2017, first edition", "Owls in 2018, next edition", "Owls in 2019, third edition"],
    ],
)
def test_items_without_bullets_are_lines_of_their_own(lines: list[str]) -> None:
    assert read(lines) == lines


def test_a_heading_in_the_print_of_the_text_is_a_line_of_its_own() -> None:
    text = wrapped("The owls of two valleys were counted, and no bird was counted twice in any of the winters.", 420)
    assert read(["Sites and owls", *text]) == ["Sites and owls", " ".join(text)]


@pytest.mark.parametrize(
    "lines",
    [
        ["The owls that were counted in the valley of the", "Upper Marsh, and the mice of the same valley, fell"],
        ["We thank the men of the valleys and of the farms,", "Ann Field, Bo Marsh, Cy Brook and all the others who"],
        ["We counted the owls and the mice of both valleys", "Upper and Lower Marsh had the same number of them."],
        ["we counted the owls of", "both valleys, and found", "as many as the year before."],
    ],
)
def test_a_sentence_goes_on_in_the_next_line(lines: list[str]) -> None:
    assert " ".join(read([*lines, "in number by a third in the three winters that we were there, and rose again."]))[
        : len(" ".join(lines))
    ] == " ".join(lines)


def test_parts_of_a_slide_are_not_one_sentence() -> None:
    parts = [
        ["show what the words mean"],
        ["turn the general shape into one that answers a", "question"],
        ["give the value to the next"],
    ]

    def draw(canvas: Canvas) -> None:
        y = 700.0
        for _ in range(2):
            for part in parts:
                y = column(canvas, part, 72, y, size=20) - 2 * PITCH

    assert pdf.read(made(draw)).text.split("\n\n") == [" ".join(part) for part in parts] * 2


def test_a_dash_that_divides_a_sentence_begins_no_item() -> None:
    lines = [
        "Of course, this rule of the harbour and of its gauges",
        "— like most rules — admits of an exception, which is",
    ]
    assert read([*lines, "that of a storm."]) == [" ".join([*lines, "that of a storm."])]


def test_items_of_slides_are_further_apart_than_the_lines_of_one() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(8):
            y = 700.0
            word = WORDS[number]
            for lines in ([f"all words of the {word}"], [f"vectors of {word}"], [f"{word} and {word}"]):
                y = column(canvas, lines, 72, y, size=20) - 10
            column(canvas, ["the shape of the whole answer, and how", f"it is made of {word}"], 72, y, size=20)
            canvas.showPage()

    texts = pdf.read(made(draw)).text.split("\n\n")
    assert texts[:4] == [
        "all words of the owl",
        "vectors of owl",
        "owl and owl",
        "the shape of the whole answer, and how it is made of owl",
    ]
