"""Attention, one mechanism a file behind one interface.

`AdditiveAttention`         Fastformer over a document, linear in N: `forward(x_BND, mask_BN) -> y_BND`
`CausalAdditiveAttention`   Fastformer over prefixes: constant memory per step
`CausalSoftmaxAttention`    ordinary causal attention: a cache that grows
`CrossAttention`            target to source: `prepare(states_BSD, mask_BS) -> memory` once, then
                            `forward(x_BTD, memory) -> (y_BTD, weights_BTS)`

The two causal layers share an interface: `forward(x_BTD, mask_BT=None) -> y_BTD` in training; in decoding
`initial_state(batch, device, dtype) -> state`, then `step(x_BD, state) -> (y_BD, state)` for each token.

Masks are bool, True at real tokens, and exact: padding has no weight, and nothing is ever NaN for want of a real token.
Every state and memory is a named tuple of tensors with the batch first; `.select(index)` reorders or repeats its rows.
Layers know nothing of positions, dropout, residuals or normalisation: those are the model's.
"""

from fastsum.attention.additive import AdditiveAttention, Form
from fastsum.attention.causal import CausalAdditiveAttention, CausalAdditiveState
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
]
