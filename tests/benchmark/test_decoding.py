"""The benchmark of decoding: states filled at once are those of stepping; its times are not tested."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from typer.testing import CliRunner

from fastsum.attention import CausalAdditiveAttention, CausalSoftmaxAttention
from fastsum.benchmark import decoding as bench
from fastsum.benchmark.timing import Timing
from fastsum.cli.app import app
from fastsum.config import Config
from fastsum.model.batching import Documents
from fastsum.model.network import SummaryModel

CPU = torch.device("cpu")
SMALL = bench.DecodingSettings(lengths=(1, 130, 300), batch=2, rounds=1, preset="tiny", memory_tokens=7)


def tensors(state: Any) -> list[Tensor]:
    if isinstance(state, Tensor):
        return [state]
    return [tensor for part in state for tensor in tensors(part)] if isinstance(state, tuple) else []


def assert_equal_states(found: Any, expected: Any) -> None:
    pairs = list(zip(tensors(found), tensors(expected), strict=True))
    assert pairs
    for left, right in pairs:
        torch.testing.assert_close(left, right, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", [CausalAdditiveAttention, CausalSoftmaxAttention])
@torch.inference_mode()
def test_a_block_at_once_is_its_tokens_one_by_one(kind: Any) -> None:
    torch.manual_seed(0)
    attention = kind(8, 2).double()
    x_RTD = torch.randn(3, 45, 8, dtype=torch.float64)
    stepped = whole = attention.initial_state(3)
    outputs = []
    for x_RD in x_RTD.unbind(1):
        y_RD, stepped = attention.step(x_RD, stepped)
        outputs.append(y_RD)
    blocks = []
    for block in x_RTD.split([40, 5], dim=1):  # the second goes on where the first ended
        y_RTD, whole = bench.extend(attention, block, whole)
        blocks.append(y_RTD)
    torch.testing.assert_close(torch.cat(blocks, 1), torch.stack(outputs, 1), rtol=1e-9, atol=1e-12)
    assert_equal_states(whole, stepped)


@torch.inference_mode()
def test_a_step_in_place_gives_what_a_step_gives() -> None:
    torch.manual_seed(0)
    attention = CausalSoftmaxAttention(8, 2).double()
    x_RTD = torch.randn(3, 6, 8, dtype=torch.float64)
    _, before = bench.extend(attention, x_RTD[:, :5], attention.initial_state(3))
    expected, after = attention.step(x_RTD[:, 5], before)
    _, other = bench.extend(attention, torch.randn_like(x_RTD[:, :1]), before)
    torch.testing.assert_close(bench.step_in_place(attention, x_RTD[:, 5], other), expected)
    assert_equal_states(other, after)


@pytest.mark.parametrize("form", bench.FORMS["decoder"])
@torch.inference_mode()
def test_a_decoder_filled_at_once_is_one_that_wrote_word_by_word(form: str) -> None:
    torch.manual_seed(0)
    config = Config.load("tiny", (f"model.decoder_attention={form}", "model.decoder_layers=2")).model
    model = SummaryModel(config).double().eval()
    documents = Documents(torch.randint(4, 100, (1, 9)), torch.tensor([[9]]))
    memory = model.read(documents, torch.randn(1, 9, config.width).double(), torch.arange(9)[None])
    memory = memory.select(torch.zeros(2, dtype=torch.long))
    tokens_RT = torch.randint(4, 100, (2, 37))
    stepped = whole = model.start(2)
    for tokens_R in tokens_RT.unbind(1):
        _, stepped = model.step(tokens_R, memory, stepped)
    for block in tokens_RT.split([30, 7], dim=1):
        whole = bench.extend_decoder(model, block, memory, whole)
    assert whole.position == stepped.position == 37
    assert_equal_states(whole, stepped)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_states_have_the_length_and_the_size_that_is_reported(
    dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    step = CausalSoftmaxAttention.step

    def spy(self: CausalSoftmaxAttention, x_BD: Tensor, state: Any) -> Any:
        steps.append(state.keys_BHTE.shape[2])
        return step(self, x_BD, state)

    monkeypatch.setattr(CausalSoftmaxAttention, "step", spy)
    scopes = list(bench.measure(SMALL, CPU, dtype))
    assert set(steps) == {1, 130, 300}  # steps that are timed leave the state as long as it was
    config = Config.load("tiny").model
    for cells in scopes:
        assert [(cell.form, cell.written) for cell in cells] == [
            (form, written) for form in bench.FORMS[cells[0].scope] for written in SMALL.lengths
        ]
        layers = 1 if cells[0].scope == "layer" else config.decoder_layers
        own = {(cell.form, cell.written): cell.state_bytes for cell in cells}
        for written in SMALL.lengths:
            cached = 2 * SMALL.batch * written * config.width * (2 if dtype == torch.bfloat16 else 4)
            assert own["softmax", written] == layers * cached
            sums = 2 * SMALL.batch * (config.width + 2 * config.heads) * 4  # float32 in any precision
            assert own["fastformer", written] == layers * sums


def test_growth_is_counted_from_128_tokens_against_its_target() -> None:
    def cell(form: str, written: int, seconds: float, size: int) -> bench.StepCell:
        return bench.StepCell("layer", form, written, Timing(seconds, seconds, seconds, 1), size)

    cells = [cell("fastformer", 1, 1.0, 10), cell("fastformer", 128, 2.0, 10), cell("fastformer", 512, 2.6, 10)]
    cells += [cell("softmax", 1, 1.0, 10), cell("softmax", 128, 2.0, 1_280), cell("softmax", 512, 9.0, 5_120)]
    figures = {figure.name: figure for figure in bench.growth(cells)}
    assert [(round(figure.value, 9), figure.met) for figure in figures.values()] == [
        (1.3, False), (1.0, True), (4.5, None), (4.0, None)
    ]  # fmt: skip
    assert next(iter(figures)) == "layer, fastformer: time at 512 / 128 tokens"
    larger = [*cells[:2], cell("fastformer", 512, 2.0, 11)]
    assert [figure.met for figure in bench.growth(larger)] == [True, False]


@pytest.mark.parametrize(("longest", "tables"), [(64, ["tokens written"]), (512, ["tokens written", "growth"])])
def test_growth_has_a_table_only_if_it_was_measured(longest: int, tables: list[str]) -> None:
    cells = [
        bench.StepCell("layer", form, written, Timing(1.0, 1.0, 1.0, 1), 10)
        for form in bench.FORMS["layer"]
        for written in (1, longest // 2, longest)
    ]
    assert [table.columns[0].header for table in bench.as_tables({}, cells)] == tables


def test_the_command_writes_what_it_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = bench.DecodingSettings
    monkeypatch.setattr(bench, "DecodingSettings", lambda *given: replace(made(*given), preset="tiny"))
    options = ["--lengths", "3,128,160", "--batch", "2", "--rounds", "1", "--device", "cpu", "--precision", "fp32"]
    result = CliRunner().invoke(app, ["bench", "decoding", *options, "--output", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "new" / "decoding.json").read_text("utf-8"))
    assert found["machine"]["torch"] == torch.__version__
    assert found["settings"]["batch"] == 2
    assert found["settings"]["precision"] == "float32"
    assert [(cell["scope"], cell["form"], cell["written"]) for cell in found["cells"]] == [
        (scope, form, written) for scope in bench.FORMS for form in bench.FORMS[scope] for written in (3, 128, 160)
    ]
    for cell in found["cells"]:
        assert 0 < cell["low_s"] <= cell["median_s"] <= cell["high_s"]
        assert cell["samples"] == 1
    growth = {figure["name"]: figure for figure in found["growth"]}
    assert growth["layer, fastformer: memory at 160 / 128 tokens"]["met"] is True
    assert growth["decoder, fastformer: time at 160 / 128 tokens"]["most"] == 1.2
    assert growth["decoder, softmax: memory at 160 / 128 tokens"]["value"] == 1.25
    assert "tokens written" in result.stdout
    assert "fastsum: layer, fastformer, 3 tokens" in result.stderr
    quiet = CliRunner().invoke(app, ["bench", "decoding", "-q", *options, "--output", str(tmp_path / "new")])
    assert (quiet.exit_code, quiet.stderr) == (0, "")
    assert "tokens written" in quiet.stdout
