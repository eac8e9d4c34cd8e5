"""The attention mechanisms that are measured, and one call of each.

"sublayer" is one attention layer, "encoder" the news preset's stack of encoder layers with it. All documents
are full and no mask is passed, so that softmax attention can use its fastest kernel. "forward" runs in inference
mode, "training" is a forward pass and the gradients of the input and of every parameter. In bf16 and fp16 the input has
that type, the weights are float32 and autocast picks each operation's type, as in the model.

Shape suffixes: B documents, N tokens, D width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Literal

import torch
from torch import Tensor, nn

from fastsum.attention import AdditiveAttention, encoder_attention
from fastsum.config import ATTENTIONS, Config
from fastsum.device import autocast
from fastsum.errors import FastsumError
from fastsum.model.layers import Encoder

Pass = Literal["forward", "training"]
Call = Callable[[Tensor], Tensor]

PASSES: tuple[Pass, ...] = ("forward", "training")
FORMS = ("fastformer", "fastformer-plain", "fastformer-eager")
"""Forms of Fastformer. Only the first uses its Triton kernels; "plain" computes token by token, "eager" collapsed."""
MECHANISMS = (*FORMS, *(name for name in ATTENTIONS if name not in FORMS))
LENGTHS = tuple(2**power for power in range(7, 17))


@dataclass(frozen=True)
class AttentionSettings:
    """What is measured. Raises FastsumError for an unknown mechanism."""

    mechanisms: tuple[str, ...] = tuple(name for name in MECHANISMS if name != "fastformer-eager")
    lengths: tuple[int, ...] = LENGTHS
    """Tokens of a document, ascending."""
    tokens: int = LENGTHS[-1]
    """Tokens in a batch; a longer document is a batch of its own."""
    scope: Literal["sublayer", "encoder"] = "sublayer"
    width: int = 256
    heads: int = 8
    layers: int = 3
    """Number of encoder layers."""
    compile: bool = False
    """Whether torch.compile runs each mechanism; compiling is not timed."""
    rounds: int = 5
    """Samples of each figure."""
    limit: float = 20.0
    """Seconds; slower calls are measured once, and calls expected to take twice this are skipped."""
    memory: bool = True
    """Whether peak memory is measured; never for compiled code on a CPU, where the compiler would count too."""

    def __post_init__(self) -> None:
        if unknown := [name for name in self.mechanisms if name not in MECHANISMS]:
            raise FastsumError(f"unknown mechanism {', '.join(unknown)}; choose from {', '.join(MECHANISMS)}")

    def batch(self, length: int) -> int:
        """Documents in a batch."""
        return max(1, self.tokens // length)


def available(device: torch.device) -> tuple[str, ...]:
    """The mechanisms that differ on a device: without a GPU, Fastformer has no kernels to leave out."""
    return tuple(name for name in MECHANISMS if name != "fastformer-eager" or device.type == "cuda")


def build(name: str, settings: AttentionSettings) -> nn.Module:
    """A mechanism with random weights, the same on every call: (B, N, D) -> (B, N, D)."""
    attention, _, form = name.partition("-")
    config = replace(
        Config.load("news").model,
        attention=attention,
        attention_form="plain" if form == "plain" else "auto",
        width=settings.width,
        heads=settings.heads,
        feedforward=2 * settings.width,
    )
    torch.manual_seed(0)
    module = encoder_attention(config) if settings.scope == "sublayer" else Encoder(config, settings.layers)
    for part in module.modules():
        if isinstance(part, AdditiveAttention):
            part.fused = not form
    return module


def action(
    module: nn.Module, work: Pass, x_BND: Tensor, settings: AttentionSettings, dtype: torch.dtype
) -> Callable[[], None]:
    """One call of a pass over a batch."""

    def eager(x_BND: Tensor) -> Tensor:
        return module(x_BND)

    call: Call = eager
    if settings.compile:
        # torch caches and counts compiled code by code object: with a copy for each cell its limit is not reached.
        own = FunctionType(eager.__code__.replace(), eager.__globals__, closure=eager.__closure__)
        call = torch.compile(own, dynamic=False)

    def forward() -> None:
        with torch.inference_mode(), autocast(x_BND.device, dtype):
            call(x_BND)

    if work == "forward":
        return forward
    leaf_BND = x_BND.detach().requires_grad_()
    inputs = [leaf_BND, *module.parameters()]
    with torch.no_grad(), autocast(x_BND.device, dtype):
        out_type = eager(x_BND[:1, :1]).dtype
    # The gradient of a sum would be one number, expanded: a layout that training never has.
    g_BND = torch.randn_like(x_BND, dtype=out_type)

    def training() -> None:
        with autocast(x_BND.device, dtype):
            y_BND = call(leaf_BND)
        torch.autograd.grad(y_BND, inputs, g_BND, allow_unused=True)  # such as local weights where all are global

    return training
