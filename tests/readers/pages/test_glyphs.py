"""Words that are drawn more than once."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, SIZE, made


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.9])
def test_bold_print_made_by_drawing_twice_is_read_once(shift: float) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        for offset in (0.0, shift):
            canvas.drawString(72 + offset, 700, "The gauge of the quay stood 11 cm too low in 2000, and the committee")
            canvas.drawString(72 + offset, 688, "was told by Mississippi Otto all of it in 1122 letters.")

    expected = (
        "The gauge of the quay stood 11 cm too low in 2000, and the committee was told by Mississippi Otto all of it"
    )
    assert pdf.read(made(draw)).text == f"{expected} in 1122 letters."


def test_letters_that_are_each_drawn_twice_in_turn_are_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        x = 72.0
        for letter in "The gauge stood 1122 cm too low.":
            for offset in (0.0, 0.4):
                canvas.drawString(x + offset, 700, letter)
            x += stringWidth(letter, BODY, SIZE)

    assert pdf.read(made(draw)).text == "The gauge stood 1122 cm too low."
