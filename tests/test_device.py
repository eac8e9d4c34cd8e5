"""Devices and precisions that are there, and those that are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

import fastsum.device
from fastsum.device import (
    autocast,
    cores,
    describe,
    has_gpu,
    is_out_of_memory,
    needs_torch,
    pick_device,
    pick_precision,
)
from fastsum.errors import FastsumError

CPU = torch.device("cpu")


def test_auto_takes_the_best_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert pick_device("auto") == CPU
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert pick_device("auto").type == "mps"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert pick_device("auto").type == "cuda"
    assert pick_device("cuda:1").index == 1
    with pytest.raises(FastsumError, match="no device with that number"):
        pick_device("cuda:2")


@pytest.mark.parametrize("name", ["gpu", "", "cpu:x", "meta", "cuda:-1"])
def test_unknown_device(name: str) -> None:
    with pytest.raises(FastsumError, match="unknown; choose"):
        needs_torch(name, "auto")
    with pytest.raises(FastsumError, match="unknown; choose"):
        pick_device(name)


def test_missing_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(FastsumError, match="no CUDA device"):
        pick_device("cuda")
    with pytest.raises(FastsumError, match="no Apple GPU"):
        pick_device("mps")


def test_auto_is_bf16_only_where_the_cpu_multiplies_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    for name in names:
        monkeypatch.setattr(torch.cpu, name, lambda: False, raising=False)
    assert pick_precision("auto", CPU) == torch.float32
    monkeypatch.setattr(torch.cpu, names[0], lambda: True, raising=False)
    assert pick_precision("auto", CPU) == torch.bfloat16
    for name in names:
        monkeypatch.delattr(torch.cpu, name)
    assert pick_precision("auto", CPU) == torch.float32


def test_precision_by_name() -> None:
    assert pick_precision("fp32", CPU) == torch.float32
    assert pick_precision("bf16", CPU) == torch.bfloat16
    assert pick_precision("fp16", torch.device("cuda")) == torch.float16
    with pytest.raises(FastsumError, match="fp16 is for GPUs"):
        pick_precision("fp16", CPU)
    with pytest.raises(FastsumError, match="unknown; choose"):
        pick_precision("fp8", CPU)


def test_autocast() -> None:
    x = torch.ones(2, 2)
    with autocast(CPU, torch.bfloat16):
        assert (x @ x).dtype == torch.bfloat16
    with autocast(CPU, torch.float32):
        assert (x @ x).dtype == torch.float32


def test_errors_that_say_the_memory_is_full() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)
    assert is_out_of_memory(torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."))
    assert is_out_of_memory(RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB)"))
    assert is_out_of_memory(RuntimeError("could not create a primitive"))
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("could not create a primitive descriptor for a matmul primitive"))
    assert not is_out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    assert not is_out_of_memory(FastsumError("out of memory"))


def test_describe() -> None:
    assert describe(CPU, torch.bfloat16).startswith("cpu, ")
    assert describe(CPU, torch.bfloat16).endswith("bfloat16")


@pytest.mark.skipif(sys.platform != "linux", reason="glibc is Linux's")
def test_cores_are_those_that_the_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {3, 5}, raising=False)
    assert cores() == 2
    monkeypatch.delattr("os.sched_getaffinity")  # as on macOS
    assert cores() == 7


def test_freed_memory_can_be_kept() -> None:
    code = (
        "import torch, resource, sys\n"
        "from fastsum.device import keep_freed_memory\n"
        "if sys.argv[1] == 'kept': keep_freed_memory()\n"
        "for _ in range(50): torch.ones(1 << 24)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)"
    )
    faults = [
        int(subprocess.run([sys.executable, "-c", code, how], capture_output=True, text=True, check=True).stdout)
        for how in ("returned", "kept")
    ]
    assert faults[1] < faults[0] / 3


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
def test_kept_memory_can_be_given_back() -> None:
    code = (
        "import torch\n"
        "from fastsum.device import keep_freed_memory, release_freed_memory, resident\n"
        "keep_freed_memory()\n"
        "blocks = [torch.ones(1 << 18) for _ in range(200)]\n"
        "last = torch.ones(1 << 18)\n"  # above the others, so that the heap cannot shrink
        "del blocks\n"
        "before = resident()\n"
        "release_freed_memory()\n"
        "print(before - resident())"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(found.stdout) > 150e6


@pytest.mark.parametrize(
    ("device", "precision", "gpu", "needed"),
    [
        ("auto", "auto", False, False),
        ("auto", "fp32", False, False),
        ("auto", "auto", True, True),
        ("cpu", "auto", True, False),
        ("cpu:0", "fp32", True, False),
        ("cpu", "bf16", False, True),
        ("cuda:1", "auto", False, True),
        ("mps", "fp32", False, True),
    ],
)
def test_torch_is_needed_for_all_but_a_cpu_in_float32(
    device: str, precision: str, gpu: bool, needed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fastsum.device, "has_gpu", lambda: gpu)
    assert needs_torch(device, precision) is needed


def test_unknown_precision_without_torch() -> None:
    with pytest.raises(FastsumError, match="unknown; choose"):
        needs_torch("cpu", "fp8")


@pytest.mark.skipif(sys.platform != "linux", reason="libraries as they are named on Linux")
@pytest.mark.parametrize(
    ("library", "devices", "found"),
    [("libtorch_cuda.so", 2, True), ("libtorch_cuda.so", 0, False), ("libtorch_cpu.so", 2, False)],
)
def test_a_gpu_is_found_by_the_driver_and_torchs_libraries(
    library: str, devices: int, found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / library).touch()
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(fastsum.device.importlib.util, "find_spec", lambda name: spec)
    monkeypatch.setattr(fastsum.device, "_cuda_devices", lambda: devices)
    assert has_gpu() is found
    monkeypatch.setattr(fastsum.device.importlib.util, "find_spec", lambda name: None)
    assert has_gpu() is False
