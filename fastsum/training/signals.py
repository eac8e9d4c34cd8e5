"""Signals: SIGINT (Ctrl-C) and SIGTERM ask training to stop, and it saves a checkpoint before it does."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(Exception):
    """A signal stopped training, and the latest checkpoint has been saved."""


class StopRequest:
    """Whether a signal asked for a stop."""

    def __init__(self) -> None:
        self.received = False

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Handle SIGINT and SIGTERM inside: the first sets `received`, the second ends the process immediately."""

        def handle(number: int, frame: FrameType | None) -> None:
            if self.received:
                os._exit(128 + number)
            self.received = True
            print("stopping after this batch, then saving; a second signal quits immediately", file=sys.stderr)

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
