"""The words of a PDF's page from PDFium's characters: each once, in one direction, with what its font says of it."""

from __future__ import annotations

import ctypes
import math
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.blocks import Omissions
from fastsum.readers.pages.accents import accented_letters
from fastsum.readers.pages.direction import is_right_to_left, turned_words
from fastsum.readers.pages.encodings import LIGATURES, PI_SIGNS, Letters, is_pi, sign_of
from fastsum.readers.pages.raised import is_isotope, is_numerator, is_raised_note, raised
from fastsum.readers.pages.words import Word, commonest

if TYPE_CHECKING:
    from pypdfium2 import PdfPage
    from pypdfium2.raw import FS_RECTF

_GAPS = frozenset((0, 9, 10, 13, 32, 0xA0))
_CHARACTERS = (
    dict.fromkeys((0x02, 0xFFFE, 0xAD, 0x2010), "-")  # PDFium uses the first two for a hyphen at the end of a line
    | dict.fromkeys((0xF0B7, 0xF0A7, 0xF06E, 0xF0D8, 0xF0FC, 0xF076, 0xF071, 0xF075, 0xF0A8, 0xF0E0), "•")
    | dict(zip(range(0xF8EB, 0xF8FF), "((([[[{{{{|)))]]]}}}", strict=True))  # pieces of large brackets, in Symbol
    | dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
)
# A file saved by macOS has U+21B5 for what TeX's fonts have at 11, and 0 for its widest ligatures.
_ELEVEN = 0x21B5
_AT_ELEVEN = ((re.compile(r"(?:\A|\+)CM(?:R|B|TI|SL|SS)"), "ff"), (re.compile(r"(?:\A|\+)CMMI"), "α"))
_UNNAMED_WIDTH = 0.6  # of the height: more than a space has
_RIGHT_TO_LEFT = 0x590  # the first of the codes of Hebrew and Arabic
_BOLD_NAME = re.compile(r"bold|black|heavy|demi|cmbx|medi(?!um)", re.IGNORECASE)
_ITALIC_NAME = re.compile(r"ital|obli|slant|cmti|cmsl", re.IGNORECASE)
_BOLD = 700
_NAME_BYTES = 128

_SLANT = 0.1  # quarter turns: what is turned by more, and less than a quarter, is a stamp (DRAFT)
_SLANTED = 4  # in place of the number of its quarter turns

_WORD_GAP = 0.19  # of the height of a character: the narrowest space in a line
_OVERLAP = 0.4  # of the height: a raised or lowered character with this overlap belongs to its word
_EXPONENT = re.compile(r"[-–−+]\d+")
_SHIFT = 0.05  # of the height: the smallest change of baseline or size that counts
_TWICE = 0.12  # of the size: the same letters this close are bold print, made by drawing them again
_UNSCALED = 0.05  # of the height: a smaller size is that of a Type 3 font, whose own scale PDFium does not give
_OF_HEIGHT = 0.7  # the size that such a font is taken to have
_NARROW = 0.36  # of the size, for each character: letters of one word would overlap


class _Run(NamedTuple):
    """Characters of one word in one size and on one baseline."""

    text: list[str]
    y: float
    size: float


def words_of_page(page: PdfPage, number: int, omissions: Omissions) -> list[Word]:
    """The words of a page in the order of its content, without labels of axes and stamps in the margin.

    What is turned against most of the page is added to `omissions`.

    Coordinates are in points, with the text turned upright: x from the left (from the right where most of the text
    runs from right to left), y from the bottom.
    """
    after_gap: set[int] = set()
    found = _words(page, number, after_gap)
    usual = commonest(((quarter, len(word.text)) for quarter, word in found), 0)
    kept = [(index, word) for index, (quarter, word) in enumerate(found) if quarter == usual]
    if len(kept) < len(found):
        omissions.add("turned text", " ".join(word.text for quarter, word in found if quarter != usual))
    words = [word for _, word in kept]
    if any(word.text >= "\u0590" and is_right_to_left(word.text) for word in words):
        words = turned_words(words, {place for place, (index, _) in enumerate(kept) if index in after_gap})
    return _each_once(words)


