"""The output of a run in parts, so that neither a kill nor a full disk loses finished work.

    corpus.out.parquet.parts/
        run.json                            the settings of the run; a running process holds a lock on it
        0000000001-0000000128-0.parquet     rows 1 to 128, none of which failed

Parts are written atomically. When all are there they are joined, the output is renamed to its name, and the folder is
removed.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import io
import itertools
import json
import math
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from fastsum.errors import FastsumError
from fastsum.files import replacing, sync_folder, try_lock

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = "JSON Lines (.jsonl), CSV, TSV or Parquet"
RUN = "run.json"

_PART = re.compile(r"(\d{10,})-(\d{10,})-(\d+)\.\w+")
_JOINED = 64  # parts in a row group of Parquet

OutputRow = Mapping[str, Any]


class Columns(NamedTuple):
    """The columns of an output whose format has no types."""

    names: tuple[str, ...]


class Part(NamedTuple):
    """Finished rows."""

    first: int
    last: int
    failed: int
    """Rows without a summary."""

    @property
    def rows(self) -> int:
        """Rows from the first to the last."""
        return self.last - self.first + 1


class Parts:
    """The parts of one output file, and the file.

    `schema` names the columns in order, and has their types where the output is Parquet. In CSV and in text columns of
    Parquet, a value that is not text is written as JSON. JSON Lines keep the value itself where JSON can hold it.
    """

    def __init__(self, output: Path, schema: Columns | pa.Schema) -> None:
        if (suffix := output.suffix.lower()) not in _FORMATS:
            raise FastsumError(f"{output} is in no known format by its name. Summaries of a table go to {FORMATS}.")
        self.output = output
        self.folder = output.with_name(f"{output.name}.parts")
        self.schema = schema
        self._suffix = suffix

    @contextlib.contextmanager
    def reserved(self, run: Mapping[str, Any], *, force: bool = False) -> Iterator[None]:
        """Lock the parts for one run, identified by `run` (anything that JSON can hold).

        With `force` an existing output is overwritten in the end, and the parts of another run are dropped.

        Raises:
            FastsumError: where the output exists, another process writes it, or there are parts of another run; then
                the keys that differ are named.
        """
        if self.output.exists() and not self.folder.exists() and not force:
            raise FastsumError(f"{self.output} already exists. Move it away, name another output, or use --force.")
        with self._writing():
            self.folder.mkdir(exist_ok=True)
            file = (self.folder / RUN).open("a+", encoding="utf-8")
        with file:
            if not try_lock(file.fileno()):
                raise FastsumError(f"Another run is writing {self.output}. Wait for it, or stop it.")
            with self._writing():
                for left in self.folder.glob(".*"):  # by a kill, or a full disk
                    left.unlink()
            file.seek(0)
            changed = _changed(file.read(), run)
            if changed and force:
                with self._writing():
                    for part in self.finished():
                        self._path(part).unlink()
            if done := self.finished():
                if changed:
                    raise FastsumError(
                        f"{self.folder} holds {sum(part.rows for part in done)} rows of a run that differs in "
                        f"{', '.join(changed)}. Repeat that run's command to finish it, or use --force to start again."
                    )
            else:
                with self._writing():
                    file.truncate(0)
                    json.dump(run, file)
                    file.flush()
                    os.fsync(file.fileno())
            try:
                yield
            finally:
                if self.folder.exists() and not self.finished():
                    self._remove()

    def finished(self) -> list[Part]:
        """The finished parts, in order."""
        found = (_PART.fullmatch(name) for name in os.listdir(self.folder))
        return sorted(Part(*map(int, match.groups())) for match in found if match)

    def write(self, part: Part, rows: Sequence[OutputRow]) -> None:
        """Write a part atomically. Raises FastsumError where the disk is full or refuses."""
        pack, _ = _FORMATS[self._suffix]
        with self._writing(), replacing(self._path(part)) as file:
            file.write(pack(rows, self.schema))

    def join(self) -> list[Part]:
        """Join the parts into the output and remove them; returns them.

        Raises FastsumError where one is missing, and where the disk is full or refuses.
        """
        parts = self.finished()
        for before, part in itertools.pairwise([Part(0, 0, 0), *parts]):
            if part.first != before.last + 1:
                raise FastsumError(
                    f"{self.folder}: after row {before.last} comes row {part.first}. Remove the folder to start again."
                )
        _, join = _FORMATS[self._suffix]
        with self._writing():
            with (self.folder / "joined").open("wb") as file:
                join([self._path(part) for part in parts], file, self.schema)
                file.flush()
                os.fsync(file.fileno())
            os.replace(file.name, self.output)
            sync_folder(self.output.parent)
            self._remove()
        return parts

    def _remove(self) -> None:
        """Remove the folder; run.json, which identifies the run, goes last, since a kill may leave some of the rest."""
        for path in self.folder.iterdir():
            if path.name != RUN:
                path.unlink()
        shutil.rmtree(self.folder)

    def _path(self, part: Part) -> Path:
        return self.folder / f"{part.first:010d}-{part.last:010d}-{part.failed}{self._suffix}"

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FastsumError(
                f"{self.folder} cannot be written ({error.strerror or error}). Make room or correct the permissions; "
                "then run the same command to continue."
            ) from error


def _changed(stored: str, run: Mapping[str, Any]) -> list[str]:
    """The settings in which an earlier run differs from this one."""
    try:
        earlier = json.loads(stored)
    except ValueError:
        earlier = {}
    return [name for name in sorted({*earlier, *run}) if earlier.get(name) != run.get(name)]


def _cell(value: Any) -> Any:
    """A value for a column of text: what is not text becomes JSON, what is not valid Unicode question marks."""
    if value is None:
        return value
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return value.encode("utf-8", "replace").decode("utf-8")


def _finite(value: Any) -> Any:
    """A value that JSON can hold: NaN and infinities become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def _pack_lines(rows: Sequence[OutputRow], schema: Columns) -> bytes:
    records = ({name: _finite(row.get(name)) for name in schema.names} for row in rows)
    lines = "".join(f"{json.dumps(record, ensure_ascii=False, default=str)}\n" for record in records)
    return lines.encode("utf-8", "replace")


