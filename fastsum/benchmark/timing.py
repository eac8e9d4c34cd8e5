"""Times that can be compared: taken in turn after a warm-up, as medians with their spread; and figures with targets."""

from __future__ import annotations

import json
import math
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import torch

from fastsum.device import cores, describe, processor

SAMPLE_SECONDS = 0.02
"""Shorter calls are repeated until a sample takes this long, so that the clock and the overhead matter little."""
MOST_REPEATS = 100


class Timing(NamedTuple):
    """Seconds of one call, over `samples` samples."""

    median: float
    low: float
    """The fastest sample."""
    high: float
    """The slowest sample."""
    samples: int


class Figure(NamedTuple):
    """One measured quantity, with its target if it has one."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    """Target: at most this."""
    least: float | None = None
    """Target: at least this."""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)


def timings(
    actions: Mapping[str, Callable[[], object]],
    rounds: int,
    device: torch.device,
    once: Mapping[str, float] | None = None,
) -> dict[str, Timing]:
    """Seconds of each action, taken in turn after a warm-up of each; every other round goes backwards.

    The load of other programs and a processor that slows down then affect all actions equally. On a CUDA device the
    time is measured there, between two events. `once` has seconds of one call for actions that are warm already.
    """
    warm = dict(once or {})
    for name, action in actions.items():
        if name not in warm:
            action()
            warm[name] = seconds(action, device)
    repeats = {name: max(1, min(MOST_REPEATS, round(SAMPLE_SECONDS / max(warm[name], 1e-9)))) for name in actions}
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(rounds):
        for name in list(actions)[:: -1 if number % 2 else 1]:
            taken[name].append(seconds(actions[name], device, repeats[name]))
    return {name: Timing(median(times), min(times), max(times), rounds) for name, times in taken.items()}


class Processor:
    """An action, with the processor time that its calls took: seconds of all threads of this process together.

    Where the process waits, the clock goes on and the processor's does not; where threads share the work, the processor
    takes longer than the clock.
    """

    def __init__(self, action: Callable[[], object]) -> None:
        self._action = action
        self._taken: list[float] = []

    def __call__(self) -> None:
        before = time.process_time()
        self._action()
        self._taken.append(time.process_time() - before)

    @property
    def seconds(self) -> float:
        """The median of the calls, without the first if there are others."""
        return median(self._taken[1:] or self._taken)


def medians(actions: Mapping[str, Callable[[], object]], rounds: int, device: torch.device) -> dict[str, float]:
    """The median of each action's `timings`."""
    return {name: timing.median for name, timing in timings(actions, rounds, device).items()}


def seconds(action: Callable[[], object], device: torch.device, repeats: int = 1) -> float:
    """Mean time of `repeats` calls in a row, in seconds."""
    if device.type == "cuda":
        with torch.cuda.device(device):
            begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            torch.cuda.synchronize()
            begin.record()
            for _ in range(repeats):
                action()
            end.record()
            torch.cuda.synchronize()
        return begin.elapsed_time(end) / 1_000 / repeats
    _wait(device)
    started = time.perf_counter()
    for _ in range(repeats):
        action()
    _wait(device)
    return (time.perf_counter() - started) / repeats


def expected(past: Sequence[tuple[float, float]], size: float, least: float = 0.0, most: float = 3.0) -> float:
    """Seconds that something of this size is expected to take, from earlier (size, seconds); 0 if there are none.

    The exponent of the growth is that between the last two, limited to `least` and `most`; with only one it is `least`.
    """
    if not past:
        return 0.0
    last, took = past[-1]
    power = least
    if len(past) > 1 and last > past[-2][0]:
        before, took_before = past[-2]
        power = min(most, max(least, math.log(took / took_before) / math.log(last / before)))
    return took * (size / last) ** power


def machine(device: torch.device, dtype: torch.dtype) -> dict[str, str | int]:
    """What the figures depend on: hardware and versions."""
    return {
        "processor": processor(),
        "cores": cores(),
        "threads": torch.get_num_threads(),
        "device": describe(device, dtype),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def write(path: Path, results: Mapping[str, object]) -> None:
    """Write results as JSON; the folder is made if it does not exist."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


def _wait(device: torch.device) -> None:
    if device.type == "mps":
        torch.mps.synchronize()
