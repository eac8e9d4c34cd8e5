"""The parts of a layer that are trained on a CPU by functions of their own: what the modules compute, and gradients."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from fastsum.config import ModelConfig
from fastsum.model import layers, sublayers
from fastsum.model.dropout import Drawn, Dropout
from fastsum.model.layers import EncoderLayer, FeedForward
from fastsum.model.sublayers import Drops, norm_and_convolution, residual_feedforward


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sublayers, "BLOCK_TOKENS", 4)


def some_layer(dropout: float = 0.0) -> EncoderLayer:
    torch.manual_seed(0)
    config = ModelConfig(width=8, heads=2, feedforward=12, dropout=dropout, convolution=5)
    layer = EncoderLayer(config, 0).double().train()
    for parameter in layer.parameters():  # norms start as ones and zeros, which hide mistakes
        nn.init.normal_(parameter, std=0.5)
    return layer


def gradients(layer: EncoderLayer, output: Tensor, *inputs: Tensor) -> list[Tensor]:
    weights = torch.arange(output.numel(), dtype=output.dtype).sin().view_as(output)
    used = [p for name, p in layer.named_parameters() if not name.startswith("attention.")]
    found = torch.autograd.grad(output, [*inputs, *used], weights, allow_unused=True)
    return [gradient for gradient in found if gradient is not None]


@pytest.mark.parametrize("lengths", [None, [9, 4, 1], [9, 9, 9]])
def test_what_comes_before_the_attention_is_what_the_modules_compute(
    monkeypatch: pytest.MonkeyPatch, lengths: list[int] | None
) -> None:
    layer = some_layer()
    mask = None if lengths is None else torch.arange(9) < torch.tensor(lengths)[:, None]
    real = torch.ones(3, 9, 1, dtype=torch.float64) if mask is None else mask.unsqueeze(-1).double()
    x = torch.randn(3, 9, 8, dtype=torch.float64, requires_grad=True)
    fused = layer.before_attention(x, mask) * real
    monkeypatch.setattr(layers, "fuses", lambda module, x: False)
    plain = layer.before_attention(x, mask) * real
    torch.testing.assert_close(fused, plain)
    for a, b in zip(gradients(layer, fused, x), gradients(layer, plain, x), strict=True):
        torch.testing.assert_close(a, b)


def test_what_comes_after_the_attention_is_what_the_modules_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = some_layer()
    x, y = (torch.randn(3, 5, 8, dtype=torch.float64, requires_grad=True) for _ in range(2))
    fused = layer.after_attention(x, y)
    monkeypatch.setattr(layers, "fuses", lambda module, x: False)
    plain = layer.after_attention(x, y)
    torch.testing.assert_close(fused, plain)
    for a, b in zip(gradients(layer, fused, x, y), gradients(layer, plain, x, y), strict=True):
        torch.testing.assert_close(a, b)


def some_drops() -> Drops:
    torch.manual_seed(1)
    drops = (Dropout(0.4).draw(torch.Size((2, 3, 4))), Dropout(0.3).draw(torch.Size((2, 3, 6)), marks_dropped=True))
    return Drops(*drops, Dropout(0.2).draw(torch.Size((2, 3, 4))))


def given(kept: Drawn, marks_dropped: bool = False) -> nn.Module:
    """Dropout that keeps what was drawn."""

    class Given(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x * (1 - kept.mask if marks_dropped else kept.mask) * kept.scale

    return Given()


def test_dropout_is_at_its_three_places() -> None:
    torch.manual_seed(0)
    norm, first, second = nn.LayerNorm(4).double(), nn.Linear(4, 6).double(), nn.Linear(6, 4).double()
    x, y = (torch.randn(2, 3, 4, dtype=torch.float64, requires_grad=True) for _ in range(2))
    drops = some_drops()
    r = x + given(drops.attention_ND)(y)
    h = given(drops.hidden_NF, marks_dropped=True)(nn.functional.gelu(first(norm(r))))
    expected = r + given(drops.output_ND)(second(h))
    found = residual_feedforward(x, y, norm, first, second, drops)
    torch.testing.assert_close(found, expected)
    inputs = [x, y, *norm.parameters(), *first.parameters(), *second.parameters()]
    g = torch.randn_like(x)
    for a, b in zip(torch.autograd.grad(found, inputs, g), torch.autograd.grad(expected, inputs, g), strict=True):
        torch.testing.assert_close(a, b)


def test_gradients_after_the_attention_are_those_of_small_differences() -> None:
    torch.manual_seed(0)
    norm, first, second = nn.LayerNorm(4).double(), nn.Linear(4, 6).double(), nn.Linear(6, 4).double()
    x, y = (torch.randn(2, 3, 4, dtype=torch.float64, requires_grad=True) for _ in range(2))
    drops = some_drops()
    parameters = [*norm.parameters(), *first.parameters(), *second.parameters()]
    assert torch.autograd.gradcheck(
        lambda x, y, *_: residual_feedforward(x, y, norm, first, second, drops), (x, y, *parameters)
    )


@pytest.mark.parametrize("tokens", [1, 2, 7])
def test_gradients_before_the_attention_are_those_of_small_differences(tokens: int) -> None:
    torch.manual_seed(0)
    norm, convolution = nn.LayerNorm(3).double(), nn.Conv2d(3, 3, (1, 5), padding=(0, 2), groups=3).double()
    x = torch.randn(2, tokens, 3, dtype=torch.float64, requires_grad=True)
    mask = torch.arange(tokens) < torch.tensor([tokens, tokens - 1])[:, None]
    parameters = [*norm.parameters(), *convolution.parameters()]
    assert torch.autograd.gradcheck(lambda x, *_: norm_and_convolution(x, norm, convolution, mask), (x, *parameters))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_is_dropped_inside_has_no_part_in_it(dtype: torch.dtype) -> None:
    """GELU and its derivative are zero at what is added to a dropped element, whatever the element was."""
    for value in (-50.0, 0.0, 50.0):
        a = torch.full((300,), value + sublayers._GELU_IS_ZERO, dtype=dtype, requires_grad=True)
        h = nn.functional.gelu(a)
        assert not h.any()
        assert not torch.autograd.grad(h.sum(), a)[0].any()


def test_under_autocast_only_the_products_are_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = some_layer().float()
    torch.manual_seed(0)
    x, y = (torch.randn(3, 5, 8, requires_grad=True) for _ in range(2))
    exact = layer.after_attention(x, y)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = layer.after_attention(x, y.bfloat16())
    assert rounded.dtype == torch.float32
    torch.testing.assert_close(rounded, exact, rtol=0.03, atol=0.1)
    for a, b in zip(gradients(layer, rounded, x, y), gradients(layer, exact, x, y), strict=True):
        assert a.dtype == torch.float32
        assert float(nn.functional.cosine_similarity(a.flatten(), b.flatten(), dim=0)) > 0.99


@pytest.mark.parametrize("center", [0.3, 0.0])
def test_under_autocast_what_comes_before_the_attention_has_its_type(center: float) -> None:
    layer = some_layer().float()
    assert layer.convolution is not None
    with torch.no_grad():
        layer.convolution.convolution.weight[..., 2] = center
    mask = torch.arange(9) < torch.tensor([9, 4, 1])[:, None]
    x = torch.randn(3, 9, 8, requires_grad=True)
    real = mask.unsqueeze(-1).float()
    exact = layer.before_attention(x, mask) * real
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = layer.before_attention(x, mask)
    assert rounded.dtype == torch.bfloat16
    rounded = rounded.float() * real
    torch.testing.assert_close(rounded, exact, rtol=0.02, atol=0.03)
    for a, b in zip(gradients(layer, rounded, x), gradients(layer, exact, x), strict=True):
        assert a.dtype == torch.float32
        assert float(nn.functional.cosine_similarity(a.flatten(), b.flatten(), dim=0)) > 0.999


def test_summarizing_and_frozen_modules_use_the_modules() -> None:
    layer, x = FeedForward(8, 12, 0.1), torch.randn(2, 3, 8)
    assert sublayers.fuses(layer, x)
    assert not sublayers.fuses(layer.eval(), x)
    with torch.no_grad():
        assert not sublayers.fuses(layer.train(), x)


def test_dropout_is_drawn_again_for_every_call_and_place() -> None:
    layer = some_layer(dropout=0.5)
    x, y = torch.zeros(40, 5, 8, dtype=torch.float64), torch.ones(40, 5, 8, dtype=torch.float64)
    nn.init.zeros_(layer.feedforward[3].weight)  # type: ignore[arg-type]
    nn.init.zeros_(layer.feedforward[3].bias)  # type: ignore[arg-type]
    outputs = [layer.after_attention(x, y) for _ in range(3)]
    for output in outputs:
        assert sorted(set(output.detach().flatten().tolist())) == pytest.approx([0.0, 2.0])
    assert all(not torch.equal(a, b) for a, b in pairwise(outputs))
