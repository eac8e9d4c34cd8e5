"""What stands around the text of a PDF's pages: numbers of lines, running heads and feet, notes in the margin."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

from fastsum.readers.pages.words import BASELINE, Segment, Word, commonest, row_text, rows_of

_LINE_NUMBERS = 5  # the least on a page with numbered lines
_LINE_NUMBERS_IN_STEP = 0.8  # share that follows the one above by the same step
_MARGIN_SHARE = 0.01  # of a page's words: as many may be in the margin with line numbers

_EDGE_ROWS = 3  # rows at the top and at the foot of a page that can repeat on other pages
_SAME_HEIGHT = 4.0  # points
_SLOT_PAGES = 4
_SLOT_GAP = 1.8  # of the size, between a running head or foot and the text
_SLOT_WORDS = 15
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
    """The pages without rows that repeat at the top or foot, and without page numbers."""
    usual = commonest(((round(2 * part.size) / 2, part.length) for page in pages for part in page), 0.0)
    edges: dict[tuple[int, bool], list[list[Segment]]] = {}
    heights: dict[tuple[bool, str], list[tuple[int, float]]] = defaultdict(list)
    slots: dict[tuple[bool, int], int] = defaultdict(int)
    for number, page in enumerate(pages):
        rows = rows_of(page, BASELINE)
        for head in (True, False):
            inwards = rows if head else rows[::-1]
            edges[number, head] = inwards[: min(_EDGE_ROWS, len(rows) - 1)]
            for row in edges[number, head]:
                heights[head, _pattern(row)].append((number, row[0].y))
            if _is_apart(inwards, usual):
                slots[head, round(inwards[0][0].y / _SAME_HEIGHT)] += 1
    kept = []
    for number, page in enumerate(pages):
        gone: set[int] = set()
        for head in (True, False):
            for index, row in enumerate(edges[number, head]):
                slot = slots[head, round(row[0].y / _SAME_HEIGHT)]
                repeats = any(
                    other != number and abs(y - row[0].y) <= _SAME_HEIGHT for other, y in heights[head, _pattern(row)]
                )
                numbered = _PAGE_NUMBER.fullmatch(row_text(row)) is not None
                in_slot = index == 0 and slot >= _SLOT_PAGES and 2 * slot >= len(pages)
                if not (repeats or numbered or (in_slot and _is_small(row, usual))):
                    break
                gone.update(map(id, row))
        kept.append([segment for segment in page if id(segment) not in gone])
    return kept


def _is_apart(rows: list[list[Segment]], usual: float) -> bool:
    """Whether the first row is small and well apart from the second."""
    return len(rows) > 2 and _is_small(rows[0], usual) and abs(rows[0][0].y - rows[1][0].y) > _SLOT_GAP * usual


def _is_small(row: list[Segment], usual: float) -> bool:
    words = sum(len(segment.words) for segment in row)
    return words <= _SLOT_WORDS and max(segment.size for segment in row) <= 1.05 * usual


def _pattern(row: list[Segment]) -> str:
    return re.sub(r"\d+", "#", row_text(row).casefold())


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
