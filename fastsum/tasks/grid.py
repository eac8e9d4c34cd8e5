"""Models trained with several seeds: each is kept as it is finished, an interrupted one goes on, and all in a table."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from rich.table import Table

from fastsum.errors import FastsumError
from fastsum.files import write_whole
from fastsum.training.experiment import locked


class Run(NamedTuple):
    """One trained model."""

    model: str
    seed: int
    values: dict[str, float]
    """Its figures."""


class Figure(NamedTuple):
    """A column of the table."""

    name: str
    """Of the value."""
    title: str
    digits: int = 2
    spread: bool = True
    """Whether half the range over the seeds is shown."""


def run_grid(
    path: Path,
    about: Mapping[str, Any],
    models: Sequence[str],
    seeds: int,
    train: Callable[[str, int, Path], dict[str, float]],
) -> Iterator[list[Run]]:
    """Train every model with every seed; yields after each all runs so far.

    Args:
        path: JSON file of the results: `about`, then `runs`. Models that it has from an earlier call are not trained
            again.
        about: what the results depend on; values that JSON can hold.
        train: trains a model, given a seed and a folder for its checkpoints, and returns its figures. The folder has
            those of an earlier call that was interrupted; it is removed once the run is kept.

    Raises:
        FastsumError: the file is of other data or settings or cannot be written, or another call trains in its folder.
    """
    about = json.loads(json.dumps(about))
    with locked(path.parent):
        runs = _known(path, about)
        done = {(run.model, run.seed) for run in runs}
        for seed in range(seeds):
            for model in models:
                folder = path.parent / f"{model}-{seed}"
                if (model, seed) not in done:
                    runs.append(Run(model, seed, train(model, seed, folder)))
                    results = {**about, "runs": [run._asdict() for run in runs]}
                    write_whole(path, json.dumps(results, indent=2) + "\n")
                    yield runs
                shutil.rmtree(folder, ignore_errors=True)
        yield runs


def as_table(kind: str, runs: Sequence[Run], figures: Sequence[Figure]) -> Table:
    """Means over the seeds ± half their range; a row for each model, a column for each figure."""
    table = Table()
    table.add_column(kind)
    for title in ("seeds", *(figure.title for figure in figures)):
        table.add_column(title, justify="right")
    for model in dict.fromkeys(run.model for run in runs):
        same = [run.values for run in runs if run.model == model]
        cells = [_cell([values[figure.name] for values in same], figure) for figure in figures]
        table.add_row(model, str(len(same)), *cells)
    return table


def _cell(values: Sequence[float], figure: Figure) -> str:
    half = (max(values) - min(values)) / 2
    shown = f"{fmean(values):,.{figure.digits}f}"
    return f"{shown} ± {half:,.{figure.digits}f}" if figure.spread and len(values) > 1 else shown


def _known(path: Path, about: Mapping[str, Any]) -> list[Run]:
    """Runs of an earlier call."""
    if not path.exists():
        return []
    try:
        stored = json.loads(path.read_text("utf-8"))
        runs = [Run(**run) for run in stored["runs"]]
        changed = [name for name, value in about.items() if stored[name] != value]
    except (ValueError, KeyError, TypeError):
        raise FastsumError(f"{path} was not written by this command; name another folder with --output") from None
    if changed:
        raise FastsumError(f"{path} is of other {' and '.join(changed)}; name another folder with --output")
    return runs
