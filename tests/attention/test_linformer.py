"""Linformer attention against its paper's equation, written out in float64 in the paper's order of products."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from fastsum.attention.linformer import LinformerAttention
from fastsum.errors import FastsumError
from tests.attention import attention_cases as cases
from tests.attention.test_attention import CHANNELS, HEADS, WIDTH, layer_of, ragged, relative

POSITIONS = 10
WITHIN = (7, 1, 0, 10, 5)
BEYOND = (23, 10, 0, 11, 4, 30)


def small_layer(seed: int = 1) -> LinformerAttention:
    return layer_of(LinformerAttention, seed, size=3, positions=POSITIONS)


def linformer_by_loop(layer: nn.Module, tokens: Tensor) -> Tensor:
    """Equation 7 for one document (n, D): all keys and values first, then projected to three of each."""
    n = len(tokens)
    q, k, v = (tokens @ part.weight.T + part.bias for part in (layer.query, layer.key, layer.value))
    if n <= POSITIONS:
        rows = [layer.projection[i] for i in range(n)]
    else:
        rows = [layer.projection[math.floor(i * POSITIONS / n + 1e-9)] * POSITIONS / n for i in range(n)]
    k = torch.stack([sum(rows[i][slot] * k[i] for i in range(n)) for slot in range(3)])
    v = torch.stack([sum(rows[i][slot] * v[i] for i in range(n)) for slot in range(3)])
    parts = []
    for head in range(HEADS):
        own = slice(head * CHANNELS, (head + 1) * CHANNELS)
        exponentials = (q[:, own] @ k[:, own].T / math.sqrt(CHANNELS)).exp()
        parts.append(exponentials / exponentials.sum(-1, keepdim=True) @ v[:, own])
    return layer.output(torch.cat(parts, dim=-1))


@pytest.mark.parametrize("lengths", [WITHIN, BEYOND])
def test_linformer_follows_the_equation(lengths: tuple[int, ...]) -> None:
    layer = small_layer()
    x_BND, mask_BN = ragged(lengths)
    y_BND = layer(x_BND, mask_BN)
    for row, length in enumerate(lengths):
        if length:
            assert relative(y_BND[row, :length], linformer_by_loop(layer, x_BND[row, :length])) < 1e-12
    assert relative(layer(x_BND)[0], linformer_by_loop(layer, x_BND[0])) < 1e-12


@pytest.mark.parametrize("lengths", [(6, 3), (13, 3)])
def test_linformer_gradients_follow_the_equation(lengths: tuple[int, ...]) -> None:
    layer = small_layer()
    x_BND, mask_BN = ragged(lengths)
    x_BND.requires_grad_()
    leaves = [x_BND, *layer.parameters()]
    found = torch.autograd.grad(layer(x_BND, mask_BN)[mask_BN].square().sum(), leaves)
    loss = sum(linformer_by_loop(layer, x_BND[row, :n]).square().sum() for row, n in enumerate(lengths))
    for a, b in zip(found, torch.autograd.grad(loss, leaves), strict=True):
        assert b.abs().max() > 0
        assert relative(a, b) < 1e-11


def test_a_stretched_document_reads_as_the_document() -> None:
    """Beyond the learned positions a row reads the mean of its neighbours: each token three times changes nothing."""
    layer = small_layer()
    x_BND, _ = ragged((POSITIONS, POSITIONS))
    stretched_BND = x_BND.repeat_interleave(3, dim=1)
    assert relative(layer(stretched_BND), layer(x_BND).repeat_interleave(3, dim=1)) < 1e-12


@pytest.mark.parametrize("lengths", [WITHIN, BEYOND])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_padding_has_no_influence(lengths: tuple[int, ...], dtype: torch.dtype) -> None:
    layer = small_layer().to(dtype)
    x_BND, mask_BN = ragged(lengths)
    x_BND = x_BND.to(dtype).requires_grad_()
    y_BND = layer(x_BND, mask_BN)
    louder_y_BND = layer(torch.where(mask_BN[..., None], x_BND, 1e4 * x_BND), mask_BN)
    assert torch.equal(louder_y_BND[mask_BN], y_BND[mask_BN])
    assert louder_y_BND.isfinite().all()
    gradient_BND = torch.autograd.grad(y_BND[mask_BN].square().sum(), x_BND)[0]
    assert (gradient_BND[~mask_BN] == 0).all()


@pytest.mark.parametrize("lengths", [WITHIN, BEYOND])
def test_a_document_alone_is_the_document_in_a_batch(lengths: tuple[int, ...]) -> None:
    layer = small_layer()
    x_BND, mask_BN = ragged(lengths)
    y_BND = layer(x_BND, mask_BN)
    for row, length in enumerate(lengths):
        if length:
            assert relative(layer(x_BND[row : row + 1, :length])[0], y_BND[row, :length]) < 1e-12


@pytest.mark.parametrize("length", [4, POSITIONS + 4])
def test_documents_without_tokens(length: int) -> None:
    layer = small_layer()
    x_BND, mask_BN = ragged((0, length, 0))
    x_BND.requires_grad_()
    y_BND = layer(x_BND, mask_BN)
    assert torch.equal(y_BND[0], layer.output.bias.expand(length, -1))
    for gradient in torch.autograd.grad(y_BND.square().sum(), [x_BND, *layer.parameters()]):
        assert gradient.isfinite().all()
    assert layer(x_BND[:, :0], mask_BN[:, :0]).shape == (3, 0, WIDTH)


@pytest.mark.parametrize("positions", [400, 90])
def test_bf16_autocast_stays_close(positions: int) -> None:
    torch.manual_seed(0)
    layer = LinformerAttention(64, 8, size=16, positions=positions)
    x_BND, mask_BN = ragged((300, 30, 0), width=64)
    x_BND = x_BND.float()
    exact = layer(x_BND, mask_BN)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = layer(x_BND, mask_BN)
    assert rounded.dtype == torch.bfloat16
    assert relative(rounded[mask_BN].float(), exact[mask_BN]) < 0.02
    layer.bfloat16()
    assert relative(layer(x_BND.bfloat16(), mask_BN)[mask_BN].float(), exact[mask_BN]) < 0.02


def test_memory_is_linear_in_the_length() -> None:
    cases.check_linear(layer_of(LinformerAttention))
    cases.check_long(LinformerAttention(8, 2, size=4))


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(FastsumError, match="width 24 .* 5 heads"):
        LinformerAttention(24, 5)
    with pytest.raises(FastsumError, match="size 0"):
        LinformerAttention(24, 4, size=0)
    with pytest.raises(FastsumError, match="positions -1"):
        LinformerAttention(24, 4, positions=-1)
