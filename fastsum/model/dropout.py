"""Dropout whose random numbers are drawn fast on a CPU.

torch draws one 64-bit number for each element there (`bernoulli_`), which takes ten times as long as the rest of
dropout and a sixth of a training step. Here an element costs 8 random bits, from a generator that torch's seeds: the
same seed gives the same dropout. A run of elements is dropped where its bytes are below a limit, which is one of two
neighbours: drawn for each run, so that an element's rate is met to 1 in 65,536.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_STEPS = 1 << 16  # of a rate
_RUN = 256  # elements that share a limit
_BLOCK = 1 << 17  # elements that pass through the cache at once


class Drawn(NamedTuple):
    """What dropout keeps of a tensor."""

    mask: Tensor
    """uint8, of the tensor's shape: 1 at what is kept, unless it was drawn to be 1 at what is dropped."""
    scale: float
    """What is kept is multiplied by it."""

    def split(self, rows: int) -> list[Drawn]:
        """Of so many rows of the tensor at a time, whose dimensions but the last are flattened."""
        return [Drawn(mask, self.scale) for mask in self.mask.view(-1, self.mask.shape[-1]).split(rows)]


class Dropout(nn.Dropout):
    """`torch.nn.Dropout`, drawn faster on a CPU; rates and scaling are the same."""

    def forward(self, input: Tensor) -> Tensor:
        """As `torch.nn.Dropout`."""
        if not self.training or not self.p or input.device.type != "cpu" or torch.compiler.is_compiling():
            return super().forward(input)
        kept: Tensor = _Dropped.apply(input, *self.draw(input.shape))
        return kept

    def draw(self, shape: torch.Size, marks_dropped: bool = False) -> Drawn:
        """What is kept of a tensor of this shape on a CPU: each element but with probability `p`."""
        dropped = round(self.p * _STEPS)
        generator = np.random.Generator(np.random.SFC64(int(torch.randint(2**63 - 1, ()))))
        mask = np.empty(-(-shape.numel() // _RUN) * _RUN, np.uint8)
        for start in range(0, len(mask), _BLOCK):
            _draw(mask[start : start + _BLOCK].reshape(-1, _RUN), dropped, generator, marks_dropped)
        kept = torch.from_numpy(mask[: shape.numel()]).view(shape)
        return Drawn(kept, _STEPS / max(1, _STEPS - dropped))


def _draw(mask: NDArray[np.uint8], dropped: int, generator: np.random.Generator, marks_dropped: bool) -> None:
    """Fill a mask, a run a row, where `dropped` of 65,536 elements are to be dropped."""
    numbers = generator.integers(0, 2**64, mask.size // 8, np.uint64).view(np.uint8).reshape(mask.shape)
    limit, rest = divmod(dropped, 256)
    wide = np.uint8 if limit < 255 else np.uint16  # which holds the limit 256, below which all numbers are
    limits = (limit + (generator.integers(0, 256, (len(mask), 1), np.uint8) < rest)).astype(wide)
    compare = np.less if marks_dropped else np.greater_equal
    compare(numbers, limits, out=mask.view(np.bool_))


class _Dropped(torch.autograd.Function):
    """What is kept, scaled; a byte an element is remembered for the gradient."""

    @staticmethod
    def forward(ctx: Any, input: Tensor, mask: Tensor, scale: float) -> Tensor:
        ctx.save_for_backward(mask)
        ctx.scale = scale
        return _scaled(input, mask, scale)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (mask,) = ctx.saved_tensors
        return _scaled(gradients[0], mask, ctx.scale), None, None


def _scaled(values: Tensor, mask: Tensor, scale: float) -> Tensor:
    scaled = torch.empty_like(values, memory_format=torch.contiguous_format)
    for some, kept, out in zip(*(x.reshape(-1).split(_BLOCK) for x in (values, mask, scaled)), strict=True):
        torch.mul(some, kept, out=out).mul_(scale)
    return scaled
