"""Linear attention against its paper's equations, written out pair by pair in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from fastsum.attention.linear import LinearAttention
from fastsum.errors import FastsumError
from tests.attention import attention_cases as cases
from tests.attention.test_attention import CHANNELS, HEADS, LENGTHS, WIDTH, layer_of, ragged, relative


def phi(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, x.exp() - 1) + 1


def linear_by_loop(layer: nn.Module, tokens: Tensor) -> Tensor:
    """Equation 4 for one document (N, D): every query against every key."""
    q, k, v = layer.query(tokens), layer.key(tokens), layer.value(tokens)
    outputs = []
    for i in range(len(tokens)):
        parts = []
        for head in range(HEADS):
            own = slice(head * CHANNELS, (head + 1) * CHANNELS)
            similarities = [phi(q[i, own]) @ phi(k[j, own]) for j in range(len(tokens))]
            parts.append(sum(s * v[j, own] for j, s in enumerate(similarities)) / sum(similarities))
        outputs.append(layer.output(torch.cat(parts)))
    return torch.stack(outputs)


def test_linear_follows_the_equations() -> None:
    layer = layer_of(LinearAttention)
    x_BND, mask_BN = ragged()
    y_BND = layer(x_BND, mask_BN)
    for row, length in enumerate(LENGTHS):
        if length:
            assert relative(y_BND[row, :length], linear_by_loop(layer, x_BND[row, :length])) < 1e-12
    assert relative(layer(x_BND)[0], linear_by_loop(layer, x_BND[0])) < 1e-12


def test_linear_gradients_follow_the_equations() -> None:
    layer = layer_of(LinearAttention)
    x_BND, mask_BN = ragged((6, 3))
    x_BND.requires_grad_()
    leaves = [x_BND, *layer.parameters()]
    found = torch.autograd.grad(layer(x_BND, mask_BN)[mask_BN].square().sum(), leaves)
    loss = sum(linear_by_loop(layer, x_BND[row, :n]).square().sum() for row, n in enumerate((6, 3)))
    for a, b in zip(found, torch.autograd.grad(loss, leaves), strict=True):
        assert b.abs().max() > 0
        assert relative(a, b) < 1e-11


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_padding_has_no_influence(dtype: torch.dtype) -> None:
    layer = layer_of(LinearAttention).to(dtype)
    x_BND, mask_BN = ragged()
    x_BND = x_BND.to(dtype).requires_grad_()
    y_BND = layer(x_BND, mask_BN)
    louder_y_BND = layer(torch.where(mask_BN[..., None], x_BND, 1e4 * x_BND), mask_BN)
    assert torch.equal(louder_y_BND[mask_BN], y_BND[mask_BN])
    assert louder_y_BND.isfinite().all()
    gradient_BND = torch.autograd.grad(y_BND[mask_BN].square().sum(), x_BND)[0]
    assert (gradient_BND[~mask_BN] == 0).all()


def test_a_document_alone_is_the_document_in_a_batch() -> None:
    layer = layer_of(LinearAttention)
    lengths = (70, 33, 5, 1)
    x_BND, mask_BN = ragged(lengths)
    y_BND = layer(x_BND, mask_BN)
    for row, length in enumerate(lengths):
        assert relative(layer(x_BND[row : row + 1, :length])[0], y_BND[row, :length]) < 1e-12


def test_documents_without_tokens() -> None:
    layer = layer_of(LinearAttention)
    x_BND, mask_BN = ragged((0, 4, 0))
    x_BND.requires_grad_()
    y_BND = layer(x_BND, mask_BN)
    assert torch.equal(y_BND[0], layer.output.bias.expand(4, -1))
    for gradient in torch.autograd.grad(y_BND.square().sum(), [x_BND, *layer.parameters()]):
        assert gradient.isfinite().all()
    assert layer(x_BND[:, :0], mask_BN[:, :0]).shape == (3, 0, WIDTH)


@pytest.mark.parametrize("name", ["query", "key"])
def test_features_that_vanish_give_no_nan(name: str) -> None:
    """In float32 elu(-40) + 1 is zero: no query or no key has any weight left."""
    layer = layer_of(LinearAttention).float()
    with torch.no_grad():
        getattr(layer, name).bias.fill_(-40.0)
    x_BND = ragged((6, 6))[0].float().requires_grad_()
    y_BND = layer(x_BND)
    assert torch.equal(y_BND, layer.output.bias.expand_as(y_BND))
    for gradient in torch.autograd.grad(y_BND.square().sum(), [x_BND, *layer.parameters()], allow_unused=True):
        assert gradient is None or gradient.isfinite().all()


def test_bf16_autocast_sums_many_tokens() -> None:
    torch.manual_seed(0)
    layer = LinearAttention(32, 4)
    x_BND, mask_BN = ragged((5000, 2000), width=32)
    x_BND = x_BND.float()
    exact = layer(x_BND, mask_BN)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = layer(x_BND, mask_BN)
    assert rounded.dtype == torch.bfloat16
    assert (rounded[mask_BN].float() - exact[mask_BN]).abs().max() < 0.03 * exact[mask_BN].abs().max()


def test_memory_is_linear_in_the_length() -> None:
    cases.check_linear(layer_of(LinearAttention))
    cases.check_long(LinearAttention(8, 2))


def test_impossible_heads_are_refused() -> None:
    with pytest.raises(FastsumError, match="width 24 .* 5 heads"):
        LinearAttention(24, 5)
