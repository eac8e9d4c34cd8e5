"""The targets that train the shipped models: what they run, first and after a stop."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from fastsum.cli import app

MAKEFILE = Path(__file__).parents[1] / "Makefile"
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make here")


def training(folder: Path, *arguments: str) -> dict[str, Any]:
    """The options of the one call of fastsum that make would run in `folder`."""
    command = ["make", "--dry-run", "--no-print-directory", "--old-file=.venv/.installed", f"--file={MAKEFILE}"]
    done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    program, name, *options = shlex.split(done.stdout)
    assert (program, name) == (".venv/bin/fastsum", "train")
    parser: Any = typer.main.get_command(app)
    return parser.commands["train"].make_context("train", options).params


@pytest.mark.parametrize(("genre", "data"), [("news", "cnn_dailymail"), ("paper", "pubmed")])
class TestTrain:
    def test_starts_with_the_genres_preset(self, tmp_path: Path, genre: str, data: str) -> None:
        found = training(tmp_path, f"train-{genre}")
        assert (found["data"], found["config"], found["output"]) == (data, genre, Path("runs") / genre)
        assert not found["resume"]
        assert training(tmp_path, f"train-{genre}", "DATA=my rows")["data"] == "my rows"

    @pytest.mark.parametrize("left", ["latest", ".latest.old"])
    def test_goes_on_where_it_stopped_with_the_runs_own_settings(
        self, tmp_path: Path, genre: str, data: str, left: str
    ) -> None:
        (tmp_path / "runs" / genre / left).mkdir(parents=True)
        found = training(tmp_path, f"train-{genre}")
        assert found["resume"]
        assert found["config"] is None
        assert found["output"] == Path("runs") / genre
