"""The ablations of additive attention against their equations, written out token by token in float64."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from fastsum.attention.ablated import AblatedAdditiveAttention
from fastsum.attention.additive import AdditiveAttention
from fastsum.errors import FastsumError
from tests.attention.test_attention import HEADS, LENGTHS, WIDTH, layer_of, pooled, ragged, relative

COMBINATIONS = [
    {"share_query_value": share_query_value, "share_heads": share_heads, "interaction": interaction, "pooling": pooling}
    for share_query_value, share_heads, interaction, pooling in itertools.product(
        (True, False), (False, True), ("product", "addition", "concatenation"), ("both", "query", "key")
    )
]
combinations = pytest.mark.parametrize(
    "options", COMBINATIONS, ids=["-".join(map(str, options.values())) for options in COMBINATIONS]
)
every_pooling = pytest.mark.parametrize(
    "options",
    [
        {"share_heads": True, "interaction": "product"},
        {"interaction": "addition", "pooling": "query"},
        {"interaction": "addition", "pooling": "key"},
        {"interaction": "concatenation"},
    ],
    ids=lambda options: "-".join(map(str, options.values())),
)


def ablated_by_loop(layer: nn.Module, tokens: Tensor, options: dict[str, Any]) -> Tensor:
    """One document (N, D), every vector by itself."""

    def mapped(part: nn.Linear) -> list[Tensor]:
        vectors = [part.weight @ token + part.bias for token in tokens]
        return [torch.cat([vector] * HEADS) for vector in vectors] if options["share_heads"] else vectors

    def interaction(context: Tensor, own: Tensor, joined: nn.Linear | None) -> Tensor:
        if options["interaction"] == "product":
            return context * own
        if options["interaction"] == "addition":
            return context + own
        return joined.weight @ torch.cat([context, own]) + joined.bias

    q, k = mapped(layer.query), mapped(layer.key)
    v = q if options["share_query_value"] else mapped(layer.value)
    p = k
    if options["pooling"] != "key":
        qbar = pooled(layer.query_logits, torch.stack(q))
        p = [interaction(qbar, key, layer.key_interaction) for key in k]
    context = p
    if options["pooling"] != "query":
        context = [pooled(layer.key_logits, torch.stack(p))] * len(tokens)
    u = [interaction(context[i], v[i], layer.value_interaction) for i in range(len(tokens))]
    return torch.stack([layer.output(layer.transform(u[i]) + q[i]) for i in range(len(tokens))])


@combinations
def test_ablations_follow_their_equations(options: dict[str, Any]) -> None:
    layer = layer_of(AblatedAdditiveAttention, **options)
    x_BND, mask_BN = ragged()
    y_BND = layer(x_BND, mask_BN)
    for row, length in enumerate(LENGTHS):
        if length:
            assert relative(y_BND[row, :length], ablated_by_loop(layer, x_BND[row, :length], options)) < 1e-12
    assert relative(layer(x_BND)[0], ablated_by_loop(layer, x_BND[0], options)) < 1e-12


@combinations
def test_ablations_gradients_follow_their_equations(options: dict[str, Any]) -> None:
    """And no parameter is there that the output does not read."""
    layer = layer_of(AblatedAdditiveAttention, **options)
    x_BND, mask_BN = ragged((6, 3))
    x_BND.requires_grad_()
    leaves = [x_BND, *layer.parameters()]
    found = torch.autograd.grad(layer(x_BND, mask_BN)[mask_BN].square().sum(), leaves)
    loss = sum(ablated_by_loop(layer, x_BND[row, :n], options).square().sum() for row, n in enumerate((6, 3)))
    for a, b in zip(found, torch.autograd.grad(loss, leaves), strict=True):
        assert b.abs().max() > 0
        assert relative(a, b) < 1e-11


@pytest.mark.parametrize("share", [True, False])
def test_the_defaults_are_additive_attention(share: bool) -> None:
    whole = layer_of(AdditiveAttention, share_query_value=share, form="plain")
    layer = layer_of(AblatedAdditiveAttention, seed=2, share_query_value=share)
    layer.load_state_dict(whole.state_dict())
    assert list(layer.state_dict()) == list(whole.state_dict())
    x_BND, mask_BN = ragged()
    x_BND.requires_grad_()
    y_BND, expected_BND = layer(x_BND, mask_BN), whole(x_BND, mask_BN)
    assert relative(y_BND, expected_BND) < 1e-12
    found = torch.autograd.grad(y_BND[mask_BN].square().sum(), [x_BND, *layer.parameters()])
    expected = torch.autograd.grad(expected_BND[mask_BN].square().sum(), [x_BND, *whole.parameters()])
    for a, b in zip(found, expected, strict=True):
        assert relative(a, b) < 1e-11


def test_shared_heads_are_full_maps_that_repeat_themselves() -> None:
    shared = layer_of(AblatedAdditiveAttention, share_heads=True, share_query_value=False)
    assert shared.query.weight.shape == (WIDTH // HEADS, WIDTH)
    state = shared.state_dict()
    for name in ("query", "key", "value"):
        state[f"{name}.weight"] = state[f"{name}.weight"].repeat(HEADS, 1)
        state[f"{name}.bias"] = state[f"{name}.bias"].repeat(HEADS)
    full = layer_of(AblatedAdditiveAttention, share_query_value=False)
    full.load_state_dict(state)
    x_BND, mask_BN = ragged()
    assert relative(shared(x_BND, mask_BN), full(x_BND, mask_BN)) < 1e-12


@every_pooling
def test_padding_has_no_influence(options: dict[str, Any]) -> None:
    layer = layer_of(AblatedAdditiveAttention, **options)
    x_BND, mask_BN = ragged()
    x_BND.requires_grad_()
    y_BND = layer(x_BND, mask_BN)
    louder_y_BND = layer(torch.where(mask_BN[..., None], x_BND, 1e4 * x_BND), mask_BN)
    assert torch.equal(louder_y_BND[mask_BN], y_BND[mask_BN])
    assert louder_y_BND.isfinite().all()
    gradient_BND = torch.autograd.grad(y_BND[mask_BN].square().sum(), x_BND)[0]
    assert (gradient_BND[~mask_BN] == 0).all()


@every_pooling
def test_a_document_alone_is_the_document_in_a_batch(options: dict[str, Any]) -> None:
    layer = layer_of(AblatedAdditiveAttention, **options)
    x_BND, mask_BN = ragged()
    y_BND = layer(x_BND, mask_BN)
    for row, length in enumerate(LENGTHS):
        if length:
            assert relative(layer(x_BND[row : row + 1, :length])[0], y_BND[row, :length]) < 1e-12


@every_pooling
def test_documents_without_tokens(options: dict[str, Any]) -> None:
    layer = layer_of(AblatedAdditiveAttention, **options)
    x_BND, mask_BN = ragged((0, 4, 0))
    x_BND.requires_grad_()
    y_BND = layer(x_BND, mask_BN)
    assert y_BND.isfinite().all()
    for gradient in torch.autograd.grad(y_BND.square().sum(), [x_BND, *layer.parameters()]):
        assert gradient.isfinite().all()
    assert layer(x_BND[:, :0], mask_BN[:, :0]).shape == (3, 0, WIDTH)


@pytest.mark.parametrize("interaction", ["product", "addition", "concatenation"])
def test_bf16_autocast_stays_close(interaction: str) -> None:
    torch.manual_seed(0)
    layer = AblatedAdditiveAttention(64, 8, interaction=interaction)  # type: ignore[arg-type]
    x_BND, mask_BN = ragged((90, 30, 0), width=64)
    x_BND = x_BND.float()
    exact = layer(x_BND, mask_BN)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = layer(x_BND, mask_BN)
    assert rounded.dtype == torch.bfloat16
    assert relative(rounded[mask_BN].float(), exact[mask_BN]) < 0.02


def test_unknown_choices_are_refused() -> None:
    with pytest.raises(FastsumError, match="width 24 .* 5 heads"):
        AblatedAdditiveAttention(24, 5)
    with pytest.raises(FastsumError, match="interaction 'sum'"):
        AblatedAdditiveAttention(8, 2, interaction="sum")  # type: ignore[arg-type]
    with pytest.raises(FastsumError, match="pooling 'none'"):
        AblatedAdditiveAttention(8, 2, pooling="none")  # type: ignore[arg-type]
