"""Lines in reading order to headings, paragraphs and items; leaves out what interrupts the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise

from fastsum.readers.blocks import Block, is_reference_heading
from fastsum.readers.layout import Line, commonest, median

# Sizes are shares of the usual font size of the document, unless a comment says otherwise.
_SAME_SIZE = 0.06  # of the larger
_USUAL_PITCH = 1.2  # of the size, where there are too few lines to measure
_WIDE_PITCH = 1.35  # of the pitch: a larger one begins a paragraph
_INDENT = 0.8  # of the size
_SHORT = 0.12  # of the column's width
_PITCHES = 5  # lines of one size, from which their pitch is measured
_PITCH_RANGE = 0.8, 2.2  # of the size
_NOTE_SIZE = 0.93
_TEXT_BELOW = 3  # lines of text: a note does not have that many below it
_LARGE = 1.1
_TITLE = 1.35
_BOLD = 120  # heavier than most of the text; see Word.weight
_HEADING_SIZE = 0.85
_HEADING_LINES = 3
_HEADING_WORDS = 20
_CAPITAL_WORDS = 10

_BULLET = re.compile(r"[•‣◦▪●○■□►–—-]\s")
_NUMBERED = re.compile(r"(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\[\d{1,3}\])\s")
_ENDED = re.compile(r"[.?!:;…][\"”’»)\]]*\Z")
_STOPPED = re.compile(r"[.?!…][\"”’»)\]]*\Z")
_CAPTION = re.compile(
    r"(?:(?:Supplementary |Extended Data )?(?:(?i:fig(?:ure|\.)?|table|tab\.)|Scheme|Plate|Box|Listing|Algorithm))\s*"
    r"(?:[A-Z]?\d{1,3}(?:\.\d{1,2})?[a-z]?|[IVX]{1,5})\s*(?:[.:|–—-]|\s+[A-Z(])",
)
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]+\s*\Z|(?:\s\.){3,}")
_SECTION = re.compile(r"(?:(?:\d{1,2}|[IVXLC]{1,6}|[A-Z])(?:\.\d{1,2}){0,3}[.)]?\s+)(?=[A-Z])")
_NAMED = re.compile(
    r"(?:abstract|summary|introduction|acknowledge?ments?|conclusions?|appendix(?: [A-Z\d])?)\Z", re.IGNORECASE
)
# An entry of a list of references begins with a number, "Field, A." or "A. Field", and has a year or a word for it.
_ENTRY = re.compile(
    r"[\[(]?\d{1,3}[\]).]{0,2}\s*[A-Z]|[A-Z][\w’'-]+,\s(?:[A-Z]\.|[A-Z][a-z]+)|(?:[A-Z]\.[\s-]?){1,3}[A-Z][a-z]"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b|arXiv|unpublished|submitted|in press|to appear")
_ENTRIES = 5  # the least that make a list
_MOSTLY_LETTERS = 0.5
_MOSTLY_WORDS = 0.5
_CELL_WORDS = 6
_SCRAPS = 8  # parts between the two halves of a paragraph, such as labels of a figure
_SCRAP_WORDS = 8
_CUT = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-\Z")
_WORD = re.compile(r"[^\W\d_]{2}")
_WORDS = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# First parts of compounds that keep their hyphen (long-term), and endings that make a single word of them (longest).
_COMPOUND = re.compile(
    "all|cross|ex|first|full|half|high|large|long|low|one|open|real|second|self|short|single|small|third|three|two|well"
)
_SUFFIX = re.compile("(?:age|ary|ened|er|est|fold|hand|ing|ish|ity|i[sz]e|ly|ment|ness|self|ton|way)[ds]?")


class _Part:
    """Lines of one heading or paragraph, or of a part of one, cut by the end of a column or page."""

    def __init__(self, line: Line) -> None:
        self.lines = [line]
        self.text = ""
        self.pages: list[tuple[int, int]] = []
        self.heading = False
        self.item = False


class _Typography:
    """The usual size, weight and line pitch of a document's text, and its words."""

    def __init__(self, lines: list[Line]) -> None:
        self.size = commonest(((round(2 * line.size) / 2, len(line.text)) for line in lines), 0.0)
        text = [line for line in lines if abs(line.size - self.size) <= 0.5]
        self.weight = commonest(((line.weight, len(line.text)) for line in text), 0)
        self.italic = commonest(((line.italic, len(line.text)) for line in text), False)
        pitches: dict[float, list[float]] = defaultdict(list)
        for above, line in pairwise(lines):
            fall = above.y - line.y
            least, most = _PITCH_RANGE
            if above.flow == line.flow and _is_same_size(above, line) and least < fall / line.size < most:
                pitches[round(line.size)].append(fall)
        self._pitches = {size: median(found) for size, found in pitches.items() if len(found) >= _PITCHES}
        self.words: set[str] = set()
        cut = False
        for line in lines:
            words = _WORDS.findall(line.text.lower())
            ends_cut = line.text.endswith("-")
            self.words.update(words[int(cut) : len(words) - int(ends_cut)])
            cut = ends_cut

    def pitch(self, line: Line) -> float:
        """Distance from one baseline to the next, for lines of this size."""
        return self._pitches.get(round(line.size), _USUAL_PITCH * line.size)


