"""The fields of a PDF's form: what has been filled in is text of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.pages.words import Word, commonest

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_ONE_LINE = 2.5  # of the size: a higher field can hold several lines


class _Place(NamedTuple):
    """The rectangle of a field, in points from the left and from the bottom of the page."""

    left: float
    bottom: float
    right: float
    top: float


def field_places(page: PdfPage) -> list[_Place]:
    """Where the fields of a page are."""
    from pypdfium2 import raw

    places = []
    box = raw.FS_RECTF()
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET and raw.FPDFAnnot_GetRect(annotation, box):
                places.append(_Place(box.left, box.bottom, box.right, box.top))
            raw.FPDFPage_CloseAnnot(annotation)
    return places


def as_text(words: list[Word], places: list[_Place]) -> list[Word]:
    """The words of a page with those in fields as part of its text: in its size and weight, on the label's baseline."""
    within = {
        id(word): place
        for word in words
        for place in places
        if place.left <= word.x0 < place.right and place.bottom <= word.y < place.top
    }
    rest = [word for word in words if id(word) not in within]
    size = commonest(((word.size, len(word.text)) for word in rest), 0.0)
    if not size:
        return words
    weight = commonest(((word.weight, len(word.text)) for word in rest), 0)
    text = []
    for word in words:
        place = within.get(id(word))
        if place is not None:
            beside = [label.y for label in rest if place.bottom <= label.y < place.top]
            one_line = place.top - place.bottom < _ONE_LINE * size
            word = word._replace(y=beside[-1] if beside and one_line else word.y, size=size, weight=weight)
        text.append(word)
    return text
