"""The order in which sentences are chosen where a model tells which words the summary should have.

A sentence is wanted for its salience, and for those of its words that the summary is expected to have and does not have
yet: the k-th time that it has a word counts with the probability that the reference has it k times, by Poisson's
distribution. What is chosen therefore covers what the reference says, instead of saying the most salient again.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from fastsum.text.source import Source

_MOST = 8  # times that one more of the same word may count
_ALLOWANCE = 8  # words that every sentence is held to have besides: a short one is soon full of expected words
_SUREST = 1e-6  # a salience of 1 has no logit


class Coverage:
    """What the summary has so far, and what each sentence would add.

    Args:
        expected: how often the summary should have each word, by its extended id.
        weight: what a long sentence all of whose words are new and expected is worth, in units of its salience's
            logit; a shorter one less.
    """

    def __init__(self, source: Source, salience: Sequence[float], expected: Mapping[int, float], weight: float) -> None:
        self._source = source
        self._salience = salience
        self._weight = weight
        self._chances = {word: _chances(rate) for word, rate in expected.items()}
        self._has: Counter[int] = Counter()
        self._added = 0
        self._counts: dict[int, Counter[int]] = {}

    def add(self, sentence: int) -> None:
        """The summary takes a sentence; all of its words count, though less of it may be shown."""
        self._has.update(self._words(sentence))
        self._added += 1

    def order(self, ranked: Sequence[int]) -> Iterator[int]:
        """The sentences, each the one most wanted beside what has been added by then; those of equal worth, and all
        where nothing is expected or `weight` is 0, as they are ranked."""
        if not (self._weight and self._chances):
            yield from ranked
            return
        # The more the summary has, the less a sentence adds: one that is ahead by its present worth is ahead of all
        # whose worth is an older one.
        heap = [(-self._worth(sentence), place, sentence, self._added) for place, sentence in enumerate(ranked)]
        heapq.heapify(heap)
        while heap:
            _, place, sentence, added = heap[0]
            if added == self._added:
                heapq.heappop(heap)
                yield sentence
            else:
                heapq.heapreplace(heap, (-self._worth(sentence), place, sentence, self._added))

    def _worth(self, sentence: int) -> float:
        salience = min(max(self._salience[sentence], _SUREST), 1 - _SUREST)
        counts = self._words(sentence)
        new = sum(
            sum(self._chances[word][self._has[word] : self._has[word] + count])
            for word, count in counts.items()
            if word in self._chances
        )
        return math.log(salience / (1 - salience)) + self._weight * new / (counts.total() + _ALLOWANCE)

    def _words(self, sentence: int) -> Counter[int]:
        """How often a sentence has each word, punctuation left out."""
        if sentence not in self._counts:
            words = self._source.encodings[sentence].words
            ids = self._source.ids[sentence]
            # a sentence of nothing that the tokeniser keeps has an id and no word
            self._counts[sentence] = Counter(
                number for number, word in zip(ids, words, strict=False) if any(map(str.isalnum, word))
            )
        return self._counts[sentence]


def _chances(rate: float) -> tuple[float, ...]:
    """The probabilities of at least 1, 2, ... by Poisson's distribution."""
    found = []
    exactly = math.exp(-rate)
    least = 1.0
    for count in range(1, _MOST + 1):
        least = max(0.0, least - exactly)
        found.append(least)
        exactly *= rate / count
    return tuple(found)
