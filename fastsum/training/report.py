"""What training has to report: figures of some updates or of a validation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    """What a validation or some updates have to say; `values` go to the log as they are."""

    kind: str
    """"train" or "validation"."""
    update: int
    values: dict[str, float]


LOSSES = ("salience_loss", "writing_loss", "counting_loss")
"""The names of the mean losses, in the order of the model's Losses."""


def mean_losses(losses: Sequence[float]) -> dict[str, float]:
    """The means of summed losses, each sum before what it is divided by. Words are counted by some models only."""
    sums = dict(zip(LOSSES, zip(losses[::2], losses[1::2], strict=True), strict=True))
    return {name: total / max(1, size) for name, (total, size) in sums.items() if size or name != "counting_loss"}


class Window:
    """Mean losses and speed since the last report."""

    def __init__(self) -> None:
        self._losses = [0.0] * 2 * len(LOSSES)
        self._tokens = 0.0
        self.restart()

    def add(self, losses: Sequence[float], tokens: float) -> None:
        """Count one update: its losses as `mean_losses` takes them, and the tokens read."""
        self._losses = [before + now for before, now in zip(self._losses, losses, strict=True)]
        self._tokens += tokens

    def restart(self) -> None:
        """Measure speed from now on."""
        self._started = time.monotonic()

    def flush(self) -> dict[str, float]:
        """The means and the speed, to begin anew."""
        elapsed = max(1e-9, time.monotonic() - self._started)
        figures = mean_losses(self._losses) | {"tokens_per_second": self._tokens / elapsed}
        self._losses = [0.0] * len(self._losses)
        self._tokens = 0.0
        self.restart()
        return figures
