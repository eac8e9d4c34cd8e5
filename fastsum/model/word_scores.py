"""What the loss of writing needs of the scores of all words, without copies of them.

Shape suffixes: R target tokens (of a block, within a loop), V words.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

_BLOCK = 1 << 18  # scores that pass through the cache at once: 1 MB


def word_scores(scores_RV: Tensor, targets_R: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of each row the logarithm of its sum of exponentials, its target's score, and its mean, each (R,).

    Args:
        scores_RV: float32 or wider.
        targets_R: a column of each row (int64).
    """
    if scores_RV.device.type != "cpu" or torch.compiler.is_compiling():
        return scores_RV.logsumexp(-1), _chosen(scores_RV, targets_R), scores_RV.mean(-1)
    found: tuple[Tensor, Tensor, Tensor] = _WordScores.apply(scores_RV, targets_R)
    return found


class _WordScores(torch.autograd.Function):
    """`word_scores` for a CPU, a block of rows at a time.

    Autograd writes and reads thirteen tensors of the scores' size: a twentieth of a training step. Here it is one.
    """

    @staticmethod
    def forward(ctx: Any, scores_RV: Tensor, targets_R: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        blocks = scores_RV.split(_rows(scores_RV))
        log_sums_R = torch.cat([block_RV.logsumexp(-1) for block_RV in blocks])
        means_R = torch.cat([block_RV.mean(-1) for block_RV in blocks])
        ctx.save_for_backward(scores_RV, targets_R, log_sums_R)
        return log_sums_R, _chosen(scores_RV, targets_R), means_R

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g_log_sums_R: Tensor, g_chosen_R: Tensor, g_means_R: Tensor) -> tuple[Tensor, None]:
        scores_RV, targets_R, log_sums_R = ctx.saved_tensors
        g_scores_RV = torch.empty_like(scores_RV)
        of_rows = (scores_RV, g_scores_RV, log_sums_R[:, None], g_log_sums_R[:, None], g_means_R[:, None])
        for block_RV, g_block_RV, log_sum_R1, g_log_sum_R1, g_mean_R1 in zip(
            *(tensor.split(_rows(scores_RV)) for tensor in of_rows), strict=True
        ):
            torch.sub(block_RV, log_sum_R1, out=g_block_RV).exp_().mul_(g_log_sum_R1)
            g_block_RV += g_mean_R1 / scores_RV.shape[1]
        return g_scores_RV.scatter_add_(1, targets_R[:, None], g_chosen_R[:, None]), None


def _chosen(scores_RV: Tensor, targets_R: Tensor) -> Tensor:
    return scores_RV.gather(1, targets_R[:, None]).squeeze(1)


def _rows(scores_RV: Tensor) -> int:
    return max(1, _BLOCK // scores_RV.shape[1])
