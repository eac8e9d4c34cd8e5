"""Linformer attention: every token attends to a fixed number of learned mixtures of the tokens.

Shape suffixes: B documents, N tokens, D width, H heads, E = D / H channels of a head, K mixtures, P learned positions.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.attention.additive import check_heads
from fastsum.config import ModelConfig
from fastsum.errors import FastsumError


class LinformerAttention(nn.Module):
    """Linformer self-attention over a document (Wang et al., arXiv 2006.04768, equation 7).

        y = softmax(Q (A^T K)^T / sqrt(E)) (A^T V)   each head by itself, then W_o over the heads
        Q, K, V = W_q x, W_k x, W_v x                with biases

    A is the paper's projection: a learned row of `size` weights for each position, one matrix for keys and values of
    all heads (the "key-value sharing" of section 4; section 5.1 finds that even one matrix for all layers costs next to
    nothing). So the tokens can be mixed before W_k and W_v, which gives the same result with two products of K x D x D
    instead of two of N x D x D.

    The paper's lengths are fixed. Here a document of n <= P = `positions` tokens uses the first n rows, exactly as in
    the paper. In a longer one token i uses row floor(i P / n) with weight P / n, so that each row reads about the mean
    of the neighbours that share it, and a mixture stays as large as that of P tokens. Rows that training never reached
    are noise: choose P no greater than the length of the training documents.
    """

    def __init__(self, width: int, heads: int, *, size: int = 64, positions: int = 4096) -> None:
        super().__init__()
        check_heads(width, heads)
        if size < 1 or positions < 1:
            raise FastsumError(f"attention: size {size} and positions {positions} must both be at least 1")
        self.width = width
        self.heads = heads
        self.size = size
        self.positions = positions
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        # With this spread a mixture of P independent tokens is as large as one of them.
        self.projection = nn.Parameter(torch.randn(positions, size) / math.sqrt(positions))
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return f"heads={self.heads}, size={self.size}, positions={self.positions}"

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """Attend within each document: x (B, N, D), mask (B, N) bool, True at real tokens -> (B, N, D).

        Padding comes after the real tokens. Its values, in and out, are finite and do not affect other positions.
        """
        rows_BNK = self._rows(x_BND, mask_BN)
        mixtures_BKD = torch.bmm(rows_BNK.mT, x_BND)
        # A^T (x W^T + 1 b^T) = (A^T x) W^T + (A^T 1) b^T: each mixture has the bias times the sum of its weights.
        sums_BK1 = rows_BNK.sum(1).unsqueeze(-1)
        k_BKD = F.linear(mixtures_BKD, self.key.weight) + sums_BK1 * self.key.bias
        v_BKD = F.linear(mixtures_BKD, self.value.weight) + sums_BK1 * self.value.bias
        q_BHNE, k_BHKE, v_BHKE = (
            heads_BND.unflatten(-1, (self.heads, -1)).transpose(1, 2) for heads_BND in (self.query(x_BND), k_BKD, v_BKD)
        )
        # No mixture is masked; in a document without real tokens all are zero.
        y_BHNE = F.scaled_dot_product_attention(q_BHNE, k_BHKE, v_BHKE)
        return self.output(y_BHNE.transpose(1, 2).flatten(2))

    def _rows(self, x_BND: Tensor, mask_BN: Tensor | None) -> Tensor:
        """Each token's weights in the mixtures, zero at padding: (B, N, K)."""
        batch, length = x_BND.shape[:2]
        if length <= self.positions:
            rows_BNK = self.projection[:length].expand(batch, -1, -1)
        else:
            if mask_BN is None:
                lengths_B1 = torch.full((batch, 1), length, device=x_BND.device)
            else:
                lengths_B1 = mask_BN.sum(1, keepdim=True)
            # A document of no more than P tokens keeps its rows as they are, however long its neighbours.
            spans_B1 = lengths_B1.clamp(min=self.positions)
            places_BN = torch.arange(length, device=x_BND.device) * self.positions // spans_B1
            rows_BNK = F.embedding(places_BN.clamp(max=self.positions - 1), self.projection)
            shares_B1 = self.positions / spans_B1.to(torch.promote_types(rows_BNK.dtype, torch.float32))
            rows_BNK = rows_BNK * shares_B1.to(rows_BNK.dtype).unsqueeze(-1)
        return rows_BNK if mask_BN is None else rows_BNK.masked_fill(~mask_BN.unsqueeze(-1), 0.0)


def from_config(config: ModelConfig, layer: int) -> LinformerAttention:
    """The layer that a configuration describes."""
    return LinformerAttention(config.width, config.heads, size=config.projected_tokens)
