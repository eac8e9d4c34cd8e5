"""PDF: its words and their coordinates, from PDFium; `layout` and `paragraphs` make text of them."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.blocks import Block, Reading, Unreadable, compose
from fastsum.readers.layout import Word, commonest, is_raised_note, lines_in_order
from fastsum.readers.paragraphs import blocks_of_lines

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_GAPS = frozenset((0, 9, 10, 13, 32, 0xA0))
_CHARACTERS = (
    dict.fromkeys((0x02, 0xFFFE, 0xAD, 0x2010), "-")  # PDFium uses the first two for a hyphen at the end of a line
    | dict.fromkeys((0xF0B7, 0xF0A7, 0xF06E, 0xF0D8), "•")  # bullets of symbol fonts without Unicode
    | dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
)
# What the codes of control characters mean in TeX's fonts (encodings OT1 and T1) that have no mapping to Unicode.
_TEX = {"\x0b": "ff", "\x0c": "fi", "\x0e": "ffi", "\x0f": "ffl", "\x10": "“", "\x11": "”", "\x15": "–", "\x16": "—"}
_TEX |= {"\x1b": "ff", "\x1c": "fi", "\x1d": "fl", "\x1e": "ffi", "\x1f": "ffl"}
_IN_WORDS = "[\x0b\x0c\x0e-\x11\x15\x16\x1b-\x1f]"  # by themselves they are brackets of formulas
_LIGATURE = re.compile(rf"(?<=[\w.,;:?!]){_IN_WORDS}|{_IN_WORDS}(?=[A-Za-z])")
_NO_BEGINNING = ("\x0b", "\x0e", "\x0f", "\x1b", "\x1e", "\x1f")  # English words do not begin with ff, ffi or ffl
_BOLD_NAME = re.compile(r"bold|black|heavy|demi|cmbx|medi(?!um)", re.IGNORECASE)
_ITALIC_NAME = re.compile(r"ital|obli|slant|cmti|cmsl", re.IGNORECASE)
_BOLD = 700
_NAME_BYTES = 128

_WORD_GAP = 0.25  # of the height of a character: the narrowest space in a line
_OVERLAP = 0.4  # of the height: a raised or lowered character with this overlap belongs to its word
_NOTED = re.compile(r"(?:[a-z]{3}|[.,;:?!)\]”’\"])\Z")

_SHIFT = 0.05  # of the height: the smallest change of baseline or size that counts
_UNKNOWN_SHARE = 0.3
_STRAY_LIGATURES = 0.1  # of the words with a ligature
_JUNK_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|tex|dvi|indd|pdf|qxd|rtf)\b|\A\S*\Z", re.IGNORECASE)
_OCR = "Recognize its text first (ocrmypdf scan.pdf text.pdf)."
_TAIL_BYTES = 2048
_LISTED = 10  # pages named in a warning


def read(content: bytes) -> Reading:
    """The text of a PDF in reading order, and the offset at which each page begins.

    Raises Unreadable where it is damaged, encrypted, scanned, or has fonts without Unicode.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Unreadable("is encrypted with a password. Save it without one first (qpdf --decrypt).") from None
        raise Unreadable("is a damaged or cut off PDF. Download it again, or print it to PDF again.") from None
    pages: list[list[Word]] = []
    unread = []
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            pages.append(_upright(_words(page, number)))
            page.close()
        except pypdfium2.PdfiumError:
            pages.append([])
            unread.append(number)
    pages = _with_ligatures(pages)
    if len(unread) == len(pages):
        raise Unreadable("is a damaged or cut off PDF: no page can be read. Download it again.")
    letters = "".join(word.text for page in pages for word in page)
    if sum(map(_is_unknown, letters)) > _UNKNOWN_SHARE * len(letters):
        raise Unreadable(f"has fonts that do not say which letters they show. {_OCR}")
    if not any(map(str.isalnum, letters)):
        raise Unreadable(f"has no text in it: its pages are images, as from a scanner. {_OCR}")
    pictures = [number for number, page in enumerate(pages, start=1) if not page and number not in unread]
    warnings = []
    if pictures:
        warnings.append(f"has no text on {_listed(pictures)}: blank, or an image.")
    if unread:
        warnings.append(f"is damaged: {_listed(unread)} could not be read.")
    if b"%%EOF" not in content[-_TAIL_BYTES:]:
        warnings.append("has no end marker: it may be cut off.")
    blocks = blocks_of_lines(lines_in_order(pages))
    return compose(blocks, _title(document, blocks), len(pages), warnings)


def _with_ligatures(pages: list[list[Word]]) -> list[list[Word]]:
    """The words with TeX's ligatures, quotation marks and dashes as Unicode text.

    They are left as they are where the document's fonts use these codes for other characters: then many of the words
    would begin with a ligature.
    """
    among = [word.text for page in pages for word in page if _LIGATURE.search(word.text)]
    if not among or sum(text.startswith(_NO_BEGINNING) for text in among) > _STRAY_LIGATURES * len(among):
        return pages

    def spelt(word: Word) -> Word:
        return word._replace(text=_LIGATURE.sub(lambda found: _TEX[found[0]], word.text))

    return [[spelt(word) if _LIGATURE.search(word.text) else word for word in page] for page in pages]


def _is_unknown(letter: str) -> bool:
    """Whether a character has no meaning in Unicode: it is for private use, or the replacement character."""
    return letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff"


