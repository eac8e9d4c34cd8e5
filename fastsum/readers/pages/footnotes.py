"""Footnotes of a PDF's pages: at the end of a column, smaller than the text or marked, or above a table."""

from __future__ import annotations

import re

from fastsum.readers.blocks import Omissions
from fastsum.readers.pages.typography import LARGE, WIDE_PITCH, Typography, is_same_size
from fastsum.readers.pages.words import Line

# Sizes are shares of the usual font size of the document.
_NOTE_SIZE = 0.93
_NOTES_BELOW = 0.85  # of the height of the page's text: where notes begin
_NOTE_LINES = 14  # of notes that no raised number or sign marks
_TEXT_BELOW = 3  # lines of text: a note does not have that many below it
_TEXT_CHARACTERS = 20  # of each
_SMALL_WORDS = 0.5  # of all words: names, addresses and most titles have fewer
_MIDDLE = 0.7  # of the height of the first line: where notes in the size of the text begin, or lower
_WORD = re.compile(r"[^\W\d_]{2,}")


def text_of_page(lines: list[Line], usual: Typography) -> list[Line]:
    """The lines of a page that are as large as the text of the document, or larger."""
    return [line for line in lines if line.size > _NOTE_SIZE * usual.size]


def without_footnotes(flow: list[Line], text: list[Line], usual: Typography, omissions: Omissions) -> list[Line]:
    """A column without its footnotes, which are added to `omissions`; `text` is what `text_of_page` gives."""
    return _without_inner(_without_last(flow, text, usual, omissions), usual, omissions)


def _without_last(flow: list[Line], text: list[Line], usual: Typography, omissions: Omissions) -> list[Line]:
    """A column without the footnotes at its end.

    They are smaller than the page's text, have none of it below them, and are marked, or set apart and no longer than
    it is.
    """
    first = len(flow)
    while first and flow[first - 1].size <= _NOTE_SIZE * usual.size:
        first -= 1
    if first == len(flow):
        first = _first_large(flow, usual)
    if first == len(flow) or flow[first].aside:
        return flow
    note = flow[first]
    if first + 1 < len(flow) and not any(map(str.isalnum, note.text)):
        note = note._replace(marked=flow[first + 1].marked)  # a rule of dashes above the notes
    below = (line for line in text if line.y < note.y and line.x0 < note.x1 and note.x0 < line.x1)
    if sum(1 for _ in below) >= _TEXT_BELOW and not (
        note.marked and _is_text(flow[max(0, first - _TEXT_BELOW) : first])
    ):
        return flow  # an abstract above the columns of the text
    low = note.y < _NOTES_BELOW * max(line.y for line in text or flow) and len(flow) - first <= _NOTE_LINES
    apart = first > 0 and flow[first - 1].y - note.y > WIDE_PITCH * usual.pitch(flow[first - 1])
    notes = " ".join(line.text for line in flow[first:])
    body = sum(len(line.text) for line in text if line.size <= LARGE * usual.size)
    if not (note.marked or (apart and low and body >= len(notes))):
        return flow
    omissions.add("footnotes", notes)
    return flow[:first]


def _first_large(flow: list[Line], usual: Typography) -> int:
    """The index of the first footnote in the size of the text, at the end of a column: marked, and set apart.

    A rule that is drawn with dashes above it goes with it.
    """
    for index in range(len(flow) - 1, _TEXT_BELOW - 1, -1):
        line, above = flow[index], flow[index - 1]
        rule = not any(map(str.isalnum, above.text))
        if line.marked and (rule or above.y - line.y > WIDE_PITCH * usual.pitch(line)):
            first = index - rule
            if _is_text(flow[first - _TEXT_BELOW : first]) and line.y < _MIDDLE * flow[0].y:
                return min(first, _first_large(flow[:first], usual))
    return len(flow)


def _is_text(lines: list[Line]) -> bool:
    """Whether lines are some of the text, not names or a title."""
    if len(lines) < _TEXT_BELOW or sum(len(line.text) >= _TEXT_CHARACTERS for line in lines) < _TEXT_BELOW - 1:
        return False
    words = [word for line in lines for word in _WORD.findall(line.text)]
    return sum(map(str.islower, words)) >= _SMALL_WORDS * len(words)


def _without_inner(flow: list[Line], usual: Typography, omissions: Omissions) -> list[Line]:
    """A column without the marked footnotes that more of the page stands below, as a table over all columns."""
    kept: list[Line] = []
    notes: list[Line] = []
    for line in flow:
        if line.size > _NOTE_SIZE * usual.size:
            notes = []
        elif line.marked and (notes or _is_text(kept[-_TEXT_BELOW:])):
            omissions.add("footnotes", line.text)
            notes.append(line)
            continue
        elif notes and is_same_size(notes[0], line) and notes[-1].y - line.y <= WIDE_PITCH * usual.pitch(line):
            omissions.add("footnotes", line.text, count=0)
            notes.append(line)
            continue
        else:
            notes = []
        kept.append(line)
    return kept
