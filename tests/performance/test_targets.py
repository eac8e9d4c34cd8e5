"""The benchmark's arithmetic and structure; its times are not tested."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from fastsum.benchmark import timing
from fastsum.config import Config
from fastsum.model.network import SummaryModel
from tests.performance import targets
from tests.performance.targets import Product, ProductLog, Sizes

CPU = torch.device("cpu")
SMALL = Sizes(1, (60,), (9.0,), (128, 256), "tiny", 1_200, (16,), (8,))


@pytest.fixture
def tiny_step() -> Callable[[], None]:
    config = Config.load("tiny", ("model.vocabulary_size=500", "model.output_vocabulary_size=300"))
    model = SummaryModel(config.model).train()
    return targets.training_step(model, config, targets.news_batch(config, 1_200, CPU), torch.float32)


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


def test_operations_of_a_step_agree_with_torchs_counter(tiny_step: Callable[[], None]) -> None:
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
        targets.replay_products(products, CPU, torch.float32)()
    assert log.products == products


def test_rates_of_training_count_the_same_operations() -> None:
    found = {figure.name: figure.value for figure in targets.training(SMALL, CPU, torch.float32)}
    ratio = found["rate of the step"] / found["rate of the products alone"]
    assert found["step / products"] == pytest.approx(ratio)
    seconds = found["step of 1,200 tokens"]
    assert found["rate of the step"] == pytest.approx(found["matrix products of a step"] / seconds)


def test_the_synthetic_batch_fills_its_tokens() -> None:
    batch = targets.news_batch(Config.load("tiny"), 1_200, CPU)
    assert batch.documents.tokens_BN.shape == (2, 600)
    assert batch.documents.mask_BN.all()
    assert batch.writing.counted_JT.shape == (7, 17)  # sentences and their end


def run(*arguments: str) -> None:
    targets.main(["--quick", "--device", "cpu", *arguments])


def test_all_parts_are_measured_and_written(
    tiny_checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    commands: list[tuple[str, ...]] = []

    def python(*arguments: str) -> str:
        commands.append(arguments)
        return "1.5"

    monkeypatch.setattr(targets, "_python", python)
    monkeypatch.setattr(targets, "QUICK", SMALL)
    monkeypatch.setattr(timing, "SAMPLE_SECONDS", 0.0)
    run("--model", str(tiny_checkpoint), "--output", str(tmp_path / "new"))
    results = json.loads((tmp_path / "new" / "targets.json").read_text("utf-8"))
    assert set(results) == {"machine", *targets.PARTS}
    assert results["machine"]["torch"] == torch.__version__
    values = {part: {figure["name"]: figure for figure in results[part]} for part in targets.PARTS}
    whole, bare = (values["startup"][name]["value"] for name in ("summarize story.txt", "import torch"))
    assert values["startup"]["summarize / import torch"]["value"] == pytest.approx(whole / bare)
    short, long = (values["length"][f"{size} tokens"]["value"] for size in SMALL.lengths)
    assert values["length"]["256 / 128 tokens"]["value"] == pytest.approx(long / short)
    assert values["length"]["peak memory at 256 tokens"]["met"] is False  # 1.5 GB
    assert len(values["attention"]) == 3
    assert (
        sum("summarize" in arguments for arguments in commands) == sum("import torch" in a for a in commands) + 1 == 4
    )
    shown = capsys.readouterr()
    assert "step / products" in shown.out
    assert "startup: summarize / import torch " in shown.err


def test_the_forms_targets_hold_for_wide_layers_and_long_documents_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def medians(actions: dict[str, object], rounds: int, device: torch.device) -> dict[str, float]:
        asked.append(rounds)
        return {"plain": 3.0, "collapsed": 1.5, "product": 1.0}

    monkeypatch.setattr(targets, "medians", medians)
    sizes = Sizes(rounds=1, widths=(8, 512), attention_lengths=(128, 2_048, 4_096, 16_384))
    found = {figure.name: figure for figure in targets.attention(sizes, CPU, torch.float32)}
    assert all(figure.met is None for name, figure in found.items() if name.startswith("width 8,"))
    wide = {name.removeprefix("width 512, "): figure for name, figure in found.items() if name.startswith("width 512")}
    assert {name: figure.met for name, figure in wide.items() if figure.met is not None} == {
        "2,048 tokens, forward: plain / collapsed": False,
        "4,096 tokens, forward: plain / collapsed": False,
        "4,096 tokens, training: plain / collapsed": True,
        "16,384 tokens, forward: plain / collapsed": False,
        "16,384 tokens, forward: collapsed / product": False,
        "16,384 tokens, training: plain / collapsed": True,
    }


def test_a_missing_checkpoint_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("--only", "length", "--model", str(tmp_path / "none"), "--output", str(tmp_path))
    assert stopped.value.code == 1
    assert capsys.readouterr().err.startswith(f"fastsum: error: {tmp_path / 'none'}: no such checkpoint")
    assert not (tmp_path / "targets.json").exists()
