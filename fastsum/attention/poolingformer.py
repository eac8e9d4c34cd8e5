"""Poolingformer attention: a sliding window, then a wider window over pooled keys and values.

Shape suffixes: B documents, N tokens, L = N padded to whole blocks, D width; C queries of a block, G blocks of a
document, W keys of a window, M pooled positions of a document; R = B * G, T as in `windows`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.attention import windows
from fastsum.attention.additive import check_heads
from fastsum.config import ModelConfig
from fastsum.errors import FastsumError


class PoolingformerAttention(nn.Module):
    """Poolingformer's two-level self-attention (Zhang et al., arXiv 2105.04371, section 3), linear in the length.

        y_i = softmax attention of W_q x_i to W_k x_j, W_v x_j         |j - i| <= window / 2
        z_i = softmax attention of U_q y_i to U_k p_m, U_v p_m         |centre of m - i| <= pooled_window / 2
        p_m = mean of y over tokens stride * m to stride * m + kernel - 1
        output W_o (y_i + z_i)                                         the residual between the levels

    Of the paper's poolings (mean, max and a light convolution) this is the mean. It has no parameters, is exact next to
    padding (only real tokens are averaged), and is linear, so that it can come before the projections of the second
    level, which then cost a quarter. The grid of pooled positions starts at the document's start, not at each query.
    Kernel 5, stride 4 and a second window four times the first are our reading of the paper's experiments.
    """

    def __init__(
        self, width: int, heads: int, *, window: int = 256, pooled_window: int = 1024, kernel: int = 5, stride: int = 4
    ) -> None:
        super().__init__()
        check_heads(width, heads)
        windows.check_sizes(window=window, pooled_window=pooled_window, kernel=kernel, stride=stride)
        # A pooled position that contains the token itself must be within its reach.
        if not stride <= kernel <= pooled_window // 2:
            raise FastsumError(
                f"attention: kernel {kernel} must be at least the stride, {stride}, and at most half of the pooled "
                f"window, {pooled_window}"
            )
        self.heads = heads
        self.window = window
        self.pooled_window = pooled_window
        self.kernel = kernel
        self.stride = stride
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.pooled_query = nn.Linear(width, width)
        self.pooled_key = nn.Linear(width, width)
        self.pooled_value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return (
            f"heads={self.heads}, window={self.window}, pooled_window={self.pooled_window}, kernel={self.kernel}, "
            f"stride={self.stride}"
        )

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """Attend within each document: x (B, N, D), mask (B, N) bool, True at real tokens -> (B, N, D).

        Values at padded positions, in and out, are finite and do not affect other positions.
        """
        # A block of queries is a whole number of strides, so that its window starts at a pooled position.
        block = -(-windows.BLOCK_TOKENS // self.stride) * self.stride
        x_BLD = windows.pad_to_blocks(x_BND, block)
        real_BL = windows.real_tokens(x_BND, mask_BN, x_BLD.shape[1])
        y_BLD = self._window(x_BLD, real_BL, block)
        z_BLD = self._pooled_window(y_BLD, real_BL, block)
        return self.output((y_BLD + z_BLD)[:, : x_BND.shape[1]])

    def _window(self, x_BLD: Tensor, real_BL: Tensor, block: int) -> Tensor:
        radius = min(self.window // 2, x_BLD.shape[1])  # nothing is further away in a short document
        size = block + 2 * radius
        x_TD = windows.end_to_end(x_BLD, radius)
        k_RWD, v_RWD = (windows.windows(project(x_TD), size, block) for project in (self.key, self.value))
        query_C1 = torch.arange(block, device=x_BLD.device)[:, None]
        key_W = torch.arange(-radius, block + radius, device=x_BLD.device)
        keys_BGW = windows.window_mask(real_BL, size, block, radius)
        visible_R1CW = windows.visible_pairs(
            (query_C1 - key_W).abs() <= radius, real_BL.unflatten(1, (-1, block)), keys_BGW
        )
        return windows.attend_blocks(self.query(x_BLD), k_RWD, v_RWD, visible_R1CW, self.heads)

    def _pooled_window(self, y_BLD: Tensor, real_BL: Tensor, block: int) -> Tensor:
        pooled_BMD, real_BM = self._pool(y_BLD, real_BL)
        centre, step = (self.kernel - 1) // 2, block // self.stride
        radius = min(self.pooled_window // 2, y_BLD.shape[1] + centre)
        # Pooled positions outside of the block: as many as the first query sees before it, or the last query after it.
        halo = max(radius + centre, radius - centre - 1 + self.stride) // self.stride
        size = step + 2 * halo
        pooled_TD = windows.end_to_end(pooled_BMD, halo)
        k_RWD, v_RWD = (
            windows.windows(project(pooled_TD), size, step) for project in (self.pooled_key, self.pooled_value)
        )
        query_C1 = torch.arange(block, device=y_BLD.device)[:, None]
        key_W = torch.arange(-halo, step + halo, device=y_BLD.device) * self.stride + centre
        keys_BGW = windows.window_mask(real_BM, size, step, halo)
        visible_R1CW = windows.visible_pairs(
            (query_C1 - key_W).abs() <= radius, real_BL.unflatten(1, (-1, block)), keys_BGW
        )
        return windows.attend_blocks(self.pooled_query(y_BLD), k_RWD, v_RWD, visible_R1CW, self.heads)

    def _pool(self, y_BLD: Tensor, real_BL: Tensor) -> tuple[Tensor, Tensor]:
        """Means over the real tokens of each pooled position, and which positions have any: (B, M, D), (B, M)."""
        overlap = self.kernel - self.stride
        real_BL1 = real_BL[..., None].to(y_BLD.dtype)
        sums_BMD = F.pad(y_BLD * real_BL1, (0, 0, 0, overlap)).unfold(1, self.kernel, self.stride).sum(-1)
        counts_BM1 = F.pad(real_BL1, (0, 0, 0, overlap)).unfold(1, self.kernel, self.stride).sum(-1)
        return sums_BMD / counts_BM1.clamp_min(1), counts_BM1[..., 0] > 0


def from_config(config: ModelConfig, layer: int) -> PoolingformerAttention:
    """The layer that a configuration describes."""
    return PoolingformerAttention(config.width, config.heads, window=config.pooling_window)
