"""`fastsum bench summarize`: its options."""

from __future__ import annotations

from typing import Annotated

import typer

from fastsum.cli.measuring import (
    FOLDER,
    ModelName,
    OutputFolder,
    PeakMemory,
    Rounds,
    notes,
    print_at_end,
    whole_numbers,
)
from fastsum.cli.options import (
    DATA_HELP,
    DataDir,
    Device,
    DocumentColumn,
    Precision,
    PrecisionOption,
    Quiet,
    Split,
    SummaryColumn,
    make_folder,
    require_training,
)
from fastsum.model.genre import GENRES

STARTUP_WORDS = 500
"""Length of the document that fresh processes summarize."""


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
    started: Annotated[
        bool, typer.Option("--startup/--no-startup", help="Measure fresh processes on a short document too.")
    ] = True,
    output: OutputFolder = FOLDER,
    quiet: Quiet = False,
) -> None:
    """Documents per second and memory of whole summaries, compared with the packages sumy, summa and lede.

    \b
    fastsum bench summarize
    fastsum bench summarize pubmed --rows 20
    """
    require_training("benchmarks")
    from fastsum.benchmark import startup, summarize, timing
    from fastsum.data.rows import open_rows
    from fastsum.device import keep_freed_memory
    from fastsum.evaluation import peers
    from fastsum.model import checkpoint
    from fastsum.summary.summarizer import Summarizer

    note = notes(quiet)
    lengths = whole_numbers(words, "--words")
    settings = summarize.SummarizeSettings(sentences, batch, rounds, limit, memory, started)
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
    if missing := sorted({package for package in peers.PACKAGES.values() if not peers.version(package)}):
        left_out = ", ".join(tool for tool, package in peers.PACKAGES.items() if package in missing)
        note(f"not measured: {left_out}; pip install {' '.join(missing)}")
    facts = timing.machine(summarizer.torch_engine.device, summarizer.torch_engine.dtype)
    cells: list[summarize.ToolCell] = []
    starts: list[startup.Start] = []
    results = output / "summarize.json"
    with print_at_end(results, lambda: summarize.as_tables(facts, cells, settings, starts) if cells else []):
        if started:
            short = summarize.texts_of_length(STARTUP_WORDS, summarizer.tokenizer, 1).single[0]
            starts = startup.measure(short, path, sentences, rounds)
            for start in starts:
                note(f"start-up, {start.tool}: {start.timing.median:.2f} s")
        for found in summarize.measure(summarizer, path, precision.value, columns, settings):
            cells += found
            timing.write(results, summarize.as_json(facts, path, precision.value, settings, cells, starts))
            for cell in found:
                figure = f"{cell.timing.median / cell.documents:.4g} s a document" if cell.timing else cell.status
                note(f"{cell.texts} words, {cell.tool}: {figure}" if data is None else f"{cell.tool}: {figure}")
