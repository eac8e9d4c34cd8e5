"""Metrics: mean losses, speed and scores, of some updates or of a validation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

LOSSES = ("salience_loss", "writing_loss", "counting_loss")
"""Names of a summary model's mean losses, in the order of its Losses."""


@dataclass(frozen=True)
class Metrics:
    """What training shows and logs; `values` are written to the log unchanged."""

    kind: str
    """"train" or "validation"."""
    update: int
    """Updates done."""
    values: dict[str, float]


def mean_losses(names: Sequence[str], sums: Sequence[float], sizes: Sequence[float]) -> dict[str, float]:
    """Mean losses by name, from their sums and what each is divided by.

    The counting loss is left out where nothing was counted: only models with `word_counts` have it.
    """
    means = zip(names, sums, sizes, strict=True)
    return {name: total / max(1, size) for name, total, size in means if size or name != "counting_loss"}


class Meter:
    """Mean losses, by these names, and tokens per second since the last reading."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._losses = self._sizes = [0.0] * len(names)
        self._tokens = 0.0
        self._started = time.monotonic()

    def add(self, losses: Sequence[float], sizes: Sequence[float], tokens: float) -> None:
        """Add one update: its losses, what they are divided by, and its tokens."""
        self._losses = [before + now for before, now in zip(self._losses, losses, strict=True)]
        self._sizes = [before + now for before, now in zip(self._sizes, sizes, strict=True)]
        self._tokens += tokens

    def restart_clock(self) -> None:
        """Measure speed from now on."""
        self._started = time.monotonic()

    def read(self) -> dict[str, float]:
        """The means and the speed; then start again from zero."""
        elapsed = max(1e-9, time.monotonic() - self._started)
        values = mean_losses(self._names, self._losses, self._sizes) | {"tokens_per_second": self._tokens / elapsed}
        self._losses = self._sizes = [0.0] * len(self._names)
        self._tokens = 0.0
        self.restart_clock()
        return values
