"""Longformer attention against dense masks in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from fastsum.attention.longformer import LongformerAttention
from fastsum.attention.windows import BLOCK_TOKENS
from fastsum.errors import FastsumError
from tests.attention import attention_cases as cases

LENGTHS = (BLOCK_TOKENS + 6, 2, 0, 2 * BLOCK_TOKENS, 11, 2 * BLOCK_TOKENS + 1)
OPTIONS = {"window": 14, "global_tokens": 5}


def by_masks(layer: nn.Module, tokens_ND: Tensor) -> Tensor:
    """Section 3.1 of the paper for one document: the window and the global tokens, then the global tokens' own rows."""
    length, few, reach = len(tokens_ND), min(layer.global_tokens, len(tokens_ND)), layer.window // 2
    allowed_NN = cases.pairs(length, length, lambda i, j: abs(i - j) <= reach or j < few)
    local_ND = cases.dense_softmax(layer.query(tokens_ND), layer.key(tokens_ND), layer.value(tokens_ND), allowed_NN)
    global_PD = cases.dense_softmax(
        layer.global_query(tokens_ND[:few]),
        layer.global_key(tokens_ND),
        layer.global_value(tokens_ND),
        torch.ones(few, length, dtype=torch.bool),
    )
    return layer.output(torch.cat((global_PD, local_ND[few:])))


@pytest.mark.parametrize(
    "options",
    [
        OPTIONS,
        {"window": 1, "global_tokens": 1},  # itself and one global token
        {"window": 9, "global_tokens": BLOCK_TOKENS + 3},  # more global tokens than a block holds
        {"window": 2 * BLOCK_TOKENS + 20, "global_tokens": 3},  # a window wider than a block on each side
        {},  # the defaults
    ],
)
def test_follows_the_paper(options: dict[str, int]) -> None:
    cases.check_equations(cases.layer_of(LongformerAttention, **options), by_masks, LENGTHS)


def test_padding_has_no_influence() -> None:
    cases.check_padding(cases.layer_of(LongformerAttention, **OPTIONS), LENGTHS)


def test_low_precision_stays_close() -> None:
    cases.check_low_precision(cases.layer_of(LongformerAttention, **OPTIONS), (70, 3, 0))


def test_every_parameter_is_trained() -> None:
    cases.check_trained(cases.layer_of(LongformerAttention, **OPTIONS), 40)


def test_memory_is_linear() -> None:
    cases.check_linear(cases.layer_of(LongformerAttention))


def test_default_sizes_are_the_issue_s() -> None:
    layer = LongformerAttention(cases.WIDTH, cases.HEADS)
    assert (layer.window, layer.global_tokens) == (64, 64)
    assert "window=64, global_tokens=64" in repr(layer)


@pytest.mark.parametrize("name", ["window", "global_tokens"])
def test_impossible_sizes_are_refused(name: str) -> None:
    with pytest.raises(FastsumError, match=f"{name} is 0"):
        LongformerAttention(cases.WIDTH, cases.HEADS, **{name: 0})


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_agrees() -> None:
    cases.check_gpu(cases.layer_of(LongformerAttention), (300, 1, 129))
