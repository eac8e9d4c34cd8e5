"""The output as Parquet, written by pyarrow: a module of its own, so that other formats never import that."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from fastsum.bulk.formats import ROW, OutputRow, as_text
from fastsum.data import parquet

_JOINED = 64  # parts in a row group


@dataclass(frozen=True)
class Parquet:
    """A Parquet file with the columns of a schema; each part is one too."""

    schema: pa.Schema

    @classmethod
    def of(cls, columns: Sequence[str], kept: Sequence[str], source: Path | None) -> Parquet:
        """With these columns: ROW has numbers, those `kept` have their types in `source`, the others text."""
        types = {ROW: pa.int64()}
        if source is not None:
            types |= {field.name: field.type for field in parquet.opened(source).schema_arrow if field.name in kept}
        return cls(pa.schema([(name, types.get(name, pa.string())) for name in columns]))

    def pack(self, rows: Sequence[OutputRow]) -> bytes:
        """As in Format."""
        records = [{field.name: _cell(row, field) for field in self.schema} for row in rows]
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(records, self.schema), sink)
        return sink.getvalue()

    def join(self, parts: Sequence[Path], target: BinaryIO) -> None:
        """As in Format."""
        with pq.ParquetWriter(target, self.schema) as writer:
            for start in range(0, len(parts), _JOINED):
                tables = [pq.read_table(part, schema=self.schema) for part in parts[start : start + _JOINED]]
                writer.write_table(pa.concat_tables(tables).combine_chunks())


def _cell(row: OutputRow, field: pa.Field) -> object:
    value = row.get(field.name)
    return as_text(value) if pa.types.is_string(field.type) else value
