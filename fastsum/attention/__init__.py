"""Attention, one mechanism a file behind one interface.

Over a document, `forward(x_BND, mask_BN=None) -> y_BND`; `encoder_attention` makes the one that a configuration names:

`AdditiveAttention`         Fastformer, linear in N
`AblatedAdditiveAttention`  Fastformer with one of its parts shared, replaced or left out
`TransformerAttention`      softmax over all pairs, quadratic in N; the rest are linear
`LongformerAttention`       softmax over a sliding window and global tokens
`BigBirdAttention`          softmax over blocks: a window, global ones, random ones
`PoolingformerAttention`    softmax over a window, then over a wider one whose tokens are pooled
`LinformerAttention`        softmax over keys and values projected to a fixed length
`LinearAttention`           a kernel in place of the softmax

In the decoder:

`CausalAdditiveAttention`   Fastformer over prefixes: constant memory per step
`CausalSoftmaxAttention`    ordinary causal attention: a cache that grows
`CrossAttention`            target to source: `prepare(states_BSD, mask_BS) -> memory` once, then
                            `forward(x_BTD, memory) -> (y_BTD, weights_BTS)`

The two causal layers share an interface: `forward(x_BTD, mask_BT=None) -> y_BTD` in training; in decoding
`initial_state(batch, device, dtype) -> state`, then `step(x_BD, state) -> (y_BD, state)` for each token.

Masks are bool, True at real tokens (None: all are), and exact: padding has no weight, and nothing is ever NaN for want
of a real token. Every state and memory is a named tuple of tensors with the batch first; `.select(index)` reorders or
repeats its rows. Layers know nothing of positions, dropout, residuals or normalisation: those are
the model's.
"""

from fastsum.attention.additive import AdditiveAttention, Form
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
    "Form",
    "encoder_attention",
]
