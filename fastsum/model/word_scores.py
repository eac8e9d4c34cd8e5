"""What the loss of writing needs of the scores of all words, without copies of them.

Shape suffixes: R target tokens (of a block, within a loop), V words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

_BLOCK = 1 << 18  # scores that pass through the cache at once: 1 MB


def word_scores(scores_RV: Tensor, targets_R: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of each row the logarithm of its sum of exponentials, its target's score, and its mean, each (R,) and float32 or
    wider.

    Args:
        scores_RV: of any type.
        targets_R: a column of each row (int64).
    """
    if scores_RV.device.type != "cpu" or torch.compiler.is_compiling():
        scores_RV = _wide(scores_RV)
        return scores_RV.logsumexp(-1), _chosen(scores_RV, targets_R), scores_RV.mean(-1)
    found: tuple[Tensor, Tensor, Tensor] = _WordScores.apply(scores_RV, targets_R)
    return found


class _WordScores(torch.autograd.Function):
    """`word_scores` for a CPU, a block of rows at a time.

    Autograd writes and reads thirteen tensors of the scores' size: a twentieth of a training step. Here it is one, of
    the scores' type.
    """

    @staticmethod
    def forward(ctx: Any, scores_RV: Tensor, targets_R: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        chosen_R, log_sums_R, means_R = _wide(scores_RV.new_empty(3, len(scores_RV)))
        for block_RV, target_R, *of_block in _blocks(scores_RV, targets_R, chosen_R, log_sums_R, means_R):
            wide_RV, (chosen, log_sum, mean) = _wide(block_RV), of_block
            chosen.copy_(_chosen(wide_RV, target_R))
            # log_softmax makes one pass, logsumexp several.
            torch.sub(chosen, _chosen(wide_RV.log_softmax(-1), target_R), out=log_sum)
            torch.mean(wide_RV, -1, out=mean)
        ctx.save_for_backward(scores_RV, targets_R)
        return log_sums_R, chosen_R, means_R

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g_log_sums_R: Tensor, g_chosen_R: Tensor, g_means_R: Tensor) -> tuple[Tensor, None]:
        scores_RV, targets_R = ctx.saved_tensors
        g_scores_RV = torch.empty_like(scores_RV)
        columns = (tensor[:, None] for tensor in (targets_R, g_log_sums_R, g_chosen_R, g_means_R))
        for block_RV, g_block_RV, target_R1, g_log_sum_R1, g_chosen_R1, g_mean_R1 in _blocks(
            scores_RV, g_scores_RV, *columns
        ):
            wide_RV = _wide(block_RV).softmax(-1).mul_(g_log_sum_R1).add_(g_mean_R1 / block_RV.shape[1])
            g_block_RV.copy_(wide_RV.scatter_add_(1, target_R1, g_chosen_R1))
        return g_scores_RV, None


def _wide(scores: Tensor) -> Tensor:
    return scores.to(torch.promote_types(scores.dtype, torch.float32))


def _chosen(scores_RV: Tensor, targets_R: Tensor) -> Tensor:
    return scores_RV.gather(1, targets_R[:, None]).squeeze(1)


def _blocks(scores_RV: Tensor, *tensors: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Views of the same rows of each tensor."""
    rows = max(1, _BLOCK // scores_RV.shape[1])
    return zip(*(tensor.split(rows) for tensor in (scores_RV, *tensors)), strict=True)
