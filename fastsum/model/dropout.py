"""Dropout whose random numbers are drawn fast on a CPU.

torch draws one 64-bit number for each element there (`bernoulli_`), which takes ten times as long as the rest of
dropout and a sixth of a training step. Here an element costs 16 random bits, from a generator that torch's seeds: the
same seed gives the same dropout.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

_STEPS = 1 << 16  # of a rate: it is met to 1 in 65,536


class Dropout(nn.Dropout):
    """`torch.nn.Dropout`, drawn faster on a CPU; rates and scaling are the same."""

    def forward(self, input: Tensor) -> Tensor:
        """As `torch.nn.Dropout`."""
        if not self.training or input.device.type != "cpu" or torch.compiler.is_compiling():
            return super().forward(input)
        dropped = round(self.p * _STEPS)
        if not 0 < dropped < _STEPS:
            return super().forward(input)
        kept: Tensor = _Kept.apply(input, _draw(input.shape, dropped), _STEPS / (_STEPS - dropped))
        return kept


def _draw(shape: torch.Size, dropped: int) -> Tensor:
    """Which elements are kept, uint8: each but with probability `dropped` / 65,536."""
    size = shape.numel()
    seed = int(torch.randint(2**63 - 1, ()))
    numbers = np.random.Generator(np.random.SFC64(seed)).integers(0, 2**64, -(-size // 4), np.uint64)
    kept = numbers.view(np.uint16)[:size] >= dropped
    return torch.from_numpy(kept.view(np.uint8)).view(shape)


class _Kept(torch.autograd.Function):
    """What is kept, scaled; a byte an element is remembered for the gradient."""

    @staticmethod
    def forward(ctx: Any, input: Tensor, kept: Tensor, scale: float) -> Tensor:
        ctx.save_for_backward(kept)
        ctx.scale = scale
        return _scaled(input, kept, scale)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (kept,) = ctx.saved_tensors
        return _scaled(gradients[0], kept, ctx.scale), None, None


def _scaled(values: Tensor, kept: Tensor, scale: float) -> Tensor:
    factors = torch.from_numpy(np.multiply(kept.numpy(), np.float32(scale)))  # converts and scales in one pass
    return factors.to(values.dtype).mul_(values)
