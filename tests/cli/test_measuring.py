"""How the commands of `fastsum bench` that train print what they found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fastsum.cli.measuring import print_trained
from fastsum.training.signals import Interrupted


def test_the_last_of_what_was_found_is_printed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_trained(tmp_path / "figures.json", iter(["one run", "two runs"]), str.upper)
    assert capsys.readouterr().out == "TWO RUNS\n"


def test_a_signal_keeps_it_and_says_what_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def grid() -> Iterator[str]:
        yield "one run"
        raise Interrupted

    with pytest.raises(KeyboardInterrupt):
        print_trained(tmp_path / "figures.json", grid(), str.upper)
    printed = capsys.readouterr()
    assert printed.out == "ONE RUN\n"
    assert "the same command goes on where this one stopped" in printed.err


def test_nothing_is_printed_before_the_first_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_trained(tmp_path / "figures.json", iter([]), str.upper)
    assert capsys.readouterr().out == ""
