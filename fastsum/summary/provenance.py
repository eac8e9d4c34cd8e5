"""Provenance: each sentence of a summary with where in the document it comes from: lines, pages, times or messages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from fastsum.summary.result import Span, Summary

_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:19|20)\d\d\b")
# The day of "Mon, 2 Mar 2026 17:40:00 +0100", as mail has it; its clock and zone say little beside it.
_MAIL_DAY = re.compile(r"(?:[A-Z][a-z]{2},\s+)?(\d{1,2} [A-Z][a-z]{2} \d{4}) \d\d:\d\d(?::\d\d)?(?: .*)?")


def cited(summary: Summary, pages: Sequence[int] = ()) -> str:
    """The summary, one sentence a line, each followed by where its sources are, in brackets: see `places`."""
    found = zip(summary.sentences, places(summary, pages), strict=True)
    return "\n".join(f"{sentence.text} [{place}]" for sentence, place in found)


def places(summary: Summary, pages: Sequence[int] = ()) -> list[str]:
    """Where the sources of each sentence are: "lines 12, 40-42", "p. 3", or where what is said has a time "00:41",
    "message of Ben, 2 Mar 2026".

    Lines are those of `summary.document`, counted from 1. With `pages`, the offset at which each page begins, in
    order, pages are named instead of lines, and beside times.
    """
    starts = pages or _line_starts(summary)
    one, several = ("p.", "pp.") if pages else ("line", "lines")

    def mark(sources: Sequence[Span]) -> str:
        said = list(dict.fromkeys(_moment(span) for span in sources if span.time))
        found = [] if said and not pages else [_mark(sources, starts, one, several)]
        return ", ".join([*found, *said])

    return [mark(sentence.sources) for sentence in summary.sentences]


def located(summary: Summary, pages: Sequence[int] = ()) -> dict[str, Any]:
    """`Summary.as_dict()` with the line and the page (None without `pages`) that each source begins on."""
    lines = _line_starts(summary)
    found = summary.as_dict()
    for sentence in found["sentences"]:
        for source in sentence["sources"]:
            source["line"] = bisect_right(lines, source["start"])
            source["page"] = max(1, bisect_right(pages, source["start"])) if pages else None
    return found


def _moment(span: Span) -> str:
    """The time of a sentence that is spoken, or the message that it is in."""
    time = span.time or ""
    day = _MAIL_DAY.fullmatch(time)
    shown = day[1] if day else time
    return f"message of {span.speaker}, {shown}" if span.speaker and _DAY.search(shown) else shown


def _line_starts(summary: Summary) -> list[int]:
    return [0, *accumulate(len(line) + 1 for line in summary.document.split("\n"))]


def _mark(sources: Iterable[Span], starts: Sequence[int], one: str, several: str) -> str:
    """The lines or pages of the sources; ranges that touch or overlap are joined."""
    ranges: list[tuple[int, int]] = []
    for span in sources:
        # A title that was put before the first page counts as on it.
        first, last = (max(1, bisect_right(starts, offset)) for offset in (span.start, span.end - 1))
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((first, last))
    numbers = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f"{several if len(ranges) > 1 or ranges[0][0] < ranges[0][1] else one} {numbers}"
