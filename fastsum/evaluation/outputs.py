"""Summaries that another system made of the same rows, from a column of the data or from a file."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from fastsum.data.rows import Row
from fastsum.data.tables import READERS, columns_of, read_records, suffix_of, text_of
from fastsum.data.treebank import natural
from fastsum.errors import FastsumError

COLUMNS = ("output", "prediction", "summary", "text")
"""Where a table's outputs are looked for, in this order."""
_ID = "id"


class Outputs(NamedTuple):
    """A system's outputs."""

    name: str
    of: Callable[[int, Row], str]
    """The output for a row, natural text, from the row's number among those read, from 0, and the row. Raises
    FastsumError where there is none."""


def column(name: str) -> Outputs:
    """The outputs in a column of the rows' own table, which `Row.others` has."""
    return Outputs(name, lambda number, row: row.others[name])


def read_outputs(path: Path) -> Outputs:
    """The outputs in a file: a table with a column of COLUMNS, matched by `id` if it has that, else by order; any other
    file has one output a line, in the order of the rows. Raises FastsumError where it cannot be read."""
    if suffix_of(path) in READERS:
        columns = columns_of(path)
        found = next((name for name in COLUMNS if name in columns), None)
        if found is None:
            raise FastsumError(
                f"{path} has the columns {', '.join(columns)}; the outputs are looked for in {', '.join(COLUMNS)}."
            )
        texts = dict(_table(path, found, by_id=_ID in columns))
        return Outputs(path.stem, _finder(path, texts, by_id=_ID in columns))
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FastsumError(f"{path} cannot be read as UTF-8 text, one output a line ({error}).") from None
    return Outputs(path.stem, _finder(path, {str(number): line for number, line in enumerate(lines)}, by_id=False))


def _table(path: Path, column_name: str, *, by_id: bool) -> Iterator[tuple[str, str]]:
    for number, (where, fields) in enumerate(read_records(path, (column_name, _ID))):
        if isinstance(fields, str):
            raise FastsumError(f"{path}, {where}: {fields}. Correct it: outputs cannot be skipped.")
        try:
            yield str(fields.get(_ID)) if by_id else str(number), text_of(fields, column_name)
        except ValueError as problem:
            raise FastsumError(f"{path}, {where}: {problem}. Correct it: outputs cannot be skipped.") from None


def _finder(path: Path, texts: Mapping[str, str], *, by_id: bool) -> Callable[[int, Row], str]:
    def find(number: int, row: Row) -> str:
        key = row.id if by_id else str(number)
        if key not in texts:
            named = f"the id {row.id}" if by_id else f"row {number + 1} ({row.id})"
            some = ", ".join(itertools.islice(texts, 3)) if by_id else f"{len(texts)} outputs"
            raise FastsumError(f"{path} has no output for {named}; it has {some}{', ...' if by_id else ''}.")
        return natural(texts[key])

    return find
