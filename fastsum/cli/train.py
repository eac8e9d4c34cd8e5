"""`fastsum train`: train a model from a configuration, or fine-tune one. Nothing slow is imported at the top."""

from __future__ import annotations

import dataclasses
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastsum.cli import defaults
from fastsum.cli.options import (
    DATA_HELP,
    Attention,
    DataDir,
    Device,
    DocumentColumn,
    Limit,
    Quiet,
    Strict,
    SummaryColumn,
    model_names,
    preset_names,
    require_training,
)
from fastsum.config import TUNING
from fastsum.console import say
from fastsum.errors import UsageError
from fastsum.model.genre import GENRES

if TYPE_CHECKING:
    from fastsum.config import Config
    from fastsum.data.rows import Rows


def _whole_presets(incomplete: str) -> list[str]:
    """Completes `--config`, which needs a whole configuration."""
    return [name for name in preset_names(incomplete) if name != TUNING]


def train(
    ctx: typer.Context,
    data: Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)],
    config: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A preset's name (see fastsum config) or a TOML file.", autocompletion=_whole_presets
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME",
            help=f"A model to fine-tune: {', '.join(GENRES)} or a checkpoint's folder.",
            autocompletion=model_names,
        ),
    ] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change a setting; repeatable.")
    ] = None,
    attention: Annotated[
        Attention | None,
        typer.Option(help="Attention mechanism of the encoders: model.attention.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="For checkpoints and log; runs/ plus DATA's name by default."
        ),
    ] = None,
    data_dir: DataDir = None,
    document_column: DocumentColumn = None,
    summary_column: SummaryColumn = None,
    limit: Limit = None,
    strict: Strict = False,
    resume: Annotated[bool, typer.Option("--resume", help="Continue from the output's latest checkpoint.")] = False,
    device: Device = "auto",
    cache: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of tokenized examples, kept between runs.")
    ] = None,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help="Write the metrics for TensorBoard too.")] = False,
    quiet: Quiet = False,
) -> None:
    """Train or fine-tune a model.

    The last line on stdout is the folder of the best checkpoint. Ctrl-C stops after the current batch and saves; the
    same command with --resume continues from there.

    \b
    fastsum train rows/ --config tiny --output runs/first
    fastsum train cnn_dailymail --set training.steps=1000 --set model.width=128
    fastsum train cnn_dailymail --attention longformer
    fastsum train reports.jsonl --from paper
    torchrun --nproc-per-node 4 -m fastsum train pubmed
    """
    require_training("training and fine-tuning")
    folder = output or Path("runs") / (Path(data).resolve().stem or "data")
    if resume:  # a run keeps its own settings, unless the command line itself gives others
        config = config if defaults.is_given(ctx, "config") else None
        overrides = overrides if defaults.is_given(ctx, "overrides") else None
        attention = attention if defaults.is_given(ctx, "attention") else None
    changes = (*(overrides or ()), *([f"model.attention={attention.value}"] if attention else []))
    if defaults.is_given(ctx, "config") and not defaults.is_given(ctx, "start"):
        start = None
    if start is not None and not resume:
        if defaults.is_given(ctx, "config"):
            raise UsageError("give --from or --config, not both: fine-tuning keeps the model's own configuration")
        settings = _fine_tuning(start, changes)
    else:
        settings = _settings(config, changes, folder if resume else None)

    @functools.cache
    def rows(split: str) -> Rows:
        from fastsum.data.rows import open_rows

        return open_rows(
            data,
            split,
            data_dir=data_dir,
            document_column=document_column,
            summary_column=summary_column,
            strict=strict,
            limit=limit,
            validation_fraction=settings.data.validation_fraction,
        )

    rows("train"), rows("validation")  # reports unusable data before torch is loaded and a folder is made
    from fastsum.device import keep_freed_memory
    from fastsum.model.checkpoint import BEST
    from fastsum.training.distributed import process_group
    from fastsum.training.experiment import train as run
    from fastsum.training.monitor import Monitor
    from fastsum.training.signals import Interrupted

    keep_freed_memory()
    with process_group(device) as group:
        log = folder if group.leads else None
        try:
            with Monitor(
                settings.training.steps, log, quiet=quiet or not group.leads, tensorboard=tensorboard
            ) as monitor:
                best = run(
                    settings, rows, folder, monitor=monitor, group=group, device=device, cache=cache, resume=resume
                )
        except Interrupted:
            if group.leads:
                say(f"stopped and saved in {folder}; the same command with --resume continues from there")
            raise typer.Exit(130) from None
    if group.leads:
        print("  ".join(f"{name} {value:.4g}" for name, value in best.items()))
        print(folder / BEST)


def _fine_tuning(start: str, overrides: tuple[str, ...]) -> Config:
    """The settings for fine-tuning a model: its own, under those of the preset, under `overrides`."""
    from fastsum import toml
    from fastsum.config import Config, changed_shape, preset_text
    from fastsum.model import checkpoint

    if not start:
        raise UsageError(f"--from is empty: name {', '.join(GENRES)} or a checkpoint's folder")
    tables = toml.parse(preset_text(TUNING))
    preset = [f"{name}.{key}={json.dumps(value)}" for name, table in tables.items() for key, value in table.items()]
    stored = checkpoint.load(checkpoint.locate(start))
    config = Config.load(stored.directory / checkpoint.CONFIG, (*preset, *overrides))
    if changed := changed_shape(stored.config.model, config.model):
        raise UsageError(f"{stored.directory} has another {changed}: fine-tuning keeps the model's shape")
    return dataclasses.replace(config, training=dataclasses.replace(config.training, start=start))


def _settings(source: str | None, overrides: tuple[str, ...], resumed: Path | None) -> Config:
    """The settings of `source`, else those of the run to resume, else the defaults; under `overrides`."""
    from fastsum.config import Config
    from fastsum.model import checkpoint

    if source == TUNING:
        raise UsageError(f"the preset {TUNING} is for fine-tuning, which uses it: give --from, or another --config")
    if source is None and resumed is not None:
        latest = resumed / checkpoint.LATEST
        checkpoint.load(latest)  # reports what is wrong with it, and repairs what a kill during saving left
        source = str(latest / checkpoint.CONFIG)
    return Config.load(source, overrides)
