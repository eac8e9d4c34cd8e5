"""Additive attention as a pooling: one vector from a sequence of them.

Shape suffixes: B sequences, N elements, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AttentionPooling(nn.Module):
    """The weighted mean of a sequence (Wu et al., "Neural News Recommendation with Multi-Head Self-Attention", EMNLP
    2019, equations 3 to 5; the Fastformer paper pools with it too).

        a_i = q . tanh(V h_i + v)        r = sum_i softmax_i(a) h_i
    """

    def __init__(self, width: int, query_width: int) -> None:
        super().__init__()
        self.key = nn.Linear(width, query_width)
        self.query = nn.Linear(query_width, 1, bias=False)

    def forward(self, h_BND: Tensor, mask_BN: Tensor) -> Tensor:
        """(B, N, D), mask True at real elements -> (B, D); zeros for a sequence without any."""
        logits_BN = self.query(torch.tanh(self.key(h_BND))).squeeze(-1).float()
        weights_BN = torch.softmax(logits_BN.masked_fill(~mask_BN, torch.finfo(torch.float32).min), dim=1) * mask_BN
        return torch.einsum("bn,bnd->bd", weights_BN.to(h_BND.dtype), h_BND)
