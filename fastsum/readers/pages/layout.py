"""Words with coordinates to lines in reading order, column by column."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from fastsum.readers.pages.edges import margin_notes, without_edges, without_line_numbers
from fastsum.readers.pages.grids import groups_of
from fastsum.readers.pages.raised import is_note, without_notes
from fastsum.readers.pages.words import (
    BASELINE,
    SAME_LINE,
    Line,
    Segment,
    Word,
    commonest,
    median,
    rows_of,
)

_GAP = 0.9  # of the size: wider than a space, narrower than the gutter between columns
_CELL_GAP = 1.3
_GUTTER = 0.6
_STRAYS = 10  # of so many lines of a column, one may reach into the gutter
_CROSSING = 0.5  # weight of a letter that crosses a gutter, against one beside it
_GUTTERS = 3  # candidates that are tried
_APART = 20.0  # points
_EMPTY = 3.5  # of the size, from one baseline to the next: the page is empty in between
_ONE_SIZE = 0.5  # points
_COLUMN_LINES = 3
_COLUMN_CHARACTERS = 12  # of a line: fewer are bullets, line numbers or cells with numbers, not a column
_TEXT_CHARACTERS = 40  # of a line, in at least one of the columns between others: the lines of tables are shorter

_INITIAL = 1.6  # of the size of the text: a letter this large is an initial (drop cap)
_INITIAL_GAP = 1.5
_CAPITAL = 0.75  # of the size: the height of a capital

_OVER = 0.3  # of the size: lines of one column that overlap by more are one above the other, however close
_OVER_CHARACTERS = 25  # of each: shorter ones are cells and parts of formulas
_BETWEEN = 2.2  # of the size, from a line to the next of its column, with one of another column between them
_SPACE = 0.5  # of the size: a wider gap after a line's first word sets it off, as a bullet
_EVEN = 0.25  # of the size: gaps that differ by less are of one width
_HEADING_END = 2  # words
_HEAVIER = 120  # than the rest of the line; see Word.weight
_MARKER = 5  # characters of a bullet or number before an item


def lines_in_order(pages: Iterable[list[Word]]) -> list[Line]:
    """The lines of all pages in reading order, column by column, without running heads and feet and page numbers.

    Notes in the margin follow the other lines of their page.
    """
    pages = [without_line_numbers(words) for words in pages]
    vocabulary = {word.text.lower() for words in pages for word in words}
    segments = without_edges([_segments(_with_initials(words, vocabulary)) for words in pages])
    lines: list[Line] = []
    flow = 0
    for page in segments:
        text, margins = margin_notes(page)
        columns = _columns(text)
        for column, group in zip(columns, groups_of(columns), strict=True):
            rows = [_line(row, flow, group=group) for row in _lines_of(column)]
            outside = _outside(rows)
            lines += (line for line in rows if id(line) not in outside)
            flow += 1
            for line in rows:
                if id(line) in outside:
                    lines.append(line._replace(flow=flow))
                    flow += 1
        for margin in margins:
            lines += (_line(row, flow, aside=True) for row in _lines_of(margin))
            flow += 1
    return lines


def _outside(lines: list[Line]) -> set[int]:
    """The ids of the lines of a column that are wholly beside the two around them, between which the text goes on."""
    found: set[int] = set()
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        beside = line.x0 >= max(above.x1, below.x1) or line.x1 <= min(above.x0, below.x0)
        if (
            beside
            and abs(above.x0 - below.x0) <= _ONE_SIZE * above.size
            and abs(above.size - below.size) <= _ONE_SIZE
            and min(len(above.text), len(below.text)) >= _OVER_CHARACTERS
            and above.y - below.y <= _BETWEEN * above.size
        ):
            found.add(id(line))
    return found


def _with_initials(words: list[Word], vocabulary: set[str]) -> list[Word]:
    """The words of a page, with each initial (drop cap) joined to the first word of the first line beside it."""
    usual = commonest(((word.size, len(word.text)) for word in words), 0.0)
    for initial in [word for word in words if word.size >= _INITIAL * usual and len(word.text.strip("“\"'‘")) == 1]:
        beside = [
            word
            for word in words
            if abs(word.size - usual) <= 0.15 * usual
            and -0.5 * usual < word.x0 - initial.x1 < _INITIAL_GAP * usual
            and initial.y - BASELINE * usual < word.y < initial.y + _CAPITAL * initial.size
        ]
        if not initial.text[-1].isalpha() or len(rows_of(beside, SAME_LINE)) < 2:
            continue
        first = max(beside, key=lambda word: word.y)
        is_word = initial.text in "AI" and not first.text.isupper()
        apart = is_word and (initial.text + first.text).lower().strip(".,;:") not in vocabulary
        whole = first._replace(text=initial.text + " " * apart + first.text)
        words = [whole if word is first else word for word in words if word is not initial]
    return words


def _segments(words: list[Word]) -> list[Segment]:
    found = []
    for row in rows_of(words, BASELINE):
        row.sort(key=lambda word: word.x0)
        first = 0
        for index in range(1, len(row) + 1):
            if index == len(row) or row[index].x0 - row[index - 1].x1 > _GAP * row[index].size:
                part = row[first:index]
                size = max(word.size for word in part)
                found.append(Segment(part, part[0].x0, max(word.x1 for word in part), part[0].y, size))
                first = index
    return found


def _columns(segments: list[Segment], characters: int = 0) -> list[list[Segment]]:
    """Split segments into columns, in reading order.

    Of two columns, at least one has lines of `characters` or more. What crosses a gutter comes after all columns above
    it, and before all columns below it.
    """
    for gutter in _gutters(segments):
        flows: list[list[Segment]] = []
        between: list[Segment] = []  # can have columns of its own, such as an abstract beside its keywords
        for band in _whole_columns(_bands(segments, gutter), gutter):
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


def _bands(segments: list[Segment], gutter: float) -> list[list[Segment]]:
    """Runs of segments, from the top down, that all cross a gutter or all do not; a wide empty space ends a run."""
    bands: list[list[Segment]] = []
    crossed = None
    above: Segment | None = None
    for part in sorted(segments, key=lambda part: -part.y):
        crosses = part.x0 < gutter < part.x1
        if crosses != crossed or above is None or above.y - part.y > _EMPTY * max(above.size, part.size):
            bands.append([])
        bands[-1].append(part)
        crossed, above = crosses, part
    return bands


def _whole_columns(bands: list[list[Segment]], gutter: float) -> list[list[Segment]]:
    """The bands; one that has lines in one column only, beside a picture, is joined to the columns next to it."""
    whole: list[list[Segment]] = []
    for band in bands:
        if whole and _same_columns(whole[-1], band, gutter):
            whole[-1] = whole[-1] + band
        else:
            whole.append(band)
    return whole


def _same_columns(one: list[Segment], other: list[Segment], gutter: float) -> bool:
    """Whether two bands have a column in common, and one of them has nothing else."""
    for band in (one, other):
        if any(part.x0 < gutter < part.x1 for part in band):
            return False
    for narrow, wide in ((one, other), (other, one)):
        left = narrow[0].x1 <= gutter
        side = [part for part in wide if (part.x1 <= gutter) == left]
        if (
            len(narrow) >= _COLUMN_LINES
            and all((part.x1 <= gutter) == left for part in narrow)
            and len(side) >= _COLUMN_LINES
            and abs(median(part.size for part in side) - median(part.size for part in narrow)) <= _ONE_SIZE
            and abs(median(part.x0 for part in side) - median(part.x0 for part in narrow)) <= narrow[0].size
            and sum(part.length for part in narrow) >= _COLUMN_CHARACTERS * len(narrow)
        ):
            return True
    return False


def _gutters(segments: list[Segment]) -> list[float]:
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


def _are_columns(left: list[Segment], right: list[Segment], characters: int) -> bool:
    """Whether the two sides of a gutter are columns of text side by side.

    The lines of the wider column have `characters` or more, on average.
    """
    lengths = []
    for side in (left, right):
        rows = len(rows_of(side, SAME_LINE))
        lengths.append(sum(part.length for part in side) / max(rows, 1))
        if rows < _COLUMN_LINES or lengths[-1] < _COLUMN_CHARACTERS:
            return False
    if max(lengths) < characters:
        return False
    size = median(part.size for part in (*left, *right))
    overlap = min(left[0].y, right[0].y) - max(left[-1].y, right[-1].y)
    strays = len(left) // _STRAYS, len(right) // _STRAYS
    gap = sorted(part.x0 for part in right)[strays[1]] - sorted(part.x1 for part in left)[-1 - strays[0]]
    return gap >= _GUTTER * size and overlap > size


def _lines_of(column: list[Segment]) -> list[list[Segment]]:
    """The segments of each line of a column, with raised and lowered ones; two that are one above the other are two."""
    lines: list[list[Segment]] = []
    for row in rows_of(column, SAME_LINE):
        if len(row) == 1 or not _overlap(row):
            lines.append(row)
            continue
        apart: list[list[Segment]] = []
        for part in row:
            if apart and not _overlap([*apart[-1], part]):
                apart[-1].append(part)
            else:
                apart.append([part])
        lines += apart
    return lines


def _overlap(row: list[Segment]) -> bool:
    """Whether some long segments with different baselines are one above the other."""
    ordered = sorted(row, key=lambda part: part.x0)
    return any(
        before.x1 - after.x0 > _OVER * min(before.size, after.size)
        and abs(before.y - after.y) > BASELINE * max(before.size, after.size)
        and min(before.length, after.length) >= _OVER_CHARACTERS
        for before, after in pairwise(ordered)
    )


def _line(row: list[Segment], flow: int, aside: bool = False, group: int = 0) -> Line:
    """The segments at one height in a column, with raised and lowered ones, as a line."""
    row = sorted(row, key=lambda part: part.x0)
    words = sorted((word for part in row for word in part.words), key=lambda word: word.x0)
    size = commonest(((word.size, len(word.text)) for word in words), 0.0)
    base = median(word.y for word in words if word.size == size)
    marked = words[0].marked or is_note(words[0], words[1:2], base, size)
    kept = without_notes(words, base, size)
    lettered = [word for word in kept if any(map(str.isalpha, word.text))] or kept
    weight = commonest(((word.weight, len(word.text)) for word in lettered), 0)
    end = max(word.weight for word in lettered[-_HEADING_END:])
    weight = end if end + _HEAVIER <= weight else weight  # a heading is bold to its end
    gaps = [after.x0 - before.x1 for before, after in pairwise(kept)]
    set_off = bool(gaps) and gaps[0] > _SPACE * size
    wide = [after.x0 - before.x1 > _CELL_GAP * after.size for before, after in pairwise(row)]
    if set_off and wide and wide[0] and len(row[0].words) == 1 and _is_marker(kept[0].text):
        wide[0] = False  # the gap after a bullet or "(a)" parts no cells
    return Line(
        _in_reading_order(kept),
        kept[0].x0,
        max(word.x1 for word in kept),
        base,
        size,
        weight,
        all(word.italic for word in lettered),
        words[0].page,
        flow,
        1 + sum(wide),
        (row[0].x0, *(part.x0 for part, is_wide in zip(row[1:], wide, strict=True) if is_wide)),
        marked,
        aside,
        bool(gaps) and any(wide) and max(gaps) - min(gaps) <= _EVEN * size,
        kept[1].x0 if gaps and len(kept[0].text) <= _MARKER else 0.0,
        set_off,
        len(kept) > 1 and kept[0].font != kept[1].font,
        _lead(kept, weight),
        group,
    )


def _is_marker(text: str) -> bool:
    """Whether a word looks like the bullet or the number of an item."""
    return len(text) <= _MARKER and not text.isdecimal() and (len(text) == 1 or text[-1] in ".)]")


def _lead(words: list[Word], weight: int) -> int:
    """The number of characters of the bold words at a line's beginning, if the others are not bold."""
    if words[0].weight < weight + _HEAVIER and words[-1].weight + _HEAVIER > words[0].weight:
        return 0
    heavy = [word.weight >= words[0].weight - _HEAVIER // 2 for word in words]
    count = heavy.index(False) if False in heavy else len(words)
    light = max((word.weight for word in words[count:]), default=words[0].weight)
    if light + _HEAVIER > words[0].weight:
        return 0
    return len(" ".join(word.text for word in words[:count]))


def _in_reading_order(words: list[Word]) -> str:
    """The text of a line; runs of words against the direction of the page are turned."""
    if any(word.against for word in words):
        ordered: list[Word] = []
        first = 0
        for index in range(1, len(words) + 1):
            if index == len(words) or words[index].against != words[first].against:
                run = words[first:index]
                ordered += reversed(run) if run[0].against else run
                first = index
        words = ordered
    return " ".join(word.text for word in words)
