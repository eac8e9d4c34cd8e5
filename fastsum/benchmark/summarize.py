"""Documents per second and peak memory by length: fastsum in both modes, and the extractive summarizers of others.

The time is that between a text and its summary, for all summarizers: it includes cleaning, sentence splitting and
tokenization (`fastsum.evaluation.peers` has those of others), but not starting the program and loading the model, which
`startup` measures. Beside the time by the clock is that of the processor, of all threads together: where it is longer,
threads share the work, and other programs get less of the machine. The rows "batched" are fastsum's `summarize_many` on
several documents of the same length, which differ in the order of their paragraphs; the other rows summarize one
document at a time. Memory is the peak of a fresh process that does only this, with libraries and model, plus the memory
allocated on a CUDA device.

By default documents are made from the sentences of the repository's samples, which repeat in another order after about
5,000 words. A summarizer whose first call takes longer than the limit is measured by that one call. Longer documents
are skipped if, by the growth so far, they would exceed the limit.
"""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rich import box
from rich.table import Table

from fastsum.benchmark import ours
from fastsum.benchmark.ours import BATCHED
from fastsum.benchmark.samples import long_text
from fastsum.benchmark.startup import Start
from fastsum.benchmark.timing import Processor, Timing, expected, seconds, timings
from fastsum.errors import FastsumError
from fastsum.evaluation import peers
from fastsum.summary.limits import MODES
from fastsum.summary.summarizer import Summarizer
from fastsum.text.tokenizer import Tokenizer

_BATCH_WORDS = 64_000  # in a batch together: long documents make smaller batches


@dataclass(frozen=True)
class SummarizeSettings:
    """How much is measured."""

    sentences: int = 3
    """Sentences in every summary."""
    batch: int = 32
    """Maximum number of documents in a call of a batched row."""
    rounds: int = 5
    """Samples of each figure."""
    limit: float = 30.0
    """Seconds; slower calls are measured once."""
    memory: bool = True
    startup: bool = True
    """Whether fresh processes are measured from their start to the summary of a short document."""
    """Whether peak memory is measured, in a separate process for each cell."""


class Texts(NamedTuple):
    """The documents of one column of the table."""

    name: str
    single: list[str]
    """Documents summarized one at a time."""
    batch: list[str]
    """Documents for one call of `summarize_many`."""


@dataclass(frozen=True)
class ToolCell:
    """One tool on the documents of one column."""

    tool: str
    texts: str
    """The column: a length in words, or where the documents come from."""
    documents: int
    """Documents in one call."""
    words: int
    """Their words in total."""
    status: str
    """"ok"; "single", one call that took longer than the limit; or "over time", not measured."""
    timing: Timing | None = None
    """Seconds of a call; None if over time."""
    cpu_s: float | None = None
    """Seconds of processor time of a call, all threads of the process; None if over time."""
    peak_bytes: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """As `json.dumps` takes it."""
        cell = asdict(self)
        del cell["timing"]
        timing = self.timing
        found = dict.fromkeys(("median_s", "low_s", "high_s", "samples", "documents_per_second", "words_per_second"))
        if timing:
            rates = self.documents / timing.median, self.words / timing.median
            found = dict(zip(found, (*timing, *rates), strict=True))
        return cell | found


