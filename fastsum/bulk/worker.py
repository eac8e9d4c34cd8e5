"""What every engine runs: a worker that summarizes chunks of a table and writes their parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from fastsum.bulk.chunks import Chunk, Item, read_chunks
from fastsum.bulk.parts import Part, Parts
from fastsum.data.treebank import natural
from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.text.english.genre import genre_of

if TYPE_CHECKING:
    from fastsum.summary.result import Summary
    from fastsum.summary.summarizer import Summarizer


Span = tuple[int, int]
"""Numbers of a chunk's first and last row."""
ANY = ""
"""In place of a genre: the model of every row."""


class Model(NamedTuple):
    """A checkpoint to summarize by."""

    directory: Path
    digest: str
    """Of all that it is."""

    @classmethod
    def at(cls, directory: Path) -> Model:
        """A checkpoint that is there, as its own digests tell it from others."""
        return cls(directory, checkpoint.fingerprint(directory))

    @property
    def label(self) -> str:
        """What the output calls it."""
        return f"{self.directory.name}@{self.digest[:8]}"


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
    models: Mapping[str, Model]
    """By genre, or one for ANY."""
    precision: str
    decoding: Mapping[str, Any]
    """Arguments of `Summarizer.summarize` beside the text."""

    @property
    def parts(self) -> Parts:
        """The output's parts."""
        return Parts(self.output, self.schema)

    def model_for(self, text: str) -> Model:
        """The model that a document gets."""
        return self.models.get(ANY) or self.models[genre_of(text)]

    def remaining(self, done: Collection[Span]) -> Iterator[Chunk]:
        """The chunks whose rows are not among those done. Raises FastsumError like `read_chunks`."""
        return (c for c in read_chunks(self.source, self.column, self.keep) if c.span not in done)


class Worker:
    """Turns chunks into parts; it loads a model when the first document for it comes."""

    def __init__(self, job: Job, device: str) -> None:
        self._job = job
        self._device = device
        self._parts = job.parts
        self._summarizers: dict[Model, Summarizer] = {}

    def __call__(self, chunk: Chunk) -> Part:
        """Summarize a chunk and write its part.

        Raises FastsumError where a model cannot be loaded, the device or precision is not to be had, or the disk is
        full or refuses. A row that cannot be summarized gets an error instead.
        """
        documents: dict[Model, dict[int, str]] = {}  # by model and number of the row
        for item in chunk.items:
            if item.text is not None:
                documents.setdefault(self._job.model_for(item.text), {})[item.number] = natural(item.text)
        found: dict[int, dict[str, Any]] = {}
        for model, texts in documents.items():
            answers = self._load(model).try_many(texts.values(), **self._job.decoding)
            for number, answer in zip(texts, answers, strict=True):
                found[number] = {"model": model.label, **_fields(answer)}
        rows = [_row(item) | found.get(item.number, {}) for item in chunk.items]
        part = Part(*chunk.span, failed=sum(row["error"] is not None for row in rows))
        self._parts.write(part, rows)
        return part

    def _load(self, model: Model) -> Summarizer:
        from fastsum.summary.summarizer import Summarizer

        if model not in self._summarizers:
            loaded = Summarizer.load(model.directory, device=self._device, precision=self._job.precision)
            if Model.at(model.directory) != model:  # training goes on there, or another machine has another
                raise FastsumError(
                    f"{model.directory} is not the checkpoint that this run began with. Put that one back, or remove "
                    f"{self._parts.folder} to begin anew with a copy that nothing changes."
                )
            self._summarizers[model] = loaded
        return self._summarizers[model]


def _row(item: Item) -> dict[str, Any]:
    return {"row": item.number, **item.kept, "error": item.error}


def _fields(answer: Summary | FastsumError) -> dict[str, Any]:
    if isinstance(answer, FastsumError):
        return {"error": answer.message}
    return {"summary": str(answer), "mode": answer.mode, "notes": "; ".join(answer.notes) or None}
