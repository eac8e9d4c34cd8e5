"""Notes and numbers in the margin of a PDF's page, beside its text."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, METHODS, PITCH, column, made, whole, wrapped


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
