"""The usual look of a document's text: size, weight and line pitch, against which headings and paragraphs are told."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from fastsum.readers.pages.words import Line, commonest, median

_SAME_SIZE = 0.06  # of the larger
_USUAL_PITCH = 1.2  # of the size, where there are too few lines to measure
_PITCHES = 5  # lines of one size, from which their pitch is measured
_PITCH_RANGE = 0.8, 2.2  # of the size
_DOUBLE_PITCH = 2.6  # of the size: the widest, between lines of text
_TEXT_CHARACTERS = 50  # of such a line: a shorter one may be an item of a list
_SLIDE_CHARACTERS = 45  # of a line: those of slides have fewer
_WIDE_PAGE = 1.2  # times as wide as it is high
_SLIDE_LETTERS = 600  # of a page
_SLIDE_WIDTH = 40  # times the size of the text
BOLD = 120  # heavier than most of the text; see Word.weight
LARGE = 1.1  # of the usual size
WIDE_PITCH = 1.35  # of the pitch: a larger one begins a paragraph
_WORDS = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")


def _lower(values: list[float]) -> float:
    """A value that a fifth are below: most lines of slides are apart, and only few are wrapped."""
    return sorted(values)[len(values) // 5]


def _are_slides(lines: list[Line], size: float) -> bool:
    """Whether half of the letters are in short lines, on pages that have no room for much longer ones, or the pages
    are wide and have few letters."""
    total = sum(len(line.text) for line in lines)
    wide = max(line.x1 for line in lines) > _WIDE_PAGE * max(line.y for line in lines)
    if wide and total < _SLIDE_LETTERS * len({line.page for line in lines}):
        return True
    short = sum(len(line.text) for line in lines if len(line.text) < _SLIDE_CHARACTERS)
    return 2 * short > total and max(line.x1 for line in lines) < _SLIDE_WIDTH * size


class Typography:
    """The usual size, weight and line pitch of a document's text, and its words."""

    def __init__(self, lines: list[Line]) -> None:
        self.size = commonest(((max(round(2 * line.size), 1) / 2, len(line.text)) for line in lines), 0.0)
        text = [line for line in lines if abs(line.size - self.size) <= 0.5]
        self.weight = commonest(((line.weight, len(line.text)) for line in text), 0)
        self.italic = commonest(((line.italic, len(line.text)) for line in text), False)
        pitches: dict[float, list[float]] = defaultdict(list)
        for above, line in pairwise(lines):
            fall = above.y - line.y
            least, most = _PITCH_RANGE
            if min(len(above.text), len(line.text)) >= _TEXT_CHARACTERS:
                most = _DOUBLE_PITCH
            if above.flow == line.flow and is_same_size(above, line) and least < fall / line.size < most:
                pitches[round(line.size)].append(fall)
        self.slides = _are_slides(lines, self.size)
        """Whether the pages are slides."""
        typical = _lower if self.slides else median
        self._pitches = {size: typical(found) for size, found in pitches.items() if len(found) >= _PITCHES}
        self.words: set[str] = set()
        cut = False
        for line in lines:
            words = _WORDS.findall(line.text.lower())
            ends_cut = line.text.endswith("-")
            self.words.update(words[int(cut) : len(words) - int(ends_cut)])
            cut = ends_cut

    def pitch(self, line: Line) -> float:
        """Distance from one baseline to the next, for lines of this size."""
        return self._pitches.get(round(line.size), _USUAL_PITCH * line.size)


def is_same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def is_bold(line: Line, usual: Typography) -> bool:
    return line.weight >= usual.weight + BOLD
