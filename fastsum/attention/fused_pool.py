"""Fastformer's pooling by the Triton kernels: when they can be used, how they are launched, and their gradients.

This module imports Triton, which not every platform has and which takes a second: import it only for tensors that
`additive_pool` finds on a GPU.

Products are computed in x's type, so logits and weights are rounded to bfloat16 with a bfloat16 x; float16, whose range
is too small for the weights of long documents, is multiplied as TF32, which holds it exactly; float32 stays exact, on
the ordinary units. All sums, maxima and exponentials are float32.

Shape suffixes: B documents, N tokens, S runs of tokens, H heads, D width.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor
from torch.autograd.function import once_differentiable

from fastsum.attention.kernels import INTERPRETED, join_runs, pool_backward, pool_runs

_OPERANDS = {torch.bfloat16: tl.bfloat16, torch.float16: tl.float32, torch.float32: tl.float32}


def available(x_BND: Tensor, logits_BHD: Tensor) -> bool:
    """Whether `fused_pool` takes these: on an NVIDIA GPU from Ampere on (or any CPU, in the interpreter), not float64,
    not empty, and heads times width within its shared memory (16 heads at D = 512 in bfloat16 on an A100 or H100).
    """
    heads, width = int(logits_BHD.shape[1]), int(logits_BHD.shape[2])
    return x_BND.numel() > 0 and _fits(x_BND.dtype, x_BND.device, heads, width)


@torch.compiler.assume_constant_result  # torch.compile must not trace this function
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
    """`additive_pool` in one read of x: the pooled vectors (B, H, D), always float32, and x itself for later steps.

    Each head's weights are a softmax of x . logits over the real tokens. A token whose mask is False has a weight of
    exactly zero, and a document without real tokens pools to zero. x is bfloat16, float16 or float32 and `available`.
    """
    pooled_BHD, x_BND = _FusedPool.apply(x_BND, logits_BHD, mask_BN)
    return pooled_BHD, x_BND


class _FusedPool(torch.autograd.Function):
    """Like `_AdditivePool`: the backward pass adds its gradient of x to the incoming one while that is in registers."""

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
    """Triton launches on the current device, which may differ from the one that holds the tensors."""

    @functools.wraps(operator)
    def run(x_BND: Tensor, *others: Any) -> tuple[Tensor, Tensor]:
        with torch.cuda.device_of(x_BND):  # nothing to do for the interpreter's
            return operator(x_BND, *others)

    return run


def _laid_out(x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor | None) -> tuple[Tensor, Tensor, Tensor | None]:
    """The same as the kernels step through them."""
    return x_BND.contiguous(), _rows(logits_BHD), None if mask_BN is None else mask_BN.contiguous()


@torch.library.custom_op(
    "fastsum::pool_forward", mutates_args=(), schema="(Tensor x, Tensor logits, Tensor? mask) -> (Tensor, Tensor)"
)
@_on_the_device_of_x
def _forward(x_BND: Tensor, logits_BHD: Tensor, mask_BN: Tensor | None) -> tuple[Tensor, Tensor]:
    batch, length, width = x_BND.shape
    heads = logits_BHD.shape[1]
    x_BND, logits_BHD, mask_BN = _laid_out(x_BND, logits_BHD, mask_BN)
    heads_padded, width_padded = _padded(heads, width)
    block = _block(x_BND, heads_padded, width_padded, tile=32768, most=128)
    runs, run_length = _runs(x_BND, block)
    peak_BSH = x_BND.new_empty((batch, runs, heads), dtype=torch.float32)
    norm_BSH = torch.empty_like(peak_BSH)
    sum_BSHD = x_BND.new_empty((batch, runs, heads, width), dtype=torch.float32)
    pooled_BHD = x_BND.new_empty((batch, heads, width), dtype=torch.float32)
    lse_BH = x_BND.new_empty((batch, heads), dtype=torch.float32)
    pool_runs[batch, runs](
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
    join_runs[batch * heads, triton.cdiv(width, block_channels)](
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
    x_BND, logits_BHD, mask_BN = _laid_out(x_BND, logits_BHD, mask_BN)
    heads_padded, width_padded = _padded(heads, width)
    size = _operand_size(x_BND.dtype)
    block = _block(x_BND, heads_padded, width_padded, tile=16384, most=64)
    runs, run_length = _runs(x_BND, block)
    g_x_BND = torch.empty_like(x_BND)
    g_logits_BSHD = x_BND.new_empty((batch, runs, heads, width), dtype=torch.float32)
    pool_backward[batch, runs](
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
        # With three stages a block is loaded while another is processed; where two do not fit there is one stage.
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
