"""Progress, notes and tables on a terminal, and plain text where that is asked for."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table

from fastsum import console
from fastsum.cli import options
from fastsum.console import Display, say
from fastsum.training.metrics import Metrics
from fastsum.training.monitor import Monitor

pty = pytest.importorskip("pty", reason="no terminals here")
ROOT = Path(__file__).parents[1]
ROWS = ROOT / "data" / "samples" / "rows"
PLAIN = [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}]


def on_a_terminal(command: list[str], changes: dict[str, str]) -> bytes:
    """What a command writes where both its streams are one terminal."""
    keep = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    ours, theirs = pty.openpty()
    environment = {**keep, "TERM": "xterm-256color", "COLUMNS": "100", **changes}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 65_536):
            written += part
    except OSError:  # Linux ends a terminal that nobody holds with EIO
        pass
    finally:
        os.close(ours)
    assert process.wait() == 0, written.decode()
    return written


PROGRAM = """if True:
    from rich.table import Table
    from fastsum.console import Display
    from fastsum.training.monitor import Monitor
    from fastsum.cli.options import print_wide
    from fastsum.training.metrics import Metrics
    table = Table("[bold red]name[/]", title="of a table")
    table.add_row("a row as wide as the title")
    print_wide(table)
    with Display("counting", 3, False) as display:
        display.done(2)
    with Monitor(2, None) as monitor:
        with monitor.progress("reading") as advance:
            advance(2)
        monitor.report(Metrics("validation", 2, {"rouge1": 3.0}))
"""


def test_a_terminal_gets_colours_and_bars() -> None:
    written = on_a_terminal([sys.executable, "-c", PROGRAM], {})
    assert b"\x1b[" in written
    assert b"counting" in written


@pytest.mark.parametrize("changes", PLAIN, ids=str)
def test_plain_text_where_that_is_asked_for(changes: dict[str, str]) -> None:
    written = on_a_terminal([sys.executable, "-c", PROGRAM], changes)
    assert b"\x1b" not in written
    for part in (b"name", b"of a table", b"reading: 2 rows", b"validation 2/2  rouge1 3.00"):
        assert part in written


@pytest.mark.slow
def test_a_command_writes_plain_text(tiny_checkpoint: Path) -> None:
    command = ["evaluate", str(ROWS), "--model", str(tiny_checkpoint), "--device", "cpu", "--limit", "2"]
    written = on_a_terminal([sys.executable, "-m", "fastsum", *command], {"NO_COLOR": "1"})
    assert b"\x1b" not in written
    assert b"greedy oracle" in written


def test_an_empty_variable_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert not console.is_plain()
    monkeypatch.setenv("NO_COLOR", "0")
    assert console.is_plain()


def test_quiet_runs_show_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Display("counting", 3, True) as display:
        display.done(2)
    with Monitor(2, None, quiet=True) as monitor:
        monitor.say("a note")
        monitor.report(Metrics("validation", 2, {"rouge1": 3.0}))
    assert capsys.readouterr() == ("", "")


def test_tables_in_a_file_are_wide_and_plain(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    table = Table("name")
    table.add_row("a" * 60)
    options.print_wide(table)
    shown = capsys.readouterr().out
    assert "a" * 60 in shown
    assert "\x1b" not in shown
    assert console.rich_console(file=io.StringIO()).is_terminal is False


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_bar_there_are_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 5.0, 11.0, 12.0, 30.0])
    monkeypatch.setattr(console.time, "monotonic", lambda: next(times))
    with Display("summarizing", 3000, quiet=False) as shown:
        for done in (1, 1200, 1300):
            shown.done(done)
        shown.reading(45, 100)
    found = capsys.readouterr()
    assert (found.out, found.err) == (
        "",
        "fastsum: summarizing: 1,200 of 3,000\nfastsum: reading a long document: 45%\n",
    )


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_SECONDS", 0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Display("summarizing", 3, quiet=True) as shown:
        shown.done(2)
        shown.reading(1, 2)
    assert sys.stderr.getvalue() == ""


def test_a_bar_on_a_terminal_leaves_results_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Display("summarizing", 3, quiet=False) as shown:
        shown.done(2)
        print("a result")
        say("a note")
        with shown.paused():
            print("another")
    drawn = sys.stderr.getvalue()
    assert "summarizing" in drawn
    assert "2/3" in drawn
    assert "fastsum: a note" in drawn
    assert capsys.readouterr().out == "a result\nanother\n"


def test_one_short_document_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Display("summarizing", 1, quiet=False) as shown, shown.paused():
        shown.done(1)
    assert sys.stderr.getvalue() == ""


def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(console, "_SECONDS", 0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Display("summarizing", 3, quiet=False) as shown:
        shown.done(2)
    assert sys.stderr.getvalue() == "fastsum: summarizing: 2 of 3\n"
