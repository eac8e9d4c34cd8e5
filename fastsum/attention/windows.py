"""Sliding windows in blocks: what the windowed attentions share.

A block of queries reads one window of keys wide enough for all of them, and a band mask cuts out what each may see. The
documents lie end to end in one sequence, so that the overlapping windows are a view of it and copy no key. A window
that reaches into a neighbouring document finds nothing visible there.

Shape suffixes: B documents, N tokens, D width, H heads, E = D / H channels of a head; C queries of a block, G blocks of
a padded document, R = B * G blocks of all, W keys of a window; T positions laid end to end.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from fastsum.errors import FastsumError

BLOCK_TOKENS = 64
"""Queries of a block. Of 32, 64, 128 and 256 the fastest on a CPU, for windows of 64 and of 256 tokens alike."""


def check_sizes(**sizes: int) -> None:
    """Raise `FastsumError` unless every size is positive."""
    for name, size in sizes.items():
        if size < 1:
            raise FastsumError(f"attention: {name} is {size}; make it 1 or more")


def pad_to_blocks(x_BND: Tensor, block: int) -> Tensor:
    """Documents lengthened by zeros to a multiple of `block`."""
    tail = -x_BND.shape[1] % block
    return F.pad(x_BND, (0, 0, 0, tail)) if tail else x_BND


def end_to_end(x_BND: Tensor, halo: int) -> Tensor:
    """The documents one behind the other, with `halo` zeros before the first and after the last: (T, D)."""
    return F.pad(x_BND.flatten(0, 1), (0, 0, halo, halo))


def windows(x_TD: Tensor, size: int, step: int) -> Tensor:
    """Overlapping windows of `size` positions, every `step`, as a view: (R, W, D)."""
    return x_TD.unfold(0, size, step).transpose(1, 2)


def window_mask(mask_BN: Tensor, size: int, step: int, halo: int) -> Tensor:
    """The same windows of each document's own mask, False beyond the document: (B, G, W)."""
    return F.pad(mask_BN, (halo, halo)).unfold(1, size, step)


def visible_pairs(band_CW: Tensor, queries_BGC: Tensor, keys_BGW: Tensor) -> Tensor:
    """Which keys of its window each query sees: (R, 1, C, W), for all heads.

    Real queries see the real keys of the band. Padded ones see the whole band: a row that sees nothing would be NaN.
    """
    visible_BGCW = band_CW & (keys_BGW[:, :, None, :] | ~queries_BGC[..., None])
    return visible_BGCW.flatten(0, 1)[:, None]


def real_tokens(x_BND: Tensor, mask_BN: Tensor | None, length: int) -> Tensor:
    """The mask lengthened to `length` positions; without one, every token of x is real."""
    if mask_BN is None:
        mask_BN = torch.ones(x_BND.shape[:2], dtype=torch.bool, device=x_BND.device)
    return F.pad(mask_BN, (0, length - mask_BN.shape[1]))


def split_heads(x_BND: Tensor, heads: int) -> Tensor:
    """Every head's channels apart, as the attention kernels want them: (B, N, D) -> (B, H, N, E)."""
    return x_BND.unflatten(-1, (heads, -1)).transpose(1, 2)


def attend_blocks(q_BND: Tensor, k_RWD: Tensor, v_RWD: Tensor, visible_R1CW: Tensor, heads: int) -> Tensor:
    """Softmax attention of each block of queries to its own keys: q (B, N, D) -> (B, N, D), N of whole blocks.

    `k_RWD` and `v_RWD` belong to the R blocks of q in order; C of `visible_R1CW` may be 1, for all queries of a block.
    """
    q_RHCE = split_heads(q_BND.reshape(len(k_RWD), -1, q_BND.shape[-1]), heads)
    k_RHWE, v_RHWE = split_heads(k_RWD, heads), split_heads(v_RWD, heads)
    y_RHCE = F.scaled_dot_product_attention(q_RHCE, k_RHWE, v_RHWE, attn_mask=visible_R1CW)
    return y_RHCE.transpose(1, 2).reshape(q_BND.shape)
