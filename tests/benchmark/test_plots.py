"""The plots: every mechanism named, files that repeat byte for byte, labels that do not collide."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib")

from fastsum.benchmark import plots
from fastsum.benchmark.mechanisms import MECHANISMS


def cell(mechanism: str, work: str, length: int, seconds: float | None, status: str = "ok") -> dict[str, Any]:
    return {"mechanism": mechanism, "pass": work, "length": length, "median_s": seconds, "status": status}


NAMES = (*MECHANISMS, "newcomer")  # the last is one without a style of its own


def results(names: tuple[str, ...] = NAMES) -> dict[str, Any]:
    cells = []
    for work in ("forward", "training"):
        for number, name in enumerate(names):
            cells += [cell(name, work, length, 0.1 + 0.01 * number) for length in (128, 256, 512)]
            if name == "transformer":
                cells[-2:] = [
                    cell(name, work, 256, 30.0, "single"),
                    cell(name, work, 512, None, "over time"),
                ]
    settings = {"scope": "sublayer", "width": 16, "heads": 2, "layers": 3, "tokens": 512, "compile": False}
    return {"cells": cells, "settings": settings, "machine": {"device": "cpu, 2 threads, float32", "torch": "2.0"}}


def test_both_passes_are_drawn_and_name_every_mechanism(tmp_path: Path) -> None:
    paths = plots.draw_attention(results(), tmp_path / "new")
    assert [path.name for path in paths] == [
        f"attention-sublayer-{work}.{kind}" for work in ("forward", "training") for kind in ("png", "svg")
    ]
    for path in paths:
        if path.suffix == ".png":
            assert path.read_bytes().startswith(b"\x89PNG")
            assert path.stat().st_size > 20_000
        else:
            texts = {"".join(element.itertext()).strip() for element in ElementTree.parse(path).iter()}
            assert set(NAMES) - {"transformer"} <= texts
            assert "transformer, then over time" in texts
            assert any("hollow: one sample" in text for text in texts)
            assert {"tokens of a document", "time of a batch", "128", "512"} <= texts


def test_the_same_figures_give_the_same_files(tmp_path: Path) -> None:
    for first, second in zip(
        plots.draw_attention(results(), tmp_path / "a"), plots.draw_attention(results(), tmp_path / "b"), strict=True
    ):
        assert first.read_bytes() == second.read_bytes()


def test_one_length_and_one_mechanism_are_enough(tmp_path: Path) -> None:
    table = results(("fastformer",))
    table["cells"] = table["cells"][:1]
    assert [path.name for path in plots.draw_attention(table, tmp_path)] == [
        "attention-sublayer-forward.png", "attention-sublayer-forward.svg"
    ]  # fmt: skip


def test_every_mechanism_has_a_look_of_its_own() -> None:
    assert set(plots.STYLES) == set(MECHANISMS)
    assert len({style.marker for style in plots.STYLES.values()}) == len(MECHANISMS)


def test_labels_move_apart_and_no_further() -> None:
    assert plots.spread([0.1, 0.5, 0.9], 0.1) == [0.1, 0.5, 0.9]
    moved = plots.spread([0.1, 0.5, 0.5, 0.52, 0.9], 0.1)
    assert moved[0] == 0.1
    assert moved[-1] == 0.9
    assert all(b - a >= 0.1 - 1e-9 for a, b in pairwise(moved))
    assert sum(moved[1:4]) == pytest.approx(1.52)
