"""How often a summary uses each of its document's words, in numpy; the equations of `fastsum.model.word_counts`.

Shape suffixes: N tokens, S sentences, D width, W distinct words, P pairs of a word and a sentence that has it, F facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.config import ModelConfig
from fastsum.inference.kernels import Floats, gelu, normalize, sigmoid
from fastsum.model.shared import PRIOR

_AT_ONCE = 256  # words, or sentences

Ints = NDArray[np.int64]


class DistinctWords(NamedTuple):
    """The distinct words of a document, by ascending id."""

    ids_W: Ints
    """Extended word ids."""
    words_N: Ints
    """Index (of W) of each token's word."""
    counts_W: Ints
    """How often each word occurs."""

    @classmethod
    def of(cls, tokens_N: Ints) -> DistinctWords:
        """The distinct words of the tokens, extended word ids."""
        return cls(*np.unique(tokens_N, return_inverse=True, return_counts=True))

    def pairs(self, lengths_S: Ints) -> tuple[Ints, Ints]:
        """The word and the sentence of each pair, by ascending word and then sentence."""
        count = len(lengths_S)
        sentences_N = np.repeat(np.arange(count), lengths_S)
        pairs_P = np.unique(self.words_N * count + sentences_N)
        return pairs_P // count, pairs_P % count


class WordCounts:
    """Predicts how often the summary uses each word of its document."""

    def __init__(self, weights: Mapping[str, Floats], config: ModelConfig) -> None:
        width = config.width
        self._vocabulary_size = config.vocabulary_size
        weight = weights["word_counts.input.weight"]
        states, facts = weight[:, : 2 * width], weight[:, 2 * width :]
        gain, bias = weights["word_counts.norm.weight"], weights["word_counts.norm.bias"]
        input_bias = weights["word_counts.input.bias"] + states @ bias
        self._input = np.concatenate([(states * gain).T, facts.T, input_bias[None]])
        self._hidden, self._hidden_bias = weights["word_counts.hidden.weight"].T, weights["word_counts.hidden.bias"]
        self._output, self._output_bias = weights["word_counts.output.weight"].T, weights["word_counts.output.bias"]

    def __call__(
        self, words: DistinctWords, means_WD: Floats, sentences_SD: Floats, logits_S: Floats, lengths_S: Ints
    ) -> Floats:
        """Logarithms of the expected counts, (W,).

        Args:
            means_WD: the mean state of each word's tokens.
            sentences_SD: the sentences' states, whose salience logits are `logits_S`.
            lengths_S: tokens in each sentence.
        """
        words_P, pairs_P = words.pairs(lengths_S)
        salience_P = sigmoid(logits_S)[pairs_P]
        first_W = np.flatnonzero(np.diff(words_P, prepend=-1))  # of each word's pairs
        weight_W = np.add.reduceat(salience_P, first_W)
        width = means_WD.shape[1]
        input_WD = np.zeros((len(means_WD), len(self._input)), dtype=np.float32)
        input_WD[:, :width] = means_WD
        states_WD = input_WD[:, width : 2 * width]
        for some_W, states in _weighed(words_P, pairs_P, salience_P, sentences_SD):
            states_WD[some_W] += states
        states_WD /= np.maximum(weight_W, np.float32(1e-6))[:, None]
        facts = (words_P, pairs_P, salience_P, first_W)
        input_WD[:, 2 * width : -1] = self._facts_of(words, facts, weight_W, logits_S, lengths_S)
        input_WD[:, -1] = 1
        starts = range(0, len(input_WD), _AT_ONCE)
        return np.concatenate([self._rates(input_WD[start : start + _AT_ONCE]) for start in starts])

    def _rates(self, input_WD: Floats) -> Floats:
        """Logarithms of the expected counts from the words' states, those of their sentences, their facts and a 1.
        Overwrites them."""
        states_WD = input_WD[:, : 2 * len(self._hidden)]
        normalize(states_WD, states_WD)
        h_WD = gelu(input_WD @ self._input)
        h_WD += gelu(h_WD @ self._hidden + self._hidden_bias)
        return (h_WD @ self._output)[:, 0] + (self._output_bias[0] + np.float32(PRIOR))

    def _facts_of(
        self,
        words: DistinctWords,
        pairs: tuple[Ints, Ints, Floats, Ints],
        weight_W: Floats,
        logits_S: Floats,
        lengths_S: Ints,
    ) -> Floats:
        """Counted features of each word, (W, F), scaled to about 1."""
        _, pairs_P, salience_P, first_W = pairs
        sentences, tokens = len(lengths_S), len(words.words_N)
        salient = max(float(sigmoid(logits_S).sum()), 1e-3)
        ends_W = np.append(first_W[1:], len(pairs_P))
        within_W = ends_W - first_W
        earliest_W, latest_W = pairs_P[first_W], pairs_P[ends_W - 1]
        in_none_W = np.exp(np.add.reduceat(np.log1p(-np.minimum(salience_P, np.float32(0.95))), first_W))
        ones_W = np.ones_like(weight_W)
        columns = (
            np.log(words.counts_W),
            np.log(within_W),
            np.log(words.counts_W / tokens * 1_000),
            np.maximum.reduceat(salience_P, first_W),
            weight_W / salient * 10,
            weight_W / within_W,
            1 - in_none_W,
            np.log(weight_W + np.float32(1e-3)),
            earliest_W / sentences,
            latest_W / sentences,
            np.log1p(earliest_W) / 4,
            np.log1p(np.minimum(words.ids_W, self._vocabulary_size)) / 10,
            ones_W * (np.log(sentences) / 5),
            ones_W * (np.log(tokens) / 8),
            ones_W * (salient / sentences * 5),
        )
        return np.stack(columns, axis=1).astype(np.float32)


def _weighed(words_P: Ints, pairs_P: Ints, salience_P: Floats, sentences_SD: Floats) -> Iterator[tuple[Ints, Floats]]:
    """The sums of the states of the sentences that have a word, weighed by salience, for some sentences after others:
    the words that these have, and their sums. By a product: `add.reduceat` takes a microsecond a group."""
    order_P = np.argsort(pairs_P, kind="stable")
    pairs_P, words_P, salience_P = pairs_P[order_P], words_P[order_P], salience_P[order_P]
    for start in range(0, len(sentences_SD), _AT_ONCE):
        some = slice(*np.searchsorted(pairs_P, (start, start + _AT_ONCE)))
        words, word_P = np.unique(words_P[some], return_inverse=True)
        states_SD = sentences_SD[start : start + _AT_ONCE]
        shares = np.zeros((len(words), len(states_SD)), dtype=np.float32)
        shares[word_P, pairs_P[some] - start] = salience_P[some]
        yield words, shares @ states_SD
