"""What several commands share: here, what they say where the packages of an extra are not installed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fastsum import toml
from fastsum.cli import options
from fastsum.cli.app import app

ROOT = Path(__file__).parents[2]
COMMANDS = [
    ["train", "rows.jsonl"],
    ["evaluate", "rows.jsonl"],
    ["bench", "attention"],
    ["bench", "summarize"],
    ["bench", "decoding"],
    ["bench", "ablations", "rows.jsonl"],
]


def test_training_needs_all_of_its_extra() -> None:
    extras = toml.parse((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert "fastsum[tables]" in extras["train"]
    lines = {*extras["train"], *extras["tables"]} - {"fastsum[tables]"}
    packages = {re.match(r"[\w-]+", line)[0].replace("-", "_") for line in lines}  # type: ignore[index]
    assert set(options._TRAINING) == packages


@pytest.mark.parametrize("module", ["torch", "nltk"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_its_packages_a_command_says_what_installs_them(
    command: list[str], module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, module, None)
    result = CliRunner().invoke(app, command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch(
        rf"fastsum: error: .* need {module}, which is not installed\. Run: pip install 'fastsum\[train\]'\n",
        result.stderr,
    )
    assert list(tmp_path.iterdir()) == []
    assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0
