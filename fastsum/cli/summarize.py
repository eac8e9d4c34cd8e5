"""`fastsum summarize`: documents and tables of them. Nothing slow is imported at the top."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from fastsum.cli import defaults
from fastsum.cli.options import (
    BeamOption,
    Device,
    ModelOption,
    ModeOption,
    Precision,
    PrecisionOption,
    Quiet,
    SentencesOption,
    WordsOption,
)
from fastsum.config import DecodingConfig
from fastsum.summary.limits import SummaryOptions, limits_for


class LengthName(str, Enum):
    """The length of a summary, compared with the model's usual one."""

    short = "short"
    medium = "medium"
    long = "long"


class TableEngine(str, Enum):
    """What runs the workers that summarize a table."""

    local = "local"
    ray = "ray"


def summarize(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="PDF, DOCX, EPUB, HTML, JATS XML, Markdown or text, a folder of such files or a pattern; "
            "- is standard input.",
        ),
    ] = None,
    mode: ModeOption = None,
    sentences: SentencesOption = None,
    words: WordsOption = None,
    ratio: Annotated[
        float | None,
        typer.Option("--ratio", "-r", metavar="R", help="Words as a share of the document's, such as 0.1."),
    ] = None,
    length: Annotated[
        LengthName | None,
        typer.Option("--length", "-l", help="Half, once or twice the usual sentences and words.", show_default=False),
    ] = None,
    model: ModelOption = None,
    cite: Annotated[
        bool, typer.Option("--cite", "-c", help="Mark each sentence with the lines or pages it rests on.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line for each file, with sources and salience.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Write an HTML page too: the summary beside the document, shaded by salience. Of several documents "
            "it is a folder of pages.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Folder for one result a document; what is there and unchanged is passed over. Of a table: the file "
            "for its summaries.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Make again what is there already.")] = False,
    files_from: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="A file with the names of files, one a line; - is standard input."),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="FILE is a table (Parquet, JSON Lines, CSV) with documents in this column."),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A table's column to copy to the output; repeatable.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes for a table; one for each core or GPU by default.")
    ] = None,
    engine: Annotated[
        TableEngine, typer.Option(help="What summarizes a table: this machine's processes, or a Ray cluster.")
    ] = TableEngine.local,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    beam: BeamOption = None,
    quiet: Quiet = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Name model, device, precision and times on stderr.")
    ] = False,
) -> None:
    """Print the summary of each document.

    Without FILE, standard input is read. Of several files each summary stands below a line with the file's name.
    Without --model, papers are summarized by the paper model and all else by the news model. What cannot be read is
    told and passed over, and the exit status is 1 then.

    \b
    fastsum summarize report.pdf
    fastsum summarize --words 150 --cite paper.docx
    fastsum summarize reports/ --output summaries
    fastsum summarize book.epub --length long --html book.html
    find . -name '*.md' -print0 | fastsum summarize --files-from - --json
    fastsum summarize corpus.parquet --column text --output summaries.parquet
    """
    options: SummaryOptions = {
        "mode": mode and mode.value,
        "sentences": sentences,
        "words": words,
        "ratio": ratio,
        "length": length and length.value,
        "beam": beam,
    }
    limits_for(DecodingConfig(), **options)  # refuses what is impossible before anything is read
    from fastsum.cli.summarize_table import TABLES, summarize_table

    if defaults.is_given(ctx, "column") or (output is not None and output.suffix.lower() in TABLES):
        _refuse(ctx, "a table", "cite", "as_json", "html", "files_from", "verbose")
        summarize_table(
            files or [],
            options,
            output=output,
            column=column or "text",
            keep=keep or (),
            model=model,
            device=device,
            precision=precision.value,
            workers=workers,
            engine=engine.value,
            force=force,
            quiet=quiet,
        )
    else:
        from fastsum.cli.summarize_documents import summarize_documents

        _refuse(ctx, "documents; they are for a table, with --column", "keep", "workers", "engine")
        summarize_documents(
            files or [],
            options,
            files_from=files_from,
            model=model,
            device=device,
            precision=precision.value,
            cite=cite,
            json=as_json,
            html=html,
            output=output,
            force=force,
            quiet=quiet,
            verbose=verbose,
        )


def _refuse(ctx: typer.Context, what: str, *names: str) -> None:
    """Raise typer.BadParameter where the command line gives one of these options; a default of one is ignored."""
    for name in names:
        if defaults.is_given(ctx, name):
            raise typer.BadParameter(f"not with {what}", param_hint=f"--{name.removeprefix('as_').replace('_', '-')}")