def blocks_of_lines(lines: list[Line]) -> list[Block]:
    """The headings, paragraphs and items of a document, with the pages that each is on.

    Footnotes, captions, tables, tables of contents and displayed formulas are left out. Paragraphs that the end of a
    column or page cuts in two are joined.
    """
    usual = _Typography(lines)
    parts: list[_Part] = []
    for _, page in groupby(lines, key=lambda line: line.page):
        on_page = list(page)
        text = [line for line in on_page if line.size > _NOTE_SIZE * usual.size]
        for _, flow in groupby(on_page, key=lambda line: line.flow):
            parts += _paragraphs(_without_tables(_without_notes(list(flow), text, usual)), usual)
    kept = _joined([part for part in parts if _finish(part, usual)], usual)
    kept = kept[: _references_at_end(kept)]
    styles = sorted({_style(part, usual) for part in kept if part.heading}, reverse=True)
    return [
        Block(
            part.text,
            level=styles.index(_style(part, usual)) + 1 if part.heading else 0,
            item=part.item,
            pages=tuple(part.pages),
        )
        for part in kept
    ]


def _without_notes(flow: list[Line], text: list[Line], usual: _Typography) -> list[Line]:
    """A column without the footnotes at its end.

    They are smaller than the page's text, have none of it below them, and are marked or set apart.
    """
    first = len(flow)
    while first and flow[first - 1].size <= _NOTE_SIZE * usual.size:
        first -= 1
    if first == len(flow):
        return flow
    note = flow[first]
    below = (line for line in text if line.y < note.y and line.x0 < note.x1 and note.x0 < line.x1)
    if sum(1 for _ in below) >= _TEXT_BELOW:
        return flow  # an abstract above the columns of the text
    apart = first > 0 and flow[first - 1].y - note.y > _WIDE_PITCH * usual.pitch(flow[first - 1])
    return flow[:first] if note.marked or apart else flow


def _without_tables(flow: list[Line]) -> list[Line]:
    """A column without tables and tables of contents."""
    tabular = [line.cells > 1 and len(line.text.split()) <= _CELL_WORDS * line.cells for line in flow]
    beside = [False, *tabular, False]
    return [
        line
        for index, line in enumerate(flow)
        if not (
            _LEADERS.search(line.text) or (tabular[index] and (line.cells > 2 or beside[index] or beside[index + 2]))
        )
    ]


