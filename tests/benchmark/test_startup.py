"""Which programs are started, and how; how long they take is not tested."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fastsum.benchmark import startup
from fastsum.cli.app import app
from fastsum.errors import FastsumError
from fastsum.evaluation import peers
from tests.conftest import DOCUMENT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "document.txt"
    path.write_text(DOCUMENT, "utf-8")
    return path


@pytest.mark.parametrize("tool", peers.PACKAGES)
def test_a_script_prints_a_summary_of_the_file(
    tool: str, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(peers.PACKAGES[tool])
    python, option, program, name = startup.programs(file, Path("model"), 2)[tool]
    assert (python, option, name) == (sys.executable, "-c", str(file))
    monkeypatch.setattr(sys, "argv", ["-c", name])
    exec(program, {"__name__": "__main__"})
    printed = capsys.readouterr().out
    assert printed.strip()
    assert set(printed.split()) <= set(DOCUMENT.split())
    if tool.startswith("sumy"):
        assert len(printed.splitlines()) == 2


def test_fastsums_command_prints_a_summary_of_the_file(tiny_checkpoint: Path, file: Path) -> None:
    python, option, module, *arguments = startup.programs(file, tiny_checkpoint, 2)[startup.OURS]
    assert (python, option, module) == (sys.executable, "-m", "fastsum")
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == 2


def test_a_package_that_is_missing_has_no_program(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in peers.PACKAGES.values():
        monkeypatch.setitem(sys.modules, package, None)
    assert list(startup.programs(file, Path("model"), 2)) == [startup.OURS]


def test_programs_take_turns_and_the_first_round_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def run(tool: str, command: list[str]) -> tuple[float, float]:
        assert command == [f"run {tool}"]
        calls.append(tool)
        return float(len(calls)), 10.0 * len(calls)

    monkeypatch.setattr(startup, "_run", run)
    first, second = startup._in_turn({"a": ["run a"], "b": ["run b"]}, 3)
    assert "".join(calls) == "abbaabba"
    assert first.as_dict() == {"tool": "a", "median_s": 5, "low_s": 4, "high_s": 8, "samples": 3, "cpu_s": 50}
    assert second.as_dict()["median_s"] == 6


def test_a_program_is_timed_by_the_clock_and_by_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = "import os, time; time.sleep(0.3); print(os.environ.get('PYTHONDONTWRITEBYTECODE')); 1 / (%s)"
    wall, cpu = startup._run("a", [sys.executable, "-S", "-c", code % 1])
    assert wall >= 0.3
    assert 0 < cpu < wall
    for program in (code % 0, "pass"):
        with pytest.raises(FastsumError, match=r"(?s)the start of a failed: .*(ZeroDivisionError|printed nothing)"):
            startup._run("a", [sys.executable, "-S", "-c", program])
