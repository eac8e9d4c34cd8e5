"""Pick sentences from a ranking, skipping what says the same again: n-gram blocking, and sentences nearly alike.

Worth (docs/experiments/2026-11-29-reading-well.md): against trigram blocking, which was the rule before, news +0.12 /
+0.40 / +0.39 ROUGE-1 / -2 / -Lsum and papers +0.55 / +0.84 / +0.55 at the models' own lengths.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from fastsum.summary.attribution import Attribution

NgramKey = tuple[str, ...]

LEAST_WORDS = 5
"""A shorter sentence says hardly anything."""

_LATIN = re.compile(r"[a-z0-9]+")
_ANY = re.compile(r"\w+")
_ALIKE = 0.7  # of the telling words of the sentence that has fewer
_LEAST_TELLING = 4  # words that the shorter of two has, or a few chance words would make them alike
_LETTERS = 4  # of a telling word
_TOO_COMMON = 30  # sentences of a summary that have a word: it tells none of them, and would take time
_TRIED = 1_000  # sentences for room that is less than one takes on average: of a book all would be tried


class Selected(NamedTuple):
    """A sentence selected for a summary."""

    sentence: int
    """Its number in the document."""
    text: str
    """What is shown of it, with its speaker unless the sentence before is the same one's."""
    repeats: bool
    """Whether it says again what the summary has and was taken only to reach the length asked for."""
    cut: bool = False
    """Whether only its beginning is shown because there was no room for more."""


