"""Lines that end although the next word had room: each is a line of its own, as in lists, addresses and forms."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from fastsum.readers.pages.typography import LARGE, WIDE_PITCH, Typography, is_bold, is_same_size
from fastsum.readers.pages.words import Line

_LEAST = 3  # lines that tell whether text is wrapped at their longest
_MOSTLY = 0.5  # of the lines of a block: as many have room where they are a list
_WIDE = 0.3  # of the width: room after a line that ends a paragraph without a stop, among lines that are wrapped
_SHORT = 50  # characters: the items of a list without capitals are no longer, as on slides
_SHORT_LINES = 0.6  # of the width of the column
_SAME_EDGE = 0.4  # of the size
_ROOM = 0.75  # of the size: a space, and how far letters differ in width
# The sentence goes on after these.
_GOES_ON = re.compile(
    r"(?:[,(\[/&–—-]|\b(?:a|about|after|all|an|and|any|are|as|at|be|because|been|before|between|both|but|by|can|could"
    r"|do|does|during|each|for|from|had|has|have|if|in|into|is|it|its|may|more|most|must|no|nor|not|of|on|or|other|our"
    r"|over|should|some|such|than|that|the|their|these|this|those|through|to|under|upon|very|was|were|when|which|while"
    r"|who|whose|will|with|would))\Z"
)


def separate_lines(lines: list[Line], left: float, right: float, usual: Typography) -> list[bool]:
    """Whether each line of a column, between `left` and `right`, is apart from the one above.

    Wrapped text fills its lines: the next word did not fit. Where half of the lines of a block end earlier, all that do
    are lines of their own, and so are all that begin or end in one word, as cells of a table do, or are much shorter
    than the column and begin with capitals or figures. Among wrapped lines it takes a wide room. A small letter begins
    a line of its own only where one begins the block.
    """
    apart = [False] * len(lines)
    first = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or not _continues(lines[index - 1], lines[index], usual):
            _mark(lines[first:index], left, right, apart, first)
            first = index
    if not usual.slides:
        return apart
    large = [is_bold(line, usual) or line.size > LARGE * usual.size for line in lines]  # one heading, unless indented
    return [hangs or (one and not two) for hangs, one, two in zip(_hanging_items(lines), apart, large, strict=True)]


def _hanging_items(lines: list[Line]) -> list[bool]:
    """Whether each line of a slide begins an item without a mark.

    It begins with a capital or a figure, and is left of the line above and not centred with it, or at an edge from
    which the lines that items go on in are further right.
    """
    edges = {
        round(above.x0)
        for above, line in pairwise(lines)
        if above.x0 + _SAME_EDGE * line.size < line.x0 < above.x1 and line.text[0].islower()
    }
    items = [False]
    for above, line in pairwise(lines):
        centred = abs((above.x0 + above.x1) - (line.x0 + line.x1)) < line.size
        left = line.x0 < above.x0 - _SAME_EDGE * line.size and not centred
        begins = (line.text[0].isupper() or line.text[0].isdecimal()) and not goes_on(above.text)
        items.append(begins and (left or round(line.x0) in edges))
    return items


def _continues(above: Line, line: Line, usual: Typography) -> bool:
    return (
        abs(above.x0 - line.x0) <= _SAME_EDGE * line.size
        and is_same_size(above, line)
        and 0 < above.y - line.y <= WIDE_PITCH * usual.pitch(line)
    )


def _mark(block: list[Line], left: float, right: float, apart: list[bool], first: int) -> None:
    """Mark the lines of a block, the first of which is at `first`, that are apart from the one above."""
    if len(block) < 2:
        return
    small = block[0].text[0].islower() and all(len(line.text) <= _SHORT for line in block)  # so are those of the list
    begins = [small or not line.text[0].islower() for line in block[1:]]
    edge = max(line.x1 for line in block) if len(block) >= _LEAST else right
    rooms = [_room(above, line, edge) for above, line in pairwise(block)]
    single = sum(room > 0 and begun for room, begun in zip(rooms, begins, strict=True))
    short = edge < left + _SHORT_LINES * (right - left)
    if not small and len(block) >= _LEAST and all(begins) and (short or _are_alike(block)):
        least = -math.inf
    elif len(block) >= _LEAST and single >= _MOSTLY * len(rooms):
        least = 0.0
    else:
        least = _WIDE * (edge - block[0].x0)
    for place, (room, begun) in enumerate(zip(rooms, begins, strict=True)):
        if begun and room > least and not goes_on(block[place].text):
            apart[first + place + 1] = True


def _are_alike(lines: list[Line]) -> bool:
    """Whether most lines begin or end in the same word."""
    return any(
        2 * Counter(line.text.split(" ")[place] for line in lines).most_common(1)[0][1] > len(lines)
        for place in (0, -1)
    )


def goes_on(text: str) -> bool:
    """Whether a text ends in a word or sign after which its sentence goes on."""
    return _GOES_ON.search(text) is not None


def has_room(above: Line, line: Line, right: float) -> bool:
    """Whether a line above ends although the first word of the next would have fitted, up to the right edge."""
    return _room(above, line, right) > 0 and not goes_on(above.text)


def _room(above: Line, line: Line, right: float) -> float:
    """How much is left of the line above after the first word of a line, whose width is estimated, in points."""
    first = (line.x1 - line.x0) * len(line.text.split(" ", 1)[0]) / len(line.text)
    return right - above.x1 - first - _ROOM * line.size
