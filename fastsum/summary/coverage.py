"""Coverage: greedy selection for a model that predicts the words of the summary.

A sentence's score is the logit of its salience plus a reward for expected words that the summary does not have yet. The
k-th occurrence of a word counts with the probability that the reference has it at least k times (Poisson). So the
selection covers what the reference says instead of repeating what is most salient.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from fastsum.text.source import Source

_MOST = 8  # occurrences of a word that count
_ALLOWANCE = 8  # added to every length, or a short sentence of expected words would always win
_SUREST = 1e-6  # a salience of 1 has no logit


class Coverage:
    """What the summary has so far, and the gain of adding each sentence.

    Args:
        expected: how often the summary should have each word, by its extended id.
        weight: the reward of a long sentence whose words are all expected and new, in logits of salience.
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
        """Add a sentence to the summary; all of its words count, even if less of it is shown."""
        self._has.update(self._words(sentence))
        self._added += 1

    def order(self, ranked: Sequence[int]) -> Iterator[int]:
        """Yield the sentences by gain given all that has been added by then; ties in the order of `ranked`, and so is
        everything if no word is expected or `weight` is 0."""
        if not (self._weight and self._chances):
            yield from ranked
            return
        # Lazy greedy: gains only shrink, so a fresh top of the heap beats every stale entry.
        heap = [(-self._gain(sentence), rank, sentence, self._added) for rank, sentence in enumerate(ranked)]
        heapq.heapify(heap)
        while heap:
            _, rank, sentence, added = heap[0]
            if added == self._added:
                heapq.heappop(heap)
                yield sentence
            else:
                heapq.heapreplace(heap, (-self._gain(sentence), rank, sentence, self._added))

    def _gain(self, sentence: int) -> float:
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
