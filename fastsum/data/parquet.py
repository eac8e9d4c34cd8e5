"""Tables in Parquet files, read by pyarrow."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fastsum.errors import FastsumError


def opened(path: Path) -> pq.ParquetFile:
    """The file, of which only the metadata is read so far. Raises FastsumError where it is not Parquet, or damaged."""
    try:
        return pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise FastsumError(f"{path} is no Parquet file, or a damaged one. Fetch or write it again.") from error


def read(path: Path, columns: Collection[str] | None = None) -> Iterator[tuple[str, dict[str, object] | str]]:
    """The records, as `tables.read_records` has them; with `columns` only those are read."""
    file = opened(path)
    names = [name for name in file.schema_arrow.names if columns is None or name in columns]
    number = 0
    try:
        for batch in file.iter_batches(batch_size=64, columns=names):
            for index in range(batch.num_rows):
                number += 1
                yield f"row {number}", _row(batch, index)
    except pa.ArrowException as error:
        raise FastsumError(f"{path} is damaged after row {number} ({error}). Fetch or write it again.") from error


def _row(batch: pa.RecordBatch, index: int) -> dict[str, object] | str:
    """The fields, or which of them Python has no value for."""
    fields = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            fields[name] = column[index].as_py()
        except UnicodeDecodeError:
            return f"{name!r} is not valid UTF-8"
        except (ValueError, OverflowError) as error:  # a time beyond the year 9999, or of nanoseconds
            return f"{name!r} cannot be read ({error})"
    return fields
