"""The segments of a clean text: what lies between hard boundaries, as character spans, headings marked.

Blank lines, Markdown headings, list items and lines broken on purpose are boundaries; lines of hard-wrapped text are
joined. What these rules are worth: see `sentences`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fastsum.text.english import rules as english
from fastsum.text.language import Language
from fastsum.text.wrapping import ATX, ITEM, SETEXT, continued, has_ended

MAX_HEADING_WORDS = 12
LETTER = re.compile(r"[^\W\d_]")
_WORD_CHARACTER = re.compile(r"\w")
_DIVISION_STOP = re.compile(r"\s*[A-Z]\w{2,8} (?:\d{1,3}|[IVXLC]{1,8})[.:—–]\s+[^\sa-z]")
_NUMBERED = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,4})\.\s+[A-Z]\S*(?:\s+\S+){0,5}\s*")
_IN_CAPITALS = re.compile(r"\s*(?:[A-Z]|\d{1,2})\.\s+[^a-z]{4,}")  # C. DUTIES OF A TRUSTEE
_CLAUSE = re.compile(r"\s*\d{1,2}(?:\.\d{1,2})*\.?\s+[A-Z][^a-z.?!]{4,}\.\s*")  # 2.0 SOURCE CODE LICENSE.
_BROKEN_OFF = re.compile(r"(?:--|[—–])[\"”’»']+\s*\Z")  # speech: "If you would only--"
_OF_CONTENTS = re.compile(r"[\w)]\s?\.{4,}\s*(?:\d{1,4}|[ivxlc]{1,6})\s*\Z")  # "Owls ........ 12"


class Segment(NamedTuple):
    """Characters `start` to `end` of the clean text."""

    start: int
    end: int
    is_heading: bool


def segments(text: str, language: Language = english, apart: frozenset[int] = frozenset()) -> list[Segment]:
    """The segments of a text in order; white space at their ends is not removed. No line that begins at one of the
    offsets `apart` goes on the line above."""
    lines = []
    start = 0
    for raw in text.split("\n"):
        lines.append((start, raw))
        start += len(raw) + 1
    goes_on = continued([raw for _, raw in lines], language)
    found: list[tuple[int, int, bool, bool]] = []  # start, end, looks like a heading, marked as one
    first = 0
    for number, (offset, raw) in enumerate(lines):
        if goes_on[number] and not (apart and offset + len(raw) + 1 in apart):
            continue
        begin, end = lines[first][0], offset + len(raw)
        single = first == number
        first = number + 1
        if not text[begin:end].strip():
            continue
        if single and found and SETEXT.fullmatch(raw):
            if found[-1][1] + 1 == begin and not found[-1][3]:
                found[-1] = (*found[-1][:2], True, True)
            found.append((begin, end, True, True))
            continue
        marked = single and (ATX.match(raw) is not None or not _WORD_CHARACTER.search(raw))
        found.append((begin, end, marked or (single and is_heading(raw, language)), marked))
    # Short lines without a full stop are headings only where there is prose for them to head.
    prose = any(not heading for _, _, heading, _ in found)
    return [
        Segment(begin, end, marked or (heading and prose and number < len(found)))
        for number, (begin, end, heading, marked) in enumerate(found, start=1)
    ]


def is_heading(line: str, language: Language = english) -> bool:
    """Whether a line that stands alone is a heading: marked with #, or at most 12 words without closing punctuation.
    Quoted words that break off are speech."""
    if ATX.match(line) or ("...." in line and _OF_CONTENTS.search(line)):
        return True
    return (
        len(line) < 30 * MAX_HEADING_WORDS
        and 0 < len(line.split()) <= MAX_HEADING_WORDS
        and LETTER.search(line) is not None
        and (not ITEM.match(line) or _NUMBERED.fullmatch(line) is not None or _IN_CAPITALS.fullmatch(line) is not None)
        and (not has_ended(line) or _is_chapter(line, language) or _CLAUSE.fullmatch(line) is not None)
        and not _BROKEN_OFF.search(line, max(0, len(line) - 8))
    )


def _is_chapter(line: str, language: Language) -> bool:
    """Whether a line that ends in a stop is a chapter's heading all the same: "CHAPTER 50. The Boat. Its Crew."."""
    named = line.lstrip()[:1].isupper() and line.rstrip()[-1:] == "." and _DIVISION_STOP.match(line) is not None
    return named and language.division(line) is not None
