"""The documents of one `fastsum summarize`: found, summarized, and each written where it was asked for."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fastsum.cli.inputs import Input, find_inputs, read_names
from fastsum.cli.pipeline import Models, Outcome, Summarized, summarize_inputs
from fastsum.cli.results import Results, results_in
from fastsum.cli.sinks import FORMATS, File, Folder, Sink, Terminal, as_page
from fastsum.cli.summarize_table import TABLES
from fastsum.console import Display, say
from fastsum.device import keep_freed_memory
from fastsum.errors import Failed, UsageError
from fastsum.files import RefusedError
from fastsum.model.genre import GENRES
from fastsum.readers.documents import STDIN, list_left_out
from fastsum.readers.formats import SUFFIXES

if TYPE_CHECKING:
    from fastsum.summary.limits import SummaryOptions
    from fastsum.summary.summarizer import Summarizer

FORMAT = 2
"""Of the files in an output folder: raised when they are written in another way, so that older ones are replaced."""


def summarize_documents(
    files: Sequence[str],
    options: SummaryOptions,
    *,
    files_from: str | None,
    format_name: str | None,
    model: str | None,
    device: str,
    precision: str,
    cite: bool,
    result_format: str,
    html: Path | None,
    output: Path | None,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Do what the command was asked for; the arguments are its options.

    Raises typer.Exit(1) where a document failed, typer.BadParameter and UsageError where the options do not fit
    together, and FastsumError where the run cannot continue: the disk is full, a model cannot be loaded.
    """
    if output is not None and output.suffix.lower() in (*SUFFIXES, ".json") and not output.is_dir():
        raise UsageError(f"--output names a folder, and {output} looks like a file; to write one file, use > {output}")
    names = [*files, *(read_names(files_from) if files_from else ())]
    if not names and (files_from or sys.stdin.isatty()):
        raise typer.BadParameter("name a file or a folder, or - for standard input", param_hint="FILE")
    names = names or [STDIN]

    inputs, missing = _find(names, (output, html), quiet)
    inputs = [one._replace(format_name=format_name) for one in inputs]
    page = _single_page(html, inputs, names) if html is not None and not files_from else None
    pages = html if page is None else None
    keep_freed_memory()
    suffix, plain, with_citations = FORMATS[result_format]
    render = with_citations if cite else plain
    if result_format == "html":
        _check_pages(inputs, output, html)
    with contextlib.ExitStack() as stack:
        settings = (
            _settings(model, **options, format_in=format_name, cite=cite, format=result_format, precision=precision)
            if output or pages
            else {}
        )
        folders = []
        if output:
            results = stack.enter_context(Results.opened(output, settings))
            folders.append(Folder(results, suffix, render, force=force))
        if pages:
            if not output or pages.resolve() != output.resolve():
                results = stack.enter_context(Results.opened(pages, settings))
            folders.insert(0, Folder(results, ".html", as_page, force=force))
        todo = inputs
        if output and not page and not force:
            todo = [one for one in inputs if not all(folder.is_current(one) for folder in folders)]

        started = time.perf_counter()
        with Display("summarizing", len(todo), quiet) as display:
            sinks: list[Sink] = [File(page, as_page)] if page else []
            sinks += folders
            if not output:
                headed = len(inputs) > 1 and result_format == "text"
                sinks.append(Terminal(render, display, headed=headed, apart=result_format == "markdown"))
            models = Models(
                model,
                device=device,
                precision=precision,
                loaded=functools.partial(_say_loaded, mode=options.get("mode")) if verbose else None,
            )
            # A folder takes results in any order, so that a long document does not hold back the others.
            outcomes = summarize_inputs(todo, models, display.reading, ordered=not output, **options)
            done, skipped = _write_all(outcomes, sinks, display, output, quiet=quiet, verbose=verbose)
        failed = len(todo) - done - skipped
        if skipped and not quiet:
            files = "1 file is no document and was" if skipped == 1 else f"{skipped} files are no documents and were"
            say(f"{files} skipped" if verbose else f"{files} skipped; -v names them")
        if skipped and skipped == len(inputs):
            say("error: None of the files is a document. Name one of them to see why.")
            missing += 1
        if output and not quiet:
            documents = "1 document" if len(inputs) - skipped == 1 else f"{len(inputs) - skipped} documents"
            say(
                f"{documents}: {done} summarized, {len(inputs) - len(todo)} unchanged, "
                f"{failed} failed, in {time.perf_counter() - started:.1f} s; see {output}"
            )
    if failed or missing:
        raise typer.Exit(1)


