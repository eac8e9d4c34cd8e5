"""A table's rows in chunks: a worker takes one at a time, and each gives one part of the output.

Where a chunk ends depends on the table alone, so that a later run finds the parts of an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fastsum.data.tables import read_records, text_of

ROWS = 128  # as many as the scheduler sorts by length
CHARACTERS = 1 << 24  # a few documents as long as books


class Item(NamedTuple):
    """One row of the table."""

    number: int
    """From 1; unusable rows count."""
    text: str | None
    """The document; None where there is none."""
    error: str | None
    """What is wrong with the row and where it is, if there is no document."""
    kept: dict[str, Any]
    """Its fields that go into the output."""


class Chunk(NamedTuple):
    """Neighbouring rows, at least one."""

    items: list[Item]

    @property
    def span(self) -> tuple[int, int]:
        """Numbers of the first and the last row."""
        return self.items[0].number, self.items[-1].number


def read_chunks(path: Path, column: str, keep: Sequence[str]) -> Iterator[Chunk]:
    """Stream a table's rows: the documents in `column`, and the fields to keep.

    A chunk ends after ROWS rows or CHARACTERS characters of text. Raises FastsumError where the file is damaged.
    """
    items: list[Item] = []
    size = 0
    for number, (where, fields) in enumerate(read_records(path, (column, *keep)), start=1):
        text, error, kept = None, None, {}
        if isinstance(fields, str):
            error = f"{where}: {fields}"
        else:
            kept = {name: fields.get(name) for name in keep}
            try:
                text = text_of(fields, column)
            except ValueError as problem:
                error = f"{where}: {problem}"
        items.append(Item(number, text, error, kept))
        size += len(text or "")
        if len(items) == ROWS or size >= CHARACTERS:
            yield Chunk(items)
            items, size = [], 0
    if items:
        yield Chunk(items)
