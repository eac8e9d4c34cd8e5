"""The command line: its surface, what goes to which stream, exit codes, and bad input of every kind."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from fastsum import toml
from fastsum.cli.app import COMMANDS, app
from fastsum.cli.options import Attention
from fastsum.config import Config, preset_text
from fastsum.data.hub import HUB
from fastsum.model import checkpoint
from fastsum.training import experiment
from fastsum.training.signals import Interrupted
from tests.model.test_genre import PAPERS

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
STORY, PAPER = SAMPLES / "story.txt", SAMPLES / "paper.md"
SURFACE = Path(__file__).with_name("cli_surface.json")
TINY = ["model.vocabulary_size=300", "model.output_vocabulary_size=100", "model.width=16", "model.heads=2",
        "model.feedforward=16", "model.encoder_layers=1", "model.sentence_layers=1", "model.decoder_layers=1",
        "training.steps=2", "training.batch_tokens=600", "training.validate_rows=2", "training.warmup=1"]  # fmt: skip


def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)), input=stdin)


def surface() -> dict[str, Any]:
    """Every command's parameters, as far as a caller can depend on them."""

    def default(parameter: Any) -> str | None:
        value = getattr(parameter.default, "value", parameter.default)  # of an enum's member
        return None if value in (None, (), []) else str(value)

    def parameters(command: Any) -> list[dict[str, Any]]:
        return [
            {
                "options": [*parameter.opts, *parameter.secondary_opts],
                "required": parameter.required,
                "default": default(parameter),
            }
            for parameter in command.params
        ]

    def below(name: str, command: Any) -> dict[str, Any]:
        found = {name: parameters(command)}
        for part, child in sorted(getattr(command, "commands", {}).items()):
            found |= below(f"{name} {part}", child)
        return found

    return below("fastsum", typer.main.get_command(app))


def test_surface_is_what_it_was() -> None:
    """After an intended change, `python tests/cli/test_app.py` renews the record."""
    assert surface() == json.loads(SURFACE.read_text("utf-8"))


