"""Poolingformer attention against its two levels written out in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from fastsum.attention.poolingformer import PoolingformerAttention
from fastsum.errors import FastsumError
from tests.attention import attention_cases as cases

LENGTHS = (70, 2, 0, 128, 11, 129, 1)
OPTIONS = {"window": 14, "pooled_window": 50}


def by_levels(layer: nn.Module, tokens_ND: Tensor) -> Tensor:
    """Both levels for one document, the pooled keys and values made by pooling the projected ones, as in the paper."""
    length = len(tokens_ND)
    near_NN = cases.pairs(length, length, lambda i, j: abs(i - j) <= layer.window // 2)
    y_ND = cases.dense_softmax(layer.query(tokens_ND), layer.key(tokens_ND), layer.value(tokens_ND), near_NN)
    starts = range(0, length, layer.stride)
    k_ND, v_ND = layer.pooled_key(y_ND), layer.pooled_value(y_ND)
    k_MD = torch.stack([k_ND[start : start + layer.kernel].mean(0) for start in starts])
    v_MD = torch.stack([v_ND[start : start + layer.kernel].mean(0) for start in starts])
    centres = [start + (layer.kernel - 1) // 2 for start in starts]
    near_NM = cases.pairs(length, len(centres), lambda i, m: abs(centres[m] - i) <= layer.pooled_window // 2)
    z_ND = cases.dense_softmax(layer.pooled_query(y_ND), k_MD, v_MD, near_NM)
    return layer.output(y_ND + z_ND)


@pytest.mark.parametrize(
    "options",
    [
        OPTIONS,
        {"window": 1, "pooled_window": 8, "kernel": 4},  # kernels that do not overlap
        {"window": 6, "pooled_window": 17, "kernel": 8, "stride": 3},  # blocks of 66 tokens, kernels of several strides
        {"window": 3, "pooled_window": 9, "kernel": 1, "stride": 1},  # no pooling
        {"window": 150, "pooled_window": 171, "kernel": 7, "stride": 5},
        {},  # the defaults
    ],
)
def test_follows_the_paper(options: dict[str, int]) -> None:
    cases.check_equations(cases.layer_of(PoolingformerAttention, **options), by_levels, LENGTHS)


def test_padding_has_no_influence() -> None:
    cases.check_padding(cases.layer_of(PoolingformerAttention, **OPTIONS), LENGTHS)


def test_low_precision_stays_close() -> None:
    cases.check_low_precision(cases.layer_of(PoolingformerAttention, **OPTIONS), (70, 3, 0))


def test_every_parameter_is_trained() -> None:
    cases.check_trained(cases.layer_of(PoolingformerAttention, **OPTIONS), 40)


def test_memory_is_linear() -> None:
    cases.check_linear(cases.layer_of(PoolingformerAttention))


def test_default_sizes_are_the_issue_s() -> None:
    layer = PoolingformerAttention(cases.WIDTH, cases.HEADS)
    assert layer.window == 256
    assert "window=256, pooled_window=1024, kernel=5, stride=4" in repr(layer)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": 0}, "window is 0"),
        ({"kernel": 3}, "kernel 3 must be at least the stride, 4"),
        ({"pooled_window": 8}, "at most half of the pooled window, 8"),
    ],
)
def test_impossible_sizes_are_refused(options: dict[str, int], message: str) -> None:
    with pytest.raises(FastsumError, match=message):
        PoolingformerAttention(cases.WIDTH, cases.HEADS, **options)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_agrees() -> None:
    cases.check_gpu(cases.layer_of(PoolingformerAttention), (700, 1, 129))
