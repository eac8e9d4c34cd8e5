"""`fastsum bench recommendation`: every model with every seed, trained and ranked, and the results.

The table has means over the seeds and half their range.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from rich.table import Table

from fastsum.console import say
from fastsum.device import describe, pick_device, pick_precision
from fastsum.errors import FastsumError, UsageError
from fastsum.files import write_whole
from fastsum.model.checkpoint import LATEST
from fastsum.tasks.recommendation import metrics, models, plm
from fastsum.tasks.recommendation.mind import Mind
from fastsum.tasks.recommendation.settings import RecommendationConfig
from fastsum.tasks.recommendation.task import Recommendation
from fastsum.tasks.recommendation.titles import piece_titles, word_titles
from fastsum.text.cleaning import clean
from fastsum.text.tokenizer import Tokenizer
from fastsum.training.embeddings import load_vectors
from fastsum.training.monitor import Monitor
from fastsum.training.trainer import Trainer

RESULTS = "recommendation.json"
"""The file of the results."""


class Run(NamedTuple):
    """One trained model."""

    model: str
    seed: int
    values: dict[str, float]
    """`metrics.FIGURES` on the dev impressions after the last step."""
    seconds: float
    """Of training, without the ranking."""
    parameters: int
    """Weights that are trained."""


@dataclass(frozen=True)
class Grid:
    """What is trained."""

    models: tuple[str, ...]
    seeds: int
    settings: RecommendationConfig
    language_model: str | None = None
    """Folder or name of the language model."""
    vectors: Path | None = None
    """Word vectors in GloVe's text format that the models of words start from."""
    device: str = "auto"
    precision: str = "auto"

    def __post_init__(self) -> None:
        if unknown := [name for name in self.models if name not in models.MODELS]:
            raise UsageError(f"there is no recommender {unknown[0]!r}; choose from {', '.join(models.MODELS)}")
        if not self.language_model and (needing := set(self.models) & set(models.WITH_LANGUAGE_MODEL)):
            raise UsageError(f"{min(needing)} needs a pretrained language model; name one with --language-model")


def run_grid(grid: Grid, mind: Mind, output: Path, quiet: bool = True) -> Iterator[list[Run]]:
    """Train every model with every seed; yields after each all runs so far.

    Models that `output`/recommendation.json has from an earlier call with the same data and settings are not trained
    again, and one that was interrupted is continued.

    Raises:
        FastsumError: unusable data or settings, or results of others in the folder.
        fastsum.training.signals.Interrupted: after a signal, with everything saved.
    """
    device = pick_device(grid.device)
    dtype = pick_precision(grid.precision, device)
    about = {
        "data": mind.digest,
        "settings": asdict(grid.settings),
        "language_model": grid.language_model,
        "vectors": str(grid.vectors) if grid.vectors else None,
        "device": describe(device, dtype),
    }
    path = output / RESULTS
    runs = _known(path, about)
    done = {(run.model, run.seed) for run in runs}
    tokenizer = Tokenizer.train(map(clean, mind.titles), grid.settings.vocabulary_size)
    words_NT = word_titles(mind.titles, tokenizer, grid.settings.title_tokens)
    for seed in range(grid.seeds):
        for name in grid.models:
            if (name, seed) not in done:
                runs.append(_train(grid, name, seed, mind, tokenizer, words_NT, output / "model", device, dtype, quiet))
                write_whole(path, json.dumps({**about, "runs": [run._asdict() for run in runs]}, indent=2) + "\n")
                yield runs
    yield runs


def _train(
    grid: Grid,
    name: str,
    seed: int,
    mind: Mind,
    tokenizer: Tokenizer,
    words_NT: NDArray[np.int64],
    folder: Path,
    device: torch.device,
    dtype: torch.dtype,
    quiet: bool,
) -> Run:
    settings, titles_NT, language_model = grid.settings, words_NT, None
    has_language_model = name in models.WITH_LANGUAGE_MODEL
    if has_language_model:
        pieces, language_model = plm.load(str(grid.language_model))
        titles_NT = piece_titles(mind.titles, pieces, settings.title_tokens)
    torch.manual_seed(seed)
    model = models.build(name, settings, len(tokenizer), language_model)
    weight = models.word_vectors(model)
    if grid.vectors and weight is not None:
        load_vectors(grid.vectors, tokenizer, weight)
    clicks = sum(int(impression.clicked_C.sum()) for impression in mind.train)
    training = settings.training(seed, clicks, grid.precision, language_model=has_language_model)
    parameters = sum(p.numel() for p in model.parameters() if p.requires_grad)
    if not quiet:
        say(f"{name}, seed {seed}: {clicks:,} clicks, {parameters / 1e6:.2f} million parameters")
    with Monitor(training.steps, None, quiet=quiet) as monitor, monitor.progress("ranking", len(mind.dev)) as progress:
        task = Recommendation(model, titles_NT, mind, settings, training, tokenizer, progress)
        trainer = Trainer(task, training, folder, device=device, dtype=dtype, report=monitor.report, say=monitor.say)
        _resume(trainer, folder)
        values = trainer.run()
    seconds = trainer.state.seconds
    shutil.rmtree(folder)
    return Run(name, seed, {figure: values[figure] for figure in metrics.FIGURES}, seconds, parameters)


def _resume(trainer: Trainer, folder: Path) -> None:
    """Continue the model that was interrupted, if it is this one."""
    if (folder / LATEST).exists():
        try:
            trainer.resume()
        except FastsumError:  # of another model, which --only has left out this time
            shutil.rmtree(folder)


def _known(path: Path, about: Mapping[str, Any]) -> list[Run]:
    """Runs of an earlier call."""
    if not path.exists():
        return []
    try:
        stored = json.loads(path.read_text("utf-8"))
        runs = [Run(**run) for run in stored["runs"]]
        same = all(stored[name] == value for name, value in about.items())
    except (ValueError, KeyError, TypeError):
        raise FastsumError(f"{path} was not written by this command; name another folder with --output") from None
    if not same:
        raise FastsumError(f"{path} is of other data, settings or another device; name another folder with --output")
    return runs


def as_table(runs: Sequence[Run]) -> Table:
    """Means over the seeds ± half their range; higher is better."""
    table = Table()
    table.add_column("model")
    for title in ("seeds", *metrics.TITLES.values(), "training", "parameters"):
        table.add_column(title, justify="right")
    for name in dict.fromkeys(run.model for run in runs):
        same = [run for run in runs if run.model == name]
        cells = [_cell([run.values[figure] for run in same]) for figure in metrics.FIGURES]
        seconds = fmean(run.seconds for run in same)
        table.add_row(name, str(len(same)), *cells, f"{seconds:,.0f} s", f"{same[0].parameters / 1e6:.2f} M")
    return table


def _cell(values: Sequence[float]) -> str:
    half = (max(values) - min(values)) / 2
    return f"{100 * fmean(values):.2f}" + (f" ± {100 * half:.2f}" if len(values) > 1 else "")
