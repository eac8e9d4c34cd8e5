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
)
from fastsum.console import say
from fastsum.errors import FastsumError

bench = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure speed, memory and what each part adds, on this machine.",
)

Output = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the figures and plots.")]
FOLDER = Path("bench")
Model = Annotated[str, MODEL]


class Part(str, Enum):
    """A group of promises."""

    startup = "startup"
    length = "length"
    training = "training"
    attention = "attention"


class Scope(str, Enum):
    """How much of a model is measured around the attention."""

    sublayer = "sublayer"
    encoder = "encoder"


@bench.command()
def targets(
    parts: Annotated[
        list[Part] | None, typer.Option("--only", help="Measure these alone; repeatable.", show_default=False)
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Tiny sizes: whether it runs, not how fast.")] = False,
    model: Model = "news",
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    output: Output = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Start-up, growth with length, training steps and forms of attention, against their targets.

    \b
    fastsum bench targets
    fastsum bench targets --only startup --only length
    """
    from fastsum.benchmark import targets, timing
    from fastsum.device import keep_freed_memory, pick_device, pick_precision
    from fastsum.model import checkpoint

    note = notes(quiet)
    make_folder(output)
    keep_freed_memory()
    place = pick_device(device)
    facts = timing.machine(place, pick_precision(precision.value, place))
    sizes = targets.QUICK if quick else targets.Sizes()
    found: dict[str, list[targets.Figure]] = {}
    path = output / "targets.json"
    with _table_in_any_case(path, lambda: [targets.as_table(facts, found)] if found else []):
        for part, figure in targets.measure(
            [part.value for part in parts or Part], sizes, checkpoint.locate(model), device, precision.value
        ):
            found.setdefault(part, []).append(figure)
            timing.write(path, {"machine": facts, **targets.as_json(found)})
            note(f"{part}: {figure.name} {figure.value:.4g} {figure.unit}".rstrip())


@bench.command()
def attention(
    mechanisms: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Measure this mechanism alone; repeatable.", show_default=False),
    ] = None,
    scope: Annotated[Scope, typer.Option(help="One attention layer alone, or the encoder around it.")] = Scope.sublayer,
    lengths: Annotated[
        str, typer.Option(metavar="N,N,...", help="Tokens of a document.")
    ] = "128,256,512,1024,2048,4096,8192,16384,32768,65536",
    tokens: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Tokens of a batch; the longest document's by default.")
    ] = None,
    width: Annotated[int, typer.Option(metavar="N", min=1, help="Size of a token's state.")] = 256,
    heads: Annotated[int, typer.Option(metavar="N", min=1, help="Attention heads.")] = 8,
    layers: Annotated[int, typer.Option(metavar="N", min=1, help="Layers of an encoder.")] = 3,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    compiled: Annotated[bool, typer.Option("--compile", help="Let torch.compile run each mechanism.")] = False,
    rounds: Annotated[int, typer.Option(metavar="N", min=1, help="Samples of each figure.")] = 5,
    limit: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0, help="A call longer than this is made once, of twice this not at all."),
    ] = 20.0,
    memory: Annotated[bool, typer.Option("--memory/--no-memory", help="Measure peak memory.")] = True,
    output: Output = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Time and memory of Fastformer's attention and of its rivals by length, in a table, as JSON and as plots.

    \b
    fastsum bench attention
    fastsum bench attention --only fastformer --only longformer --lengths 512,4096 --no-memory
    fastsum bench attention --device cuda --precision bf16 --compile --output bench/gpu
    """
    from fastsum.benchmark import attention, attention_results, timing
    from fastsum.benchmark.mechanisms import Settings, available
    from fastsum.device import keep_freed_memory, pick_device, pick_precision

    note = notes(quiet)
    place = pick_device(device)
    sizes = whole_numbers(lengths, "--lengths")
    settings = Settings(
        mechanisms=tuple(mechanisms or available(place)),
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
    dtype = pick_precision(precision.value, place)
    facts = timing.machine(place, dtype)
    found: list[attention.Measured] = []
    results: dict[str, Any] = {}
    path = output / f"attention-{scope.value}.json"
    with _table_in_any_case(path, lambda: [attention_results.as_tables(facts, settings, found)] if found else []):
        for measured in attention.measure(settings, place, dtype):
            found.append(measured)
            results = attention_results.as_json(facts, settings, place, dtype, found)
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
            help=f"Documents to take instead of the samples' sentences: {DATA_HELP}",
        ),
    ] = None,
    words: Annotated[
        str, typer.Option(metavar="N,N,...", help="Words of a document, where DATA gives none.")
    ] = "500,1000,2000,5000,10000,20000,50000",
    split: Annotated[Split, typer.Option(help="Rows of DATA to take.")] = Split.test,
    rows: Annotated[int, typer.Option(metavar="N", min=1, help="Rows of DATA at most.")] = 100,
    data_dir: DataDir = None,
    document_column: DocumentColumn = None,
    summary_column: SummaryColumn = None,
    sentences: Annotated[
        int, typer.Option("--sentences", "-n", metavar="N", min=1, help="Sentences of each summary.")
    ] = 3,
    batch: Annotated[int, typer.Option(metavar="N", min=1, help="Documents that fastsum is given at once.")] = 32,
    model: Model = "news",
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    rounds: Annotated[int, typer.Option(metavar="N", min=1, help="Samples of each figure.")] = 5,
    limit: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0, help="A call longer than this is made once, longer lengths not at all."),
    ] = 30.0,
    memory: Annotated[bool, typer.Option("--memory/--no-memory", help="Measure peak memory.")] = True,
    output: Output = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Documents a second and memory of whole summaries, beside sumy's LexRank, TextRank and LSA.

    \b
    fastsum bench summarize
    fastsum bench summarize pubmed --rows 20
    """
    from fastsum.benchmark import summarize, timing
    from fastsum.data.rows import open_rows
    from fastsum.device import keep_freed_memory
    from fastsum.evaluation import peers
    from fastsum.model import checkpoint
    from fastsum.summary.summarizer import Summarizer

    note = notes(quiet)
    lengths = whole_numbers(words, "--words")
    sizes = summarize.Sizes(sentences, batch, rounds, limit, memory)
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
        note(f"fastsum alone is measured: {', '.join(peers.NAMES)} need sumy; {peers.INSTALL}")
    facts = timing.machine(summarizer.device, summarizer.dtype)
    cells: list[summarize.Cell] = []
    results = output / "summarize.json"
    with _table_in_any_case(results, lambda: summarize.as_tables(facts, cells, sizes) if cells else []):
        for found in summarize.measure(summarizer, path, precision.value, columns, sizes):
            cells += found
            timing.write(results, summarize.as_json(facts, path, precision.value, sizes, cells))
            for cell in found:
                figure = f"{cell.timing.median / cell.documents:.4g} s a document" if cell.timing else cell.status
                note(f"{cell.texts} words, {cell.tool}: {figure}" if data is None else f"{cell.tool}: {figure}")


@bench.command()
def decoding(
    lengths: Annotated[
        str, typer.Option(metavar="N,N,...", help="Tokens already written.")
    ] = "1,128,512,1024,2048,4096,8192",
    batch: Annotated[int, typer.Option(metavar="N", min=1, help="Hypotheses that step together.")] = 4,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    rounds: Annotated[int, typer.Option(metavar="N", min=1, help="Samples of each figure.")] = 20,
    output: Output = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Time and memory of one more written token, causal Fastformer beside softmax, by the number of those before it.

    \b
    fastsum bench decoding --lengths 1,1024,8192
    """
    from fastsum.benchmark import decoding, timing
    from fastsum.device import keep_freed_memory, pick_device, pick_precision

    note = notes(quiet)
    sizes = decoding.Sizes(whole_numbers(lengths, "--lengths"), batch, rounds)
    make_folder(output)
    keep_freed_memory()
    place = pick_device(device)
    dtype = pick_precision(precision.value, place)
    facts = timing.machine(place, dtype)
    cells: list[decoding.Cell] = []
    results = output / "decoding.json"
    with _table_in_any_case(results, lambda: decoding.as_tables(facts, cells) if cells else []):
        for found in decoding.measure(sizes, place, dtype):
            cells += found
            timing.write(results, decoding.as_json(facts, sizes, dtype, cells))
            for cell in found:
                note(f"{cell.scope}, {cell.form}, {cell.written:,} tokens: {cell.timing.median * 1_000:.4g} ms")


