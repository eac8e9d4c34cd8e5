"""Runs that are kept as they are finished, and their table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from fastsum.errors import FastsumError
from fastsum.tasks.grid import Figure, Run, as_table, run_grid

ABOUT = {"data": "these", "settings": {"width": 4}}


def test_what_is_done_is_not_done_again_and_what_was_begun_goes_on(tmp_path: Path) -> None:
    path, trained = tmp_path / "results.json", []

    def train(model: str, seed: int, folder: Path) -> dict[str, float]:
        trained.append((model, seed, (folder / "begun").exists()))
        folder.mkdir(exist_ok=True)
        (folder / "begun").touch()
        if len(trained) == 2:
            raise KeyboardInterrupt
        return {"accuracy": 10.0 * seed}

    with pytest.raises(KeyboardInterrupt):
        list(run_grid(path, ABOUT, ["one", "two"], 2, train))
    assert [run["model"] for run in json.loads(path.read_text())["runs"]] == ["one"]
    assert not (tmp_path / "one-0").exists()
    *_, runs = run_grid(path, ABOUT, ["one", "two"], 2, train)
    assert trained == [("one", 0, False), ("two", 0, False), ("two", 0, True), ("one", 1, False), ("two", 1, False)]
    assert runs[-1] == Run("two", 1, {"accuracy": 10.0})
    *_, again = run_grid(path, ABOUT, ["one", "two"], 2, lambda *_: pytest.fail("trained again"))
    assert again == runs


def test_results_of_others_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    list(run_grid(path, ABOUT, ["one"], 1, lambda *_: {"accuracy": 1.0}))
    with pytest.raises(FastsumError, match="other data and settings"):
        list(run_grid(path, {"data": "those", "settings": {"width": 8}}, ["one"], 1, lambda *_: {}))
    for content in ("[]", "{", '{"runs": [{"model": 1}]}'):
        path.write_text(content)
        with pytest.raises(FastsumError, match="not written by this command"):
            list(run_grid(path, ABOUT, ["one"], 1, lambda *_: {}))


def test_one_call_at_a_time_trains_in_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    first = run_grid(path, ABOUT, ["one", "two"], 1, lambda *_: {"accuracy": 1.0})
    next(first)
    with pytest.raises(FastsumError, match="another run is training there"):
        next(run_grid(path, ABOUT, ["one", "two"], 1, lambda *_: {}))
    first.close()
    *_, runs = run_grid(path, ABOUT, ["one"], 1, lambda *_: pytest.fail("trained again"))
    assert len(runs) == 1


def test_the_table_has_means_and_half_the_range() -> None:
    runs = [
        Run("linear", 0, {"accuracy": 80.0, "size": 1_000.0}),
        Run("linear", 1, {"accuracy": 81.0, "size": 1_000.0}),
        Run("bigbird", 0, {"accuracy": 79.5, "size": 2_000.0}),
    ]
    console = Console(width=120, record=True)
    console.print(
        as_table("attention", runs, (Figure("accuracy", "accuracy"), Figure("size", "size", 0, spread=False)))
    )
    lines = [line.replace("│", " ").split() for line in console.export_text().splitlines()]
    assert ["linear", "2", "80.50", "±", "0.50", "1,000"] in lines
    assert ["bigbird", "1", "79.50", "2,000"] in lines
