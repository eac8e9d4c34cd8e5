"""Lines in reading order to headings, paragraphs and items; leaves out what interrupts the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from fastsum.readers.blocks import Block, Omissions, is_prose
from fastsum.readers.pages.breaks import goes_on, has_room, separate_lines
from fastsum.readers.pages.footnotes import text_of_page, without_footnotes
from fastsum.readers.pages.headings import is_heading, style, with_leads
from fastsum.readers.pages.items import hangs, is_numbered, marked_items
from fastsum.readers.pages.joining import append
from fastsum.readers.pages.tables import without_grids, without_tables
from fastsum.readers.pages.typography import LARGE, WIDE_PITCH, Typography, is_bold, is_same_size
from fastsum.readers.pages.words import Line

# Sizes are shares of the usual font size of the document, unless a comment says otherwise.
_INDENT = 0.8  # of the size
_SHORT = 0.12  # of the column's width
_FILLED = 0.6  # of the column's width: the sentence of a longer line goes on, unless it ends

_ENDED = re.compile(r"[.?!:;…][\"”’»)\]]*\Z")
_SECTION = re.compile(r"(?:\d{1,2}|[IVX]{1,5})[.)]\s+[A-Z]")  # the number of a heading below another one
# Before a number, these go on: "83 Stat.", "No.".
_ABBREVIATED = re.compile(
    r"\b(?:Stat|Nos?|[Vv]ols?|[Aa]rts?|[Ss]ecs?|[Ff]igs?|pp?|ch|cl|para|Reg|Rev|Eqs?|Ex|Doc|Op|Jan|Feb|Mar|Apr|Aug|Sept?|Oct"
    r"|Nov|Dec)\.\Z"
)
_STOPPED = re.compile(r"[.?!…][\"”’»)\]]*\Z")
_CAPTION = re.compile(
    r"(?:(?:Supplementary |Extended Data )?(?:(?i:fig(?:ure|\.)?|table|tab\.)|Scheme|Plate|Box|Listing|Algorithm))\s*"
    r"(?:[A-Z]?\d{1,3}(?:\.\d{1,2})?[a-z]?|[IVX]{1,5})\s*(?:[.:|–—-]|\s+(?:[A-Z]|\((?!see\b)))",
)
# An entry of a list of references begins with a number, "Field, A." or "A. Field", and has a year or a word for it.
_ENTRY = re.compile(
    r"[\[(]?\d{1,3}[\]).]{0,2}\s*[A-Z]|[A-Z][\w’'-]+,\s(?:[A-Z]\.|[A-Z][a-z]+)|(?:[A-Z]\.[\s-]?){1,3}[A-Z][a-z]"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b|arXiv|unpublished|submitted|in press|to appear")
_ENTRIES = 5  # the least that make a list
_MOSTLY_LETTERS = 0.5
_SOURCE = re.compile(r"(?:Sources?|SOURCES?)\s*:\s")  # of a table or figure
_SMALL = 0.7  # letters of labels are smaller, in charts and drawings; those of some headings are 0.73
_RULE = re.compile(r"[\s_=*~–—-]{5,}")  # drawn with characters
_SCRAPS = 8  # parts between the two halves of a paragraph, such as labels of a figure
_SCRAP_WORDS = 8
_WORD = re.compile("[a-z]{3}")
_WORDS = 3


class _Part:
    """Lines of one heading or paragraph, or of a part of one, cut by the end of a column or page."""

    def __init__(self, line: Line, item: bool) -> None:
        self.lines = [line]
        self.text = ""
        self.pages: list[tuple[int, int]] = []
        self.heading = False
        self.item = item
        self.flush = False
        """Whether its first line begins at the edge of the column, as the rest of a paragraph does."""
        self.opens = self.closes = False
        """Whether it is the first of its column, or the last."""
        self.full = False
        """Whether its last line reaches the other edge: the text goes on."""
        self.complete = False
        """Whether its last line ends although there was room for the next word, in a block of lines."""
        self.above: _Part | None = None
        """The part above it in its column."""
        self.right = 0.0
        """The right edge of its column."""
        self.next_fits = False
        """Whether a gap is below its last line, where the first word of the part below would have fitted."""


def blocks_of_lines(lines: list[Line], omissions: Omissions) -> list[Block]:
    """The headings, paragraphs and items of a document, with the pages that each is on.

    Footnotes, captions, tables, tables of contents, displayed formulas and notes in the margin without a sentence are
    left out, and added to `omissions`. Paragraphs that the end of a column or page cuts in two are joined.
    """
    lines = without_grids(lines, omissions)
    usual = Typography(lines)
    parts: list[_Part] = []
    for _, page in groupby(lines, key=lambda line: line.page):
        on_page = list(page)
        text = text_of_page(on_page, usual)
        for _, flow in groupby(on_page, key=lambda line: line.flow):
            parts += _paragraphs(without_footnotes(list(flow), text, usual, omissions), usual, omissions)
    kept = _joined([part for part in parts if _finish(part, usual, omissions)], usual, omissions)
    end = _references_at_end(kept)
    for part in kept[end:]:
        omissions.add("references", part.text)
    kept = kept[:end]
    styles = sorted({style(part.text, part.lines[0], usual) for part in kept if part.heading}, reverse=True)
    return [
        Block(
            part.text,
            level=styles.index(style(part.text, part.lines[0], usual)) + 1 if part.heading else 0,
            item=part.item,
            pages=tuple(part.pages),
        )
        for part in kept
    ]


def _paragraphs(flow: list[Line], usual: Typography, omissions: Omissions) -> Iterator[_Part]:
    if not flow:
        return
    lefts, rights = sorted(line.x0 for line in flow), sorted(line.x1 for line in flow)
    left, right = lefts[len(flow) // 10], rights[-1 - len(flow) // 10]
    flow = without_tables(flow, left, right, omissions)
    if not flow:
        return
    short = _SHORT * (right - left)
    parts: list[_Part] = []
    flow = with_leads(flow, usual)
    apart = separate_lines(flow, left, right, usual)
    for (line, item), is_apart in zip(marked_items(flow), apart, strict=True):
        if not parts or item or _begins(line, parts[-1], left, right, usual, is_apart):
            if parts:
                last = parts[-1].lines[-1]
                apart_below = last.y - line.y > WIDE_PITCH * usual.pitch(line)
                parts[-1].next_fits = apart_below and has_room(last, line, right)
                parts[-1].complete = is_apart
            parts.append(_Part(line, item))
            parts[-1].above = parts[-2] if len(parts) > 1 else None
            parts[-1].flush = abs(line.x0 - left) <= _INDENT * line.size
        else:
            parts[-1].lines.append(line)
    parts[0].opens = parts[-1].closes = True
    for part in parts:
        part.right = right
        part.full = part.lines[-1].x1 >= right - short
    yield from parts


def _begins(line: Line, part: _Part, left: float, right: float, usual: Typography, is_apart: bool) -> bool:
    """Whether a line begins a new paragraph after a part of one; `is_apart`: the line above had room for it."""
    above, first = part.lines[-1], part.lines[0]
    fall = above.y - line.y
    pitch = usual.pitch(line)
    if _RULE.fullmatch(above.text) or _RULE.fullmatch(line.text):
        return True
    if not is_same_size(above, line) or not 0 < fall <= WIDE_PITCH * pitch:
        return True
    if is_bold(line, usual) != is_bold(above, usual):
        return True
    if is_apart and usual.slides:
        return True
    if is_bold(line, usual) or line.size > LARGE * usual.size:
        return _SECTION.match(line.text) is not None  # otherwise a heading of several lines, flush or centred
    if is_apart:
        return True
    ended = _ENDED.search(above.text) is not None
    listed = part.item or is_numbered(first.text)
    if is_numbered(line.text) and (ended or (listed and not part.item)) and not _ABBREVIATED.search(above.text):
        return True
    if listed and hangs(line, first):
        return False
    full = above.x1 >= right - _SHORT * (right - left)
    if ended and (not full or (listed and line.x0 < first.x0 - _INDENT * line.size)):
        return True
    indented = left + _INDENT * line.size < line.x0 < (left + right) / 2 and above.x0 < line.x0 - _INDENT * line.size
    goes_on = not ended and above.x1 > left + _FILLED * (right - left)
    if not indented or (listed and len(part.lines) == 1) or goes_on or line.text[0].islower():
        return False
    return abs((above.x0 + above.x1) - (line.x0 + line.x1)) >= line.size  # no title of centred lines


def _finish(part: _Part, usual: Typography, omissions: Omissions) -> bool:
    """Set a part's text and kind; returns whether to keep it."""
    for line in part.lines:
        _append(part, line.text, line.page, usual)
    if _CAPTION.match(part.text) or _SOURCE.match(part.text):
        omissions.add("captions", part.text)
        return False
    if part.lines[0].aside:
        if not is_prose(part.text):
            omissions.add("notes in the margin", part.text)
        return is_prose(part.text)
    if not usual.slides and part.lines[0].size < _SMALL * usual.size and not is_prose(part.text):
        omissions.add("labels", part.text)
        return False
    part.heading = not part.item and is_heading(part.text, part.lines, usual)
    letters = sum(map(str.isalpha, part.text))
    if part.heading or letters >= _MOSTLY_LETTERS * len(part.text.replace(" ", "")):
        return True
    omissions.add("formulas and figures", part.text)
    return False


