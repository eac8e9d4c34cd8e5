"""Which sentences make a summary: the first of a ranking that say nothing twice."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

Words = tuple[str, ...]


class Chosen(NamedTuple):
    """A sentence of a summary."""

    sentence: int
    """Its number in the document."""
    text: str
    """What is shown of it."""
    repeats: bool
    """Whether it has words in a row that stand in the summary already, and only makes up the number asked for."""
    cut: bool = False
    """Whether only its beginning is shown, for want of room."""


class Said:
    """The sentences of a summary, which has none of them twice, and no `size` words in a row (0: any)."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._indices: list[int] = []
        self._rows: list[Words] = []
        self._sentences: set[Words] = set()
        self._ngrams: set[Words] = set()

    def has(self, words: Words) -> bool:
        """Whether the very sentence is there."""
        return words in self._sentences

    def repeats(self, index: int, words: Words) -> bool:
        """Whether sentence `index` of the document would repeat anything, its own words and those around it counted."""
        ngrams = self._ngrams_around(index, words)
        return self.has(words) or len(set(ngrams)) < len(ngrams) or not self._ngrams.isdisjoint(ngrams)

    def add(self, index: int, words: Words) -> None:
        """Take in sentence `index` of the document."""
        self._ngrams.update(self._ngrams_around(index, words))
        self._sentences.add(words)
        place = bisect_left(self._indices, index)
        self._indices.insert(place, index)
        self._rows.insert(place, words)

    def _ngrams_around(self, index: int, words: Words) -> list[Words]:
        if not self._size or not words:
            return []
        place = bisect_left(self._indices, index)
        before: Words = ()
        after: Words = ()
        row = place
        while row > 0 and len(before) < self._size - 1:
            row -= 1
            before = self._rows[row] + before
        row = place
        while row < len(self._rows) and len(after) < self._size - 1:
            after += self._rows[row]
            row += 1
        start = max(0, len(before) - self._size + 1)
        near = (*before[start:], *words, *after[: self._size - 1])
        return [near[at : at + self._size] for at in range(len(near) - self._size + 1)]


def words_of(text: str) -> Words:
    """The words of a text as repetitions are counted: runs of a to z and digits, or of any letters if it has none."""
    return tuple(re.findall(r"[a-z0-9]+", text.lower()) or re.findall(r"\w+", text.lower()))


def select(
    ranked: Iterable[int],
    texts: Callable[[int], Iterable[str]],
    *,
    sentences: int,
    words: int,
    block_ngrams: int,
    spare: Sequence[int] = (),
    exact: bool = False,
    taken: Callable[[int], None] = lambda sentence: None,
) -> list[Chosen]:
    """Choose sentences, and return them in document order; none only where none is ranked.

    Args:
        ranked: the sentences to choose from, the most wanted first.
        texts: what may be shown of a sentence, the best first: the first that fits and repeats nothing is.
        sentences: how many to choose at most; 0 sets no limit.
        words: how many words they may show together, as white space parts them; 0 sets no limit. A sentence that does
            not fit is passed over.
        block_ngrams: a sentence is passed over that repeats so many words in a row, its own or another's; 0 blocks
            nothing but whole sentences.
        spare: where every one of `ranked` repeats itself, the first of these that does not is chosen.
        exact: whether these limits are to be kept and reached. Where there is still room for a sentence of the usual
            length and no others are left, spare ones are taken, and then those that repeat words, but never the same
            sentence twice. Where all are too long, one is cut; else one is taken as it is.
        taken: told of each sentence as it is chosen, so that `ranked` can be an iterator that heeds what was.
    """
    said = Said(block_ngrams)
    chosen: list[Chosen] = []
    used = 0

    def take(index: int, *, again: bool = False, any_size: bool = False) -> bool:
        nonlocal used
        for text in texts(index):
            size, row = len(text.split()), words_of(text)
            fits = any_size or not words or used + size <= words
            if fits and not (said.has(row) if again else said.repeats(index, row)):
                said.add(index, row)
                chosen.append(Chosen(index, text, again))
                used += size
                taken(index)
                return True
        return False

    passed: list[int] = []
    for index in ranked:
        if (sentences and len(chosen) == sentences) or (words and used == words):
            break
        if not take(index):
            passed.append(index)
    fillers = [*((index, False) for index in spare), *((index, True) for index in passed)] if exact else []
    for index, again in fillers:
        if (sentences and len(chosen) == sentences) or (words and chosen and words - used < used / len(chosen)):
            break
        take(index, again=again)
    if not chosen and passed:
        any(take(index, any_size=True) for index in (*passed, *spare)) or take(passed[0], again=True, any_size=True)
        if exact and 0 < words < used:
            chosen = [found._replace(text=_beginning(found.text, words), cut=True) for found in chosen]
    return sorted(chosen)


def _beginning(text: str, words: int) -> str:
    return f"{' '.join(text.split()[:words]).rstrip(',;:-–—')}…"
