"""The sections of a document: a tree made of its headings.

Readers mark headings as Markdown does (`readers.blocks.compose`), so a marked heading has its level. Of any other the
numbering tells it ("2.3 Costs" is below "2 Plans"), or words ("Chapter 4" is below "Part II"). A heading of which
neither is known is at the highest level, or, where those of others are known, below them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fastsum.text.headings import Heading, headings_of
from fastsum.text.patterns import lazy
from fastsum.text.sentences import Kind
from fastsum.text.source import Source

_NUMBERED = lazy(r"\d{1,3}(?:\.\d{1,3}){1,5}(?:[.):]\s*|\s+|\Z).*")
_LONG, _MOST_OF_ONE = 10_000, 0.7  # characters of prose; the share of one section
_NEARLY_ALL = 0.9  # of the text: a section that has it is the document


@dataclass
class Part:
    """A section: its heading and all sentences up to the next heading of its level or a higher one."""

    heading: Heading | None
    """None for what is before the first heading."""
    first: int
    """The first sentence, that of the heading."""
    body: int
    """The first sentence behind the heading."""
    end: int
    """The sentence after the last."""
    parts: list[Part] = field(default_factory=list)
    """The sections in it, in order."""

    @property
    def own(self) -> range:
        """Its sentences before the first section in it, without the heading."""
        return range(self.body, self.parts[0].first if self.parts else self.end)

    def all(self) -> Iterator[Part]:
        """The section and all in it, in the document's order."""
        yield self
        for part in self.parts:
            yield from part.all()


class Sections(NamedTuple):
    """A document's sections."""

    title: Heading | None
    """The heading of the whole document, if it has one."""
    parts: list[Part]
    """The highest ones, in order. They cover every sentence but the title."""
    are_headings: bool = True
    """Whether their titles are headings of the document; else it has none, and they were found by subject."""

    def divide(self, source: Source) -> bool:
        """Whether the headings divide the document: two sections or more have prose, and where all headings are only
        known by their looks, none has most of a long text."""
        every = [part for top in self.parts for part in top.all()]
        sizes = [
            sum(end - start for start, end, kind in (source.sentences[i] for i in part.own) if kind is Kind.PROSE)
            for part in every
        ]
        if sum(size > 0 for size in sizes) < 2:
            return False
        known = any(part.heading is not None and part.heading.known for part in every)
        return known or sum(sizes) < _LONG or max(sizes) <= _MOST_OF_ONE * sum(sizes)


def sections_of(source: Source) -> Sections:
    """The tree of a document's sections. Linear in the number of sentences."""
    headings = headings_of(source)
    count = len(source.sentences)
    root = Part(None, 0, 0, count)
    path: list[tuple[tuple[int, int], Part]] = [((-1, 0), root)]
    if headings and headings[0].first > 0:
        root.parts.append(Part(None, 0, 0, headings[0].first))
    for heading in headings:
        while path[-1][0] >= heading.rank or (len(path) > 2 and _is_beside(heading, path[-1][1].heading, source)):
            path.pop()[1].end = heading.first
        part = Part(heading, heading.first, heading.end, count)
        path[-1][1].parts.append(part)
        path.append((heading.rank, part))
    if not root.parts:
        return Sections(None, [Part(None, 0, 0, count)])
    return _without_title(root.parts, source)


def _is_beside(heading: Heading, above: Heading | None, source: Source) -> bool:
    """Whether a heading such as "3.1 Aims" follows on one such as "Abstract" that only looks higher, in a chapter."""
    if above is None or _NUMBERED.fullmatch(heading.title) is None:
        return False
    named = source.language.division(above.title)
    return named is not None and named[0] == 0


def _without_title(parts: list[Part], source: Source) -> Sections:
    """The sections below the document's title: a section that holds all others, or nearly all of the text, as below the
    cover that a repository or a journal puts before a paper."""
    title = None
    while True:
        number = max(range(len(parts)), key=lambda one: _size(parts[one], source))
        whole = parts[number]
        is_first = not any(part.heading for part in parts[:number])
        holds_all = is_first and number == len(parts) - 1
        if not whole.parts or not (holds_all or _size(whole, source) >= _NEARLY_ALL * len(source.text)):
            return Sections(title, parts)
        title = title or whole.heading
        first, heading = (whole.body, None) if is_first else (whole.first, whole.heading)
        lead = [Part(heading, first, whole.body, whole.parts[0].first)] if whole.own else []
        parts = [*parts[:number], *lead, *whole.parts, *parts[number + 1 :]]


def _size(part: Part, source: Source) -> int:
    """The characters of a section."""
    return source.sentences[part.end - 1].end - source.sentences[part.first].start
