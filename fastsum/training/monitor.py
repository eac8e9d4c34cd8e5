"""What training shows while it runs, and its log.

On a terminal a live view with the progress, the time left and the latest figures; elsewhere a plain line for each
report. Everything goes to stderr. The same figures are appended to `log.jsonl`, one JSON object a line, and to
TensorBoard where asked for.
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
from fastsum.errors import FastsumError
from fastsum.training.report import Report

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
_PLAIN_SECONDS = 10.0  # between two plain lines of training figures


class Monitor:
    """A run's display and log; use it as a context manager around training.

    Args:
        steps: updates the run is to make.
        directory: takes `log.jsonl` (and TensorBoard's files); None writes no log.
        quiet: shows nothing but keeps the log.
        tensorboard: whether to write for TensorBoard too; FastsumError if it is not installed.
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
        """One line for the reader."""
        self.console.print(message, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[int], None]]:
        """Show work of unknown length under way; call what this yields with the number of items done."""
        task = self._progress.add_task(label, total=None)
        started = time.monotonic()
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done = count
            self._progress.update(task, completed=count)
            self._refresh()

        try:
            yield advance
        finally:
            self._progress.remove_task(task)
        if done:
            self.say(f"{label}: {done:,} rows in {time.monotonic() - started:.0f} s")

    def report(self, report: Report) -> None:
        """Show and log what training or a validation reports."""
        self._latest[report.kind] = {"update": report.update, **report.values}
        if self._log:
            record = {"kind": report.kind, "update": report.update, "time": time.time(), **report.values}
            self._log.write(json.dumps(record) + "\n")
            self._log.flush()
        if self._board:
            for name, value in report.values.items():
                self._board.add_scalar(f"{report.kind}/{name}", value, report.update)
        if self._task is None:
            self._task = self._progress.add_task("training", total=self._steps)
        self._progress.update(self._task, completed=report.update)
        self._refresh()
        if not self._live and (report.kind != "train" or time.monotonic() - self._printed > _PLAIN_SECONDS):
            self._printed = time.monotonic()
            figures = "  ".join(f"{name} {_show(name, value)}" for name, value in report.values.items())
            self.say(f"{report.kind} {report.update:,}/{self._steps:,}  {figures}")

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
        raise FastsumError(f"{directory}: {error.strerror}; name a folder that can be written with --output") from None


def _board(directory: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise FastsumError("TensorBoard is not installed; pip install 'fastsum[tensorboard]'") from None
    return SummaryWriter(str(directory / "tensorboard"))
