"""What has been filled in in a PDF's form."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from tests.readers.test_pdf import METHODS, column, made, whole, wrapped


@pytest.mark.parametrize("size", [7, 10, 16])
def test_what_a_form_holds_is_text_in_its_place(size: int) -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(METHODS), 430), 72, 750) - 40
        column(canvas, ["Finding:"], 72, y + 5)
        value = "The northern pier has a crack and must be closed."
        canvas.acroForm.textfield(name="finding", value=value, x=120, y=y, width=400, height=20, fontSize=size)
        column(canvas, ["The end of the report is signed by the inspector."], 72, y - 60)

    text = pdf.read(made(draw)).text
    assert "The northern pier has a crack and must be closed." in text
    assert text.index("Finding:") < text.index("northern pier")
    assert text.index("northern pier") < text.index("The end of the report")
