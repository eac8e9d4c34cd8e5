"""What shells complete."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fastsum.config import presets
from fastsum.model.genre import GENRES

ROOT = Path(__file__).parents[2]


def complete(line: str) -> list[str]:
    """What bash offers for a line's last word."""
    words = line.split(" ")
    environment = {
        **os.environ,
        "_FASTSUM_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    command = [sys.executable, "-m", "fastsum"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("fastsum sum", {"summarize"}),
        ("fastsum bench abl", {"ablations"}),
        ("fastsum evaluate rows --sen", {"--sentences"}),
        ("fastsum evaluate rows --mode ", {"extractive", "abstractive"}),
        ("fastsum summarize --model ", set(GENRES)),
        ("fastsum evaluate rows --model p", {name for name in GENRES if name.startswith("p")}),
        ("fastsum bench summarize --model n", {name for name in GENRES if name.startswith("n")}),
        ("fastsum info ", set(GENRES)),
        ("fastsum train rows --config ", set(presets()) - {"tuning"}),
        ("fastsum config tin", {"tiny"}),
        ("fastsum evaluate rows --output x", set()),  # then the shell offers files
    ],
)
def test_the_last_word_is_completed(line: str, offered: set[str]) -> None:
    assert set(complete(line)) == offered


def test_every_command_is_offered() -> None:
    assert set(complete("fastsum ")) >= {"summarize", "train", "evaluate", "config", "info", "bench"}


def test_a_broken_file_of_defaults_stops_no_completion(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[")
    monkeypatch.setenv("FASTSUM_CONFIG", str(tmp_path / "broken.toml"))
    assert complete("fastsum sum") == ["summarize"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes_with_the_script_it_is_given(tmp_path: Path) -> None:
    program = tmp_path / "fastsum"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m fastsum "$@"\n')
    program.chmod(0o755)
    script = """
        eval "$(_FASTSUM_COMPLETE=source_bash fastsum)"
        COMP_WORDS=(fastsum sum) COMP_CWORD=1
        $(complete -p fastsum | sed 's/.*-F \\([^ ]*\\).*/\\1/') fastsum
        echo "${COMPREPLY[@]}"
    """
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "--norc", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("summarize\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(shell: str) -> None:
    environment = {**os.environ, "_FASTSUM_COMPLETE": f"source_{shell}"}
    command = [sys.executable, "-m", "fastsum"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "_FASTSUM_COMPLETE" in done.stdout
