"""Titles as arrays of tokens, by fastsum's tokenizer or a language model's.

Shape suffixes: N titles, T tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastsum.tasks.recommendation.recommender import NOTHING
from fastsum.text.cleaning import clean
from fastsum.text.tokenizer import Tokenizer


def word_titles(titles: Iterable[str], tokenizer: Tokenizer, length: int) -> NDArray[np.int64]:
    """The first `length` words of each title, (N, T)."""
    return _padded([tokenizer.encode(clean(title)).ids for title in titles], length)


def piece_titles(titles: Iterable[str], tokenizer: Any, length: int) -> NDArray[np.int64]:
    """The same as tokens of a tokenizer of `transformers`, with its special tokens."""
    return _padded(
        tokenizer([clean(title) for title in titles], truncation=True, max_length=length)["input_ids"], length
    )


def _padded(rows: Sequence[Sequence[int]], length: int) -> NDArray[np.int64]:
    tokens_NT = np.full((len(rows), length), NOTHING, dtype=np.int64)
    for row_T, ids in zip(tokens_NT, rows, strict=True):
        row_T[: len(ids)] = ids[:length]
    return tokens_NT
