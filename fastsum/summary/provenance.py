"""Provenance: each sentence of a summary with where in the document it comes from: lines, pages, times or messages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from fastsum.summary.outline import Outline, Section
from fastsum.summary.result import Span, Summary, SummarySentence
from fastsum.text.cleaning import LINE_END

_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:19|20)\d\d\b")
# The day of "Mon, 2 Mar 2026 17:40:00 +0100", as mail has it; its clock and zone say little beside it.
_MAIL_DAY = re.compile(r"(?:[A-Z][a-z]{2},\s+)?(\d{1,2} [A-Z][a-z]{2} \d{4}) \d\d:\d\d(?::\d\d)?(?: .*)?")


def cited(summary: Summary, pages: Sequence[int] = ()) -> str:
    """The summary, one sentence a line, each followed by where its sources are: "[lines 12, 40-42]", "[p. 3]",
    or where what is said has a time "[00:41]", "[message of Ben, 2 Mar 2026]".

    Lines are those of `summary.document`, counted from 1. With `pages`, the offset at which each page begins, in
    order, pages are named instead of lines, and beside times. An outline has the titles of its sections too, as
    `outlined` gives them.
    """
    places = Places(summary, pages)
    if isinstance(summary, Outline):
        return _outlined(summary, places, cite=True)
    return "\n".join(f"{s.text} [{places.of(s)}]" for s in summary.sentences)


def outlined(outline: Outline, pages: Sequence[int] = ()) -> str:
    """An outline, one title or sentence a line, indented; behind each title where the section begins and its share of
    the words: "Costs [p. 12, 14%]"."""
    return _outlined(outline, Places(outline, pages), cite=False)


def located(summary: Summary, pages: Sequence[int] = ()) -> dict[str, Any]:
    """`Summary.as_dict()` with the line and the page (None without `pages`) that each source and each section of an
    outline begins on."""
    lines = _line_starts(summary)
    found = summary.as_dict()
    sources = [source for sentence in found["sentences"] for source in sentence["sources"]]
    sections = list(found.get("sections", ()))
    for section in sections:
        sections += section["sections"]
    for one in (*sources, *sections):
        one["line"] = bisect_right(lines, one["start"])
        one["page"] = max(1, bisect_right(pages, one["start"])) if pages else None
    return found


class Places:
    """Says where the sentences and sections of a summary are, by pages or else by lines."""

    def __init__(self, summary: Summary, pages: Sequence[int] = ()) -> None:
        self._pages = bool(pages)
        self._starts = pages or _line_starts(summary)
        self._names = ("p.", "pp.") if pages else ("line", "lines")

    def of(self, sentence: SummarySentence) -> str:
        """Where its sources are: "lines 12, 40-42"."""
        said = list(dict.fromkeys(_moment(span) for span in sentence.sources if span.time))
        places = [] if said and not self._pages else [_mark(sentence.sources, self._starts, *self._names)]
        return ", ".join([*places, *said])

    def of_section(self, section: Section) -> str:
        """Where it begins, and its share of the words: "p. 12, 14%"."""
        percent = round(100 * section.share)
        share = f"{percent}%" if percent else "under 1%"
        return f"{self._names[0]} {max(1, bisect_right(self._starts, section.start))}, {share}"


def _outlined(outline: Outline, places: Places, *, cite: bool) -> str:
    lines = []
    for section in outline.all_sections():
        lines.append(f"{'  ' * (section.level - 1)}{section.shown} [{places.of_section(section)}]")
        for sentence in section.sentences:
            mark = f" [{places.of(sentence)}]" if cite else ""
            lines.append(f"{'  ' * section.level}{sentence.text}{mark}")
    return "\n".join(lines)


def _moment(span: Span) -> str:
    """The time of a sentence that is spoken, or the message that it is in."""
    time = span.time or ""
    day = _MAIL_DAY.fullmatch(time)
    shown = day[1] if day else time
    return f"message of {span.speaker}, {shown}" if span.speaker and _DAY.search(shown) else shown


def _line_starts(summary: Summary) -> list[int]:
    return [0, *accumulate(len(line) + 1 for line in summary.document.replace(LINE_END, "\n").split("\n"))]


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
