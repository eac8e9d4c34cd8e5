"""A document that was read for an assistant: its sentences and sections, and the line, page and section of a place."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from fastsum.errors import FastsumError
from fastsum.readers.documents import Document
from fastsum.text.sections import Part, sections_of
from fastsum.text.source import Source, read_source

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from fastsum.model.shared import Progress
    from fastsum.summary.limits import SummaryOptions
    from fastsum.summary.result import Summary
    from fastsum.summary.summarizer import Summarizer

T = TypeVar("T")

_KEPT = 4  # summaries of a document


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
        self._made: dict[object, Summary] = {}
        # Not functools.cached_property: before Python 3.12 its lock is one for all documents, and a short one would
        # wait for a long one.
        self._lock = threading.RLock()
        self._found: dict[str, Any] = {}

    @property
    def source(self) -> Source:
        """The document as the model reads it; offsets count in its text."""
        return self._once("source", lambda: read_source(self.document.text, self.summarizer.tokenizer))

    @property
    def sections(self) -> list[Section]:
        """All sections that its headings make, each before those in it."""
        return self._once("sections", lambda: list(_sections(self.source, sections_of(self.source).parts, ())))

    @property
    def lines(self) -> list[int]:
        """The character at which each line begins, and one after the last would."""
        return self._once("lines", lambda: [0, *accumulate(len(line) + 1 for line in self.source.text.split("\n"))])

    def summarize(self, progress: Progress, **options: Unpack[SummaryOptions]) -> Summary:
        """The summary or outline with these options; the last ones are kept, for the next page of an outline.

        Raises FastsumError as `Summarizer.summarize` does, and what `progress` raises.
        """
        key = tuple(sorted(options.items()))
        found = self._made.pop(key, None)
        if found is None:
            try:
                (found,) = self.summarizer.summarize_sources([self.source], progress=progress, **options)
            except FastsumError as error:  # it has the number of the document among those given
                raise FastsumError(error.message.replace("document 1:", f"{self.document.source}:", 1)) from None
        self._made[key] = found
        for old in [*self._made][:-_KEPT]:
            self._made.pop(old, None)
        return found

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

    @property
    def _section_starts(self) -> list[int]:
        return self._once("starts", lambda: [section.start for section in self.sections])

    def _once(self, name: str, find: Callable[[], T]) -> T:
        """What `find` returns, found by the first thread that asks for it."""
        with self._lock:
            if name not in self._found:
                self._found[name] = find()
            return self._found[name]


def _sections(source: Source, parts: Sequence[Part], above: tuple[str, ...], before: int = 0) -> Iterator[Section]:
    starts = source.sentences
    for part in parts if starts else ():
        before += 1
        titles = (*above, part.heading.title) if part.heading else above
        yield Section(f"s{before}", titles, starts[part.first].start, starts[part.end - 1].end)
        for section in _sections(source, part.parts, titles, before):
            before += 1
            yield section
