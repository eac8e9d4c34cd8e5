"""How the length of an outline is dealt out to its sections, and which of their sentences it takes.

Each section gets a sentence before any gets a second one, where the length has room: the shortest sentence of every
section that has none yet is set aside. Room beyond that is dealt out in proportion to the root of a section's words, by
the method of Webster and Sainte-Laguë: the next sentence goes to the section with the highest root / (2 n + 1), where n
is the number of sentences that it has. A section has at most three.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Container, Sequence
from typing import NamedTuple

from fastsum.summary.company import Company
from fastsum.summary.coverage import Coverage
from fastsum.summary.extraction import shown_whole
from fastsum.summary.selection import LEAST_WORDS, NgramKey, SeenNgrams, Selected, beginning, has_words, words_of
from fastsum.text.language import Standing
from fastsum.text.source import Source

MOST = 3
"""Sentences of a section."""
_WORDS_OF_ONE = 300  # of a section that gets one sentence if no length is asked for; one of 9 times as many gets three
_PER_ROOT = 8  # words of an outline per root of the document's, if no length is asked for
_PER_SECTION = 25  # but no fewer than these for each section
_TELLING = 8  # words; shorter sentences are taken only of a section that has no longer one
_QUOTES = frozenset('"“‘«„')
_WIDE = 1.5  # times a section's fair share may its first sentence have


class Wanted(NamedTuple):
    """The length of an outline; 0 sets no limit."""

    sentences: int
    words: int
    exact: bool
    """Whether it was asked for; else a section gets sentences by its own length, `scale` times as many."""
    scale: float = 1.0


class Dealt(NamedTuple):
    """The sentences of each section, in document order."""

    chosen: list[list[Selected]]
    unserved: int
    """Sections without a sentence, for want of room."""


class _Section:
    """A section's candidates, best first, and what it has got."""

    def __init__(
        self,
        source: Source,
        ranked: Sequence[int],
        own: Container[int],
        weight: float,
        most: int,
        block_ngrams: int,
    ) -> None:
        self._source = source
        self.own = own
        self.left = list(ranked)
        for least in (LEAST_WORDS, _TELLING):
            longer = [index for index in self.left if has_words(source.written(index), least)]
            self.left = longer or self.left
        for fits in (_stands_alone, _is_told):
            self.left = [index for index in self.left if fits(source, index)] or self.left
        self.weight = weight
        self.most = most
        self.seen = SeenNgrams(block_ngrams)
        self.chosen: list[Selected] = []

    def shown(self, index: int) -> str:
        """A sentence as the outline has it, with who says it."""
        return self._source.label(index) + shown_whole(self._source, index)

    def shortest(self) -> int:
        """The words of its shortest candidate."""
        return min(len(self.shown(index).split()) for index in self.left)


def _stands_alone(source: Source, index: int) -> bool:
    """Whether a sentence is understood without its neighbours, of which an outline has none."""
    return source.language.standing(source.written(index)) is Standing.ALONE and not source.is_said(index)


def _is_told(source: Source, index: int) -> bool:
    """Whether a sentence does not begin with what somebody says: a line of a conversation tells little of a chapter."""
    return source.written(index)[:1] not in _QUOTES


def deal(
    source: Source,
    sections: Sequence[tuple[Sequence[int], Container[int]]],
    salience: Sequence[float],
    coverage: Coverage,
    company: Company,
    wanted: Wanted,
    block_ngrams: int,
) -> Dealt:
    """Choose sentences for each section.

    Args:
        sections: the candidates of each section, at least one: sentences in document order, none in two sections; and
            all sentences that it has.
        coverage: orders the candidates, and takes account of all that has been chosen.
        company: what a sentence needs beside it: it is taken with that, if the section has it and there is room.
        block_ngrams: a sentence that repeats an n-gram of this size is not taken if its section has that n-gram.
    """
    sizes = [sum(len(source.written(index).split()) for index in section) for section, _ in sections]
    parts = [
        _Section(
            source,
            sorted(section, key=lambda index: (-salience[index], index)),
            own,
            math.sqrt(size),
            MOST if wanted.exact else _usual(size, wanted.scale),
            block_ngrams,
        )
        for (section, own), size in zip(sections, sizes, strict=True)
    ]
    dealer = _Dealer(parts, coverage, company, *_limits(wanted, sum(sizes), len(parts)))
    dealer.first_round()
    dealer.further_rounds()
    return Dealt([sorted(part.chosen) for part in parts], sum(not part.chosen for part in parts))