class _Run(NamedTuple):
    """Characters of one word in one size and on one baseline."""

    text: list[str]
    y: float
    size: float


def _words(page: PdfPage, number: int) -> Iterator[tuple[int, Word]]:
    """The words of a page in the order of its content, each with the number of quarter turns that it is rotated by.

    Coordinates are in points, with the text turned upright: x from the left, y from the bottom.
    """
    from pypdfium2 import raw

    text_page = page.get_textpage()
    handle = text_page.raw
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    origin = ctypes.c_double(), ctypes.c_double()
    name = ctypes.create_string_buffer(_NAME_BYTES)
    runs: list[_Run] = []
    quarter, font, weight = 0, "", 0
    x0 = last = x1 = bottom = top = run_bottom = run_top = 0.0

    def word() -> tuple[int, Word]:
        bold = _BOLD if _BOLD_NAME.search(font) else weight
        return quarter, _word(runs, x0, max(x0, x1), bold, _ITALIC_NAME.search(font) is not None, number)

    for index in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, index)
        if code in _GAPS or not raw.FPDFText_GetLooseCharBox(handle, index, box):
            if runs:
                yield word()
                runs = []
            continue
        rectangle = _turned(quarter, box.left, box.bottom, box.right, box.top)
        height = min(top - bottom, rectangle[3] - rectangle[1])
        if runs and not (
            last - _WORD_GAP * height < rectangle[0] < x1 + _WORD_GAP * height
            and min(top, rectangle[3]) - max(bottom, rectangle[1]) >= _OVERLAP * height
        ):
            yield word()
            runs = []
        if not runs:
            quarter = -round(raw.FPDFText_GetCharAngle(handle, index) / (math.pi / 2)) % 4  # it counts clockwise
            rectangle = _turned(quarter, box.left, box.bottom, box.right, box.top)
            raw.FPDFText_GetFontInfo(handle, index, name, _NAME_BYTES, None)
            font = name.value.decode("latin-1")
            weight = raw.FPDFText_GetFontWeight(handle, index)
            x0 = rectangle[0]
        if not runs or max(abs(rectangle[1] - run_bottom), abs(rectangle[3] - run_top)) > _SHIFT * height:
            raw.FPDFText_GetMatrix(handle, index, matrix)
            raw.FPDFText_GetCharOrigin(handle, index, *origin)
            size = raw.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.c, matrix.d)
            baseline = _turned(quarter, origin[0].value, origin[1].value, origin[0].value, origin[1].value)[1]
            runs.append(_Run([], baseline, size or rectangle[3] - rectangle[1]))
            run_bottom, run_top = rectangle[1], rectangle[3]
        last, bottom, x1, top = rectangle
        runs[-1].text.append(_CHARACTERS.get(code) or chr(code))
    if runs:
        yield word()
    text_page.close()


def _turned(quarter: int, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
    """A box (left, bottom, right, top) turned back by a number of quarter turns."""
    if quarter == 0:
        return left, bottom, right, top
    if quarter == 1:
        return bottom, -right, top, -left
    if quarter == 2:
        return -right, -top, -left, -bottom
    return -top, left, -bottom, right


def _word(runs: list[_Run], x0: float, x1: float, weight: int, italic: bool, page: int) -> Word:
    """The word of some runs, without raised numbers and signs that point to notes."""
    main = max(runs, key=lambda run: (run.size, len(run.text)))
    rest = [run for run in runs if run is not main]
    if (
        main is runs[0]
        and len(main.text) == 1
        and rest
        and min(run.y for run in rest) - main.y > _OVERLAP * rest[0].size
    ):
        main = max(rest, key=lambda run: (len(run.text), run.size))  # an initial, as tall as several lines
    text = ""
    marked = False
    for run in runs:
        part = "".join(run.text)
        if is_raised_note(part, run.y, run.size, main.y, main.size):
            if not text:
                marked = True
                continue
            if _NOTED.search(text):
                continue
            part = f"^{part}" if text[-1].isdigit() else part
        text += part
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # PDFium returns surrogates one by one
    return Word(text, x0, x1, main.y, main.size, weight, italic, page, marked)


def _upright(words: Iterator[tuple[int, Word]]) -> list[Word]:
    """The words with the rotation of most of the page, without labels of axes and stamps in the margin."""
    found = list(words)
    usual = commonest(((quarter, len(word.text)) for quarter, word in found), 0)
    return [word for quarter, word in found if quarter == usual]


def _listed(numbers: list[int]) -> str:
    kind = "page" if len(numbers) == 1 else "pages"
    return f"{kind} {', '.join(map(str, numbers[:_LISTED]))}" + ", ..." * (len(numbers) > _LISTED)


def _title(document: PdfDocument, blocks: list[Block]) -> str:
    """The title in the file's properties if the first page has it too, otherwise the first page's highest heading."""
    stated = " ".join((document.get_metadata_value("Title") or "").split())
    first = [block for block in blocks if block.pages[0][1] == 1]
    if stated and not _JUNK_TITLE.search(stated):
        shown = " ".join(block.text for block in first).casefold()
        if all(word in shown for word in stated.casefold().split()):
            return stated
    headings = [block for block in first if block.level]
    return min(headings, key=lambda block: block.level).text if headings else ""
