"""Linear attention: softmax's exponential kernel replaced by a product of features, so that sums over keys come first.

Shape suffixes: B documents, N tokens, D width, H heads, E = D / H channels of a head.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.attention.additive import check_heads
from fastsum.config import ModelConfig


class LinearAttention(nn.Module):
    """Linear attention over a document (Katharopoulos et al., "Transformers are RNNs", arXiv 2006.16236).

        y_i = phi(q_i)^T sum_j phi(k_j) v_j^T / phi(q_i)^T sum_j phi(k_j)     equations 4 to 6, each head by itself
        phi(x) = elu(x) + 1                                                   equation 7

    Both sums are taken once for all queries: N E^2 multiplications per head instead of N^2 E. q, k and v are linear in
    x, with biases, and W_o mixes the heads. Dropout, residual and normalisation around it are the caller's.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        check_heads(width, heads)
        self.width = width
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return f"heads={self.heads}"

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """Attend within each document: x (B, N, D), mask (B, N) bool, True at real tokens -> (B, N, D).

        Features and sums are float32 at least, under autocast too. Values at padded positions, in and out, are finite
        and do not affect other positions.
        """
        q_BND, k_BND, v_BND = self.query(x_BND), self.key(x_BND), self.value(x_BND)
        wide = torch.promote_types(q_BND.dtype, torch.float32)
        with torch.autocast(x_BND.device.type, enabled=False):
            phi_q_BND = F.elu(q_BND.to(wide)) + 1
            phi_k_BND = F.elu(k_BND.to(wide)) + 1
            if mask_BN is not None:
                phi_k_BND = phi_k_BND.masked_fill(~mask_BN.unsqueeze(-1), 0.0)
            phi_q_BHNE, phi_k_BHNE, v_BHNE = (self._split(part) for part in (phi_q_BND, phi_k_BND, v_BND.to(wide)))
            sum_BHEE = phi_k_BHNE.mT @ v_BHNE
            norm_BHN1 = phi_q_BHNE @ phi_k_BHNE.sum(2).unsqueeze(-1)
            # The norm is zero only where every feature is: in a document without real tokens, whose sum is zero too,
            # and for a q or k so far below zero in every channel that elu rounds to -1.
            y_BHNE = phi_q_BHNE @ sum_BHEE / (norm_BHN1 + (norm_BHN1 == 0))
        return self.output(y_BHNE.to(v_BND.dtype).transpose(1, 2).flatten(2))

    def _split(self, x_BND: Tensor) -> Tensor:
        """(B, N, D) -> (B, H, N, E)."""
        return x_BND.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def from_config(config: ModelConfig, layer: int) -> LinearAttention:
    """The layer that a configuration describes."""
    return LinearAttention(config.width, config.heads)