@contextmanager
def _table_in_any_case(path: Path, tables: Callable[[], Iterable[Any]]) -> Iterator[None]:
    """Print what was measured, also when Ctrl-C ends it early; `path` is where it is kept."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"stopped; what was finished is in {path}" if path.exists() else "stopped before anything was finished")
        raise
    finally:
        print_wide(*tables())


def notes(quiet: bool) -> Callable[[str], None]:
    """What says how far a measurement is: each figure as it is taken, or nothing."""
    return (lambda message: None) if quiet else say


def whole_numbers(text: str, option: str) -> tuple[int, ...]:
    """The numbers of a list such as "128,512", ascending."""
    try:
        numbers = sorted({int(part) for part in text.split(",")})
    except ValueError:
        numbers = [0]
    if numbers[0] < 1:
        raise FastsumError(f"{option} {text}: write whole numbers above 0 with commas between, such as 128,512")
    return tuple(numbers)


@bench.command()
def ablations(
    data: Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)],
    parts: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="Train these variants alone; repeatable.", show_default=False),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--around",
            metavar="NAME",
            help="What surrounds the attention: convolution, paper, both or neither; repeatable.",
            show_default="convolution, paper",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Models of each variant.")] = 2,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change a setting of all; repeatable."),
    ] = None,
    data_dir: DataDir = None,
    document_column: DocumentColumn = None,
    summary_column: SummaryColumn = None,
    limit: Limit = None,
    device: Device = "auto",
    output: Output = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Train small models that differ in one part of the encoder, and print their losses and ROUGE.

    Ctrl-C loses the model in training alone: the same command goes on after the last one finished.

    \b
    fastsum bench ablations cnn_dailymail --limit 2000
    fastsum bench ablations rows/ --only fastformer --only transformer --seeds 3
    """
    import functools

    note = notes(quiet)
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
    with _table_in_any_case(output / "ablations.json", lambda: [ablations.as_table(*found) for found in last]):
        try:
            for found in ablations.run_grid(
                rows,
                output,
                parts=parts or list(ablations.PARTS),
                settings=settings or ["convolution", "paper"],
                seeds=seeds,
                overrides=tuple(overrides or ()),
                device=device,
                say=note,
            ):
                last = [found]
        except Interrupted:
            raise KeyboardInterrupt from None
