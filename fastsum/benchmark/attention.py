"""Time and memory of every attention mechanism by length, with a constant number of tokens per batch.

`mechanisms` defines what is measured.

Shape suffixes: B documents, N tokens, D width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn

from fastsum.benchmark.attention_memory import OverTimeError, peak_on_cpu, peak_on_cuda, release
from fastsum.benchmark.mechanisms import PASSES, AttentionSettings, Pass, action, build
from fastsum.benchmark.timing import Timing, expected, seconds, timings
from fastsum.device import is_out_of_memory

Status = Literal["ok", "single", "over time", "out of memory"]
PRODUCT, COPY = "product", "copy"
"""A Fastformer sublayer is compared with one N x D x D product, and a copy of `COPY_BYTES`."""
COPY_BYTES = 1 << 28  # larger than every cache, to measure the bandwidth of memory
SHORT = 0.5  # seconds; in a longer call the start-up costs of a first call do not matter


class AttentionCell(NamedTuple):
    """One mechanism at one length."""

    mechanism: str
    work: Pass
    length: int
    batch: int
    status: Status
    time: Timing | None = None
    """Seconds per batch; None if not measured."""
    peak: int | None = None
    """Peak memory of one call in bytes, with outputs and gradients but without weights and input."""

    @property
    def rate(self) -> float | None:
        """Tokens per second."""
        return self.batch * self.length / self.time.median if self.time else None

    def as_json(self) -> dict[str, Any]:
        """As `json.dumps` takes it; times in seconds."""
        time = self.time or Timing(None, None, None, 0)  # type: ignore[arg-type]
        return {
            "mechanism": self.mechanism,
            "pass": self.work,
            "length": self.length,
            "batch": self.batch,
            "status": self.status,
            "median_s": time.median,
            "low_s": time.low,
            "high_s": time.high,
            "samples": time.samples,
            "tokens_per_second": self.rate,
            "peak_bytes": self.peak,
        }


class Floor(NamedTuple):
    """Lower bound of the time of a Fastformer sublayer's forward pass at one length, in seconds per batch."""

    length: int
    bandwidth: float
    """Bytes per second that a copy reads and writes."""
    traffic: float
    """Three reads and one write of x at that bandwidth."""
    product: float
    """Only the N x D x D product."""
    sublayer: float
    """The measured time of the whole sublayer."""

    @property
    def total(self) -> float:
        """Traffic plus product."""
        return self.traffic + self.product

    def as_json(self) -> dict[str, float]:
        """Seconds, bytes per second, and the two ratios that have targets."""
        return {
            "length": self.length,
            "copy_bytes_per_second": self.bandwidth,
            "product_s": self.product,
            "floor_s": self.total,
            "fastformer_s": self.sublayer,
            "floor_over_fastformer": self.total / self.sublayer,
            "fastformer_over_product": self.sublayer / self.product,
        }


class Measured(NamedTuple):
    """The measurements of one length."""

    cells: list[AttentionCell]
    floor: Floor | None


# ---------------------------------------------------------------------------------------------------------- measurement


def measure(settings: AttentionSettings, device: torch.device, dtype: torch.dtype) -> Iterator[Measured]:
    """Every cell, length after length.

    All mechanisms of a length and pass are sampled in turn. A cell whose first call takes longer than the limit has
    only that sample. One that is expected to take over twice the limit, by its growth so far, is not run ("over time").
    """
    modules = {name: build(name, settings).to(device) for name in settings.mechanisms}
    past: dict[tuple[str, Pass], list[tuple[float, float]]] = {}
    for length in settings.lengths:
        torch.manual_seed(0)
        x_BND = torch.randn(settings.batch(length), length, settings.width, device=device, dtype=dtype)
        cells: list[AttentionCell] = []
        floor = None
        for work in PASSES:
            pace = {name: expected(past.get((name, work), []), length) for name in modules}
            found, extra = _measure_pass(modules, work, x_BND, pace, settings, dtype)
            for cell in found:
                if cell.time:
                    past.setdefault((cell.mechanism, work), []).append((length, cell.time.median))
            cells += found
            if extra:
                sublayer = next((cell.time for cell in found if cell.mechanism == "fastformer"), None)
                floor = _floor(x_BND, extra, sublayer) if sublayer else None
        yield Measured(cells, floor)


