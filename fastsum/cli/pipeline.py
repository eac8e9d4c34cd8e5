"""Many documents, each through the model that fits it: read ahead on every core, summarized in batches, in order."""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from fastsum.cli.inputs import Input
from fastsum.device import cores
from fastsum.errors import Failed, FastsumError
from fastsum.model.genre import genre_of
from fastsum.readers.documents import Document, read_document

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from fastsum.model.shared import Progress
    from fastsum.summary.limits import SummaryOptions
    from fastsum.summary.result import Summary
    from fastsum.summary.summarizer import Summarizer

_BATCH = 32  # documents, or fewer where they are long
_BATCH_CHARACTERS = 2_000_000


class Summarized(NamedTuple):
    """A document and its summary."""

    input: Input
    document: Document
    model: str
    """The name of the model."""
    summary: Summary


class Outcome(NamedTuple):
    """What became of an input."""

    input: Input
    result: Summarized | Failed
    warnings: Sequence[str] = ()
    """What was unusual in reading the document."""


class Models:
    """The models in use: the one asked for, or for each document the one that fits it, loaded when first needed."""

    def __init__(
        self,
        model: str | None = None,
        *,
        device: str = "auto",
        precision: str = "auto",
        loaded: Callable[[str, Summarizer, float], None] | None = None,
    ) -> None:
        """`loaded` is called with each model's name, the model, and the seconds that loading took, torch's import
        included."""
        self._model = model
        self._device = device
        self._precision = precision
        self._loaded = loaded
        self._summarizers: dict[str, Summarizer] = {}

    def name(self, text: str) -> str:
        """The name of the model for a text."""
        return self._model or genre_of(text)

    def prepare(self) -> None:
        """Import what every model needs."""
        with _kept():
            import_module("fastsum.summary.summarizer")

    def __getitem__(self, name: str) -> Summarizer:
        """The model with a name. Raises FastsumError where it cannot be loaded."""
        if name not in self._summarizers:
            started = time.perf_counter()
            with _kept():
                from fastsum.summary.summarizer import Summarizer

                self._summarizers[name] = Summarizer.load(name, device=self._device, precision=self._precision)
            if self._loaded is not None:
                self._loaded(name, self._summarizers[name], time.perf_counter() - started)
        return self._summarizers[name]


@contextlib.contextmanager
def _kept() -> Iterator[None]:
    """Exempt what is made inside, and what there is already, from Python's search for garbage in cycles.

    Importing and loading make a hundred thousand objects that stay until the program ends. Searching them again and
    again, for the last time at the end, takes 5 % of the whole time for a short document.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def summarize_inputs(
    inputs: Sequence[Input], models: Models, progress: Progress | None = None, **options: Unpack[SummaryOptions]
) -> Iterator[Outcome]:
    """Read and summarize documents; one that cannot be read or summarized has a Failed as its result.

    Args:
        progress: as in `Summarizer.summarize`, for whichever document of more than 65,536 tokens is being encoded.
        options: as `SummaryOptions` describes them.

    Raises:
        FastsumError: where a model cannot be loaded, or an option is impossible.
    """
    reading = _read_ahead(inputs)
    if any(os.path.isfile(one.name) for one in inputs):
        models.prepare()  # a PDF takes as long to read, in a process of its own
    for batch in _batches(reading):
        outcomes: dict[int, Outcome] = {}
        by_model: dict[str, dict[int, Document]] = {}
        for index, (one, read) in enumerate(batch):
            if isinstance(read, Failed):
                outcomes[index] = Outcome(one, read)
            else:
                by_model.setdefault(models.name(read.text), {})[index] = read
        for model, documents in by_model.items():
            texts = [document.text for document in documents.values()]
            summaries = models[model].try_many(texts, progress=progress, **options)
            for (index, document), summary in zip(documents.items(), summaries, strict=True):
                one = batch[index][0]
                result: Summarized | Failed
                if isinstance(summary, Failed):
                    result = Failed(f"{document.source}: {summary.message}")
                else:
                    result = Summarized(one, document, model, summary)
                outcomes[index] = Outcome(one, result, document.warnings)
        yield from (outcomes[index] for index in range(len(batch)))


def _read_ahead(inputs: Sequence[Input]) -> Iterator[tuple[Input, Document | Failed]]:
    """Read regular files in parallel, as many as there are cores; anything else, such as a pipe, when its turn comes.

    The first are begun at once. Documents are given back in the order of the inputs.
    """
    rest = iter(inputs)
    reading = deque((one, _start_reading(one.name)) for one in itertools.islice(rest, cores()))

    def read_all() -> Iterator[tuple[Input, Document | Failed]]:
        while reading:
            one, read = reading.popleft()
            yield one, read()
            reading.extend((one, _start_reading(one.name)) for one in itertools.islice(rest, 1))

    return read_all()


def _start_reading(name: str) -> Callable[[], Document | Failed]:
    """Begin to read a document; returns a function that waits for it."""
    if not os.path.isfile(name):
        return lambda: _read(name)
    box: queue.SimpleQueue[Document | Failed | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            box.put(_read(name))
        except BaseException as error:
            box.put(error)

    def wait() -> Document | Failed:
        found = box.get()
        if isinstance(found, (Document, Failed)):
            return found
        raise found

    # A thread is enough, since the slow formats are read in processes of their own. As a daemon, it is not waited for
    # when the program ends.
    threading.Thread(target=work, daemon=True).start()
    return wait


def _read(name: str) -> Document | Failed:
    try:
        return read_document(name)
    except FastsumError as error:
        return Failed(error.message)


def _batches(
    documents: Iterable[tuple[Input, Document | Failed]],
) -> Iterator[list[tuple[Input, Document | Failed]]]:
    batch: list[tuple[Input, Document | Failed]] = []
    size = 0
    for one, document in documents:
        batch.append((one, document))
        size += len(document.text) if isinstance(document, Document) else 0
        if len(batch) == _BATCH or size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
