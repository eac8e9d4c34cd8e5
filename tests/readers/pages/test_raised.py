"""Raised numbers that stand apart in the file: fractions, powers and marks of notes."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, PITCH, SIZE, made

REST = "That is all there is to say of the nuts, which are made of steel."


def drawn(canvas: Canvas, parts: list[tuple[str, bool]], y: float) -> None:
    """A line of which the raised parts are written after the others, as signs of their own."""
    x = 72.0
    places = []
    for part, raised in parts:
        size = 0.55 * SIZE if raised else SIZE
        places.append((x, y + 0.32 * SIZE * raised, part, size))
        x += stringWidth(part, BODY, size)
    for place in sorted(places, key=lambda place: -place[3]):
        canvas.setFont(BODY, place[3])
        canvas.drawString(*place[:3])


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("They are up to ", False), ("3", True), ("/4 inch wide.", False)], "They are up to 3/4 inch wide."),
        ([("They are 1 ", False), ("3", True), ("/4 inch wide.", False)], "They are 1 3/4 inch wide."),
        ([("Take exp(x", False), ("2", True), (") of it.", False)], "Take exp(x2 ) of it."),
        ([("A grid of 1536", False), ("3", True), (" cells is used.", False)], "A grid of 1536^3 cells is used."),
        ([("It was sold in 1836", False), ("3", True), (" and lost.", False)], "It was sold in 1836 and lost."),
        ([("It holds for a ring", False), ("3", True), (" of nuts.", False)], "It holds for a ring of nuts."),
    ],
)
def test_raised_numbers_that_stand_apart(parts: list[tuple[str, bool]], expected: str, first: bool) -> None:
    def draw(canvas: Canvas) -> None:
        drawn(canvas, parts, 700)
        canvas.setFont(BODY, SIZE)
        canvas.drawString(72, 700 - PITCH if first else 700 + PITCH, REST)

    lines = [expected, REST]
    assert pdf.read(made(draw)).text.split() == " ".join(lines if first else lines[::-1]).split()
