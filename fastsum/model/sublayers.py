"""The two parts of a layer around its attention, as one function each: how a CPU trains them.

Between matrix products torch's modules write and read the whole batch a dozen times, and memory is slow. Here a block
of tokens passes through all of a part's steps while it is in the cache. The backward passes are written out, compute
the norms and GELUs again rather than keep them, and store less. The equations are those of `layers`, whose modules
hold the parameters and compute everywhere else.

Shape suffixes: B documents, N tokens (of a block, within a loop), D width, F feed-forward's width, K taps of a kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from fastsum.model.dropout import Drawn

# At D = 192 blocks of 512 to 4,096 tokens take the same time; 1,024 are best for the convolution, by a tenth of it.
BLOCK_TOKENS = 1_024
# GELU and its derivative are exactly zero there, so adding it to an input drops the output, in both passes.
_GELU_IS_ZERO = -1e4


def fuses(module: nn.Module, x: Tensor) -> bool:
    """Whether `module` should compute by these functions: it trains, on a CPU, and nothing compiles it."""
    return module.training and x.device.type == "cpu" and torch.is_grad_enabled() and not torch.compiler.is_compiling()


class Drops(NamedTuple):
    """What dropout keeps at its three places after an attention."""

    attention_ND: Drawn
    hidden_NF: Drawn
    """Its mask marks what is dropped."""
    output_ND: Drawn


# ---------------------------------------------------------------------------------------------------- before attention


def norm_and_convolution(x_BND: Tensor, norm: nn.LayerNorm, convolution: nn.Conv2d, mask_BN: Tensor | None) -> Tensor:
    """h + convolution(h) of h = norm(x), where padding counts as zeros: (B, N, D) -> (B, N, D), under autocast of its
    type.

    Values at padding differ from those of the modules; they mean nothing.
    """
    arguments = norm.weight, norm.bias, norm.eps, convolution.weight, convolution.bias, mask_BN
    y_BND: Tensor = _NormAndConvolution.apply(x_BND, _narrow(x_BND), *arguments)
    return y_BND


def _narrow(x: Tensor) -> torch.dtype:
    """The type of products with x."""
    return torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else x.dtype


class _NormAndConvolution(torch.autograd.Function):
    """`norm_and_convolution`, computed from its norm on in the type `narrow`; its gradient for the input is a
    convolution again.

    oneDNN's backward of a depthwise convolution takes twelve times as long as its forward.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x_BND: Tensor,
        narrow: torch.dtype,
        scale_D: Tensor,
        shift_D: Tensor,
        eps: float,
        kernel_D11K: Tensor,
        bias_D: Tensor,
        mask_BN: Tensor | None,
    ) -> Tensor:
        h_BND = torch.empty_like(x_BND, dtype=narrow, memory_format=torch.contiguous_format)
        statistics = []
        with torch.autocast("cpu", enabled=False):
            for x_ND, h_ND in _rows(x_BND, h_BND):
                n_ND, *of_block = torch.native_layer_norm(x_ND, scale_D.shape, scale_D, shift_D, eps)
                h_ND.copy_(n_ND)
                statistics.append(of_block)
            padding_R = None if mask_BN is None else (~mask_BN).flatten().nonzero()[:, 0]
            _blank(h_BND, padding_R)
            mean_R1, rate_R1 = map(torch.cat, zip(*statistics, strict=True))
            ctx.save_for_backward(x_BND, mean_R1, rate_R1, scale_D, shift_D, h_BND, kernel_D11K, padding_R)
            return _add_convolved(h_BND, kernel_D11K, bias_D)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g_BND: Tensor) -> tuple[Tensor | None, ...]:
        x_BND, mean_R1, rate_R1, scale_D, shift_D, h_BND, kernel_D11K, padding_R = ctx.saved_tensors
        g_x_BND = torch.empty_like(x_BND, memory_format=torch.contiguous_format)
        g_scale_D, g_shift_D = torch.zeros_like(scale_D), torch.zeros_like(shift_D)
        with torch.autocast("cpu", enabled=False):
            g_BND = g_BND.contiguous()
            g_kernel_KD, g_bias_D = _kernel_gradients(h_BND, g_BND, kernel_D11K.shape[-1])
            g_h_BND = _add_convolved(g_BND, kernel_D11K.flip(-1), None)
            _blank(g_h_BND, padding_R)
            for g_h_ND, x_ND, mean_N1, rate_N1, g_x_ND in _rows(g_h_BND, x_BND, mean_R1, rate_R1, g_x_BND):
                found = torch.ops.aten.native_layer_norm_backward(
                    g_h_ND.to(x_ND.dtype), x_ND, scale_D.shape, mean_N1, rate_N1, scale_D, shift_D, [True, True, True]
                )
                g_x_ND.copy_(found[0])
                g_scale_D += found[1]
                g_shift_D += found[2]
        return g_x_BND, None, g_scale_D, g_shift_D, None, g_kernel_KD.T.reshape(kernel_D11K.shape), g_bias_D, None


