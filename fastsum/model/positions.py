"""Positions of tokens and sentences as numbers, for both engines."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

SENTENCE_BUCKETS = 64
"""Buckets of sentence positions: the first half are exact, the others grow logarithmically."""


def position_rates(width: int) -> NDArray[np.float32]:
    """The angle from one position to the next for each pair of channels of the sinusoidal encodings, (width / 2 rounded
    up,) (Vaswani et al. 2017, section 3.5)."""
    return np.exp(np.arange(0, width, 2) * (-math.log(10_000.0) / width)).astype(np.float32)


def sentence_buckets(count: int, start: int = 0) -> NDArray[np.int64]:
    """Bucket of each sentence position from `start`, (count,). Late sentences of a long document share the buckets that
    training has reached."""
    exact = SENTENCE_BUCKETS // 2
    position = np.arange(start, start + count)
    coarse = exact + (np.log2(np.maximum(position, 1) / exact) * 8).astype(np.int64)
    return np.where(position < exact, position, np.minimum(coarse, SENTENCE_BUCKETS - 1))