def _usual(words: int, scale: float) -> int:
    """How many sentences a section of so many words gets if no length is asked for."""
    return min(MOST, max(1, round(scale * math.sqrt(words / _WORDS_OF_ONE))))


def _limits(wanted: Wanted, words: int, sections: int) -> tuple[int, int]:
    """The most sentences and words; 0 sets no limit."""
    if wanted.exact:
        return wanted.sentences, wanted.words
    return 0, math.ceil(wanted.scale * max(_PER_ROOT * math.sqrt(words), _PER_SECTION * sections))


class _Dealer:
    """Deals sentences out until their number or their words are used up."""

    def __init__(
        self, parts: Sequence[_Section], coverage: Coverage, company: Company, sentences: int, words: int
    ) -> None:
        self._parts = parts
        self._coverage = coverage
        self._company = company
        self._sentences = sentences or len(parts) * MOST
        self._words = words or None
        self._said: set[NgramKey] = set()

    def first_round(self) -> None:
        """One sentence for each section, the longest section first; where there is no room for all, none for the
        shortest sections."""
        order = sorted(self._parts, key=lambda part: -part.weight)[: self._sentences]
        if self._words is None:
            for place, part in enumerate(order, start=1):
                self._take(part, None, others=len(order) - place)
            return
        shortest = [part.shortest() for part in order]
        while order[1:] and sum(shortest) > self._words:
            order.pop()
            shortest.pop()
        aside = sum(shortest)
        weight = sum(part.weight for part in order)
        for place, (part, least) in enumerate(zip(order, shortest, strict=True), start=1):
            aside -= least
            fair = self._words * part.weight / max(weight, 1e-9)
            room = min(self._words - aside, max(least, int(_WIDE * fair)))
            self._take(part, room, others=len(order) - place)
            weight -= part.weight
        if not any(part.chosen for part in order):  # every sentence is longer than the outline may be
            self._take(order[0], self._words, cut=True)

    def further_rounds(self) -> None:
        """Further sentences, for as long as there is room."""
        heap = [(-part.weight / (2 * len(part.chosen) + 1), number) for number, part in enumerate(self._parts)]
        heapq.heapify(heap)
        while heap and self._sentences and self._words != 0:
            _, number = heapq.heappop(heap)
            part = self._parts[number]
            if len(part.chosen) < part.most and self._take(part, self._words):
                heapq.heappush(heap, (-part.weight / (2 * len(part.chosen) + 1), number))

    def _take(self, part: _Section, room: int | None, *, others: int = 0, cut: bool = False) -> bool:
        """Take a section's best sentence that fits and repeats nothing, with what it needs beside it, or `cut` the best
        to what fits; whether there is one. The first sentence of a section is taken alone if nothing else can be.
        `others` is for how many other sections a sentence must be left."""
        if not self._sentences:
            return False

        def company(index: int) -> Sequence[int] | None:
            return self._company.of(index, part.own)

        lacking = []
        for index in self._coverage.order(part.left, company):
            needed = company(index)
            if needed is None or 1 + len(needed) + others > self._sentences:
                lacking.append(index)
            elif self._take_all(part, sorted((index, *needed)), room, cut=cut and not needed):
                return True
            elif needed:
                lacking.append(index)
        return not part.chosen and any(self._take_all(part, [index], room, cut=cut) for index in lacking)

    def _take_all(self, part: _Section, group: Sequence[int], room: int | None, *, cut: bool = False) -> bool:
        """Take some sentences of a section, or none if they do not all fit or one repeats something."""
        found = []
        for index in group:
            text = part.shown(index)
            if room is not None and len(text.split()) > room:
                if not cut:
                    return False
                text = beginning(text, room)
            row = words_of(text)
            if row in self._said or part.seen.repeats(index, row):
                return False
            found.append((index, text, row))
        size = sum(len(text.split()) for _, text, _ in found)
        if len(part.chosen) + len(group) > part.most or len(group) > self._sentences:
            return False
        if room is not None and size > room:
            return False
        for index, text, row in found:
            part.seen.add(index, row)
            if index in part.left:
                part.left.remove(index)
            part.chosen.append(Selected(index, text, False, cut))
            self._said.add(row)
            self._coverage.add(index)
            self._company.add(index)
        self._sentences -= len(group)
        if self._words is not None:
            self._words -= size
        return True
