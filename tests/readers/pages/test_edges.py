"""Notes and numbers in the margin of a PDF's page, beside its text."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, INTRODUCTION, METHODS, PITCH, RESULTS, column, made, whole, wrapped


@pytest.mark.parametrize("x", [20, 400])
@pytest.mark.parametrize("size", [8.0, 14.0])
def test_a_note_in_the_margin_is_not_mixed_with_the_lines_beside_it(x: float, size: float) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(whole(METHODS), 260), 120, 700)
        column(canvas, ["Owls and", "their way", "of life"], x, 695, size=size)

    reading = pdf.read(made(draw))
    assert reading.text == whole(METHODS)
    assert [entry.what for entry in reading.left_out] == ["notes in the margin"]


def test_a_sentence_in_the_margin_follows_the_text_of_its_page() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(whole(METHODS), 260), 120, 700)
        column(
            canvas, wrapped("The farm tracks have been closed to all traffic since.", 70, size=8.0), 420, 690, size=8.0
        )

    expected = [whole(METHODS), "The farm tracks have been closed to all traffic since."]
    assert pdf.read(made(draw)).text.split("\n\n") == expected


def test_a_page_number_beside_the_text_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        lines = wrapped(whole(METHODS), 300)
        column(canvas, lines, 72, 700)
        canvas.drawString(430, 700 - 4 * PITCH, "163")

    assert pdf.read(made(draw)).text == whole(METHODS)


def test_numbers_that_hang_out_of_the_text_stay_with_their_paragraphs() -> None:
    first, second = (f"{text} {whole(METHODS)}" for text in ("Owls hunt.", "Mice hide."))

    def draw(canvas: Canvas) -> None:
        y = 700.0
        for number, text in ((12, first), (13, second)):
            canvas.setFont(BODY, 10)
            canvas.drawString(72, y, f"{number}.")
            y = column(canvas, wrapped(text, 380), 96, y)

    assert pdf.read(made(draw)).text.split("\n\n") == [f"12. {first}", f"13. {second}"]


def test_a_slide_that_is_built_up_step_by_step_is_not_taken_for_running_heads() -> None:
    points = ["Owls hunt at night over rough grass.", "Mice hide in the margins of it.", "Grass is cut once a year."]

    def draw(canvas: Canvas) -> None:
        for slide in range(2):
            for shown in range(1, 4):
                canvas.setFont(BODY, 8)
                canvas.drawString(60, 800, "A survey of valleys")
                column(canvas, [f"Findings {'in winter' if slide else 'in spring'}"], 60, 740, size=24.0)
                column(canvas, [f"{1 + slide}. {point}" for point in points[:shown]], 60, 690, size=14.0)
                canvas.showPage()

    text = pdf.read(made(draw)).text
    assert "survey" not in text
    assert all(f"{number}. {point}" in text for number in (1, 2) for point in points)


def test_the_repeated_title_of_slides_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(7):
            title = "About the owls" if number in (2, 3) else f"Part {'ABCDEFG'[number]} of the survey"
            column(canvas, [title], 60, 740, size=24.0)
            column(canvas, wrapped(whole((METHODS, INTRODUCTION)[number % 2]), 400), 60, 690)
            canvas.showPage()

    assert pdf.read(made(draw)).text.count("About the owls") == 1


@pytest.mark.parametrize(
    ("pages", "heads"),
    [
        (2, ["", "2 A. Field et al."]),
        (2, ["A Study of Owls 17", "18 A. Field et al."]),
        (1, ["Case 4:08-cv-0221 Document 27 Filed 02/03/09 Page 1 of 2"]),
        (3, ["Preface xi", "xii Preface", "Preface xiii"]),
    ],
)
def test_a_running_head_with_the_number_of_its_page_is_left_out(pages: int, heads: list[str]) -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(pages):
            canvas.setFont(BODY, 9)
            canvas.drawString(60, 800, heads[number])
            column(canvas, wrapped(whole((INTRODUCTION, METHODS, RESULTS)[number]), 400), 60, 760)
            canvas.showPage()

    expected = [whole(text) for text in (INTRODUCTION, METHODS, RESULTS)[:pages]]
    assert pdf.read(made(draw)).text.split("\n\n") == expected


def test_a_number_set_apart_in_small_print_makes_a_head_of_a_single_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, 8)
        canvas.drawString(60, 800, "454")
        canvas.drawString(180, 800, "A. Field, B. Marsh / Night Birds 22 (2019) 451-457")
        column(canvas, wrapped(whole(METHODS), 400), 60, 760)

    assert pdf.read(made(draw)).text == whole(METHODS)


def test_a_numbered_heading_at_the_top_of_a_page_is_kept() -> None:
    def draw(canvas: Canvas) -> None:
        for number, (heading, text) in enumerate((("Introduction", INTRODUCTION), ("Methods", METHODS)), start=1):
            column(canvas, [f"{number} {heading}"], 60, 760, "Times-Bold", 12.0)
            column(canvas, wrapped(whole(text), 400), 60, 730)
            canvas.showPage()

    assert "# 1 Introduction" in pdf.read(made(draw)).text
    assert "# 2 Methods" in pdf.read(made(draw)).text


def test_a_page_with_nothing_but_a_stamp_is_one_without_text() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 4):
            canvas.setFont(BODY, 9)
            canvas.drawString(60, 800, f"Case 4:08-cv-0221 Document 27 Filed 02/03/09 Page {number} of 3")
            if number == 1:
                column(canvas, wrapped(whole(METHODS), 400), 60, 760)
            canvas.showPage()

    reading = pdf.read(made(draw))
    assert reading.text == whole(METHODS)
    assert reading.warnings == ("has no text on pages 2, 3: blank, or an image.",)


def test_a_title_that_is_the_head_of_the_other_pages_is_kept() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(5):
            canvas.setFont(BODY, 20 if number == 0 else 9)
            canvas.drawString(60, 800 if number else 770, "On owls and their mice")
            column(canvas, wrapped(whole((METHODS, INTRODUCTION)[number % 2]), 400), 60, 730)
            canvas.showPage()

    text = pdf.read(made(draw)).text
    assert text.startswith("# On owls and their mice")
    assert text.count("On owls") == 1
