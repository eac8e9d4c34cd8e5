"""The attention layers against the paper's equations, written out token by token in float64."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from fastsum.attention import (
    AdditiveAttention,
    CausalAdditiveAttention,
    CausalSoftmaxAttention,
    CrossAttention,
    additive,
)
from fastsum.attention.ablated import AblatedAdditiveAttention
from fastsum.attention.additive import additive_pool
from fastsum.attention.causal import BLOCK_TOKENS
from fastsum.attention.linear import LinearAttention
from fastsum.attention.linformer import LinformerAttention
from fastsum.attention.softmax import _causal_attention
from fastsum.config import Form
from fastsum.errors import FastsumError
from tests.attention import attention_cases as cases

WIDTH, HEADS = 24, 4
CHANNELS = WIDTH // HEADS
LENGTHS = (7, 1, 0, 12, 5)
FORMS: tuple[Form, ...] = ("plain", "collapsed")
CausalLayer = CausalAdditiveAttention | CausalSoftmaxAttention


def ragged(lengths: tuple[int, ...] = LENGTHS, width: int = WIDTH, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Random float64 documents of these lengths, noise where there is padding, and their mask."""
    generator = torch.Generator().manual_seed(seed)
    x_BND = torch.randn(len(lengths), max(lengths), width, generator=generator, dtype=torch.float64)
    mask_BN = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    return x_BND, mask_BN


def layer_of(kind: type[nn.Module], seed: int = 1, width: int = WIDTH, **options: object) -> nn.Module:
    """A float64 layer with weights large enough for sharp softmaxes, and biases that are not zero."""
    torch.manual_seed(seed)
    layer = kind(width, HEADS, **options).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(std=2 / math.sqrt(width))
    return layer


def pooled(logit_map: nn.Linear, tokens: Tensor) -> Tensor:
    """One global vector of tokens (N, D): for each head a softmax over them, and with it the mean of its channels."""
    parts = []
    for head in range(HEADS):
        own = slice(head * tokens.shape[1] // HEADS, (head + 1) * tokens.shape[1] // HEADS)
        logits_N = torch.stack([logit_map.weight[head] @ token for token in tokens]) / math.sqrt(tokens[0, own].numel())
        exponentials_N = (logits_N - logits_N.max()).exp()
        parts.append(exponentials_N / exponentials_N.sum() @ tokens[:, own])
    return torch.cat(parts)


def additive_by_loop(layer: nn.Module, tokens: Tensor) -> Tensor:
    """Fastformer's equations for one document (N, D), every vector by itself."""
    value_map = layer.query if layer.value is None else layer.value
    q = [layer.query.weight @ token + layer.query.bias for token in tokens]
    k = [layer.key.weight @ token + layer.key.bias for token in tokens]
    v = [value_map.weight @ token + value_map.bias for token in tokens]
    qbar = pooled(layer.query_logits, torch.stack(q))
    kbar = pooled(layer.key_logits, torch.stack([qbar * key for key in k]))
    return torch.stack([layer.output(layer.transform(kbar * v[i]) + q[i]) for i in range(len(tokens))])


def causal_by_loop(layer: nn.Module, tokens: Tensor) -> Tensor:
    """The causal form for one sequence: prefix by prefix, each pooled from the start."""
    value_map = layer.query if layer.value is None else layer.value
    q, k, v = layer.query(tokens), layer.key(tokens), value_map(tokens)
    p: list[Tensor] = []
    outputs = []
    for t in range(len(tokens)):
        p.append(pooled(layer.query_logits, q[: t + 1]) * k[t])
        kbar = pooled(layer.key_logits, torch.stack(p))
        outputs.append(layer.output(layer.transform(kbar * v[t]) + q[t]))
    return torch.stack(outputs)


def step_through(layer: nn.Module, x_BTD: Tensor) -> Tensor:
    state = layer.initial_state(len(x_BTD), x_BTD.device, x_BTD.dtype)
    outputs = []
    for t in range(x_BTD.shape[1]):
        y_BD, state = layer.step(x_BTD[:, t], state)
        outputs.append(y_BD)
    return torch.stack(outputs, dim=1)


def gradients(layer: nn.Module, x: Tensor, mask: Tensor, form: Form) -> list[Tensor]:
    """Of a loss over the real positions: the gradients of x and of every parameter."""
    x = x.detach().requires_grad_()
    y = getattr(layer, form)(x, mask)
    loss = y[mask].float().square().sum() if y.dtype == torch.bfloat16 else y[mask].square().sum()
    return list(torch.autograd.grad(loss, [x, *layer.parameters()]))


def relative(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).detach().abs().max() / expected.detach().abs().max().clamp_min(1.0))


