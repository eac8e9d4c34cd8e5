"""`fastsum summarize`: documents and tables of them. Nothing slow is imported at the top."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fastsum import defaults
from fastsum.display import Display, say
from fastsum.errors import FastsumError
from fastsum.inputs import Input, find_inputs, read_names
from fastsum.options import (
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

if TYPE_CHECKING:
    from fastsum.pipeline import Models, Outcome
    from fastsum.results import Results
    from fastsum.summarizer import Summarizer

FORMAT = 1
"""Of the files in an output folder: raised when they would be written otherwise, so that older ones are made anew."""

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
        typer.Option("--length", "-l", help="Half, once or twice as long as without.", show_default=False),
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
        "length": lengths["length"] and lengths["length"].value,
        "beam": beam,
    }
    of_table = defaults.is_given(ctx, "column") or (output is not None and output.suffix.lower() in _TABLES)
    if of_table:
        _refuse(ctx, "a table", "cite", "as_json", "html", "files_from")
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
        raise FastsumError(f"--output names a folder, and {output} looks like a file. For a file, use > {output}.")
    names = [*(files or ()), *(read_names(files_from) if files_from else ())]
    if not names and (files_from or sys.stdin.isatty()):
        raise typer.BadParameter("name a file or a folder, or - for standard input", param_hint="FILE")

    from fastsum.device import describe, keep_freed_memory
    from fastsum.pipeline import Models

    def loaded(name: str, summarizer: Summarizer, seconds: float) -> None:
        if verbose:
            say(f"{name} on {describe(summarizer.device, summarizer.dtype)}")
            say(f"loaded in {seconds:.2f} s")

    keep_freed_memory()
    inputs, problems = find_inputs(names or ["-"], exclude=output)
    for problem in problems:
        say(f"error: {problem.message}")
    models = Models(model, device=device, precision=precision.value, loaded=loaded)
    run = _Run(inputs, models, decoding, cite=cite, as_json=as_json, html=html, quiet=quiet, verbose=verbose)
    if output is None:
        run.print()
    else:
        made_with = {**decoding, "cite": cite, "json": as_json, "html": bool(html), "precision": precision.value}
        run.write(output, made_with, force, model)
    if run.failed or problems:
        raise typer.Exit(1)


class _Run:
    """The documents of one command, and what is shown of them."""

    def __init__(
        self,
        inputs: Sequence[Input],
        models: Models,
        decoding: Mapping[str, Any],
        *,
        cite: bool,
        as_json: bool,
        html: Path | None,
        quiet: bool,
        verbose: bool,
    ) -> None:
        self.failed = 0
        self._inputs = inputs
        self._models = models
        self._decoding = decoding
        self._cite = cite
        self._as_json = as_json
        self._html = html
        self._quiet = quiet
        self._verbose = verbose

    def print(self) -> None:
        """The summaries to stdout."""
        on_terminal = sys.stdout.isatty()
        for number, (_, outcome, display) in enumerate(self._outcomes(self._inputs)):
            with display.paused() if on_terminal else contextlib.nullcontext():
                if len(self._inputs) > 1 and not self._as_json:
                    print(f"{chr(10) * bool(number)}==> {_source(outcome)} <==")
                print(self._shown(outcome), flush=True)

    def write(self, folder: Path, settings: Mapping[str, Any], force: bool, model: str | None) -> None:
        """Each summary to a file in a folder."""
        from fastsum import __version__, checkpoint
        from fastsum.genre import GENRES
        from fastsum.results import Results

        started = time.perf_counter()
        models = {name: checkpoint.fingerprint(checkpoint.locate(name)) for name in ([model] if model else GENRES)}
        made_with = {"format": FORMAT, "version": __version__, "models": models, **settings}
        with Results.opened(folder, made_with) as results:
            todo = [one for one in self._inputs if force or not self._holds(results, one)]
            written = 0
            try:
                for one, outcome, _ in self._outcomes(todo):
                    results.write(self._place(one), f"{self._shown(outcome)}\n", self._origin(one))
                    written += 1
            except KeyboardInterrupt:
                say(f"stopped; {written} are done in {folder}, and the same command goes on from there")
                raise
        if not self._quiet:
            unchanged = len(self._inputs) - len(todo)
            say(
                f"{len(self._inputs)} documents: {written} summarized, {unchanged} unchanged, {self.failed} failed, "
                f"in {time.perf_counter() - started:.1f} s; see {folder}"
            )

    def _outcomes(self, inputs: Sequence[Input]) -> Iterator[tuple[Input, Outcome, Display]]:
        """The documents that have a summary, one after the other; of the others it is told why."""
        from fastsum.pipeline import summarize_inputs

        started = time.perf_counter()
        with Display("summarizing", len(inputs), self._quiet) as display:
            display.done(0)
            names = [one.name for one in inputs]
            outcomes = summarize_inputs(names, self._models, display.reading, **self._decoding)
            for number, (one, outcome) in enumerate(zip(inputs, outcomes, strict=True), start=1):
                if not self._quiet:
                    self._tell(outcome)
                if outcome.summary is None:
                    self.failed += 1
                    say(f"error: {outcome.error}")
                else:
                    if self._verbose:
                        seconds = time.perf_counter() - started
                        size = f"{len(outcome.summary.document.split()):,} words to {outcome.summary.words:,}"
                        say(f"{_source(outcome)}: {size} after {seconds:.2f} s by {outcome.model}")
                    if self._html is not None:
                        self._write_page(one, outcome)
                    yield one, outcome, display
                display.done(number)

    def _tell(self, outcome: Outcome) -> None:
        for warning in outcome.document.warnings if outcome.document else ():
            say(warning)
        for note in outcome.summary.notes if outcome.summary else ():
            say(f"{_source(outcome)}: {note}")

    def _shown(self, outcome: Outcome) -> str:
        from fastsum.provenance import cited, located

        assert outcome.document is not None
        assert outcome.summary is not None
        # Pages are counted in the text as it was read, which tokenised text, once undone, is not.
        pages = outcome.document.pages if len(outcome.document.text) == len(outcome.summary.document) else ()
        if self._as_json:
            about = {"file": _source(outcome), "title": outcome.document.title, "model": outcome.model}
            return json.dumps({**about, **located(outcome.summary, pages)}, ensure_ascii=False)
        return cited(outcome.summary, pages) if self._cite else str(outcome.summary)

    def _write_page(self, one: Input, outcome: Outcome) -> None:
        from fastsum.page import write_page
        from fastsum.results import write_whole

        assert outcome.document is not None
        assert outcome.summary is not None
        assert self._html is not None
        several = len(self._inputs) > 1
        path = self._html / f"{one.place}.html" if several else self._html
        write_whole(path, write_page(outcome.summary, outcome.document.title or one.place.name))

    def _place(self, one: Input) -> Path:
        return Path(f"{one.place}{'.json' if self._as_json else '.txt'}")

    def _origin(self, one: Input) -> Path | None:
        return None if one.name == "-" else Path(one.name)

    def _holds(self, results: Results, one: Input) -> bool:
        origin = self._origin(one)
        return origin is not None and results.holds(self._place(one), origin)


def _source(outcome: Outcome) -> str:
    return outcome.document.source if outcome.document else outcome.name


def _refuse(ctx: typer.Context, what: str, *names: str) -> None:
    """Wrong usage where the command line gives one of the options; a default of it is passed over."""
    for name in names:
        if defaults.is_given(ctx, name):
            raise typer.BadParameter(f"not with {what}", param_hint=f"--{name.removeprefix('as_').replace('_', '-')}")


def _summarize_table(
    files: Sequence[str],
    output: Path | None,
    *,
    force: bool,
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
    if force:
        with contextlib.suppress(OSError):
            os.unlink(output)
        shutil.rmtree(f"{output}.parts", ignore_errors=True)
    try:
        with Display("summarizing rows", count_rows(source), quiet) as display:
            report = summarize_table(source, output, progress=display.done, **settings, **decoding)
    except KeyboardInterrupt:
        say(f"stopped; what is finished is kept in {output}.parts, and the same command goes on from there")
        raise
    if not quiet:
        resumed = f", {report.resumed:,} of them earlier" if report.resumed else ""
        say(
            f"{report.rows:,} rows: {report.rows - report.failed:,} summarized{resumed}, {report.failed:,} failed, "
            f"in {report.seconds:.1f} s, {report.rows_per_second:.1f} rows/s; see {output}"
        )
    if report.failed:
        raise typer.Exit(1)
