"""What the output can be: JSON Lines, CSV or TSV; Parquet is in `parquet`.

In CSV and in text columns of Parquet, a value that is not text is written as JSON. JSON Lines keep the value itself
where JSON can hold it.
"""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

ROW = "row"
"""The column with the number of the row."""

OutputRow = Mapping[str, Any]


class Format(Protocol):
    """How rows become a file; it is sent to the workers."""

    def pack(self, rows: Sequence[OutputRow]) -> bytes:
        """The content of a part."""

    def join(self, parts: Sequence[Path], target: BinaryIO) -> None:
        """Write the content of the output, from its parts in order."""


def as_text(value: Any) -> str | None:
    """A value for a column of text: what is not text becomes JSON, what is not valid Unicode question marks."""
    if value is None:
        return None
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return value.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class JsonLines:
    """A JSON object a line."""

    columns: tuple[str, ...]

    def pack(self, rows: Sequence[OutputRow]) -> bytes:
        """As in Format."""
        records = ({name: _finite(row.get(name)) for name in self.columns} for row in rows)
        lines = "".join(f"{json.dumps(record, ensure_ascii=False, default=str)}\n" for record in records)
        return lines.encode("utf-8", "replace")

    def join(self, parts: Sequence[Path], target: BinaryIO) -> None:
        """As in Format."""
        _concatenate(parts, target)


@dataclass(frozen=True)
class Delimited:
    """CSV, or TSV with another delimiter; the parts have no header."""

    columns: tuple[str, ...]
    delimiter: str

    def pack(self, rows: Sequence[OutputRow]) -> bytes:
        """As in Format."""
        return self._lines([as_text(row.get(name)) for name in self.columns] for row in rows)

    def join(self, parts: Sequence[Path], target: BinaryIO) -> None:
        """As in Format."""
        target.write(self._lines([self.columns]))
        _concatenate(parts, target)

    def _lines(self, rows: Iterable[Sequence[str | None]]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.delimiter).writerows(rows)  # another line end would not quote carriage returns
        return text.getvalue().encode("utf-8")


def _concatenate(parts: Sequence[Path], target: BinaryIO) -> None:
    for part in parts:
        with part.open("rb") as file:
            shutil.copyfileobj(file, target)


def _finite(value: Any) -> Any:
    """A value that JSON can hold: NaN and infinities become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, (list, tuple)) else value
