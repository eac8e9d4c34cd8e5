"""Words with places on pages to lines in reading order: columns found, running heads and page numbers left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Protocol, TypeVar

_BASELINE = 0.15  # of the size: words so near in height stand on one line
_GAP = 0.9  # of the size: wider than the spaces of a line, narrower than a gutter
_CELL_GAP = 1.3
_GUTTER = 0.6
_SAME_LINE = 0.5
_CROSSING = 0.5  # what a letter across a gutter counts against one beside it
_GUTTERS = 3  # that are tried
_APART = 20.0  # points
_EMPTY = 3.5  # of the size, from one baseline to the next, across the page
_COLUMN_LINES = 3
_COLUMN_CHARACTERS = 12  # of a line: bullets, line numbers and cells of figures make no column
_TEXT_CHARACTERS = 40  # of a line, of one column at least between others: a table's are shorter

_SMALL = 0.85  # of the size of the rest
_RAISED = 0.15  # of it
_NOTE = re.compile(r"[\d,–*∗†‡§¶‖]+")  # what points to a note or to a list of references, when small and raised

_LINE_NUMBERS = 5  # of a page at least, where its lines are numbered
_LINE_NUMBERS_IN_STEP = 0.8  # of them follow each other by the same step
_MARGIN_SHARE = 0.01  # of a page's words, that may stand in the margin beside line numbers
_INITIAL = 1.6  # of the size of the text: a letter so large begins a text
_INITIAL_GAP = 1.5
_CAPITAL = 0.75  # of the size: a capital is lower

_EDGE_ROWS = 3  # of a page, at its top and at its foot, that may repeat from page to page
_SAME_HEIGHT = 4.0  # points
_SLOT_PAGES = 4
_SLOT_GAP = 1.8  # of the size, between what runs along the edge of the pages and the text
_SLOT_WORDS = 15
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.?|seite)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/|von|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)


def is_raised_note(text: str, y: float, size: float, line_y: float, line_size: float) -> bool:
    """Whether characters are a number or sign that points to a note, set small and above their line."""
    return size < _SMALL * line_size and y > line_y + _RAISED * line_size and _NOTE.fullmatch(text) is not None


class Word(NamedTuple):
    """A word and its place; points from the left and from the bottom of the page."""

    text: str
    x0: float
    x1: float
    y: float
    """The baseline."""
    size: float
    weight: int
    """Of the font: 400 is regular, 700 bold."""
    italic: bool
    page: int
    marked: bool
    """Whether a raised number or sign stood before it, as before a note at the foot of a page."""


class _Placed(Protocol):
    @property
    def y(self) -> float: ...
    @property
    def size(self) -> float: ...


_Part = TypeVar("_Part", bound=_Placed)
_Value = TypeVar("_Value")


class Line(NamedTuple):
    """A line of a column; places and size as of a word."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    """Of most of its letters."""
    weight: int
    """Of most of its letters."""
    italic: bool
    """Whether all of it is."""
    page: int
    flow: int
    """Lines of one column, and of what stands between columns, have one number."""
    cells: int
    """Parts of the line with wide gaps between them, as a row of a table has."""
    marked: bool
    """Whether it begins with a mark as a note does."""


class _Segment(NamedTuple):
    """Words of one line with no wide gap between them."""

    words: list[Word]
    x0: float
    x1: float
    y: float
    size: float

    @property
    def length(self) -> int:
        return sum(len(word.text) for word in self.words)


def commonest(counted: Iterable[tuple[_Value, int]], default: _Value) -> _Value:
    """The value that the counts given with it add up to most for."""
    totals: Counter[_Value] = Counter()
    for value, count in counted:
        totals[value] += count
    return max(totals, key=totals.__getitem__, default=default)


def lines_in_order(pages: Iterable[list[Word]]) -> list[Line]:
    """The lines of all pages in reading order, column by column, without running heads, feet and page numbers."""
    pages = [_without_line_numbers(words) for words in pages]
    vocabulary = {word.text.lower() for words in pages for word in words}
    segments = _without_edges([_segments(_with_initials(words, vocabulary)) for words in pages])
    lines: list[Line] = []
    flow = 0
    for page in segments:
        for column in _columns(page):
            lines += (_line(row, flow) for row in _rows(column, _SAME_LINE))
            flow += 1
    return lines


def _without_line_numbers(words: list[Word]) -> list[Word]:
    """The words of a page without the numbers that drafts for review have in a margin beside their lines."""
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


def _with_initials(words: list[Word], vocabulary: set[str]) -> list[Word]:
    """The words of a page, each initial that is set over several lines made part of the first line beside it."""
    usual = commonest(((word.size, len(word.text)) for word in words), 0.0)
    for initial in [word for word in words if word.size >= _INITIAL * usual and len(word.text.strip("“\"'‘")) == 1]:
        beside = [
            word
            for word in words
            if abs(word.size - usual) <= 0.15 * usual
            and -0.5 * usual < word.x0 - initial.x1 < _INITIAL_GAP * usual
            and initial.y - _BASELINE * usual < word.y < initial.y + _CAPITAL * initial.size
        ]
        if not initial.text[-1].isalpha() or len(_rows(beside, _SAME_LINE)) < 2:
            continue
        first = max(beside, key=lambda word: word.y)
        is_word = initial.text in "AI" and not first.text.isupper()
        apart = is_word and (initial.text + first.text).lower().strip(".,;:") not in vocabulary
        whole = first._replace(text=initial.text + " " * apart + first.text)
        words = [whole if word is first else word for word in words if word is not initial]
    return words


def _segments(words: list[Word]) -> list[_Segment]:
    found = []
    for row in _rows(words, _BASELINE):
        row.sort(key=lambda word: word.x0)
        first = 0
        for place in range(1, len(row) + 1):
            if place == len(row) or row[place].x0 - row[place - 1].x1 > _GAP * row[place].size:
                part = row[first:place]
                size = max(word.size for word in part)
                found.append(_Segment(part, part[0].x0, max(word.x1 for word in part), part[0].y, size))
                first = place
    return found


def _rows(parts: Iterable[_Part], tolerance: float) -> list[list[_Part]]:
    """What stands at one height, within so much of the larger size, from the top of the page down."""
    rows: list[list[_Part]] = []
    largest: _Part | None = None
    for part in sorted(parts, key=lambda part: -part.y):
        if largest is not None and abs(largest.y - part.y) <= tolerance * max(largest.size, part.size):
            rows[-1].append(part)
            largest = part if part.size > largest.size else largest
        else:
            rows.append([part])
            largest = part
    return rows


def _without_edges(pages: list[list[_Segment]]) -> list[list[_Segment]]:
    """The pages without what repeats at their edges, and without page numbers."""
    usual = commonest(((round(2 * part.size) / 2, part.length) for page in pages for part in page), 0.0)
    edges: dict[tuple[int, bool], list[list[_Segment]]] = {}
    heights: dict[tuple[bool, str], list[tuple[int, float]]] = defaultdict(list)
    slots: dict[tuple[bool, int], int] = defaultdict(int)
    for number, page in enumerate(pages):
        rows = _rows(page, _BASELINE)
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
            for place, row in enumerate(edges[number, head]):
                slot = slots[head, round(row[0].y / _SAME_HEIGHT)]
                repeats = any(
                    other != number and abs(y - row[0].y) <= _SAME_HEIGHT for other, y in heights[head, _pattern(row)]
                )
                numbered = _PAGE_NUMBER.fullmatch(_text(row)) is not None
                in_slot = place == 0 and slot >= _SLOT_PAGES and 2 * slot >= len(pages)
                if not (repeats or numbered or (in_slot and _is_small(row, usual))):
                    break
                gone.update(map(id, row))
        kept.append([segment for segment in page if id(segment) not in gone])
    return kept


def _is_apart(rows: list[list[_Segment]], usual: float) -> bool:
    """Whether the first of some rows is small and stands well apart from the second."""
    return len(rows) > 2 and _is_small(rows[0], usual) and abs(rows[0][0].y - rows[1][0].y) > _SLOT_GAP * usual


def _is_small(row: list[_Segment], usual: float) -> bool:
    words = sum(len(segment.words) for segment in row)
    return words <= _SLOT_WORDS and max(segment.size for segment in row) <= 1.05 * usual


def _pattern(row: list[_Segment]) -> str:
    return re.sub(r"\d+", "#", _text(row).casefold())


def _text(row: list[_Segment]) -> str:
    return " ".join(word.text for segment in sorted(row, key=lambda part: part.x0) for word in segment.words)


def _columns(segments: list[_Segment], characters: int = 0) -> list[list[_Segment]]:
    """The segments parted into columns in reading order, one of each two with so many characters in a line. What
    crosses a gutter stands between what is above it, all of whose columns are read first, and what is below."""
    for gutter in _gutters(segments):
        flows: list[list[_Segment]] = []
        between: list[_Segment] = []  # may have columns of its own, as an abstract beside its keywords
        for band in _bands(segments, gutter):
            left = [part for part in band if part.x1 <= gutter]
            right = [part for part in band if part.x0 >= gutter]
            if len(left) + len(right) < len(band) or not _are_columns(left, right, characters):
                between += band
            else:
                flows += [*_columns(between, _TEXT_CHARACTERS), *_columns(left), *_columns(right)]
                between = []
        if flows:
            return flows + _columns(between, _TEXT_CHARACTERS)
    return [segments] if segments else []


def _bands(segments: list[_Segment], gutter: float) -> list[list[_Segment]]:
    """Runs of segments, from the top down, that cross a gutter or do not, parted too where the whole width is empty."""
    bands: list[list[_Segment]] = []
    crossed = None
    above: _Segment | None = None
    for part in sorted(segments, key=lambda part: -part.y):
        crosses = part.x0 < gutter < part.x1
        if crosses != crossed or above is None or above.y - part.y > _EMPTY * max(above.size, part.size):
            bands.append([])
        bands[-1].append(part)
        crossed, above = crosses, part
    return bands


def _gutters(segments: list[_Segment]) -> list[float]:
    """Places that much text stands wholly on either side of and little crosses, the best first."""
    by_left = sorted(segments, key=lambda part: part.x0)
    by_right = sorted(segments, key=lambda part: part.x1)
    total = sum(part.length for part in segments)
    before = passed = place = 0
    scores: dict[float, float] = {}
    for part in by_left:
        x = part.x0 - 0.1
        while by_right[place].x1 <= x:
            before += by_right[place].length
            place += 1
        after = total - passed
        scores.setdefault(x, min(before, after) - _CROSSING * (total - before - after))
        passed += part.length
    chosen: list[float] = []
    for x in sorted(scores, key=lambda x: -scores[x]):
        if all(abs(x - other) > _APART for other in chosen):
            chosen.append(x)
            if len(chosen) == _GUTTERS:
                break
    return chosen


def _are_columns(left: list[_Segment], right: list[_Segment], characters: int) -> bool:
    """Whether what stands on the two sides of a gutter are columns of text side by side, of which the one with the
    longer lines has so many characters in one."""
    lengths = []
    for side in (left, right):
        rows = len(_rows(side, _SAME_LINE))
        lengths.append(sum(part.length for part in side) / max(rows, 1))
        if rows < _COLUMN_LINES or lengths[-1] < _COLUMN_CHARACTERS:
            return False
    if max(lengths) < characters:
        return False
    size = median(part.size for part in (*left, *right))
    overlap = min(left[0].y, right[0].y) - max(left[-1].y, right[-1].y)
    gap = min(part.x0 for part in right) - max(part.x1 for part in left)
    return gap >= _GUTTER * size and overlap > size


def _line(row: list[_Segment], flow: int) -> Line:
    """The segments at one height in a column, raised and lowered ones included, as a line."""
    row = sorted(row, key=lambda part: part.x0)
    words = sorted((word for part in row for word in part.words), key=lambda word: word.x0)
    size = commonest(((word.size, len(word.text)) for word in words), 0.0)
    base = median(word.y for word in words if word.size == size)
    notes = [is_raised_note(word.text, word.y, word.size, base, size) for word in words]
    kept = [word for word, note in zip(words, notes, strict=True) if not note] or words
    lettered = [word for word in kept if any(map(str.isalpha, word.text))] or kept
    return Line(
        " ".join(word.text for word in kept),
        kept[0].x0,
        max(word.x1 for word in kept),
        base,
        size,
        commonest(((word.weight, len(word.text)) for word in lettered), 0),
        all(word.italic for word in lettered),
        words[0].page,
        flow,
        1 + sum(after.x0 - before.x1 > _CELL_GAP * after.size for before, after in pairwise(row)),
        notes[0] or words[0].marked,
    )
