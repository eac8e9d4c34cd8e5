"""How a mechanism is added: this module is one, with its `from_config`, and is registered and trained by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from fastsum import FastsumError, Summarizer
from fastsum.attention import encoder_attention
from fastsum.config import ATTENTIONS, Config, ModelConfig
from fastsum.data.rows import open_rows
from fastsum.model import checkpoint
from fastsum.training import experiment
from fastsum.training.distributed import ProcessGroup
from fastsum.training.monitor import Monitor

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


class MeanAttention(nn.Module):
    """Every token reads the mean of its document."""

    def __init__(self, width: int, layer: int) -> None:
        super().__init__()
        self.layer = layer
        self.output = nn.Linear(width, width)

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        real_BN1 = torch.ones_like(x_BND[..., :1]) if mask_BN is None else mask_BN[..., None].to(x_BND.dtype)
        mean_B1D = (x_BND * real_BN1).sum(1, keepdim=True) / real_BN1.sum(1, keepdim=True).clamp_min(1)
        return self.output(mean_B1D.expand_as(x_BND))


def from_config(config: ModelConfig, layer: int) -> MeanAttention:
    return MeanAttention(config.width, layer)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ATTENTIONS, "mean", __name__)


def tiny(attention: str) -> Config:
    shape = "vocabulary_size=300 output_vocabulary_size=100 width=16 heads=2 feedforward=16 encoder_layers=2"
    settings = [f"model.{setting}" for setting in shape.split()]
    return Config.load("tiny", (*settings, f"model.attention={attention}", "training.steps=2"))


@pytest.mark.usefixtures("registered")
def test_a_registered_mechanism_is_built_by_its_name() -> None:
    layer = encoder_attention(tiny("mean").model, 1)
    assert isinstance(layer, MeanAttention)
    assert layer.layer == 1


@pytest.mark.usefixtures("registered")
def test_a_registered_mechanism_trains_and_summarizes(tmp_path: Path) -> None:
    config = tiny("mean")
    with Monitor(config.training.steps, tmp_path, quiet=True) as monitor:
        experiment.train(
            config, lambda split: open_rows(str(SAMPLES / "rows"), split), tmp_path / "run",
            monitor=monitor, group=ProcessGroup(), device="cpu", cache=tmp_path / "cache",
        )  # fmt: skip
    weights = checkpoint.load(tmp_path / "run" / "best").weights
    assert "encoder.layers.0.attention.output.weight" in weights
    summarizer = Summarizer.load(tmp_path / "run" / "best", device="cpu")
    assert summarizer.summarize((SAMPLES / "story.txt").read_text("utf-8")).sentences


def test_an_unregistered_mechanism_is_refused_with_the_registered_ones() -> None:
    with pytest.raises(FastsumError, match=f"must be one of {', '.join(ATTENTIONS)}, not 'mean'"):
        tiny("mean")


@pytest.mark.parametrize("name", ATTENTIONS)
def test_each_mechanism_is_a_module_of_its_own(name: str) -> None:
    layer = encoder_attention(tiny(name).model)
    x_BND = torch.randn(2, 12, 16)
    assert layer(x_BND, torch.ones(2, 12, dtype=torch.bool)).shape == x_BND.shape
