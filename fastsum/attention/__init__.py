"""Attention, one mechanism a file behind one interface.

Over a document, `forward(x_BND, mask_BN=None) -> y_BND`. A new mechanism is a module here with such a layer and a
function `from_config(config, layer)`, a line in the registry, and fields of `ModelConfig` where it has settings.

`kernels`        Fastformer's pooling as Triton kernels
`fused_pool`     when those kernels are used, and their gradients
`additive`       Fastformer, linear in N
`ablated`        Fastformer with one of its parts shared, replaced or left out
`fastformer`     the one of these two that a configuration describes
`transformer`    softmax over all pairs, quadratic in N; the rest are linear
`windows`        sliding windows in blocks, for the next three
`longformer`     softmax over a sliding window and global tokens
`bigbird`        softmax over blocks: a window, global ones, random ones
`poolingformer`  softmax over a window, then over a wider one whose tokens are pooled
`linformer`      softmax over keys and values projected to a fixed length
`linear`         a kernel function instead of the softmax
`encoders`       the mechanism that a configuration names, from the registry `fastsum.config.ATTENTIONS`

In the decoder:

`causal`         Fastformer over prefixes: constant memory per step
`softmax`        ordinary causal attention, whose cache grows; and attention from target to source:
                 `prepare(states_BSD, mask_BS) -> memory` once, then `forward(x_BTD, memory) -> (y_BTD, weights_BTS)`

The two causal layers share an interface: `forward(x_BTD, mask_BT=None) -> y_BTD` in training; in decoding
`initial_state(batch, device, dtype) -> state`, then `step(x_BD, state) -> (y_BD, state)` for each token.

Masks are bool, True at real tokens (None: all are), and exact: padding has no weight, and no result is NaN even
without real tokens. Every state and memory is a named tuple of tensors with the batch first; `.select(index)` reorders
or repeats its rows. Positions, dropout, residuals and normalization belong to the model, not to these layers.
"""

from fastsum.attention.additive import AdditiveAttention
from fastsum.attention.causal import CausalAdditiveAttention, CausalAdditiveState
from fastsum.attention.encoders import encoder_attention
from fastsum.attention.softmax import CausalSoftmaxAttention, CausalSoftmaxState, CrossAttention, CrossMemory

__all__ = [
    "AdditiveAttention",
    "CausalAdditiveAttention",
    "CausalAdditiveState",
    "CausalSoftmaxAttention",
    "CausalSoftmaxState",
    "CrossAttention",
    "CrossMemory",
    "encoder_attention",
]