def _append(part: _Part, text: str, page: int, usual: Typography) -> None:
    """Append text to a part's."""
    part.text, start = append(part.text, text, usual.words)
    if not part.pages or part.pages[-1][1] != page:
        part.pages.append((start, page))


def _references_at_end(parts: list[_Part]) -> int:
    """The index of the first reference in a list without a heading at the end, as in Physical Review."""
    first, entries = len(parts), 0
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if part.heading:
            break
        if _ENTRY.match(part.text) and _YEAR.search(part.text):
            entries += 1
            if 2 * entries >= len(parts) - index:
                first = index
    while first and _ENTRY.match(parts[first - 1].text):
        first -= 1
    return first if entries >= _ENTRIES and 2 * first > len(parts) else len(parts)


def _joined(parts: list[_Part], usual: Typography, omissions: Omissions) -> list[_Part]:
    """The parts, with the two halves of a cut paragraph joined and the scraps between them removed."""
    kept: list[_Part] = []
    for part in parts:
        apart = part.heading or part.lines[0].aside or (usual.slides and not (kept and _is_below(kept[-1], part)))
        index = None if apart else _unfinished(kept, part)
        if index is None:
            kept.append(part)
            continue
        before = kept[index]
        _append(before, part.text, part.pages[0][1], usual)
        shift = len(before.text) - len(part.text)
        before.pages += [(shift + offset, page) for offset, page in part.pages[1:]]
        before.full, before.closes, before.right = part.full, part.closes, part.right
        before.lines += part.lines
        scraps = kept[index + 1 :]
        kept[index + 1 :] = [scrap for scrap in scraps if scrap.heading or scrap.lines[0].aside]
        for scrap in scraps:
            if not (scrap.heading or scrap.lines[0].aside):
                omissions.add("labels", scrap.text)
    return kept


