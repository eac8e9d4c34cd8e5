"""What the tests of every encoder attention share: documents, weights, a dense softmax and the padding checks."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

WIDTH, HEADS = 24, 4
CHANNELS = WIDTH // HEADS

Dense = Callable[[nn.Module, Tensor], Tensor]
"""A layer's equations for one document of real tokens, (N, D) -> (N, D), written out."""


def ragged(lengths: tuple[int, ...], width: int = WIDTH, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Random float64 documents of these lengths, noise where there is padding, and their mask."""
    generator = torch.Generator().manual_seed(seed)
    x_BND = torch.randn(len(lengths), max(lengths), width, generator=generator, dtype=torch.float64)
    return x_BND, torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]


def layer_of(kind: type[nn.Module], **options: int) -> nn.Module:
    """A float64 layer with weights large enough for sharp softmaxes, and biases that are not zero."""
    torch.manual_seed(1)
    layer = kind(WIDTH, HEADS, **options).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(std=2 / math.sqrt(WIDTH))
    return layer


def relative(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).detach().abs().max() / expected.detach().abs().max().clamp_min(1.0))


def dense_softmax(q_MD: Tensor, k_ND: Tensor, v_ND: Tensor, allowed_MN: Tensor) -> Tensor:
    """Head by head, softmax(q . k / sqrt(E)) over the pairs allowed, times v: (M, D)."""
    parts = []
    for head in range(HEADS):
        own = slice(head * CHANNELS, (head + 1) * CHANNELS)
        scores_MN = (q_MD[:, own] @ k_ND[:, own].T / math.sqrt(CHANNELS)).masked_fill(~allowed_MN, -math.inf)
        exponentials_MN = (scores_MN - scores_MN.max(1, keepdim=True).values).exp()
        parts.append(exponentials_MN / exponentials_MN.sum(1, keepdim=True) @ v_ND[:, own])
    return torch.cat(parts, dim=1)


def pairs(rows: int, columns: int, allowed: Callable[[int, int], bool]) -> Tensor:
    """The dense mask of a rule: (rows, columns)."""
    return torch.tensor([[allowed(i, j) for j in range(columns)] for i in range(rows)]).view(rows, columns)


def check_equations(layer: nn.Module, dense: Dense, lengths: tuple[int, ...]) -> None:
    """A padded batch against the dense equations, outputs and gradients; and each document alone, without a mask."""
    x_BND, mask_BN = ragged(lengths)
    x_BND.requires_grad_()
    y_BND = layer(x_BND, mask_BN)
    assert y_BND.isfinite().all()
    expected = [dense(layer, x_BND[row, :length]) for row, length in enumerate(lengths) if length]
    weights = [torch.randn(part.shape, generator=torch.Generator().manual_seed(7)).double() for part in expected]
    rows = [row for row, length in enumerate(lengths) if length]
    for row, part in zip(rows, expected, strict=True):
        assert relative(y_BND[row, : len(part)], part) < 1e-12, lengths[row]
        assert relative(layer(x_BND[row : row + 1, : len(part)])[0], part) < 1e-12, lengths[row]
    wanted = [x_BND, *layer.parameters()]
    found_loss = sum((y_BND[row, : len(part)] * part).sum() for row, part in zip(rows, weights, strict=True))
    exact_loss = sum((one * part).sum() for one, part in zip(expected, weights, strict=True))
    found = torch.autograd.grad(found_loss, wanted)
    for one, exact in zip(found, torch.autograd.grad(exact_loss, wanted), strict=True):
        assert relative(one, exact) < 1e-10
    assert (found[0][~mask_BN] == 0).all()


def check_padding(layer: nn.Module, lengths: tuple[int, ...]) -> None:
    """What stands at padding changes no real output by a bit, and nothing is NaN, whatever is differentiated."""
    x_BND, mask_BN = ragged(lengths)
    y_BND = layer(x_BND, mask_BN)
    louder_BND = torch.where(mask_BN[..., None], x_BND, 50.0 * x_BND).requires_grad_()
    louder_y_BND = layer(louder_BND, mask_BN)
    assert torch.equal(louder_y_BND[mask_BN], y_BND[mask_BN])
    assert louder_y_BND.isfinite().all()
    for gradient in torch.autograd.grad(louder_y_BND.square().sum(), [louder_BND, *layer.parameters()]):
        assert gradient.isfinite().all()


def check_low_precision(layer: nn.Module, lengths: tuple[int, ...]) -> None:
    """In float32, and under bf16 autocast, close to float64: outputs and the gradient of x."""
    x_BND, mask_BN = ragged(lengths)
    exact_BND = layer(x_BND.requires_grad_(), mask_BN)
    exact_gradient = torch.autograd.grad(exact_BND[mask_BN].square().sum(), x_BND)[0]
    layer.float()
    single_BND = x_BND.detach().float().requires_grad_()
    y_BND = layer(single_BND, mask_BN)
    assert y_BND.dtype == torch.float32
    assert relative(y_BND[mask_BN].double(), exact_BND[mask_BN]) < 1e-4
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y_BND = layer(single_BND, mask_BN)
    assert y_BND.dtype == torch.bfloat16
    assert difference(y_BND[mask_BN].double(), exact_BND[mask_BN]) < 0.05
    gradient = torch.autograd.grad(y_BND[mask_BN].float().square().sum(), single_BND)[0]
    assert difference(gradient.double(), exact_gradient) < 0.1


def difference(found: Tensor, expected: Tensor) -> float:
    """Relative distance of two tensors as vectors: rounding to bf16 shows in all entries, not in the worst."""
    return float((found - expected).detach().norm() / expected.detach().norm())


def check_trained(layer: nn.Module, length: int) -> None:
    """A document of this length gives every parameter a gradient but the biases of keys, which cancel in a softmax."""
    x_BND, mask_BN = ragged((length,))
    layer(x_BND, mask_BN).square().sum().backward()
    for name, parameter in layer.named_parameters():
        assert parameter.grad is not None, name
        assert name.endswith("key.bias") or parameter.grad.abs().max() > 0, name


def largest_allocation(layer: nn.Module, length: int) -> int:
    """Bytes of the largest allocation of any one operation while the layer trains on documents of `length` tokens."""
    x_BND = torch.randn(2, length, WIDTH, dtype=torch.float64, requires_grad=True)
    with torch.autograd.profiler.profile(profile_memory=True) as profile:
        layer(x_BND, torch.ones(2, length, dtype=torch.bool)).sum().backward()
    return max(event.self_cpu_memory_usage for event in profile.function_events)


def check_linear(layer: nn.Module, length: int = 1_000) -> None:
    """Twice the length, twice the largest allocation: nothing is N x N."""
    assert largest_allocation(layer, 2 * length) < 2.2 * largest_allocation(layer, length)


def check_long(layer: nn.Module) -> None:
    """A hundred thousand tokens of width 8 train; a score for each pair of them would take 40 GB."""
    x_BND = torch.randn(1, 100_000, 8, generator=torch.Generator().manual_seed(0), requires_grad=True)
    y_BND = layer(x_BND)
    (gradient,) = torch.autograd.grad(y_BND.sum(), x_BND)
    assert y_BND.isfinite().all()
    assert gradient.isfinite().all()


def check_gpu(layer: nn.Module, lengths: tuple[int, ...]) -> None:
    """On a GPU in float32 and bf16 as on the CPU in float64, outputs and gradients, with a mask and without."""
    x_BND, mask_BN = ragged(lengths)
    for mask in (mask_BN, None):
        real = mask_BN if mask is not None else torch.ones_like(mask_BN)
        layer.double().cpu()
        x = x_BND.clone().requires_grad_()
        exact = layer(x, mask)
        exact_gradient = torch.autograd.grad(exact[real].square().sum(), x)[0]
        layer.float().cuda()
        for autocast, tolerance in ((False, 0.002), (True, 0.05)):
            x = x_BND.float().cuda().requires_grad_()
            with torch.autocast("cuda", dtype=torch.bfloat16, enabled=autocast):
                y = layer(x, None if mask is None else mask.cuda())
            assert y.isfinite().all()
            assert difference(y[real.cuda()].double().cpu(), exact[real]) < tolerance
            gradient = torch.autograd.grad(y[real.cuda()].float().square().sum(), x)[0]
            assert difference(gradient.double().cpu(), exact_gradient) < 2 * tolerance