class SeenNgrams:
    """The sentences and n-grams that a summary has; `size` is n, 0 for equal sentences only."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._indices: list[int] = []
        self._rows: list[NgramKey] = []
        self._sentences: set[NgramKey] = set()
        self._ngrams: set[NgramKey] = set()
        self._telling: list[int] = []  # the number of telling words of each sentence, as they were added
        self._having: defaultdict[str, list[int]] = defaultdict(list)  # by word, which of these have it

    def has(self, words: NgramKey) -> bool:
        """Whether the summary has exactly this sentence."""
        return words in self._sentences

    def repeats(self, index: int, words: NgramKey) -> bool:
        """Whether sentence `index` of the document would repeat an n-gram, also across its borders, or itself, or is
        nearly the same as another: the one that has fewer telling words, of four letters or more, shares most."""
        ngrams = self._ngrams_around(index, words)
        if self.has(words) or len(set(ngrams)) < len(ngrams) or not self._ngrams.isdisjoint(ngrams):
            return True
        return self._size > 0 and self._is_like_another(_telling(words))

    def add(self, index: int, words: NgramKey) -> None:
        """Add sentence `index` of the document."""
        self._ngrams.update(self._ngrams_around(index, words))
        self._sentences.add(words)
        if self._size:
            telling = _telling(words)
            for word in telling:
                self._having[word].append(len(self._telling))
            self._telling.append(len(telling))
        position = bisect_left(self._indices, index)
        self._indices.insert(position, index)
        self._rows.insert(position, words)

    def _is_like_another(self, telling: frozenset[str]) -> bool:
        if len(telling) < _LEAST_TELLING:
            return False
        having = (self._having[word] for word in telling if word in self._having)
        shared = Counter(chain.from_iterable(found for found in having if len(found) <= _TOO_COMMON))
        return any(
            count >= _ALIKE * min(len(telling), self._telling[other])
            for other, count in shared.items()
            if self._telling[other] >= _LEAST_TELLING
        )

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


def _telling(words: NgramKey) -> frozenset[str]:
    return frozenset(word for word in words if len(word) >= _LETTERS)


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
    names: Attribution | None = None,
    taken: Callable[[int], None] = lambda sentence: None,
    company: Callable[[int], Sequence[int] | None] = lambda sentence: (),
    fewest: int = 0,
) -> list[Selected]:
    """Select sentences; returns them in document order, at least one if any is ranked.

    Args:
        ranked: the candidates, best first.
        texts: what may be shown of a sentence, best first; the first that fits and repeats nothing is shown.
        sentences: maximum number of sentences; 0 sets no limit.
        words: maximum number of words in total, split at white space; 0 sets no limit. A sentence that does not fit is
            skipped; where less room is left than a sentence takes on average, 1,000 more are tried.
        block_ngrams: a sentence that repeats an n-gram of this size, its own or another's, or is nearly the same as
            another, is skipped; 0 blocks only equal sentences.
        spare: further candidates, used if every ranked one repeats itself, or if `exact` needs them.
        exact: whether the limits must be reached. While there is room for a sentence of average length and no candidate
            is left, those without their company are taken, then spares, then sentences that say something again, but
            never the same sentence twice. If every sentence is too long, one is cut. Without `exact` it is shown whole.
        least: a lower bound of the words of all texts of a sentence: where even these do not fit, its texts, which are
            made with effort, are not asked for.
        names: who is named before each sentence: a name takes room, and is no repetition.
        taken: called with each selected sentence, so that `ranked` can be an iterator that depends on the selection.
        company: the other sentences that one needs beside it, by what is selected so far: it is taken with all of them
            or skipped, and with None it is skipped.
        fewest: without `exact`, spares are taken too until there are so many sentences.
    """
    seen = SeenNgrams(block_ngrams)
    chosen: list[Selected] = []  # without names
    named = names or Attribution()
    has: set[int] = set()
    used = 0

    def take(index: int, *, again: bool = False, any_size: bool = False) -> bool:
        nonlocal used
        for text in texts(index):
            size = len(text.split()) + named.words(index, text)
            if words and not any_size and used + size > words:
                continue
            row = words_of(text)
            if not (seen.has(row) if again else seen.repeats(index, row)):
                seen.add(index, row)
                chosen.append(Selected(index, text, again))
                named.add(index, text)
                used += size
                has.add(index)
                taken(index)
                return True
        return False

    def take_all(index: int) -> bool:
        """Take a sentence with its company, or nothing."""
        nonlocal used, named
        if words and used + least(index) > words:
            return False
        if (others := company(index)) is None:
            return False
        if not others:
            return take(index)
        group = sorted({index, *others})
        if sentences and len(chosen) + len(group) > sentences:
            return False
        new = SeenNgrams(block_ngrams)
        members: list[Selected] = []
        size, together = 0, named.copy()
        for each in group:
            text = next(iter(texts(each)))
            row = words_of(text)
            if seen.repeats(each, row) or new.repeats(each, row):
                return False
            new.add(each, row)
            members.append(Selected(each, text, False))
            size += len(text.split()) + together.words(each, text)
            together.add(each, text)
        if words and used + size > words:
            return False
        named = together
        for one in members:
            seen.add(one.sentence, words_of(one.text))
            chosen.append(one)
            has.add(one.sentence)
            taken(one.sentence)
        used += size
        return True

    def is_nearly_full() -> bool:
        return bool(words and chosen and words - used < used / len(chosen))

    skipped: list[int] = []
    tried = 0
    for index in ranked:
        if (sentences and len(chosen) == sentences) or (words and used == words) or tried == _TRIED:
            break
        if index not in has and not take_all(index):
            skipped.append(index)
            tried += is_nearly_full()
    if not exact:
        for index in spare:
            if len(chosen) >= min(fewest, sentences or fewest):
                break
            if index not in has:
                take_all(index)
    again_last = [*((skipped, False), (spare, False), (skipped, True))] if exact else []
    fillers = [(index, again) for indices, again in again_last for index in indices]
    for index, again in fillers:
        if (sentences and len(chosen) == sentences) or is_nearly_full():
            break
        if index not in has and not (words and used + least(index) > words):
            take(index, again=again)
    cut = False
    if not chosen and skipped:
        any(take(index, any_size=True) for index in (*skipped, *spare)) or take(skipped[0], again=True, any_size=True)
        cut = exact and 0 < words < used
    found = [one._replace(text=name + one.text) for one, name in zip(sorted(chosen), named.labels(), strict=True)]
    return [one._replace(text=beginning(one.text, words), cut=True) for one in found] if cut else found


def beginning(text: str, words: int) -> str:
    """The first words of a sentence that is cut."""
    return f"{' '.join(text.split()[:words]).rstrip(',;:-–—')}…"
