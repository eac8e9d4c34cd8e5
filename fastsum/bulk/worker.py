"""What every engine runs: a worker that summarizes chunks of a table and writes their parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from fastsum.bulk.chunks import Chunk, Item, read_chunks
from fastsum.bulk.parts import Part, Parts
from fastsum.errors import FastsumError

if TYPE_CHECKING:
    from fastsum.summary import Summary


Span = tuple[int, int]
"""Numbers of a chunk's first and last row."""


@dataclass(frozen=True)
class Job:
    """What is to be done, as it travels to the workers."""

    source: Path
    """The table."""
    column: str
    """Where its documents are."""
    keep: tuple[str, ...]
    """Columns that go into the output too."""
    output: Path
    schema: pa.Schema
    """Columns of the output."""
    model: Path
    """A checkpoint's directory."""
    label: str
    """What the output calls it."""
    precision: str
    decoding: Mapping[str, Any]
    """Arguments of `Summarizer.summarize` beside the text."""

    @property
    def parts(self) -> Parts:
        """The output's parts."""
        return Parts(self.output, self.schema)

    def remaining(self, done: Collection[Span]) -> Iterator[Chunk]:
        """The chunks whose rows are not among those done. Raises FastsumError like `read_chunks`."""
        return (c for c in read_chunks(self.source, self.column, self.keep) if c.span not in done)


class Worker:
    """A model, loaded once, that turns chunks into parts.

    Raises FastsumError where the model cannot be loaded, the device or precision is not to be had, or a setting is
    impossible.
    """

    def __init__(self, job: Job, device: str) -> None:
        from fastsum.summarizer import Summarizer

        self._job = job
        self._parts = job.parts
        self._summarizer = Summarizer.load(job.model, device=device, precision=job.precision)
        self._summarizer.summarize_many([], **job.decoding)  # an impossible setting is told before the first row

    def __call__(self, chunk: Chunk) -> Part:
        """Summarize a chunk and write its part. Raises FastsumError where the disk is full or refuses."""
        found = iter(self._summarize([item.text for item in chunk.items if item.text is not None]))
        rows = [self._row(item, item.error or next(found)) for item in chunk.items]
        part = Part(*chunk.span, failed=sum(row["error"] is not None for row in rows))
        self._parts.write(part, rows)
        return part

    def _summarize(self, texts: Sequence[str]) -> Sequence[Summary | str]:
        try:
            return list(self._summarizer.summarize_many(texts, **self._job.decoding))
        except FastsumError:  # a text in which cleaning left no word: rare, so the others may take longer
            return [self._summarize_alone(text) for text in texts]

    def _summarize_alone(self, text: str) -> Summary | str:
        try:
            return self._summarizer.summarize(text, **self._job.decoding)
        except FastsumError as error:
            return error.message

    def _row(self, item: Item, found: Summary | str) -> dict[str, Any]:
        row = {"row": item.number, **item.kept, "model": self._job.label, "error": None}
        if isinstance(found, str):
            return row | {"error": found}
        return row | {"summary": str(found), "mode": found.mode, "notes": "; ".join(found.notes) or None}
