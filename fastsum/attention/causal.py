"""Causal additive attention: the Fastformer's decoder form, linear in the length, in constant memory per step.

Shape suffixes: B sequences, T tokens, C tokens of a block, D width, H heads, E = D / H channels of a head.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from fastsum.attention.additive import check_heads

# Within a block the prefix sums are one (C, C) product per head; between blocks only the running state is carried.
# Of 16, 32, 64 and 128, blocks of 16 and 32 trained fastest on a CPU at width 256 (64 to 512 tokens); the longer block
# makes fewer steps, which is what counts on a GPU.
BLOCK_TOKENS = 32


class PrefixState(NamedTuple):
    """A softmax-weighted sum over the tokens so far, by the online softmax: sum and norm are scaled by exp(-peak)."""

    peak_BH: Tensor  # greatest logit so far; the lowest finite number before the first token
    norm_BH: Tensor
    sum_BHE: Tensor

    def select(self, index: Tensor) -> PrefixState:
        """The state of the rows named by `index` (long, one entry for each row wanted)."""
        return PrefixState(*(part.index_select(0, index) for part in self))


class CausalAdditiveState(NamedTuple):
    """What `CausalAdditiveAttention.step` carries from token to token; its size does not grow."""

    query: PrefixState
    key: PrefixState

    def select(self, index: Tensor) -> CausalAdditiveState:
        """The state of the rows named by `index`, as beam search reorders them."""
        return CausalAdditiveState(self.query.select(index), self.key.select(index))


def prefix_pool(
    logits_BHC: Tensor, x_BHCE: Tensor, mask_BC: Tensor | None, state: PrefixState
) -> tuple[Tensor, PrefixState]:
    """Softmax-weighted means over every prefix that ends in this block: (B, H, C, E) and the state after the block.

    Position t has its own peak, the greatest real logit up to t, so that no exponent is above zero however far the
    logits range; with one common peak under a cumulative sum, every prefix far below it would underflow to nothing.
    A prefix without real tokens gives zero.
    """
    if mask_BC is not None:
        logits_BHC = logits_BHC.masked_fill(~mask_BC[:, None, :], torch.finfo(logits_BHC.dtype).min)
    # The peak cancels between numerator and norm, so that no gradient needs to pass through it.
    peak_BHC = torch.maximum(logits_BHC.detach().cummax(-1).values, state.peak_BH[..., None])
    length = logits_BHC.shape[-1]
    unseen = torch.ones(length, length, dtype=torch.bool, device=x_BHCE.device).triu(1)  # rows t, columns i > t
    if mask_BC is not None:
        unseen = unseen | ~mask_BC[:, None, None, :]
    exponents_BHCC = (logits_BHC[..., None, :] - peak_BHC[..., None]).masked_fill(unseen, -math.inf)
    weights_BHCC = exponents_BHCC.exp()
    carried_BHC = (state.peak_BH[..., None] - peak_BHC).exp()
    norm_BHC = weights_BHCC.sum(-1) + carried_BHC * state.norm_BH[..., None]
    sum_BHCE = weights_BHCC @ x_BHCE + carried_BHC[..., None] * state.sum_BHE[..., None, :]
    # The norm is at least one (the peak's own term) unless the prefix is empty, when sum and norm are zero.
    mean_BHCE = sum_BHCE / (norm_BHC + (norm_BHC == 0))[..., None]
    return mean_BHCE, PrefixState(peak_BHC[..., -1], norm_BHC[..., -1], sum_BHCE[..., -1, :])


class CausalAdditiveAttention(nn.Module):
    """The Fastformer sublayer (see `AdditiveAttention`) with every sum over tokens ending at the current one.

        qbar_t = sum_{i <= t} softmax_{i <= t}(w_a . q_i / sqrt(E)) q_i       the query of the prefix
        p_i    = qbar_i * k_i                                                 each position keeps its own prefix query
        kbar_t = sum_{i <= t} softmax_{i <= t}(w_b . p_i / sqrt(E)) p_i
        y_t    = W_o (W_u (kbar_t * v_t) + q_t)

    Were p_i to use qbar_t, the cost would be quadratic; with qbar_i both sums are prefix softmax sums.
    `forward` scans in blocks, and `step` is a block of one token, so that both are one piece of arithmetic.
    """

    def __init__(self, width: int, heads: int, *, share_query_value: bool = True) -> None:
        super().__init__()
        check_heads(width, heads)
        self.width = width
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        # None, not a second name for `query`: a shared tensor must appear once in a state dict.
        self.value = None if share_query_value else nn.Linear(width, width)
        self.query_logits = nn.Linear(width, heads, bias=False)
        self.key_logits = nn.Linear(width, heads, bias=False)
        self.transform = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return f"heads={self.heads}"

    def initial_state(
        self, batch: int, device: torch.device | str | None = None, dtype: torch.dtype | None = None
    ) -> CausalAdditiveState:
        """The state before the first token of `batch` sequences, in `dtype` or float32, whichever is wider."""
        wide = torch.promote_types(dtype or self.query.weight.dtype, torch.float32)
        device = device or self.query.weight.device

        def empty() -> PrefixState:
            peak_BH = torch.full((batch, self.heads), torch.finfo(wide).min, device=device, dtype=wide)
            sum_BHE = peak_BH.new_zeros(batch, self.heads, self.width // self.heads)
            return PrefixState(peak_BH, torch.zeros_like(peak_BH), sum_BHE)

        return CausalAdditiveState(empty(), empty())

    def forward(self, x_BTD: Tensor, mask_BT: Tensor | None = None) -> Tensor:
        """All positions at once: x (B, T, D) -> (B, T, D), where position t depends only on positions up to t.

        `mask_BT` (bool, True at real tokens) keeps padding out of the sums; padding after the last token needs none.
        """
        state = self.initial_state(len(x_BTD), x_BTD.device, x_BTD.dtype)
        return self._scan(x_BTD, mask_BT, state)[0]

    def step(self, x_BD: Tensor, state: CausalAdditiveState) -> tuple[Tensor, CausalAdditiveState]:
        """One more token of each sequence: x (B, D) -> y (B, D) and the state that includes it."""
        y_B1D, state = self._scan(x_BD[:, None, :], None, state)
        return y_B1D[:, 0], state

    def _scan(
        self, x_BTD: Tensor, mask_BT: Tensor | None, state: CausalAdditiveState
    ) -> tuple[Tensor, CausalAdditiveState]:
        q_BTD, k_BTD = self.query(x_BTD), self.key(x_BTD)
        v_BTD = q_BTD if self.value is None else self.value(x_BTD)
        with torch.autocast(x_BTD.device.type, enabled=False):
            q_wide_BTD, k_wide_BTD = q_BTD.to(state.query.sum_BHE.dtype), k_BTD.to(state.key.sum_BHE.dtype)
            qbar_BTD, query_state = self._pool_prefixes(q_wide_BTD, self.query_logits.weight, mask_BT, state.query)
            kbar_BTD, key_state = self._pool_prefixes(qbar_BTD * k_wide_BTD, self.key_logits.weight, mask_BT, state.key)
        y_BTD = self.output(self.transform(kbar_BTD.to(v_BTD.dtype) * v_BTD) + q_BTD)
        return y_BTD, CausalAdditiveState(query_state, key_state)

    def _pool_prefixes(
        self, x_BTD: Tensor, logits_HD: Tensor, mask_BT: Tensor | None, state: PrefixState
    ) -> tuple[Tensor, PrefixState]:
        logits_BHT = (x_BTD @ (logits_HD.to(x_BTD.dtype) / math.sqrt(self.width // self.heads)).mT).mT
        x_BHTE = x_BTD.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        means = []
        for start in range(0, x_BTD.shape[1], BLOCK_TOKENS):
            block = slice(start, start + BLOCK_TOKENS)
            mask_BC = None if mask_BT is None else mask_BT[:, block]
            mean_BHCE, state = prefix_pool(logits_BHT[..., block], x_BHTE[:, :, block], mask_BC, state)
            means.append(mean_BHCE)
        return torch.cat(means, dim=2).transpose(1, 2).flatten(2), state
