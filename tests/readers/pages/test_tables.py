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
