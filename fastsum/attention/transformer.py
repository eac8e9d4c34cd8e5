"""Softmax attention of every token to every token: the Transformer's, quadratic in the length.

Shape suffixes: B documents, N tokens, M queries, D width, H heads, E = D / H channels of a head.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.attention.additive import check_heads
from fastsum.config import ModelConfig


def attend_all(q_BHME: Tensor, k_BHNE: Tensor, v_BHNE: Tensor, mask_BN: Tensor | None) -> Tensor:
    """Softmax attention of each query to every real token of its document -> (B, M, D).

    The mask stays (B, 1, 1, N): torch's fused kernels broadcast it, and no M x N tensor is made. Without a mask none is
    passed, which leaves FlashAttention open. In a document without real tokens the queries see all the padding instead
    of nothing, which would be NaN.
    """
    visible_B11N = None if mask_BN is None else (mask_BN | ~mask_BN.any(1, keepdim=True))[:, None, None, :]
    y_BHME = F.scaled_dot_product_attention(q_BHME, k_BHNE, v_BHNE, attn_mask=visible_B11N)
    return y_BHME.transpose(1, 2).flatten(2)


class TransformerAttention(nn.Module):
    """Multi-head self-attention (Vaswani et al., arXiv 1706.03762, section 3.2) through torch's fused kernels."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        check_heads(width, heads)
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return f"heads={self.heads}"

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """Attend within each document: x (B, N, D), mask (B, N) bool, True at real tokens -> (B, N, D).

        Values at padded positions, in and out, are finite and do not affect other positions.
        """
        heads_BHN3E = self.query_key_value(x_BND).unflatten(-1, (3, self.heads, -1)).transpose(1, 3).transpose(2, 3)
        q_BHNE, k_BHNE, v_BHNE = heads_BHN3E.unbind(3)
        return self.output(attend_all(q_BHNE, k_BHNE, v_BHNE, mask_BN))


def from_config(config: ModelConfig, layer: int) -> TransformerAttention:
    """The layer that a configuration describes."""
    return TransformerAttention(config.width, config.heads)
