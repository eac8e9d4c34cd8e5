"""Coverage: greedy selection for a model that predicts the words of the summary.

A sentence's score is the logit of its salience plus a reward for expected words that the summary does not have yet. The
k-th occurrence of a word counts with the probability that the reference has it at least k times (Poisson). So the
selection covers what the reference says instead of repeating what is most salient.

A sentence that needs others beside it, the one before it or what announces its list, competes with all that it would
bring along (docs/experiments/2026-11-30-company.md).

The same counts give a summary its length. They add up to the words that the reference should have, so the F-score that
a selection can expect in them is 2 * covered / (its words + those of the reference); a sentence that would lower it is
left out (docs/experiments/2026-11-29-any-kind.md).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from fastsum.text.source import Source
from fastsum.text.tokenizer import UNK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST = 8  # occurrences of a word that count
_ALLOWANCE = 8  # added to every length, or a short sentence of expected words would always win
_SUREST = 1e-6  # a salience of 1 has no logit
_LENGTH = 0.8  # of the expected words that count as the reference's: 1 makes summaries a tenth longer and no better
_AT_ONCE = 32  # gains computed again together; of a paper's 200 sentences 18 need it after each that is added


class Coverage:
    """What the summary has so far, and the gain of adding each sentence.

    Args:
        expected: how often the summary should have each word, by its extended id.
        weight: the reward of a long sentence whose words are all expected and new, in logits of salience.
        length: whether, and with which factor, the expected words limit the length; 0 sets no limit.
        fewest: sentences that are wanted all the same.
    """

    def __init__(
        self,
        source: Source,
        salience: Sequence[float],
        expected: Mapping[int, float],
        weight: float,
        length: float = 0.0,
        fewest: int = 0,
    ) -> None:
        self._words = _Words(source, salience, expected, weight) if weight and expected else None
        self._length = _LENGTH * length * sum(expected.values())
        self._fewest = fewest
        self._added = 0

    def add(self, sentence: int) -> None:
        """Add a sentence to the summary; all of its words count, even if less of it is shown."""
        if self._words:
            self._words.add(sentence)
        self._added += 1

    def order(
        self, ranked: Sequence[int], company: Callable[[int], Sequence[int] | None] = lambda sentence: ()
    ) -> Iterator[int]:
        """Yield the sentences by gain given all that has been added by then, but for those that would make the summary
        too long; ties in the order of `ranked`, and so is everything if no word is expected or `weight` is 0.

        `company` are the sentences that one brings along: its gain is then that of all the words together.
        """
        if not self._words or not ranked:
            yield from ranked
            return
        import numpy as np

        # Lazy greedy: gains only shrink, so a fresh highest one beats every stale one.
        words, sentences = self._words, np.array(ranked, dtype=np.int64)
        gains = words.gains(sentences)
        computed = np.full(len(sentences), self._added)
        together = np.full(len(sentences), -1)  # when the gain of a sentence with its company was last computed
        while gains[best := int(gains.argmax())] > -np.inf:
            limited = self._length and self._added >= self._fewest
            if computed[best] < self._added:
                (stale,) = np.nonzero((computed < self._added) & (gains > -np.inf))
                if len(stale) > _AT_ONCE:
                    stale = stale[np.argpartition(-gains[stale], _AT_ONCE)[:_AT_ONCE]]
                gains[stale] = words.gains(sentences[stale])
                computed[stale] = self._added
            elif together[best] < self._added and (others := company(int(sentences[best]))):
                together[best] = self._added
                gain, raises = words.group(sentences[best], others, self._length)
                gains[best] = -np.inf if limited and not raises else min(gain, gains[best])
            elif limited and not words.raise_score(sentences[[best]], self._length):
                gains[~words.raise_score(sentences, self._length)] = -np.inf  # nor will any of these later on
            else:
                yield int(sentences[best])
                gains[best] = -np.inf


class _Words:
    """How often each sentence and the summary have each word, punctuation left out, and what that is worth.

    Shape suffixes: S sentences, N tokens, W distinct words of the document, C cells: the words of a sentence, together.
    """

    def __init__(self, source: Source, salience: Sequence[float], expected: Mapping[int, float], weight: float) -> None:
        import numpy as np

        size = len(source.lengths)
        occurs = np.bincount(source.tokens) > 0  # by id
        ids = np.flatnonzero(occurs).tolist()
        # a sentence of nothing that the tokeniser keeps has an id and no word
        spoken_W = np.array([word.isalnum() or any(map(str.isalnum, word)) for word in source.words(ids)], dtype=bool)
        spoken_W &= np.not_equal(ids, UNK)
        word_N = (np.cumsum(occurs) - 1)[source.tokens]
        spoken_N = spoken_W[word_N]
        sentence_N = np.repeat(np.arange(size), source.lengths)[spoken_N]
        cells, counts_C = np.unique(sentence_N * len(ids) + word_N[spoken_N], return_counts=True)
        sentence_C, self._word_C = np.divmod(cells, len(ids))
        self._counts_C = np.minimum(counts_C, _MOST)
        self._starts = np.searchsorted(sentence_C, np.arange(size + 1))
        # What the first 0, 1, 2, ... occurrences of a word are worth together.
        rates_W = np.fromiter(map(expected.get, ids, itertools.repeat(0.0)), np.float64, len(ids))
        self._worth_WK = np.pad(_chances(rates_W), ((0, 0), (1, _MOST))).cumsum(axis=1)
        self._has_W = np.zeros(len(ids), dtype=np.int64)
        likely_S = np.clip(salience, _SUREST, 1 - _SUREST)
        self._logits_S = np.log(likely_S / (1 - likely_S))
        self._sizes_S = np.bincount(sentence_N, minlength=size)
        self._weight = weight
        self._scale_S = weight / (self._sizes_S + _ALLOWANCE)
        self._size, self._covered = 0, 0.0

    def add(self, sentence: int) -> None:
        """Add a sentence to the summary."""
        import numpy as np

        self._size += int(self._sizes_S[sentence])
        self._covered += float(self._new_words(np.array([sentence]))[0])
        cells = slice(self._starts[sentence], self._starts[sentence + 1])
        words = self._word_C[cells]
        self._has_W[words] = (self._has_W[words] + self._counts_C[cells]).clip(max=_MOST)

    def raise_score(self, sentences: NDArray[np.int64], length: float) -> NDArray[np.bool_]:
        """Which sentences raise the expected F-score, or leave it, if the reference has `length` words."""
        sizes, covered = self._size + self._sizes_S[sentences], self._covered + self._new_words(sentences)
        raising: NDArray[np.bool_] = covered * (self._size + length) >= self._covered * (sizes + length)
        return raising

    def group(self, sentence: int, others: Sequence[int], length: float) -> tuple[float, bool]:
        """The gain of a sentence with the words of others beside it, and whether all of them together raise the
        expected F-score, or leave it, if the reference has `length` words."""
        import numpy as np

        members = np.array([sentence, *others])
        cells = np.concatenate([np.arange(self._starts[one], self._starts[one + 1]) for one in members])
        words, place = np.unique(self._word_C[cells], return_inverse=True)
        counts = np.bincount(place, self._counts_C[cells], len(words)).astype(np.int64).clip(max=_MOST)
        has = self._has_W[words]
        new = float((self._worth_WK[words, has + counts] - self._worth_WK[words, has]).sum())
        size = int(self._sizes_S[members].sum())
        gain = float(self._logits_S[sentence]) + self._weight * new / (size + _ALLOWANCE)
        raises = (self._covered + new) * (self._size + length) >= self._covered * (self._size + size + length)
        return gain, raises

    def _new_words(self, sentences: NDArray[np.int64]) -> NDArray[np.float64]:
        """How many words of each sentence are expected and new."""
        new: NDArray[np.float64] = (self.gains(sentences) - self._logits_S[sentences]) / self._scale_S[sentences]
        return new

    def gains(self, sentences: NDArray[np.int64]) -> NDArray[np.float64]:
        """The gain of adding each of some sentences."""
        import numpy as np

        sizes = self._starts[sentences + 1] - self._starts[sentences]
        place = np.repeat(np.arange(len(sentences)), sizes)
        cells = np.arange(len(place)) + np.repeat(self._starts[sentences] - np.cumsum(sizes) + sizes, sizes)
        words = self._word_C[cells]
        has = self._has_W[words]
        new = self._worth_WK[words, has + self._counts_C[cells]] - self._worth_WK[words, has]
        new_words = np.bincount(place, new, len(sentences))
        gains: NDArray[np.float64] = self._logits_S[sentences] + self._scale_S[sentences] * new_words
        return gains


def _chances(rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities of at least 1, 2, ... by Poisson's distribution, (W, 8), for rates (W,)."""
    import numpy as np

    found = []
    exactly = np.exp(-rates)
    least = np.ones_like(rates)
    for count in range(1, _MOST + 1):
        least = np.maximum(0.0, least - exactly)
        found.append(least)
        exactly = exactly * rates / count
    return np.stack(found, axis=1)
