"""Softmax attention against its definition, in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from fastsum.attention.transformer import TransformerAttention
from fastsum.errors import FastsumError
from tests.attention import attention_cases as cases

LENGTHS = (7, 1, 0, 12, 5)


def by_definition(layer: nn.Module, tokens_ND: Tensor) -> Tensor:
    """Every token to every token (Vaswani et al., equation 1)."""
    q_ND, k_ND, v_ND = layer.query_key_value(tokens_ND).chunk(3, dim=1)
    everything_NN = torch.ones(len(tokens_ND), len(tokens_ND), dtype=torch.bool)
    return layer.output(cases.dense_softmax(q_ND, k_ND, v_ND, everything_NN))


def test_follows_the_definition() -> None:
    cases.check_equations(cases.layer_of(TransformerAttention), by_definition, LENGTHS)


def test_padding_has_no_influence() -> None:
    cases.check_padding(cases.layer_of(TransformerAttention), LENGTHS)


def test_low_precision_stays_close() -> None:
    cases.check_low_precision(cases.layer_of(TransformerAttention), LENGTHS)


def test_every_parameter_is_trained() -> None:
    cases.check_trained(cases.layer_of(TransformerAttention), 9)


def test_no_score_matrix_or_mask_is_stored() -> None:
    cases.check_linear(cases.layer_of(TransformerAttention), length=300)


def test_impossible_heads_are_refused() -> None:
    with pytest.raises(FastsumError, match="width 24 .* 5 heads"):
        TransformerAttention(24, 5)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_agrees() -> None:
    cases.check_gpu(cases.layer_of(TransformerAttention), (150, 1, 77))
