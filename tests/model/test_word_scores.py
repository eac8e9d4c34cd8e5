"""Sums, targets' scores and means of the scores of all words: what torch's functions give, and gradients."""

from __future__ import annotations

import pytest
import torch

from fastsum.model import word_scores as module
from fastsum.model.word_scores import word_scores


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 14)


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_what_torch_computes(rows: int) -> None:
    torch.manual_seed(0)
    scores, targets = torch.randn(rows, 7, dtype=torch.float64) * 30, torch.randint(7, (rows,))
    sums, chosen, means = word_scores(scores, targets)
    torch.testing.assert_close(sums, scores.logsumexp(-1))
    torch.testing.assert_close(chosen, scores[torch.arange(rows), targets])
    torch.testing.assert_close(means, scores.mean(-1))


def test_gradients_are_those_of_small_differences() -> None:
    torch.manual_seed(0)
    scores = torch.randn(5, 7, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda scores: word_scores(scores, torch.tensor([0, 6, 3, 3, 1])), (scores,))


def test_a_part_that_is_not_used_has_no_gradient() -> None:
    scores = torch.randn(5, 7, dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad(word_scores(scores, torch.zeros(5, dtype=torch.int64))[0].sum(), scores)
    torch.testing.assert_close(found, scores.softmax(-1))


def test_narrow_scores_are_widened_and_have_narrow_gradients() -> None:
    torch.manual_seed(0)
    narrow = (torch.randn(5, 7) * 5).bfloat16().requires_grad_()
    wide, targets = narrow.detach().float().requires_grad_(), torch.randint(7, (5,))
    found, expected = word_scores(narrow, targets), word_scores(wide, targets)
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == torch.float32
        torch.testing.assert_close(a, b)
    (a,), (b,) = (
        torch.autograd.grad(sum(map(torch.sum, three)), x) for three, x in ((found, narrow), (expected, wide))
    )
    assert a.dtype == torch.bfloat16
    torch.testing.assert_close(a, b.bfloat16())


def test_scores_far_apart() -> None:
    scores = torch.tensor([[-1e4, 0.0, 3.0], [1e4, 0.0, 3.0]])
    torch.testing.assert_close(word_scores(scores, torch.tensor([1, 2]))[0], scores.logsumexp(-1))
