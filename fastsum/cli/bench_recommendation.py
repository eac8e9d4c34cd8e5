"""`fastsum bench recommendation`: how well news recommenders rank MIND's impressions."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from fastsum.cli.measuring import FOLDER, OutputFolder, notes, print_trained
from fastsum.cli.options import Device, Precision, PrecisionOption, Quiet, make_folder, require_training
from fastsum.tasks.recommendation.settings import PRESETS, load_settings


class Preset(str, Enum):
    """Settings of the recommenders."""

    _ignore_ = "name"
    for name in PRESETS:
        vars()[name] = name


SMALL = Preset("small")


def recommendation(
    mind_dir: Annotated[
        Path,
        typer.Argument(
            metavar="MIND_DIR",
            show_default=False,
            help="Folder with MIND's train and dev, or MINDsmall_train and so on: news.tsv and behaviors.tsv in each.",
        ),
    ],
    models: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Train only this recommender; repeatable.", show_default=False),
    ] = None,
    language_model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Folder or hub name of a pretrained language model, for plm-nr and fastformer+plm-nr."
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Number of models to train of each recommender.")] = 2,
    preset: Annotated[Preset, typer.Option(help="The paper's settings, or small ones.")] = SMALL,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=NUMBER", help="Change a setting of all models; repeatable."),
    ] = None,
    vectors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Word vectors in GloVe's text format to start from.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Maximum number of impressions to read of each split.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first line or news id that cannot be used.")
    ] = False,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    output: OutputFolder = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Train news recommenders on MIND, and print AUC, MRR and nDCG of the dev impressions, all in percent.

    After Ctrl-C the same command goes on where it stopped.

    \b
    fastsum bench recommendation MIND
    fastsum bench recommendation MIND --only fastformer --seeds 5 --preset paper --vectors glove.840B.300d.txt
    fastsum bench recommendation MIND --only plm-nr --only fastformer+plm-nr --language-model bert-base-uncased
    """
    require_training("benchmarks")
    from fastsum.device import keep_freed_memory
    from fastsum.tasks.grid import as_table
    from fastsum.tasks.recommendation import runs
    from fastsum.tasks.recommendation.mind import read_mind
    from fastsum.tasks.recommendation.models import MODELS, WITH_LANGUAGE_MODEL

    note = notes(quiet)
    settings = load_settings(preset.value, tuple(overrides or ()))
    names = models or [name for name in MODELS if language_model or name not in WITH_LANGUAGE_MODEL]
    runs.check(names, language_model)
    mind = read_mind(mind_dir, strict=strict, limit=limit)
    make_folder(output)
    keep_freed_memory()
    if left_out := mind.rejects.describe():
        note(left_out)
    if not language_model and not models:
        note(f"not trained without --language-model: {', '.join(WITH_LANGUAGE_MODEL)}")
    grid = runs.run(
        mind,
        settings,
        output,
        names=names,
        seeds=seeds,
        language_model=language_model,
        vectors=vectors,
        device=device,
        precision=precision.value,
        quiet=quiet,
        say=note,
    )
    print_trained(output / runs.RESULTS, grid, lambda found: as_table("model", found, runs.FIGURES))
