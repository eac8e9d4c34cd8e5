"""The benchmark's arithmetic and structure; its times are not tested."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from fastsum import benchmark
from fastsum.benchmark import Figure, Product, ProductLog, Sizes
from fastsum.checkpoint import load
from fastsum.config import Config
from fastsum.model import SummaryModel
from fastsum.source import read_source

CPU = torch.device("cpu")
SMALL = Sizes(1, (128, 256), "tiny", 1_200, (16,), (8,))


@pytest.fixture
def tiny_step() -> benchmark.Callable[[], None]:
    config = Config.load("tiny", ("model.vocabulary_size=500", "model.output_vocabulary_size=300"))
    model = SummaryModel(config.model).train()
    return benchmark.training_step(model, config, benchmark.news_batch(config, 1_200, CPU), torch.float32)


def test_a_target_is_met_up_to_its_bound() -> None:
    assert Figure("x", 2.0, most=2.0).met is True
    assert Figure("x", 2.1, most=2.0).met is False
    assert Figure("x", 0.49, least=0.5).met is False
    assert Figure("x", 0.49).met is None


def test_actions_are_timed_in_turn_and_every_other_round_backwards() -> None:
    calls: list[str] = []
    found = benchmark.medians({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2, CPU)
    assert calls == ["a", "b", "a", "b", "b", "a"]
    assert all(seconds >= 0 for seconds in found.values())


def test_products_are_logged_with_their_shapes_forward_and_backward() -> None:
    layer = torch.nn.Linear(3, 5)
    x = torch.randn(4, 3, requires_grad=True)
    with ProductLog() as log:
        layer(x).sum().backward()
        torch.bmm(torch.randn(2, 3, 4), torch.randn(2, 4, 5))
    assert log.products == {
        Product(1, 4, 3, 5): 1,  # forward
        Product(1, 4, 5, 3): 1,  # the gradient of x
        Product(1, 5, 4, 3): 1,  # the gradient of the weight
        Product(2, 3, 4, 5): 1,
    }


def test_operations_of_a_step_agree_with_torchs_counter(tiny_step: benchmark.Callable[[], None]) -> None:
    with ProductLog() as log:
        tiny_step()
    with FlopCounterMode(display=False) as counter:
        tiny_step()
    counts = counter.get_flop_counts()["Global"]
    products = {"mm", "addmm", "bmm", "baddbmm"}
    expected = sum(flops for op, flops in counts.items() if op.__name__ in products)
    assert sum(product.flops * count for product, count in log.products.items()) == expected > 0


def test_the_replay_makes_the_same_products() -> None:
    products = Counter({Product(1, 4, 3, 5): 2, Product(2, 3, 4, 5): 1})
    with ProductLog() as log:
        benchmark.replay_products(products, CPU, torch.float32)()
    assert log.products == products


def test_rates_of_training_count_the_same_operations() -> None:
    found = {figure.name: figure.value for figure in benchmark.training(SMALL, CPU, torch.float32)}
    ratio = found["rate of the step"] / found["rate of the products alone"]
    assert found["step / products"] == pytest.approx(ratio)
    seconds = found["step of 1,200 tokens"]
    assert found["rate of the step"] == pytest.approx(found["matrix products of a step"] / seconds)


def test_the_synthetic_batch_fills_its_tokens() -> None:
    batch = benchmark.news_batch(Config.load("tiny"), 1_200, CPU)
    assert batch.documents.tokens_BN.shape == (2, 600)
    assert batch.documents.mask_BN.all()
    assert batch.writing.counted_JT.shape == (7, 17)  # sentences and their end


def test_long_texts_have_about_the_tokens_asked_for(tiny_checkpoint: Path) -> None:
    tokenizer = load(tiny_checkpoint).tokenizer
    text = benchmark.long_text(2_000, tokenizer)
    assert 1_900 <= sum(read_source(text, tokenizer).lengths) <= 2_200
    assert text == benchmark.long_text(2_000, tokenizer)


def test_all_parts_are_measured_and_written(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[tuple[str, ...]] = []

    def python(*arguments: str) -> str:
        commands.append(arguments)
        return "1.5"

    monkeypatch.setattr(benchmark, "_python", python)
    monkeypatch.setattr(benchmark, "QUICK", SMALL)
    output = tmp_path / "new" / "results.json"
    assert benchmark.main(["--quick", "--model", str(tiny_checkpoint), "--device", "cpu", "--output", str(output)]) == 0
    results = json.loads(output.read_text("utf-8"))
    assert set(results) == {"machine", *benchmark.PARTS}
    assert results["machine"]["torch"] == torch.__version__
    values = {part: {figure["name"]: figure for figure in results[part]} for part in benchmark.PARTS}
    whole, bare = (values["startup"][name]["value"] for name in ("summarize story.txt", "import torch"))
    assert values["startup"]["summarize / import torch"]["value"] == pytest.approx(whole / bare)
    short, long = (values["length"][f"{size} tokens"]["value"] for size in SMALL.lengths)
    assert values["length"]["256 / 128 tokens"]["value"] == pytest.approx(long / short)
    assert values["length"]["peak memory at 256 tokens"]["met"] is True
    assert len(values["attention"]) == 2
    assert sum("summarize" in arguments for arguments in commands) == sum("import torch" in a for a in commands) == 2
    assert "step / products" in capsys.readouterr().out


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        benchmark.main(["--only", "startup,speed"])
    assert "unknown part speed" in capsys.readouterr().err


def test_a_missing_checkpoint_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--only", "length", "--model", str(tmp_path / "none"), "--output", str(tmp_path / "results.json")]
    assert benchmark.main(arguments) == 1
    assert "no such checkpoint" in capsys.readouterr().err
    assert not (tmp_path / "results.json").exists()
