"""One run: a table's column summarized into a file, resumable after any interruption."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fastsum.bulk import local, on_ray
from fastsum.bulk.formats import ROW, Delimited, Format, JsonLines
from fastsum.bulk.parts import Part
from fastsum.bulk.worker import ANY, Job, PinnedModel, RowRange
from fastsum.data.tables import PARQUET, check_format, columns_of, damage_named, read_records, require_parquet
from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.model.genre import GENRES
from fastsum.summary.limits import SummaryOptions, given, limits_for
from fastsum.versions import version_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

EngineName = Literal["local", "ray"]

FORMAT = 1
"""Increased whenever chunks or columns change, so that older parts are not used."""
ID = "id"
"""The column that is always copied to the output."""

_Engine = Callable[[Job, Collection[RowRange], str, int | None], Generator[Part, None, None]]
_ENGINES: dict[str, _Engine] = {"local": local.run, "ray": on_ray.run}
_OWN = ("summary", "mode", "notes", "model", "error")


class TableReport(NamedTuple):
    """What a run did."""

    rows: int
    """Rows of the table."""
    failed: int
    """Rows without a summary; the output says why."""
    resumed: int
    """Rows finished by earlier runs."""
    seconds: float
    """Duration of this run, including start-up and joining."""

    @property
    def rows_per_second(self) -> float:
        """Speed of this run, on its own rows."""
        return (self.rows - self.resumed) / self.seconds


def summarize_table(
    source: Path,
    output: Path,
    *,
    column: str = "text",
    keep: Sequence[str] = (),
    model: str | Path | None = None,
    device: str = "auto",
    precision: str = "auto",
    workers: int | None = None,
    engine: EngineName = "local",
    force: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    **decoding: Unpack[SummaryOptions],
) -> TableReport:
    """Summarize every row of a table, a file in any format of `tables`, into a JSON Lines, CSV, TSV or Parquet file.

    The output has a row for each row of the table, in its order, with the columns `row` (its number, from 1), `id` if
    the table has it, those of `keep`, `summary`, `mode`, `notes` (what a limit left out), `model` (the checkpoint's
    name and a digest of it; null where the row holds no document) and `error`: why there is no summary, or null. In
    Parquet what is kept has its own type if the table is Parquet too, and is text otherwise.

    The output is made in parts (see `bulk.parts`): after an interruption the same call does the rest, and the output is
    the same as without one. SIGINT and SIGTERM raise KeyboardInterrupt; parts in progress are dropped.

    Processes are started by `spawn`: a script that calls this does so below `if __name__ == "__main__":`.

    Args:
        model: as in `Summarizer.load`; None gives each row the shipped model that `genre_of` returns.
        device: as in `Summarizer.load`; "auto" and "cuda" use all GPUs.
        workers: processes, each with a model; None is one for each core or GPU.
        engine: "local", or "ray" for a Ray cluster, where `source`, `output` and `model` must be at the same path on
            every machine.
        force: whether to overwrite an existing output and drop the parts of another run.
        progress: called with the number of rows done so far, including those of earlier runs.
        decoding: mode, sentences, words, ratio, length, beam and about, as `SummaryOptions` describes them.

    Raises:
        FastsumError: where the table, a column, the model or an option is unusable; the output exists, or is being made
            with other settings; a worker died. Finished parts are kept.
    """
    if engine not in _ENGINES:
        raise FastsumError(f"engine {engine!r} is unknown; choose {' or '.join(_ENGINES)}")
    if workers is not None and workers < 1:
        raise FastsumError(f"workers must be a whole number above 0, not {workers}")
    if output.resolve() == source.resolve():
        raise FastsumError(f"{output} is the table itself. Name another output.")
    started = time.perf_counter()
    options = given(decoding)
    kept = _kept(source, column, keep)
    format = _format(output, source, kept)
    models = _models(model, options)
    job = Job(source.resolve(), column, kept, output.resolve(), format, models, precision, options)
    with job.parts.reserved(_identity(job), force=force), _sigterm_interrupts():
        finished = job.parts.finished()
        done = resumed = sum(part.rows for part in finished)
        progress(done)
        spans = {(part.first, part.last) for part in finished}
        with contextlib.closing(_ENGINES[engine](job, spans, device, workers)) as made:
            for part in made:
                done += part.rows
                progress(done)
        parts = job.parts.join()
    rows, failed = sum(part.rows for part in parts), sum(part.failed for part in parts)
    return TableReport(rows, failed, resumed, time.perf_counter() - started)


def count_rows(source: Path) -> int | None:
    """A Parquet table's rows, which a progress bar can show; None where they would have to be counted."""
    if check_format(source) != PARQUET:
        return None
    from fastsum.data import parquet

    with damage_named(source):
        return parquet.opened(source).metadata.num_rows


def _models(name: str | Path | None, decoding: SummaryOptions) -> dict[str, PinnedModel]:
    """The models that rows may need, by genre. Raises FastsumError where one is unusable or a setting impossible."""
    models = {}
    for genre, wanted in [(genre, genre) for genre in GENRES] if name is None else [(ANY, name)]:
        directory = checkpoint.locate(wanted).resolve()
        limits_for(checkpoint.load(directory).config.decoding, **decoding)  # reported now, not after hours
        models[genre] = PinnedModel.at(directory)
    return models


def _kept(source: Path, column: str, keep: Sequence[str]) -> tuple[str, ...]:
    """The columns that go into the output. Raises FastsumError where one, or the documents', is not there."""
    if check_format(source) != PARQUET and next(read_records(source), None) is None:
        return tuple(keep)  # without rows there are no columns to check
    columns = columns_of(source)
    for name in (column, *keep):
        if name not in columns:
            raise FastsumError(
                f"{source} has no column {name!r}. Its columns are {', '.join(columns)}: name the documents' with "
                "--column and others with --keep."
            )
    for name in keep:
        if name in (ROW, *_OWN):
            raise FastsumError(f"{source}: the column {name!r} cannot be kept: the output has its own of that name.")
    return tuple(dict.fromkeys([*([ID] if ID in columns else []), *keep]))


def _format(output: Path, source: Path, kept: Sequence[str]) -> Format:
    """The format that the output's name asks for. Raises FastsumError where there is none, or no package for it."""
    columns = (ROW, *kept, *_OWN)
    suffix = output.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return JsonLines(columns)
    if suffix in (".csv", ".tsv"):
        return Delimited(columns, "," if suffix == ".csv" else "\t")
    if suffix != PARQUET:
        raise FastsumError(
            f"{output} is in no known format by its name. Summaries of a table go to JSON Lines (.jsonl), CSV, TSV or "
            "Parquet."
        )
    require_parquet(output)
    from fastsum.bulk.parquet import Parquet

    return Parquet.of(columns, kept, source if check_format(source) == PARQUET else None)


def _identity(job: Job) -> Mapping[str, Any]:
    """What identifies this run's parts: everything that a summary depends on except the device."""
    status = job.source.stat()
    return {
        "input": [job.source.name, status.st_size, status.st_mtime_ns],
        "column": job.column,
        "keep": list(job.keep),
        "model": {genre: model.digest for genre, model in job.models.items()},
        "precision": job.precision,
        "format": FORMAT,
        "version": version_of("fastsum"),  # another version may choose, cut or write sentences differently
        **job.decoding,
    }


@contextlib.contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """SIGTERM ends the run as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
