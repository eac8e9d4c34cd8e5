"""What training reports reaches the log and the reader."""

from __future__ import annotations

import io
import json
import sys
import types
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from fastsum.errors import FastsumError
from fastsum.training import monitor as monitor_module
from fastsum.training.metrics import Metrics
from fastsum.training.monitor import Monitor

METRICS = Metrics("train", 10, {"writing_loss": 2.5, "tokens_per_second": 12_345.6, "learning_rate": 1e-3})


def test_every_report_is_a_line_of_the_log(tmp_path: Path) -> None:
    for update in (10, 20):
        with Monitor(20, tmp_path, quiet=True) as monitor:  # the second continues the log, as a resumed run does
            monitor.report(Metrics("train", update, {"writing_loss": 2.5}))
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    assert [(line["kind"], line["update"], line["writing_loss"]) for line in lines] == [
        ("train", 10, 2.5),
        ("train", 20, 2.5),
    ]


def test_off_a_terminal_a_report_is_a_plain_line() -> None:
    out = io.StringIO()
    with Monitor(20, None, console=Console(file=out, width=40)) as monitor:
        monitor.report(METRICS)
    assert out.getvalue() == "train 10/20  writing_loss 2.5000  tokens_per_second 12,346  learning_rate 1.00e-03\n"


@pytest.mark.parametrize(("quiet", "total"), [(False, None), (False, 4_400), (True, 4_400)])
def test_off_a_terminal_progress_is_a_line_now_and_then(
    quiet: bool, total: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0]
    monkeypatch.setattr(monitor_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    out = io.StringIO()
    with (
        Monitor(20, None, console=Console(file=out, width=40, quiet=quiet)) as monitor,
        monitor.progress("labelling rows.jsonl", total) as advance,
    ):
        for done in range(1_000, 4_400, 400):
            now[0] += 4
            advance(done)
    of = " of 4,400" if total else ""
    lines = [line.partition(": ")[2] for line in out.getvalue().splitlines()]
    expected = [f"1,800{of} rows", f"3,000{of} rows", f"4,200{of} rows", "4,200 rows in 36 s"]
    assert lines == ([] if quiet else expected)


def test_on_a_terminal_the_view_shows_progress_and_figures() -> None:
    out = io.StringIO()
    with Monitor(20, None, console=Console(file=out, width=120, force_terminal=True)) as monitor:
        monitor.report(METRICS)
        with monitor.progress("tokenizing") as advance:
            advance(3)
    assert "10/20" in out.getvalue()
    assert "12,346" in out.getvalue()
    assert "tokenizing: 3 rows" in out.getvalue()


def test_quiet_shows_nothing() -> None:
    out = io.StringIO()
    with Monitor(20, None, console=Console(file=out, quiet=True)) as monitor:
        monitor.say("hello")
        monitor.report(METRICS)
    assert out.getvalue() == ""


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FastsumError, match="file"):
        Monitor(20, tmp_path / "file")


def test_without_tensorboard_its_installation_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(FastsumError, match=r"pip install 'fastsum\[tensorboard\]'"):
        Monitor(20, tmp_path, quiet=True, tensorboard=True)


def test_tensorboard_gets_every_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = []

    class SummaryWriter:
        def __init__(self, folder: str) -> None:
            assert folder == str(tmp_path / "tensorboard")

        def add_scalar(self, name: str, value: float, step: int) -> None:
            written.append((name, value, step))

        def close(self) -> None:
            written.append("closed")

    monkeypatch.setitem(sys.modules, "tensorboard", types.ModuleType("tensorboard"))
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", SimpleNamespace(SummaryWriter=SummaryWriter))
    with Monitor(20, tmp_path, quiet=True, tensorboard=True) as monitor:
        monitor.report(METRICS)
    assert written == [*((f"train/{name}", value, 10) for name, value in METRICS.values.items()), "closed"]