# --- additive ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("share", [True, False])
def test_additive_follows_the_equations(form: Form, share: bool) -> None:
    layer = layer_of(AdditiveAttention, share_query_value=share, form=form)
    x_BND, mask_BN = ragged()
    y_BND = layer(x_BND, mask_BN)
    for row, length in enumerate(LENGTHS):
        if length:
            expected = additive_by_loop(layer, x_BND[row, :length])
            assert relative(y_BND[row, :length], expected) < 1e-12


@pytest.mark.parametrize("form", FORMS)
def test_additive_gradients_follow_the_equations(form: Form) -> None:
    layer = layer_of(AdditiveAttention)
    x_BND, mask_BN = ragged((6, 3))
    found = gradients(layer, x_BND, mask_BN, form)
    x_BND.requires_grad_()
    loss = sum(additive_by_loop(layer, x_BND[row, :n]).square().sum() for row, n in enumerate((6, 3)))
    expected = torch.autograd.grad(loss, [x_BND, *layer.parameters()])
    for a, b in zip(found, expected, strict=True):
        assert relative(a, b) < 1e-11


@pytest.mark.parametrize("form", FORMS)
def test_additive_gradcheck(form: Form) -> None:
    layer = layer_of(AdditiveAttention, width=8, share_query_value=False)
    x_BND, mask_BN = ragged((4, 2, 0), width=8)
    parameters = [parameter.detach().clone().requires_grad_() for parameter in layer.parameters()]
    names = [name for name, _ in layer.named_parameters()]

    def run(x: Tensor, *values: Tensor) -> Tensor:
        object.__setattr__(layer, "form", form)
        return torch.func.functional_call(layer, dict(zip(names, values, strict=True)), (x, mask_BN))

    assert torch.autograd.gradcheck(run, (x_BND.requires_grad_(), *parameters), fast_mode=True)