def _words(page: PdfPage, number: int, after_gap: set[int]) -> list[tuple[int, Word]]:
    """The words of a page, each with the number of quarter turns that it is rotated by, or _SLANTED.

    Each letter of a script that runs from right to left is a word of its own. The indices of words that a space
    precedes are added to `after_gap`.
    """
    from pypdfium2 import raw

    text_page = page.get_textpage()
    handle = text_page.raw
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    origin = ctypes.c_double(), ctypes.c_double()
    name = ctypes.create_string_buffer(_NAME_BYTES)
    runs: list[_Run] = []
    found: list[tuple[int, list[_Run], float, float, int, bool, str]] = []
    letters = Letters()
    is_slanted = pi = False
    quarter, font, weight, code = 0, "", 0, 0
    x0 = last = x1 = bottom = top = run_bottom = run_top = 0.0

    def end_word() -> None:
        bold = _BOLD if _BOLD_NAME.search(font) else weight
        found.append(
            (
                _SLANTED if is_slanted else quarter,
                runs,
                x0,
                max(x0, x1),
                bold,
                _ITALIC_NAME.search(font) is not None,
                font,
            )
        )

    def font_of(place: int) -> str:
        raw.FPDFText_GetFontInfo(handle, place, name, _NAME_BYTES, None)
        return name.value.decode("latin-1")

    shown = raw.FS_RECTF()
    is_cut = (
        bool(raw.FPDF_GetPageBoundingBox(page.raw, shown)) and shown.right > shown.left and shown.top > shown.bottom
    )
    accented, left_out = accented_letters(text_page)
    for index in range(raw.FPDFText_CountChars(handle)):
        if index in left_out:
            continue
        before, code = code, raw.FPDFText_GetUnicode(handle, index)
        has_box = raw.FPDFText_GetLooseCharBox(handle, index, box)
        if code == 0 and has_box and runs and box.right - box.left > _UNNAMED_WIDTH * (box.top - box.bottom):
            code = 0xFFFD
        if code in _GAPS or not has_box or (is_cut and not _is_shown(box, shown)):
            if runs:
                end_word()
                runs = []
            after_gap.add(len(found))
            continue
        rectangle = _turned(quarter, box.left, box.bottom, box.right, box.top)
        height = min(top - bottom, rectangle[3] - rectangle[1])
        if runs and (
            (code >= _RIGHT_TO_LEFT and is_right_to_left(chr(code)))
            or (before >= _RIGHT_TO_LEFT and is_right_to_left(chr(before)))
            or not (
                last - _WORD_GAP * height < rectangle[0] < x1 + _WORD_GAP * height
                and min(top, rectangle[3]) - max(bottom, rectangle[1]) >= _OVERLAP * height
            )
        ):
            end_word()
            runs = []
        if not runs:
            turns = raw.FPDFText_GetCharAngle(handle, index) / (math.pi / 2)
            quarter = -round(turns) % 4  # PDFium counts clockwise
            is_slanted = abs(turns - round(turns)) > _SLANT
            rectangle = _turned(quarter, box.left, box.bottom, box.right, box.top)
            font = font_of(index)
            pi = pi or is_pi(font)
            weight = raw.FPDFText_GetFontWeight(handle, index)
            x0 = rectangle[0]
        if not runs or max(abs(rectangle[1] - run_bottom), abs(rectangle[3] - run_top)) > _SHIFT * height:
            raw.FPDFText_GetMatrix(handle, index, matrix)
            raw.FPDFText_GetCharOrigin(handle, index, *origin)
            size = raw.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.c, matrix.d)
            baseline = _turned(quarter, origin[0].value, origin[1].value, origin[0].value, origin[1].value)[1]
            tall = rectangle[3] - rectangle[1]
            runs.append(_Run([], baseline, size if size > _UNSCALED * tall else _OF_HEIGHT * tall))
            run_bottom, run_top = rectangle[1], rectangle[3]
        is_part = rectangle[0] == last  # of a ligature, whose letters PDFium gives in one place
        last, bottom, x1, top = rectangle
        char = _CHARACTERS.get(code) or accented.get(index) or chr(code)
        if code == _ELEVEN:
            named = font_of(index)
            char = next((shown for fonts, shown in _AT_ELEVEN if fonts.search(named)), char)
        elif pi and code in PI_SIGNS and top > bottom:
            char = sign_of(code, (x1 - last) / (top - bottom), before, partial(font_of, index)) or char
        runs[-1].text.append(char)
        if is_part:
            letters.drop(runs[-1].text)
        elif code in LIGATURES and top > bottom:
            letters.add(code, font, (x1 - last) / (top - bottom), runs[-1].text, index)
    if runs:
        end_word()
    letters.spell_ligatures(font_of)
    text_page.close()
    return [
        (turn, _word(parts, left, right, bold, italic, number, named))
        for turn, parts, left, right, bold, italic, named in found
    ]


