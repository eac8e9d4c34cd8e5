"""The fields of a PDF's form: what has been filled in is text of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.words import Word, commonest

if TYPE_CHECKING:
    from pypdfium2 import PdfPage


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
    """The words of a page with those in fields in the size and weight of the others: they are no notes or headings."""

    def is_filled_in(word: Word) -> bool:
        return any(place.left <= word.x0 < place.right and place.bottom <= word.y < place.top for place in places)

    filled = {id(word) for word in words if is_filled_in(word)}
    rest = [word for word in words if id(word) not in filled]
    size = commonest(((word.size, len(word.text)) for word in rest), 0.0)
    weight = commonest(((word.weight, len(word.text)) for word in rest), 0)
    return [word._replace(size=size, weight=weight) if size and id(word) in filled else word for word in words]
