"""The command line. Results go to stdout, everything else to stderr.

Nothing slow is imported at the top: each command imports what it needs, so that `--help` answers at once.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from fastsum import defaults
from fastsum.bench_cli import bench
from fastsum.display import Display, say
from fastsum.errors import FastsumError
from fastsum.options import (
    DATA_HELP,
    Attention,
    Beam,
    DataDir,
    Device,
    DocumentColumn,
    Limit,
    Model,
    ModeOption,
    Precision,
    PrecisionOption,
    Quiet,
    Sentences,
    Split,
    Strict,
    SummaryColumn,
    Words,
    make_folder,
    model_names,
    print_wide,
)
from fastsum.summarize_cli import summarize

if TYPE_CHECKING:
    from fastsum.config import Config
    from fastsum.evaluation import Evaluation
    from fastsum.rows import Rows


class _Commands(TyperGroup):
    """Turns what a person caused into a sentence and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            if not {"-h", "--help"} & {*ctx.args}:  # help is shown whatever the defaults are like
                ctx.default_map = defaults.read(ctx)
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except FastsumError as error:
            say(f"error: {error.message}")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except OSError as error:
            if not isinstance(error, BrokenPipeError):  # then who reads the output has seen enough
                say(f"error: {error.filename or 'standard output'}: {error.strerror or error}")
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter's own flush fails as well
            raise typer.Exit(1) from None


EPILOG = """
\b
Exit status:
  0    done
  1    something failed: a file, a row, a model; the others were still done
  2    wrong usage: an option, a variable or the file of defaults; nothing was done
  130  stopped by Ctrl-C; training was saved

\b
Defaults of your own stand in the file that `fastsum info` names, or in variables
such as FASTSUM_SUMMARIZE_SENTENCES=3. NO_COLOR=1 keeps to plain text.
Each command has a page in docs/commands.
"""

app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # importing rich for the help would double its time
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)


app.command()(summarize)
app.add_typer(bench, name="bench")


def preset_names(incomplete: str) -> list[str]:
    """The presets that begin so, for the shell's completion."""
    from fastsum.config import presets

    return [name for name in presets() if name.startswith(incomplete)]


def main() -> None:
    """Run the command line and exit."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter is no error
    app(prog_name="fastsum")


def _show_version(asked: bool) -> None:
    if asked:
        from fastsum import __version__

        print(f"fastsum {__version__}")
        raise typer.Exit


@app.callback()
def _fastsum(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Summarize long documents on your own machine; train and evaluate models that do."""


@app.command()
def train(
    ctx: typer.Context,
    data: Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)],
    config: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A preset's name (see fastsum config) or a TOML file.", autocompletion=preset_names
        ),
    ] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change a setting; repeatable.")
    ] = None,
    attention: Annotated[
        Attention | None,
        typer.Option(help="Attention of the encoders, Fastformer's or a rival's: model.attention.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Checkpoints and log; runs/ and DATA's name by default."),
    ] = None,
    data_dir: DataDir = None,
    document_column: DocumentColumn = None,
    summary_column: SummaryColumn = None,
    limit: Limit = None,
    strict: Strict = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the output folder's latest checkpoint.")] = False,
    device: Device = "auto",
    cache: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of tokenised examples, kept between runs.")
    ] = None,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help="Write the figures for TensorBoard too.")] = False,
    quiet: Quiet = False,
) -> None:
    """Train a model and print where the best checkpoint is.

    Ctrl-C finishes the step and saves; the same command with --resume goes on from there.

    \b
    fastsum train rows/ --config tiny --output runs/first
    fastsum train cnn_dailymail --set training.steps=1000 --set model.width=128
    fastsum train cnn_dailymail --attention longformer
    torchrun --nproc-per-node 4 -m fastsum train pubmed
    """
    folder = output or Path("runs") / (Path(data).resolve().stem or "data")
    if resume:  # a run goes on with its own settings, unless the command line itself asks for others
        config = config if defaults.is_given(ctx, "config") else None
        overrides = overrides if defaults.is_given(ctx, "overrides") else None
        attention = attention if defaults.is_given(ctx, "attention") else None
    changes = [*(overrides or ()), *([f"model.attention={attention.value}"] if attention else [])]
    settings = _settings(config, tuple(changes), folder if resume else None)

    @functools.cache
    def rows(split: str) -> Rows:
        from fastsum.rows import open_rows

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

    rows("train"), rows("validation")  # what is wrong with them is told before torch is loaded and a folder made
    from fastsum.checkpoint import BEST
    from fastsum.device import keep_freed_memory
    from fastsum.distributed import process_group
    from fastsum.experiment import train as run
    from fastsum.monitor import Monitor
    from fastsum.training import Interrupted

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
                say(f"stopped and saved in {folder}; the same command with --resume goes on from there")
            raise typer.Exit(130) from None
    if group.leads:
        print("  ".join(f"{name} {value:.4g}" for name, value in best.items()))
        print(folder / BEST)


