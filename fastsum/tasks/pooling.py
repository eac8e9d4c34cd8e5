"""Additive attention as a pooling: one vector from a sequence of them.

Shape suffixes: B sequences, N elements, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from fastsum.attention.additive import masked_softmax


class AttentionPooling(nn.Module):
    """The weighted mean of a sequence, as the Fastformer paper and its authors' code pool a text (Yang et al. 2016,
    "Hierarchical Attention Networks for Document Classification", equations 8 to 10).

        a_i = softmax_i(q . tanh(V x_i + v))        r = sum_i a_i x_i
    """

    def __init__(self, width: int, query_width: int) -> None:
        super().__init__()
        self.key = nn.Linear(width, query_width)
        self.query = nn.Linear(query_width, 1, bias=False)  # a constant cancels in the softmax

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """(B, N, D), mask (B, N) bool, True at real elements (None: all are) -> (B, D); zeros where there is none."""
        scores_B1N = self.query(torch.tanh(self.key(x_BND))).transpose(1, 2)
        weights_B1N = masked_softmax(scores_B1N.float(), mask_BN).to(x_BND.dtype)
        return torch.bmm(weights_B1N, x_BND).squeeze(1)