@pytest.mark.parametrize("masked", [True, False])
def test_a_long_document_is_pooled_in_pieces_as_in_one(masked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = layer_of(AdditiveAttention)
    x_BND, mask_BN = ragged((23, 9, 0) if masked else (23, 23))
    mask = mask_BN if masked else None

    def found() -> list[Tensor]:
        x = x_BND.clone().requires_grad_()
        y = layer.collapsed(x, mask)
        return [y.detach(), *torch.autograd.grad(y[mask_BN].square().sum(), [x, *layer.parameters()])]

    whole = found()
    monkeypatch.setattr(additive, "PIECE_TOKENS", 5)  # four pieces and three tokens over
    for a, b in zip(found(), whole, strict=True):
        assert relative(a, b) < 1e-13


@pytest.mark.parametrize("form", FORMS)
def test_no_mask_means_that_all_tokens_are_real(form: Form) -> None:
    layer = layer_of(AdditiveAttention, form=form)
    x_BND, mask_BN = ragged((7, 7))
    assert relative(layer(x_BND), layer(x_BND, mask_BN)) < 1e-14


@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_forms_agree_in_float64(share: bool, scale: float) -> None:
    layer = layer_of(AdditiveAttention, share_query_value=share)
    x_BND, mask_BN = ragged((40, 17, 0, 3))
    x_BND = x_BND * scale
    assert relative(layer.collapsed(x_BND, mask_BN), layer.plain(x_BND, mask_BN)) < 1e-12
    plain, collapsed = (gradients(layer, x_BND, mask_BN, form) for form in FORMS)
    for a, b in zip(plain, collapsed, strict=True):
        assert relative(b, a) < 1e-11


def test_forms_agree_in_float32_at_full_width() -> None:
    torch.manual_seed(0)
    layer = AdditiveAttention(256, 8)
    x_BND, mask_BN = ragged((300, 120), width=256)
    x_BND = x_BND.float()
    assert relative(layer.collapsed(x_BND, mask_BN), layer.plain(x_BND, mask_BN)) < 1e-4
    for a, b in zip(*(gradients(layer, x_BND, mask_BN, form) for form in FORMS), strict=True):
        assert relative(b, a) < 1e-4


def test_auto_takes_the_collapsed_form_for_long_documents_only() -> None:
    layer = AdditiveAttention(256, 8)
    assert not layer.collapses(16)
    assert layer.collapses(1024)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_padding_has_no_influence(form: Form, dtype: torch.dtype) -> None:
    layer = layer_of(AdditiveAttention, form=form).to(dtype)
    x_BND, mask_BN = ragged()
    x_BND = x_BND.to(dtype)
    louder_BND = torch.where(mask_BN[..., None], x_BND, 1e4 * x_BND)
    y_BND = layer(x_BND, mask_BN)
    assert torch.equal(layer(louder_BND, mask_BN)[mask_BN], y_BND[mask_BN])
    assert layer(louder_BND, mask_BN).isfinite().all()
    gradient_BND = gradients(layer, x_BND, mask_BN, form)[0]
    assert (gradient_BND[~mask_BN] == 0).all()


@pytest.mark.parametrize("form", [*FORMS, "auto"])
def test_a_document_alone_is_the_document_in_a_batch(form: Form) -> None:
    torch.manual_seed(0)
    layer = AdditiveAttention(64, 8, form=form)
    lengths = (200, 33, 5, 1)
    x_BND, mask_BN = ragged(lengths, width=64)
    x_BND = x_BND.float()
    y_BND = layer(x_BND, mask_BN)
    for row, length in enumerate(lengths):
        alone = layer(x_BND[row : row + 1, :length], mask_BN[row : row + 1, :length])
        assert (alone[0] - y_BND[row, :length]).abs().max() < 1e-6


@pytest.mark.parametrize("form", FORMS)
def test_documents_without_tokens(form: Form) -> None:
    layer = layer_of(AdditiveAttention, form=form)
    x_BND, _ = ragged((4, 4))
    x_BND.requires_grad_()
    mask_BN = torch.zeros(2, 4, dtype=torch.bool)
    y_BND = layer(x_BND, mask_BN)
    assert y_BND.isfinite().all()
    loss = (y_BND * mask_BN[..., None]).sum()
    for gradient in torch.autograd.grad(loss, [x_BND, *layer.parameters()]):
        assert (gradient == 0).all()
    for gradient in torch.autograd.grad(layer(x_BND, mask_BN).sum(), [x_BND, *layer.parameters()]):
        assert gradient.isfinite().all()
    assert layer(x_BND[:, :0], mask_BN[:, :0]).shape == (2, 0, WIDTH)


def test_pool_weighs_padding_exactly_zero_at_extreme_logits() -> None:
    x_BND = torch.tensor([[[-300.0], [300.0], [1e30]]])
    mask_BN = torch.tensor([[True, True, False]])
    assert additive_pool(x_BND, torch.tensor([[[1.0]]]), mask_BN)[0].item() == 300.0
    assert additive_pool(x_BND, torch.tensor([[[-1e30]]]), mask_BN)[0].item() == -300.0


def test_a_cpu_pools_bf16_without_a_copy_and_weighs_it_in_float32() -> None:
    torch.manual_seed(0)
    x_BND = torch.randn(3, 700, 16).bfloat16().requires_grad_()
    logits_BHD = torch.randn(3, 4, 16, requires_grad=True)
    pooled_BHD, pooled_x_BND = additive_pool(x_BND, logits_BHD, None)
    assert pooled_BHD.dtype == torch.float32
    assert pooled_x_BND.data_ptr() == x_BND.data_ptr()
    wide_BND = x_BND.detach().float().requires_grad_()
    expected_BHD, _ = additive_pool(wide_BND, logits_BHD, None)
    assert relative(pooled_BHD, expected_BHD) < 0.01
    weights = torch.randn_like(pooled_BHD)
    found = torch.autograd.grad(pooled_BHD, (x_BND, logits_BHD), weights)
    assert found[0].dtype == torch.bfloat16
    for a, b in zip(found, torch.autograd.grad(expected_BHD, (wide_BND, logits_BHD), weights), strict=True):
        assert relative(a.float(), b) < 0.02


@pytest.mark.parametrize("form", FORMS)
def test_bf16_autocast_stays_close(form: Form) -> None:
    torch.manual_seed(0)
    layer = AdditiveAttention(64, 8, form=form)
    x_BND, mask_BN = ragged((90, 30, 0), width=64)
    x_BND = x_BND.float()
    exact = layer(x_BND, mask_BN)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = layer(x_BND, mask_BN)
        found = gradients(layer, x_BND, mask_BN, form)
    assert rounded.dtype == torch.bfloat16
    assert relative(rounded[mask_BN].float(), exact[mask_BN]) < 0.02
    for a, b in zip(found, gradients(layer, x_BND, mask_BN, form), strict=True):
        assert a.isfinite().all()
        assert relative(a, b) < 0.05


def test_a_bf16_module_runs_both_forms() -> None:
    torch.manual_seed(0)
    layer = AdditiveAttention(64, 8)
    x_BND, mask_BN = ragged((20, 9), width=64)
    exact = layer.plain(x_BND.float(), mask_BN)
    layer.bfloat16()
    for form in FORMS:
        rounded = getattr(layer, form)(x_BND.bfloat16(), mask_BN)
        assert rounded.dtype == torch.bfloat16
        assert relative(rounded[mask_BN].float(), exact[mask_BN]) < 0.05


def test_sharing_keeps_one_copy() -> None:
    shared = AdditiveAttention(WIDTH, HEADS)
    assert not any(name.startswith("value") for name in shared.state_dict())
    apart = AdditiveAttention(WIDTH, HEADS, share_query_value=False)
    assert apart.state_dict()["value.weight"].shape == (WIDTH, WIDTH)


def test_every_parameter_is_trained() -> None:
    x_BND, mask_BN = ragged()
    for kind in (AdditiveAttention, CausalAdditiveAttention, CausalSoftmaxAttention):
        layer = layer_of(kind)
        layer(x_BND, mask_BN).square().sum().backward()
        for name, parameter in layer.named_parameters():
            assert parameter.grad is not None, (kind.__name__, name)
            assert parameter.grad.abs().max() > 0, (kind.__name__, name)


@pytest.mark.parametrize("kind", [AdditiveAttention, CausalAdditiveAttention, CausalSoftmaxAttention, CrossAttention])
def test_impossible_heads_are_refused(kind: type[nn.Module]) -> None:
    with pytest.raises(FastsumError, match="width 24 .* 5 heads"):
        kind(24, 5)


def test_unknown_form_is_refused() -> None:
    with pytest.raises(FastsumError, match="folded"):
        AdditiveAttention(8, 2, form="folded")  # type: ignore[arg-type]


# --- causal -----------------------------------------------------------------------------------------------------------

CAUSAL = (CausalAdditiveAttention, CausalSoftmaxAttention)


@pytest.mark.parametrize("share", [True, False])
def test_causal_additive_follows_the_equations(share: bool) -> None:
    layer = layer_of(CausalAdditiveAttention, share_query_value=share)
    x_BTD, _ = ragged((9, 9))
    y_BTD = layer(x_BTD)
    for row in range(2):
        assert relative(y_BTD[row], causal_by_loop(layer, x_BTD[row])) < 1e-12


@pytest.mark.parametrize("kind", CAUSAL)
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
def test_steps_equal_the_full_pass(kind: type[nn.Module], dtype: torch.dtype, tolerance: float) -> None:
    layer = layer_of(kind).to(dtype)
    length = 2 * BLOCK_TOKENS + 3
    x_BTD, _ = ragged((length, length, length))
    x_BTD = x_BTD.to(dtype)
    full = layer(x_BTD)
    assert relative(step_through(layer, x_BTD), full) < tolerance


@pytest.mark.parametrize("kind", CAUSAL)
def test_later_tokens_change_nothing_earlier(kind: type[nn.Module]) -> None:
    layer = layer_of(kind)
    length = BLOCK_TOKENS + 20
    x_BTD, _ = ragged((length,))
    for changed in (3, BLOCK_TOKENS - 1, BLOCK_TOKENS, length - 1):
        other_BTD = x_BTD.clone()
        other_BTD[:, changed:] += 5.0
        y_BTD, other_y_BTD = layer(x_BTD), layer(other_BTD)
        assert torch.allclose(y_BTD[:, :changed], other_y_BTD[:, :changed], rtol=0, atol=1e-13)
        assert (y_BTD[:, changed] - other_y_BTD[:, changed]).abs().max() > 1e-3


@pytest.mark.parametrize("kind", CAUSAL)
def test_causal_padding_has_no_influence(kind: type[nn.Module]) -> None:
    layer = layer_of(kind)
    x_BTD, mask_BT = ragged((70, 3, 0, 66))
    louder_BTD = torch.where(mask_BT[..., None], x_BTD, 50.0 * x_BTD)
    y_BTD = layer(x_BTD, mask_BT)
    assert y_BTD.isfinite().all()
    assert torch.equal(layer(louder_BTD, mask_BT)[mask_BT], y_BTD[mask_BT])
    # Padding behind the last token is never seen, so that leaving the mask out gives the same.
    assert torch.allclose(layer(louder_BTD)[mask_BT], y_BTD[mask_BT], rtol=0, atol=1e-12)
    # Padding in front of the first token is seen without a mask, not with one.
    y_front_BTD = layer(louder_BTD.flip(1), mask_BT.flip(1))
    assert torch.allclose(y_front_BTD[0, :70], layer(x_BTD[:1].flip(1))[0], rtol=0, atol=1e-12)
    assert torch.allclose(y_front_BTD[1, -3:], layer(x_BTD[1:2, :3].flip(1))[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", CAUSAL)
def test_causal_gradients_are_finite_without_tokens(kind: type[nn.Module]) -> None:
    layer = layer_of(kind)
    x_BTD, mask_BT = ragged((5, 0, 2))
    x_BTD.requires_grad_()
    gradient_BTD, *others = torch.autograd.grad(
        layer(x_BTD, mask_BT)[mask_BT].square().sum(), [x_BTD, *layer.parameters()]
    )
    assert (gradient_BTD[~mask_BT] == 0).all()
    assert all(gradient.isfinite().all() for gradient in others)


def test_causal_additive_gradcheck() -> None:
    layer = layer_of(CausalAdditiveAttention, width=8)
    x_BTD, mask_BT = ragged((4, 2, 0), width=8)
    assert torch.autograd.gradcheck(lambda x: layer(x, mask_BT), (x_BTD.requires_grad_(),))


@pytest.mark.parametrize("order", ["falling", "rising", "random"])
def test_causal_additive_is_safe_for_logits_of_any_range(order: str) -> None:
    """Logits of the global query from -80 to 80: a prefix at -80 must not drown in a peak that comes later."""
    layer = layer_of(CausalAdditiveAttention)
    length = BLOCK_TOKENS + 16
    x_BTD, _ = ragged((length,))
    with torch.no_grad():
        logits_TH = layer.query_logits(layer.query(x_BTD[0])) / math.sqrt(CHANNELS)
        wanted_T = torch.linspace(-80, 80, length, dtype=torch.float64)
        if order == "falling":
            wanted_T = wanted_T.flip(0)
        elif order == "random":
            wanted_T = wanted_T[torch.randperm(length, generator=torch.Generator().manual_seed(0))]
        # Move each token along the direction that the first head's logit reads.
        direction_D = layer.query_logits.weight[0] @ layer.query.weight
        offset_T = (wanted_T - logits_TH[:, 0]) * math.sqrt(CHANNELS) / direction_D.square().sum()
        x_BTD = x_BTD + offset_T[:, None] * direction_D
        reached_T = (layer.query_logits(layer.query(x_BTD[0])) / math.sqrt(CHANNELS))[:, 0]
    assert torch.allclose(reached_T, wanted_T)
    expected = causal_by_loop(layer, x_BTD[0]).detach()
    assert relative(layer(x_BTD)[0], expected) < 1e-12
    single = layer.float()
    x_BTD = x_BTD.float().requires_grad_()
    # The logits themselves carry a float32 rounding of 80 * 1e-7, and the second pool's are larger still.
    y_BTD = single(x_BTD)
    assert relative(y_BTD[0].double(), expected) < 1e-3
    assert torch.autograd.grad(y_BTD.sum(), x_BTD)[0].isfinite().all()


@pytest.mark.parametrize("kind", CAUSAL)
def test_select_reorders_and_repeats_rows(kind: type[nn.Module]) -> None:
    layer = layer_of(kind)
    x_BTD, _ = ragged((5, 5, 5))
    state = layer.initial_state(3, x_BTD.device, x_BTD.dtype)
    for t in range(4):
        _, state = layer.step(x_BTD[:, t], state)
    index = torch.tensor([2, 0, 0, 1])
    y_BD, _ = layer.step(x_BTD[index, 4], state.select(index))
    assert torch.allclose(y_BD, layer(x_BTD[index])[:, 4], rtol=0, atol=1e-12)


def test_causal_additive_state_does_not_grow() -> None:
    layer = layer_of(CausalAdditiveAttention)
    state = layer.initial_state(2)
    shapes = [part.shape for part in (*state.query, *state.key)]
    for _ in range(3):
        _, state = layer.step(torch.ones(2, WIDTH, dtype=torch.float64), state)
    assert [part.shape for part in (*state.query, *state.key)] == shapes


@pytest.mark.parametrize("kind", CAUSAL)
def test_causal_bf16_autocast_stays_close(kind: type[nn.Module]) -> None:
    torch.manual_seed(0)
    layer = kind(64, 8)
    x_BTD = ragged((20, 20), width=64)[0].float()
    exact = layer(x_BTD)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert relative(layer(x_BTD).float(), exact) < 0.05
        assert relative(step_through(layer, x_BTD).float(), exact) < 0.05


def test_a_cpu_computes_bf16_softmax_attention_in_float32() -> None:
    """Forward and backward: torch's own backward for bf16 takes many times as long there."""
    torch.manual_seed(0)
    narrow = [torch.randn(2, 4, 17, 8).bfloat16().requires_grad_() for _ in range(3)]
    wide = [tensor.detach().float().requires_grad_() for tensor in narrow]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = _causal_attention(*narrow)
    expected = nn.functional.scaled_dot_product_attention(*wide, is_causal=True)
    assert torch.equal(found, expected.bfloat16())
    g = torch.randn_like(found)
    for a, b in zip(torch.autograd.grad(found, narrow, g), torch.autograd.grad(expected, wide, g.float()), strict=True):
        assert torch.equal(a, b.bfloat16())


# --- cross ------------------------------------------------------------------------------------------------------------


def test_cross_attention_follows_the_equations() -> None:
    layer = layer_of(CrossAttention)
    states_BSD, mask_BS = ragged()
    x_BTD, _ = ragged((3,) * len(LENGTHS), seed=2)
    y_BTD, weights_BTS = layer(x_BTD, layer.prepare(states_BSD, mask_BS))
    w_k, w_v = layer.key_value.weight.chunk(2)
    b_k, b_v = layer.key_value.bias.chunk(2)
    for row, length in enumerate(LENGTHS):
        k, v = states_BSD[row, :length] @ w_k.T + b_k, states_BSD[row, :length] @ w_v.T + b_v
        for t in range(3 if length else 0):
            q = layer.query(x_BTD[row, t])
            parts, mean = [], torch.zeros(length, dtype=torch.float64)
            for head in range(HEADS):
                own = slice(head * CHANNELS, (head + 1) * CHANNELS)
                exponentials = (k[:, own] @ q[own] / math.sqrt(CHANNELS)).exp()
                weights = exponentials / exponentials.sum()
                parts.append(weights @ v[:, own])
                mean = mean + weights / HEADS
            assert relative(y_BTD[row, t], layer.output(torch.cat(parts))) < 1e-12
            assert relative(weights_BTS[row, t, :length], mean) < 1e-12


def test_cross_attention_masks_exactly() -> None:
    layer = layer_of(CrossAttention)
    states_BSD, mask_BS = ragged()
    x_BTD, _ = ragged((3,) * len(LENGTHS), seed=2)
    states_BSD.requires_grad_()
    y_BTD, weights_BTS = layer(x_BTD, layer.prepare(states_BSD, mask_BS))
    assert (weights_BTS.masked_select(~mask_BS[:, None, :]) == 0).all()
    sums_B = torch.tensor(LENGTHS).clamp_max(1).double()
    assert torch.allclose(weights_BTS.sum(-1), sums_B[:, None].expand(-1, 3))
    empty = LENGTHS.index(0)
    assert torch.equal(y_BTD[empty], layer.output.bias.expand(3, -1))
    loss = y_BTD.square().sum() + weights_BTS.square().sum()
    gradient_BSD, *others = torch.autograd.grad(loss, [states_BSD, *layer.parameters()])
    assert (gradient_BSD[~mask_BS] == 0).all()
    assert all(gradient.isfinite().all() for gradient in others)
    louder_BSD = torch.where(mask_BS[..., None], states_BSD, 50.0 * states_BSD)
    louder_y_BTD, louder_weights_BTS = layer(x_BTD, layer.prepare(louder_BSD, mask_BS))
    assert torch.equal(louder_y_BTD, y_BTD)
    assert torch.equal(louder_weights_BTS, weights_BTS)


def test_cross_attention_selects_rows_and_reads_targets_apart() -> None:
    layer = layer_of(CrossAttention)
    states_BSD, mask_BS = ragged((4, 2))
    x_BTD, _ = ragged((3, 3), seed=2)
    memory = layer.prepare(states_BSD, mask_BS)
    y_BTD, weights_BTS = layer(x_BTD, memory)
    index = torch.tensor([1, 1, 0])
    y_selected, weights_selected = layer(x_BTD[index], memory.select(index))
    assert torch.allclose(y_selected, y_BTD[index], rtol=0, atol=1e-12)
    assert torch.allclose(weights_selected, weights_BTS[index], rtol=0, atol=1e-12)
    y_one, weights_one = layer(x_BTD[:, 1:2], memory)
    assert torch.allclose(y_one, y_BTD[:, 1:2], rtol=0, atol=1e-12)
    assert torch.allclose(weights_one, weights_BTS[:, 1:2], rtol=0, atol=1e-12)


def test_cross_attention_under_bf16_autocast_gives_float32_weights() -> None:
    torch.manual_seed(0)
    layer = CrossAttention(64, 8)
    states_BSD, mask_BS = ragged((30, 8, 0), width=64)
    x_BTD, _ = ragged((4, 4, 4), width=64)
    exact_y, exact_weights = layer(x_BTD.float(), layer.prepare(states_BSD.float(), mask_BS))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y_BTD, weights_BTS = layer(x_BTD.float(), layer.prepare(states_BSD.float(), mask_BS))
    assert weights_BTS.dtype == torch.float32
    assert relative(y_BTD.float(), exact_y) < 0.05
    assert relative(weights_BTS, exact_weights) < 0.05


# --- on a GPU ---------------------------------------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        *((AdditiveAttention, {"form": form, "fused": fused}) for form in FORMS for fused in (True, False)),
        (AblatedAdditiveAttention, {"interaction": "concatenation"}),
        (LinformerAttention, {}),
        (LinearAttention, {}),
    ],
)
def test_a_gpu_agrees(kind: type[nn.Module], options: dict[str, object]) -> None:
    cases.check_gpu(layer_of(kind, **options), (700, 1, 129))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("form", FORMS)
def test_compiled_on_a_gpu_it_trains_as_it_does_eagerly(form: Form) -> None:
    layer = layer_of(AdditiveAttention, width=64, form=form).float().cuda()
    x_BND, mask_BN = (part.cuda() for part in ragged((700, 129), width=64))

    def found(call: nn.Module) -> list[Tensor]:
        x = x_BND.float().requires_grad_()
        with torch.autocast("cuda", dtype=torch.bfloat16):
            y = call(x, mask_BN)
        return [y, *torch.autograd.grad(y[mask_BN].float().square().sum(), [x, *layer.parameters()])]

    for a, b in zip(found(torch.compile(layer)), found(layer), strict=True):
        assert cases.difference(a.float(), b.float()) < 0.02