def texts_of_length(words: int, tokenizer: Tokenizer, batch: int) -> Texts:
    """A document of about `words` words made from the samples' sentences, and a batch of such documents."""
    # The tokenizer counts punctuation too; a first text shows how much of it there is.
    probe = long_text(words, tokenizer)
    second = long_text(round(words * words / len(probe.split())), tokenizer)
    text = min(probe, second, key=lambda text: abs(words - len(text.split())))  # short ones are of few sentences
    paragraphs = text.split("\n\n")
    count = max(1, min(batch, _BATCH_WORDS // words))
    turns = [number % len(paragraphs) for number in range(count)]
    return Texts(f"{words:,}", [text], ["\n\n".join(paragraphs[turn:] + paragraphs[:turn]) for turn in turns])


def texts_of_rows(name: str, documents: Sequence[str]) -> Texts:
    """Documents of a data set, without those that have no words. Raises FastsumError if none is left."""
    usable = [text for text in documents if any(map(str.isalnum, text))]
    if not usable:
        raise FastsumError(f"{name}: no document has a word to summarize")
    return Texts(name, usable, usable)


class Tool(NamedTuple):
    """A row of the table."""

    name: str
    batched: bool
    run: Callable[[list[str]], object]
    """Summarizes documents."""

    def documents(self, texts: Texts) -> list[str]:
        """Its documents in a column."""
        return texts.batch if self.batched else texts.single


def tools(summarizer: Summarizer, sentences: int) -> list[Tool]:
    """Fastsum in both modes, one by one and batched, and the summarizers of the packages that are installed."""
    found = [
        Tool(
            f"fastsum {mode}{BATCHED * batched}", batched, partial(ours.summarize, summarizer, mode, sentences, batched)
        )
        for batched in (False, True)
        for mode in MODES
    ]
    for name, package in peers.PACKAGES.items():
        if peers.version(package):
            found.append(Tool(name, False, partial(ours.one_by_one, peers.summarizer(name, sentences))))
    return found


def measure(
    summarizer: Summarizer, model: Path, precision: str, columns: Iterable[Texts], settings: SummarizeSettings
) -> Iterator[list[ToolCell]]:
    """The cells of each column as they are measured; columns are in the order of their documents' lengths.

    `model` and `precision` are those of `summarizer`; the processes that measure memory load it again.
    """
    rows = tools(summarizer, settings.sentences)
    history: dict[str, list[tuple[float, float]]] = {tool.name: [] for tool in rows}
    for texts in columns:
        first: dict[str, float] = {}
        calls = {tool.name: Processor(partial(tool.run, tool.documents(texts))) for tool in rows}
        for tool in rows:
            documents = tool.documents(texts)
            mean_words = _words(documents) / len(documents)
            if expected(history[tool.name], mean_words, least=1.0) * len(documents) <= settings.limit:
                first[tool.name] = seconds(calls[tool.name], summarizer.torch_engine.device)
        actions = {name: calls[name] for name, took in first.items() if took <= settings.limit}
        sampled = timings(actions, settings.rounds, summarizer.torch_engine.device)
        cells = []
        for tool in rows:
            documents = tool.documents(texts)
            cell = ToolCell(tool.name, texts.name, len(documents), _words(documents), "over time")
            if tool.name in first:
                once = first[tool.name]
                status = "ok" if tool.name in sampled else "single"
                timing = sampled.get(tool.name, Timing(once, once, once, 1))
                history[tool.name].append((cell.words / len(documents), timing.median / len(documents)))
                peak = _peak(tool, documents, summarizer, model, precision, settings) if settings.memory else None
                cpu_s = calls[tool.name].seconds
                cell = replace(cell, status=status, timing=timing, cpu_s=cpu_s, peak_bytes=peak)
            cells.append(cell)
        yield cells


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


# --------------------------------------------------------------------------------------------------------------- memory


def _peak(
    tool: Tool, texts: list[str], summarizer: Summarizer, model: Path, precision: str, settings: SummarizeSettings
) -> int | None:
    """Bytes that a fresh process takes at most for the work of a cell; None if it takes far too long or is killed."""
    asked = {
        "tool": tool.name,
        "texts": texts,
        "sentences": settings.sentences,
        "model": str(model),
        "device": str(summarizer.torch_engine.device),
        "precision": precision,
    }
    module = ours.__name__ if tool.name.startswith("fastsum") else peers.__name__
    program = f"import {module}; {module}.peak()"
    command = [sys.executable, "-c", program]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
            timeout=2 * settings.limit + 60,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode == -signal.SIGKILL:  # as the system ends what takes too much memory
        return None
    if done.returncode:
        raise FastsumError(f"measuring the memory of {tool.name} failed: {done.stderr.strip()}")
    return int(done.stdout)


# --------------------------------------------------------------------------------------------------------------- tables


def as_json(
    facts: Mapping[str, str | int],
    model: Path,
    precision: str,
    settings: SummarizeSettings,
    cells: Sequence[ToolCell],
    starts: Sequence[Start] = (),
) -> dict[str, Any]:
    """All measurements, as `json.dumps` takes them."""
    versions = {package: peers.version(package) for package in sorted(set(peers.PACKAGES.values()))}
    return {
        "machine": facts,
        "settings": asdict(settings) | {"model": str(model), "precision": precision, **versions},
        "cells": [cell.as_dict() for cell in cells],
        "startup": [start.as_dict() for start in starts],
    }


def as_tables(
    facts: Mapping[str, str | int],
    cells: Sequence[ToolCell],
    settings: SummarizeSettings,
    starts: Sequence[Start] = (),
) -> list[Table]:
    """Tables of documents per second and, if measured, of peak memory: summarizers by columns of documents.

    A summarizer has two lines: by the clock, and by the processor.
    """
    title = " · ".join(f"{name} {fact}" for name, fact in facts.items())
    rates = {(cell.tool, cell.texts): f"{_rate(cell)}\n{_per_second(cell, cell.cpu_s)}" for cell in cells}
    captions = [
        "documents per second, and per second of processor time, by words in a document or by data",
        f"one document at a time unless batched; over time: more than {settings.limit:g} s per call; *: one sample",
    ]
    for start in starts:
        rates[start.tool, _START] = f"{start.timing.median:.2f}\n{start.cpu_s:.2f}"
    if starts:
        captions.append("start-up: seconds from starting a program to the summary of a short document")
    tables = [_grid(title, "\n".join(captions), cells, rates, per="s\nCPU s", more=[_START] if starts else [])]
    if settings.memory:
        peaks = {(c.tool, c.texts): f"{c.peak_bytes / 1e9:.2f}" if c.peak_bytes else "-" for c in cells}
        tables.append(_grid("", "peak memory of the process, GB", cells, peaks))
    return tables


_START = "start-up"


def _grid(
    title: str,
    caption: str,
    cells: Sequence[ToolCell],
    shown: Mapping[tuple[str, str], str],
    per: str = "",
    more: Sequence[str] = (),
) -> Table:
    """`per` stands beside every tool, and the columns `more` after those of the documents."""
    table = Table(title=title or None, caption=caption, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("", max_width=20)
    if per:
        table.add_column("per")
    columns = [*dict.fromkeys(cell.texts for cell in cells), *more]
    for column in columns:
        table.add_column(column, justify="right")
    for tool in dict.fromkeys(cell.tool for cell in cells):
        table.add_row(tool, *([per] if per else []), *(shown.get((tool, column), "") for column in columns))
    return table


def _rate(cell: ToolCell) -> str:
    if cell.timing is None:
        return cell.status
    return _per_second(cell, cell.timing.median) + "*" * (cell.status == "single")


def _per_second(cell: ToolCell, took: float | None) -> str:
    """Documents per second, to two digits."""
    if not took:  # over time, or too short for the processor's clock
        return ""
    rate = cell.documents / took
    digits = max(0, 1 - math.floor(math.log10(rate)))
    return f"{rate:,.{digits}f}"
