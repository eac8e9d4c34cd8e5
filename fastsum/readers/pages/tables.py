"""Tables and tables of contents among the lines of a column."""

from __future__ import annotations

import re

from fastsum.readers.blocks import Omissions
from fastsum.readers.pages.words import Line

# Dots up to the number of a page, or more of them than an ellipsis at the end of a sentence has (". . . .").
_LEADERS = re.compile(r"(?:(?:\.\s?){4,}\s*|(?:\s\.){3,}\s+)[\divxlc]+\s*\Z|(?:\s\.){6,}")
_CELL_WORDS = 6
_AT_EDGE = 0.6  # of the size
_STOPPED = re.compile(r"[.?!:;…][\"”’»)\]]*\Z")


def without_tables(flow: list[Line], left: float, right: float, omissions: Omissions) -> list[Line]:
    """The lines of a column, between `left` and `right`, without tables and tables of contents."""
    if not any(line.cells > 1 or "." in line.text[-9:] for line in flow):
        return flow
    tabular: list[bool] = []
    for index, line in enumerate(flow):
        cells = line.cells > 1 and len(line.text.split()) <= _CELL_WORDS * line.cells
        if cells and line.even:
            cells = not _is_spread(line, flow[index - 1] if index and not tabular[-1] else None, left, right)
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


def _is_spread(line: Line, above: Line | None, left: float, right: float) -> bool:
    """Whether a line with even, wide gaps is text whose words are spread over the whole width of its column.

    Of two words, which a row of a table can have too, the line must go on from the one above.
    """
    if abs(line.x0 - left) > _AT_EDGE * line.size or abs(line.x1 - right) > _AT_EDGE * line.size:
        return False
    if not any(map(str.isalpha, line.text.rsplit(" ", 1)[-1])):
        return False
    goes_on = above is not None and abs(above.x1 - right) <= _AT_EDGE * line.size and not _STOPPED.search(above.text)
    return line.text[0].islower() or goes_on or line.text.count(" ") > 1