def _is_shown(box: FS_RECTF, page: FS_RECTF) -> bool:
    """Whether a character is on the page, and not beside it, as the other half of a page that was cut in two."""
    return page.left < box.right and box.left < page.right and page.bottom < box.top and box.bottom < page.top


def _turned(quarter: int, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
    """A box (left, bottom, right, top) turned back by a number of quarter turns."""
    if quarter == 0:
        return left, bottom, right, top
    if quarter == 1:
        return bottom, -right, top, -left
    if quarter == 2:
        return -right, -top, -left, -bottom
    return -top, left, -bottom, right


def _word(runs: list[_Run], x0: float, x1: float, weight: int, italic: bool, page: int, font: str) -> Word:
    """The word of some runs, without raised numbers and signs that point to notes."""
    main = max(runs, key=lambda run: (run.size, len(run.text)))
    rest = [run for run in runs if run is not main]
    if (
        main is runs[0]
        and len(main.text) == 1
        and main.text[0].isalpha()
        and sum(char.isalpha() for run in rest for char in run.text) > 1
        and min(run.y for run in rest) - main.y > _OVERLAP * rest[0].size
    ):
        main = max(rest, key=lambda run: (len(run.text), run.size))  # an initial, as tall as several lines
    text = ""
    marked = False
    for index, run in enumerate(runs):
        part = "".join(run.text)
        if is_raised_note(part, run.y, run.size, main.y, main.size):
            if is_numerator(part, "".join(char for below in runs[index + 1 :] for char in below.text)):
                text += f" {part}" if text[-1:].isdigit() else part
                continue
            if not text:
                if is_isotope(part, "".join(main.text)):
                    text = part
                else:
                    marked = True
                continue
            part = raised(part, text) or ""
        elif (
            text[-1:].isdigit()
            and run.size < main.size
            and _EXPONENT.fullmatch(part)
            and run.y > main.y + _SHIFT * main.size
        ):
            part = f"^{part}"
        text += part
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # PDFium returns surrogates one by one
    return Word(text, x0, x1, main.y, main.size, weight, italic, page, marked, font)


def _each_once(words: list[Word]) -> list[Word]:
    """The words without those that are drawn a second time in nearly the same place, as in bold print or a shadow.

    Where each letter is drawn twice in turn, the word has half of them.
    """
    places: set[tuple[str, float, int, int]] = set()
    kept = []
    for word in words:
        text = word.text
        if len(text) > 3 and text[::2] == text[1::2] and word.x1 - word.x0 < _NARROW * word.size * len(text):
            word = word._replace(text=text[::2])
        text, step = word.text, round(_TWICE * word.size, 2) or 1.0
        column, row = int(word.x0 // step), int(word.y // step)
        if not any((text, step, column + right, row + up) in places for right in (-1, 0, 1) for up in (-1, 0, 1)):
            kept.append(word)
            places.add((text, step, column, row))
    return kept
