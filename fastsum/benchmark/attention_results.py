"""Results of `fastsum bench attention`, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import torch
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from fastsum.benchmark.attention import AttentionCell, Floor, Measured
from fastsum.benchmark.mechanisms import PASSES, AttentionSettings, Pass


def as_json(
    facts: dict[str, str | int],
    settings: AttentionSettings,
    device: torch.device,
    dtype: torch.dtype,
    found: Sequence[Measured],
) -> dict[str, Any]:
    """All measurements so far; times in seconds, memory in bytes."""
    precision = str(dtype).removeprefix("torch.")
    return {
        "machine": facts,
        "settings": asdict(settings) | {"device": str(device), "precision": precision},
        "cells": [cell.as_json() for measured in found for cell in measured.cells],
        "rivals": [
            {"pass": work, "length": length, "fastest": name, "over_fastformer": ratio}
            for (work, length), (name, ratio) in rivals([c for measured in found for c in measured.cells]).items()
        ],
        "floor": [measured.floor.as_json() for measured in found if measured.floor],
    }


def as_tables(facts: dict[str, str | int], settings: AttentionSettings, found: Sequence[Measured]) -> Group:
    """Tables of time, tokens per second and memory for each pass, and Fastformer against its lower bound."""
    cells = [cell for measured in found for cell in measured.cells]
    tables: list[Any] = [" · ".join(f"{name} {fact}" for name, fact in facts.items())]
    for work in PASSES:
        mine = [cell for cell in cells if cell.work == work]
        times = {cell: 1_000 * cell.time.median for cell in mine if cell.time}
        rates = {cell: cell.rate / 1e6 for cell in mine if cell.rate}
        peaks = {cell: cell.peak / 1e6 for cell in mine if cell.peak is not None}
        tables += [_title(f"{work}: ms per batch of {settings.tokens:,} tokens"), _table(mine, times, min)]
        tables += [_title(f"{work}: million tokens per second"), _table(mine, rates, max)]
        if peaks:
            tables += [_title(f"{work}: peak memory of a batch, MB"), _table(mine, peaks, min, _megabytes)]
    if rows := rivals(cells):
        title = _title("time of the fastest other mechanism / fastformer's: above 1, fastformer is faster")
        tables += [title, _rival_table(rows)]
    if floors := [measured.floor for measured in found if measured.floor]:
        tables += [_title("fastformer sublayer, forward, against its floor"), _floor_table(floors, cells)]
    tables.append("* best of its column; ~ one sample, over the time limit; slow: skipped, over the time limit")
    tables.append("OOM: out of memory; memory: added by one call, with outputs and gradients")
    sampled = [cell.time for cell in cells if cell.time and cell.time.samples > 1]
    if spreads := sorted((time.high - time.low) / time.median for time in sampled):
        middle, widest = spreads[len(spreads) // 2], spreads[-1]
        tables.append(f"spread of samples: {middle:.0%} of their median in the median cell, {widest:.0%} at most")
    return Group(*tables)


def rivals(cells: Sequence[AttentionCell]) -> dict[tuple[Pass, int], tuple[str, float]]:
    """By pass and length: the fastest mechanism other than Fastformer, and its time divided by fastformer's."""
    found = {}
    for own in cells:
        if own.mechanism != "fastformer" or not own.time:
            continue
        others = [
            (cell.time.median, cell.mechanism)
            for cell in cells
            if (cell.work, cell.length) == (own.work, own.length)
            and cell.time
            and not cell.mechanism.startswith("fastformer")
        ]
        if others:
            took, name = min(others)
            found[own.work, own.length] = name, took / own.time.median
    return found


def _rival_table(found: dict[tuple[Pass, int], tuple[str, float]]) -> Table:
    lengths = sorted({length for _, length in found})
    table = _empty(lengths)
    for work in PASSES:
        row = [found.get((work, length)) for length in lengths]
        table.add_row(work, *(f"{one[0]}\n{digits(one[1])}" if one else "" for one in row))
    return table


def _title(text: str) -> Text:
    return Text(text, "bold")  # the title of a table would be wrapped to the table's width


def _table(
    cells: Sequence[AttentionCell],
    values: dict[AttentionCell, float],
    best: Callable[[Sequence[float]], float],
    shown: Callable[[float], str] | None = None,
) -> Table:
    marks = {"ok": "", "single": "~", "over time": "slow", "out of memory": "OOM"}
    lengths = sorted({cell.length for cell in cells})
    table = _empty(lengths)
    top = {n: best([values[cell] for cell in cells if cell.length == n and cell in values] or [0.0]) for n in lengths}
    for name in dict.fromkeys(cell.mechanism for cell in cells):
        row = []
        for cell in (cell for cell in cells if cell.mechanism == name):
            value = values.get(cell)
            mark = marks[cell.status]
            if value is not None:
                star = value == top[cell.length]
                text = (shown or digits)(value)
                mark = f"[bold]*{mark}{text}[/]" if star else f"{mark}{text}"
            row.append(mark)
        table.add_row(name, *row)
    return table


def _floor_table(floors: Sequence[Floor], cells: Sequence[AttentionCell]) -> Table:
    table = _empty([floor.length for floor in floors])
    table.add_row("copy, GB/s", *(digits(floor.bandwidth / 1e9) for floor in floors))
    table.add_row("N D D product, ms", *(digits(floor.product * 1_000) for floor in floors))
    table.add_row("floor, ms", *(digits(floor.total * 1_000) for floor in floors))
    table.add_row("floor / sublayer", *(digits(floor.total / floor.sublayer) for floor in floors))
    table.add_row("sublayer / product", *(digits(floor.sublayer / floor.product) for floor in floors))
    times = {(cell.mechanism, cell.work, cell.length): cell.time for cell in cells}
    for work in PASSES:
        row = []
        for floor in floors:
            plain, fast = (times.get((name, work, floor.length)) for name in ("fastformer-plain", "fastformer"))
            row.append(digits(plain.median / fast.median) if plain and fast else "")
        table.add_row(f"plain / auto, {work}", *row)
    return table


def _empty(lengths: Sequence[int]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), collapse_padding=True)
    table.add_column("length", no_wrap=True)
    for length in lengths:
        table.add_column(f"{length:,}" if length < 1_024 or length % 1_024 else f"{length // 1_024}k", justify="right")
    return table


def _megabytes(value: float) -> str:
    return digits(value) if value >= 1 else "<1"  # below the resolution of a process's memory


def digits(value: float) -> str:
    """A figure with three significant digits, or with all digits before the decimal point."""
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{decimals}f}"
