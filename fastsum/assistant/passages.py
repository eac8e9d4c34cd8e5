"""Passages of a document: a section, lines or pages of it, and of that as much as fits into one answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fastsum.assistant.reading import Read, Section
from fastsum.errors import FastsumError

ANSWER = 12_000
"""Characters of a document in one answer: about 3,000 tokens of a language model."""
_LISTED = 8  # sections in a message
_RANGE = re.compile(r"\s*(\d{1,9})(\s*[-–]\s*(\d{1,9})?)?\s*")
_ID = re.compile(r"s(\d{1,9})")
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*|(?:[ivxlc]{1,6}|[a-z])(?=[.):]))[.):]?\s+")  # of a heading


class Passage(NamedTuple):
    """Characters `start` to `end` of a document's text."""

    start: int
    end: int


def passage(read: Read, section: str | None = None, lines: str | None = None, pages: str | None = None) -> Passage:
    """The part of a document that is asked for by one of these; all of it if by none.

    Raises FastsumError where the document has no such part, and where more than one is given.
    """
    given = [name for name, value in (("section", section), ("lines", lines), ("pages", pages)) if value is not None]
    if len(given) > 1:
        raise FastsumError(f"Give one of section, lines and pages, not {' and '.join(given)}.")
    size = len(read.source.text)
    if section is not None:
        found = find_section(read, section)
        return Passage(found.start, found.end)
    if lines is not None:
        first, last = _range(lines, "lines", len(read.lines) - 1, read)
        return Passage(read.lines[first - 1], min(read.lines[last], size))
    if pages is not None:
        starts = read.document.pages
        if not starts:
            raise FastsumError(f"{read.document.source} has no pages. Ask for lines, or for a section.")
        first, last = _range(pages, "pages", len(starts), read)
        return Passage(starts[first - 1] if first > 1 else 0, starts[last] if last < len(starts) else size)
    return Passage(0, size)


def find_section(read: Read, wanted: str) -> Section:
    """The section with an id or heading: the whole heading if one has it, else its beginning, else a part of it.

    Raises FastsumError where there is none, and where several are meant.
    """
    name, sections = read.document.source, read.sections
    if not any(section.titles for section in sections):
        raise FastsumError(f"{name} has no headings. Ask for lines{' or pages' if read.document.pages else ''}.")
    if number := _ID.fullmatch(wanted.strip()):
        if not 1 <= int(number[1]) <= len(sections):
            raise FastsumError(f"{name} has no section {wanted}: they are s1 to s{len(sections)}. See the outline.")
        return sections[int(number[1]) - 1]
    asked = _folded(wanted)
    for fits in _FITS:
        found = [
            section for section in sections if section.titles and asked and fits(asked, _folded(section.titles[-1]))
        ]
        if len(found) > 1:
            raise FastsumError(f"{name} has {len(found)} sections that fit {wanted!r}: {_list(found)}. Give an id.")
        if found:
            return found[0]
    raise FastsumError(f"{name} has no section {wanted!r}. It has {_list([s for s in sections if s.titles])}.")


def _is_title(asked: str, title: str) -> bool:
    """Whether all of a heading, its number or what follows that is asked for."""
    number = _NUMBER.match(title)
    return asked == title or (number is not None and asked in (title[number.end() :], number[1]))


def _begins(asked: str, title: str) -> bool:
    number = _NUMBER.match(title)
    return title.startswith(asked) or title[number.end() if number else 0 :].startswith(asked)


_FITS: tuple[Callable[[str, str], bool], ...] = (_is_title, _begins, lambda asked, title: asked in title)


def cut(text: str, start: int, end: int, most: int = ANSWER) -> int:
    """Where to end what begins at `start` so that it has at most `most` characters: at `end`, or else at the last end
    of a line, or of a word, in its last half."""
    if end - start <= most:
        return end
    for mark in ("\n", " "):
        if (found := text.rfind(mark, start + most // 2, start + most)) >= 0:
            return found + 1
    return start + most


def _range(asked: str, what: str, count: int, read: Read) -> tuple[int, int]:
    """First and last of the lines or pages that "12", "12-30" or "12-" asks for; what is past the end is left out."""
    found = _RANGE.fullmatch(asked)
    if found is None:
        raise FastsumError(f"{what} {asked!r} cannot be read. Write them as 12, 12-30 or 12-.")
    first = int(found[1])
    last = int(found[3]) if found[3] else count if found[2] else first
    if first > count:
        raise FastsumError(f"{read.document.source} has {count:,} {what}. Ask for some of these.")
    if not 1 <= first <= last:
        raise FastsumError(f"{what} {asked!r} end before they begin. Write them as 12, 12-30 or 12-, from 1 on.")
    return first, min(last, count)


def _list(sections: Sequence[Section]) -> str:
    shown = ", ".join(f"{section.titles[-1]!r} ({section.id})" for section in sections[:_LISTED])
    return f"{shown} and {len(sections) - _LISTED:,} more" if len(sections) > _LISTED else shown


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()
