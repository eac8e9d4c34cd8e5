"""An evaluation as tables for a terminal, and as files."""

from __future__ import annotations

import dataclasses
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from fastsum.evaluation.baselines import BM25, LEAD, LEXRANK, ORACLE
from fastsum.evaluation.scoring import SYSTEM, WHOLE, Evaluation, ScoredRow, mean_scores
from fastsum.files import write_whole
from fastsum.text.rouge import Interval, Scores
from fastsum.versions import version_of

if TYPE_CHECKING:
    from rich.table import Table

RESULTS, OUTPUTS = "results.json", "outputs.jsonl"
_HEADINGS = ("ROUGE-1", "ROUGE-2", "ROUGE-Lsum")
_PACKAGES = ("fastsum", "torch", "numpy", "nltk", "rouge-score", "tokenizers")


def as_table(evaluation: Evaluation, title: str) -> Table:
    """The scores as a table for a terminal: means with their intervals."""
    table = _table(title)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    names = _names(evaluation)
    for key, name in names.items():
        table.add_row(name, *(_cell(value, "") for value in evaluation.intervals[key].values()))
    for key, difference in evaluation.differences.items():
        table.add_row(f"{names[SYSTEM]} - {names[key]}", *(_cell(value, "+") for value in difference.values()))
    return table


def as_table_of_kinds(evaluation: Evaluation) -> Table:
    """For each kind of rows its mean scores and the differences from each other system, and the means over kinds."""
    table = _table("by kind")
    table.add_column("rows", justify="right")
    table.add_column("words", justify="right")
    table.add_column("", no_wrap=True)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    names = _names(evaluation)
    kinds = {kind: mean_scores(rows) for kind, rows in evaluation.kinds.items()}
    means = {
        name: {key: fmean(scores[name][key] for scores in kinds.values()) for key in Scores._fields} for name in names
    }
    for kind, scores in [*kinds.items(), ("mean of the kinds", means)]:
        rows = str(len(evaluation.kinds[kind])) if kind in kinds else ""
        words = str(evaluation.budgets.get(kind, "")) if kind in kinds else ""
        own = scores[SYSTEM]
        table.add_row(kind or "no kind", rows, words, names[SYSTEM], *(f"{value:.2f}" for value in own.values()))
        for key in evaluation.differences:
            table.add_row("", "", "", f"- {names[key]}", *(f"{own[one] - scores[key][one]:+.2f}" for one in own))
    return table


def _names(evaluation: Evaluation) -> dict[str, str]:
    """What each system is called in a table, in the order of its rows."""
    names = {
        SYSTEM: evaluation.decoding.mode,
        WHOLE: "without the question",
        BM25: "BM25",
        LEAD: f"Lead-{evaluation.lead}" if evaluation.lead else "Lead",
        LEXRANK: f"LexRank-{evaluation.lexrank}" if evaluation.lexrank else "LexRank",
        ORACLE: "greedy oracle",
    }
    names |= {name: name for name in evaluation.intervals if name not in names}
    return {key: name for key, name in names.items() if key in evaluation.intervals}


def _table(title: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    table.add_column("")
    return table


def _cell(value: Interval, sign: str) -> str:
    return f"{value.mean:{sign}.2f} ({value.low:{sign}.2f} to {value.high:{sign}.2f})"


def write(folder: Path, evaluation: Evaluation, about: Mapping[str, Any]) -> None:
    """Write the rows as JSON Lines and the scores, with `about` and the versions used, as JSON.

    Each file is written atomically. Raises FastsumError where the folder cannot be written to.
    """
    lines = [json.dumps(_record(output), ensure_ascii=False) + "\n" for output in evaluation.outputs]
    results = {**about, **evaluation.as_dict(), "versions": _versions()}
    write_whole(folder / OUTPUTS, "".join(lines))
    write_whole(folder / RESULTS, json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def _record(output: ScoredRow) -> dict[str, Any]:
    scores = {name: found._asdict() for name, found in output.scores.items()}
    return {**dataclasses.asdict(output), "scores": scores}


def _versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {package: version_of(package) or "unknown" for package in _PACKAGES}