def _paragraphs(flow: list[Line], usual: _Typography) -> Iterator[_Part]:
    if not flow:
        return
    lefts, rights = sorted(line.x0 for line in flow), sorted(line.x1 for line in flow)
    left, right = lefts[len(flow) // 10], rights[-1 - len(flow) // 10]
    part = _Part(flow[0])
    for above, line in pairwise(flow):
        if _begins(line, above, part, left, right, usual):
            yield part
            part = _Part(line)
        else:
            part.lines.append(line)
    yield part


def _begins(line: Line, above: Line, part: _Part, left: float, right: float, usual: _Typography) -> bool:
    """Whether a line begins a new paragraph."""
    fall = above.y - line.y
    pitch = usual.pitch(line)
    if not _is_same_size(above, line) or not 0 < fall <= _WIDE_PITCH * pitch:
        return True
    if _is_bold(line, usual) != _is_bold(above, usual) or _BULLET.match(line.text):
        return True
    if _is_bold(line, usual) or line.size > _LARGE * usual.size:
        return False  # a heading of several lines, flush or centred
    if _NUMBERED.match(line.text) and (_ENDED.search(above.text) or _NUMBERED.match(part.lines[0].text)):
        return True
    hangs = _BULLET.match(part.lines[0].text) or _NUMBERED.match(part.lines[0].text)
    indented = left + _INDENT * line.size < line.x0 < (left + right) / 2 and above.x0 < line.x0 - _INDENT * line.size
    centred = abs((above.x0 + above.x1) - (line.x0 + line.x1)) < line.size
    if indented and not centred and not (hangs and len(part.lines) == 1):
        return True
    return above.x1 < right - _SHORT * (right - left) and _ENDED.search(above.text) is not None


def _finish(part: _Part, usual: _Typography) -> bool:
    """Set a part's text and kind; returns whether to keep it."""
    for line in part.lines:
        _append(part, line.text, line.page, usual)
    bullet = _BULLET.match(part.text)
    if bullet:
        part.text = part.text[bullet.end() :]
        part.pages = [(max(0, offset - bullet.end()), page) for offset, page in part.pages]
    part.item = bullet is not None
    if _CAPTION.match(part.text):
        return False
    part.heading = bullet is None and _is_heading(part, usual)
    letters = sum(map(str.isalpha, part.text))
    return part.heading or letters >= _MOSTLY_LETTERS * len(part.text.replace(" ", ""))


def _append(part: _Part, text: str, page: int, usual: _Typography) -> None:
    """Append text to a part's: after a space, or in place of the hyphen at the end."""
    joined = _without_hyphen(part.text, text, usual.words)
    start = len(joined) if joined != part.text or part.text.endswith("-") else len(part.text) + bool(part.text)
    if not part.pages or part.pages[-1][1] != page:
        part.pages.append((start, page))
    part.text = joined + " " * (start - len(joined)) + text


def _without_hyphen(before: str, after: str, words: set[str]) -> str:
    """A text whose last word continues in `after`, without its last hyphen if that only divides the word."""
    cut = _CUT.search(before)
    rest = _WORDS.match(after)
    if cut is None or rest is None or not after[0].islower():
        return before
    head, tail = cut[1].lower(), rest[0].lower()
    if head + tail in words:
        return before[:-1]
    compound = f"{head}-{tail}" in words or (
        _COMPOUND.fullmatch(head.rpartition("-")[2]) is not None and not _SUFFIX.fullmatch(tail)
    )
    return before if compound else before[:-1]


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


def _is_heading(part: _Part, usual: _Typography) -> bool:
    text, lines = part.text, part.lines
    words = text.split()
    if len(lines) > _HEADING_LINES or len(words) > _HEADING_WORDS or sum(map(str.isalpha, text)) < 3:
        return False
    bare = _SECTION.sub("", text, count=1)
    if is_reference_heading(text) or _NAMED.match(bare):
        return True
    if sum(_WORD.search(word) is not None for word in words) < _MOSTLY_WORDS * len(words):
        return False
    size = lines[0].size / usual.size
    if text[-1] in ".,;" or not (bare[0].isupper() or bare[0].isdigit() or size > _TITLE):
        return False
    if size > _LARGE or (size > _HEADING_SIZE and _is_bold(lines[0], usual)):
        return True
    short = len(lines) == 1 and len(words) <= _CAPITAL_WORDS and size > _HEADING_SIZE
    return short and (text.isupper() or (lines[0].italic and not usual.italic and text[-1] not in ":?!"))


def _style(part: _Part, usual: _Typography) -> tuple[float, bool, bool, bool]:
    """A heading's level, as a key to sort by: larger, bold and upper-case headings are higher."""
    line = part.lines[0]
    return round(2 * line.size) / 2, _is_bold(line, usual), part.text.isupper(), not line.italic


def _joined(parts: list[_Part], usual: _Typography) -> list[_Part]:
    """The parts, with the two halves of a cut paragraph joined and the scraps between them removed."""
    kept: list[_Part] = []
    for part in parts:
        index = _unfinished(kept) if part.text[:1].islower() and not part.heading else None
        if index is None:
            kept.append(part)
            continue
        before = kept[index]
        _append(before, part.text, part.pages[0][1], usual)
        shift = len(before.text) - len(part.text)
        before.pages += [(shift + offset, page) for offset, page in part.pages[1:]]
        kept[index + 1 :] = [scrap for scrap in kept[index + 1 :] if scrap.heading]
    return kept


def _unfinished(parts: list[_Part]) -> int | None:
    """The index of the last paragraph, not counting scraps without a sentence, if it is unfinished; otherwise None."""
    for index in range(len(parts) - 1, max(-1, len(parts) - _SCRAPS), -1):
        part = parts[index]
        stopped = _STOPPED.search(part.text) is not None
        if not part.heading and (stopped or len(part.text.split()) >= _SCRAP_WORDS):
            return None if stopped else index
    return None


def _is_same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def _is_bold(line: Line, usual: _Typography) -> bool:
    return line.weight >= usual.weight + _BOLD
