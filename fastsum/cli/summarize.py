"""`fastsum summarize`: its options; the work is in `summarize_documents` and `summarize_table`."""

# Annotations are evaluated here, once: Typer would evaluate each four times, and take 4 ms for it.

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from fastsum.cli import defaults
from fastsum.cli.options import (
    BeamOption,
    Device,
    Format,
    ModelOption,
    ModeOption,
    Precision,
    PrecisionOption,
    Quiet,
    SentencesOption,
    WordsOption,
)
from fastsum.config import DecodingConfig
from fastsum.summary.limits import DEPTHS, SummaryOptions, limits_for


class LengthName(str, Enum):
    """The length of a summary, compared with the model's usual one."""

    short = "short"
    medium = "medium"
    long = "long"


class TableEngine(str, Enum):
    """What runs the workers that summarize a table."""

    local = "local"
    ray = "ray"


class ResultFormat(str, Enum):
    """What a summary is printed or written as."""

    text = "text"
    markdown = "markdown"
    json = "json"
    html = "html"


def summarize(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="PDF, DOCX, RTF, PPTX, ODT, EPUB, FB2, HTML, MHTML, feed, JATS or TEI XML, mail (EML, MBOX, MSG), "
            "captions (SRT, VTT), LaTeX, notebook, Markdown or text file and more, a folder of them or a pattern; "
            "- reads standard input.",
        ),
    ] = None,
    mode: ModeOption = None,
    sentences: SentencesOption = None,
    words: WordsOption = None,
    ratio: Annotated[
        float | None,
        typer.Option("--ratio", "-r", metavar="R", help="Maximum share of the document's words, such as 0.1."),
    ] = None,
    length: Annotated[
        LengthName | None,
        typer.Option("--length", "-l", help="Half, once or twice the model's usual length.", show_default=False),
    ] = None,
    outline: Annotated[
        bool,
        typer.Option("--outline", help="Summarize section by section; lengths are then those of the whole outline."),
    ] = False,
    depth: Annotated[
        int,
        typer.Option(metavar="N", min=DEPTHS[0], max=DEPTHS[-1], help="Levels of headings of an outline, from 1 to 6."),
    ] = 2,
    about: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="A question or words: summarize what the document says about them."),
    ] = None,
    model: ModelOption = None,
    cite: Annotated[
        bool, typer.Option("--cite", "-c", help="End each sentence with the lines or pages it comes from.")
    ] = False,
    format_out: Annotated[
        ResultFormat,
        typer.Option("--format", help="What to print or write: JSON has sources and salience, one line a document."),
    ] = ResultFormat.text,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Also write an HTML page: the summary beside the document, shaded by salience. With several "
            "documents, PATH is a folder of pages.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Folder with one result for each document; unchanged documents are skipped. With a table, the "
            "file for its summaries.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Overwrite existing results.")] = False,
    files_from: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="File with one file name on each line; - reads standard input."),
    ] = None,
    format_in: Annotated[
        Format | None,
        typer.Option(help="Format of the documents, where the detected one is not right.", show_default=False),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Column with the documents: FILE is a table (Parquet, JSON Lines, CSV)."),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Column of the table to copy to the output; repeatable.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Processes for a table; by default one for each core or GPU."),
    ] = None,
    engine: Annotated[
        TableEngine, typer.Option(help="Where the processes for a table run: on this machine, or on a Ray cluster.")
    ] = TableEngine.local,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    beam: BeamOption = None,
    quiet: Quiet = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Report model, device, precision and times on stderr.")
    ] = False,
) -> None:
    """Print the summary of each document.

    Without FILE, standard input is read. With several files, each summary comes after a line with the file's name.
    Without --model, each document is summarized by the model that fits it. Files that cannot be read are reported and
    skipped; the exit status is then 1.

    \b
    fastsum summarize report.pdf
    fastsum summarize --words 150 --cite paper.docx
    fastsum summarize reports/ --about "What does it cost?" --cite
    fastsum summarize reports/ --output summaries
    fastsum summarize book.epub --outline --depth 1 --format markdown
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
        "outline": depth if outline else None,
        "about": about,
    }
    if defaults.is_given(ctx, "depth") and not outline:
        raise typer.BadParameter("only with --outline", param_hint="--depth")
    limits_for(DecodingConfig(), **options)  # impossible options are an error before anything is read
    from fastsum.cli.summarize_table import TABLES, summarize_table

    if defaults.is_given(ctx, "column") or (output is not None and output.suffix.lower() in TABLES):
        _refuse(ctx, "not with a table", "cite", "format_out", "as_json", "html", "files_from", "format_in", "verbose")
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

        _refuse(ctx, "only with a table, named with --column", "keep", "workers", "engine")
        summarize_documents(
            files or [],
            options,
            files_from=files_from,
            format_name=format_in and format_in.value,
            model=model,
            device=device,
            precision=precision.value,
            cite=cite,
            result_format=_result_format(ctx, format_out, as_json),
            html=html,
            output=output,
            force=force,
            quiet=quiet,
            verbose=verbose,
        )


def _result_format(ctx: typer.Context, named: ResultFormat, as_json: bool) -> str:
    """The format that --format or --json asks for; the one on the command line sets a default of the other aside."""
    if not as_json or (defaults.is_given(ctx, "format_out") and not defaults.is_given(ctx, "as_json")):
        return named.value
    if named is not ResultFormat.json and defaults.is_given(ctx, "format_out"):
        raise typer.BadParameter(f"not with --format {named.value}; give one of them", param_hint="--json")
    return ResultFormat.json.value


def _refuse(ctx: typer.Context, reason: str, *names: str) -> None:
    """Raise typer.BadParameter where the command line gives one of these options; a default of one is ignored."""
    for name in names:
        if defaults.is_given(ctx, name):
            option = name.removeprefix("as_").removesuffix("_out").replace("_", "-")
            raise typer.BadParameter(reason, param_hint=f"--{option}")