def _measure_pass(
    modules: dict[str, nn.Module],
    work: Pass,
    x_BND: Tensor,
    pace: dict[str, float],
    settings: AttentionSettings,
    dtype: torch.dtype,
) -> tuple[list[AttentionCell], dict[str, Timing]]:
    """The cells of one length and pass, and the times of the product and the copy."""
    device = x_BND.device
    batch, length = x_BND.shape[:2]
    cells = {name: AttentionCell(name, work, length, batch, "ok") for name in modules}
    actions: dict[str, Callable[[], object]] = {}
    once: dict[str, float] = {}
    for name, module in modules.items():
        if pace[name] > 2 * settings.limit:
            cells[name] = cells[name]._replace(status="over time")
            continue
        try:
            run, once[name], peak = _first_call(name, module, work, x_BND, settings, dtype)
        except OverTimeError:
            cells[name] = cells[name]._replace(status="over time")
            continue
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            cells[name] = cells[name]._replace(status="out of memory")
            error.__traceback__ = None  # its frames hold tensors in memory
            release(device)
            continue
        cells[name] = cells[name]._replace(peak=peak)
        if once[name] > settings.limit:
            time = Timing(once[name], once[name], once[name], 1)
            cells[name] = cells[name]._replace(status="single", time=time)
        else:
            actions[name] = run
    extra = _comparisons(x_BND, settings) if "fastformer" in actions and work == "forward" else {}
    times = _sample(actions | extra, settings.rounds, device, once)
    for name in actions:
        found = {"time": times[name]} if name in times else {"status": "out of memory"}
        cells[name] = cells[name]._replace(**found)
    return list(cells.values()), {name: times[name] for name in extra} if times.keys() >= extra.keys() else {}


def _sample(
    actions: dict[str, Callable[[], object]], rounds: int, device: torch.device, once: dict[str, float]
) -> dict[str, Timing]:
    """Times of all actions in turn; if memory is too small for all, one by one, without those that still do not fit."""
    try:
        return timings(actions, rounds, device, once)
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
    release(device)
    if len(actions) == 1:
        return {}
    found: dict[str, Timing] = {}
    for name, run in actions.items():
        found |= _sample({name: run}, rounds, device, once)
    return found


def _first_call(
    name: str, module: nn.Module, work: Pass, x_BND: Tensor, settings: AttentionSettings, dtype: torch.dtype
) -> tuple[Callable[[], None], float, int | None]:
    """A cell's warmed-up action, seconds of one call, and its peak memory.

    Raises OverTimeError, MemoryError or RuntimeError when time or memory run out.
    """
    device = x_BND.device
    peak = None
    if (
        settings.memory and device.type == "cpu" and not settings.compile
    ):  # first, so that running out of memory ends another process
        peak = peak_on_cpu(name, work, x_BND.shape[1], settings, dtype)
    run = action(module, work, x_BND, settings, dtype)
    once = seconds(run, device)
    if settings.compile or device.type == "cuda" or once < SHORT:  # the first call compiled, or had cold caches
        once = seconds(run, device)
    if settings.memory and device.type == "cuda":
        peak = peak_on_cuda(run, device)
    return run, once, peak


def _comparisons(x_BND: Tensor, settings: AttentionSettings) -> dict[str, Callable[[], object]]:
    """The product and the copy, measured in turn with a Fastformer sublayer."""
    if settings.scope != "sublayer":
        return {}
    x_ND = x_BND.flatten(0, 1)
    weight_DD = torch.randn(settings.width, settings.width, device=x_BND.device, dtype=x_BND.dtype)
    source = torch.ones(COPY_BYTES // 4, device=x_BND.device)  # not zeros, whose pages would not be read from memory
    target = torch.ones_like(source)

    @torch.inference_mode()
    def product() -> None:
        x_ND @ weight_DD

    return {PRODUCT: product, COPY: lambda: target.copy_(source)}


def _floor(x_BND: Tensor, extra: dict[str, Timing], sublayer: Timing) -> Floor:
    bandwidth = 2 * COPY_BYTES / extra[COPY].median
    traffic = 4 * x_BND.numel() * x_BND.element_size() / bandwidth
    return Floor(x_BND.shape[1], bandwidth, traffic, extra[PRODUCT].median, sublayer.median)