def _join_lines(parts: Sequence[Path], target: BinaryIO, schema: Columns) -> None:
    for part in parts:
        with part.open("rb") as file:
            shutil.copyfileobj(file, target)


def _pack_csv(rows: Sequence[OutputRow], schema: Columns, *, delimiter: str = ",") -> bytes:
    return _csv(([_cell(row.get(name)) for name in schema.names] for row in rows), delimiter)


def _join_csv(parts: Sequence[Path], target: BinaryIO, schema: Columns, *, delimiter: str = ",") -> None:
    target.write(_csv([schema.names], delimiter))  # the parts have no header
    _join_lines(parts, target, schema)


def _csv(rows: Iterable[Sequence[Any]], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)  # with another line end it would not quote carriage returns
    return text.getvalue().encode("utf-8")


def _pack_parquet(rows: Sequence[OutputRow], schema: pa.Schema) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = {field.name for field in schema if pa.types.is_string(field.type)}
    records = [{name: _cell(row.get(name)) if name in text else row.get(name) for name in schema.names} for row in rows]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records, schema), sink)
    return sink.getvalue()


def _join_parquet(parts: Sequence[Path], target: BinaryIO, schema: pa.Schema) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(target, schema) as writer:
        for start in range(0, len(parts), _JOINED):
            tables = [pq.read_table(part, schema=schema) for part in parts[start : start + _JOINED]]
            writer.write_table(pa.concat_tables(tables).combine_chunks())


_FORMATS: dict[str, tuple[Callable[..., bytes], Callable[..., None]]] = {
    ".jsonl": (_pack_lines, _join_lines),
    ".ndjson": (_pack_lines, _join_lines),
    ".csv": (_pack_csv, _join_csv),
    ".tsv": (functools.partial(_pack_csv, delimiter="\t"), functools.partial(_join_csv, delimiter="\t")),
    ".parquet": (_pack_parquet, _join_parquet),
}
