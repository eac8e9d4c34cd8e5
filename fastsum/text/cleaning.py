"""Clean text: what every document and summary becomes before anything else."""

from __future__ import annotations

import re
from collections import Counter

LINE_END = "\v"
"""Stands in a clean text for a line break at which nothing ends, so that lines can be counted."""

_CONTROL = re.compile(
    r"[\x00-\x08\x0c-\x1f\x7f-\x9f\u00a0\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff\ufffe\uffff]"
)

_NUMBERS = re.compile(r"\d+")
_PAGE_BREAK = re.compile(  # blank lines, a footer, a form feed, a header, blank lines; each may be missing
    r"\n(?:[ \t]*\n){0,9}(?:([^\n\f]{1,120})\n(?:[ \t]*\n){0,9})?\f[ \t]*\n?"
    r"(?:([^\n\f]{1,120})\n(?:[ \t]*\n){1,9})?(?:[ \t]*\n)*"
)
_GAP = re.compile(r"\n[ \t\r]*\n[ \t\r\n]*")  # blank lines, and the indent of the line behind them
_NUMBER = re.compile(r"[ \t]*[-–—\[(]?[ \t]?(?:\d{1,4}|[ivxl]{1,7})[ \t]?[-–—\])]?[ \t\r]*")
_HEAD = re.compile(  # in capitals, of several words
    r"[ \t]*(?:\d{1,4}[ \t]+)?[A-Z][A-Z'’,.&-]{0,30}(?:[ \t][A-Z0-9'’,.&-]{1,30}){1,10}[ \t\r]*"
)
_LEAST_LINE = 25  # characters of a line of prose that a page cuts
_MOST_PAGE_LINES = 3  # the foot of a page, the head of the next and its number
_WORDS = re.compile(r"[a-z]+(?:['’-][a-z]+)*[,;]?[ \n](?![ \t])")  # of prose, and no item, option or row
_LAST_WORD = re.compile(r"[\s“\"‘'(—][A-Za-z’'-]+,?\Z")
_STOP = re.compile(r"[.?!…][\"”’)]*(?:\s|\Z)")


def clean(text: str) -> str:
    """The text with a space in place of each character that cannot be read (NUL, control, zero width) and of carriage
    returns, and of what a page break puts between two lines; its length and its other line breaks are kept, so that
    offsets into it are offsets into the original. LINE_END stands for the line breaks of a page break."""
    text = text.replace(LINE_END, " ")
    if "\f" in text:
        text = _without_page_breaks(text)
    text = _without_page_heads(text)
    return _CONTROL.sub(" ", text)


def _without_page_breaks(text: str) -> str:
    """The text with spaces in place of the footer and header at each form feed, as RFCs and printed manuals have them,
    so that a sentence goes on over the break: lines that stand alone and come back, but for their numbers."""
    breaks = list(_PAGE_BREAK.finditer(text))
    seen = Counter(_NUMBERS.sub("#", line.strip()) for found in breaks for line in found.groups() if line)
    parts = []
    done = 0
    for found in breaks:
        if not any(line and seen[_NUMBERS.sub("#", line.strip())] > 1 for line in found.groups()):
            continue
        # The line breaks that stay tell what a reader would see without the page: one where a sentence goes on.
        goes_on = text[found.end() : found.end() + 80].lstrip()[:1].islower()
        parts += [text[done : found.start()], _blank(found[0], 1 if goes_on else 2)]
        done = found.end()
    return "".join([*parts, text[done:]])


def _without_page_heads(text: str) -> str:
    """The text with spaces in place of the numbers and heads of pages within a sentence, and of the blank lines there,
    as recognized pages and books have them: a line of a wrapped paragraph that has no stop goes on behind them in lower
    case, or anywhere behind a number. Numbers below the last line go too."""
    gaps = [match.span() for match in _GAP.finditer(text)]
    if not gaps:
        return text
    starts = [0, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), len(text.rstrip())]
    cut: list[tuple[int, int]] = []
    place = 0
    while place < len(starts):
        start, end = starts[place], ends[place]
        stop = _end_of_prose(text, start, end)
        place += 1
        if stop is None:
            continue
        first, has_number = place, text[stop:end].strip() != ""
        while (
            place < len(starts) and place - first < _MOST_PAGE_LINES and _is_of_a_page(text, starts[place], ends[place])
        ):
            has_number = has_number or _NUMBER.fullmatch(text, starts[place], ends[place]) is not None
            place += 1
        if place == len(starts):
            cut += [(stop, len(text))] * has_number
            break
        begin = _begin_of_prose(text, starts[place], ends[place])
        has_number = has_number or any(map(str.isdigit, text[starts[place] : begin]))
        letter = text[begin : begin + 1]
        goes_on = _WORDS.match(text, begin) is not None and text.find("\n", begin, begin + _LEAST_LINE) < 0
        goes_on = goes_on and (has_number or _STOP.search(text, start, ends[place]) is not None)
        same = place > first or has_number or _indent(text, begin) == _indent(text, text.rfind("\n", 0, stop) + 1)
        if (goes_on and same) or (has_number and letter.isalpha() and text[stop - 1].islower()):
            cut.append((stop, begin))
        else:
            place = first
    parts = []
    done = 0
    for start, end in cut:
        parts += [text[done:start], _blank(text[start:end], 1)]
        done = end
    return "".join([*parts, text[done:]])


def _blank(between: str, kept: int) -> str:
    """Spaces in place of what stands between two lines, with the last line breaks at its end, and LINE_END for each
    other one."""
    room = len(between) - kept
    ends = min(room, max(0, between.count("\n") - kept))
    return LINE_END * ends + " " * (room - ends) + "\n" * kept


def _end_of_prose(text: str, start: int, end: int) -> int | None:
    """Where the last line of a wrapped paragraph ends, without the number of a page below it; None where a sentence
    ends there, or the paragraph is one line."""
    line = text.rfind("\n", start, end)
    if line < 0:
        return None
    if _NUMBER.fullmatch(text, line + 1, end):
        end = line
        line = text.rfind("\n", start, end)
        if line < 0:
            return None
    end = line + 1 + len(text[line + 1 : end].rstrip())
    last = text[end - 1]
    if end - line <= _LEAST_LINE or not (last.islower() or last == ","):
        return None
    return end if _LAST_WORD.search(text[line:end]) else None


def _begin_of_prose(text: str, start: int, end: int) -> int:
    """Where the first line of a paragraph begins, without a number or head of a page above it."""
    line = text.find("\n", start, end)
    if line >= 0 and _is_of_a_page(text, start, line):
        start = line + 1
    while start < end and text[start] in " \t":
        start += 1
    return start


def _is_of_a_page(text: str, start: int, end: int) -> bool:
    return end - start <= 80 and any(kind.fullmatch(text, start, end) for kind in (_NUMBER, _HEAD))


def _indent(text: str, start: int) -> int:
    """The column of the first letter of the line that has this place."""
    begin = text.rfind("\n", 0, start) + 1
    line = text[begin : begin + 80]
    return len(line) - len(line.lstrip())
