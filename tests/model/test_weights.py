"""The tensors of a safetensors file, as the library wrote them, and files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from fastsum.errors import FastsumError
from fastsum.model.weights import read_safetensors

TENSORS = {
    "bf16": torch.tensor([[1.5, -2.25, 3e38], [0.0, -0.0, 1e-40]], dtype=torch.bfloat16),
    "fp16": torch.tensor([1.5, -7.0], dtype=torch.float16),
    "fp32": torch.randn(3, 4, generator=torch.Generator().manual_seed(0)),
    "fp64": torch.tensor([0.1], dtype=torch.float64),
    "int64": torch.arange(6).reshape(2, 3),
    "uint8": torch.arange(5, dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
    "number": torch.tensor(3.5),
    "empty": torch.zeros(0, 4),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    save_file(TENSORS, path, {"fastsum_format": "1"})
    return path


def test_every_type_is_read(file: Path) -> None:
    stored, metadata = read_safetensors(file)
    assert metadata == {"fastsum_format": "1"}
    assert stored.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        assert stored[name].shape == tuple(tensor.shape)
        np.testing.assert_array_equal(stored[name].float32(), tensor.float().numpy())
        assert stored[name].float32().dtype == np.float32
    np.testing.assert_array_equal(stored["bf16"].rows(np.array([1, 0, 1])), TENSORS["bf16"][[1, 0, 1]].float())


def test_the_file_is_not_written_to(file: Path) -> None:
    before = file.read_bytes()
    stored, _ = read_safetensors(file)
    stored["fp32"].data[:] = 0
    del stored
    assert file.read_bytes() == before


def packed(header: object, body: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


FLOAT = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        (1 << 60).to_bytes(8, "little") + b"{}",
        (9).to_bytes(8, "little") + b"not json!",
        packed([]),
        packed({"a": FLOAT}),
        packed({"a": FLOAT | {"dtype": "F7"}}, bytes(8)),
        packed({"a": FLOAT | {"shape": [3]}}, bytes(8)),
        packed({"a": FLOAT | {"shape": [-2]}}, bytes(8)),
        packed({"a": FLOAT | {"shape": [2.0]}}, bytes(8)),
        packed({"a": FLOAT | {"data_offsets": [-8, 0]}}, bytes(8)),
        packed({"a": FLOAT | {"data_offsets": [0]}}, bytes(8)),
        packed({"a": {}}, bytes(8)),
        packed({"a": 3}, bytes(8)),
        packed({"__metadata__": []}, bytes(8)),
        (60_000).to_bytes(8, "little") + b"[" * 60_000,
    ],
)
def test_what_is_no_such_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(FastsumError, match=r"model\.safetensors: not a safetensors file \(.*copy the checkpoint again"):
        read_safetensors(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FastsumError, match="not a safetensors file"):
        read_safetensors(tmp_path / "none")
