"""A table of one `fastsum summarize --column`: every row summarized into a new table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from fastsum.console import Display, say

if TYPE_CHECKING:
    from fastsum.summary.limits import SummaryOptions

TABLES = (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
"""Suffixes that only tables have: those of `data.tables.READERS` but .json, which can be one document's result as
well."""


def summarize_table(
    files: Sequence[str],
    options: SummaryOptions,
    *,
    output: Path | None,
    column: str,
    keep: Sequence[str],
    model: str | None,
    device: str,
    precision: str,
    workers: int | None,
    engine: Literal["local", "ray"],
    force: bool,
    quiet: bool,
) -> None:
    """Do what the command was asked for; the arguments are its options.

    Raises typer.Exit(1) where a row failed, typer.BadParameter where not one table and one output are named, and
    FastsumError as `fastsum.summarize_table` does.
    """
    if len(files) != 1:
        raise typer.BadParameter("name one table", param_hint="FILE")
    if output is None:
        raise typer.BadParameter(f"name a file for the summaries, in {', '.join(TABLES)}", param_hint="--output")
    from fastsum import bulk
    from fastsum.bulk.table import count_rows
    from fastsum.device import keep_freed_memory

    keep_freed_memory()
    source = Path(files[0])
    try:
        with Display("summarizing rows", count_rows(source), quiet) as display:
            report = bulk.summarize_table(
                source,
                output,
                column=column,
                keep=keep,
                model=model,
                device=device,
                precision=precision,
                workers=workers,
                engine=engine,
                force=force,
                progress=display.done,
                **options,
            )
    except KeyboardInterrupt:
        if Path(f"{output}.parts").exists():
            say(f"stopped; finished rows are kept in {output}.parts, and the same command continues from there")
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
