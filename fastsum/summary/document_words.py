"""The words of a document's sentences: where they occur, and sums over a sentence's words.

Shape suffixes: S sentences, N tokens, W distinct words of the document.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fastsum.text.source import Source

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class DocumentWords:
    """The words of a document; each array is made when it is first asked for."""

    source: Source

    @cached_property
    def lengths_S(self) -> Ints:
        return np.asarray(self.source.lengths, dtype=np.int64)

    @cached_property
    def ends_S(self) -> Ints:
        return np.cumsum(self.lengths_S)

    @cached_property
    def _distinct(self) -> tuple[Ints, Ints]:
        ids_W, word_N = np.unique(self.source.tokens, return_inverse=True)
        return ids_W, word_N

    @property
    def ids_W(self) -> Ints:
        """Extended ids of the distinct words."""
        return self._distinct[0]

    @property
    def word_N(self) -> Ints:
        return self._distinct[1]

    @cached_property
    def words(self) -> list[str]:
        return self.source.words(self.ids_W.tolist())

    @cached_property
    def sentence_N(self) -> Ints:
        return np.repeat(np.arange(len(self.lengths_S)), self.lengths_S)

    @cached_property
    def prose_S(self) -> NDArray[np.bool_]:
        return np.array([sentence.is_prose for sentence in self.source.sentences], dtype=bool)

    @cached_property
    def is_word_W(self) -> NDArray[np.bool_]:
        """Which have a letter or a digit; the others are marks."""
        return np.array([word.isalnum() or any(map(str.isalnum, word)) for word in self.words], dtype=bool)

    def within(self, hits_N: NDArray[np.bool_], reach: int) -> Ints:
        """How many hits are in each sentence and within so many words of it, (S,)."""
        before_N = np.concatenate([[0], np.cumsum(hits_N, dtype=np.int64)])
        last = len(hits_N)
        starts_S = self.ends_S - self.lengths_S
        found: Ints = before_N[np.minimum(last, self.ends_S + reach)] - before_N[np.maximum(0, starts_S - reach)]
        return found

    def sums(self, values_W: Floats) -> Floats:
        """The sum of its words' values for each sentence, (S,)."""
        return np.bincount(self.sentence_N, values_W[self.word_N], len(self.lengths_S)).astype(np.float64, copy=False)
