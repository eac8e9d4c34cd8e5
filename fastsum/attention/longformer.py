"""Longformer attention: a sliding window, and a few global tokens that attend to all tokens and are attended by all.

Shape suffixes: B documents, N tokens, L = N padded to whole blocks, D width, H heads, E = D / H channels of a head;
C queries of a block, G blocks of a document, W keys of a window, P global tokens; R = B * G, T as in `windows`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from fastsum.attention import windows
from fastsum.attention.additive import check_heads
from fastsum.attention.transformer import attend_all
from fastsum.config import ModelConfig


class LongformerAttention(nn.Module):
    """Longformer's self-attention (Beltagy et al., arXiv 2004.05150, section 3.1), linear in the length.

    The first `global_tokens` of a document are global. Any other token takes one softmax over the tokens at most
    window / 2 away, itself among them, and the global tokens, each counted once. A global token takes a softmax over
    the whole document, with separate projections for queries, keys and values, as in the authors' code; other tokens
    read its ordinary key and value. There is one output projection for all tokens, and no dilation.

    Real tokens come first, padding after them.
    """

    def __init__(self, width: int, heads: int, *, window: int = 64, global_tokens: int = 64) -> None:
        super().__init__()
        check_heads(width, heads)
        windows.check_sizes(window=window, global_tokens=global_tokens)
        self.heads = heads
        self.window = window
        self.global_tokens = global_tokens
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.global_query = nn.Linear(width, width)
        self.global_key = nn.Linear(width, width)
        self.global_value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return f"heads={self.heads}, window={self.window}, global_tokens={self.global_tokens}"

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """Attend within each document: x (B, N, D), mask (B, N) bool, True at real tokens -> (B, N, D).

        Values at padded positions, in and out, are finite and do not affect other positions.
        """
        length = x_BND.shape[1]
        count = min(self.global_tokens, length)
        global_BPD = self._global_rows(x_BND, mask_BN, count)
        if count == length:
            return self.output(global_BPD)
        return self.output(torch.cat((global_BPD, self._local_rows(x_BND, mask_BN, count)[:, count:length]), dim=1))

    def _global_rows(self, x_BND: Tensor, mask_BN: Tensor | None, count: int) -> Tensor:
        projected = self.global_query(x_BND[:, :count]), self.global_key(x_BND), self.global_value(x_BND)
        q_BHPE, k_BHNE, v_BHNE = (windows.split_heads(part, self.heads) for part in projected)
        return attend_all(q_BHPE, k_BHNE, v_BHNE, mask_BN)

    def _local_rows(self, x_BND: Tensor, mask_BN: Tensor | None, count: int) -> Tensor:
        """Rows of all tokens, (B, L, D); those of the global tokens are then discarded."""
        block, radius = windows.BLOCK_TOKENS, self.window // 2
        size = block + 2 * radius
        x_BLD = windows.pad_to_blocks(x_BND, block)
        batch, length, _ = x_BLD.shape

        def global_and_near(part_TD: Tensor) -> Tensor:
            """For each block the global tokens' keys (or values) and those of its window: (R, P + W, D)."""
            near_BGWD = windows.windows(part_TD, size, block).unflatten(0, (batch, -1))
            global_BPD = part_TD[radius : radius + batch * length].unflatten(0, (batch, -1))[:, :count]
            global_BGPD = global_BPD[:, None].expand(-1, length // block, -1, -1)
            # This makes three copies of the keys; joining the scores instead would copy twice as much.
            return torch.cat((global_BGPD, near_BGWD), dim=2).flatten(0, 1)

        x_TD = windows.end_to_end(x_BLD, radius)
        k_RWD, v_RWD = global_and_near(self.key(x_TD)), global_and_near(self.value(x_TD))
        real_BL = windows.real_tokens(x_BND, mask_BN, length)
        queries_BGC = real_BL.unflatten(1, (-1, block))
        # A global token inside the window is already among the global keys.
        local_BL = real_BL & (torch.arange(length, device=x_BND.device) >= count)
        keys_BGW = torch.cat(
            (
                real_BL[:, None, :count].expand(-1, length // block, -1),
                windows.window_mask(local_BL, size, block, radius),
            ),
            dim=2,
        )
        query_C1 = torch.arange(block, device=x_BND.device)[:, None]
        key_W = torch.arange(-radius, block + radius, device=x_BND.device)
        band_CW = torch.cat((query_C1.new_ones(block, count).bool(), (query_C1 - key_W).abs() <= radius), dim=1)
        visible_R1CW = windows.visible_pairs(band_CW, queries_BGC, keys_BGW)
        return windows.attend_blocks(self.query(x_BLD), k_RWD, v_RWD, visible_R1CW, self.heads)


def from_config(config: ModelConfig, layer: int) -> LongformerAttention:
    """The layer that a configuration describes."""
    return LongformerAttention(config.width, config.heads, window=config.window, global_tokens=config.global_tokens)
