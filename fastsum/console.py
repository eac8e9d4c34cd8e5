"""Output for a person: notes and progress bars on stderr, plain or coloured. Rich is imported when it is needed."""

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

_SECONDS = 10.0  # between lines of progress where there is no bar


def rich_console(**settings: Any) -> Console:
    """A rich console that writes no escape sequence where NO_COLOR is set or the terminal is dumb.

    Rich by itself would then leave out colours, but still write bold text and bars.
    """
    from rich.console import Console

    return Console(**settings, force_terminal=False if is_plain() else None)


def is_plain() -> bool:
    """Whether the environment asks for plain text: NO_COLOR (any value that is not empty), or TERM=dumb."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in ("dumb", "unknown")


def say(message: str) -> None:
    """Print a line for the user, on stderr."""
    print(f"fastsum: {message}", file=sys.stderr, flush=True)


class Display:
    """The progress of one run: a bar on a terminal, otherwise a line every ten seconds; nothing with `quiet`.

    Use it as a context manager. Lines that are printed to stderr meanwhile come out above the bar. Results for stdout
    are printed within `paused`, since stdout can be the same terminal.
    """

    def __init__(self, label: str, total: int | None, quiet: bool) -> None:
        self._label = label
        self._total = total
        self._quiet = quiet
        self._has_bar = sys.stderr.isatty() and not is_plain()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._last_line = time.monotonic()

    def __enter__(self) -> Display:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def done(self, count: int) -> None:
        """Show that `count` of the total are done."""
        if self._total != 1:
            self._show(self._label, count, self._total)

    def reading(self, done: int, total: int) -> None:
        """Show the share `done / total` of one long document that is encoded."""
        self._show("reading a long document", done, total, percent=True)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar off the terminal while results are printed there; does nothing if stdout is not a terminal."""
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
        if self._has_bar:
            self._draw(label, done, total, percent)
        elif (now := time.monotonic()) - self._last_line >= _SECONDS:
            self._last_line = now
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
    # Rich would redirect stdout to the console, which is stderr: results would come out on the wrong stream.
    return Progress(*columns, console=rich_console(stderr=True), redirect_stdout=False, transient=True)
