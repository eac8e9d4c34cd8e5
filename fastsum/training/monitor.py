"""The display and the log of a training run.

On a terminal a live view shows the progress, the time left and the latest metrics; elsewhere they are plain lines.
Everything goes to stderr. The same metrics are appended to `log.jsonl` (JSON Lines) and, with `tensorboard`, written
for TensorBoard.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from fastsum.console import rich_console
from fastsum.errors import FastsumError, require
from fastsum.training.metrics import Metrics

_FORMATS = {
    "salience_loss": "{:.4f}",
    "writing_loss": "{:.4f}",
    "counting_loss": "{:.4f}",
    "tokens_per_second": "{:,.0f}",
    "learning_rate": "{:.2e}",
    "epoch": "{:.2f}",
    "memory": "{:.1f} GB",
    "seconds": "{:,.0f}",
}
_PLAIN_SECONDS = 10.0  # between two plain lines of training metrics, or of progress


class Monitor:
    """A run's display and log; use it as a context manager around training.

    Args:
        steps: number of steps of the run.
        directory: folder of `log.jsonl` (and TensorBoard's files); None writes no log.
        quiet: shows nothing; the log is still written.
        tensorboard: whether to write for TensorBoard too.

    Raises FastsumError where the folder cannot be written, or TensorBoard is asked for and not installed.
    """

    def __init__(
        self,
        steps: int,
        directory: Path | None,
        *,
        console: Console | None = None,
        quiet: bool = False,
        tensorboard: bool = False,
    ) -> None:
        self.console = console or rich_console(stderr=True, quiet=quiet)
        self._latest: dict[str, dict[str, float]] = {}
        self._log = _open_log(directory) if directory else None
        self._board = _board(directory) if tensorboard and directory else None
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=self.console,
        )  # fmt: skip
        self._steps = steps
        self._task: Any = None
        self._live: Live | None = None
        self._printed = 0.0

    def __enter__(self) -> Monitor:
        if self.console.is_terminal and not self.console.quiet:
            self._live = Live(self._view(), console=self.console, refresh_per_second=4)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()
        for sink in (self._log, self._board):
            if sink:
                sink.close()

    def say(self, message: str) -> None:
        """Print one line."""
        self.console.print(message, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Show the progress of work on `total` rows, if that is known; yields a function to call with the rows done."""
        task = self._progress.add_task(label, total=total)
        started = printed = time.monotonic()
        done = 0
        of = "" if total is None else f" of {total:,}"

        def advance(count: int) -> None:
            nonlocal done, printed
            done = count
            self._progress.update(task, completed=count)
            self._refresh()
            if not self._live and time.monotonic() - printed > _PLAIN_SECONDS:
                printed = time.monotonic()
                self.say(f"{label}: {done:,}{of} rows")

        try:
            yield advance
        finally:
            self._progress.remove_task(task)
        if done:
            self.say(f"{label}: {done:,} rows in {time.monotonic() - started:.0f} s")

    def report(self, metrics: Metrics) -> None:
        """Show and log the metrics of training or of a validation."""
        self._latest[metrics.kind] = {"update": metrics.update, **metrics.values}
        if self._log:
            record = {"kind": metrics.kind, "update": metrics.update, "time": time.time(), **metrics.values}
            self._log.write(json.dumps(record) + "\n")
            self._log.flush()
        if self._board:
            for name, value in metrics.values.items():
                self._board.add_scalar(f"{metrics.kind}/{name}", value, metrics.update)
        if self._task is None:
            self._task = self._progress.add_task("training", total=self._steps)
        self._progress.update(self._task, completed=metrics.update)
        self._refresh()
        if not self._live and (metrics.kind != "train" or time.monotonic() - self._printed > _PLAIN_SECONDS):
            self._printed = time.monotonic()
            line = "  ".join(f"{name} {_show(name, value)}" for name, value in metrics.values.items())
            self.say(f"{metrics.kind} {metrics.update:,}/{self._steps:,}  {line}")

    def _refresh(self) -> None:
        if self._live:
            self._live.update(self._view())

    def _view(self) -> Group:
        table = Table.grid(padding=(0, 2))
        for kind, values in self._latest.items():
            shown = [f"[dim]{name.replace('_', ' ')}[/] {_show(name, value)}" for name, value in values.items()]
            table.add_row(f"[bold]{kind}[/]", "  ".join(shown))
        return Group(self._progress, table)


def _show(name: str, value: float) -> str:
    return _FORMATS.get(name, "{:,.2f}" if isinstance(value, float) else "{:,}").format(value)


def _open_log(directory: Path) -> Any:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return (directory / "log.jsonl").open("a", encoding="utf-8")
    except OSError as error:
        raise FastsumError(f"{directory}: {error.strerror}; name a writable folder with --output") from None


def _board(directory: Path) -> Any:
    require("tensorboard", "metrics for TensorBoard", "tensorboard")
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(directory / "tensorboard"))
