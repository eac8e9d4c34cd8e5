"""Tables and tables of contents among the lines of a column."""

from __future__ import annotations

import re

from fastsum.readers.blocks import Omissions
from fastsum.readers.pages.words import Line

# Dots up to the number of a page, or more of them than an ellipsis at the end of a sentence has (". . . .").
_LEADERS = re.compile(r"(?:(?:\.\s?){4,}\s*|(?:\s\.){3,}\s+)[\divxlc]+\s*\Z|(?:\s\.){6,}")
_CELL_WORDS = 6
_AT_EDGE = 0.6  # of the size
_ONE_SIZE = 0.5  # points
_SHORT = 0.12  # of the column's width
_NEXT_LINE = 1.6  # of the size, from one baseline to the next
_WORD = re.compile(r"(?<![^\s(])[a-z]{2,}(?![^\s,.;:?!)])")
_WORDS = 3
_STOPPED = re.compile(r"[.?!:;…][\"”’»)\]]*\Z")


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
    beside = [False, *tabular, False]
    kept = []
    inside = False
    for index, line in enumerate(flow):
        if _LEADERS.search(line.text):
            omissions.add("entries of contents", line.text)
        elif tabular[index] and (line.cells > 2 or beside[index] or beside[index + 2]):
            omissions.add("tables", line.text, count=0 if inside else 1)
            inside = True
            continue
        else:
            kept.append(line)
        inside = False
    return kept


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
