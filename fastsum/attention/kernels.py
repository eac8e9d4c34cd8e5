"""Fastformer's pooling as Triton kernels: one read of x forward, one read and one write of its size more backward.

`fused_pool` computes what `fastsum.attention.additive.additive_pool` does, without storing scores or weights: forward
by the online softmax (Milakov & Gimelshein, arXiv 1805.02867), each program over a run of one document's tokens and a
second kernel joining the runs; backward from the saved log-sum-exp, as FlashAttention does (arXiv 2205.14135, section
3.1). No atomics: results are the same from run to run.

This module imports Triton, which not every platform has and which takes a second: import it only for tensors that
`additive_pool` finds on a GPU. With TRITON_INTERPRET=1 set before that import the kernels run on the CPU, for tests.

Products are of x's own type, so logits and weights are rounded to bfloat16 beside a bfloat16 x; float16, whose range
is too small for the weights of long documents, is multiplied as TF32, which holds it exactly; float32 stays exact, on
the ordinary units. All sums, maxima and exponentials are float32.

Shape suffixes: B documents, N tokens (of a block, within a kernel), S runs of tokens, H heads, R = 2 H rows, D width.
"""

# mypy: allow-untyped-defs, allow-incomplete-defs, disable-error-code="import-not-found,import-untyped"
# (Triton's kernels take pointers and constants of its compiler, and not every platform has it.)

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor
from torch.autograd.function import once_differentiable

# Whether the decorators below make functions for Triton's interpreter: they ask once, when they run.
INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"

_OPERANDS = {torch.bfloat16: tl.bfloat16, torch.float16: tl.float32, torch.float32: tl.float32}
_LOWEST = tl.constexpr(torch.finfo(torch.float32).min)
_INTERPRETED = tl.constexpr(INTERPRETED)


@triton.jit
def _product(a, b, sums, PRECISION: tl.constexpr):
    """The matrix product a b, added to the float32 `sums`."""
    if _INTERPRETED:  # the interpreter holds bfloat16 as integers, and would multiply those
        a, b = a.to(tl.float32), b.to(tl.float32)
    return tl.dot(a, b, sums, input_precision=PRECISION)


