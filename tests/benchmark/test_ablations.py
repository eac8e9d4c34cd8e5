"""The grid of ablations: what each variant trains, what is kept between calls, and the table."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from fastsum.attention import encoder_attention
from fastsum.benchmark import ablations
from fastsum.benchmark.ablations import PARTS, SETTINGS, Run
from fastsum.cli.app import app
from fastsum.config import Config
from fastsum.data.rows import Rows, open_rows
from fastsum.errors import FastsumError
from fastsum.training.signals import Interrupted

ROWS = Path(__file__).parents[2] / "data" / "samples" / "rows"
SMALL = (
    "model.width=16", "model.heads=2", "model.feedforward=16", "model.encoder_layers=1", "model.vocabulary_size=300",
    "model.output_vocabulary_size=100", "training.steps=2", "training.warmup=1", "training.validate_rows=2",
    "training.batch_tokens=600",
)  # fmt: skip


def rows(split: str) -> Rows:
    return open_rows(str(ROWS), split)


def grid(output: Path, **changes: Any) -> list[Run]:
    asked: dict[str, Any] = {"parts": ["fastformer", "addition"], "settings": ["paper"], "seeds": 1, "overrides": SMALL}
    *_, (runs, _) = ablations.run_grid(rows, output, **(asked | changes))
    return runs


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTSUM_CACHE", str(tmp_path / "cache"))


def test_every_variant_is_another_model() -> None:
    shapes = set()
    for setting in SETTINGS.values():
        for part in PARTS.values():
            config = Config.load("ablation", (*setting, *part)).model
            encoder_attention(config)
            shapes.add(config)
    assert len(shapes) == len(SETTINGS) * len(PARTS)


def test_the_progress_of_the_examples_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grid(tmp_path / "quiet", parts=["fastformer"], quiet=True)
    assert capsys.readouterr().err == ""
    shutil.rmtree(tmp_path / "cache")
    grid(tmp_path / "told", parts=["fastformer"], quiet=False)
    told = capsys.readouterr().err
    assert told.index("tokenizing and labelling train.jsonl: ") < told.index("paper, fastformer, seed 0")


def test_the_grid_goes_on_after_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = grid(tmp_path, parts=["fastformer"])
    assert [(run.setting, run.part, run.seed) for run in first] == [("paper", "fastformer", 0)]
    assert set(first[0].values) == set(ablations.FIGURES)
    stored = json.loads((tmp_path / "ablations.json").read_text("utf-8"))
    assert set(stored["baselines"]) == {"Lead-3", "oracle"}
    assert stored["baselines"]["oracle"]["rouge1"] > stored["baselines"]["Lead-3"]["rouge1"] > 0

    trained: list[Config] = []
    real = ablations.experiment.train

    def train(config: Config, *arguments: Any, **named: Any) -> dict[str, float]:
        trained.append(config)
        return real(config, *arguments, **named)

    monkeypatch.setattr(ablations.experiment, "train", train)
    runs = grid(tmp_path)
    assert [config.model.interaction for config in trained] == ["addition"]
    assert runs[0] == first[0]
    assert runs[0].values != runs[1].values
    assert not (tmp_path / "model").exists()

    with pytest.raises(FastsumError, match="other data or settings"):
        grid(tmp_path, overrides=(*SMALL, "training.steps=3"))


def test_unknown_names_and_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FastsumError, match="no part 'additon'.*addition"):
        grid(tmp_path, parts=["additon"])
    with pytest.raises(FastsumError, match="no setting 'papers'"):
        grid(tmp_path, settings=["papers"])
    (tmp_path / "ablations.json").write_text("[]", "utf-8")
    with pytest.raises(FastsumError, match="not written by this command"):
        grid(tmp_path)


def test_the_table_shows_means_over_seeds() -> None:
    values = dict.fromkeys(ablations.FIGURES, 0.25) | {"rouge1": 30.0}
    runs = [
        Run("paper", "fastformer", 0, values),
        Run("paper", "fastformer", 1, values | {"rouge1": 31.0}),
        Run("paper", "addition", 0, values),
    ]
    console = Console(width=200, record=True)
    console.print(ablations.as_table(runs, {"Lead-3": {"rouge1": 37.5, "rouge2": 16.0, "rougeLsum": 34.0}}))
    text = console.export_text()
    assert "30.50 ± 0.50" in text
    assert "0.2500 ± 0.0000" in text
    assert "addition" in text
    assert "37.50" in text


def test_the_command_prints_the_table(tmp_path: Path) -> None:
    overrides = [part for change in SMALL for part in ("--set", change)]
    done = CliRunner().invoke(
        app,
        ["bench", "ablations", str(ROWS), "--only", "linear", "--around", "convolution", "--seeds", "1", *overrides,
         "--output", str(tmp_path), "--device", "cpu"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "linear" in done.stdout
    assert "Lead-3" in done.stdout
    assert "convolution, linear, seed 0" in done.stderr


def test_ctrl_c_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ablations.experiment.train
    trained: list[Config] = []

    def train(config: Config, *arguments: Any, **named: Any) -> dict[str, float]:
        if trained:
            raise Interrupted
        trained.append(config)
        return real(config, *arguments, **named)

    monkeypatch.setattr(ablations.experiment, "train", train)
    overrides = [part for change in SMALL for part in ("--set", change)]
    done = CliRunner().invoke(
        app, ["bench", "ablations", str(ROWS), "--around", "neither", *overrides, "--output", str(tmp_path)]
    )
    assert done.exit_code == 130
    assert "stopped; the figures so far are in" in done.stderr
    assert "fastformer" in done.stdout
    assert len(json.loads((tmp_path / "ablations.json").read_text("utf-8"))["runs"]) == 1
