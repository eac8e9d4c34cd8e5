"""Columns side by side in a PDF that are no text: tables of words and boxes, beside columns that are."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, INTRODUCTION, METHODS, PITCH, SIZE, column, made, whole, wrapped

# Project, and who pays: cells of several lines, whose rows begin at the same height.
PROJECTS = (
    (["Counts of barn owls in the valleys", "of the north (NORTH)"], ["Forest Agency of the North", "and its keepers"]),
    (["Noise of motorways and what is heard of", "mice in the grass"], ["Office for bridges"]),
    (
        ["Nests in barns and church towers", "and their pellets"],
        ["Owl Trust, together with two", "of the universities"],
    ),
    (["Mice in the fields after the harvest"], ["Council of all northern farms"]),
)


def projects(canvas: Canvas, y: float) -> float:
    for name, payer in PROJECTS:
        column(canvas, name, 60, y)
        column(canvas, payer, 330, y)
        y -= PITCH * max(len(name), len(payer)) + 4
    return y


def test_a_table_of_words_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 460), 60, 740)
        y = projects(canvas, y - 20)
        column(canvas, wrapped(whole(METHODS), 460), 60, y - 30)

    reading = pdf.read(made(draw))
    assert reading.text.split("\n\n") == [whole(INTRODUCTION), whole(METHODS)]
    letters = sum(len(line.replace(" ", "")) for row in PROJECTS for cell in row for line in cell)
    assert [tuple(entry)[:3] for entry in reading.left_out] == [("tables", 1, letters)]


def test_columns_of_text_of_equal_pitch_are_text() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(whole(INTRODUCTION), 225), 60, 740)
        column(canvas, wrapped(whole(METHODS), 225), 310, 740)

    assert pdf.read(made(draw)).text.split("\n\n") == [whole(INTRODUCTION), whole(METHODS)]


def test_a_column_without_a_stop_whose_lines_are_full_is_text() -> None:
    left = "the owls of the valley hear the mice in the grass below them at night and then " * 5
    right = "the mice of the other valley hear no owl at all when it comes down to them and so " * 5

    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(left, 225), 60, 740)
        column(canvas, wrapped(right, 225), 310, 740)
        column(canvas, wrapped(whole(METHODS), 475), 60, 500)

    text = " ".join(pdf.read(made(draw)).text.split())
    assert left.strip() in text
    assert right.strip() in text


@pytest.mark.parametrize("bullet", ["• ", "2) "])
def test_lists_side_by_side_are_text(bullet: str) -> None:
    names = [f"{bullet}{name}" for name in ("Barn owls in pairs", "Tawny owls", "Field mice of a year", "Voles")]

    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(METHODS), 460), 60, 740)
        column(canvas, names, 60, y - 20)
        column(canvas, names, 310, y - 20)

    assert pdf.read(made(draw)).text.count("Field mice of a year") == 2


def test_the_parties_of_a_lawsuit_are_text() -> None:
    def draw(canvas: Canvas) -> None:
        parties = [
            "ANNA OWL, a keeper of barn owls,",
            "Plaintiff,",
            "v.",
            "BEN MOUSE and eleven others,",
            "Defendants.",
        ]
        case = [
            "Civil Action No. 4:21-cv-0031",
            "ORDER ON THE MOTION",
            "Judge Carla Vole",
            "Filed in May",
            "Northern Valley",
        ]
        column(canvas, parties, 60, 740)
        column(canvas, case, 330, 740)
        column(canvas, wrapped(whole(METHODS), 460), 60, 640)

    text = pdf.read(made(draw)).text
    assert "ANNA OWL, a keeper" in text
    assert "4:21-cv-0031" in text


def test_a_document_of_little_else_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        projects(canvas, 740)

    text = pdf.read(made(draw)).text
    for name, payer in PROJECTS:
        assert all(line in text for line in (*name, *payer))


def rows(canvas: Canvas, y: float, cells: list[tuple[str, list[str]]]) -> float:
    """Rows of a narrow table: a name, and lines that a wide gap parts from it."""
    for name, lines in cells:
        canvas.setFont(BODY, SIZE)
        canvas.drawString(60, y, name)
        y = column(canvas, lines, 150, y)
    return y


ADDRESSES = [
    ("Northern valley", ["Owl Office", "2020 Barn Parkway, Suite 100", "Mousetown 17050"]),
    ("Southern valley", ["Harvest and Sons, Inc.", "P.O. Box 4503", "Grassville 32232"]),
    ("Upper valley", ["Tower Trust", "12 Church Road", "Voleham 60178"]),
]


def test_lines_that_cells_go_on_in_are_left_out_with_their_table() -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 460), 60, 740)
        y = rows(canvas, y - 20, ADDRESSES)
        column(canvas, wrapped(whole(METHODS), 460), 60, y - 20)

    reading = pdf.read(made(draw))
    assert reading.text.split("\n\n") == [whole(INTRODUCTION), whole(METHODS)]
    assert [(entry.what, entry.number) for entry in reading.left_out] == [("tables", 1)]


def test_sentences_beside_names_are_text() -> None:
    """Two words may stand alone in a row; what is explained beside them in sentences is the text."""
    told = wrapped(whole(METHODS), 300)

    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 460), 60, 740)
        rows(canvas, y - 20, [("Methods", told)])

    assert "One valley has a motorway, and the other has only farm tracks." in pdf.read(made(draw)).text


def test_the_source_of_a_table_is_no_sentence() -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 460), 60, 740)
        column(canvas, ["Sources: for owls, Barn Bank, 1997; for mice, the Harvest Report, 1998"], 60, y - 20)

    assert pdf.read(made(draw)).text == whole(INTRODUCTION)


def test_labels_in_small_letters_are_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 460), 60, 740)
        column(canvas, ["Mice that are caught in an hour, by distance from the motorway"], 150, y - 20, size=6)
        column(canvas, wrapped(whole(METHODS), 460), 60, y - 60)

    reading = pdf.read(made(draw))
    assert reading.text.split("\n\n") == [whole(INTRODUCTION), whole(METHODS)]
    assert [(entry.what, entry.number) for entry in reading.left_out] == [("labels", 1)]


def test_small_print_in_sentences_is_text() -> None:
    notice = "The keepers of the owls have no part in the company that builds the motorway."

    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 460), 60, 740)
        column(canvas, [notice], 60, y - 20, size=7)
        column(canvas, wrapped(whole(METHODS), 460), 60, y - 60)

    assert notice in pdf.read(made(draw)).text


def test_leaders_of_two_dots_beside_others_are_leaders() -> None:
    names = [
        "2.1 Owls . . . . . . . . . . . . . . 7",
        "2.2 Do not be a keeper of any mice . .",
        "2.3 Mice . . . . . . . . 9",
    ]

    def draw(canvas: Canvas) -> None:
        y = column(canvas, names, 60, 740)
        column(canvas, wrapped(whole(METHODS), 460), 60, y - 20)

    assert pdf.read(made(draw)).text == whole(METHODS)


def test_the_texts_of_slides_are_not_joined() -> None:
    """They begin in small letters and end without a stop, on one slide as on the next."""
    slides = [
        ["count the owls in every valley", "good barns make better owls"],
        ["help the keeper with a list", "what is hard for owls is easy for mice"],
        ["do not ask for what is known", "take the valley with most owls"],
        ["count again in the next year", "tell what has been found out"],
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setPageSize((720, 405))
        for slide in slides:
            column(canvas, [slide[0]], 60, 300, size=30)
            column(canvas, [slide[1]], 60, 120, size=30)
            canvas.showPage()

    assert stringWidth(slides[1][1], BODY, 30) < 600
    assert pdf.read(made(draw)).text.split("\n\n") == [text for slide in slides for text in slide]


def test_a_row_with_a_long_cell_is_one_of_its_table() -> None:
    """The longest has more words than the rows of tables have, and no stop; a sentence in its place is text."""
    long = "Plans of the barns, with all doors and windows (and a list of what the owls of the valley can use)"
    names = ["Counts of mice", long, "Maps of the valley", "Rules for keepers"]

    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 460), 60, 740) - 20
        for number, name in enumerate(names, 1):
            column(canvas, [str(number)], 60, y)
            y = column(canvas, [name], 84, y)
        column(canvas, wrapped(whole(METHODS), 460), 60, y - 20)

    assert pdf.read(made(draw)).text.split("\n\n") == [whole(INTRODUCTION), whole(METHODS)]
