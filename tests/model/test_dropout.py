"""Dropout on the CPU: what torch's does, drawn otherwise."""

from __future__ import annotations

import pytest
import torch

from fastsum.model.dropout import Dropout


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5])
def test_the_share_that_is_dropped_and_the_scale_are_those_of_the_rate(rate: float) -> None:
    torch.manual_seed(0)
    kept = Dropout(rate)(torch.ones(1_000, 1_003))
    assert float((kept == 0).float().mean()) == pytest.approx(rate, abs=0.002)
    assert sorted(set(kept.unique().tolist())) == pytest.approx([0.0, 1 / (1 - rate)], rel=1e-4)
    assert float(kept.mean()) == pytest.approx(1.0, abs=0.005)


def test_elements_are_dropped_independently() -> None:
    torch.manual_seed(0)
    dropped = Dropout(0.3)(torch.ones(500, 2_000)) == 0
    for shift in (1, 2, 3, 4, 8):
        both = dropped[:, shift:] & dropped[:, :-shift]
        assert float(both.float().mean()) == pytest.approx(0.09, abs=0.002)


def test_the_gradient_is_scaled_and_dropped_alike() -> None:
    torch.manual_seed(0)
    x = torch.randn(7, 13, 5, requires_grad=True)
    y = Dropout(0.4)(x)
    (y * torch.arange(5.0)).sum().backward()
    assert x.grad is not None
    expected = torch.arange(5.0) * (y != 0) / (1 - 0.4)
    torch.testing.assert_close(x.grad, expected, rtol=1e-4, atol=0)


def test_a_seed_determines_it_and_the_next_draw_is_another() -> None:
    dropout, x = Dropout(0.5), torch.ones(40, 40)
    torch.manual_seed(3)
    first, second = dropout(x), dropout(x)
    torch.manual_seed(3)
    assert torch.equal(dropout(x), first)
    assert torch.equal(dropout(x), second)
    assert not torch.equal(first, second)


def test_bfloat16_stays_so() -> None:
    assert Dropout(0.5)(torch.ones(8, 8, dtype=torch.bfloat16)).dtype == torch.bfloat16


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_all_or_nothing(rate: float) -> None:
    assert torch.equal(Dropout(rate)(torch.ones(9)), torch.full((9,), 1.0 - rate))


def test_nothing_is_dropped_outside_training() -> None:
    x = torch.randn(9, 9)
    assert Dropout(0.5).eval()(x) is x
