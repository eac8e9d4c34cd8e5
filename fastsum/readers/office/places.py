"""The order in which the boxes on a slide are read: by columns where they are wide, otherwise by rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

_MOST_CUT = 300  # boxes; more are sorted by rows
_WIDE = 0.15  # of the slide's width: a narrower column has the numbers or icons of the rows beside it
_OVERLAP = 0.02  # of the slide's width, that boxes of different rows or columns may have


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def reading_order(boxes: Sequence[Box | None]) -> list[int]:
    """The indices of boxes in reading order; those without a place come last."""
    placed = [(index, box) for index, box in enumerate(boxes) if box is not None]
    lost = [index for index, box in enumerate(boxes) if box is None]
    if not placed:
        return lost
    width = max(box.right for _, box in placed) - min(box.left for _, box in placed)
    return [index for index, _ in _ordered(placed, width)] + lost


_Placed = tuple[int, Box]


def _ordered(placed: list[_Placed], width: float) -> list[_Placed]:
    by_rows = sorted(placed, key=lambda each: (each[1].top, each[1].left))
    if not 1 < len(placed) <= _MOST_CUT:
        return by_rows
    columns = _parted(placed, lambda box: (box.left, box.right), _OVERLAP * width)
    wide = all(max(box.right for _, box in part) - min(box.left for _, box in part) > _WIDE * width for part in columns)
    rows = _parted(placed, lambda box: (box.top, box.bottom), _OVERLAP * width)
    parts = columns if len(columns) > 1 and (wide or len(rows) == 1) else rows
    if len(parts) == 1:
        return by_rows
    return [each for part in parts for each in _ordered(part, width)]


def _parted(placed: list[_Placed], span: Callable[[Box], tuple[float, float]], overlap: float) -> list[list[_Placed]]:
    """The boxes in groups that lie beside each other in one direction."""
    parts: list[list[_Placed]] = []
    end = float("-inf")
    for each in sorted(placed, key=lambda each: span(each[1])):
        first, last = span(each[1])
        if not parts or first < end - overlap:
            parts = parts or [[]]
        else:
            parts.append([])
        parts[-1].append(each)
        end = max(end, last)
    return parts
