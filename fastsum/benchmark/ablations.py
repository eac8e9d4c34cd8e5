"""Ablations of the Fastformer layer: small models that differ in one part, trained and validated in the same way.

The paper (arXiv 2108.09084) compares shared projections, interaction functions and other mechanisms. This repeats the
comparison for summaries, with the short convolution before each layer and without it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from rich.table import Table

from fastsum.config import ATTENTIONS, Config, preset_text
from fastsum.console import say
from fastsum.data.rows import Rows
from fastsum.errors import FastsumError
from fastsum.evaluation import scoring
from fastsum.evaluation.baselines import LEAD, ORACLE
from fastsum.files import cache_folder
from fastsum.model.checkpoint import BEST
from fastsum.summary.summarizer import Summarizer
from fastsum.training import experiment
from fastsum.training.dataset import open_dataset
from fastsum.training.distributed import ALONE
from fastsum.training.monitor import Monitor

PARTS: dict[str, tuple[str, ...]] = {
    "fastformer": (),
    "value map of its own": ("model.share_query_value=false",),
    "heads share maps": ("model.share_heads=true",),
    "layers share all": ("model.share_layers=true",),
    "addition": ("model.interaction=addition",),
    "concatenation": ("model.interaction=concatenation",),
    "global query alone": ("model.pooling=query",),
    "global key alone": ("model.pooling=key",),
    **{name: (f"model.attention={name}",) for name in ATTENTIONS if name != "fastformer"},
}
"""Settings of each variant."""

SETTINGS: dict[str, tuple[str, ...]] = {
    "convolution": ("model.convolution=5", "model.positions=none"),
    "paper": ("model.convolution=0", "model.positions=sinusoidal"),
    "both": ("model.convolution=5", "model.positions=sinusoidal"),
    "neither": ("model.convolution=0", "model.positions=none"),
}
"""What is around the attention: the short convolution or, as in the paper, position encodings."""

FIGURES = ("salience_loss", "writing_loss", "rouge1", "rouge2", "rougeLsum")


class Run(NamedTuple):
    """One trained model."""

    setting: str
    part: str
    seed: int
    values: dict[str, float]
    """The FIGURES on the validation rows after the last step."""


def run_grid(
    rows: Callable[[str], Rows],
    output: Path,
    *,
    parts: Sequence[str],
    settings: Sequence[str],
    seeds: int,
    overrides: tuple[str, ...] = (),
    device: str = "auto",
    quiet: bool = True,
) -> Iterator[tuple[list[Run], dict[str, dict[str, float]]]]:
    """Train every variant with every seed; yields after each all runs so far and the baselines' ROUGE on the same rows.

    Models that `output`/ablations.json has from an earlier call with the same data and overrides are not trained again.
    The examples are made before the first model, with their progress on stderr unless `quiet`.

    Raises:
        FastsumError: for an unknown part or setting, or unusable rows.
    """
    for kind, names, known in (("part", parts, PARTS), ("setting", settings, SETTINGS)):
        if unknown := [name for name in names if name not in known]:
            raise FastsumError(f"ablations: there is no {kind} {unknown[0]!r}; choose from {', '.join(known)}")
    path = output / "ablations.json"
    about = {"data": rows("train").key, "preset": preset_text("ablation"), "overrides": list(overrides)}
    runs, baselines = _known(path, about)
    prepared = False
    done = {(run.setting, run.part, run.seed) for run in runs}
    for seed in range(seeds):
        for setting in settings:
            for part in parts:
                if (setting, part, seed) in done:
                    continue
                config = Config.load(
                    "ablation", (*SETTINGS[setting], *PARTS[part], *overrides, f"training.seed={seed}")
                )
                if not prepared:
                    with Monitor(0, None, quiet=quiet) as monitor:
                        open_dataset(config, rows, cache_folder(), monitor)
                    prepared = True
                if not quiet:
                    say(f"{setting}, {part}, seed {seed}")
                folder = output / "model"
                shutil.rmtree(folder, ignore_errors=True)  # of a run that was interrupted
                with Monitor(config.training.steps, None, quiet=True) as monitor:
                    values = experiment.train(config, rows, folder, monitor=monitor, group=ALONE, device=device)
                if not baselines:
                    baselines = _baselines(folder / BEST, rows("validation"), config, device)
                shutil.rmtree(folder)
                runs.append(Run(setting, part, seed, {name: values[name] for name in FIGURES}))
                output.mkdir(parents=True, exist_ok=True)
                results = {**about, "baselines": baselines, "runs": [run._asdict() for run in runs]}
                path.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
                yield runs, baselines
    if not runs:
        raise FastsumError("ablations: nothing to train; name at least one part, one setting and one seed")
    yield runs, baselines


def as_table(runs: Sequence[Run], baselines: Mapping[str, Mapping[str, float]]) -> Table:
    """Means over the seeds ± half their range; lower losses and higher ROUGE are better."""
    table = Table()
    table.add_column("around the attention")
    table.add_column("variant")
    for name in ("seeds", "salience loss", "writing loss", "ROUGE-1", "ROUGE-2", "ROUGE-Lsum"):
        table.add_column(name, justify="right")
    for setting in dict.fromkeys(run.setting for run in runs):
        of_setting = [run for run in runs if run.setting == setting]
        for number, part in enumerate(dict.fromkeys(run.part for run in of_setting)):
            same = [run.values for run in of_setting if run.part == part]
            cells = [_cell([values[name] for values in same], name) for name in FIGURES]
            table.add_row("" if number else setting, part, str(len(same)), *cells)
        table.add_section()
    for name, scores in baselines.items():
        table.add_row("", name, "", "", "", *(f"{scores[score]:.2f}" for score in FIGURES[2:]))
    return table


def _cell(values: list[float], name: str) -> str:
    digits = 2 if name.startswith("rouge") else 4
    half = (max(values) - min(values)) / 2
    return f"{fmean(values):.{digits}f}" + (f" ± {half:.{digits}f}" if len(values) > 1 else "")


def _baselines(model: Path, rows: Rows, config: Config, device: str) -> dict[str, dict[str, float]]:
    """ROUGE of the leading sentences and of the oracle on the models' validation rows."""
    summarizer = Summarizer.load(model, device=device)
    kept = [row for _, row in zip(range(config.training.validate_rows), rows, strict=False)]
    found = scoring.evaluate(summarizer, kept, lead=scoring.default_lead(rows.summary_column))
    names = {f"Lead-{found.lead}": LEAD, "oracle": ORACLE}
    return {shown: {score: found.intervals[name][score].mean for score in FIGURES[2:]} for shown, name in names.items()}


def _known(path: Path, about: Mapping[str, Any]) -> tuple[list[Run], dict[str, dict[str, float]]]:
    """Runs and baselines of an earlier call."""
    if not path.exists():
        return [], {}
    try:
        stored = json.loads(path.read_text("utf-8"))
        runs = [Run(**run) for run in stored["runs"]]
        same = all(stored[name] == value for name, value in about.items())
    except (ValueError, KeyError, TypeError):
        raise FastsumError(f"{path} was not written by this command; name another folder with --output") from None
    if not same:
        raise FastsumError(f"{path} is of other data or settings; name another folder with --output")
    return runs, stored["baselines"]
