"""Progress on stderr: a bar on a terminal, a line now and then elsewhere, nothing when quiet."""

from __future__ import annotations

import io
import sys

import pytest

from fastsum import display
from fastsum.display import Display, say


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_come_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 5.0, 11.0, 12.0, 30.0])
    monkeypatch.setattr(display.time, "monotonic", lambda: next(times))
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
    monkeypatch.setattr(display, "_SECONDS", 0)
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
    monkeypatch.setattr(display, "_SECONDS", 0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Display("summarizing", 3, quiet=False) as shown:
        shown.done(2)
    assert sys.stderr.getvalue() == "fastsum: summarizing: 2 of 3\n"