def _find(names: Sequence[str], folders: Iterable[Path | None], quiet: bool) -> tuple[list[Input], int]:
    """The inputs that names stand for, without results of earlier runs in `folders`, and how many names stand for none.

    Reports those, and warns of tables.
    """
    earlier = {path for folder in folders if folder is not None for path in results_in(folder)}
    inputs, problems = find_inputs(names, exclude=earlier)
    for problem in problems:
        say(f"error: {problem.message}")
    for one in inputs:
        if one.path.suffix.lower() in TABLES and not quiet:
            say(f"{one.name} is read as text; if it is a table, name the column with the documents: --column")
    return inputs, len(problems)


def _single_page(html: Path, inputs: Sequence[Input], names: Sequence[str]) -> Path | None:
    """The file for the page of the one document that is named; None where `html` is a folder for pages.

    Raises UsageError where it would overwrite a document, or a result of an earlier run.
    """
    if html.is_dir() or len(names) > 1 or [one.name for one in inputs] != [*names]:
        return None
    if html.exists() and os.path.exists(names[0]) and html.samefile(names[0]):
        raise UsageError(f"--html would overwrite the document {html}; name another file")
    if any(os.path.abspath(html) in results_in(folder) for folder in html.absolute().parents):
        raise UsageError(f"--html would overwrite {html}, a result of an earlier run; name another file")
    return html


def _check_pages(inputs: Sequence[Input], output: Path | None, html: Path | None) -> None:
    """Raise UsageError where pages would be run together on standard output, or written twice."""
    if html is not None:
        raise UsageError("--format html and --html both write pages; give one of them")
    if output is None and len(inputs) > 1:
        raise UsageError("--format html prints one page, and there are several documents; name a folder: --output")


def _write_all(
    outcomes: Iterable[Outcome],
    sinks: Sequence[Sink],
    display: Display,
    output: Path | None,
    *,
    quiet: bool,
    verbose: bool,
) -> tuple[int, int]:
    """Write each summary to every sink, and report each document that failed.

    Returns how many did not fail, and how many files of folders are no documents.
    """
    started = time.perf_counter()
    done = skipped = 0
    display.done(0)
    try:
        for number, outcome in enumerate(outcomes, start=1):
            if not quiet:
                _say_notes(outcome, time.perf_counter() - started, verbose)
            try:
                if isinstance(outcome.result, Failed):
                    raise RefusedError(outcome.result.message)
                for sink in sinks:
                    sink.write(outcome.result)
                done += 1
            except RefusedError as error:
                if _is_passed_over(outcome):
                    skipped += 1
                if verbose or not _is_passed_over(outcome):
                    say(f"{'skipped' if _is_passed_over(outcome) else 'error'}: {error.message}")
            display.done(number)
    except KeyboardInterrupt:
        if output is not None:
            say(f"stopped; {done} are done in {output}, and the same command continues from there")
        raise
    return done, skipped


def _is_passed_over(outcome: Outcome) -> bool:
    """Whether a file of a folder is no document."""
    return isinstance(outcome.result, Failed) and not outcome.result.is_document and not outcome.input.is_named


def _say_notes(outcome: Outcome, seconds: float, verbose: bool) -> None:
    for warning in outcome.warnings:
        say(warning)
    if isinstance(one := outcome.result, Summarized):
        for note in one.summary.notes:
            say(f"{one.document.source}: {note}")
        if verbose:
            size = f"{len(one.summary.document.split()):,} words to {one.summary.words:,}"
            say(f"{one.document.source}: {size} after {seconds:.2f} s by {one.model}")
            left_out = list_left_out(one.document.left_out)
            if left_out and not any(left_out in warning for warning in outcome.warnings):  # where it is much
                say(f"{one.document.source}: left out: {left_out}")


def _say_loaded(name: str, summarizer: Summarizer, seconds: float, mode: str | None) -> None:
    say(f"{name} on {summarizer.engine_for(mode).description}")
    say(f"loaded in {seconds:.2f} s")


def _settings(model: str | None, **settings: Any) -> dict[str, Any]:
    """Everything that a result depends on, except its document and the device, for `Results.opened`."""
    from fastsum import __version__
    from fastsum.model import checkpoint

    models = {name: checkpoint.fingerprint(checkpoint.locate(name)) for name in ([model] if model else GENRES)}
    return {"format": FORMAT, "version": __version__, "models": models, **settings}
