"""What the targets install; and what those that train the shipped models run, first and after a stop."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from fastsum.cli.app import app
from fastsum.config import Config

MAKEFILE = Path(__file__).parents[1] / "Makefile"
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make here")


def trainings(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """The options of the calls of fastsum that make would run in `folder`."""
    command = ["make", "--dry-run", "--no-print-directory", "--old-file=.venv/.installed-train", f"--file={MAKEFILE}"]
    done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    parser: Any = typer.main.get_command(app)
    found = []
    for line in done.stdout.replace("\\\n", " ").splitlines():
        program, name, *options = shlex.split(line)
        assert (program, name) == (".venv/bin/fastsum", "train")
        found.append(parser.commands["train"].make_context("train", options).params)
    return found


def training(folder: Path, *arguments: str) -> dict[str, Any]:
    """Of the first of them, which trains all of a model."""
    return trainings(folder, *arguments)[0]


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


class TestFurtherTraining:
    def test_papers_words_are_weighed_after_their_sentences(self, tmp_path: Path) -> None:
        first, words = trainings(tmp_path, "train-paper", "DATA=my rows")
        assert words["data"] == first["data"] == "my rows"
        assert (words["start"], words["output"]) == ("runs/paper/best", Path("runs/paper-words"))
        assert {"model.word_counts=true", "training.part=words"} < set(words["overrides"])
        assert Config.load("paper", tuple(words["overrides"])).decoding.coverage > 0

    def test_rows_to_tune_on_come_between(self, tmp_path: Path) -> None:
        _, tuning, words = trainings(tmp_path, "train-paper", "TUNE=my rows")
        assert (tuning["data"], tuning["start"]) == ("my rows", "runs/paper/best")
        assert (words["data"], words["start"]) == ("pubmed", "runs/paper-tuned/best")
        assert not words["resume"]

    def test_each_goes_on_where_it_stopped(self, tmp_path: Path) -> None:
        (tmp_path / "runs" / "paper-words" / "latest").mkdir(parents=True)
        first, tuning, words = trainings(tmp_path, "train-paper", "TUNE=rows")
        assert [one["resume"] for one in (first, tuning, words)] == [False, False, True]

    def test_news_is_trained_once(self, tmp_path: Path) -> None:
        assert len(trainings(tmp_path, "train-news")) == 1


@pytest.mark.parametrize(
    ("target", "extras"), [("demo", [""]), ("train-news", ["", "[train]"]), ("test", ["", "[train]", "[dev]"])]
)
def test_a_target_installs_what_it_needs_alone(tmp_path: Path, target: str, extras: list[str]) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "constraints.txt").touch()
    command = ["make", "--dry-run", f"--file={MAKEFILE}", target]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = [shlex.split(line) for line in done.stdout.splitlines() if "--editable" in line]
    assert [words[-1] for words in lines] == [f".{extra}" for extra in extras]
    assert ("PyTorch" in done.stdout) == (len(extras) > 1)
