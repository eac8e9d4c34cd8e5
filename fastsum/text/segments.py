"""The segments of a clean text: what lies between hard boundaries, as character spans, headings marked.

Blank lines, Markdown headings, list items and lines broken on purpose are boundaries; lines of hard-wrapped text are
joined. What these rules are worth: see `sentences`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

MAX_HEADING_WORDS = 12
MAX_WRAPPED_WIDTH = 200  # characters; a longer line is a paragraph
MIN_WRAPPED_WIDTH = 50  # in a text that has such lines too; shorter ones are headings and the like

CLOSERS = "\"'”’»)]"
"""Quotes and brackets that can follow the stop of a sentence."""
_BEHIND_STOPS = f"{CLOSERS}*_"
LETTER = re.compile(r"[^\W\d_]")
ITEM = re.compile(r"\s*(?:[-*+•‣◦▪·–—]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s+(?=\S)|\s*\||\s*>|\s*(?:```|~~~)")
_WORD_CHARACTER = re.compile(r"\w")
_ATX = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_SETEXT = re.compile(r"\s{0,3}(?:=+|-{2,})\s*")
_NUMBERED = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,4})\.\s+[A-Z]\S*(?:\s+\S+){0,5}\s*")


class Segment(NamedTuple):
    """Characters `start` to `end` of the clean text."""

    start: int
    end: int
    is_heading: bool


def has_ended(line: str, stops: str = ".?!…;,。！？") -> bool:
    """Whether one of these stops is at the end of a line, or behind it only quotes, brackets and Markdown's marks: no
    more than three, the white space at its end not counted."""
    last = line.rstrip()[-4:].rstrip(_BEHIND_STOPS)[-1:]
    return last != "" and last in stops


def segments(text: str) -> list[Segment]:
    """The segments of a text in order; white space at their ends is not removed."""
    lines = []
    start = 0
    for raw in text.split("\n"):
        lines.append((start, raw))
        start += len(raw) + 1
    joins = _line_joiner([raw for _, raw in lines])
    found: list[tuple[int, int, bool, bool]] = []  # start, end, looks like a heading, marked as one
    first = 0
    for number, (offset, raw) in enumerate(lines):
        if number + 1 < len(lines) and joins(number):
            continue
        begin, end = lines[first][0], offset + len(raw)
        single = first == number
        first = number + 1
        if not text[begin:end].strip():
            continue
        if single and found and _SETEXT.fullmatch(raw):
            if found[-1][1] + 1 == begin and not found[-1][3]:
                found[-1] = (*found[-1][:2], True, True)
            found.append((begin, end, True, True))
            continue
        marked = single and (_ATX.match(raw) is not None or not _WORD_CHARACTER.search(raw))
        found.append((begin, end, marked or (single and is_heading(raw)), marked))
    # Short lines without a full stop are headings only where there is prose for them to head.
    prose = any(not heading for _, _, heading, _ in found)
    return [
        Segment(begin, end, marked or (heading and prose and number < len(found)))
        for number, (begin, end, heading, marked) in enumerate(found, start=1)
    ]


def is_heading(line: str) -> bool:
    """Whether a line that stands alone is a heading: marked with #, or at most 12 words without closing punctuation."""
    if _ATX.match(line):
        return True
    return (
        len(line) < 30 * MAX_HEADING_WORDS
        and 0 < len(line.split()) <= MAX_HEADING_WORDS
        and LETTER.search(line) is not None
        and (not ITEM.match(line) or _NUMBERED.fullmatch(line) is not None)
        and not has_ended(line)
    )


def _line_joiner(lines: list[str]) -> Callable[[int], bool]:
    """Whether line i continues in line i + 1: the text is hard-wrapped and the next word did not fit.

    A run of lines without a blank one that has a line too long to be wrapped is not hard-wrapped: its lines are
    paragraphs.
    """
    whole = _unwrapped(lines)
    lengths = sorted(len(line.rstrip()) for line, alone in zip(lines, whole, strict=True) if line.strip() and not alone)
    if len(lengths) < 2:
        return lambda _: False
    width = lengths[int(0.9 * (len(lengths) - 1))] if len(lengths) >= 10 else lengths[-1]
    followed = [lines[i] for i, after in enumerate(lines[1:]) if lines[i].strip() and after.strip() and not whole[i]]
    closed = sum(has_ended(line, ".?!…:;。！？") for line in followed)
    if (any(whole) and width < MIN_WRAPPED_WIDTH) or 2 * closed > len(followed):
        return lambda _: False
    structural = [
        not line.strip() or alone or bool(_ATX.match(line) or _SETEXT.fullmatch(line))
        for line, alone in zip(lines, whole, strict=True)
    ]

    def joins(number: int) -> bool:
        after = lines[number + 1]
        if structural[number] or structural[number + 1] or ITEM.match(after):
            return False
        return len(lines[number].rstrip()) + 1 + len(after.split(maxsplit=1)[0]) > width

    return joins


def _unwrapped(lines: list[str]) -> list[bool]:
    """Which lines are in a run without blank ones that has a line too long to be hard-wrapped."""
    found: list[bool] = []
    for _, run in groupby(lines, key=lambda line: bool(line.strip())):
        run_lines = list(run)
        found += [any(len(line.rstrip()) > MAX_WRAPPED_WIDTH for line in run_lines)] * len(run_lines)
    return found
