"""`fastsum bench classification`: how well and how fast each attention classifies texts."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated

import typer

from fastsum.cli.measuring import FOLDER, OutputFolder, notes, print_trained
from fastsum.cli.options import Device, Limit, Quiet, Strict, make_folder, preset_names, require_training
from fastsum.data.hub import LABELLED, LABELLED_LOCAL
from fastsum.errors import UsageError

NAMED = (*LABELLED, *LABELLED_LOCAL)
PRESET = "classification"


def classification(
    data: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            show_default=False,
            help=f"{', '.join(NAMED)}, a JSON Lines, CSV or Parquet file, or a folder with such a file for each split.",
        ),
    ],
    attentions: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Train only this attention; repeatable.", show_default=False),
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Number of models to train with each attention.")] = 2,
    epochs: Annotated[int, typer.Option(metavar="N", min=1, help="Passes over the training texts.")] = 4,
    config: Annotated[
        str,
        typer.Option(metavar="NAME", help="A preset's name or a TOML file.", autocompletion=preset_names),
    ] = PRESET,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change a setting of all models; repeatable."),
    ] = None,
    vectors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Word vectors in GloVe's text format to start from.")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option(metavar="PATH", help=f"Local copy of {' or '.join(NAMED)}.")] = None,
    text_column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Column with the texts; A+B joins two columns.")
    ] = None,
    label_column: Annotated[str | None, typer.Option(metavar="NAME", help="Column with the labels.")] = None,
    limit: Limit = None,
    strict: Strict = False,
    device: Device = "auto",
    output: OutputFolder = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Train classifiers of texts that differ in their attention, and print accuracy, macro-F and speed.

    After Ctrl-C the same command goes on where it stopped.

    \b
    fastsum bench classification imdb
    fastsum bench classification mind-topic --data-dir MINDsmall_train/news.tsv --seeds 5
    fastsum bench classification tickets.csv --text-column body --label-column team --only fastformer
    """
    require_training("benchmarks")
    from fastsum.config import ATTENTIONS, Config
    from fastsum.data.forms import LABELS
    from fastsum.data.rows import open_rows
    from fastsum.device import keep_freed_memory
    from fastsum.tasks.classification import runs
    from fastsum.tasks.classification.texts import read_texts
    from fastsum.tasks.grid import as_table
    from fastsum.training.monitor import Monitor

    chosen = ("model.attention", "training.seed", "training.steps", "training.embeddings")
    if given := [name for name in chosen if any(text.partition("=")[0].strip() == name for text in overrides or ())]:
        raise UsageError(f"--set {given[0]}: use --only, --seeds, --epochs and --vectors for what they set")
    settings = Config.load(config, tuple(overrides or ()))
    opened = functools.partial(
        open_rows,
        data,
        data_dir=data_dir,
        document_column=text_column,
        summary_column=label_column,
        strict=strict,
        limit=limit,
        validation_fraction=settings.data.validation_fraction,
        form=LABELS,
    )
    opened("train"), opened("test")  # reports unusable data before torch is loaded and a folder is made
    runs.check(attentions or ATTENTIONS)
    make_folder(output)
    keep_freed_memory()
    note = notes(quiet)
    with Monitor(0, None, quiet=quiet) as monitor, monitor.progress(f"tokenizing {data}") as progress:
        texts = read_texts(
            opened,
            vocabulary_size=settings.model.vocabulary_size,
            most_tokens=settings.data.document_tokens,
            strict=strict,
            progress=progress,
        )
    for left_out in texts.notes:
        note(left_out)
    grid = runs.run(
        texts,
        settings,
        output,
        attentions=tuple(attentions or ATTENTIONS),
        seeds=seeds,
        epochs=epochs,
        vectors=vectors,
        device=device,
        quiet=quiet,
        say=note,
    )
    print_trained(output / runs.RESULTS, grid, lambda found: as_table("attention", found, runs.FIGURES))