def _blank(h_BND: Tensor, padding_R: Tensor | None) -> None:
    """Set the rows of padding to zero."""
    if padding_R is not None and len(padding_R):
        h_BND.view(-1, h_BND.shape[-1]).index_fill_(0, padding_R, 0.0)


def _add_convolved(h_BND: Tensor, kernel_D11K: Tensor, bias_D: Tensor | None) -> Tensor:
    """h + what the convolution makes of it."""
    narrow, taps = h_BND.dtype, kernel_D11K.shape[-1]
    adds = narrow != kernel_D11K.dtype  # a kernel that includes h has taps near 1, too coarse in a narrow type
    kernel_D11K = kernel_D11K.to(narrow, copy=True)
    if not adds:
        kernel_D11K[..., taps // 2] += 1.0
    image_BD1N = h_BND.transpose(1, 2).unsqueeze(2)  # as in `layers.ShortConvolution`
    bias_D = None if bias_D is None else bias_D.to(narrow)
    y_BD1N = F.conv2d(image_BD1N, kernel_D11K, bias_D, padding=(0, taps // 2), groups=len(kernel_D11K))
    y_BND = y_BD1N.squeeze(2).transpose(1, 2)
    return y_BND.add_(h_BND) if adds else y_BND


def _kernel_gradients(h_BND: Tensor, g_BND: Tensor, taps: int) -> tuple[Tensor, Tensor]:
    """Gradients of the kernel, (K, D), and of the bias, (D,): sums of products of shifted blocks."""
    tokens, width = h_BND.shape[1:]
    wide = torch.promote_types(h_BND.dtype, torch.float32)
    g_kernel_KD, g_bias_D = (h_BND.new_zeros(*shape, dtype=wide) for shape in ((taps, width), (width,)))
    documents = max(1, BLOCK_TOKENS // tokens)
    for h_bND, g_bND in zip(h_BND.split(documents), g_BND.split(documents), strict=True):
        for start in range(0, tokens, BLOCK_TOKENS):
            stop = min(start + BLOCK_TOKENS, tokens)
            g_bias_D += g_bND[:, start:stop].sum((0, 1))
            for tap in range(taps):
                shift = tap - taps // 2
                first, last = max(start, -shift), min(stop, tokens - shift)
                if first < last:
                    shifted_bND = h_bND[:, first + shift : last + shift]
                    g_kernel_KD[tap] += (shifted_bND * g_bND[:, first:last]).sum((0, 1))
    return g_kernel_KD, g_bias_D


# ----------------------------------------------------------------------------------------------------- after attention


def residual_feedforward(
    x: Tensor, y: Tensor, norm: nn.LayerNorm, first: nn.Linear, second: nn.Linear, drops: Drops
) -> Tensor:
    """r + dropout(second(dropout(gelu(first(norm(r)))))) of r = x + dropout(y): (..., D) and (..., D) -> (..., D)."""
    parameters = norm.weight, norm.bias, first.weight, first.bias, second.weight, second.bias
    z: Tensor = _ResidualFeedForward.apply(x, y, drops, norm.eps, _narrow(x), *parameters)
    return z


class _ResidualFeedForward(torch.autograd.Function):
    """`residual_feedforward`, whose products are computed in the type `narrow`."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        y: Tensor,
        drops: Drops,
        eps: float,
        narrow: torch.dtype,
        scale_D: Tensor,
        shift_D: Tensor,
        first_FD: Tensor,
        bias_F: Tensor,
        second_DF: Tensor,
        bias_D: Tensor,
    ) -> Tensor:
        ctx.drops, ctx.eps, ctx.narrow = drops, eps, narrow
        z = torch.empty_like(x, memory_format=torch.contiguous_format)
        r, a = torch.empty_like(z), z.new_empty(*z.shape[:-1], len(bias_F), dtype=narrow)
        with torch.autocast("cpu", enabled=False):
            first_DF, bias_F = first_FD.to(narrow).T, bias_F.to(narrow)
            second_FD, bias_D = (second_DF * drops.hidden_NF.scale).to(narrow).T, bias_D.to(narrow)
            for x_ND, y_ND, r_ND, a_NF, z_ND, kept in _blocks(x, y, r, a, z, drops=drops):
                _add_kept(x_ND, y_ND, kept.attention_ND, out=r_ND)
                n_ND = F.layer_norm(r_ND, scale_D.shape, scale_D, shift_D, eps).to(narrow)
                torch.add(bias_F, kept.hidden_NF.mask, alpha=_GELU_IS_ZERO, out=a_NF)
                torch.addmm(a_NF, n_ND, first_DF, out=a_NF)
                _add_kept(r_ND, torch.addmm(bias_D, F.gelu(a_NF), second_FD), kept.output_ND, out=z_ND)
        ctx.save_for_backward(r, a, scale_D, shift_D, first_FD, second_DF)
        ctx.type_y = y.dtype
        return z

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Any, ...]:
        r, a, scale_D, shift_D, first_FD, second_DF = ctx.saved_tensors
        drops, narrow = ctx.drops, ctx.narrow
        g_x, g_y = torch.empty_like(r), torch.empty_like(r, dtype=ctx.type_y)
        sums = [torch.zeros_like(p) for p in (scale_D, shift_D, first_FD, first_FD[:, 0], second_DF, second_DF[:, 0])]
        g_scale_D, g_shift_D, g_first_FD, g_bias_F, g_second_DF, g_bias_D = sums
        with torch.autocast("cpu", enabled=False):
            second_narrow_DF = (second_DF * drops.hidden_NF.scale).to(narrow)
            first_narrow_FD = first_FD.to(narrow)
            for g_ND, r_ND, a_NF, g_x_ND, g_y_ND, kept in _blocks(g, r, a, g_x, g_y, drops=drops):
                n_ND, mean_N1, rate_N1 = torch.native_layer_norm(r_ND, scale_D.shape, scale_D, shift_D, ctx.eps)
                g_out_ND = _scaled(g_ND, kept.output_ND).to(narrow)
                _add_product(g_second_DF, g_out_ND.T, F.gelu(a_NF))
                g_bias_D += g_out_ND.sum(0)
                g_h_NF = g_out_ND @ second_narrow_DF
                g_a_NF = torch.ops.aten.gelu_backward.grad_input(g_h_NF, a_NF, grad_input=g_h_NF)
                _add_product(g_first_FD, g_a_NF.T, n_ND.to(narrow))
                g_bias_F += g_a_NF.sum(0)
                g_n_ND = (g_a_NF @ first_narrow_FD).to(r.dtype)
                g_r_ND, *g_norm = torch.ops.aten.native_layer_norm_backward(
                    g_n_ND, r_ND, scale_D.shape, mean_N1, rate_N1, scale_D, shift_D, [True, True, True]
                )
                g_scale_D += g_norm[0]
                g_shift_D += g_norm[1]
                torch.add(g_ND, g_r_ND, out=g_x_ND)
                _scaled(g_x_ND, kept.attention_ND, out=g_y_ND)
        g_second_DF *= drops.hidden_NF.scale
        return g_x, g_y, None, None, None, *sums


def _blocks(*tensors: Tensor, drops: Drops) -> Iterator[tuple[Any, ...]]:
    """Views of the same tokens of each tensor, and what dropout keeps of them."""
    kept = zip(*(drop.split(BLOCK_TOKENS) for drop in drops), strict=True)
    for views, three in zip(_rows(*tensors), kept, strict=True):
        yield *views, Drops(*three)


def _rows(*tensors: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Views of the same tokens of each tensor."""
    return zip(*(tensor.reshape(-1, tensor.shape[-1]).split(BLOCK_TOKENS) for tensor in tensors), strict=True)


def _scaled(values: Tensor, kept: Drawn, out: Tensor | None = None) -> Tensor:
    """What is kept, scaled."""
    return torch.mul(values, kept.mask.to(values.dtype).mul_(kept.scale), out=out)


def _add_kept(base: Tensor, values: Tensor, kept: Drawn, out: Tensor) -> None:
    """base + what is kept of the values, scaled."""
    torch.addcmul(base, values.to(base.dtype), kept.mask.to(base.dtype), value=kept.scale, out=out)


def _add_product(sums: Tensor, left: Tensor, right: Tensor) -> None:
    """Add a matrix product to sums that may be of a wider type."""
    if sums.dtype == left.dtype:
        torch.addmm(sums, left, right, out=sums)
    else:
        sums += left @ right
