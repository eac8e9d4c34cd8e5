"""Pick sentences from a ranking, skipping repeats (n-gram blocking)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

NgramKey = tuple[str, ...]

LEAST_WORDS = 5
"""A shorter sentence says hardly anything."""

_LATIN = re.compile(r"[a-z0-9]+")
_ANY = re.compile(r"\w+")


class Selected(NamedTuple):
    """A sentence selected for a summary."""

    sentence: int
    """Its number in the document."""
    text: str
    """What is shown of it, with its speaker."""
    repeats: bool
    """Whether it repeats an n-gram of the summary and was taken only to reach the length asked for."""
    cut: bool = False
    """Whether only its beginning is shown because there was no room for more."""


class SeenNgrams:
    """The sentences and n-grams that a summary has; `size` is n, 0 for whole sentences only."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._indices: list[int] = []
        self._rows: list[NgramKey] = []
        self._sentences: set[NgramKey] = set()
        self._ngrams: set[NgramKey] = set()

    def has(self, words: NgramKey) -> bool:
        """Whether the summary has exactly this sentence."""
        return words in self._sentences

    def repeats(self, index: int, words: NgramKey) -> bool:
        """Whether sentence `index` of the document would repeat an n-gram, also across its borders, or itself."""
        ngrams = self._ngrams_around(index, words)
        return self.has(words) or len(set(ngrams)) < len(ngrams) or not self._ngrams.isdisjoint(ngrams)

    def add(self, index: int, words: NgramKey) -> None:
        """Add sentence `index` of the document."""
        self._ngrams.update(self._ngrams_around(index, words))
        self._sentences.add(words)
        position = bisect_left(self._indices, index)
        self._indices.insert(position, index)
        self._rows.insert(position, words)

    def _ngrams_around(self, index: int, words: NgramKey) -> list[NgramKey]:
        if not self._size or not words:
            return []
        position = bisect_left(self._indices, index)
        before: NgramKey = ()
        after: NgramKey = ()
        row = position
        while row > 0 and len(before) < self._size - 1:
            row -= 1
            before = self._rows[row] + before
        row = position
        while row < len(self._rows) and len(after) < self._size - 1:
            after += self._rows[row]
            row += 1
        start = max(0, len(before) - self._size + 1)
        near = (*before[start:], *words, *after[: self._size - 1])
        return [near[at : at + self._size] for at in range(len(near) - self._size + 1)]


def words_of(text: str) -> NgramKey:
    """The tokens that repeats are counted in: runs of a-z and digits, or of any letters where there are none."""
    small = text.lower()
    return tuple(_LATIN.findall(small) or _ANY.findall(small))


def has_words(text: str, count: int) -> bool:
    """Whether `words_of` a text are at least so many."""
    beginning = text[: 10 * count].lower()
    return len(_LATIN.findall(beginning)) >= count or len(words_of(text)) >= count


def select(
    ranked: Iterable[int],
    texts: Callable[[int], Iterable[str]],
    *,
    sentences: int,
    words: int,
    block_ngrams: int,
    spare: Sequence[int] = (),
    exact: bool = False,
    least: Callable[[int], int] = lambda sentence: 0,
    label: Callable[[int], str] = lambda sentence: "",
    taken: Callable[[int], None] = lambda sentence: None,
) -> list[Selected]:
    """Select sentences; returns them in document order, at least one if any is ranked.

    Args:
        ranked: the candidates, best first.
        texts: what may be shown of a sentence, best first; the first that fits and repeats nothing is shown.
        sentences: maximum number of sentences; 0 sets no limit.
        words: maximum number of words in total, split at white space; 0 sets no limit. A sentence that does not fit is
            skipped.
        block_ngrams: a sentence that repeats an n-gram of this size, its own or another's, is skipped; 0 blocks only
            repeated sentences.
        spare: further candidates, used if every ranked one repeats itself, or if `exact` needs them.
        exact: whether the limits must be reached. While there is room for a sentence of average length and no candidate
            is left, spares are taken, then sentences that repeat an n-gram, but never the same sentence twice. If every
            sentence is too long, one is cut. Without `exact` it is shown whole.
        least: a lower bound of the words of all texts of a sentence: where even these do not fit, its texts, which are
            made with effort, are not asked for.
        label: what is shown before a sentence, such as its speaker: it takes room, and is no repetition.
        taken: called with each selected sentence, so that `ranked` can be an iterator that depends on the selection.
    """
    seen = SeenNgrams(block_ngrams)
    chosen: list[Selected] = []
    used = 0

    def take(index: int, *, again: bool = False, any_size: bool = False) -> bool:
        nonlocal used
        if words and not any_size and used + least(index) > words:
            return False
        before = label(index)
        for text in texts(index):
            shown = before + text
            size = len(shown.split())
            if words and not any_size and used + size > words:
                continue
            row = words_of(text)
            if not (seen.has(row) if again else seen.repeats(index, row)):
                seen.add(index, row)
                chosen.append(Selected(index, shown, again))
                used += size
                taken(index)
                return True
        return False

    skipped: list[int] = []
    for index in ranked:
        if (sentences and len(chosen) == sentences) or (words and used == words):
            break
        if not take(index):
            skipped.append(index)
    fillers = [*((index, False) for index in spare), *((index, True) for index in skipped)] if exact else []
    for index, again in fillers:
        if (sentences and len(chosen) == sentences) or (words and chosen and words - used < used / len(chosen)):
            break
        take(index, again=again)
    if not chosen and skipped:
        any(take(index, any_size=True) for index in (*skipped, *spare)) or take(skipped[0], again=True, any_size=True)
        if exact and 0 < words < used:
            chosen = [found._replace(text=beginning(found.text, words), cut=True) for found in chosen]
    return sorted(chosen)


def beginning(text: str, words: int) -> str:
    """The first words of a sentence that is cut."""
    return f"{' '.join(text.split()[:words]).rstrip(',;:-–—')}…"
