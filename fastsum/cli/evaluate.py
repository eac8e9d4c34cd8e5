"""`fastsum evaluate`: a model's summaries scored with ROUGE."""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastsum.cli.options import (
    DATA_HELP,
    BeamOption,
    DataDir,
    Device,
    DocumentColumn,
    Limit,
    ModelOption,
    ModeOption,
    Precision,
    PrecisionOption,
    Quiet,
    SentencesOption,
    Split,
    Strict,
    SummaryColumn,
    WordsOption,
    make_folder,
    print_wide,
    require_training,
)
from fastsum.console import Display, say
from fastsum.errors import FastsumError, UsageError

if TYPE_CHECKING:
    from fastsum.evaluation.outputs import Outputs
    from fastsum.evaluation.scoring import Evaluation


def evaluate(
    data: Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)],
    model: ModelOption = None,
    split: Annotated[Split, typer.Option(help="Split to score.")] = Split.test,
    data_dir: DataDir = None,
    document_column: DocumentColumn = None,
    summary_column: SummaryColumn = None,
    limit: Limit = None,
    strict: Strict = False,
    mode: ModeOption = None,
    sentences: SentencesOption = None,
    words: WordsOption = None,
    beam: BeamOption = None,
    lead: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Sentences of the Lead baseline: by default 3, or 10 for summaries that are abstracts.",
        ),
    ] = None,
    lexrank: Annotated[
        int, typer.Option(metavar="N", min=0, help="Sentences of a LexRank baseline (with sumy); 0 for none.")
    ] = 0,
    words_like_reference: Annotated[
        bool,
        typer.Option(
            "--words-like-reference",
            help="As many words as the references have on average, by kind, for the summary and every baseline.",
        ),
    ] = False,
    about_column: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Column with a question: summaries are of what the document says about it, compared with those "
            "without the question and with BM25 (with bm25s).",
        ),
    ] = None,
    outputs: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE|COLUMN",
            help="Another system's summaries to score beside: a file, or a column of DATA. Repeatable.",
        ),
    ] = None,
    device: Device = "auto",
    precision: PrecisionOption = Precision.auto,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder for results.json and outputs.jsonl.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Score a model's summaries with ROUGE.

    The baselines are the leading sentences, and the greedy oracle: the sentences that come closest to the reference.
    Intervals are 95 % bootstrap intervals. Without --model, each document gets the model that fits it, as in
    `fastsum summarize`.

    \b
    fastsum evaluate cnn_dailymail --limit 500
    fastsum evaluate rows.jsonl --model runs/first/best --output scores
    fastsum evaluate rows.jsonl --words-like-reference --outputs bart.txt
    fastsum evaluate questions.parquet --words-like-reference --about-column query
    """
    require_training("scores")
    if words_like_reference and (sentences or words or lead or lexrank):
        raise UsageError(
            "--words-like-reference sets the length of the summary and of every baseline; "
            "leave out --sentences, --words, --lead and --lexrank"
        )
    if output:
        make_folder(output)  # before the work, so that an error comes early
    from fastsum.data.rows import open_rows
    from fastsum.device import keep_freed_memory
    from fastsum.evaluation import report, scoring
    from fastsum.model.genre import GENRES, genre_of
    from fastsum.summary.summarizer import Summarizer

    keep_freed_memory()
    others, columns = _others(outputs or [])
    open_split = functools.partial(
        open_rows,
        data,
        split.value,
        data_dir=data_dir,
        document_column=document_column,
        summary_column=summary_column,
        others=[*columns, *([about_column] if about_column else [])],
        strict=strict,
        limit=limit,
    )
    load = functools.cache(functools.partial(Summarizer.load, device=device, precision=precision.value))
    summarizer = load(model or GENRES[0])
    chosen: Counter[str] = Counter()

    def fitting(text: str) -> Summarizer:
        genre = genre_of(text)
        chosen[genre] += 1
        return load(genre)

    rows = open_split(validation_fraction=summarizer.config.data.validation_fraction)
    with Display(f"evaluating {rows.origin}", limit, quiet) as display:
        found = scoring.evaluate(
            summarizer if model else fitting,
            rows,
            lead=lead or scoring.default_lead(rows.summary_column),
            lexrank=lexrank,
            budgets=scoring.reference_words(rows) if words_like_reference else None,
            others=others,
            about_column=about_column,
            mode=mode and mode.value,
            sentences=sentences,
            words=words,
            beam=beam,
            progress=display.done,
        )
    if found.skipped and strict:
        raise FastsumError(
            f"{rows.origin}: {found.skipped[0]} has no word in its document or its summary; "
            "correct it, or leave out --strict"
        )
    if not quiet:
        if reason := rows.describe_rejects():
            say(reason)
        if found.skipped:
            say(f"Skipped {len(found.skipped)} rows without a word, the first of them {found.skipped[0]}.")
    name = model or ", ".join(f"{genre} for {count:,} rows" for genre, count in chosen.most_common())
    computed_on = summarizer.engine_for(mode and mode.value).description
    if output:
        about = {
            "data": rows.origin,
            "split": split.value,
            "limit": limit,
            "rejected": rows.rejected,
            "rejects": rows.rejects,
            "model": name,
            "about_column": about_column,
            "device": computed_on,
        }
        report.write(output, found, about)
    _print_evaluation(found, rows.origin, f"{name} on {computed_on}")


def _others(names: Sequence[str]) -> tuple[list[Outputs], list[str]]:
    """The outputs of other systems, and which of the names are columns of the data."""
    from fastsum.evaluation.outputs import column, read_outputs

    columns = [name for name in names if not Path(name).is_file()]
    found = [column(name) if name in columns else read_outputs(Path(name)) for name in names]
    taken = {"system", "whole", "bm25", "lead", "lexrank", "oracle"}
    for one in found:
        if one.name in taken:
            raise UsageError(f"--outputs: there are two systems called {one.name}; rename the file or the column")
        taken.add(one.name)
    return found, columns


def _print_evaluation(found: Evaluation, origin: str, system: str) -> None:
    from fastsum.evaluation.report import as_table, as_table_of_kinds

    print_wide(as_table(found, f"{len(found.outputs):,} rows of {origin}"))
    if found.kinds:
        print_wide(as_table_of_kinds(found))
    print(f"{found.documents_per_second:.1f} documents/s, {system}")
    settings = dataclasses.asdict(found.decoding)
    print("decoding: " + ", ".join(f"{name} {value}" for name, value in settings.items()))
