"""Provenance: each sentence of a summary with the lines or pages of the document that it comes from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from fastsum.summary.result import Span, Summary


def cited(summary: Summary, pages: Sequence[int] = ()) -> str:
    """The summary, one sentence a line, each followed by where its sources are: "[lines 12, 40-42]" or "[p. 3]".

    Lines are those of `summary.document`, counted from 1. With `pages`, the offset at which each page begins, in
    order, pages are named instead.
    """
    starts = pages or _line_starts(summary)
    one, several = ("p.", "pp.") if pages else ("line", "lines")
    return "\n".join(f"{s.text} [{_mark(s.sources, starts, one, several)}]" for s in summary.sentences)


def located(summary: Summary, pages: Sequence[int] = ()) -> dict[str, Any]:
    """`Summary.as_dict()` with the line and the page (None without `pages`) that each source begins on."""
    lines = _line_starts(summary)
    found = summary.as_dict()
    for sentence in found["sentences"]:
        for source in sentence["sources"]:
            source["line"] = bisect_right(lines, source["start"])
            source["page"] = max(1, bisect_right(pages, source["start"])) if pages else None
    return found


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
