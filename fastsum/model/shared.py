"""What the networks in torch and in numpy share: positions as numbers, constants of word counts, and progress."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SENTENCE_BUCKETS = 64
"""Buckets of sentence positions: the first half are exact, the others grow logarithmically."""

FACTS = 15
"""Counted features of a word, for the prediction of word counts."""
PRIOR = -2.0
"""Logarithm of a word's expected count before training: a summary uses one in seven of the words, once."""

LONG = 65_536
"""Tokens: the reading of a longer document takes long enough for its progress to be told."""

Progress = Callable[[int, int], None]
"""Called with the work done so far and the total, in the same arbitrary unit."""


def adding_up(progress: Progress | None, total: int) -> Callable[[int], None]:
    """A function that is called with the work done since the last call, and tells `progress` how far that is."""
    done = 0

    def advance(work: int) -> None:
        nonlocal done
        done += work
        if progress is not None:
            progress(done, total)

    return advance


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
