"""`fastsum bench`: the measurements as commands. Tables go to stdout, the same figures as JSON to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from fastsum.cli.options import (
    DATA_HELP,
    MODEL,
    DataDir,
    Device,
    DocumentColumn,
    Limit,
    Precision,
    PrecisionOption,
    Quiet,
    Split,
    SummaryColumn,
    make_folder,
    print_wide,
    require_training,
)
from fastsum.console import say
from fastsum.errors import FastsumError
from fastsum.model.genre import GENRES

bench = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure speed, memory and the effect of each part.",
)

OutputFolder = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the figures and plots.")]
FOLDER = Path("bench")
ModelName = Annotated[str, MODEL]
Rounds = Annotated[int, typer.Option(metavar="N", min=1, help="Samples of each figure.")]
PeakMemory = Annotated[bool, typer.Option("--memory/--no-memory", help="Measure peak memory.")]


class Scope(str, Enum):
    """How much of a model is measured."""

    sublayer = "sublayer"
    encoder = "encoder"


@bench.command()
def attention(
    mechanisms: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Measure only this mechanism; repeatable.", show_default=False),
    ] = None,
    scope: Annotated[Scope, typer.Option(help="One attention layer, or an encoder of such layers.")] = Scope.sublayer,
    lengths: Annotated[
        str, typer.Option(metavar="N,N,...", help="Tokens of a document.")
    ] = "128,256,512,1024,2048,4096,8192,16384,32768,65536",
    tokens: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Tokens in a batch; the longest document's by default.")
    ] = None,
    width: Annotated[int, typer.Option(metavar="N", min=1, help="Size of a token's state vector.")] = 256,
    heads: Annotated[int, typer.Option(metavar="N", min=1, help="Attention heads.")] = 8,
    layers: Annotated[int, typer.Option(metavar="N", min=1, help="Layers of the encoder (--scope encoder).")] = 3,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    compiled: Annotated[bool, typer.Option("--compile", help="Compile each mechanism with torch.compile.")] = False,
    rounds: Rounds = 5,
    limit: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0, help="Measure slower calls once; skip those expected to take twice it."),
    ] = 20.0,
    memory: PeakMemory = True,
    output: OutputFolder = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Time and memory of every attention mechanism by length, as tables, JSON and plots.

    \b
    fastsum bench attention
    fastsum bench attention --only fastformer --only longformer --lengths 512,4096 --no-memory
    fastsum bench attention --device cuda --precision bf16 --compile --output bench/gpu
    """
    require_training("benchmarks")
    from fastsum.benchmark import attention, attention_results, timing
    from fastsum.benchmark.mechanisms import AttentionSettings, available
    from fastsum.device import keep_freed_memory, pick_device, pick_precision

    note = notes(quiet)
    chosen = pick_device(device)
    sizes = whole_numbers(lengths, "--lengths")
    settings = AttentionSettings(
        mechanisms=tuple(mechanisms or available(chosen)),
        lengths=sizes,
        tokens=tokens or sizes[-1],
        scope=scope.value,
        width=width,
        heads=heads,
        layers=layers,
        compile=compiled,
        rounds=rounds,
        limit=limit,
        memory=memory,
    )
    make_folder(output)
    keep_freed_memory()
    dtype = pick_precision(precision.value, chosen)
    facts = timing.machine(chosen, dtype)
    found: list[attention.Measured] = []
    results: dict[str, Any] = {}
    path = output / f"attention-{scope.value}.json"
    with print_at_end(path, lambda: [attention_results.as_tables(facts, settings, found)] if found else []):
        for measured in attention.measure(settings, chosen, dtype):
            found.append(measured)
            results = attention_results.as_json(facts, settings, chosen, dtype, found)
            timing.write(path, results)
            for cell in measured.cells:
                figure = f"{cell.time.median:.4g} s" if cell.time else cell.status
                note(f"{cell.length:,} tokens, {cell.work}, {cell.mechanism}: {figure}")
    try:
        from fastsum.benchmark import plots
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        note("no plots without matplotlib; pip install 'fastsum[plots]'")
    else:
        for plot in plots.draw_attention(results, output):
            note(f"wrote {plot}")


