"""Words with coordinates to lines in reading order: finds columns, leaves out running heads and page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeVar

_BASELINE = 0.15  # of the size: words whose baselines differ by less are on one line
_GAP = 0.9  # of the size: wider than a space, narrower than the gutter between columns
_CELL_GAP = 1.3
_GUTTER = 0.6
_SAME_LINE = 0.5
_CROSSING = 0.5  # weight of a letter that crosses a gutter, against one beside it
_GUTTERS = 3  # candidates that are tried
_APART = 20.0  # points
_EMPTY = 3.5  # of the size, from one baseline to the next: the page is empty in between
_COLUMN_LINES = 3
_COLUMN_CHARACTERS = 12  # of a line: fewer are bullets, line numbers or cells with numbers, not a column
_TEXT_CHARACTERS = 40  # of a line, in at least one of the columns between others: the lines of tables are shorter

_SMALL = 0.85  # of the size of the rest of the line
_RAISED = 0.15  # of that size
_NOTE = re.compile(r"[\d,–*∗†‡§¶‖]+")  # small and raised, these point to a note or a reference

_LINE_NUMBERS = 5  # the least on a page with numbered lines
_LINE_NUMBERS_IN_STEP = 0.8  # share that follows the one above by the same step
_MARGIN_SHARE = 0.01  # of a page's words: as many may be in the margin with line numbers
_INITIAL = 1.6  # of the size of the text: a letter this large is an initial (drop cap)
_INITIAL_GAP = 1.5
_CAPITAL = 0.75  # of the size: the height of a capital

_EDGE_ROWS = 3  # rows at the top and at the foot of a page that can repeat on other pages
_SAME_HEIGHT = 4.0  # points
_SLOT_PAGES = 4
_SLOT_GAP = 1.8  # of the size, between a running head or foot and the text
_SLOT_WORDS = 15
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.?|seite)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/|von|\|)\s*\d{1,4})?\W*", re.IGNORECASE
)


def is_raised_note(text: str, y: float, size: float, line_y: float, line_size: float) -> bool:
    """Whether a text is a small raised number or sign that points to a note."""
    return size < _SMALL * line_size and y > line_y + _RAISED * line_size and _NOTE.fullmatch(text) is not None


class Word(NamedTuple):
    """A word and its coordinates, in points from the left and from the bottom of the page."""

    text: str
    x0: float
    x1: float
    y: float
    """The baseline."""
    size: float
    weight: int
    """Of the font: 400 is regular, 700 is bold."""
    italic: bool
    page: int
    marked: bool
    """Whether a raised number or sign comes before it, as before a footnote."""


class _Placed(Protocol):
    @property
    def y(self) -> float: ...
    @property
    def size(self) -> float: ...


_Part = TypeVar("_Part", bound=_Placed)
_Value = TypeVar("_Value")


class Line(NamedTuple):
    """A line of a column; coordinates as for a word."""

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
    """A number for each column, and for each stretch of text between columns."""
    cells: int
    """Number of parts with wide gaps between them, as in a row of a table."""
    marked: bool
    """Whether it begins with a raised number or sign, as a note does."""


class _Segment(NamedTuple):
    """Words of one line without a wide gap between them."""

    words: list[Word]
    x0: float
    x1: float
    y: float
    size: float

    @property
    def length(self) -> int:
        return sum(len(word.text) for word in self.words)


def median(values: Iterable[float]) -> float:
    """As `statistics.median`, whose import takes 3 % of the time of reading a PDF of one page."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def commonest(counted: Iterable[tuple[_Value, int]], default: _Value) -> _Value:
    """The value with the highest total count."""
    totals: Counter[_Value] = Counter()
    for value, count in counted:
        totals[value] += count
    return max(totals, key=totals.__getitem__, default=default)


def lines_in_order(pages: Iterable[list[Word]]) -> list[Line]:
    """The lines of all pages in reading order, column by column, without running heads and feet and page numbers."""
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


def _with_initials(words: list[Word], vocabulary: set[str]) -> list[Word]:
    """The words of a page, with each initial (drop cap) joined to the first word of the first line beside it."""
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
        for index in range(1, len(row) + 1):
            if index == len(row) or row[index].x0 - row[index - 1].x1 > _GAP * row[index].size:
                part = row[first:index]
                size = max(word.size for word in part)
                found.append(_Segment(part, part[0].x0, max(word.x1 for word in part), part[0].y, size))
                first = index
    return found


def _rows(parts: Iterable[_Part], tolerance: float) -> list[list[_Part]]:
    """Parts grouped by baseline, from the top down. Baselines may differ by `tolerance` * the larger size."""
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
    """The pages without rows that repeat at the top or foot, and without page numbers."""
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
            for index, row in enumerate(edges[number, head]):
                slot = slots[head, round(row[0].y / _SAME_HEIGHT)]
                repeats = any(
                    other != number and abs(y - row[0].y) <= _SAME_HEIGHT for other, y in heights[head, _pattern(row)]
                )
                numbered = _PAGE_NUMBER.fullmatch(_text(row)) is not None
                in_slot = index == 0 and slot >= _SLOT_PAGES and 2 * slot >= len(pages)
                if not (repeats or numbered or (in_slot and _is_small(row, usual))):
                    break
                gone.update(map(id, row))
        kept.append([segment for segment in page if id(segment) not in gone])
    return kept


def _is_apart(rows: list[list[_Segment]], usual: float) -> bool:
    """Whether the first row is small and well apart from the second."""
    return len(rows) > 2 and _is_small(rows[0], usual) and abs(rows[0][0].y - rows[1][0].y) > _SLOT_GAP * usual


def _is_small(row: list[_Segment], usual: float) -> bool:
    words = sum(len(segment.words) for segment in row)
    return words <= _SLOT_WORDS and max(segment.size for segment in row) <= 1.05 * usual


def _pattern(row: list[_Segment]) -> str:
    return re.sub(r"\d+", "#", _text(row).casefold())


def _text(row: list[_Segment]) -> str:
    return " ".join(word.text for segment in sorted(row, key=lambda part: part.x0) for word in segment.words)


def _columns(segments: list[_Segment], characters: int = 0) -> list[list[_Segment]]:
    """Split segments into columns, in reading order.

    Of two columns, at least one has lines of `characters` or more. What crosses a gutter comes after all columns above
    it, and before all columns below it.
    """
    for gutter in _gutters(segments):
        flows: list[list[_Segment]] = []
        between: list[_Segment] = []  # can have columns of its own, such as an abstract beside its keywords
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
    """Runs of segments, from the top down, that all cross a gutter or all do not; a wide empty space ends a run."""
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
    """The x of likely gutters, the best first: much text is on both sides of each, and little crosses it."""
    by_left = sorted(segments, key=lambda part: part.x0)
    by_right = sorted(segments, key=lambda part: part.x1)
    total = sum(part.length for part in segments)
    before = passed = index = 0
    scores: dict[float, float] = {}
    for part in by_left:
        x = part.x0 - 0.1
        while by_right[index].x1 <= x:
            before += by_right[index].length
            index += 1
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
    """Whether the two sides of a gutter are columns of text side by side.

    The lines of the wider column have `characters` or more, on average.
    """
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
    """The segments at one height in a column, with raised and lowered ones, as a line."""
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
