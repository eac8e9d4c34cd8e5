"""The attention benchmark's marks, arithmetic and files; its times are not tested."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console
from torch import Tensor, nn
from typer.testing import CliRunner

import fastsum.benchmark.timing
from fastsum.benchmark import attention, attention_memory, attention_results, mechanisms
from fastsum.benchmark.attention import AttentionCell, Floor, Measured
from fastsum.benchmark.mechanisms import AttentionSettings
from fastsum.benchmark.timing import Timing
from fastsum.cli.app import app
from fastsum.config import ModelConfig
from fastsum.errors import FastsumError
from fastsum.model.layers import Encoder

CPU = torch.device("cpu")
SMALL = AttentionSettings(
    mechanisms=("fastformer", "linear"), lengths=(2, 4), tokens=8, width=16, heads=2, rounds=2, memory=False
)


class Fake(nn.Module):
    """A mechanism that does at each length what a test asks for."""

    def __init__(self, at: Callable[[int], object]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(()))
        self.at = at

    def forward(self, x_BND: Tensor) -> Tensor:
        self.at(x_BND.shape[1])
        return self.weight * x_BND


@pytest.fixture(autouse=True)
def small_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "COPY_BYTES", 1 << 12)
    monkeypatch.setattr(fastsum.benchmark.timing, "MOST_REPEATS", 2)


def cells(settings: AttentionSettings = SMALL) -> dict[tuple[str, str, int], AttentionCell]:
    found = attention.measure(settings, CPU, torch.float32)
    return {(cell.mechanism, cell.work, cell.length): cell for measured in found for cell in measured.cells}


def replace_linear(monkeypatch: pytest.MonkeyPatch, at: Callable[[int], object]) -> None:
    real = attention.build
    monkeypatch.setattr(attention, "build", lambda name, s: Fake(at) if name == "linear" else real(name, s))


def test_tokens_of_a_batch_are_constant_and_a_longer_document_is_alone() -> None:
    found = list(attention.measure(replace(SMALL, lengths=(1, 2, 16)), CPU, torch.float32))
    assert [(cell.length, cell.batch) for measured in found for cell in measured.cells[:1]] == [(1, 8), (2, 4), (16, 1)]
    for cell in found[1].cells:
        assert cell.status == "ok"
        assert cell.time is not None
        assert cell.time.low <= cell.time.median <= cell.time.high
        assert cell.time.samples == 2
        assert cell.rate == pytest.approx(8 / cell.time.median)


def test_every_mechanism_is_measured_in_both_passes() -> None:
    found = cells(replace(SMALL, mechanisms=mechanisms.MECHANISMS, lengths=(80,), tokens=80))
    assert set(found) == {(name, work, 80) for name in mechanisms.MECHANISMS for work in mechanisms.PASSES}
    assert {cell.status for cell in found.values()} == {"ok"}


def test_the_two_forms_of_fastformer_are_the_ones_named() -> None:
    settings = replace(SMALL, lengths=(64,))
    forms = {name: mechanisms.build(name, settings).form for name in ("fastformer", "fastformer-plain")}
    assert forms == {"fastformer": "auto", "fastformer-plain": "plain"}


def test_an_encoder_is_the_news_presets_around_each_mechanism() -> None:
    settings = replace(SMALL, scope="encoder", layers=2)
    encoder = mechanisms.build("fastformer-plain", settings)
    assert isinstance(encoder, Encoder)
    assert len(encoder.layers) == 2
    assert encoder.layers[0].convolution is not None
    assert encoder.layers[1].attention.form == "plain"


def test_training_makes_the_gradients_of_the_input_and_of_every_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}
    grad = torch.autograd.grad

    def spy(outputs: Tensor, inputs: list[Tensor], *rest: Any, **options: Any) -> Any:
        asked["inputs"] = inputs
        asked["found"] = grad(outputs, inputs, *rest, **options)
        return asked["found"]

    monkeypatch.setattr(torch.autograd, "grad", spy)
    module = mechanisms.build("fastformer", SMALL)
    mechanisms.action(module, "training", torch.randn(2, 4, 16), SMALL, torch.float32)()
    assert [id(parameter) for parameter in module.parameters()] == [id(leaf) for leaf in asked["inputs"][1:]]
    assert asked["inputs"][0].shape == (2, 4, 16)
    assert all(gradient.abs().sum() > 0 for gradient in asked["found"])


def test_bf16_runs_in_bf16_with_float32_weights() -> None:
    types = []
    module = mechanisms.build("fastformer", SMALL)
    module.register_forward_hook(lambda module, inputs, output: types.append((inputs[0].dtype, output.dtype)))
    x = torch.randn(2, 4, 16, dtype=torch.bfloat16)
    for work in mechanisms.PASSES:
        mechanisms.action(module, work, x, SMALL, torch.bfloat16)()
    assert set(types) == {(torch.bfloat16, torch.bfloat16)}
    assert next(module.parameters()).dtype == torch.float32


def test_each_compiled_cell_is_code_of_its_own_and_its_memory_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = []

    def compile_nothing(function: Any, dynamic: bool) -> Any:
        assert not dynamic
        codes.append(function.__code__)
        return function

    monkeypatch.setattr(torch, "compile", compile_nothing)
    found = cells(replace(SMALL, compile=True, memory=True))
    assert len({id(code) for code in codes}) == len(found) == 8
    assert {(cell.status, cell.peak) for cell in found.values()} == {("ok", None)}


# --- marks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.cuda.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to"),
    ],
)
def test_out_of_memory_is_a_mark_and_the_rest_goes_on(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(length: int) -> None:
        if length == 4:
            raise error

    replace_linear(monkeypatch, at)
    found = cells()
    for work in mechanisms.PASSES:
        assert found["linear", work, 2].status == "ok"
        assert found["linear", work, 4].status == "out of memory"
        assert found["linear", work, 4].time is None
        assert found["fastformer", work, 4].status == "ok"


def test_another_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def at(length: int) -> None:
        raise RuntimeError("shapes cannot be multiplied")

    replace_linear(monkeypatch, at)
    with pytest.raises(RuntimeError, match="multiplied"):
        cells()


def test_a_slow_call_is_made_once_and_longer_documents_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def at(length: int) -> None:
        calls.append(length)
        time.sleep(0.05 if length == 2 else 0)

    monkeypatch.setattr(attention, "SHORT", 0.0)
    replace_linear(monkeypatch, at)
    found = cells(replace(SMALL, mechanisms=("linear",), limit=0.02))
    slow = found["linear", "forward", 2]
    assert slow.status == "single"
    assert slow.time is not None
    assert slow.time.samples == 1
    assert slow.time.median >= 0.05
    assert found["linear", "forward", 4].status == found["linear", "training", 4].status == "over time"
    assert found["linear", "forward", 4].time is None
    assert 4 not in calls


def test_an_unknown_mechanism_is_refused() -> None:
    with pytest.raises(FastsumError, match="unknown mechanism reformer; choose from fastformer"):
        AttentionSettings(mechanisms=("reformer",))


# --- memory -----------------------------------------------------------------------------------------------------------


def test_peak_memory_counts_what_one_call_adds() -> None:
    settings = AttentionSettings(lengths=(256,), tokens=16_384, width=256, limit=60)
    peak = attention_memory.peak_on_cpu("transformer", "forward", 256, settings, torch.float32)
    x_bytes = 16_384 * 256 * 4
    assert 2 * x_bytes < peak < 12 * x_bytes  # queries, keys and values, their mix and the output


def test_an_allocation_that_fails_in_the_process_is_out_of_memory() -> None:
    with pytest.raises(MemoryError):
        attention_memory.peak_on_cpu("linear", "forward", 4, replace(SMALL, tokens=1 << 46), torch.float32)


def test_another_failure_of_the_process_is_not_hidden() -> None:
    with pytest.raises(FastsumError, match="measuring the memory of reformer failed"):
        attention_memory.peak_on_cpu("reformer", "forward", 4, SMALL, torch.float32)


def test_a_process_that_dies_of_memory_marks_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(name: str, *rest: Any) -> int:
        if name == "linear":
            raise MemoryError
        return 1_000

    monkeypatch.setattr(attention, "peak_on_cpu", no_memory)
    found = cells(replace(SMALL, memory=True))
    assert found["fastformer", "training", 4].peak == 1_000
    assert found["linear", "training", 4].status == "out of memory"


# --- results ----------------------------------------------------------------------------------------------------------


def test_the_floor_is_traffic_and_product() -> None:
    floor = next(measured.floor for measured in attention.measure(SMALL, CPU, torch.float32))
    assert floor is not None
    assert floor.traffic == pytest.approx(4 * 8 * 16 * 4 / floor.bandwidth)
    facts = Floor(2, bandwidth=100.0, traffic=1.0, product=2.0, sublayer=4.0).as_json()
    assert facts["floor_s"] == 3
    assert facts["floor_over_fastformer"] == 0.75
    assert facts["fastformer_over_product"] == 2


def test_an_encoder_has_no_floor() -> None:
    found = attention.measure(replace(SMALL, scope="encoder", layers=1), CPU, torch.float32)
    assert [measured.floor for measured in found] == [None, None]


def test_tables_mark_the_best_and_what_is_missing() -> None:
    def cell(name: str, length: int, status: attention.Status, seconds: float | None) -> AttentionCell:
        timing = Timing(seconds, seconds, seconds, 1) if seconds else None
        return AttentionCell(name, "forward", length, 1, status, timing)

    found = [
        Measured([cell("fastformer", 2, "ok", 0.001), cell("linear", 2, "single", 25.0)], None),
        Measured([cell("fastformer", 4, "out of memory", None), cell("linear", 4, "over time", None)], None),
    ]
    text = StringIO()
    Console(file=text, width=100).print(attention_results.as_tables({}, SMALL, found))
    rows = [line.split() for line in text.getvalue().splitlines()]
    assert ["fastformer", "*1.00", "OOM"] in rows
    assert ["linear", "~25,000", "slow"] in rows
    assert "memory" not in [row[1] for row in rows if row and row[0] == "forward:"]


def bench(output: Path, *arguments: str) -> Any:
    common = ["--device", "cpu", "--precision", "fp32", "--width", "16", "--heads", "2", "--rounds", "1"]
    return CliRunner().invoke(app, ["bench", "attention", *common, "--no-memory", "--output", str(output), *arguments])


def test_the_command_writes_json_and_plots(tmp_path: Path) -> None:
    result = bench(tmp_path, "--only", "linear", "--only", "fastformer", "--lengths", "4,2,4", "--tokens", "8")
    assert result.exit_code == 0, result.output
    assert "forward: ms per batch of 8 tokens" in result.stdout
    assert "4 tokens, training, linear: " in result.stderr
    written = json.loads((tmp_path / "attention-sublayer.json").read_text("utf-8"))
    assert set(written) == {"machine", "settings", "cells", "rivals", "floor"}
    assert {rival["fastest"] for rival in written["rivals"]} == {"linear"}
    assert written["machine"]["torch"] == torch.__version__
    assert written["settings"]["lengths"] == [2, 4]
    assert written["settings"]["precision"] == "float32"
    assert len(written["cells"]) == 8
    for cell in written["cells"]:
        assert list(cell) == [
            "mechanism", "pass", "length", "batch", "status", "median_s", "low_s", "high_s", "samples",
            "tokens_per_second", "peak_bytes",
        ]  # fmt: skip
    assert [floor["length"] for floor in written["floor"]] == [2, 4]
    assert "attention-sublayer-forward.png" in {path.name for path in tmp_path.iterdir()}


def test_without_matplotlib_a_note_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "fastsum.benchmark.plots", raising=False)
    monkeypatch.delattr("fastsum.benchmark.plots", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = bench(tmp_path, "--only", "linear", "--lengths", "2")
    assert result.exit_code == 0, result.output
    assert "pip install 'fastsum[plots]'" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["attention-sublayer.json"]


def test_what_was_measured_before_an_interruption_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(length: int) -> None:
        if length == 4:
            raise KeyboardInterrupt

    replace_linear(monkeypatch, at)
    assert bench(tmp_path, "--only", "linear", "--lengths", "2,4").exit_code == 130
    written = json.loads((tmp_path / "attention-sublayer.json").read_text("utf-8"))
    assert {cell["length"] for cell in written["cells"]} == {2}


@pytest.mark.parametrize("lengths", ["", "0,2", "two"])
def test_impossible_lengths_are_one_sentence(lengths: str, tmp_path: Path) -> None:
    result = bench(tmp_path, "--lengths", lengths)
    assert result.exit_code == 1
    assert "whole numbers above 0" in result.stderr


def test_widths_that_heads_do_not_divide_are_one_sentence(tmp_path: Path) -> None:
    result = bench(tmp_path, "--heads", "3", "--lengths", "2")
    assert result.exit_code == 1
    assert "does not split into 3 heads" in result.stderr


def test_news_shape_is_scaled_with_the_width() -> None:
    encoder = mechanisms.build("fastformer", replace(SMALL, scope="encoder", layers=1))
    assert encoder.layers[0].feedforward[0].out_features == 2 * SMALL.width
    assert ModelConfig().feedforward == 2 * ModelConfig().width


def test_the_fastest_rival_is_named_beside_fastformer() -> None:
    def cell(mechanism: str, work: str, took: float | None) -> AttentionCell:
        time = Timing(took, took, took, 1) if took else None
        return AttentionCell(mechanism, work, 512, 1, "ok" if took else "over time", time)

    cells = [
        cell("fastformer", "forward", 2.0),
        cell("fastformer-plain", "forward", 1.0),
        cell("linear", "forward", 3.0),
    ]
    cells += [cell("linformer", "forward", 5.0), cell("fastformer", "training", None), cell("linear", "training", 3.0)]
    assert attention_results.rivals(cells) == {("forward", 512): ("linear", 1.5)}


def test_what_fits_only_alone_is_sampled_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def timings(actions: dict[str, Any], *others: Any) -> dict[str, Timing]:
        if len(actions) > 1 or "large" in actions:
            raise torch.OutOfMemoryError("out of memory")
        return {name: Timing(1.0, 1.0, 1.0, 1) for name in actions}

    monkeypatch.setattr(attention, "timings", timings)
    found = attention._sample({"small": print, "large": print}, 1, CPU, {})
    assert found == {"small": Timing(1.0, 1.0, 1.0, 1)}
