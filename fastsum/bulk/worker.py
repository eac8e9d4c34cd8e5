"""What every engine runs: a worker that summarizes chunks of a table and writes their parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fastsum.bulk.chunks import Chunk, Item, read_chunks
from fastsum.bulk.formats import Format
from fastsum.bulk.parts import Part, Parts
from fastsum.data.treebank import natural
from fastsum.errors import Failed, FastsumError
from fastsum.model import checkpoint
from fastsum.model.genre import genre_of
from fastsum.summary.limits import SummaryOptions

if TYPE_CHECKING:
    from fastsum.summary.result import Summary
    from fastsum.summary.summarizer import Summarizer


RowRange = tuple[int, int]
"""Numbers of a chunk's first and last row."""
ANY = ""
"""Instead of a genre: one model for every row."""


class PinnedModel(NamedTuple):
    """A checkpoint to summarize with, in exactly the state that it had when the run began."""

    directory: Path
    digest: str
    """Of its files."""

    @classmethod
    def at(cls, directory: Path) -> PinnedModel:
        """The checkpoint in a folder as it is now."""
        return cls(directory, checkpoint.fingerprint(directory))

    @property
    def label(self) -> str:
        """Its name in the output."""
        return f"{self.directory.name}@{self.digest[:8]}"


@dataclass(frozen=True)
class Job:
    """All settings of a run, as they are sent to the workers."""

    source: Path
    """The table."""
    column: str
    """Where its documents are."""
    keep: tuple[str, ...]
    """Columns that go into the output too."""
    output: Path
    format: Format
    """Of the output."""
    models: Mapping[str, PinnedModel]
    """By genre, or one for ANY."""
    precision: str
    decoding: SummaryOptions

    @property
    def parts(self) -> Parts:
        """The output's parts."""
        return Parts(self.output, self.format)

    def model_for(self, text: str) -> PinnedModel:
        """The model for a document."""
        return self.models.get(ANY) or self.models[genre_of(text)]

    def remaining(self, done: Collection[RowRange]) -> Iterator[Chunk]:
        """The chunks that are not done yet. Raises FastsumError like `read_chunks`."""
        return (c for c in read_chunks(self.source, self.column, self.keep) if c.span not in done)


class Worker:
    """Turns chunks into parts; loads each model when the first document for it comes."""

    def __init__(self, job: Job, device: str) -> None:
        self._job = job
        self._device = device
        self._parts = job.parts
        self._summarizers: dict[PinnedModel, Summarizer] = {}

    def __call__(self, chunk: Chunk) -> Part:
        """Summarize a chunk and write its part.

        Raises FastsumError where a model cannot be loaded, the device or precision is not available, or the disk is
        full or refuses. A row that cannot be summarized gets an error instead.
        """
        documents: dict[PinnedModel, dict[int, str]] = {}  # by model and number of the row
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

    def _load(self, model: PinnedModel) -> Summarizer:
        from fastsum.summary.summarizer import Summarizer

        if model not in self._summarizers:
            precision = self._job.precision
            loaded = Summarizer.load(model.directory, device=self._device, precision=precision, threads=1)
            if PinnedModel.at(model.directory) != model:  # it is being trained, or another machine has another
                raise FastsumError(
                    f"{model.directory} is not the checkpoint that this run began with. Put that one back, or remove "
                    f"{self._parts.folder} to start again with a copy that nothing changes."
                )
            self._summarizers[model] = loaded
        return self._summarizers[model]


def _row(item: Item) -> dict[str, Any]:
    return {"row": item.number, **item.kept, "error": item.error}


def _fields(answer: Summary | Failed) -> dict[str, Any]:
    if isinstance(answer, Failed):
        return {"error": answer.message}
    return {"summary": str(answer), "mode": answer.mode, "notes": "; ".join(answer.notes) or None}
