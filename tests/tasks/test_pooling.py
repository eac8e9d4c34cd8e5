"""Additive-attention pooling against its equations, element by element."""

from __future__ import annotations

import math

import torch

from fastsum.tasks.pooling import AttentionPooling


def by_the_equations(pooling: AttentionPooling, x_ND: list[list[float]]) -> list[float]:
    """One sequence in plain Python."""
    weight, bias = pooling.key.weight.tolist(), pooling.key.bias.tolist()
    query = pooling.query.weight[0].tolist()
    scores = []
    for x in x_ND:
        hidden = [
            math.tanh(sum(w * e for w, e in zip(row, x, strict=True)) + b) for row, b in zip(weight, bias, strict=True)
        ]
        scores.append(sum(q * h for q, h in zip(query, hidden, strict=True)))
    shares = [math.exp(score) / sum(map(math.exp, scores)) for score in scores]
    return [sum(share * x[channel] for share, x in zip(shares, x_ND, strict=True)) for channel in range(len(x_ND[0]))]


def make() -> tuple[AttentionPooling, torch.Tensor]:
    torch.manual_seed(0)
    return AttentionPooling(4, 3).double(), torch.randn(2, 5, 4, dtype=torch.float64)


def test_it_is_the_equations() -> None:
    pooling, x_BND = make()
    expected = [by_the_equations(pooling, x_ND) for x_ND in x_BND.tolist()]
    # The softmax is in float32, whatever the input.
    torch.testing.assert_close(pooling(x_BND), torch.tensor(expected, dtype=torch.float64), rtol=1e-6, atol=1e-7)


def test_padding_has_no_weight() -> None:
    pooling, x_BND = make()
    mask_BN = torch.tensor([[True, True, True, False, False], [True] * 5])
    padded = x_BND.masked_fill(~mask_BN[..., None], 1e6)
    pooled = pooling(padded, mask_BN)
    torch.testing.assert_close(pooled[0], pooling(x_BND[:1, :3])[0])
    torch.testing.assert_close(pooled[1], pooling(x_BND)[1])


def test_a_sequence_of_padding_alone_pools_to_zeros() -> None:
    pooling, x_BND = make()
    mask_BN = torch.tensor([[False] * 5, [True] * 5])
    pooled = pooling(x_BND, mask_BN)
    assert pooled[0].tolist() == [0.0] * 4
    pooled.sum().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in pooling.parameters())
