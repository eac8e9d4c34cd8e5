"""What training has to report: figures of some updates or of a validation."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    """What a validation or some updates have to say; `values` go to the log as they are."""

    kind: str
    """"train" or "validation"."""
    update: int
    values: dict[str, float]


class Window:
    """Mean losses and speed since the last report."""

    def __init__(self) -> None:
        self._sums = [0.0] * 5
        self.restart()

    def add(self, salience: float, sentences: float, writing: float, words: float, tokens: float) -> None:
        """Count one update: summed losses, what they are divided by, and the tokens read."""
        added = (salience, sentences, writing, words, tokens)
        self._sums = [before + now for before, now in zip(self._sums, added, strict=True)]

    def restart(self) -> None:
        """Measure speed from now on."""
        self._started = time.monotonic()

    def flush(self) -> dict[str, float]:
        """The means and the speed, to begin anew."""
        salience, sentences, writing, words, tokens = self._sums
        elapsed = max(1e-9, time.monotonic() - self._started)
        self._sums = [0.0] * 5
        self.restart()
        return {
            "salience_loss": salience / max(1, sentences),
            "writing_loss": writing / max(1, words),
            "tokens_per_second": tokens / elapsed,
        }
