"""A checkpoint made to do harm, its digests in order: refused in one line, and nothing is run or written.

`tests/test_checkpoint.py` has the digests themselves: 132 flipped bits and 24 truncations, names that lead out of the
directory, settings and weights of other kinds under right digests.
"""

from __future__ import annotations

import json
import os
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum import FastsumError, Summarizer
from fastsum.model import checkpoint
from fastsum.model.checkpoint import LATEST
from tests.faults.watching import acts, contents
from tests.model.test_checkpoint import read_all, refusal, replace, save, some_model
from tests.training.trainers import build, make_data

DEEP = 200_000


class Payload:
    def __reduce__(self) -> Any:
        return os.system, ("touch executed",)


def tensors_file(header: bytes, size: int | None = None, body: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header) if size is None else size) + header + body


def described(**changes: Any) -> bytes:
    tensor = {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]} | changes
    return tensors_file(json.dumps({"weight": tensor}).encode())


TENSOR_FILES = {
    "pickle": pickle.dumps({"weight": Payload()}),
    "header of 8 EiB": tensors_file(b"{}", size=2**63),
    "header of 99 MB": tensors_file(b"{}", size=99_000_000),
    "header past the end": tensors_file(b"{}", size=1000),
    "header that is no JSON": tensors_file(b"\xff" * 100),
    "header nested deeply": tensors_file(b'{"a":' * DEEP),
    "no header": b"",
    "tensor past the end": described(data_offsets=[0, 1 << 40], shape=[1 << 38]),
    "tensor of another size than its bytes": described() + bytes(8),
    "tensor larger than any memory": described(shape=[1 << 62, 1 << 62]) + bytes(16),
    "tensor of negative size": described(shape=[-4]) + bytes(16),
    "tensor of unknown type": described(dtype="OBJECT") + bytes(16),
    "bytes that no tensor claims": described() + bytes(64),
}
TEXTS = {
    "settings nested deeply": ("config.toml", b"a = " + b"[" * DEEP),
    "tokenizer nested deeply": ("tokenizer.json", b"[" * DEEP),
    "tokenizer that is a pickle": ("tokenizer.json", pickle.dumps(Payload())),
    "card that is a pickle": ("README.md", pickle.dumps(Payload())),
}
VALUES = {
    "values nested deeply": "[" * DEEP,
    "a number of many digits": "1" * 10_000,
    "values that are no table": "[]",
    "values that are a pickle": pickle.dumps(Payload(), protocol=0).decode("ascii"),
}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save(tmp_path / "model")
    Summarizer.load(tmp_path / "model", device="cpu")  # what loading imports is imported before it is watched
    return tmp_path / "model"


def refused(directory: Path, read: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch) -> str:
    """The one line of the refusal, after a look at what was done meanwhile."""
    monkeypatch.chdir(directory.parent)
    before = contents(directory.parent)
    with acts() as done, pytest.raises(FastsumError) as caught:
        read(directory)
    assert done == []
    assert contents(directory.parent) == before
    assert "\n" not in caught.value.message
    return caught.value.message


def test_the_watch_sees_what_it_should(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(saved.parent)
    with acts() as done:
        Path("written").write_text("")
        pickle.loads(pickle.dumps(Payload()))
    assert [event.split()[0] for event in done] == ["open", "pickle.find_class", "os.system"]
    assert Path("executed").exists()


@pytest.mark.parametrize("name", ["model.safetensors", "training.safetensors"])
@pytest.mark.parametrize("content", TENSOR_FILES)
def test_a_file_of_tensors_that_is_none(saved: Path, monkeypatch: pytest.MonkeyPatch, content: str, name: str) -> None:
    replace(saved, name, TENSOR_FILES[content])
    assert f"{saved / name}: not a safetensors file" in refused(saved, read_all, monkeypatch)


@pytest.mark.parametrize("content", TEXTS)
def test_a_text_that_is_none(saved: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    replace(saved, *TEXTS[content])
    assert str(saved / TEXTS[content][0]) in refused(saved, read_all, monkeypatch)


@pytest.mark.parametrize("values", VALUES)
def test_a_training_state_that_is_none(saved: Path, monkeypatch: pytest.MonkeyPatch, values: str) -> None:
    replace(saved, "training.safetensors", checkpoint._pack({}, {"values": VALUES[values]}))
    assert "not written by fastsum" in refused(saved, read_all, monkeypatch)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"salience_head.bias": torch.zeros(1 << 20)}, "salience_head.bias has the shape"),
        ({"salience_head.bias": torch.zeros(())}, "salience_head.bias has the shape"),
        ({"../../outside": torch.zeros(1)}, "../../outside is unknown"),
        ({"/outside": torch.zeros(1)}, "/outside is unknown"),
    ],
)
def test_weights_of_another_shape_or_name(
    saved: Path, monkeypatch: pytest.MonkeyPatch, weights: dict[str, torch.Tensor], words: str
) -> None:
    save(saved, weights=some_model().state_dict() | weights)
    assert words in refused(saved, lambda directory: Summarizer.load(directory, device="cpu"), monkeypatch)


def test_links_that_lead_out_of_the_directory_are_read_at_most(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = saved.with_name("outside")
    outside.write_bytes(b"a secret")
    (saved / "README.md").unlink()
    (saved / "README.md").symlink_to(outside)
    assert "a secret" not in refused(saved, read_all, monkeypatch)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_in_place_of_a_file_does_not_keep_the_reader(saved: Path) -> None:
    (saved / "README.md").unlink()
    os.mkfifo(saved / "README.md")
    assert "README.md" in refusal(saved)


@pytest.mark.parametrize(
    ("tensors", "values", "words"),
    [
        ({"exp_avg.output_bias": torch.zeros(2, 2)}, {}, "exp_avg.output_bias"),
        ({"average.../../outside": torch.zeros(1)}, {}, "average.../../outside"),
        ({"surprise.output_bias": torch.zeros(1)}, {}, "surprise.output_bias"),
        ({}, {"place": [0, 0, 0]}, "place"),
        ({}, {"place": [0, 0, 0, "0"]}, "place"),
        ({}, {"examples": None}, "examples"),
        ({}, {"best": [1]}, "best"),
        ({}, {"parts": "2"}, "parts"),
    ],
)
def test_a_training_state_of_another_shape(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tensors: dict[str, torch.Tensor],
    values: dict[str, Any],
    words: str,
) -> None:
    data = make_data(tmp_path / "cache")
    trainer = build(data, tmp_path / "run")
    state = trainer.state.stored(1, trainer.task.digest)
    trainer._save(
        LATEST, trainer.model.state_dict(), checkpoint.TrainingState(state.tensors | tensors, state.values | values)
    )
    other = build(data, tmp_path / "run")
    message = refused(tmp_path / "run", lambda directory: other.resume(), monkeypatch)
    assert f"{words} is not what training saves" in message
