"""The sections of a document: a tree made of its headings.

Readers mark headings as Markdown does (`readers.blocks.compose`), so a marked heading has its level. Of any other the
numbering tells it ("2.3 Costs" is below "2 Plans"), or words ("Chapter 4" is below "Part II"). A heading of which
neither is known is at the highest level, or, where those of others are known, below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fastsum.text.patterns import lazy
from fastsum.text.sentences import Kind
from fastsum.text.source import Source
from fastsum.text.wrapping import SETEXT

_MARK = re.compile(r"\s{0,3}(#{1,6})(?:\s+|\Z)")
_CLOSING_MARK = re.compile(r"\s+#+\s*\Z")
_NUMBERED = lazy(r"(\d{1,3}(?:\.\d{1,3}){0,5})(?:[.):]\s*|\s+|\Z)(.*)")
_ROMAN = lazy(r"([IVX]{1,5}|[IVXLC]{2,9}|[ivx]{2,5})(?:[.):—–-]\s*|\Z)(.*)")
_LETTER = lazy(r"\(?[A-Z][.)]\s+\S")
_UNMARKED = 7  # below all six levels of Markdown
_CHAPTER, _SECTION, _UNKNOWN = 4, 5, 20
_LONG, _MOST_OF_ONE = 10_000, 0.7  # characters of prose; the share of one section
_NEARLY_ALL = 0.9  # of the text: a section that has it is the document
_LONGEST_LEAD_IN = 7  # words of a heading that ends with a colon
_LONGEST_LABEL, _MOST_WORDS = 120, 20  # characters, words


class Heading(NamedTuple):
    """A heading of a document: sentences `first` to `end`."""

    first: int
    end: int
    title: str
    """As the document has it, without marks."""
    rank: tuple[int, int]
    """Lower is higher: the level that is marked, then the level that number or words give it."""
    known: bool
    """Whether anything but its looks says that it is a heading."""
    bare: bool
    """Whether it has only a number, so that the next heading may be its name."""


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
    headings = _named(list(_headings(source)))
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
    found = _NUMBERED.fullmatch(heading.title)
    if found is None or "." not in found[1] or above is None:
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


def _headings(source: Source) -> Iterator[Heading]:
    """Every heading, ranked."""
    found = list(_candidates(source))
    marked = any(mark for _, _, _, mark in found)
    labels = [_label(title, source) for _, _, title, _ in found]
    counted = any(label is not None and label[0] > 0 for label in labels)
    for (first, end, title, mark), label in zip(found, labels, strict=True):
        if title.endswith((",", "-")) or (not mark and label is None and _is_of_a_sentence(title, source)):
            continue
        inner, bare = label or (_UNKNOWN if counted and not mark else _CHAPTER, False)
        level = (mark or _UNMARKED) if marked else 0
        yield Heading(first, end, title, (level, inner or _CHAPTER), mark > 0 or label is not None, bare)


def _is_of_a_sentence(title: str, source: Source) -> bool:
    """Whether a line that looks like a heading is part of a sentence: a clause that announces a letter or a list, a
    line of a letter, a small word alone."""
    words = title.split()
    if title.endswith(":"):
        return len(words) > _LONGEST_LEAD_IN
    last = words[-1].lower()
    return (
        title.endswith(";")
        or (last.isalpha() and source.language.leads_on(last))
        or (len(words) == 1 and source.language.is_small_word(last))
        or (title[0] in '"“' and not title.rstrip(".!?").endswith(('"', "”")))
    )


def _candidates(source: Source) -> Iterator[tuple[int, int, str, int]]:
    """First and last sentence, title and marked level (0: not marked) of all that may be headings."""
    text, sentences = source.text, source.sentences
    done = 0
    for index, (start, end, _) in enumerate(sentences):
        if index < done:
            continue
        if sentences[index].is_heading:
            written = text[start:end]
            mark = _MARK.match(written)
            level = len(mark[1]) if mark else _underlined(text, end)
            title = _CLOSING_MARK.sub("", written[mark.end() :]) if mark else written
            if title := " ".join(title.split()):
                yield index, index + 1, title, level
        elif line := _labelled_line(source, start):
            done = index + 1
            while done < len(sentences) and sentences[done].end <= start + len(line):
                done += 1
            yield index, done, " ".join(line.split()), 0


def _underlined(text: str, end: int) -> int:
    """The level of a heading that ends at `end` by the line below it: 1 for "===", 2 for "---"."""
    stop = text.find("\n", end + 1)
    below = text[end + 1 : stop if stop >= 0 else len(text)]
    if not below.strip() or text[end : end + 1] != "\n" or not SETEXT.fullmatch(below):
        return 0
    return 1 if "=" in below else 2


def _labelled_line(source: Source, start: int) -> str:
    """The line that begins at `start`, if it is one such as "CHAPTER IV." that only its stop keeps from being a
    heading; else ""."""
    text = source.text
    if not text[start : start + 1].isalpha() or (start and text[text.rfind("\n", 0, start) + 1 : start].strip()):
        return ""
    stop = text.find("\n", start, start + _LONGEST_LABEL)
    stop = stop if stop >= 0 else len(text)
    line = text[start:stop]
    words = line.split()
    if len(line) > _LONGEST_LABEL or len(words) > _MOST_WORDS or not line[:1].isupper():
        return ""
    label = source.language.division(line)
    return line.rstrip() if label is not None and (label[1] or (label[0] > 0 and words[0].isupper())) else ""


def _label(title: str, source: Source) -> tuple[int, bool] | None:
    """The rank that words or a number give a heading, and whether it has nothing else; None if there are none."""
    if label := source.language.division(title):
        return label
    if found := _NUMBERED.fullmatch(title):
        return _CHAPTER + found[1].count("."), not found[2]
    if found := _ROMAN.fullmatch(title):
        return _CHAPTER, not found[2]
    return (_SECTION, False) if _LETTER.match(title) else None


def _named(headings: Sequence[Heading]) -> list[Heading]:
    """Headings with the name of each that has only a number, which is the next line: "CHAPTER I", "The Harbour"."""
    found: list[Heading] = []
    for number, heading in enumerate(headings):
        before = found[-1] if found else None
        if before is not None and before.bare and before.end == heading.first and not heading.bare:
            after = headings[number + 1] if number + 1 < len(headings) else None
            alone = heading.rank <= before.rank or after is None or after.rank != heading.rank
            if alone and (not heading.known or heading.rank > before.rank):
                title = f"{before.title.rstrip('.:')}. {heading.title}"
                found[-1] = before._replace(end=heading.end, title=title, bare=False)
                continue
        found.append(heading)
    return found
