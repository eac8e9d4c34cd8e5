"""Fastformer's pooling as Triton kernels: one read of x forward, one read and one write of its size more backward.

They compute what `fastsum.attention.additive.additive_pool` does, without storing scores or weights: forward by
the online softmax (Milakov & Gimelshein, arXiv 1805.02867), each program over a run of one document's tokens and a
second kernel joining the runs; backward from the saved log-sum-exp, as FlashAttention does (arXiv 2205.14135, section
3.1). No atomics: results are the same from run to run. `fused_pool` launches them.

With TRITON_INTERPRET=1 set before this module is imported the kernels run on the CPU, for tests.

Shape suffixes: B documents, N tokens (of a block, within a kernel), S runs of tokens, H heads, R = 2 H rows, D width.
"""

# mypy: allow-untyped-defs, allow-incomplete-defs, disable-error-code="import-not-found,import-untyped"
# (Triton's kernels take pointers and constants of its compiler, and not every platform has it.)

from __future__ import annotations

import os

import torch
import triton
import triton.language as tl

# Whether the decorators below make functions for Triton's interpreter: they ask once, when they run.
INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"

_LOWEST = tl.constexpr(torch.finfo(torch.float32).min)
_INTERPRETED = tl.constexpr(INTERPRETED)


@triton.jit
def _product(a, b, sums, PRECISION: tl.constexpr):
    """The matrix product a b, added to the float32 `sums`."""
    if _INTERPRETED:  # the interpreter holds bfloat16 as integers, and would multiply those
        a, b = a.to(tl.float32), b.to(tl.float32)
    return tl.dot(a, b, sums, input_precision=PRECISION)


