"""Time and memory of one decoding step, by the number of tokens written before it.

The causal Fastformer keeps two running sums. It is compared with softmax attention, which keeps the keys and values of
all tokens and reads them at every step: "softmax" is fastsum's, which copies its cache at every step, and "softmax in
place" writes into a cache that is large enough, the least that softmax attention can do. Two scopes:

`layer`     one step of the self-attention
`decoder`   one step of the whole decoder up to the probabilities of the next word, with 400 tokens to read

Weights and words are random. A step does not change its input state, so that every sample is at the same length. The
time in which beam search reorders the state between steps, a copy of all of it, is not measured. Memory is the size of
the state of all hypotheses together.

Shape suffixes: R hypotheses, T tokens of a block, D width, H heads, E = D / H channels of a head.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from rich.table import Table
from torch import Tensor

from fastsum.attention import CausalAdditiveAttention, CausalSoftmaxAttention
from fastsum.attention.softmax import CausalSoftmaxState
from fastsum.benchmark.timing import Figure, Timing, timings
from fastsum.config import Config, ModelConfig
from fastsum.device import autocast
from fastsum.model.batching import Documents
from fastsum.model.layers import sinusoids
from fastsum.model.network import DecoderState, Memory, SummaryModel

FORMS = {"layer": ("fastformer", "softmax", "softmax in place"), "decoder": ("fastformer", "softmax")}
"""What is measured in each scope."""

_BLOCK = 128  # tokens added to a state in one operation
_WARM = 128  # growth is measured from here: before, a step is mostly overhead


@dataclass(frozen=True)
class DecodingSettings:
    """How much is measured."""

    lengths: tuple[int, ...] = (1, 128, 512, 1_024, 2_048, 4_096, 8_192)
    """Tokens written before the step."""
    batch: int = 4
    """Number of hypotheses."""
    rounds: int = 20
    """Samples of each figure."""
    preset: str = "news"
    """Preset with the shape of the decoder."""
    memory_tokens: int = 400
    """Tokens that the decoder reads."""


class StepCell(NamedTuple):
    """One step after `written` tokens."""

    scope: str
    form: str
    written: int
    timing: Timing
    state_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """As `json.dumps` takes it."""
        names = ("median_s", "low_s", "high_s", "samples")
        found = self._asdict()
        return {**found, **dict(zip(names, found.pop("timing"), strict=True))}


def measure(settings: DecodingSettings, device: torch.device, dtype: torch.dtype) -> Iterator[list[StepCell]]:
    """The cells of each scope; its forms and lengths are timed in turn."""
    for scope, forms in FORMS.items():
        states: dict[tuple[str, int], Any] = {}
        actions: dict[str, Callable[[], object]] = {}
        for form in forms:
            torch.manual_seed(0)
            writer = (_layer if scope == "layer" else _decoder)(form, settings, device)
            with torch.inference_mode(), autocast(device, dtype):
                state = writer.start
                for before, length in pairwise((0, *settings.lengths)):
                    for begin in range(before, length, _BLOCK):
                        state = writer.extend(min(_BLOCK, length - begin), state)
                    states[form, length] = state
                    actions[f"{form} {length}"] = partial(_step, writer, state, device, dtype)
        found = timings(actions, settings.rounds, device)
        yield [
            StepCell(scope, form, length, found[f"{form} {length}"], state_bytes(state))
            for (form, length), state in states.items()
        ]


class _Writer(NamedTuple):
    """Writes random tokens."""

    start: Any
    """The state before the first token."""
    extend: Callable[[int, Any], Any]
    """Writes a number of tokens and returns the new state."""
    step: Callable[[Any], object]
    """Writes one more token without changing the state."""


def _layer(form: str, settings: DecodingSettings, device: torch.device) -> _Writer:
    config = Config.load(settings.preset).model
    kind = CausalAdditiveAttention if form == "fastformer" else CausalSoftmaxAttention
    attention = kind(config.width, config.heads).to(device).eval()
    x_RD = torch.randn(settings.batch, config.width, device=device)

    def extend_by(count: int, state: Any) -> Any:
        return extend(attention, torch.randn(settings.batch, count, config.width, device=device), state)[1]

    def step(state: Any) -> object:
        if form == "softmax in place" and isinstance(attention, CausalSoftmaxAttention):
            return step_in_place(attention, x_RD, state)
        return attention.step(x_RD, state)

    return _Writer(attention.initial_state(settings.batch), extend_by, step)


def step_in_place(attention: CausalSoftmaxAttention, x_RD: Tensor, state: CausalSoftmaxState) -> Tensor:
    """The output of `attention.step` for a token that overwrites the last one in the cache: nothing is copied."""
    q_RH1E, k_RH1E, v_RH1E = attention._project(x_RD[:, None])
    state.keys_BHTE[:, :, -1:] = k_RH1E
    state.values_BHTE[:, :, -1:] = v_RH1E
    y_RH1E = F.scaled_dot_product_attention(q_RH1E, state.keys_BHTE, state.values_BHTE)
    return attention.output(y_RH1E.flatten(1))


def _decoder(form: str, settings: DecodingSettings, device: torch.device) -> _Writer:
    config = Config.load(settings.preset, (f"model.decoder_attention={form}",)).model
    model = SummaryModel(config).to(device).eval()
    read = settings.memory_tokens
    documents = Documents(_words(config, 1, read, device), torch.tensor([[read]], device=device))
    states_1ND = torch.randn(1, read, config.width, device=device)
    with torch.inference_mode():
        memory = model.read(documents, states_1ND, torch.arange(read, device=device)[None])
        memory = memory.select(torch.zeros(settings.batch, dtype=torch.long, device=device))
    tokens_R = _words(config, settings.batch, 1, device)[:, 0]

    def extend_by(count: int, state: DecoderState) -> DecoderState:
        return extend_decoder(model, _words(config, settings.batch, count, device), memory, state)

    return _Writer(model.start(settings.batch), extend_by, lambda state: model.step(tokens_R, memory, state))


def _words(config: ModelConfig, rows: int, count: int, device: torch.device) -> Tensor:
    return torch.randint(4, config.output_vocabulary_size, (rows, count), device=device)


def _step(writer: _Writer, state: Any, device: torch.device, dtype: torch.dtype) -> None:
    with torch.inference_mode(), autocast(device, dtype):
        writer.step(state)


def extend(
    attention: CausalAdditiveAttention | CausalSoftmaxAttention, x_RTD: Tensor, state: Any
) -> tuple[Tensor, Any]:
    """All T steps of `x_RTD` in one operation: their outputs, (R, T, D), and the state after the last."""
    if isinstance(attention, CausalAdditiveAttention):
        return attention._scan(x_RTD, None, state)
    q_RHTE, k_RHTE, v_RHTE = attention._project(x_RTD)
    keys = torch.cat((state.keys_BHTE.to(k_RHTE.dtype), k_RHTE), dim=2)
    values = torch.cat((state.values_BHTE.to(v_RHTE.dtype), v_RHTE), dim=2)
    tokens, total = x_RTD.shape[1], keys.shape[2]
    seen = torch.ones(tokens, total, dtype=torch.bool, device=x_RTD.device).tril(total - tokens)
    y_RHTE = F.scaled_dot_product_attention(q_RHTE, keys, values, attn_mask=seen)
    return attention.output(y_RHTE.transpose(1, 2).flatten(2)), CausalSoftmaxState(keys, values)


def extend_decoder(model: SummaryModel, tokens_RT: Tensor, memory: Memory, state: DecoderState) -> DecoderState:
    """The state after `SummaryModel.step` for each of `tokens_RT` in order."""
    x = model._embed(tokens_RT)
    x = x + sinusoids(x.shape[1], x.shape[2], state.position, x.device).to(x.dtype)
    states = []
    for layer, layer_memory, layer_state in zip(model._decoder_layers, memory.layers, state.layers, strict=True):
        y, layer_state = extend(layer.self_attention, layer.self_norm(x), layer_state)
        x, _ = layer._read(x + y, layer_memory)
        states.append(layer_state)
    return DecoderState(tuple(states), state.position + tokens_RT.shape[1])


def state_bytes(state: Any) -> int:
    """Bytes of all tensors in a nested state."""
    if isinstance(state, Tensor):
        return state.nbytes
    return sum(map(state_bytes, state)) if isinstance(state, tuple) else 0


def growth(cells: Sequence[StepCell]) -> list[Figure]:
    """Cost of a step at the greatest length divided by that at the first length from 128 on, by scope and form.

    The causal Fastformer's must not grow: its targets are 1.2 in time, to allow for noise, and exactly 1 in memory.
    """
    found = []
    for scope, form in dict.fromkeys((cell.scope, cell.form) for cell in cells):
        own = [cell for cell in cells if (cell.scope, cell.form) == (scope, form)]
        longest = own[-1]
        base = next((cell for cell in own if cell.written >= _WARM), longest)
        if base is longest:  # nothing to compare
            continue
        flat = form == "fastformer"
        name = f"{scope}, {form}: {{}} at {longest.written:,} / {base.written:,} tokens"
        time, memory = longest.timing.median / base.timing.median, longest.state_bytes / base.state_bytes
        found.append(Figure(name.format("time"), time, most=1.2 if flat else None))
        one = 1.0 if flat else None
        found.append(Figure(name.format("memory"), memory, most=one, least=one))
    return found


def as_json(
    facts: Mapping[str, str | int], settings: DecodingSettings, dtype: torch.dtype, cells: Sequence[StepCell]
) -> dict[str, Any]:
    """All measurements, as `json.dumps` takes them."""
    return {
        "machine": facts,
        "settings": asdict(settings) | {"precision": str(dtype).removeprefix("torch.")},
        "cells": [cell.as_dict() for cell in cells],
        "growth": [figure._asdict() | {"met": figure.met} for figure in growth(cells)],
    }


def as_tables(facts: Mapping[str, str | int], cells: Sequence[StepCell]) -> Iterator[Table]:
    """A table for each scope, lengths by forms, and the growth against its targets."""
    about = " · ".join(f"{name} {fact}" for name, fact in facts.items())
    for scope in dict.fromkeys(cell.scope for cell in cells):
        table = Table(title=about, caption=f"one step of the {scope}, all hypotheses together")
        about = ""
        own = {(cell.form, cell.written): cell for cell in cells if cell.scope == scope}
        table.add_column("tokens written", justify="right")
        for measured in ("ms", "state, KB"):
            for form in FORMS[scope]:
                table.add_column(f"{form}\n{measured}", justify="right")
        for written in dict.fromkeys(written for _, written in own):
            row = [own[form, written] for form in FORMS[scope]]
            times = [f"{cell.timing.median * 1_000:,.3f}" for cell in row]
            table.add_row(f"{written:,}", *times, *(f"{cell.state_bytes / 1_000:,.1f}" for cell in row))
        yield table
    figures = growth(cells)
    if not figures:
        return
    table = Table()
    for name, side in (("growth", "left"), ("value", "right"), ("target", "right")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for figure in figures:
        bound = "" if figure.most is None else f"{'=' if figure.least else '≤'} {figure.most:g} "
        table.add_row(figure.name, f"{figure.value:,.3g}", bound + {None: "", True: "met", False: "MISSED"}[figure.met])
    yield table
