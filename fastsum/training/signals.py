"""Signals: SIGINT (Ctrl-C) and SIGTERM ask training to stop, and it saves a checkpoint before it does."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from fastsum import console


class Interrupted(Exception):
    """A signal stopped training. The trainer catches it, saves the latest checkpoint and raises it again."""


class StopRequest:
    """Whether a signal asked for a stop.

    Args:
        say: prints a line for the user.
    """

    def __init__(self, say: Callable[[str], None] = console.say) -> None:
        self.received = False
        self._say = say

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Handle SIGINT and SIGTERM inside: the first sets `received`, the second ends the process immediately."""

        def handle(number: int, frame: FrameType | None) -> None:
            if self.received:
                os._exit(128 + number)
            self.received = True
            self._say("stopping after this batch, then saving; a second signal quits immediately")

        before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def check(self) -> None:
        """Raise Interrupted once a signal has been received."""
        if self.received:
            raise Interrupted