@app.command()
def evaluate(
    ctx: typer.Context,
    data: Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)],
    model: Model = None,
    split: Annotated[Split, typer.Option(help="Rows to score.")] = Split.test,
    data_dir: DataDir = None,
    document_column: DocumentColumn = None,
    summary_column: SummaryColumn = None,
    limit: Limit = None,
    strict: Strict = False,
    mode: ModeOption = None,
    sentences: Sentences = None,
    words: Words = None,
    beam: Beam = None,
    lead: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Leading sentences to compare with: 3, or 10 where the summaries are abstracts."
        ),
    ] = None,
    lexrank: Annotated[
        int, typer.Option(metavar="N", min=0, help="Compare with so many sentences of sumy's LexRank too.")
    ] = 0,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="For results.json and outputs.jsonl.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Score a model's summaries with ROUGE.

    Beside them stand the leading sentences and the greedy oracle, the sentences that come closest to the reference.
    Intervals are 95 % bootstrap intervals. Without --model, the first rows tell whether the paper model or the news
    model is scored.

    \b
    fastsum evaluate cnn_dailymail --limit 500
    fastsum evaluate rows.jsonl --model runs/first/best --output scores
    """
    if output:
        make_folder(output)  # before the long work, not after
    from fastsum import evaluation
    from fastsum.device import describe, keep_freed_memory
    from fastsum.rows import open_rows
    from fastsum.summarizer import Summarizer

    keep_freed_memory()
    open_split = functools.partial(
        open_rows,
        data,
        split.value,
        data_dir=data_dir,
        document_column=document_column,
        summary_column=summary_column,
        strict=strict,
        limit=limit,
    )
    name = model or evaluation.genre_of_rows(open_split())
    summarizer = Summarizer.load(name, device=device, precision=precision.value)
    rows = open_split(validation_fraction=summarizer.config.data.validation_fraction)
    with Display(f"evaluating {rows.origin}", limit, quiet) as display:
        found = evaluation.evaluate(
            summarizer,
            rows,
            lead=lead or evaluation.default_lead(rows.summary_column),
            lexrank=lexrank,
            mode=mode and mode.value,
            **defaults.lengths(ctx),  # of one length given and a default of the other, only that given counts
            beam=beam,
            progress=display.done,
        )
    if found.skipped and strict:
        raise FastsumError(f"{rows.origin}: {found.skipped[0]} has no word in its document or its summary")
    if not quiet:
        if reason := rows.describe_rejects():
            say(reason)
        if found.skipped:
            say(f"Left out {len(found.skipped)} without a word, the first of them {found.skipped[0]}.")
    computed_on = describe(summarizer.device, summarizer.dtype)
    if output:
        about = {
            "data": rows.origin,
            "split": split.value,
            "limit": limit,
            "rejected": rows.rejected,
            "rejects": rows.rejects,
            "model": name,
            "device": computed_on,
        }
        evaluation.write(output, found, about)
    _print_evaluation(found, rows.origin, f"{name} on {computed_on}")


@app.command()
def config(
    preset: Annotated[
        str | None,
        typer.Argument(show_default=False, help="Preset to print, as commented TOML.", autocompletion=preset_names),
    ] = None,
) -> None:
    """List the presets for training, or print one.

    A printed preset is a TOML file to start from.

    \b
    fastsum config tiny > mine.toml
    fastsum train rows/ --config mine.toml
    """
    from fastsum.config import preset_text, presets

    if preset is None:
        print("\n".join(presets()))
    elif preset not in presets():
        raise FastsumError(f"there is no preset {preset!r}; choose one of {', '.join(presets())}")
    else:
        print(preset_text(preset), end="")


@app.command()
def info(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="MODEL",
            show_default=False,
            help="news, paper or the folder of a checkpoint; both that ship by default.",
            autocompletion=model_names,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show models, versions, extras, files and device.

    Of each model what its card says; of the device and the precision what auto takes on this machine.

    \b
    fastsum info
    fastsum info runs/first/best
    fastsum info --json
    """
    import json

    from fastsum import info

    models = info.models((model,) if model else info.GENRES)
    if as_json:
        print(json.dumps(info.as_dict(models), indent=2, ensure_ascii=False))
        return
    for block in info.as_text(models):  # the device comes last: to know it takes torch, which takes its time
        print(block, flush=True)


def _settings(source: str | None, overrides: tuple[str, ...], resumed: Path | None) -> Config:
    """The configuration asked for; a run that is resumed has its own unless told otherwise."""
    from fastsum import checkpoint
    from fastsum.config import Config

    if source is None and resumed is not None:
        latest = resumed / checkpoint.LATEST
        checkpoint.load(latest)  # says what is wrong with it, and mends what a kill during saving left
        source = str(latest / checkpoint.CONFIG)
    return Config.load(source, overrides)


def _print_evaluation(found: Evaluation, origin: str, system: str) -> None:
    from fastsum.evaluation import as_table

    print_wide(as_table(found, f"{len(found.outputs):,} rows of {origin}"))
    print(f"{found.documents_per_second:.1f} documents/s, {system}")
    settings = dataclasses.asdict(found.decoding)
    print("decoding: " + ", ".join(f"{name} {value}" for name, value in settings.items()))
