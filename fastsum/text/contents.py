"""The table of contents of a text that marks none: where it is, and which lines behind it are headings for being its
entries.

A reader drops what a format says is a table of contents. Plain text says only "CONTENTS", so the table goes on to the
first line that comes back: that is the first entry's own section. A marked heading ends it, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from fastsum.text.patterns import fold, lazy

_LIKELY = re.compile(r"^[ \t#*_]{0,40}(?:table of )?contents[ \t.:*_]{0,40}$", re.IGNORECASE | re.MULTILINE)
_LABEL = lazy(
    r"\W*(?:(?:chapter|chap\.|part|book|section|letter|act|scene|appendix|volume|canto)\s+)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*\b|[ivxlc]{1,7}\b|)[\W_]*"
)
_PAGE = lazy(r"[\s._·…]*\b(?:\d{1,4}|[ivxl]{1,6})\W*\Z|[\s._·…]*(?:page|p\.)\s*\d{1,4}\W*\Z")
_MOST = 0.2  # of the text before the end of its table of contents
_LONGEST = 200  # characters of a heading
_FIRST = 8  # entries, one of which must come back where the table ends
_LEAST_ENTRIES = 3  # that come back


class Contents(NamedTuple):
    """Offsets in the text."""

    start: int
    """Of the line that says "Contents"."""
    end: int
    """Of the first line behind the table."""
    headings: frozenset[int]
    """Where the lines begin that are entries of it and stand alone behind it."""


def contents_of(text: str) -> Contents | None:
    """The table of contents of a text, if it has one whose entries come back. Linear in the length of the text."""
    limit = int(_MOST * len(text))
    opening = _LIKELY.search(text, 0, limit)
    if opening is None:
        return None
    entries: dict[str, None] = {}
    paragraphs = [(start, lines, _short(lines)) for start, lines in _paragraphs(text, opening.end())]
    end = len(paragraphs)
    for place, (start, lines, short) in enumerate(paragraphs):
        whole = _key(short)
        after = paragraphs[place + 1][2] if place + 1 < len(paragraphs) else ""
        # Further on two entries may have the same name, and of two in a row the next one has its number.
        comes_back = whole in islice(entries, _FIRST) and not _is_numbered(after)
        if comes_back or (lines[0].startswith("#") and len(entries) >= _LEAST_ENTRIES):
            end = place
            break
        if start > limit:
            return None
        keys = (whole, *(_key(line) for line in lines if len(line) <= _LONGEST))
        entries.update(dict.fromkeys(filter(None, keys)))
    stands: dict[str, int] = {}  # where each stands alone behind the table
    for start, _, short in paragraphs[end:]:
        if (key := _key(short)) in entries:
            stands.setdefault(key, start)
    if len(stands) < _LEAST_ENTRIES:
        return None
    if end and _is_number(paragraphs[end - 1][2]):  # the first section's own, above its name
        end -= 1
    return Contents(opening.start(), paragraphs[end][0], frozenset(stands.values()))


def _short(lines: Sequence[str]) -> str:
    """The lines of a paragraph as one; "" for one that is longer than a heading."""
    return " ".join(lines) if sum(map(len, lines)) <= _LONGEST else ""


def _paragraphs(text: str, start: int) -> Iterator[tuple[int, list[str]]]:
    """The lines of each paragraph behind an offset, and where the first begins, white space not counted."""
    found: list[str] = []
    begun = start
    for line in (*text[start:].split("\n"), ""):
        if line.strip():
            if not found:
                begun = start + len(line) - len(line.lstrip())
            found.append(line)
        elif found:
            yield begun, found
            found = []
        start += len(line) + 1


def _is_number(line: str) -> bool:
    """Whether a line has nothing but the number of a section: "CHAPTER IV.", "2"."""
    words = fold(line.strip())
    return words != "" and (label := _LABEL.match(words)) is not None and label.end() == len(words)


def _is_numbered(line: str) -> bool:
    """Whether a line begins with the number of a section."""
    label = _LABEL.match(fold(line.strip()))
    return label is not None and label.end() > 0 and any(map(str.isalnum, label[0]))


def _key(line: str) -> str:
    """The words of an entry and of its heading, without their numbers, page and case; "" where nothing is left to know
    them by. An entry without a name is known by its number: "chapter 4"."""
    words = fold(" ".join(line.split()))
    if words[:1] in "[{":  # a remark: "[Sidenote: Chapter 2]"
        return ""
    number = ""
    while (label := _LABEL.match(words)) is not None and label.end():
        number = number or label[0]
        words = words[label.end() :]
    words = _PAGE.sub("", words) or number
    words = "".join(character if character.isalnum() else " " for character in words)
    return " ".join(words.split()) if sum(map(str.isalpha, words)) > 2 else ""
