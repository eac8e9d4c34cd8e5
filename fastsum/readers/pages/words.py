"""The words and lines of a PDF's pages, with their coordinates, and what every step needs to know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar

BASELINE = 0.15  # of the size: words whose baselines differ by less are on one line
MUCH_LARGER = 2.0  # times the size of what is beside it: no letter with a raised or lowered one
SAME_LINE = 0.5  # of the size: segments of one column, raised and lowered ones included


class Word(NamedTuple):
    """A word and its coordinates, in points from the left and from the bottom of the page.

    On a page that is read from right to left, x counts from the right: text begins where x is small on every page.
    """

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
    marked: bool = False
    """Whether a raised number or sign comes before it, as before a footnote."""
    font: str = ""
    """The font's name in the file."""
    against: bool = False
    """Whether it is read against the direction of its page, as an English word on a Hebrew page."""


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
    starts: tuple[float, ...]
    """The x of each of them."""
    marked: bool
    """Whether it begins with a raised number or sign, as a note does."""
    aside: bool = False
    """Whether it stands in the margin, beside the text."""
    even: bool = False
    """Whether all gaps between its words are of one width, though wide: its words are spread over the column."""
    hang: float = 0.0
    """The x of the second word, where the first is as short as a bullet or a number; otherwise 0."""
    set_off: bool = False
    """Whether a gap wider than a space follows the first word."""
    odd: bool = False
    """Whether the first word is in another font than the second."""
    lead: int = 0
    """Number of characters of the bold words that it begins with, where the rest is not bold; otherwise 0."""
    group: int = 0
    """A number, from 1 on each page, for the columns side by side without sentences that it is in; 0 in text."""


class Segment(NamedTuple):
    """Words of one line without a wide gap between them."""

    words: list[Word]
    x0: float
    x1: float
    y: float
    size: float

    @property
    def length(self) -> int:
        """Number of characters."""
        return sum(len(word.text) for word in self.words)


class _Placed(Protocol):
    @property
    def y(self) -> float: ...
    @property
    def size(self) -> float: ...


_Part = TypeVar("_Part", bound=_Placed)
_Value = TypeVar("_Value")


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


def rows_of(parts: Iterable[_Part], tolerance: float) -> list[list[_Part]]:
    """Parts grouped by baseline, from the top down. Baselines may differ by `tolerance` * the larger size.

    Where one is much larger than the other, as a figure beside the two lines of its label, the smaller size counts:
    the two lines are not one.
    """
    rows: list[list[_Part]] = []
    largest: _Part | None = None
    for part in sorted(parts, key=lambda part: -part.y):
        if largest is not None and largest.y - part.y <= tolerance * _common_size(largest.size, part.size):
            rows[-1].append(part)
            largest = part if part.size > largest.size else largest
        else:
            rows.append([part])
            largest = part
    return rows


def _common_size(one: float, other: float) -> float:
    smaller, larger = (one, other) if one < other else (other, one)
    return larger if larger < MUCH_LARGER * smaller else smaller


def row_text(row: list[Segment]) -> str:
    """The text of the segments at one height."""
    return " ".join(word.text for segment in sorted(row, key=lambda part: part.x0) for word in segment.words)
