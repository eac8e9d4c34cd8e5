"""Many documents through the models that fit them: read ahead on every core, batched by length, given back in order."""

from __future__ import annotations

import itertools
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from fastsum.device import cores
from fastsum.errors import Failed, FastsumError
from fastsum.readers.documents import Document, read_document
from fastsum.text.english.genre import genre_of

if TYPE_CHECKING:
    from fastsum.model.streaming import Progress
    from fastsum.summary.result import Summary
    from fastsum.summary.summarizer import Summarizer

_BATCHED = 32  # documents, or as many as have so many
_BATCHED_CHARACTERS = 2_000_000


class Outcome(NamedTuple):
    """What came of a document."""

    name: str
    """As `read_document` was given it."""
    document: Document | None
    """None where it could not be read."""
    model: str | None
    """The name of the model."""
    summary: Summary | None
    error: str | None
    """Why there is no summary."""


class Models:
    """The models in use: one asked for, or for each document the one that fits it, loaded when the first such comes."""

    def __init__(
        self,
        model: str | None = None,
        *,
        device: str = "auto",
        precision: str = "auto",
        loaded: Callable[[str, Summarizer, float], None] = lambda name, summarizer, seconds: None,
    ) -> None:
        """`loaded` is called with each model's name, itself, and the seconds it took, torch's import included."""
        self._model = model
        self._place = {"device": device, "precision": precision}
        self._loaded = loaded
        self._summarizers: dict[str, Summarizer] = {}

    def name(self, text: str) -> str:
        """The name of the model for a text."""
        return self._model or genre_of(text)

    def __getitem__(self, name: str) -> Summarizer:
        """The model of a name. Raises FastsumError where it cannot be loaded."""
        if name not in self._summarizers:
            started = time.perf_counter()
            from fastsum.summary.summarizer import Summarizer

            self._summarizers[name] = Summarizer.load(name, **self._place)
            self._loaded(name, self._summarizers[name], time.perf_counter() - started)
        return self._summarizers[name]


def summarize_inputs(
    names: Sequence[str], models: Models, progress: Progress | None = None, **decoding: Any
) -> Iterator[Outcome]:
    """Read and summarize documents; what cannot be is an outcome too.

    Args:
        names: as `read_document` takes them.
        progress: as in `Summarizer.summarize`, of whichever document of more than 65,536 tokens is being read.
        decoding: what `Summarizer.summarize` takes beside the text.

    Raises:
        FastsumError: where a model cannot be loaded, or a setting is impossible.
    """
    for batch in _batches(_read_ahead(names)):
        found: dict[int, Outcome] = {}
        by_model: dict[str, list[int]] = {}
        for index, (name, document) in enumerate(batch):
            if isinstance(document, Failed):
                found[index] = Outcome(name, None, None, None, document.message)
            else:
                by_model.setdefault(models.name(document.text), []).append(index)
        for model, indices in by_model.items():
            documents = [(batch[i][0], document) for i in indices if isinstance(document := batch[i][1], Document)]
            texts = [document.text for _, document in documents]
            summaries = models[model].try_many(texts, progress=progress, **decoding)
            for index, (name, document), summary in zip(indices, documents, summaries, strict=True):
                if isinstance(summary, Failed):
                    error = f"{document.source}: {summary.message}"
                    found[index] = Outcome(name, document, model, None, error)
                else:
                    found[index] = Outcome(name, document, model, summary, None)
        yield from (found[index] for index in range(len(batch)))


def _read_ahead(names: Sequence[str]) -> Iterator[tuple[str, Document | Failed]]:
    """Read regular files side by side, as many as there are cores; all else, such as a pipe, when its turn comes."""
    rest = iter(names)
    reading = deque((name, _reader(name)) for name in itertools.islice(rest, cores()))
    while reading:
        name, read = reading.popleft()
        yield name, read()
        reading.extend((name, _reader(name)) for name in itertools.islice(rest, 1))


def _reader(name: str) -> Callable[[], Document | Failed]:
    """What gives the document when called; it is being read from now on."""
    if not os.path.isfile(name):
        return lambda: _read(name)
    box: queue.SimpleQueue[Document | Failed | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            box.put(_read(name))
        except BaseException as error:
            box.put(error)

    def read() -> Document | Failed:
        found = box.get()
        if isinstance(found, (Document, Failed)):
            return found
        raise found

    # A thread suffices, since what takes long is done in processes of their own; none is waited for when all ends.
    threading.Thread(target=work, daemon=True).start()
    return read


def _read(name: str) -> Document | Failed:
    try:
        return read_document(name)
    except FastsumError as error:
        return Failed(error.message)


def _batches(
    read: Iterable[tuple[str, Document | Failed]],
) -> Iterator[list[tuple[str, Document | Failed]]]:
    batch: list[tuple[str, Document | Failed]] = []
    size = 0
    for name, document in read:
        batch.append((name, document))
        size += len(document.text) if isinstance(document, Document) else 0
        if len(batch) == _BATCHED or size >= _BATCHED_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
