"""A whole training run on the sample rows: what it writes, and that it continues where it stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from fastsum import FastsumError
from fastsum.config import Config
from fastsum.data.rows import Rows, open_rows
from fastsum.model import checkpoint
from fastsum.training.distributed import ProcessGroup
from fastsum.training.experiment import LOCK, train
from fastsum.training.monitor import Monitor
from fastsum.training.signals import Interrupted

ROWS = Path(__file__).parents[2] / "data" / "samples" / "rows"


def tiny(steps: int, *overrides: str) -> Config:
    shape = {
        "vocabulary_size": 300, "output_vocabulary_size": 100, "width": 16, "heads": 2, "feedforward": 16,
        "encoder_layers": 1, "sentence_layers": 1, "decoder_layers": 1,
    }  # fmt: skip
    training = {
        "steps": steps, "batch_tokens": 600, "warmup": 2, "validate_every": 3, "save_every": 2, "validate_rows": 2,
    }  # fmt: skip
    settings = [f"model.{key}={value}" for key, value in shape.items()]
    settings += [f"training.{key}={value}" for key, value in training.items()]
    return Config.load(None, (*settings, "training.decay=none", "training.precision=fp32", *overrides))


def rows(split: str) -> Rows:
    return open_rows(str(ROWS), split)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., dict[str, float]]:
    def once(folder: str, config: Config, *, resume: bool = False) -> dict[str, float]:
        directory = tmp_path / folder
        with Monitor(config.training.steps, directory, quiet=True) as monitor:
            return train(
                config, rows, directory,
                monitor=monitor, group=ProcessGroup(), device="cpu", cache=tmp_path / "cache", resume=resume,
            )  # fmt: skip

    return once


def test_a_run_leaves_checkpoints_and_a_log(run: Callable[..., dict[str, float]], tmp_path: Path) -> None:
    best = run("whole", tiny(6))
    assert set(best) >= {"rouge1", "rouge2", "rougeLsum", "score", "salience_loss", "writing_loss"}
    stored = checkpoint.load(tmp_path / "whole" / "best")
    assert stored.config.model.vocabulary_size == len(stored.tokenizer)
    assert "36 rows of train.jsonl" in stored.card
    log = [json.loads(line) for line in (tmp_path / "whole" / "log.jsonl").read_text("utf-8").splitlines()]
    assert [entry["update"] for entry in log if entry["kind"] == "validation"] == [3, 6]
    with pytest.raises(FastsumError, match="--resume"):
        run("whole", tiny(6))

    run("parts", tiny(3))
    run("parts", tiny(6), resume=True)
    whole, parts = (checkpoint.load(tmp_path / name / "latest").weights for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_a_trained_model_learns_to_weigh_words_too(run: Callable[..., dict[str, float]], tmp_path: Path) -> None:
    run("first", tiny(3))
    start = f"training.start={tmp_path / 'first' / 'latest'}"
    further = ("model.word_counts=true", "training.part=words", "decoding.coverage=2", start)
    assert "counting_loss" in run("second", tiny(3, *further))
    before, after = (checkpoint.load(tmp_path / name / "latest").weights for name in ("first", "second"))
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert {name.partition(".")[0] for name in after.keys() - before.keys()} == {"word_counts"}
    assert "the weighing of words alone" in checkpoint.load(tmp_path / "second" / "latest").card
    with pytest.raises(FastsumError, match=r"another model.word_counts \(True\)"):  # which would be lost
        run("third", tiny(3, f"training.start={tmp_path / 'second' / 'latest'}"))


def test_documents_without_a_word_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text("".join(json.dumps({"document": "\u200b", "summary": "Yes."}) + "\n" for _ in range(30)))
    with Monitor(2, None, quiet=True) as monitor, pytest.raises(FastsumError, match="no document has a word"):
        train(
            tiny(2), lambda split: open_rows(str(data), split), tmp_path / "run",
            monitor=monitor, group=ProcessGroup(), device="cpu", cache=tmp_path / "cache",
        )  # fmt: skip


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with Monitor(2, None, quiet=True) as monitor, pytest.raises(FastsumError, match="--cache"):
        train(
            tiny(2), rows, tmp_path / "run",
            monitor=monitor, group=ProcessGroup(), device="cpu", cache=tmp_path / "cache",
        )  # fmt: skip


def test_two_runs_never_share_a_folder(run: Callable[..., dict[str, float]], tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    code = f"import fcntl; f = open({LOCK!r}, 'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path / "run", **pipes) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(FastsumError, match="another run is training there"):
            run("run", tiny(1))
        assert not (tmp_path / "run" / "latest").exists()
        other.kill()  # which frees the folder: nothing has to be cleared away
    run("run", tiny(1))
    run("run", tiny(2), resume=True)


def test_notes_of_training_go_to_the_monitor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    monkeypatch.setattr(Monitor, "say", lambda monitor, message: said.append(message))
    with Monitor(1, None) as monitor, pytest.raises(Interrupted):
        train(
            tiny(2), rows, tmp_path / "run",
            monitor=SimpleNamespace(
                say=monitor.say, progress=monitor.progress, report=lambda metrics: os.kill(os.getpid(), signal.SIGINT)
            ),
            group=ProcessGroup(), device="cpu", cache=tmp_path / "cache",
        )  # fmt: skip
    assert said[-1].startswith("stopping after this batch")
    assert capsys.readouterr().err == ""


def test_another_model_cannot_be_resumed(run: Callable[..., dict[str, float]]) -> None:
    run("run", tiny(1))
    with pytest.raises(FastsumError, match="model section"):
        run("run", tiny(2, "model.width=32"), resume=True)


def test_the_embedding_can_start_from_vectors_of_the_examples(
    run: Callable[..., dict[str, float]], tmp_path: Path
) -> None:
    pytest.importorskip("gensim", reason="needs the vectors extra")
    trained = "training.embeddings=word2vec", "training.learning_rate=1e-12"
    run("one", tiny(1, *trained))
    run("two", tiny(1, *trained))  # from the cache
    run("none", tiny(1, "training.learning_rate=1e-12"))
    one, two, none = (
        checkpoint.load(tmp_path / name / "latest").weights["embedding.weight"] for name in ("one", "two", "none")
    )
    assert torch.equal(one, two)
    assert not torch.allclose(one[4:], none[4:], atol=1e-3)


def test_training_can_start_from_a_checkpoint(run: Callable[..., dict[str, float]], tmp_path: Path) -> None:
    run("first", tiny(3))
    first = checkpoint.load(tmp_path / "first" / "best")
    further = (
        f"training.start={tmp_path / 'first' / 'best'}",
        f"model.vocabulary_size={len(first.tokenizer)}",
        f"model.output_vocabulary_size={first.config.model.output_vocabulary_size}",
        "model.dropout=0.3",
    )
    run("second", tiny(1, *further, "training.learning_rate=1e-12"))
    second = checkpoint.load(tmp_path / "second" / "latest")
    assert second.tokenizer.to_bytes() == first.tokenizer.to_bytes()
    assert all(torch.allclose(second.weights[n], weight.float(), atol=1e-6) for n, weight in first.weights.items())
    assert second.config.training.start == str(tmp_path / "first" / "best")

    run("second", tiny(2, *further), resume=True)  # continues from its own weights
    with pytest.raises(FastsumError, match="model.width"):
        run("third", tiny(1, *further, "model.width=32"))
    with pytest.raises(FastsumError, match="missing"):
        run("third", tiny(1, "training.start=missing"))
