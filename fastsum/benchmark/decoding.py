"""Time and memory of one more written token, by the number of tokens written before it.

The causal Fastformer, which carries two running sums, stands beside softmax attention, which keeps the keys and values
of all tokens and reads them at every step: "softmax" as fastsum has it, whose cache is joined anew with each token,
and "softmax in place", whose cache has room for the token already, the least that softmax attention can do. Two scopes:

`layer`     one step of the self-attention alone
`decoder`   one step of the whole decoder, down to the probabilities of the next word, which reads 400 tokens

Weights and words are random. A step leaves the state that it is given at its length, so that every sample stands at
the one told. Reordering the state between the steps of beam search is not counted; it copies the whole of it. Memory
is that of the state, of all hypotheses together.

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

_BLOCK = 128  # tokens that enter a state at once
_WARM = 128  # growth counts from here: at the start a step is the caller's overhead alone


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    lengths: tuple[int, ...] = (1, 128, 512, 1_024, 2_048, 4_096, 8_192)
    """Tokens written before the step."""
    batch: int = 4
    """Hypotheses that step together."""
    rounds: int = 20
    """Samples of a step."""
    preset: str = "news"
    """Shape of the decoder."""
    memory_tokens: int = 400
    """Tokens that the decoder reads."""


class Cell(NamedTuple):
    """One more token after so many."""

    scope: str
    form: str
    written: int
    timing: Timing
    state_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """The cell as `json.dumps` takes it."""
        names = ("median_s", "low_s", "high_s", "samples")
        found = self._asdict()
        return {**found, **dict(zip(names, found.pop("timing"), strict=True))}


def measure(sizes: Sizes, device: torch.device, dtype: torch.dtype) -> Iterator[list[Cell]]:
    """The cells of each scope; within one, both forms and all lengths are timed in turn."""
    for scope, forms in FORMS.items():
        states: dict[tuple[str, int], Any] = {}
        actions: dict[str, Callable[[], object]] = {}
        for form in forms:
            torch.manual_seed(0)
            writer = (_layer if scope == "layer" else _decoder)(form, sizes, device)
            with torch.inference_mode(), autocast(device, dtype):
                state = writer.start
                for before, length in pairwise((0, *sizes.lengths)):
                    for begin in range(before, length, _BLOCK):
                        state = writer.extend(min(_BLOCK, length - begin), state)
                    states[form, length] = state
                    actions[f"{form} {length}"] = partial(_step, writer, state, device, dtype)
        found = timings(actions, sizes.rounds, device)
        yield [
            Cell(scope, form, length, found[f"{form} {length}"], state_bytes(state))
            for (form, length), state in states.items()
        ]


class _Writer(NamedTuple):
    """What writes tokens, at random."""

    start: Any
    """The state before the first token."""
    extend: Callable[[int, Any], Any]
    """Writes so many tokens at once: the new state."""
    step: Callable[[Any], object]
    """Writes one more, and leaves the state as it is."""


def _layer(form: str, sizes: Sizes, device: torch.device) -> _Writer:
    config = Config.load(sizes.preset).model
    kind = CausalAdditiveAttention if form == "fastformer" else CausalSoftmaxAttention
    attention = kind(config.width, config.heads).to(device).eval()
    x_RD = torch.randn(sizes.batch, config.width, device=device)

    def extend_by(count: int, state: Any) -> Any:
        return extend(attention, torch.randn(sizes.batch, count, config.width, device=device), state)[1]

    def step(state: Any) -> object:
        if form == "softmax in place" and isinstance(attention, CausalSoftmaxAttention):
            return step_in_place(attention, x_RD, state)
        return attention.step(x_RD, state)

    return _Writer(attention.initial_state(sizes.batch), extend_by, step)


def step_in_place(attention: CausalSoftmaxAttention, x_RD: Tensor, state: CausalSoftmaxState) -> Tensor:
    """The output of `attention.step` for a new token that takes the place of the last one: nothing is joined."""
    q_RH1E, k_RH1E, v_RH1E = attention._project(x_RD[:, None])
    state.keys_BHTE[:, :, -1:] = k_RH1E
    state.values_BHTE[:, :, -1:] = v_RH1E
    y_RH1E = F.scaled_dot_product_attention(q_RH1E, state.keys_BHTE, state.values_BHTE)
    return attention.output(y_RH1E.flatten(1))


def _decoder(form: str, sizes: Sizes, device: torch.device) -> _Writer:
    config = Config.load(sizes.preset, (f"model.decoder_attention={form}",)).model
    model = SummaryModel(config).to(device).eval()
    read = sizes.memory_tokens
    documents = Documents(_words(config, 1, read, device), torch.tensor([[read]], device=device))
    states_1ND = torch.randn(1, read, config.width, device=device)
    with torch.inference_mode():
        memory = model.read(documents, states_1ND, torch.arange(read, device=device)[None])
        memory = memory.select(torch.zeros(sizes.batch, dtype=torch.long, device=device))
    tokens_R = _words(config, sizes.batch, 1, device)[:, 0]

    def extend_by(count: int, state: DecoderState) -> DecoderState:
        return extend_decoder(model, _words(config, sizes.batch, count, device), memory, state)

    return _Writer(model.start(sizes.batch), extend_by, lambda state: model.step(tokens_R, memory, state))


def _words(config: ModelConfig, rows: int, count: int, device: torch.device) -> Tensor:
    return torch.randint(4, config.output_vocabulary_size, (rows, count), device=device)


def _step(writer: _Writer, state: Any, device: torch.device, dtype: torch.dtype) -> None:
    with torch.inference_mode(), autocast(device, dtype):
        writer.step(state)


def extend(
    attention: CausalAdditiveAttention | CausalSoftmaxAttention, x_RTD: Tensor, state: Any
) -> tuple[Tensor, Any]:
    """As many steps at once as `x_RTD` has tokens: their outputs, (R, T, D), and the state after the last."""
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
    """The state that `SummaryModel.step` reaches by writing `tokens_RT` one after the other."""
    x = model._embed(tokens_RT)
    x = x + sinusoids(x.shape[1], x.shape[2], state.position, x.device).to(x.dtype)
    states = []
    for layer, layer_memory, layer_state in zip(model._decoder_layers, memory.layers, state.layers, strict=True):
        y, layer_state = extend(layer.self_attention, layer.self_norm(x), layer_state)
        x, _ = layer._read(x + y, layer_memory)
        states.append(layer_state)
    return DecoderState(tuple(states), state.position + tokens_RT.shape[1])


def state_bytes(state: Any) -> int:
    """Bytes of all tensors in a state, however it is nested."""
    if isinstance(state, Tensor):
        return state.nbytes
    return sum(map(state_bytes, state)) if isinstance(state, tuple) else 0


def growth(cells: Sequence[Cell]) -> list[Figure]:
    """How much more a step takes at the greatest length than at the first from 128, by scope and form.

    The causal Fastformer's must not grow: its target is 1.2 in time, for the clock's sake, and exactly 1 in memory.
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


def as_json(facts: Mapping[str, str | int], sizes: Sizes, dtype: torch.dtype, cells: Sequence[Cell]) -> dict[str, Any]:
    """All that was measured, as `json.dumps` takes it."""
    return {
        "machine": facts,
        "settings": asdict(sizes) | {"precision": str(dtype).removeprefix("torch.")},
        "cells": [cell.as_dict() for cell in cells],
        "growth": [figure._asdict() | {"met": figure.met} for figure in growth(cells)],
    }


def as_tables(facts: Mapping[str, str | int], cells: Sequence[Cell]) -> Iterator[Table]:
    """One table a scope, lengths by forms, and the growth against its targets."""
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
    table = Table()
    for name, side in (("growth", "left"), ("value", "right"), ("target", "right")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for figure in figures:
        bound = "" if figure.most is None else f"{'=' if figure.least else '≤'} {figure.most:g} "
        table.add_row(figure.name, f"{figure.value:,.3g}", bound + {None: "", True: "met", False: "MISSED"}[figure.met])
    yield table
