"""`fastsum info`: what the cards say, versions, extras, files and the device."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import fastsum
from fastsum.cli import info
from fastsum.cli.app import app
from fastsum.model import checkpoint
from fastsum.model.genre import GENRES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]

CARD = """# my model

It summarizes letters,
short ones.

| | |
| --- | --- |
| parameters | 3 |
| configuration | `config.toml` |

## Scores

On rows of mine.

| | ROUGE-1 | ROUGE-2 |
| --- | ---: | :--- |
| extractive | 30.1 (29.0 to 31.2) | 10.0 (9.0 to 11.0) |
| Lead-3 | 20.1 (19.0 to 21.2) | 5.0 (4.0 to 6.0) |

## Faults

- None that a licence could mend.

English only. The weights are under
a licence of their own.
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["info", *map(str, arguments)])


def test_a_card_is_taken_apart() -> None:
    card = info.read_card(CARD)
    assert card.about == "It summarizes letters, short ones."
    assert card.facts == {"parameters": "3", "configuration": "config.toml"}
    assert card.scores[0] == {"": "extractive", "ROUGE-1": "30.1 (29.0 to 31.2)", "ROUGE-2": "10.0 (9.0 to 11.0)"}
    assert [row[""] for row in card.scores] == ["extractive", "Lead-3"]
    assert card.licence == "English only. The weights are under a licence of their own."


@pytest.mark.parametrize(
    "text", ["", "# tiny\n", "no markdown | at all", "| a |\n", "## Scores\n", "\n## Scores\n|\n|-|"]
)
def test_a_card_may_say_nothing(text: str) -> None:
    card = info.read_card(text)
    assert (card.facts, card.scores, card.licence) == ({}, [], "")


@pytest.mark.parametrize("name", GENRES)
def test_the_cards_that_ship_say_everything(name: str) -> None:
    (model,) = info.models([name])
    assert "million" in model.card.facts["parameters"]
    assert "minutes" in model.card.facts["time"]
    assert model.card.facts["trained on"]
    assert re.match(r"An? \w+ encoder-decoder", model.card.about)
    assert "Apache-2.0" in model.card.licence
    assert set(model.card.scores[0]) == {"", "ROUGE-1", "ROUGE-2", "ROUGE-Lsum"}
    assert all(re.match(r"\d\d\.\d\d \(", model.card.scores[0][f"ROUGE-{kind}"]) for kind in ("1", "2", "Lsum"))
    assert model.card.scores[1][""].startswith("Lead-")
    assert model.settings["mode"] == "extractive"
    assert 10e6 < model.bytes < 60e6


def test_all_models_are_shown_and_the_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    defaults = tmp_path / "mine.toml"
    defaults.write_text("[evaluate]\nquiet = true\n")
    monkeypatch.setenv("FASTSUM_CONFIG", str(defaults))
    monkeypatch.setenv("FASTSUM_CACHE", str(tmp_path / "none"))
    monkeypatch.setenv("COLUMNS", "500")
    result = run()
    assert result.exit_code == 0, result.output
    blocks = {block.splitlines()[0]: block for block in result.stdout.strip().split("\n\n")}
    assert list(blocks) == ["versions", *GENRES, "extras", "files", "variables", "auto selects"]
    assert f"  fastsum       {fastsum.__version__}\n" in blocks["versions"]
    assert re.search(r"  torch         \d", blocks["versions"])
    assert "licence" in blocks["general"]
    assert str(checkpoint.locate("general") / checkpoint.CARD) in blocks["general"]
    assert f"defaults {defaults}" in " ".join(blocks["files"].split())
    assert f"cache {tmp_path / 'none'} (missing)" in " ".join(blocks["files"].split())  # a long path is wrapped
    assert f"FASTSUM_CONFIG  {defaults}" in blocks["variables"]
    assert re.search(r"device        (cpu|cuda|mps).*(float32|bfloat16)", blocks["auto selects"])


def test_lines_fit_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = run("general").stdout.splitlines()
    assert all(len(line) <= 60 or " " not in line.strip() or "/" in line for line in lines)
    assert len(lines) > 30


def test_json_holds_the_same(tiny_checkpoint: Path) -> None:
    found: dict[str, Any] = json.loads(run("--json", tiny_checkpoint).stdout)
    assert list(found) == ["versions", "models", "extras", "files", "variables", "computing"]
    (model,) = found["models"]
    assert (model["name"], model["directory"]) == (str(tiny_checkpoint), str(tiny_checkpoint))
    assert model["card"]["facts"] == {}
    assert {"device", "precision", "threads", "processor", "description"} == set(found["computing"])
    for name, extra in found["extras"].items():
        assert f"fastsum[{name}]" in extra["install"]
        assert extra["missing"] == [package for package, number in extra["packages"].items() if number is None]


def test_a_missing_extra_comes_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(info.EXTRAS, "plots", ("plots of things", ("no-such-package",)))
    monkeypatch.setenv("COLUMNS", "200")
    line = next(line for line in run("general").stdout.splitlines() if line.startswith("  plots"))
    assert "missing: no-such-package; pip install 'fastsum[plots]' for plots of things" in line


def test_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {
        name: {re.match(r"[\w-]+", package)[0] for package in packages}  # type: ignore[index]
        for name, packages in project["optional-dependencies"].items()
        if name != "dev"
    }
    declared = {name: packages - {"fastsum"} for name, packages in declared.items()}
    assert {name: set(packages) for name, (_, packages) in info.EXTRAS.items()} == declared


def test_what_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# mine")
    (tmp_path / "file").write_text("x")
    for name, reason in (
        (tmp_path / "no", "no such checkpoint"),
        (tmp_path, "not a checkpoint"),
        (tmp_path / "file", ""),
    ):
        result = run(tmp_path / name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("fastsum: error: ")
        assert reason in result.stderr


def test_the_models_are_shown_before_torch_is_loaded() -> None:
    code = """if True:
        import sys
        from fastsum.cli import info
        found = info.as_text(info.models(["general"]))
        print([next(found).splitlines()[0] for _ in range(4)], "torch" in sys.modules)"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "['versions', 'general', 'extras', 'files'] False\n"
