"""Tables and tables of contents among the lines of a column."""

from __future__ import annotations

import re
from itertools import groupby

from fastsum.readers.blocks import Omissions, is_prose
from fastsum.readers.pages.grids import has_sentences
from fastsum.readers.pages.words import Line

# Dots up to the number of a page, or more of them than an ellipsis at the end of a sentence has (". . . .").
_LEADERS = re.compile(r"(?:(?:\.\s?){4,}\s*|(?:\s\.){3,}\s+)[\divxlc]+\s*\Z|(?:\s\.){6,}")
_CELL_WORDS = 6
_AT_EDGE = 0.6  # of the size
_ONE_SIZE = 0.5  # points
_SHORT = 0.12  # of the column's width
_NEXT_LINE = 1.6  # of the size, from one baseline to the next
_NEXT_IN_CELL = 2.6  # of the size
_WORD = re.compile(r"(?<![^\s(])[a-z]{2,}(?![^\s,.;:?!)])")
_WORDS = 3
_STOPPED = re.compile(r"[.?!:;…][\"”’»)\]]*\Z")


def without_grids(lines: list[Line], omissions: Omissions) -> list[Line]:
    """The lines of a document without those of columns side by side that are no text, unless it has little else."""
    grids = [line for line in lines if line.group]
    if not grids or 2 * sum(len(line.text) for line in grids) > sum(len(line.text) for line in lines):
        return lines
    for _, grid in groupby(grids, key=lambda line: (line.page, line.group)):
        omissions.add("tables", " ".join(line.text for line in grid))
    return [line for line in lines if not line.group]


def without_tables(flow: list[Line], left: float, right: float, omissions: Omissions) -> list[Line]:
    """The lines of a column, between `left` and `right`, without tables and tables of contents."""
    if not any(line.cells > 1 or "." in line.text[-9:] for line in flow):
        return flow
    tabular: list[bool] = []
    for index, line in enumerate(flow):
        cells = line.cells > 1 and len(line.text.split()) <= _CELL_WORDS * line.cells
        if cells:
            above = flow[index - 1] if index and not tabular[-1] else None
            cells = not (_goes_on(line, above, left, right) or (line.even and _is_spread(line, above, left, right)))
        tabular.append(cells)
    for index in range(1, len(flow)):
        for row, other in ((index - 1, index), (index, index - 1)):
            if tabular[row] and not tabular[other] and _is_like(flow[other], flow[row]):
                tabular[other] = True  # however long its cells are
    entries = _entries(flow)
    tables = _tables(flow, tabular)
    kept = []
    inside = False
    for line, is_entry, is_row in zip(flow, entries, tables, strict=True):
        if is_entry:
            omissions.add("entries of contents", line.text)
        elif is_row:
            omissions.add("tables", line.text, count=0 if inside else 1)
            inside = True
            continue
        else:
            kept.append(line)
        inside = False
    return kept


def _is_like(line: Line, row: Line) -> bool:
    """Whether the cells of a line begin where those of a row do."""
    return (
        line.cells == row.cells > 1
        and all(
            abs(one - other) <= _AT_EDGE * line.size for one, other in zip(line.starts[1:], row.starts[1:], strict=True)
        )
        and not is_prose(line.text)
    )


def _entries(flow: list[Line]) -> list[bool]:
    """Whether each line is an entry of contents; beside one, two dots are leaders too."""
    entries = [_LEADERS.search(line.text) is not None for line in flow]
    for index, line in enumerate(flow):
        if line.text.endswith(". .") and any(entries[max(0, index - 1) : index + 2]):
            entries[index] = True
    return entries


def _tables(flow: list[Line], tabular: list[bool]) -> list[bool]:
    """Whether each line is in a table: two rows or more, or one of three cells, with the lines that their cells go on
    in; `tabular` says which lines may be rows."""
    member = list(tabular)
    for index, line in enumerate(flow):
        if not tabular[index]:
            continue
        end = index + 1
        while end < len(flow) and not tabular[end] and _is_in_cell(flow[end], flow[end - 1], line):
            end += 1
        cells = " ".join(below.text for below in flow[index + 1 : end])
        if not is_prose(cells) and not has_sentences(cells):
            member[index + 1 : end] = [True] * (end - index - 1)
    for index in range(1, len(flow) - 1):
        if member[index - 1] and member[index + 1] and not member[index]:
            member[index] = _is_cell(flow[index], flow[index - 1], flow[index + 1])
    first = 0
    for is_member, run in groupby(list(member)):
        end = first + len(list(run))
        rows = [index for index in range(first, end) if tabular[index]]
        if is_member and len(rows) == 1:
            member[first:end] = [index == rows[0] and flow[index].cells > 2 for index in range(first, end)]
        first = end
    return member


def _is_in_cell(line: Line, above: Line, row: Line) -> bool:
    """Whether a line below a row of a table is one of a cell that is not the row's first."""
    return (
        line.cells == 1
        and abs(line.size - row.size) <= _ONE_SIZE
        and 0 < above.y - line.y <= _NEXT_IN_CELL * line.size
        and any(abs(line.x0 - start) <= _AT_EDGE * line.size for start in row.starts[1:])
    )


def _is_cell(line: Line, above: Line, below: Line) -> bool:
    """Whether a line between two of a table is a cell of it."""
    return (
        len(line.text.split()) <= _CELL_WORDS
        and abs(line.size - above.size) <= _ONE_SIZE
        and above.y - below.y <= 2 * _NEXT_LINE * line.size
        and not _STOPPED.search(line.text)
    )


def _goes_on(line: Line, above: Line | None, left: float, right: float) -> bool:
    """Whether a line with gaps, as around the signs of a formula, is the next one of the sentence above it."""
    if above is None or _STOPPED.search(above.text) or abs(line.size - above.size) > _ONE_SIZE:
        return False
    if above.x1 < right - _SHORT * (right - left) or abs(line.x0 - left) > _AT_EDGE * line.size:
        return False
    return above.y - line.y <= _NEXT_LINE * line.size and len(_WORD.findall(line.text)) >= _WORDS


def _is_spread(line: Line, above: Line | None, left: float, right: float) -> bool:
    """Whether a line with even, wide gaps is text whose words are spread over the whole width of its column, or of the
    line above.

    Of two words, which a row of a table can have too, the line must go on from the one above.
    """
    edges = [(left, right)] if above is None else [(left, right), (above.x0, above.x1)]
    near = _AT_EDGE * line.size
    right = next((end for start, end in edges if abs(line.x0 - start) <= near and abs(line.x1 - end) <= near), 0.0)
    if not right:
        return False
    if not any(map(str.isalpha, line.text.rsplit(" ", 1)[-1])):
        return False
    goes_on = above is not None and abs(above.x1 - right) <= _AT_EDGE * line.size and not _STOPPED.search(above.text)
    return line.text[0].islower() or goes_on or line.text.count(" ") > 1
