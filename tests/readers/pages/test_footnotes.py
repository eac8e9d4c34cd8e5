"""Footnotes of PDFs that are as large as the text, below a rule of dashes, or above a table."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from fastsum.readers.blocks import Reading
from tests.readers.test_pdf import BODY, INTRODUCTION, PITCH, SIZE, column, made, whole, wrapped

NOTE = "The gauge was read by the keeper of the harbour, and in his absence by another man whom nobody knows."


def noted(canvas: Canvas, y: float, size: float) -> float:
    """A footnote with a raised number before it."""
    canvas.setFont(BODY, 0.6 * size)
    canvas.drawString(72, y + 0.35 * size, "1")
    return column(canvas, wrapped(NOTE, 400, size=size), 76, y, size=size)


def read(size: float, rule: bool, below: bool) -> Reading:
    lines = wrapped(INTRODUCTION, 220)

    def draw(canvas: Canvas) -> None:
        y = column(canvas, lines[:8], 72, 320)
        if rule:
            y = column(canvas, ["——————"], 72, y, size=9)
        y = noted(canvas, y - (0 if rule else 2 * PITCH), size)
        if below:
            column(canvas, ["Counts of all the owls by year"], 72, y - 2 * PITCH)
        canvas.showPage()
        column(canvas, lines[8:], 72, 320)

    return pdf.read(made(draw))


@pytest.mark.parametrize(("size", "rule", "below"), [(SIZE, False, False), (9, True, False), (7, False, True)])
def test_footnotes_are_left_out_and_the_sentence_goes_on(size: float, rule: bool, below: bool) -> None:
    reading = read(size, rule, below)
    assert reading.text.replace("Counts of all the owls by year", "").split() == whole(INTRODUCTION).split()
    assert [entry.what for entry in reading.left_out] == ["footnotes"]
    assert reading.left_out[0].letters >= len(NOTE.replace(" ", ""))


def test_a_sentence_goes_on_with_a_number_in_the_next_column() -> None:
    left = ["\u2022 Approximately 56.7 million", "   people (18.7 percent) of the"]
    right = ["303.9 million in the civilian", "population were counted twice."]

    def draw(canvas: Canvas) -> None:
        lines = wrapped(INTRODUCTION, 150)
        y = column(canvas, left, 72, column(canvas, lines, 72, 700))
        column(canvas, ["Table 1."], 72, y - 4 * PITCH)
        column(canvas, wrapped(INTRODUCTION, 150), 300, column(canvas, right, 300, 700))

    expected = "Approximately 56.7 million people (18.7 percent) of the 303.9 million in the civilian population were"
    assert expected in pdf.read(made(draw)).text