@bench.command()
def summarize(
    data: Annotated[
        str | None,
        typer.Argument(
            metavar="DATA",
            show_default=False,
            help=f"Data set to summarize instead of documents made from the samples: {DATA_HELP}",
        ),
    ] = None,
    words: Annotated[
        str, typer.Option(metavar="N,N,...", help="Words of a document; ignored with DATA.")
    ] = "500,1000,2000,5000,10000,20000,50000",
    split: Annotated[Split, typer.Option(help="Split of DATA.")] = Split.test,
    rows: Annotated[int, typer.Option(metavar="N", min=1, help="Maximum number of rows of DATA.")] = 100,
    data_dir: DataDir = None,
    document_column: DocumentColumn = None,
    summary_column: SummaryColumn = None,
    sentences: Annotated[
        int, typer.Option("--sentences", "-n", metavar="N", min=1, help="Sentences in each summary.")
    ] = 3,
    batch: Annotated[int, typer.Option(metavar="N", min=1, help="Documents in a call of summarize_many.")] = 32,
    model: ModelName = GENRES[0],
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    rounds: Rounds = 5,
    limit: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0, help="Measure slower calls once; skip longer documents then."),
    ] = 30.0,
    memory: PeakMemory = True,
    output: OutputFolder = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Documents per second and memory of whole summaries, compared with sumy's LexRank, TextRank and LSA.

    \b
    fastsum bench summarize
    fastsum bench summarize pubmed --rows 20
    """
    require_training("benchmarks")
    from fastsum.benchmark import summarize, timing
    from fastsum.data.rows import open_rows
    from fastsum.device import keep_freed_memory
    from fastsum.evaluation import peers
    from fastsum.model import checkpoint
    from fastsum.summary.summarizer import Summarizer

    note = notes(quiet)
    lengths = whole_numbers(words, "--words")
    settings = summarize.SummarizeSettings(sentences, batch, rounds, limit, memory)
    make_folder(output)
    keep_freed_memory()
    path = checkpoint.locate(model)
    summarizer = Summarizer.load(path, device=device, precision=precision.value)
    if data is None:
        columns = [summarize.texts_of_length(length, summarizer.tokenizer, batch) for length in lengths]
    else:
        found_rows = open_rows(
            data,
            split.value,
            data_dir=data_dir,
            document_column=document_column,
            summary_column=summary_column,
            limit=rows,
        )
        columns = [summarize.texts_of_rows(found_rows.origin, [row.document for row in found_rows])]
    if not peers.version():
        note(f"only fastsum is measured: {', '.join(peers.NAMES)} need sumy; {peers.INSTALL}")
    facts = timing.machine(summarizer.torch_engine.device, summarizer.torch_engine.dtype)
    cells: list[summarize.ToolCell] = []
    results = output / "summarize.json"
    with print_at_end(results, lambda: summarize.as_tables(facts, cells, settings) if cells else []):
        for found in summarize.measure(summarizer, path, precision.value, columns, settings):
            cells += found
            timing.write(results, summarize.as_json(facts, path, precision.value, settings, cells))
            for cell in found:
                figure = f"{cell.timing.median / cell.documents:.4g} s a document" if cell.timing else cell.status
                note(f"{cell.texts} words, {cell.tool}: {figure}" if data is None else f"{cell.tool}: {figure}")


@bench.command()
def decoding(
    lengths: Annotated[
        str, typer.Option(metavar="N,N,...", help="Tokens already written.")
    ] = "1,128,512,1024,2048,4096,8192",
    batch: Annotated[int, typer.Option(metavar="N", min=1, help="Number of hypotheses.")] = 4,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    rounds: Rounds = 20,
    output: OutputFolder = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Time and memory of one decoding step by the number of tokens written before, causal Fastformer and softmax.

    \b
    fastsum bench decoding --lengths 1,1024,8192
    """
    require_training("benchmarks")
    from fastsum.benchmark import decoding, timing
    from fastsum.device import keep_freed_memory, pick_device, pick_precision

    note = notes(quiet)
    settings = decoding.DecodingSettings(whole_numbers(lengths, "--lengths"), batch, rounds)
    make_folder(output)
    keep_freed_memory()
    chosen = pick_device(device)
    dtype = pick_precision(precision.value, chosen)
    facts = timing.machine(chosen, dtype)
    cells: list[decoding.StepCell] = []
    results = output / "decoding.json"
    with print_at_end(results, lambda: decoding.as_tables(facts, cells) if cells else []):
        for found in decoding.measure(settings, chosen, dtype):
            cells += found
            timing.write(results, decoding.as_json(facts, settings, dtype, cells))
            for cell in found:
                note(f"{cell.scope}, {cell.form}, {cell.written:,} tokens: {cell.timing.median * 1_000:.4g} ms")


