"""`fastsum bench`: the measurements as commands. Tables go to stdout, the same figures as JSON to a file."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

import typer

from fastsum.cli.bench_classification import classification
from fastsum.cli.bench_recommendation import recommendation
from fastsum.cli.bench_summarize import summarize
from fastsum.cli.measuring import (
    FOLDER,
    OutputFolder,
    PeakMemory,
    Rounds,
    notes,
    print_at_end,
    print_trained,
    whole_numbers,
)
from fastsum.cli.options import (
    DATA_HELP,
    DataDir,
    Device,
    DocumentColumn,
    Limit,
    Precision,
    PrecisionOption,
    Quiet,
    SummaryColumn,
    make_folder,
    require_training,
)

bench = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure speed, memory and the effect of each part.",
)


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


bench.command()(summarize)


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
    grid = ablations.run_grid(
        rows,
        output,
        parts=parts or list(ablations.PARTS),
        settings=settings or ["convolution", "paper"],
        seeds=seeds,
        overrides=tuple(overrides or ()),
        device=device,
        quiet=quiet,
    )
    print_trained(output / "ablations.json", grid, lambda found: ablations.as_table(*found))


bench.command()(classification)
bench.command()(recommendation)
