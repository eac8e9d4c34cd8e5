"""The terminal: plain or coloured, notes and progress on stderr. Rich is imported on demand."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

_SECONDS = 10.0  # between plain lines


def rich_console(**settings: Any) -> Console:
    """A rich console; where NO_COLOR is set, or the terminal is dumb, it writes no escape sequence at all.

    Rich by itself would leave bold text, and bars that are redrawn in place.
    """
    from rich.console import Console

    return Console(**settings, force_terminal=False if is_plain() else None)


def is_plain() -> bool:
    """Whether the environment asks for plain text: NO_COLOR (any value but an empty one), or TERM=dumb."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in ("dumb", "unknown")


def say(message: str) -> None:
    """A line for the person at the terminal, on stderr."""
    print(f"fastsum: {message}", file=sys.stderr, flush=True)


class Display:
    """Shows the progress of one run while it is entered; `quiet` shows nothing.

    What others print to stderr meanwhile stays whole. Who prints to a terminal on stdout does so while it is `paused`.
    """

    def __init__(self, label: str, total: int | None, quiet: bool) -> None:
        self._label = label
        self._total = total
        self._quiet = quiet
        self._drawn = sys.stderr.isatty() and not is_plain()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._told = time.monotonic()

    def __enter__(self) -> Display:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def done(self, count: int) -> None:
        """So many of the whole are done."""
        if self._total != 1:
            self._show(self._label, count, self._total)

    def reading(self, done: int, total: int) -> None:
        """So much of one long document is read, in no unit of its own."""
        self._show("reading a long document", done, total, percent=True)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar off the terminal while results are printed on it; a stdout elsewhere needs no pause."""
        if self._bar is None or not sys.stdout.isatty():
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def _show(self, label: str, done: int, total: int | None, percent: bool = False) -> None:
        if self._quiet:
            return
        if self._drawn:
            self._draw(label, done, total, percent)
        elif (now := time.monotonic()) - self._told >= _SECONDS:
            self._told = now
            of = "" if total is None else f" of {total:,}"
            say(f"{label}: {done / (total or 1):.0%}" if percent else f"{label}: {done:,}{of}")

    def _draw(self, label: str, done: int, total: int | None, percent: bool) -> None:
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
        if label not in self._tasks:
            self._tasks[label] = self._bar.add_task(label, total=total)
        ended = percent and done >= (total or 0)
        self._bar.update(self._tasks[label], completed=done, total=total, visible=not ended)


def _bar() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    # stdout is for results: were it redirected like stderr, they would come out on stderr.
    return Progress(*columns, console=rich_console(stderr=True), redirect_stdout=False, transient=True)
