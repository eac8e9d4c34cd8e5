"""Accents that a PDF draws as signs of their own."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import BODY, SIZE, made

_ACCENTED = {"é": ("e", "´"), "ü": ("u", "¨"), "ê": ("e", "ˆ")}


@pytest.mark.parametrize("order", ["before", "after", "last"])
def test_an_accent_belongs_to_the_letter_it_stands_over(order: str) -> None:
    """TeX draws accents before their letter, others after it, and some once the line is done."""
    text = "Ana Pérez of México met the Agência and André Müller, who isn´t sure, at 9."

    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        x = 72.0
        later = []
        for char in text:
            letter, sign = _ACCENTED.get(char, (char, ""))
            width = stringWidth(letter, BODY, SIZE)
            drawn = [(x, letter)]
            if sign:
                accent = x + (width - stringWidth(sign, BODY, SIZE)) / 2, sign
                (later if order == "last" else drawn).append(accent)
            for place, part in reversed(drawn) if order == "before" else drawn:
                canvas.drawString(place, 700, part)
            x += width
        for place, part in later:
            canvas.drawString(place, 700, part)

    assert pdf.read(made(draw)).text == text
