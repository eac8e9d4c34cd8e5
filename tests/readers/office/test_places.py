"""The order of boxes on a slide."""

from __future__ import annotations

import pytest

from fastsum.readers.office.places import Box, reading_order

COLUMNS = {"A head": (0, 0, 40, 10), "A": (0, 12, 40, 80), "B head": (50, 0, 90, 10), "B": (50, 12, 90, 80)}
ROWS = {"1": (0, 0, 8, 20), "one": (10, 0, 90, 20), "2": (0, 25, 8, 45), "two": (10, 25, 90, 45)}
BANDS = {"above": (0, 0, 90, 10), "left": (0, 15, 40, 60), "right": (45, 15, 90, 60), "below": (0, 65, 90, 75)}
OVERLAPPING = {"first": (0, 0, 90, 21), "second": (0, 20, 90, 41), "third": (0, 40, 90, 60)}


@pytest.mark.parametrize("boxes", [COLUMNS, ROWS, BANDS, OVERLAPPING])
def test_boxes_are_read_by_wide_columns_or_by_rows(boxes: dict[str, tuple[int, int, int, int]]) -> None:
    names = sorted(boxes, reverse=True)
    order = reading_order([Box(*boxes[name]) for name in names])
    assert [names[index] for index in order] == list(boxes)


def test_boxes_without_a_place_come_last() -> None:
    assert reading_order([None, Box(0, 50, 90, 60), Box(0, 0, 90, 10), None]) == [2, 1, 0, 3]
    assert reading_order([None, None]) == [0, 1]


def test_many_boxes_are_read_by_rows() -> None:
    boxes = [Box(column * 40, row, column * 40 + 30, row + 1) for row in range(400) for column in range(2)]
    assert reading_order(boxes) == list(range(800))