@triton.jit
def _pool_runs(
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
def _join_runs(
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
def _pool_backward(
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


def available(x_BND: Tensor, logits_BHD: Tensor) -> bool:
    """Whether `fused_pool` takes these: on an NVIDIA GPU from Ampere on (or any CPU, in the interpreter), not float64,
    not empty, and heads times width within its shared memory (16 heads at D = 512 in bfloat16 on an A100 or H100).
    """
    heads, width = int(logits_BHD.shape[1]), int(logits_BHD.shape[2])
    return x_BND.numel() > 0 and _fits(x_BND.dtype, x_BND.device, heads, width)


@torch.compiler.assume_constant_result  # nothing in here is for torch.compile to trace
def _fits(dtype: torch.dtype, device: torch.device, heads: int, width: int) -> bool:
    if dtype not in _OPERANDS:
        return False
    if device.type != "cuda":
        return INTERPRETED
    if torch.version.hip is not None:
        return False
    heads, width = _padded(heads, width)
    if dtype == torch.float32 and heads > 8:
        return False  # more run out of registers
    # Where the line is drawn: compiled, they take up to 88 KB where the logits' block, as multiplied, is 8 KB (8 heads
    # of 512 channels in bfloat16), which all of these GPUs have; up to 112 KB for 16 KB, which A100s and H100s have.
    capability, shared_memory, _ = _gpu(device.index)
    return capability >= 8 and 10 * heads * width * _operand_size(dtype) <= shared_memory


def fused_pool(x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """`additive_pool` in one read of x: the pooled vectors (B, H, D), always float32, and x itself to be read on from.

    Each head's weights are a softmax over the real tokens of x . logits; a token whose mask is False weighs exactly
    zero, and a document without real tokens pools to zero. x in bfloat16, float16 or float32, where `available`.
    """
    pooled_BHD, x_BND = _FusedPool.apply(x_BND, logits_BHD, mask_BN)
    return pooled_BHD, x_BND


class _FusedPool(torch.autograd.Function):
    """As `_AdditivePool`: the backward pass adds its gradient of x to the one passing by, where it is in registers."""

    @staticmethod
    def forward(ctx: Any, x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor | None) -> tuple[Tensor, Tensor]:
        pooled_BHD, lse_BH = _forward(x_BND, logits_BHD, mask_BN)
        ctx.save_for_backward(x_BND, logits_BHD, mask_BN, pooled_BHD, lse_BH)
        return pooled_BHD, x_BND.view_as(x_BND)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g_pooled_BHD: Tensor, g_x_BND: Tensor) -> tuple[Tensor, Tensor, None]:
        g_x_BND, g_logits_BHD = _backward(*ctx.saved_tensors, g_pooled_BHD, g_x_BND)
        return g_x_BND, g_logits_BHD, None


# Custom operators, opaque to torch.compile: the choice of a launch stays out of its graphs and guards, and only shapes
# and types, below, go in.


def _on_the_device_of_x(operator: Callable[..., tuple[Tensor, Tensor]]) -> Callable[..., tuple[Tensor, Tensor]]:
    """Triton launches on the current device, which need not be the one that holds the tensors."""

    @functools.wraps(operator)
    def run(x_BND: Tensor, *others: Any) -> tuple[Tensor, Tensor]:
        with torch.cuda.device_of(x_BND):  # nothing to do for the interpreter's
            return operator(x_BND, *others)

    return run


@torch.library.custom_op(
    "fastsum::pool_forward", mutates_args=(), schema="(Tensor x, Tensor logits, Tensor? mask) -> (Tensor, Tensor)"
)
@_on_the_device_of_x
def _forward(x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor | None) -> tuple[Tensor, Tensor]:
    batch, length, width = x_BND.shape
    heads = logits_BHD.shape[1]
    x_BND, logits_BHD, mask_BN = (
        x_BND.contiguous(),
        _rows(logits_BHD),
        None if mask_BN is None else mask_BN.contiguous(),
    )
    heads_padded, width_padded = _padded(heads, width)
    block = _block(x_BND, heads_padded, width_padded, tile=32768, most=128)
    runs, run_length = _runs(x_BND, block)
    peak_BSH = x_BND.new_empty((batch, runs, heads), dtype=torch.float32)
    norm_BSH = torch.empty_like(peak_BSH)
    sum_BSHD = x_BND.new_empty((batch, runs, heads, width), dtype=torch.float32)
    pooled_BHD = x_BND.new_empty((batch, heads, width), dtype=torch.float32)
    lse_BH = x_BND.new_empty((batch, heads), dtype=torch.float32)
    _pool_runs[batch, runs](
        x_BND,
        logits_BHD,
        mask_BN,
        peak_BSH,
        norm_BSH,
        sum_BSHD,
        length,
        run_length,
        logits_BHD.stride(0),
        H=heads,
        D=width,
        HEADS=heads_padded,
        WIDTH=width_padded,
        BLOCK=block,
        STAGES=3,
        OPERAND=_OPERANDS[x_BND.dtype],
        PRECISION=_precision(x_BND),
        num_warps=4 if heads_padded * width_padded <= 8192 else 8,
    )
    block_channels = min(64, width_padded)
    _join_runs[batch * heads, triton.cdiv(width, block_channels)](
        peak_BSH, norm_BSH, sum_BSHD, pooled_BHD, lse_BH, runs, H=heads, D=width, BLOCK_S=32, BLOCK_D=block_channels
    )
    return pooled_BHD, lse_BH


@torch.library.custom_op(
    "fastsum::pool_backward",
    mutates_args=(),
    schema="(Tensor x, Tensor logits, Tensor? mask, Tensor pooled, Tensor lse, Tensor g_pooled, Tensor g_passing) "
    "-> (Tensor, Tensor)",
)
@_on_the_device_of_x
def _backward(
    x_BND: Tensor,
    logits_BHD: Tensor,
    mask_BN: Tensor | None,
    pooled_BHD: Tensor,
    lse_BH: Tensor,
    g_pooled_BHD: Tensor,
    g_passing_BND: Tensor,
) -> tuple[Tensor, Tensor]:
    batch, length, width = x_BND.shape
    heads = logits_BHD.shape[1]
    x_BND, logits_BHD, mask_BN = (
        x_BND.contiguous(),
        _rows(logits_BHD),
        None if mask_BN is None else mask_BN.contiguous(),
    )
    heads_padded, width_padded = _padded(heads, width)
    size = _operand_size(x_BND.dtype)
    block = _block(x_BND, heads_padded, width_padded, tile=16384, most=64)
    runs, run_length = _runs(x_BND, block)
    g_x_BND = torch.empty_like(x_BND)
    g_logits_BSHD = x_BND.new_empty((batch, runs, heads, width), dtype=torch.float32)
    _pool_backward[batch, runs](
        x_BND,
        logits_BHD,
        mask_BN,
        pooled_BHD,
        lse_BH,
        g_pooled_BHD.contiguous(),
        g_passing_BND.contiguous(),
        g_x_BND,
        g_logits_BSHD,
        length,
        run_length,
        logits_BHD.stride(0),
        H=heads,
        D=width,
        HEADS=heads_padded,
        WIDTH=width_padded,
        BLOCK=block,
        # Three stages keep a block in flight beside the one at work; what two blocks leave no room for has one.
        STAGES=3 if block * width_padded * size <= 16384 else 2,
        OPERAND=_OPERANDS[x_BND.dtype],
        PRECISION=_precision(x_BND),
        num_warps=4 if heads_padded * width_padded * size <= 8192 else 8,
    )
    return g_x_BND, g_logits_BSHD.sum(1).to(logits_BHD.dtype)


@_forward.register_fake
def _(x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor | None) -> tuple[Tensor, Tensor]:
    pooled_BHD = x_BND.new_empty((x_BND.shape[0], logits_BHD.shape[1], x_BND.shape[2]), dtype=torch.float32)
    return pooled_BHD, pooled_BHD.new_empty(pooled_BHD.shape[:2])


@_backward.register_fake
def _(
    x_BND: Tensor,
    logits_BHD: Tensor,
    mask_BN: Tensor | None,
    pooled_BHD: Tensor,
    lse_BH: Tensor,
    g_pooled_BHD: Tensor,
    g_passing_BND: Tensor,
) -> tuple[Tensor, Tensor]:
    return x_BND.new_empty(x_BND.shape), logits_BHD.new_empty(logits_BHD.shape)


def _padded(heads: int, width: int) -> tuple[int, int]:
    """The powers of two that hold them, and enough for a matrix product's operands."""
    return max(8, triton.next_power_of_2(heads)), max(16, triton.next_power_of_2(width))


def _operand_size(dtype: torch.dtype) -> int:
    return 2 if dtype == torch.bfloat16 else 4


def _block(x_BND: Tensor, heads: int, width: int, tile: int, most: int) -> int:
    """Tokens of a block: what `tile` bytes of x hold, fewer where many heads need the registers; 16 at least."""
    size = _operand_size(x_BND.dtype)
    return max(16, min(most, tile // (width * size), 16 * tile // (heads * width * size)))


def _precision(x_BND: Tensor) -> str:
    return "tf32" if x_BND.dtype == torch.float16 else "ieee"


def _rows(logits_BHD: Tensor) -> Tensor:
    """The logits with each document's block dense; one block for all documents, expanded, stays one."""
    return logits_BHD if logits_BHD[0].is_contiguous() else logits_BHD.contiguous()


def _runs(x_BND: Tensor, block: int) -> tuple[int, int]:
    """Into how many runs of how many tokens each document is cut: two programs for each multiprocessor in all."""
    batch, length, _ = x_BND.shape
    programs = 2 * _gpu(x_BND.device.index)[2] if x_BND.is_cuda else 8
    run_length = block * triton.cdiv(length, block * triton.cdiv(programs, batch))
    return triton.cdiv(length, run_length), run_length


@functools.cache
def _gpu(index: int) -> tuple[int, int, int]:
    """A GPU's major compute capability, shared memory for one program (bytes) and number of multiprocessors."""
    properties = triton.runtime.driver.active.utils.get_device_properties(index)
    capability = torch.cuda.get_device_capability(index)[0]
    return capability, properties["max_shared_mem"], properties["multiprocessor_count"]
