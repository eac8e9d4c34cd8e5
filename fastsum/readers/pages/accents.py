"""Accents that a PDF draws as signs of their own, over or under a letter: TeX's ˆı is î, wherever in the file it is."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage
    from pypdfium2.raw import FPDF_TEXTPAGE

_COMBINING = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¨": "\u0308",
    "¯": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˛": "\u0328",
}
_DOTLESS = {"ı": "i", "ȷ": "j"}
_SAME_LINE = 0.5  # of the height: an accent overlaps its letter so far; that of a capital is raised
_NO_GAP = 0.1  # of the height: letters so close are of one word
_BAND = 8.0  # points


def accented_letters(page: PdfTextPage) -> tuple[dict[int, str], set[int]]:
    """The letters of a page that an accent belongs to, with it, and the places of those accents and of the spaces that
    PDFium puts beside them."""
    from pypdfium2 import raw

    if _COMBINING.keys().isdisjoint(page.get_text_range()):
        return {}, set()
    handle, box = page.raw, raw.FS_RECTF()
    letters: dict[int, list[tuple[int, str, float, float, float, float]]] = defaultdict(list)
    signs = []
    count = raw.FPDFText_CountChars(handle)
    for index in range(count):
        char = chr(raw.FPDFText_GetUnicode(handle, index))
        if (char in _COMBINING or char.isalpha()) and raw.FPDFText_GetLooseCharBox(handle, index, box):
            found = index, char, box.left, box.bottom, box.right, box.top
            if char in _COMBINING:
                signs.append(found)
            else:
                letters[round(box.bottom / _BAND)].append(found)
    changed: dict[int, str] = {}
    left_out: set[int] = set()
    for place, sign, left, bottom, right, top in signs:
        middle, band = (left + right) / 2, round(bottom / _BAND)
        best, most = None, _SAME_LINE
        for index, letter, x0, y0, x1, y1 in (near for at in (band - 1, band, band + 1) for near in letters[at]):
            shared = (min(top, y1) - max(bottom, y0)) / max(min(top - bottom, y1 - y0), 0.1)
            if x0 <= middle <= x1 and shared > most and index not in changed:
                written = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + _COMBINING[sign])
                if len(written) == 1:
                    best, most = (index, written), shared
        if best is not None:
            changed[best[0]] = best[1]
            left_out.add(place)
    for place in sorted(left_out):
        around = (range(place - 1, -1, -1), range(place + 1, count))
        before, after = (
            next((at for at in way if not _is_space(handle, at) and at not in left_out), None) for way in around
        )
        if before is None or after is None or not _is_one_word(handle, before, after):
            continue
        left_out.update(at for at in range(before + 1, after) if _is_space(handle, at))
    return changed, left_out


def _is_space(handle: FPDF_TEXTPAGE, place: int) -> bool:
    """Whether PDFium put a space there by itself, as it does around an accent that stands apart in the file."""
    from pypdfium2 import raw

    return raw.FPDFText_IsGenerated(handle, place) == 1 and raw.FPDFText_GetUnicode(handle, place) == ord(" ")


def _is_one_word(handle: FPDF_TEXTPAGE, before: int, after: int) -> bool:
    from pypdfium2 import raw

    one, other = raw.FS_RECTF(), raw.FS_RECTF()
    if not (raw.FPDFText_GetLooseCharBox(handle, before, one) and raw.FPDFText_GetLooseCharBox(handle, after, other)):
        return False
    height = other.top - other.bottom
    return abs(other.left - one.right) < _NO_GAP * height and abs(other.bottom - one.bottom) < _SAME_LINE * height
