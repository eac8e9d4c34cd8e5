"""A document that was read for an assistant: its sentences and sections, and the line, page and section of a place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.documents import Document
from fastsum.text.sections import Part, sections_of
from fastsum.text.source import Source, read_source

if TYPE_CHECKING:
    from fastsum.summary.summarizer import Summarizer


class Section(NamedTuple):
    """A section of a document."""

    id: str
    """"s1", "s2", ...: its number in the order of the document."""
    titles: tuple[str, ...]
    """The headings that it is below, from the highest to its own; () before the first heading."""
    start: int
    """Its first character, of its heading if it has one."""
    end: int
    """The character after its last, sections in it included."""


class Read:
    """A document that was read, with the model for it. What is not known yet is found when it is first asked for."""

    def __init__(self, document: Document, model: str, summarizer: Summarizer) -> None:
        self.document = document
        self.model = model
        """The name of the model."""
        self.summarizer = summarizer

    @cached_property
    def source(self) -> Source:
        """The document as the model reads it; offsets count in its text."""
        return read_source(self.document.text, self.summarizer.tokenizer)

    @cached_property
    def sections(self) -> list[Section]:
        """All sections that its headings make, each before those in it."""
        return list(_sections(self.source, sections_of(self.source).parts, ()))

    @cached_property
    def lines(self) -> list[int]:
        """The character at which each line begins, and one after the last would."""
        return [0, *accumulate(len(line) + 1 for line in self.source.text.split("\n"))]

    def line(self, character: int) -> int:
        """The line that has a character, from 1."""
        return bisect_right(self.lines, character)

    def page(self, character: int) -> int | None:
        """The page that has a character, from 1; None where the document has no pages."""
        return self.document.page(character)

    def section(self, character: int) -> Section | None:
        """The lowest section that has a character; None for the document's title."""
        index = bisect_right(self._section_starts, character)
        return self.sections[index - 1] if index else None

    def id(self, start: int) -> str | None:
        """The id of the highest section that begins with a character; None where none does."""
        index = bisect_left(self._section_starts, start)
        return self.sections[index].id if self._section_starts[index : index + 1] == [start] else None

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.start for section in self.sections]


def _sections(source: Source, parts: Sequence[Part], above: tuple[str, ...], before: int = 0) -> Iterator[Section]:
    starts = source.sentences
    for part in parts if starts else ():
        before += 1
        titles = (*above, part.heading.title) if part.heading else above
        yield Section(f"s{before}", titles, starts[part.first].start, starts[part.end - 1].end)
        for section in _sections(source, part.parts, titles, before):
            before += 1
            yield section
