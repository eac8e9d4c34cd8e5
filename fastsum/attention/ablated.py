"""Additive attention with parts replaced, shared or left out: the Fastformer paper's ablations.

Shape suffixes: B documents, N tokens, D width, H heads, E = D / H channels of a head.
"""

from __future__ import annotations

import math
from typing import get_args

import torch
from torch import Tensor, nn

from fastsum.attention.additive import additive_pool, check_heads
from fastsum.config import Interaction, Pooling
from fastsum.errors import FastsumError


class AblatedAdditiveAttention(nn.Module):
    """`AdditiveAttention`, token by token, with the switches of the ablations (arXiv 2108.09084, section 4).

        qbar = sum_i softmax_i(w_a . q_i / sqrt(E)) q_i      p_i = f(qbar, k_i)
        kbar = sum_i softmax_i(w_b . p_i / sqrt(E)) p_i      u_i = f(kbar, v_i)      y_i = W_o (W_u u_i + q_i)

    `share_query_value`: W_v is W_q.
    `share_heads`: W_q, W_k and W_v give the E channels of one head, and every head reads the same.
    `interaction`: f is the element-wise "product", the "addition", or the "concatenation" under a learned map from 2 D
    to D, one for each of the two interactions.
    `pooling`: "both" global vectors or only one: with only the "query" p_i = f(qbar, k_i) is not pooled and
    u_i = f(p_i, v_i); with only the "key" p_i = k_i.

    With the defaults it equals `AdditiveAttention`, and their state dicts fit each other. (The model implements the
    paper's third kind of sharing, between layers.)
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        share_query_value: bool = True,
        share_heads: bool = False,
        interaction: Interaction = "product",
        pooling: Pooling = "both",
    ) -> None:
        super().__init__()
        check_heads(width, heads)
        if interaction not in get_args(Interaction):
            raise FastsumError(
                f"attention: unknown interaction {interaction!r}; choose {', '.join(get_args(Interaction))}"
            )
        if pooling not in get_args(Pooling):
            raise FastsumError(f"attention: unknown pooling {pooling!r}; choose {', '.join(get_args(Pooling))}")
        self.width = width
        self.heads = heads
        self.share_heads = share_heads
        self.interaction = interaction
        self.pooling = pooling
        mapped = width // heads if share_heads else width
        self.query = nn.Linear(width, mapped)
        self.key = nn.Linear(width, mapped)
        # None, not a second name for `query`: a shared tensor must appear once in a state dict.
        self.value = None if share_query_value else nn.Linear(width, mapped)
        # Parts that are left out are None too: a parameter without effect would never be trained.
        self.query_logits = None if pooling == "key" else nn.Linear(width, heads, bias=False)
        self.key_logits = None if pooling == "query" else nn.Linear(width, heads, bias=False)
        concatenates = interaction == "concatenation"
        self.key_interaction = nn.Linear(2 * width, width) if concatenates and pooling != "key" else None
        self.value_interaction = nn.Linear(2 * width, width) if concatenates else None
        self.transform = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return (
            f"heads={self.heads}, share_heads={self.share_heads}, interaction={self.interaction}, "
            f"pooling={self.pooling}"
        )

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """Attend within each document: x (B, N, D), mask (B, N) bool, True at real tokens -> (B, N, D).

        Values at padded positions, in and out, are finite and do not affect other positions.
        """
        q_BND, k_BND = self._for_heads(self.query(x_BND)), self._for_heads(self.key(x_BND))
        v_BND = q_BND if self.value is None else self._for_heads(self.value(x_BND))
        p_BND = k_BND
        if self.query_logits is not None:
            qbar_B1D = self._pool(q_BND, self.query_logits.weight, mask_BN)
            p_BND = self._interact(qbar_B1D, k_BND, self.key_interaction)
        kbar = p_BND if self.key_logits is None else self._pool(p_BND, self.key_logits.weight, mask_BN)
        u_BND = self._interact(kbar, v_BND, self.value_interaction)
        return self.output(self.transform(u_BND) + q_BND)

    def _for_heads(self, mapped: Tensor) -> Tensor:
        """A projection for every head, (B, N, D): one head's channels, repeated, if the heads share."""
        return mapped.repeat(1, 1, self.heads) if self.share_heads else mapped

    def _pool(self, x_BND: Tensor, logits_HD: Tensor, mask_BN: Tensor | None) -> Tensor:
        """The global vector of x, each head's channels by its own weights: (B, N, D) -> (B, 1, D)."""
        wide = torch.promote_types(x_BND.dtype, torch.float32)
        with torch.autocast(x_BND.device.type, enabled=False):
            logits_BHD = (logits_HD.to(wide) / math.sqrt(self.width // self.heads)).expand(len(x_BND), -1, -1)
            pooled_BHD, _ = additive_pool(x_BND, logits_BHD, mask_BN)
        pooled_BHHE = pooled_BHD.unflatten(-1, (self.heads, -1))
        return pooled_BHHE.diagonal(dim1=1, dim2=2).mT.flatten(1).unsqueeze(1).to(x_BND.dtype)

    def _interact(self, context: Tensor, x_BND: Tensor, joined: nn.Linear | None) -> Tensor:
        """f: a global vector, (B, 1, D), or one for each token, (B, N, D), with each token's own, (B, N, D)."""
        if joined is not None:
            return joined(torch.cat((context.expand_as(x_BND), x_BND), dim=-1))
        return context + x_BND if self.interaction == "addition" else context * x_BND