@bench.command()
def ablations(
    data: Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)],
    parts: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Train only this variant; repeatable.", show_default=False),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--around",
            metavar="NAME",
            help="Around the attention: convolution, paper (positions), both or neither; repeatable.",
            show_default="convolution, paper",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Number of models to train of each variant.")] = 2,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change a setting of all variants; repeatable."),
    ] = None,
    data_dir: DataDir = None,
    document_column: DocumentColumn = None,
    summary_column: SummaryColumn = None,
    limit: Limit = None,
    device: Device = "auto",
    output: OutputFolder = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Train small models that differ in one part of the encoder, and print their losses and ROUGE.

    After Ctrl-C the same command continues after the last model that was finished.

    \b
    fastsum bench ablations cnn_dailymail --limit 2000
    fastsum bench ablations rows/ --only fastformer --only transformer --seeds 3
    """
    require_training("benchmarks")
    import functools

    from fastsum.benchmark import ablations
    from fastsum.data.rows import open_rows
    from fastsum.device import keep_freed_memory
    from fastsum.training.signals import Interrupted

    opened = functools.partial(
        open_rows,
        data,
        data_dir=data_dir,
        document_column=document_column,
        summary_column=summary_column,
        limit=limit,
    )
    rows = functools.cache(opened)
    rows("train"), rows("validation")
    make_folder(output)
    keep_freed_memory()
    last: list[tuple[list[ablations.Run], dict[str, dict[str, float]]]] = []
    with print_at_end(output / "ablations.json", lambda: [ablations.as_table(*found) for found in last]):
        try:
            for found in ablations.run_grid(
                rows,
                output,
                parts=parts or list(ablations.PARTS),
                settings=settings or ["convolution", "paper"],
                seeds=seeds,
                overrides=tuple(overrides or ()),
                device=device,
                quiet=quiet,
            ):
                last = [found]
        except Interrupted:
            raise KeyboardInterrupt from None


@contextmanager
def print_at_end(path: Path, tables: Callable[[], Iterable[Any]]) -> Iterator[None]:
    """Print the tables when the measurement ends, also by Ctrl-C or an error; `path` is the file with the figures."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"stopped; the figures so far are in {path}" if path.exists() else "stopped before the first figure")
        raise
    finally:
        print_wide(*tables())


def notes(quiet: bool) -> Callable[[str], None]:
    """A function that prints each figure as it is measured, or one that prints nothing."""
    return (lambda message: None) if quiet else say


def whole_numbers(text: str, option: str) -> tuple[int, ...]:
    """The numbers in a list such as "128,512", ascending. Raises FastsumError, which names the option, otherwise."""
    try:
        numbers = sorted({int(part) for part in text.split(",")})
    except ValueError:
        numbers = [0]
    if numbers[0] < 1:
        raise FastsumError(f"{option} {text}: write whole numbers above 0 with commas between, such as 128,512")
    return tuple(numbers)