def test_help_imports_nothing_slow() -> None:
    code = """if True:
        import sys
        from fastsum.cli.app import app
        helps = [["--help"], ["summarize", "--help"], ["train", "--help"], ["bench", "attention", "--help"]]
        for arguments in (*helps, ["summarize", "no such file"]):
            try:
                app(arguments)
            except SystemExit:
                pass
        print(*{"torch", "datasets", "pyarrow", "nltk", "rich", "rouge_score", "numpy"} & set(sys.modules))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(
    ("arguments", "used"),
    [(["--help"], set()), (["config"], {"show"}), (["summarize", "no such file"], {"summarize"})],
)
def test_only_the_command_that_is_called_for_is_imported(arguments: list[str], used: set[str]) -> None:
    code = """if True:
        import sys
        from fastsum.cli.app import COMMANDS, app
        try:
            app()
        finally:
            print("imported", *{module for module, _ in COMMANDS.values() if f"fastsum.cli.{module}" in sys.modules})"""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert set(done.stdout.splitlines()[-1].split()) == {"imported", *used}


def test_the_list_of_commands_has_the_beginning_of_their_help() -> None:
    group: Any = typer.main.get_command(app)
    helps = {name: command.help.partition("\n")[0] for name, command in group.commands.items()}
    assert helps == {name: about for name, (_, about) in COMMANDS.items()}
    shown = run("--help").stdout
    assert all(f"  {name} " in shown and about in shown for name, about in helps.items())


def test_the_list_of_commands_fits_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    commands = run("--help").stdout.partition("Commands:")[2].partition("Exit status:")[0]
    assert "train" in commands
    assert "..." not in commands


def test_the_help_of_data_names_every_data_set_of_the_hub() -> None:
    for command in (["train"], ["evaluate"], ["bench", "ablations"]):
        shown = " ".join(run(*command, "--help").stdout.split())
        assert f"{', '.join(HUB)}, a JSON Lines" in shown
        assert f"Local copy of {' or '.join(HUB)}." in shown


def test_every_help_text_can_be_shown() -> None:
    benches = [["bench", name] for name in ("attention", "decoding", "summarize", "ablations")]
    for command in ([], ["summarize"], ["train"], ["evaluate"], ["config"], ["bench"], *benches):
        result = run(*command, "--help")
        assert result.exit_code == 0
        assert "Usage: " in result.stdout
    assert run("--version").stdout.startswith("fastsum ")


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["summarize", "-n", "0", "x"], ["summarize", "--mode", "both", "x"], ["train"], ["evaluate"]],
)
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr != ""


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_of_the_output_that_stops() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-m", "fastsum", "config"], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


# --------------------------------------------------------------------------------------------------- train and evaluate


def test_presets_are_listed_and_printed() -> None:
    names = run("config").stdout.split()
    assert "tiny" in names
    assert "[model]" in run("config", "tiny").stdout
    result = run("config", "tyni")
    assert result.exit_code == 1
    assert "tiny" in result.stderr


@pytest.fixture
def train(tmp_path: Path) -> Callable[..., Result]:
    settings = [part for setting in TINY for part in ("--set", setting)]
    return lambda *arguments: run(
        "train", SAMPLES / "rows", *settings, "--output", tmp_path / "run", "--cache", tmp_path / "cache", "--quiet",
        "--device", "cpu", *arguments,
    )  # fmt: skip


def test_training_ends_with_the_best_checkpoint(train: Callable[..., Result], tmp_path: Path) -> None:
    result = train()
    assert result.exit_code == 0, result.output
    scores, path = result.stdout.splitlines()
    assert "rougeLsum" in scores
    assert path == str(tmp_path / "run" / "best")
    assert run("summarize", "--model", path, STORY).exit_code == 0
    assert (tmp_path / "run" / "log.jsonl").read_text("utf-8")

    again = train()
    assert again.exit_code == 1
    assert "--resume" in again.stderr

    resumed = run("train", SAMPLES / "rows", "--resume", "--set", "training.steps=3", "--output", tmp_path / "run",
                  "--cache", tmp_path / "cache", "--device", "cpu")  # fmt: skip
    assert resumed.exit_code == 0, resumed.output
    assert "resumed after step 2" in resumed.stderr


def test_a_model_is_fine_tuned(train: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert train().exit_code == 0
    further = (
        "train", SAMPLES / "rows", "--from", tmp_path / "run" / "best", "--output", tmp_path / "further",
        "--cache", tmp_path / "cache", "--device", "cpu", "--set", "training.steps=1",
    )  # fmt: skip
    result = run(*further)
    assert result.exit_code == 0, result.output
    assert f"starting from {tmp_path / 'run' / 'best'}" in result.stderr
    first, second = (Config.load(tmp_path / name / "best" / "config.toml") for name in ("run", "further"))
    assert second.model == first.model
    preset = Config.load("tuning")
    assert second.training == dataclasses.replace(
        first.training,
        **{name: getattr(preset.training, name) for name in toml.parse(preset_text("tuning"))["training"]}
        | {"steps": 1, "start": str(tmp_path / "run" / "best")},
    )
    log = [json.loads(line) for line in (tmp_path / "further" / "log.jsonl").read_text("utf-8").splitlines()]
    assert [entry["update"] for entry in log if entry["kind"] == "validation"] == [0, 1]  # what it started from, too
    card = (tmp_path / "further" / "latest" / "README.md").read_text("utf-8")
    assert f"| started from | {tmp_path / 'run' / 'best'} |" in card
    assert run(*further, "--resume").exit_code == 0

    result = run(*further, "--config", "tiny")
    assert result.exit_code == 2
    assert "--from or --config" in result.stderr
    other = ("train", SAMPLES / "rows", "--output", tmp_path / "other")
    for arguments, status, message in (
        (("--from", "nowhere"), 1, "nowhere"),
        (("--from", ""), 2, "--from is empty"),
        (("--config", "tuning"), 2, "--from"),
        (("--from", tmp_path / "run" / "best", "--set", "model.width=32"), 2, "model.width (16)"),
    ):
        result = run(*other, *arguments)
        assert result.exit_code == status
        assert message in result.stderr
    assert not (tmp_path / "other").exists()
    monkeypatch.setenv("FASTSUM_TRAIN_FROM", "nowhere")
    result = run(*other, "--config", "missing.toml")  # given on the command line, so it has priority
    assert "missing.toml" in result.stderr
    assert "nowhere" not in result.stderr


@pytest.mark.parametrize("attention", [choice.value for choice in Attention])
def test_every_attention_trains_summarizes_and_is_evaluated(
    train: Callable[..., Result], tmp_path: Path, attention: str
) -> None:
    result = train("--attention", attention)
    assert result.exit_code == 0, result.output
    best = tmp_path / "run" / "best"
    assert checkpoint.load(best).config.model.attention == attention
    assert run("summarize", "--model", best, "--device", "cpu", STORY).stdout.strip()
    scores = run("evaluate", SAMPLES / "rows", "--model", best, "--limit", "2", "--device", "cpu")
    assert scores.exit_code == 0, scores.output


def test_stopped_training_says_how_to_continue(train: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object, **settings: object) -> None:
        raise Interrupted

    monkeypatch.setattr(experiment, "train", stop)
    result = train()
    assert (result.exit_code, result.stdout) == (130, "")
    assert "--resume" in result.stderr


def test_wrong_settings_are_errors_before_a_folder_is_made(train: Callable[..., Result], tmp_path: Path) -> None:
    unknown = train("--set", "model.widht=3", "--set", "training.clip=-1")
    assert unknown.exit_code == 1
    assert "widht" in unknown.stderr
    assert "clip" in unknown.stderr
    assert run("train", tmp_path / "no", "--output", tmp_path / "run").exit_code == 1
    assert run("train", SAMPLES / "rows", "--resume", "--output", tmp_path / "run").exit_code == 1
    assert not (tmp_path / "run").exists()


def test_evaluation_prints_a_table_and_writes_files(tiny_checkpoint: Path, tmp_path: Path) -> None:
    result = run("evaluate", SAMPLES / "rows", "--model", tiny_checkpoint, "--output", tmp_path / "scores", "-n", "2")
    assert result.exit_code == 0, result.output
    for part in (
        "6 rows of test.jsonl",
        "Lead-3",
        "greedy oracle",
        "extractive - Lead-3",
        "documents/s",
        "sentences 2",
    ):
        assert part in result.stdout
    assert result.stderr == ""
    results = json.loads((tmp_path / "scores" / "results.json").read_text("utf-8"))
    assert (results["rows"], results["rejected"], results["decoding"]["sentences"]) == (6, 0, 2)
    assert results["model"] == str(tiny_checkpoint)
    assert len((tmp_path / "scores" / "outputs.jsonl").read_text("utf-8").splitlines()) == 6


def test_kinds_and_other_systems_are_in_the_tables(tiny_checkpoint: Path, tmp_path: Path) -> None:
    pytest.importorskip("sumy", reason="needs sumy")
    rows = [
        {
            "document": STORY.read_text("utf-8"),
            "summary": "A ferry was withdrawn. Nobody knew.",
            "kind": kind,
            "bart": "A.",
        }
        for kind in ("letter", "report")
    ]
    data = tmp_path / "rows.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "memsum.txt").write_text("A ferry.\nNobody.\n")
    command = ["evaluate", data, "--model", tiny_checkpoint, "--outputs", "bart", "--outputs", tmp_path / "memsum.txt"]
    result = run(*command, "--words-like-reference")
    assert result.exit_code == 0, result.output
    for part in ("extractive - bart", "extractive - memsum", "LexRank", "letter", "report", "mean of the kinds"):
        assert part in result.stdout
    assert "sets the length" in run(*command, "--words-like-reference", "-n", "2").stderr
    assert "rows.jsonl has no column nowhere" in run(*command, "--outputs", "nowhere").stderr
    assert "two systems called bart" in run(*command, "--outputs", "bart").stderr


def test_rows_are_scored_with_the_model_that_fits_each(loaded: list[str | Path], tmp_path: Path) -> None:
    texts = [STORY.read_text("utf-8"), PAPERS["medicine"], STORY.read_text("utf-8")]
    rows = [{"document": text, "summary": "A ferry was withdrawn. Wraps improved adherence."} for text in texts]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = run("evaluate", tmp_path / "rows.jsonl", "--device", "cpu", "--output", tmp_path / "scores")
    assert result.exit_code == 0, result.output
    model = "general for 2 rows, paper for 1 rows"
    assert loaded == ["general", "paper"]
    assert f"documents/s, {model} on cpu" in result.stdout
    assert json.loads((tmp_path / "scores" / "results.json").read_text("utf-8"))["model"] == model


def test_unusable_rows_are_counted_or_fatal(tiny_checkpoint: Path, tmp_path: Path) -> None:
    row = {"document": "A dog barked. It was loud. Nobody slept.", "abstract": "A dog barked."}
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(r) for r in (row, {"document": "x"}, row, {**row, "abstract": " "})))
    command = ["evaluate", rows, "--model", tiny_checkpoint, "--document-column", "document"]
    command += ["--summary-column", "abstract"]
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert "Left out 2 unusable rows: rows.jsonl, line 2" in result.stderr
    assert "Lead-10" in result.stdout
    strict = run(*command, "--strict")
    assert (strict.exit_code, strict.stdout) == (1, "")
    assert "rows.jsonl, line 2" in strict.stderr


def test_rows_that_cannot_be_used(tiny_checkpoint: Path, tmp_path: Path) -> None:
    files = {
        "none.jsonl": b'{"document": "", "summary": ""}\n',
        "empty.jsonl": b"",
        "cut.parquet": b"PAR1" + b"\0" * 50,
        "rows.xlsx": b"",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        result = run("evaluate", tmp_path / name, "--model", tiny_checkpoint)
        assert (result.exit_code, result.stdout) == (1, ""), name
        assert result.stderr.startswith("fastsum: error: ")
        assert name in result.stderr


if __name__ == "__main__":
    SURFACE.write_text(json.dumps(surface(), indent=1) + "\n", "utf-8")
