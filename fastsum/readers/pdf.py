"""PDF: the document that PDFium opens, and what cannot be read of it; `glyphs`, `layout` and `paragraphs` read it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose
from fastsum.readers.pages.encodings import with_letters_of_calibri
from fastsum.readers.pages.fields import as_text, field_places
from fastsum.readers.pages.glyphs import words_of_page
from fastsum.readers.pages.layout import lines_in_order
from fastsum.readers.pages.paragraphs import blocks_of_lines
from fastsum.readers.pages.words import Word

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# What the codes of control characters mean in TeX's fonts (encodings OT1 and T1) that have no mapping to Unicode.
_TEX = {"\x0b": "ff", "\x0c": "fi", "\x0e": "ffi", "\x0f": "ffl", "\x10": "“", "\x11": "”", "\x15": "–", "\x16": "—"}
_TEX |= {"\x1b": "ff", "\x1c": "fi", "\x1d": "fl", "\x1e": "ffi", "\x1f": "ffl"}
_IN_WORDS = "[\x0b\x0c\x0e-\x11\x15\x16\x1b-\x1f]"  # by themselves they are brackets of formulas
_LIGATURE = re.compile(rf"(?<=[\w.,;:?!]){_IN_WORDS}|{_IN_WORDS}(?=[A-Za-z])")
_NO_BEGINNING = ("\x0b", "\x0e", "\x0f", "\x1b", "\x1e", "\x1f")  # English words do not begin with ff, ffi or ffl
_STRAY_LIGATURES = 0.1  # of the words with a ligature

# Characters that are no letters: control characters, those for private use, and the replacement character.
_UNKNOWN = re.compile("[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_UNKNOWN_FONT = 0.2  # share of a font's characters: its others are not what they seem either
_UNKNOWN_PAGE = 0.3  # share of a page's letters
_UNKNOWN_DOCUMENT = 0.5
_FONT_CHARACTERS = 20
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
    is_form = document.get_formtype() != pypdfium2.raw.FORMTYPE_NONE
    if is_form:
        document.init_forms()
    pages: list[list[Word]] = []
    unread = []
    omissions = Omissions()
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            filled = field_places(page) if is_form else []
            if filled:
                page.flatten()  # draws what the fields hold; only a page that is opened anew has it
                page.close()
                page = document[number - 1]
            words = words_of_page(page, number, omissions)
            pages.append(as_text(words, filled) if filled else words)
            page.close()
        except pypdfium2.PdfiumError:
            pages.append([])
            unread.append(number)
    if len(unread) == len(pages):
        raise Unreadable("is a damaged or cut off PDF: no page can be read. Download it again.")
    pages = with_letters_of_calibri(_with_ligatures(pages))
    shown = [bool(page) for page in pages]
    pages, warnings = _legible(pages, omissions)
    lines = lines_in_order(pages)
    if not any(any(map(str.isalnum, line.text)) for line in lines):
        raise Unreadable(f"has no text in it: its pages are images, as from a scanner. {_OCR}")
    filled_pages = {line.page for line in lines}
    pictures = [
        number
        for number, page in enumerate(pages, start=1)
        if number not in filled_pages and number not in unread and (page or not shown[number - 1])
    ]
    if pictures:
        warnings.append(f"has no text on {_listed(pictures)}: blank, or an image.")
        omissions.add("pages without text", count=len(pictures), where=_listed(pictures))
    if unread:
        warnings.append(f"is damaged: {_listed(unread)} could not be read.")
        omissions.add("damaged pages", count=len(unread), where=_listed(unread))
    if b"%%EOF" not in content[-_TAIL_BYTES:]:
        warnings.append("has no end marker: it may be cut off.")
    blocks = blocks_of_lines(lines, omissions)
    return compose(blocks, _title(document, blocks), len(pages), warnings, omissions)


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


def _legible(pages: list[list[Word]], omissions: Omissions) -> tuple[list[list[Word]], list[str]]:
    """The pages without words whose letters nobody knows, and warnings that name the pages.

    Fonts that do not say which letters they show give their own codes: control characters and characters for private
    use. Where a font has many of them, its other characters are codes too. Raises Unreadable where most of the
    document's letters are unknown.
    """
    if not any(_UNKNOWN.search(word.text) for page in pages for word in page):
        return pages, []
    total: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for page in pages:
        for word in page:
            total[_font(word)] += len(word.text)
            unknown[_font(word)] += len(_UNKNOWN.findall(word.text))
    fonts = {
        font
        for font, count in unknown.items()
        if count > _UNKNOWN_FONT * total[font] and total[font] >= _FONT_CHARACTERS
    }
    for number, page in enumerate(pages, start=1):  # some signs of formulas are no reason to doubt the others
        if 2 * total[_unnamed(number)] < sum(len(word.text) for word in page):
            fonts.discard(_unnamed(number))
    kept, dark, some = [], [], []
    lost = gone = 0
    for number, page in enumerate(pages, start=1):
        codes = [word for word in page if _font(word) in fonts or _is_unknown(word.text)]
        letters = sum(_unknown(word.text, _font(word) in fonts) for word in codes)
        lost += letters
        if letters > _UNKNOWN_PAGE * sum(len(word.text) for word in page):
            dark.append(number)
            gone += letters
            left_out = set(map(id, codes))
            kept.append([word for word in page if id(word) not in left_out])
            continue
        if any(len(word.text) > 1 for word in codes):  # one by itself is a bullet or a picture
            some.append(number)
        shown = {id(word): word._replace(text=_shown(word.text, _font(word) in fonts)) for word in codes}
        kept.append([shown.get(id(word), word) for word in page])
    if lost > _UNKNOWN_DOCUMENT * sum(total.values()):
        raise Unreadable(f"has fonts that do not say which letters they show, on {_listed(dark)}. {_OCR}")
    warnings = []
    if dark:
        omissions.add("letters that cannot be read", count=gone, letters=gone, where=_listed(dark))
        warnings.append(
            f"has fonts that do not say which letters they show: most of {_listed(dark)} is left out. {_OCR}"
        )
    if some:
        warnings.append(f"has letters on {_listed(some)} that its fonts do not name; each is shown as \ufffd.")
    return kept, warnings


def _font(word: Word) -> str:
    """The name of a word's font; fonts without a name are many, so those of a page are judged together."""
    return word.font or _unnamed(word.page)


def _unnamed(page: int) -> str:
    return f"page {page}"


def _unknown(text: str, all_unknown: bool) -> int:
    return len(text) if all_unknown else len(_UNKNOWN.findall(text))


def _shown(text: str, all_unknown: bool) -> str:
    return "\ufffd" * len(text) if all_unknown else _UNKNOWN.sub("\ufffd", text)


def _is_unknown(text: str) -> bool:
    return _UNKNOWN.search(text) is not None


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
