"""Training and the command: a planted signal is learned, a stopped run goes on, and bad input is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner, Result

from fastsum.cli.app import app
from fastsum.config import ATTENTIONS, Config
from fastsum.data.forms import LABELS
from fastsum.data.rows import open_rows
from fastsum.errors import FastsumError, UsageError
from fastsum.model import checkpoint
from fastsum.model.checkpoint import LATEST
from fastsum.tasks.classification import runs
from fastsum.tasks.classification.classifier import Classifier
from fastsum.tasks.classification.task import Classification
from fastsum.tasks.classification.texts import LabelledTexts, read_texts
from fastsum.tasks.training import fit_vocabulary, train
from fastsum.training.metrics import Metrics
from fastsum.training.signals import Interrupted
from tests.tasks.classification.planted import SMALL, write

pytestmark = pytest.mark.usefixtures("one_thread")
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("rows") / "texts.jsonl", 400)


@pytest.fixture(scope="module")
def data(rows: Path) -> LabelledTexts:
    return read_texts(lambda split: open_rows(str(rows), split, form=LABELS), vocabulary_size=100)


def make(data: LabelledTexts, attention: str, *overrides: str) -> Classification:
    config = fit_vocabulary(
        Config.load("classification", (*SMALL, f"model.attention={attention}", *overrides)), data.tokenizer
    )
    torch.manual_seed(0)
    return Classification(config, Classifier(config.model, len(data.labels)), data)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_a_planted_word_is_learned(attention: str, data: LabelledTexts, tmp_path: Path) -> None:
    task = make(data, attention, "training.steps=100", "training.validate_every=50")
    before = task.evaluate("test", CPU, torch.float32)["accuracy"]
    train(task, tmp_path / "run", device=CPU, dtype=torch.float32)
    values = task.evaluate("test", CPU, torch.float32)
    assert before < 60
    assert min(values.values()) > 95


def test_predictions_do_not_depend_on_the_order_of_the_texts(data: LabelledTexts) -> None:
    task, texts = make(data, "fastformer"), data.splits["train"]
    there, back = (task.predict(replace_order(texts, step), CPU, torch.float32) for step in (1, -1))
    assert there.tolist() == back[::-1].tolist()
    assert len(set(there.tolist())) > 1


def replace_order(texts: object, step: int) -> object:
    return texts._replace(tokens=texts.tokens[::step], classes_R=texts.classes_R[::step].copy())  # type: ignore[attr-defined]


def test_a_stopped_run_goes_on_as_if_it_had_not(data: LabelledTexts, tmp_path: Path) -> None:
    settings = ("training.steps=24", "training.validate_every=8", "training.save_every=100")
    whole = make(data, "fastformer", *settings)
    complete = train(whole, tmp_path / "whole", device=CPU, dtype=torch.float32)
    trained = checkpoint.load(tmp_path / "whole" / LATEST).weights

    stopped = make(data, "fastformer", *settings)

    def stop(metrics: Metrics) -> None:
        if (metrics.kind, metrics.update) == ("train", 10):
            raise Interrupted

    with pytest.raises(Interrupted):
        train(stopped, tmp_path / "parts", device=CPU, dtype=torch.float32, report=stop)
    assert checkpoint.load_training(tmp_path / "parts" / LATEST).values["place"][0] == 10
    resumed = make(data, "fastformer", *settings)
    said: list[str] = []
    best = train(resumed, tmp_path / "parts", device=CPU, dtype=torch.float32, say=said.append)
    assert said == ["resumed after step 10"]
    assert best.best == complete.best
    again = checkpoint.load(tmp_path / "parts" / LATEST).weights
    assert all(torch.equal(trained[name], again[name]) for name in trained)
    assert all(map(torch.equal, whole.model.state_dict().values(), resumed.model.state_dict().values()))


def test_the_checkpoint_of_another_model_is_refused(data: LabelledTexts, tmp_path: Path) -> None:
    train(make(data, "fastformer", "training.steps=1"), tmp_path / "run", device=CPU, dtype=torch.float32)
    with pytest.raises(FastsumError, match="other settings or data"):
        train(make(data, "linear", "training.steps=1"), tmp_path / "run", device=CPU, dtype=torch.float32)


def test_an_epoch_goes_once_through_the_texts(data: LabelledTexts, tmp_path: Path) -> None:
    config = Config.load("classification", SMALL)
    *_, found = runs.run(data, config, tmp_path, attentions=("linear",), seeds=1, epochs=3, device="cpu")
    settings = json.loads((tmp_path / runs.RESULTS).read_text())["settings"]["training"]
    tokens = int(data.splits["train"].sizes_R.sum())
    assert settings["steps"] == 3 * settings["validate_every"]
    assert 0.9 < settings["validate_every"] * settings["batch_tokens"] / tokens < 1.5
    assert found[0].values["accuracy"] > 90
    with pytest.raises(UsageError, match="no attention 'fastfomer'; choose from fastformer"):
        runs.run(data, config, tmp_path, attentions=("fastfomer",), seeds=1, epochs=1)


def call(*arguments: str) -> Result:
    overrides = [part for change in SMALL for part in ("--set", change)]
    return CliRunner().invoke(
        app, ["bench", "classification", *arguments, *overrides, "--device", "cpu"], catch_exceptions=True
    )


def test_the_command_prints_a_table_and_keeps_what_is_done(rows: Path, tmp_path: Path) -> None:
    common = (str(rows), "--seeds", "2", "--epochs", "1", "--output", str(tmp_path))
    first = call(*common, "--only", "linear")
    assert first.exit_code == 0, first.output
    assert "linear" in first.stdout
    assert "±" in first.stdout
    results = json.loads((tmp_path / "classification.json").read_text())
    assert [(run["model"], run["seed"]) for run in results["runs"]] == [("linear", 0), ("linear", 1)]
    assert results["data"]["labels"] == ["blue", "green", "red"]
    assert sum(results["data"]["texts"].values()) == 400
    values = results["runs"][0]["values"]
    assert {"accuracy", "macro_f", "seconds", "tokens_per_second", "parameters"} <= values.keys()
    both = call(*common, "--only", "linear", "--only", "fastformer", "--quiet")
    assert both.exit_code == 0, both.output
    assert both.stderr == ""
    again = json.loads((tmp_path / "classification.json").read_text())["runs"]
    assert again[:2] == results["runs"]
    assert [(run["model"], run["seed"]) for run in again[2:]] == [("fastformer", 0), ("fastformer", 1)]
    assert {path.name for path in tmp_path.iterdir()} == {"classification.json", ".lock"}


def test_word_vectors_of_a_file_are_the_first_weights(rows: Path, tmp_path: Path) -> None:
    (tmp_path / "glove.txt").write_text("crimson 1 0 0\nazure 0 1 0\nemerald 0 0 1\nnowhere 1 1 1\n")
    done = call(
        str(rows), "--only", "linear", "--seeds", "1", "--epochs", "1", "--output", str(tmp_path), "--vectors",
        str(tmp_path / "glove.txt"),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "3 of 32 words start from" in done.stderr
    assert json.loads((tmp_path / "classification.json").read_text())["vectors"].endswith("glove.txt")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (
            ("missing.jsonl",),
            1,
            "There is no file or folder missing.jsonl. DATA is imdb, amazon-electronics, mind-topic",
        ),
        (("mind-topic",), 1, "mind-topic is not on the hub: get news.tsv"),
        (("{rows}", "--label-column", "stars"), 1, "--text-column and --label-column"),
        (("{rows}", "--only", "softmax"), 2, "there is no attention 'softmax'"),
        (("{rows}", "--set", "training.steps=5"), 2, "--set training.steps: use --only, --seeds, --epochs"),
        (("{rows}", "--set", "model.wdth=5"), 1, "model.wdth"),
        (("{rows}", "--vectors", "missing.txt"), 1, "missing.txt: No such file or directory"),
        (("{rows}", "--data-dir", "copy"), 1, "--data-dir is a local copy of imdb"),
    ],
)
def test_bad_input_is_one_sentence(
    arguments: tuple[str, ...], status: int, message: str, rows: Path, tmp_path: Path
) -> None:
    done = call(*(part.replace("{rows}", str(rows)) for part in arguments), "--output", str(tmp_path))
    assert (done.exit_code, done.stdout) == (status, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_strict_stops_at_the_first_unusable_row(rows: Path, tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"text": "", "label": "red"}\n' + rows.read_text())
    common = (str(path), "--only", "linear", "--seeds", "1", "--epochs", "1", "--output", str(tmp_path / "out"))
    strict = call(*common, "--strict")
    assert strict.exit_code == 1
    assert "line 1: no text in 'text'. Correct or remove the row" in strict.stderr
    assert "Left out 1 unusable row: texts.jsonl, line 1" in call(*common).stderr


def test_ctrl_c_keeps_what_is_done(rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = runs.train, []

    def stopping(*arguments: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise Interrupted
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "train", stopping)
    done = call(str(rows), "--only", "linear", "--epochs", "1", "--output", str(tmp_path))
    assert done.exit_code == 130
    assert "the same command goes on where this one stopped" in done.stderr
    assert "stopped; the figures so far are in" in done.stderr
    assert "linear" in done.stdout
    assert len(json.loads((tmp_path / "classification.json").read_text())["runs"]) == 1
