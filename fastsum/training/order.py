"""The order of the training data: the batches of each epoch, and how far a run has come in them.

Both follow from (seed, epoch) alone, so a resumed run sees the batches that the uninterrupted one would have seen.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.config import TrainingConfig
from fastsum.model.packing import pack

_POOL = 32  # batches among which documents are sorted by length


class Position(NamedTuple):
    """How far training has come."""

    update: int = 0
    """Updates done."""
    epoch: int = 0
    batch: int = 0
    """Index, in the epoch, of the first batch of the next update."""
    micro: int = 0
    """Batches of the next update, on each process, whose gradients have been added already."""


class BatchOrder:
    """The batches of all epochs, one after the other.

    Args:
        sizes: tokens of each document.
    """

    def __init__(self, sizes: NDArray[np.integer[Any]], config: TrainingConfig) -> None:
        self._sizes, self._config = sizes, config
        self._epoch = -1
        self._batches: list[NDArray[np.int64]] = []

    def next_update(self, position: Position, count: int) -> tuple[list[NDArray[np.int64]], Position]:
        """The next `count` batches, each the indices of its examples, and the position after their update."""
        _, epoch, start, _ = position
        taken: list[NDArray[np.int64]] = []
        while len(taken) < count:
            batches = self._batches_of(epoch)
            stop = start + count - len(taken)
            taken += batches[start:stop]
            epoch, start = (epoch, stop) if stop < len(batches) else (epoch + 1, 0)
        return taken, Position(position.update + 1, epoch, start)

    def epochs(self, position: Position) -> float:
        """How many times training has gone through the data."""
        return position.epoch + position.batch / len(self._batches_of(position.epoch))

    def _batches_of(self, epoch: int) -> list[NDArray[np.int64]]:
        if self._epoch != epoch:
            self._batches = batch_indices(self._sizes, self._config.batch_tokens, self._config.seed, epoch)
            self._epoch = epoch
        return self._batches


def batch_indices(sizes: NDArray[np.integer[Any]], batch_tokens: int, seed: int, epoch: int) -> list[NDArray[np.int64]]:
    """Shuffle one epoch's examples into batches of similar length; seed and epoch determine the result.

    A batch takes at most `batch_tokens` tokens once its documents are padded to the longest; a document longer than
    that is a batch by itself.
    """
    random = np.random.default_rng((seed, epoch))
    order = random.permutation(len(sizes))
    mean = max(1, int(batch_tokens / max(1.0, float(sizes.mean()))))
    lengths = sizes.tolist()
    batches: list[NDArray[np.int64]] = []
    for start in range(0, len(order), mean * _POOL):
        pool = order[start : start + mean * _POOL]
        by_size = pool[np.argsort(sizes[pool], kind="stable")]
        batches += map(np.asarray, pack(by_size.tolist(), lengths, batch_tokens))
    random.shuffle(batches)
    return batches
