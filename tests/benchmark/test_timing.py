"""How calls are timed; the times themselves are not tested."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from fastsum.benchmark import timing
from fastsum.benchmark.timing import Figure

CPU = torch.device("cpu")


def test_actions_are_timed_in_turn_and_every_other_round_backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "SAMPLE_SECONDS", 0.0)
    calls: list[str] = []
    found = timing.timings({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2, CPU)
    assert calls == ["a", "a", "b", "b", "a", "b", "b", "a"]
    assert all(0 <= one.low <= one.median <= one.high and one.samples == 2 for one in found.values())


def test_a_short_action_is_repeated_within_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "SAMPLE_SECONDS", 0.05)
    now = 0.0
    counts = {"short": 0, "long": 0}
    monkeypatch.setattr(timing.time, "perf_counter", lambda: now)

    def call(name: str, duration: float) -> None:
        nonlocal now
        now += duration
        counts[name] += 1

    found = timing.medians({"short": lambda: call("short", 0.001), "long": lambda: call("long", 0.06)}, 1, CPU)
    assert counts == {"short": 2 + 50, "long": 2 + 1}  # a warm-up, one to learn how long it takes, and the sample
    assert found == pytest.approx({"short": 0.001, "long": 0.06})


def test_a_processor_counts_what_was_computed_and_not_what_was_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter((0.0, 9.0, 10.0, 12.0, 20.0, 21.0, 30.0, 36.0))
    monkeypatch.setattr(timing.time, "process_time", lambda: next(now))
    action = timing.Processor(lambda: None)
    action()
    assert action.seconds == 9
    for _ in range(3):
        action()
    assert action.seconds == 2  # the first call warms up


def test_times_to_come_grow_as_the_last_two_did() -> None:
    assert timing.expected([], 128) == 0
    assert timing.expected([(128, 3.0)], 256) == 3
    assert timing.expected([(128, 3.0)], 256, least=1) == pytest.approx(6)
    assert timing.expected([(128, 9.0), (256, 1.0), (512, 2.0)], 1_024) == pytest.approx(4)
    assert timing.expected([(256, 1.0), (512, 4.0)], 1_024, least=1) == pytest.approx(16)
    assert timing.expected([(256, 2.0), (512, 1.0)], 2_048) == pytest.approx(1)  # no gain is counted on
    assert timing.expected([(256, 1.0), (512, 999.0)], 1_024) == pytest.approx(8 * 999)


def test_results_are_written_into_a_new_folder(tmp_path: Path) -> None:
    timing.write(tmp_path / "a" / "b.json", {"x": 1})
    assert json.loads((tmp_path / "a" / "b.json").read_text("utf-8")) == {"x": 1}


def test_a_target_is_met_up_to_its_bound() -> None:
    assert Figure("x", 2.0, most=2.0).met is True
    assert Figure("x", 2.1, most=2.0).met is False
    assert Figure("x", 0.49, least=0.5).met is False
    assert Figure("x", 0.49).met is None
