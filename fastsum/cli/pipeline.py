"""Many documents, each through the model that fits it: read ahead on every core, summarized in batches."""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from fastsum.cli.inputs import Input
from fastsum.device import cores
from fastsum.errors import Failed, FastsumError, NotADocument
from fastsum.model.genre import genre_of
from fastsum.readers.blocks import LeftOut, count_letters
from fastsum.readers.documents import Document, read_document

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from fastsum.model.shared import Progress
    from fastsum.summary.limits import SummaryOptions
    from fastsum.summary.result import Summary
    from fastsum.summary.summarizer import Summarizer

_BATCH = 32  # documents, or fewer where they are long
_BATCH_CHARACTERS = 400_000  # a second's work; a document that is longer is a batch of its own
_AHEAD = 64  # documents read and not summarized, or fewer where they are long
_AHEAD_CHARACTERS = 2_000_000


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
    inputs: Sequence[Input],
    models: Models,
    progress: Progress | None = None,
    *,
    ordered: bool = True,
    **options: Unpack[SummaryOptions],
) -> Iterator[Outcome]:
    """Read and summarize documents; one that cannot be read or summarized has a Failed as its result.

    Args:
        ordered: give the outcomes in the order of the inputs; else each as soon as it is there, a long document when
            no shorter one waits.
        progress: as in `Summarizer.summarize`, for whichever document of more than 65,536 tokens is being encoded.
        options: as `SummaryOptions` describes them.

    Raises:
        FastsumError: where a model cannot be loaded, or an option is impossible.
    """
    reading = _Reading(inputs, ordered)
    if any(os.path.isfile(one.name) for one in inputs):
        models.prepare()  # a PDF takes as long to read, in a process of its own
    for batch in reading.batches():
        outcomes: dict[int, Outcome] = {}
        by_model: dict[str, dict[int, Document]] = {}
        for index, read in batch.items():
            if isinstance(read, Failed):
                outcomes[index] = Outcome(inputs[index], read)
            else:
                by_model.setdefault(models.name(read.text), {})[index] = read
        for model, documents in by_model.items():
            texts = [document.text for document in documents.values()]
            summaries = models[model].try_many(texts, progress=progress, **options)
            for (index, document), summary in zip(documents.items(), summaries, strict=True):
                one = inputs[index]
                result: Summarized | Failed
                if isinstance(summary, Failed):
                    result = Failed(f"{document.source}: {summary.message}")
                else:
                    result = Summarized(one, document, model, summary)
                outcomes[index] = Outcome(one, result, document.warnings)
        yield from (outcomes[index] for index in batch)


class _Reading:
    """Documents read in threads, as many at once as there are cores, and given out in batches.

    A thread is enough, since the slow formats are read in processes of their own. The first are begun at once. What is
    no regular file, such as a pipe, is read when its turn comes and nothing else is being read.
    """

    def __init__(self, inputs: Sequence[Input], ordered: bool) -> None:
        self._inputs = inputs
        self._ordered = ordered
        self._begun = 0  # inputs whose reading has begun
        self._given = 0  # inputs given out
        self._running = 0
        self._done: queue.SimpleQueue[tuple[int, Document | Failed | BaseException]] = queue.SimpleQueue()
        self._ready: dict[int, Document | Failed] = {}
        self._begin()

    def batches(self) -> Iterator[dict[int, Document | Failed]]:
        """What was read, by the input's index, until all inputs were given out."""
        while self._given < len(self._inputs):
            self._collect(wait=False)
            while not (batch := self._batch()):
                self._collect(wait=True)
            self._given += len(batch)
            yield batch

    def _begin(self) -> None:
        """Begin to read where there is a core for it and not too much waits to be summarized."""
        while (
            self._begun < len(self._inputs)
            and self._running < cores()
            and len(self._ready) + self._running < _AHEAD
            and sum(map(_size, self._ready.values())) < _AHEAD_CHARACTERS
        ):
            index = self._begun
            one = self._inputs[index]
            if os.path.isfile(one.name):
                # As a daemon, it is not waited for when the program ends.
                threading.Thread(target=self._read, args=(index, one), daemon=True).start()
                self._running += 1
            elif self._ready or self._running:
                return
            else:
                self._ready[index] = _read(one)
            self._begun += 1

    def _read(self, index: int, one: Input) -> None:
        try:
            self._done.put((index, _read(one)))
        except BaseException as error:
            self._done.put((index, error))

    def _collect(self, *, wait: bool) -> None:
        """Take what is read, or wait until something is; then go on reading."""
        while self._running and (wait or not self._done.empty()):
            index, found = self._done.get()
            self._running -= 1
            if isinstance(found, BaseException):
                raise found
            self._ready[index] = found
            wait = False
        self._begin()

    def _batch(self) -> dict[int, Document | Failed]:
        """The next batch; empty where it is better to wait for what is being read."""
        if self._ordered:
            order = list(itertools.takewhile(self._ready.__contains__, range(self._given, self._begun)))
        else:
            order = sorted(self._ready, key=lambda index: _size(self._ready[index]))
            if order and self._running and _size(self._ready[order[0]]) > _BATCH_CHARACTERS:
                return {}  # what is still being read may be shorter
        batch: dict[int, Document | Failed] = {}
        size = 0
        for index in order[:_BATCH]:
            size += _size(self._ready[index])
            if batch and size > _BATCH_CHARACTERS:
                break
            batch[index] = self._ready.pop(index)
        return batch


def _size(read: Document | Failed) -> int:
    return len(read.text) if isinstance(read, Document) else 0


def _read(one: Input) -> Document | Failed:
    from fastsum.text.english import rules as english
    from fastsum.text.messages import lines_left_out

    try:
        document = read_document(one.name, one.format_name)
    except FastsumError as error:
        return Failed(error.message, is_document=not isinstance(error, NotADocument))
    lines = lines_left_out(document.text, english)  # these stay in the text, but no summary is made from them
    parts = [LeftOut(kind, len(found), count_letters(" ".join(found))) for kind, found in lines.items()]
    return document._replace(left_out=(*document.left_out, *parts))
