"""Softmax attention for the decoder: causal self-attention, and cross-attention that also returns its weights.

Shape suffixes: B sequences, T target tokens, S source tokens, D width, H heads, E = D / H channels of a head.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fastsum.attention.additive import check_heads


class CausalSoftmaxState(NamedTuple):
    """The keys and values of the tokens so far; grows by one token per step."""

    keys_BHTE: Tensor
    values_BHTE: Tensor

    def select(self, index: Tensor) -> CausalSoftmaxState:
        """The state of the rows named by `index`, as beam search reorders them."""
        return CausalSoftmaxState(self.keys_BHTE.index_select(0, index), self.values_BHTE.index_select(0, index))


class CausalSoftmaxAttention(nn.Module):
    """Ordinary multi-head causal self-attention (Vaswani et al., arXiv 1706.03762)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        check_heads(width, heads)
        self.width = width
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return f"heads={self.heads}"

    def initial_state(
        self, batch: int, device: torch.device | str | None = None, dtype: torch.dtype | None = None
    ) -> CausalSoftmaxState:
        """The state before the first token of `batch` sequences: a cache of no tokens."""
        weight = self.output.weight
        empty = torch.empty(
            (batch, self.heads, 0, self.width // self.heads),
            device=device or weight.device,
            dtype=dtype or weight.dtype,
        )
        return CausalSoftmaxState(empty, empty)

    def forward(self, x_BTD: Tensor, mask_BT: Tensor | None = None) -> Tensor:
        """All positions at once: x (B, T, D) -> (B, T, D), where position t depends only on positions up to t.

        `mask_BT` (bool, True at real tokens) hides padding. It is not needed for padding after the last real token, and
        without it torch can use its fused causal kernel.
        """
        q_BHTE, k_BHTE, v_BHTE = self._project(x_BTD)
        if mask_BT is None:
            y_BHTE = _causal_attention(q_BHTE, k_BHTE, v_BHTE)
        else:
            length = x_BTD.shape[1]
            causal_TT = torch.ones(length, length, dtype=torch.bool, device=x_BTD.device).tril()
            own_TT = torch.eye(length, dtype=torch.bool, device=x_BTD.device)
            # Every position sees itself (real ones do anyway): a row that sees nothing would be NaN.
            visible_B1TT = causal_TT & (mask_BT[:, None, None, :] | own_TT)
            y_BHTE = F.scaled_dot_product_attention(q_BHTE, k_BHTE, v_BHTE, attn_mask=visible_B1TT)
        return self.output(y_BHTE.transpose(1, 2).flatten(2))

    def step(self, x_BD: Tensor, state: CausalSoftmaxState) -> tuple[Tensor, CausalSoftmaxState]:
        """One more token of each sequence: x (B, D) -> y (B, D) and the state that includes it."""
        q_BH1E, k_BH1E, v_BH1E = self._project(x_BD[:, None, :])
        # Under autocast the projections come out narrower than the state was made: the first step's type holds.
        keys_BHTE = torch.cat((state.keys_BHTE.to(k_BH1E.dtype), k_BH1E), dim=2)
        values_BHTE = torch.cat((state.values_BHTE.to(v_BH1E.dtype), v_BH1E), dim=2)
        y_BH1E = F.scaled_dot_product_attention(q_BH1E, keys_BHTE, values_BHTE)
        return self.output(y_BH1E.flatten(1)), CausalSoftmaxState(keys_BHTE, values_BHTE)

    def _project(self, x_BTD: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        heads_B3HTE = self.query_key_value(x_BTD).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        q_BHTE, k_BHTE, v_BHTE = heads_B3HTE.unbind(0)
        return q_BHTE, k_BHTE, v_BHTE


def _causal_attention(q_BHTE: Tensor, k_BHTE: Tensor, v_BHTE: Tensor) -> Tensor:
    """Each position's attention to those up to it; a CPU computes it in float32 at least.

    torch's backward for bf16 on a CPU takes seven times as long as that for float32 with the casts (94 sequences of 17
    tokens: 49 and 7 ms).
    """
    if q_BHTE.device.type != "cpu":
        return F.scaled_dot_product_attention(q_BHTE, k_BHTE, v_BHTE, is_causal=True)
    wide = torch.promote_types(v_BHTE.dtype, torch.float32)
    with torch.autocast("cpu", enabled=False):
        y_BHTE = F.scaled_dot_product_attention(q_BHTE.to(wide), k_BHTE.to(wide), v_BHTE.to(wide), is_causal=True)
    return y_BHTE.to(v_BHTE.dtype)


class CrossMemory(NamedTuple):
    """A source's keys and values, projected once and read at every target token."""

    keys_BHSE: Tensor
    values_BHSE: Tensor
    mask_BS: Tensor  # bool, True at real tokens

    def select(self, index: Tensor) -> CrossMemory:
        """The memory of the rows named by `index` (long, one entry for each row wanted)."""
        return CrossMemory(*(part.index_select(0, index) for part in self))


class CrossAttention(nn.Module):
    """Multi-head attention from target tokens to source tokens, which also returns its weights.

    The weights averaged over heads are the source of the copy distribution (See et al. 2017, arXiv 1704.04368).
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        check_heads(width, heads)
        self.width = width
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return f"heads={self.heads}"

    def prepare(self, states_BSD: Tensor, mask_BS: Tensor) -> CrossMemory:
        """Project source states (B, S, D), with their mask (B, S; bool, True at real tokens), for each `forward`."""
        k_BHSE, v_BHSE = self.key_value(states_BSD).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4).unbind(0)
        return CrossMemory(k_BHSE, v_BHSE, mask_BS)

    def forward(self, x_BTD: Tensor, memory: CrossMemory) -> tuple[Tensor, Tensor]:
        """Read the memory: x (B, T, D) -> y (B, T, D) and weights (B, T, S), in float32 at least.

        Each row of weights sums to one, with exact zeros at masked positions; where the whole source is masked it is
        all zeros, and y is the output bias. Target positions do not see each other, so the beams of one document may
        lie along T and read one memory.
        """
        q_BHTE = self.query(x_BTD).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        scores_BHTS = q_BHTE / math.sqrt(self.width // self.heads) @ memory.keys_BHSE.mT
        masked_B11S = ~memory.mask_BS[:, None, None, :]
        scores_BHTS = scores_BHTS.to(torch.promote_types(scores_BHTS.dtype, torch.float32))
        # A finite fill and a second one after the softmax: -inf would make a fully masked source NaN.
        scores_BHTS = scores_BHTS.masked_fill(masked_B11S, torch.finfo(scores_BHTS.dtype).min)
        weights_BHTS = torch.softmax(scores_BHTS, dim=-1).masked_fill(masked_B11S, 0.0)
        y_BHTE = weights_BHTS.to(memory.values_BHSE.dtype) @ memory.values_BHSE
        return self.output(y_BHTE.transpose(1, 2).flatten(2)), weights_BHTS.mean(1)
