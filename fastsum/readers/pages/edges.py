"""What stands around the text of a PDF's pages: numbers of lines, running heads and feet, notes in the margin."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

from fastsum.readers.pages.words import BASELINE, SAME_LINE, Segment, Word, commonest, row_text, rows_of

_LINE_NUMBERS = 5  # the least on a page with numbered lines
_LINE_NUMBERS_IN_STEP = 0.8  # share that follows the one above by the same step
_MARGIN_SHARE = 0.01  # of a page's words: as many may be in the margin with line numbers

_EDGE_ROWS = 3  # rows at the top and at the foot of a page that can repeat on other pages
_SAME_HEIGHT = 4.0  # points
_SLOT_PAGES = 4
_SLOT_GAP = 1.8  # of the size, between a running head or foot and the text
_SLOT_WORDS = 15
_COPIED = 0.8  # share of its rows that makes a page a copy of another one
_LARGE = 1.35  # of the size of the text: a title that repeats, not a running head
_SMALLER = 0.95
_BOLD = 600
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN = re.compile("[ivxlc]{1,7}")
_PAGE_OF_PAGES = re.compile(r"\b[Pp]age:?\s+\d{1,4}\s+(?:of|/)\s+\d{1,4}\W*\Z")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.?|seite)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/|von|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)

_TEXT_LINE = 25  # characters: shorter segments do not tell where the edges of the text are
_TEXT_LINES = 4
_EDGE_SHARE = 0.04  # of the letters of the page's longer lines: as many may reach beyond the edge of the text
_NOTE_WIDTH = 0.4  # of the text's: what is wider beside it is a column
_NOTE_SHARE = 0.2  # of the text's letters
_MARK = 5  # characters of a bullet or number that hangs out of the text
_MARK_GAP = 4.0  # of the size, between it and the text


def without_line_numbers(words: list[Word]) -> list[Word]:
    """The words of a page without line numbers in the margin, which drafts for review have."""
    numbers = [word for word in words if word.text.isdecimal() and len(word.text) <= 4]
    if len(numbers) < _LINE_NUMBERS:
        return words
    lefts = sorted(word.x0 for word in words if not word.text.isdecimal())
    rights = sorted(word.x1 for word in words if not word.text.isdecimal())
    strays = int(_MARGIN_SHARE * len(lefts))
    gone: set[int] = set()
    if lefts:
        left, right = lefts[strays], rights[-1 - strays]
        for margin in ([word for word in numbers if word.x1 < left], [word for word in numbers if word.x0 > right]):
            margin.sort(key=lambda word: -word.y)
            steps = Counter(int(below.text) - int(above.text) for above, below in pairwise(margin))
            step, times = steps.most_common(1)[0] if steps else (0, 0)
            if len(margin) >= _LINE_NUMBERS and step > 0 and times >= _LINE_NUMBERS_IN_STEP * (len(margin) - 1):
                gone.update(map(id, margin))
    return [word for word in words if id(word) not in gone]


def without_edges(pages: list[list[Segment]]) -> list[list[Segment]]:
    """The pages without rows that repeat at the top or foot, and without page numbers.

    A title in large type that repeats, as on slides, is kept once. What a page shares with another of which it is a
    copy, as where a slide is built up step by step, is no head.
    """
    usual = commonest(((round(2 * part.size) / 2, part.length) for page in pages for part in page), 0.0)
    edges: dict[tuple[int, bool], list[_Row]] = {}
    heights: dict[tuple[bool, str], list[tuple[int, float]]] = defaultdict(list)
    slots: dict[tuple[bool, int], int] = defaultdict(int)
    offsets: dict[tuple[bool, int], int] = defaultdict(int)
    bodies: list[frozenset[tuple[str, int]]] = []
    for number, page in enumerate(pages):
        body = rows_of(page, BASELINE)
        bodies.append(frozenset((_pattern(row_text(row)), round(row[0].y)) for row in body))
        for head in (True, False):
            inwards = [_Row(row) for row in (body[:_EDGE_ROWS] if head else body[: -_EDGE_ROWS - 1 : -1])]
            edges[number, head] = inwards
            for row in inwards:
                heights[head, row.pattern].append((number, row.y))
            if _is_apart(inwards, usual):
                if _is_small(inwards[0].segments, usual):
                    slots[head, round(inwards[0].y / _SAME_HEIGHT)] += 1
                for stated in _stated_numbers(inwards[0]):
                    offsets[head, stated - number] += 1
    kept = []
    titles: set[str] = set()
    for number, page in enumerate(pages):
        gone: set[int] = set()
        for head in (True, False):
            rows = edges[number, head]
            for index, row in enumerate(rows):
                if head and _is_raised(rows[index : index + 2]):
                    break
                alike = [other for other, y in heights[head, row.pattern] if abs(y - row.y) <= _SAME_HEIGHT]
                usually = len(pages) >= _SLOT_PAGES and 2 * len(alike) > len(pages)
                repeats = usually or any(
                    other != number and not _is_copy(bodies[number], bodies[other]) for other in alike
                )
                if repeats and not usually and row.size > _LARGE * usual and row.pattern not in titles:
                    titles.add(row.pattern)
                    break
                at_edge = index == 0 and _is_head(rows, number, usual, len(pages), slots, offsets, head)
                if not (repeats or at_edge or _PAGE_NUMBER.fullmatch(row.text)):
                    break
                gone.update(map(id, row.segments))
        kept.append([segment for segment in page if id(segment) not in gone])
    return kept


class _Row:
    """The segments at one height, as a row at the edge of a page."""

    def __init__(self, segments: list[Segment]) -> None:
        self.segments = segments
        self.y = segments[0].y
        self.size = max(segment.size for segment in segments)
        self.text = row_text(segments)
        self.pattern = _pattern(self.text)


def _is_copy(one: frozenset[tuple[str, int]], other: frozenset[tuple[str, int]]) -> bool:
    """Whether two pages, of which these are the rows and their heights, share most rows of the shorter one."""
    return len(one & other) >= _COPIED * min(len(one), len(other))


def _pattern(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _is_head(
    rows: list[_Row],
    number: int,
    usual: float,
    pages: int,
    slots: dict[tuple[bool, int], int],
    offsets: dict[tuple[bool, int], int],
    head: bool,
) -> bool:
    """Whether the outermost row of a page, whose text is on no other page, is a running head or foot.

    It is one where most pages have something small apart from their text at this height; where it begins or ends with
    the number of its page; and where a number stands at some distance from its other, smaller words.
    """
    row = rows[0]
    slot = slots[head, round(row.y / _SAME_HEIGHT)]
    if slot >= _SLOT_PAGES and 2 * slot >= pages and _is_small(row.segments, usual):
        return True
    if _PAGE_OF_PAGES.search(row.text):
        return True
    if not _is_apart(rows, usual) or not _is_small(row.segments, usual):
        return False
    if any(word.weight >= _BOLD for segment in row.segments for word in segment.words):
        return False
    for stated in _stated_numbers(row):
        if offsets[head, stated - number] > 1 or (number and stated == number + 1):
            return True
    ordered = sorted(row.segments, key=lambda segment: segment.x0)
    numbers = [_PAGE_NUMBER.fullmatch(row_text([part])) for part in (ordered[0], ordered[-1])]
    return len(ordered) > 1 and any(numbers) and row.size < _SMALLER * usual


def _stated_numbers(row: _Row) -> list[int]:
    """The numbers that a row begins and ends with, of which one may be that of the page."""
    words = row.text.split()
    found = [_number(word) for word in {words[0], words[-1]}]
    return [value for value in found if value]


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word) if len(word) <= 4 else 0
    value = 0
    if _ROMAN.fullmatch(word):
        digits = [_ROMAN_DIGITS[letter] for letter in word]
        for digit, after in zip(digits, [*digits[1:], 0], strict=True):
            value += -digit if digit < after else digit
    return value


def _is_raised(rows: list[_Row]) -> bool:
    """Whether the first of two rows is a raised number in the second, as a power or the upper part of a fraction."""
    return (
        len(rows) > 1
        and rows[0].size < _SMALLER * rows[1].size
        and rows[0].y - rows[1].y < SAME_LINE * rows[1].size
        and len(rows[0].text) < len(rows[1].text)
    )


def _is_apart(rows: list[_Row], usual: float) -> bool:
    """Whether the first row is well apart from the second."""
    return len(rows) > 2 and abs(rows[0].y - rows[1].y) > _SLOT_GAP * usual


def _is_small(row: list[Segment], usual: float) -> bool:
    words = sum(len(segment.words) for segment in row)
    return words <= _SLOT_WORDS and max(segment.size for segment in row) <= 1.05 * usual


def margin_notes(page: list[Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """The segments of a page without those in the margins, and the segments of each margin that has any.

    In a margin stands what is wholly beyond the edge of the text, beside it, and much narrower. Bullets, numbers of
    paragraphs and headings that begin further left than the text are no notes.
    """
    text = [(part, length) for part in page if (length := part.length) >= _TEXT_LINE]
    if len(text) < _TEXT_LINES:
        return page, []
    strays = _EDGE_SHARE * sum(length for _, length in text)
    left = _edge([(part.x0, length) for part, length in text], strays)
    right = -_edge([(-part.x1, length) for part, length in text], strays)
    gone: set[int] = set()
    margins = []
    for beyond in ([part for part in page if part.x1 < left], [part for part in page if part.x0 > right]):
        notes = [part for part in beyond if _is_beside(part, text, left)]
        if not notes:
            continue
        extent = max(part.x1 for part in notes) - min(part.x0 for part in notes)
        letters = sum(part.length for part in notes)
        if extent <= _NOTE_WIDTH * (right - left) and letters <= _NOTE_SHARE * sum(length for _, length in text):
            gone.update(map(id, notes))
            margins.append([part for part in notes if not _PAGE_NUMBER.fullmatch(row_text([part]))])
    return [part for part in page if id(part) not in gone], [margin for margin in margins if margin]


def _is_beside(part: Segment, text: list[tuple[Segment, int]], left: float) -> bool:
    """Whether a segment beyond the edge of the text is beside one of its lines, and not a bullet or number of it."""
    beside = [line for line, _ in text if abs(line.y - part.y) <= max(line.size, part.size)]
    marks = part.length <= _MARK and left - _MARK_GAP * part.size < part.x1 < left
    return bool(beside) and not (marks and any(abs(line.y - part.y) <= BASELINE * part.size for line in beside))


def _edge(places: list[tuple[float, int]], strays: float) -> float:
    """The least x, without the outermost that have `strays` letters together."""
    passed = 0.0
    for x, length in sorted(places):
        passed += length
        if passed > strays:
            return x
    return sorted(places)[-1][0]