def _is_below(before: _Part, part: _Part) -> bool:
    """Whether a part of a slide goes on with the one before it: that ends in the middle, or is an item above its rest.

    Other texts of slides end without a stop, and begin with small letters.
    """
    return goes_on(before.text) or (before.item and part.above is before and hangs(part.lines[0], before.lines[0]))


def _unfinished(parts: list[_Part], part: _Part) -> int | None:
    """The index of the last paragraph, if it is unfinished and `part` is the rest of it; otherwise None.

    Scraps without a sentence, headings and notes in the margin may be in between. A part that does not begin with a
    small letter is the rest only where a column or page ends between the two, and the last line before it is full or
    ends in a word that cannot end a sentence.
    """
    small = part.text[0].islower()
    if part.item and part.above is not None:
        return None
    if not small and not (part.opens and part.flush and not part.item and not is_numbered(part.text)):
        return None
    for index in range(len(parts) - 1, max(-1, len(parts) - _SCRAPS), -1):
        before = parts[index]
        if before.lines[0].aside:
            continue
        if before.heading:
            if small:
                continue
            return None
        if before.complete or _STOPPED.search(before.text):
            return None
        if small:
            if (
                before.next_fits
                and len(_WORD.findall(before.text)) >= _WORDS
                and len(before.text.split()) < _SCRAP_WORDS
            ):
                return None  # an item of a list
            if len(before.text.split()) >= _SCRAP_WORDS or (before.closes and before.full):
                ends = before.next_fits if before is part.above else before.closes and _is_short(before)
                return None if ends else index
        elif is_same_size(before.lines[-1], part.lines[0]) and (
            goes_on(before.text) or (before.closes and before.full and before.text[-1] not in ":;")
        ):
            return index
    return None


def _is_short(part: _Part) -> bool:
    """Whether the last line of a part leaves most of its column empty, as where the column ends with a list."""
    last = part.lines[-1]
    return part.right - last.x1 > last.x1 - last.x0
