"""`fastsum summarize`: documents and tables of them. Nothing slow is imported at the top."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fastsum.cli import defaults
from fastsum.cli.inputs import Input, find_inputs, read_names
from fastsum.cli.options import (
    Beam,
    Device,
    Model,
    ModeOption,
    Precision,
    PrecisionOption,
    Quiet,
    Sentences,
    Words,
)
from fastsum.config import DecodingConfig
from fastsum.console import Display, say
from fastsum.errors import UsageError
from fastsum.summary.limits import limits_for

if TYPE_CHECKING:
    from fastsum.summary.summarizer import Summarizer

_TABLES = (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
_FILES = (".txt", ".md", ".json", ".html", ".htm", ".pdf", ".docx")


class Length(str, Enum):
    """How long a summary is, beside what the model gives unasked."""

    short = "short"
    medium = "medium"
    long = "long"


class Engine(str, Enum):
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
    sentences: Sentences = None,
    words: Words = None,
    ratio: Annotated[
        float | None,
        typer.Option("--ratio", "-r", metavar="R", help="Words as a share of the document's, such as 0.1."),
    ] = None,
    length: Annotated[
        Length | None,
        typer.Option("--length", "-l", help="Half, once or twice the usual sentences and words.", show_default=False),
    ] = None,
    model: Model = None,
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
        Engine, typer.Option(help="What summarizes a table: this machine's processes, or a Ray cluster.")
    ] = Engine.local,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    beam: Beam = None,
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
    lengths = defaults.lengths(ctx)  # sentences, words, ratio and length, whose defaults give way to one another
    decoding = {
        "mode": mode and mode.value,
        **lengths,
        "length": lengths["length"] and Length(lengths["length"]).value,  # some versions of Typer leave it text
        "beam": beam,
    }
    limits_for(DecodingConfig(), **decoding)  # what is impossible is told before anything is read
    if defaults.is_given(ctx, "column") or (output is not None and output.suffix.lower() in _TABLES):
        _refuse(ctx, "a table", "cite", "as_json", "html", "files_from", "verbose")
        _summarize_table(
            files or [],
            output,
            column=column or "text",
            keep=keep or (),
            model=model,
            device=device,
            precision=precision.value,
            workers=workers,
            engine=engine.value,
            force=force,
            quiet=quiet,
            decoding=decoding,
        )
        return
    _refuse(ctx, "documents; they are for a table, with --column", "keep", "workers", "engine")
    if output is not None and output.suffix.lower() in _FILES and not output.is_dir():
        raise UsageError(f"--output names a folder, and {output} looks like a file; for a file, use > {output}")
    names = [*(files or ()), *(read_names(files_from) if files_from else ())]
    if not names and (files_from or sys.stdin.isatty()):
        raise typer.BadParameter("name a file or a folder, or - for standard input", param_hint="FILE")

    from fastsum.cli.delivery import Delivery, identity
    from fastsum.cli.pipeline import Models
    from fastsum.cli.results import Results, results_in
    from fastsum.device import describe, keep_freed_memory

    def loaded(name: str, summarizer: Summarizer, seconds: float) -> None:
        if verbose:
            say(f"{name} on {describe(summarizer.device, summarizer.dtype)}")
            say(f"loaded in {seconds:.2f} s")

    keep_freed_memory()
    made = {path for folder in (output, html) if folder is not None for path in results_in(folder)}
    inputs, problems = find_inputs(names or ["-"], exclude=made)
    for problem in problems:
        say(f"error: {problem.message}")
    for one in inputs:
        if one.place.suffix.lower() in _TABLES and not quiet:
            say(f"{one.name} is read as text; if it is a table, name the column of its documents with --column")
    lone = not files_from and [one.name for one in inputs] == (names or ["-"]) and len(inputs) == 1
    pages = None if html is None or (lone and not html.is_dir()) else html
    page = html if pages is None else None
    if page is not None and any(_is_file_of(one, page) for one in inputs):
        raise UsageError(f"--html would write over the document, {page}; name another file")
    if page is not None and any(os.path.abspath(page) in results_in(folder) for folder in page.absolute().parents):
        raise UsageError(f"--html would write over {page}, a result of an earlier run; name another file")
    made_with = {}
    if output or pages:
        made_with = identity(model, **decoding, cite=cite, json=as_json, precision=precision.value)
    with contextlib.ExitStack() as stack:
        results = stack.enter_context(Results.opened(output, made_with)) if output else None
        if pages and output and pages.resolve() == output.resolve():
            page_results = results
        else:
            page_results = stack.enter_context(Results.opened(pages, made_with)) if pages else None
        delivery = Delivery(
            Models(model, device=device, precision=precision.value, loaded=loaded),
            decoding,
            results=results,
            pages=page_results,
            page=page,
            cite=cite,
            as_json=as_json,
            force=force,
            quiet=quiet,
            verbose=verbose,
        )
        delivery.deliver(inputs)
    if delivery.failed or problems:
        raise typer.Exit(1)


def _is_file_of(one: Input, path: Path) -> bool:
    return os.path.exists(one.name) and os.path.exists(path) and os.path.samefile(one.name, path)


def _refuse(ctx: typer.Context, what: str, *names: str) -> None:
    """Wrong usage where the command line gives one of the options; a default of it is passed over."""
    for name in names:
        if defaults.is_given(ctx, name):
            raise typer.BadParameter(f"not with {what}", param_hint=f"--{name.removeprefix('as_').replace('_', '-')}")


def _summarize_table(
    files: Sequence[str],
    output: Path | None,
    *,
    quiet: bool,
    decoding: Mapping[str, Any],
    **settings: Any,
) -> None:
    if len(files) != 1:
        raise typer.BadParameter("name one table", param_hint="FILE")
    if output is None:
        raise typer.BadParameter(f"name a file for the summaries, in {', '.join(_TABLES)}", param_hint="--output")
    from fastsum.bulk import summarize_table
    from fastsum.bulk.table import count_rows
    from fastsum.device import keep_freed_memory

    keep_freed_memory()
    source = Path(files[0])
    try:
        with Display("summarizing rows", count_rows(source), quiet) as display:
            report = summarize_table(source, output, progress=display.done, **settings, **decoding)
    except KeyboardInterrupt:
        if Path(f"{output}.parts").exists():
            say(f"stopped; what is finished is kept in {output}.parts, and the same command goes on from there")
        raise
    where = f"{output}, column error" if report.failed else output
    if not quiet or report.failed:
        resumed = f", {report.resumed:,} of them earlier" if report.resumed else ""
        say(
            f"{report.rows:,} rows: {report.rows - report.failed:,} summarized{resumed}, {report.failed:,} failed, "
            f"in {report.seconds:.1f} s, {report.rows_per_second:.1f} rows/s; see {where}"
        )
    if report.failed:
        raise typer.Exit(1)