@triton.jit
def pool_runs(
    x_ptr,
    logits_ptr,
    mask_ptr,
    peak_ptr,
    norm_ptr,
    sum_ptr,
    length,
    run_length,
    logits_stride,
    H: tl.constexpr,
    D: tl.constexpr,
    HEADS: tl.constexpr,
    WIDTH: tl.constexpr,
    BLOCK: tl.constexpr,
    STAGES: tl.constexpr,
    OPERAND: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Program (document, run): the greatest score of the run's real tokens, and their sums scaled by exp(-peak)."""
    document = tl.program_id(0).to(tl.int64)
    first = tl.program_id(1) * run_length
    count = min(length - first, run_length)
    x_ptr += (document * length + first) * D
    if mask_ptr is not None:
        mask_ptr += document * length + first
    n, h, d = tl.arange(0, BLOCK), tl.arange(0, HEADS), tl.arange(0, WIDTH)
    thin_HD = (h < H)[:, None] & (d < D)[None, :]
    logits_HD = tl.load(logits_ptr + document * logits_stride + h[:, None] * D + d[None, :], mask=thin_HD, other=0.0)
    logits_HD = logits_HD.to(OPERAND)

    peak_H = tl.full((HEADS,), _LOWEST, tl.float32)  # finite: the difference of two infinities would be NaN
    norm_H = tl.zeros((HEADS,), tl.float32)
    sum_HD = tl.zeros((HEADS, WIDTH), tl.float32)
    for start in tl.range(0, count, BLOCK, num_stages=STAGES):
        real_N = start + n < count
        inside_ND = real_N[:, None]
        if D != WIDTH:
            inside_ND = inside_ND & (d < D)[None, :]
        x_ND = tl.load(x_ptr + (start + n)[:, None] * D + d[None, :], mask=inside_ND, other=0.0).to(OPERAND)
        if mask_ptr is not None:
            real_N = tl.load(mask_ptr + start + n, mask=real_N, other=0) != 0
        scores_HN = _product(logits_HD, tl.trans(x_ND), tl.zeros((HEADS, BLOCK), tl.float32), PRECISION)
        scores_HN = tl.where(real_N[None, :], scores_HN, float("-inf"))
        higher_H = tl.maximum(peak_H, tl.max(scores_HN, 1))
        weights_HN = tl.exp(scores_HN - higher_H[:, None])
        fade_H = tl.exp(peak_H - higher_H)
        norm_H = norm_H * fade_H + tl.sum(weights_HN, 1)
        sum_HD = _product(weights_HN.to(OPERAND), x_ND, sum_HD * fade_H[:, None], PRECISION)
        peak_H = higher_H

    row_H = (document * tl.num_programs(1) + tl.program_id(1)) * H + h
    tl.store(peak_ptr + row_H, peak_H, mask=h < H)
    tl.store(norm_ptr + row_H, norm_H, mask=h < H)
    tl.store(sum_ptr + row_H[:, None] * D + d[None, :], sum_HD, mask=thin_HD)


@triton.jit
def join_runs(
    peak_ptr,
    norm_ptr,
    sum_ptr,
    pooled_ptr,
    lse_ptr,
    runs,
    H: tl.constexpr,
    D: tl.constexpr,
    BLOCK_S: tl.constexpr,
    BLOCK_D: tl.constexpr,
):
    """Program (document and head, part of the channels): the pooled vector and the log-sum-exp of its scores."""
    document, head = tl.program_id(0).to(tl.int64) // H, tl.program_id(0) % H
    s, d = tl.arange(0, BLOCK_S), tl.program_id(1) * BLOCK_D + tl.arange(0, BLOCK_D)
    peak = tl.full((), _LOWEST, tl.float32)
    norm = tl.zeros((), tl.float32)
    sum_D = tl.zeros((BLOCK_D,), tl.float32)
    for start in range(0, runs, BLOCK_S):
        inside_S = start + s < runs
        row_S = (document * runs + start + s) * H + head
        peak_S = tl.load(peak_ptr + row_S, mask=inside_S, other=float("-inf"))
        norm_S = tl.load(norm_ptr + row_S, mask=inside_S, other=0.0)
        sum_SD = tl.load(
            sum_ptr + row_S[:, None] * D + d[None, :], mask=inside_S[:, None] & (d < D)[None, :], other=0.0
        )
        higher = tl.maximum(peak, tl.max(peak_S, 0))
        fade, fade_S = tl.exp(peak - higher), tl.exp(peak_S - higher)
        norm = norm * fade + tl.sum(norm_S * fade_S, 0)
        sum_D = sum_D * fade + tl.sum(sum_SD * fade_S[:, None], 0)
        peak = higher
    # The greatest real token adds one to the norm: nothing there means no token, whose pool and weights are zero.
    some = norm > 0.0
    row = document * H + head
    tl.store(pooled_ptr + row * D + d, tl.where(some, sum_D / tl.where(some, norm, 1.0), 0.0), mask=d < D)
    tl.store(lse_ptr + row, tl.where(some, peak + tl.log(tl.where(some, norm, 1.0)), float("inf")))


@triton.jit
def pool_backward(
    x_ptr,
    logits_ptr,
    mask_ptr,
    pooled_ptr,
    lse_ptr,
    g_pooled_ptr,
    g_passing_ptr,
    g_x_ptr,
    g_logits_ptr,
    length,
    run_length,
    logits_stride,
    H: tl.constexpr,
    D: tl.constexpr,
    HEADS: tl.constexpr,
    WIDTH: tl.constexpr,
    BLOCK: tl.constexpr,
    STAGES: tl.constexpr,
    OPERAND: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Program (document, run): its tokens' gradients, added to those passing by, and its part of the logits'."""
    document = tl.program_id(0).to(tl.int64)
    first = tl.program_id(1) * run_length
    count = min(length - first, run_length)
    offset = (document * length + first) * D
    x_ptr += offset
    g_passing_ptr += offset
    g_x_ptr += offset
    if mask_ptr is not None:
        mask_ptr += document * length + first
    n, h, d = tl.arange(0, BLOCK), tl.arange(0, HEADS), tl.arange(0, WIDTH)
    thin_HD = (h < H)[:, None] & (d < D)[None, :]
    pooled_row_HD = (document * H + h)[:, None] * D + d[None, :]
    pooled_HD = tl.load(pooled_ptr + pooled_row_HD, mask=thin_HD, other=0.0)
    g_pooled_HD = tl.load(g_pooled_ptr + pooled_row_HD, mask=thin_HD, other=0.0)
    # sum_i w_i (x_i . g) = pooled . g, of the g that the products below see: rounded otherwise, it would leave a bias.
    mean_H = tl.sum(g_pooled_HD.to(OPERAND).to(tl.float32) * pooled_HD, 1)
    lse_H = tl.load(lse_ptr + document * H + h, mask=h < H, other=float("inf"))

    # Logits above, gradients of the pool below: for up to eight heads together one operand of the matrix units, both
    # where they multiply x and where they are multiplied into its gradient.
    r = tl.arange(0, 2 * HEADS)
    above_RD = (r < H)[:, None] & (d < D)[None, :]
    below_RD = ((r >= HEADS) & (r < HEADS + H))[:, None] & (d < D)[None, :]
    above_ptr = logits_ptr + document * logits_stride + r[:, None] * D + d[None, :]
    below_ptr = g_pooled_ptr + (document * H + r - HEADS)[:, None] * D + d[None, :]
    thin_RD = tl.load(above_ptr, mask=above_RD, other=0.0).to(tl.float32)
    thin_RD = (thin_RD + tl.load(below_ptr, mask=below_RD, other=0.0)).to(OPERAND)

    g_logits_HD = tl.zeros((HEADS, WIDTH), tl.float32)
    for start in tl.range(0, count, BLOCK, num_stages=STAGES):
        real_N = start + n < count
        inside_ND = real_N[:, None]
        if D != WIDTH:
            inside_ND = inside_ND & (d < D)[None, :]
        at_ND = (start + n)[:, None] * D + d[None, :]
        x_ND = tl.load(x_ptr + at_ND, mask=inside_ND, other=0.0).to(OPERAND)
        g_x_ND = tl.load(g_passing_ptr + at_ND, mask=inside_ND, other=0.0).to(tl.float32)
        if mask_ptr is not None:
            real_N = tl.load(mask_ptr + start + n, mask=real_N, other=0) != 0
        product_RN = _product(thin_RD, tl.trans(x_ND), tl.zeros((2 * HEADS, BLOCK), tl.float32), PRECISION)
        scores_HN, g_weights_HN = tl.split(tl.permute(tl.reshape(product_RN, (2, HEADS, BLOCK)), (1, 2, 0)))
        weights_HN = tl.exp(tl.where(real_N[None, :], scores_HN - lse_H[:, None], float("-inf")))
        g_scores_HN = weights_HN * (g_weights_HN - mean_H[:, None])
        weights_HN, g_scores_HN = weights_HN.to(OPERAND), g_scores_HN.to(OPERAND)
        g_logits_HD = _product(g_scores_HN, x_ND, g_logits_HD, PRECISION)
        thin_RN = tl.reshape(tl.permute(tl.join(g_scores_HN, weights_HN), (2, 0, 1)), (2 * HEADS, BLOCK))
        g_x_ND = _product(tl.trans(thin_RN), thin_RD, g_x_ND, PRECISION)
        tl.store(g_x_ptr + at_ND, g_x_ND, mask=inside_ND)

    row_H = (document * tl.num_programs(1) + tl.program_id(1)) * H + h
    tl.store(g_logits_ptr + row_H[:, None] * D + d[None, :], g_logits_HD, mask=thin_HD)
