"""Training examples: made from rows once, kept in an Arrow file, memory-mapped, and batched by length."""

from __future__ import annotations

import hashlib
import itertools
import json
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute
import torch

from fastsum.batching import pack, pad, pad_documents
from fastsum.config import DataConfig
from fastsum.errors import FastsumError
from fastsum.model import Batch, Writing
from fastsum.rouge import best_sources, greedy_oracle, stems
from fastsum.rows import Row
from fastsum.source import read_source
from fastsum.text import clean
from fastsum.tokenizer import EOS, PAD, UNK, Tokenizer, count_words

FORMAT = 1
"""Raised whenever examples are made differently, so that older files are not used."""

_INTS = pa.list_(pa.int32())
_SCHEMA = pa.schema(
    [(name, _INTS) for name in ("tokens", "lengths", "salient", "targets", "target_lengths", "sources")]
)
_CHUNK = 64
_POOL = 32  # batches among which documents are sorted by length


class Example(NamedTuple):
    """One row, ready for training; one-dimensional int32 arrays."""

    tokens: np.ndarray
    """Extended word ids of the document."""
    lengths: np.ndarray
    """Tokens of each of its sentences."""
    salient: np.ndarray
    """The greedy oracle's sentences."""
    targets: np.ndarray
    """Extended word ids of the summary's sentences, one after the other."""
    target_lengths: np.ndarray
    """Tokens of each summary sentence."""
    sources: np.ndarray
    """The document sentence that each summary sentence shares most with, -1 if it shares nothing."""


def make_example(row: Row, tokenizer: Tokenizer, config: DataConfig) -> Example:
    """Tokenise a row and label it: greedy-oracle sentences, and the source of each summary sentence."""
    source = read_source(row.document, tokenizer)
    kept = _count_within(source.lengths, config.document_tokens)
    summary = tokenizer.encode_batch([line for line in clean(row.summary).splitlines() if line.strip()])
    target_ids, _ = tokenizer.extend([*source.encodings, *summary])
    targets = [ids for ids in target_ids[len(source.encodings) :] if ids]
    candidates = [
        [] if sentence.heading else stems(encoding.words)
        for sentence, encoding in zip(source.sentences[:kept], source.encodings, strict=False)
    ]
    reference = [stems(encoding.words) for encoding in summary if encoding.ids]
    return Example(
        _ints(itertools.chain.from_iterable(source.ids[:kept])),
        _ints(source.lengths[:kept]),
        _ints(greedy_oracle(candidates, list(itertools.chain.from_iterable(reference)))),
        _ints(itertools.chain.from_iterable(targets)),
        _ints(map(len, targets)),
        _ints(best_sources(candidates, reference)),
    )


def train_tokenizer(
    rows: Iterable[Row], vocabulary_size: int, progress: Callable[[int], None] = lambda done: None
) -> Tokenizer:
    """Count the words of documents and summaries on every core and keep the most frequent.

    `progress` is called with the number of rows done.
    """
    counts: Counter[str] = Counter()
    done = 0
    with _workers(_use_one_thread) as pool:
        for counted, size in _ordered(pool, _count, rows):
            counts.update(counted)
            done += size
            progress(done)
    return Tokenizer.from_counts(counts, vocabulary_size)


class Corpus:
    """Examples in a memory-mapped Arrow file."""

    def __init__(self, path: Path) -> None:
        try:
            self._table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        except (OSError, pa.ArrowInvalid) as error:
            raise FastsumError(
                f"{path}: not a readable file of examples ({error}); delete it to have it made again"
            ) from None
        self.sizes = np.asarray(pa.compute.list_value_length(self._table.column("tokens")))
        """Tokens of each document."""

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, index: int) -> Example:
        return Example(*(self._table.column(name)[index].values.to_numpy() for name in _SCHEMA.names))

    @classmethod
    def cached(
        cls,
        folder: Path,
        key: str,
        rows: Iterable[Row],
        tokenizer: Tokenizer,
        config: DataConfig,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Corpus:
        """Open the examples of these rows, making them first if `folder` does not hold them yet.

        Args:
            key: names the rows; with the tokeniser, `config` and the format it names the file.
            progress: called with the number of rows done.
        """
        identity = json.dumps([FORMAT, key, asdict(config), hashlib.sha256(tokenizer.to_bytes()).hexdigest()])
        path = folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:16]}.arrow"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(f".{os.getpid()}.part")
            try:
                _write(beside, rows, tokenizer, config, progress)
                os.replace(beside, path)
            finally:
                beside.unlink(missing_ok=True)
        return cls(path)


def batch_indices(sizes: np.ndarray, batch_tokens: int, seed: int, epoch: int) -> list[np.ndarray]:
    """One epoch's batches: every example once, examples of like length together, in an order that seed and epoch fix.

    A batch's documents padded to its longest take at most `batch_tokens` tokens; a longer document is a batch alone.
    """
    random = np.random.default_rng((seed, epoch))
    order = random.permutation(len(sizes))
    mean = max(1, int(batch_tokens / max(1.0, float(sizes.mean()))))
    batches = []
    for start in range(0, len(order), mean * _POOL):
        pool = order[start : start + mean * _POOL]
        batches += pack(pool[np.argsort(sizes[pool], kind="stable")], sizes, batch_tokens)
    random.shuffle(batches)
    return batches


def collate(examples: Sequence[Example], data: DataConfig, writing: str, output_vocabulary_size: int) -> Batch:
    """Pad examples into a Batch (CPU tensors); `writing` is the model's "sentence" or "document"."""
    documents = pad_documents([(e.tokens, e.lengths) for e in examples])
    salience = torch.zeros(documents.lengths_BS.shape)
    width = documents.tokens_BN.shape[1]
    memories: list[np.ndarray] = []
    targets: list[np.ndarray] = []
    for row, example in enumerate(examples):
        salience[row, torch.from_numpy(example.salient.astype(np.int64))] = 1.0
        for memory, target in _jobs(example, data, writing):
            readable = np.isin(target, example.tokens[memory]) | (target < output_vocabulary_size)
            target = np.append(np.where(readable, target, UNK)[: data.summary_tokens - 1], EOS)
            memories.append(memory + row * width)
            targets.append(target)
    return Batch(documents, salience, Writing(pad(memories, -1), pad(targets, PAD)))


def _jobs(example: Example, data: DataConfig, writing: str) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The positions read and the ids written in each pass of the decoder."""
    starts = np.concatenate([[0], np.cumsum(example.lengths)])
    if writing == "sentence":
        ends = np.cumsum(example.target_lengths)
        for source, end, length in zip(example.sources, ends, example.target_lengths, strict=True):
            if source >= 0:
                memory = np.arange(starts[source], starts[source + 1])[: data.memory_tokens]
                yield memory, example.targets[end - length : end]
        return
    # The oracle's sentences first and then the leading others, as far as the budget goes, read in document order:
    # a selection by salience brings sentences besides the oracle's too, and the decoder must learn to pass them over.
    others = np.setdiff1d(np.arange(len(example.lengths)), example.salient)
    ranked = np.concatenate([np.sort(example.salient), others])
    chosen = np.sort(ranked[: _count_within(example.lengths[ranked], data.memory_tokens)])
    if len(chosen) and len(example.targets):
        memory = np.concatenate([np.arange(starts[s], starts[s + 1]) for s in chosen])
        yield memory[: data.memory_tokens], example.targets


def _count_within(lengths: Sequence[int] | np.ndarray, limit: int) -> int:
    """How many leading items fit the limit (0: none set); at least one."""
    if not limit:
        return len(lengths)
    return max(min(1, len(lengths)), int(np.searchsorted(np.cumsum(lengths), limit, side="right")))


def _ints(values: Iterable[int]) -> np.ndarray:
    return np.fromiter(values, dtype=np.int32)


def _write(
    path: Path, rows: Iterable[Row], tokenizer: Tokenizer, config: DataConfig, progress: Callable[[int], None]
) -> None:
    done = 0
    with (
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_file(sink, _SCHEMA) as writer,
        _workers(_start_worker, tokenizer.to_bytes(), config) as pool,
    ):
        for examples in _ordered(pool, _make, rows):
            columns = zip(*examples, strict=True)
            writer.write_batch(pa.record_batch([pa.array(column, _INTS) for column in columns], schema=_SCHEMA))
            done += len(examples)
            progress(done)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _workers(start: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:
    # Forking a process that has run tokenizer threads can deadlock.
    return ProcessPoolExecutor(_cores(), multiprocessing.get_context("spawn"), initializer=start, initargs=arguments)


T = TypeVar("T")


def _ordered(pool: ProcessPoolExecutor, work: Callable[[list[Row]], T], rows: Iterable[Row]) -> Iterator[T]:
    """Each chunk's result in order, few chunks in flight, where `pool.map` would read all rows at once."""
    iterator = iter(rows)
    waiting: deque[Future[T]] = deque()
    while (chunk := list(itertools.islice(iterator, _CHUNK))) or waiting:
        if chunk:
            waiting.append(pool.submit(work, chunk))
        if not chunk or len(waiting) > 4 * _cores():
            yield waiting.popleft().result()


def _count(rows: list[Row]) -> tuple[Counter[str], int]:
    return count_words(clean(text) for row in rows for text in (row.document, row.summary)), len(rows)


_worker: tuple[Tokenizer, DataConfig]


def _use_one_thread() -> None:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # the processes already use every core


def _start_worker(tokenizer: bytes, config: DataConfig) -> None:
    global _worker
    _use_one_thread()
    _worker = Tokenizer.from_bytes(tokenizer), config


def _make(rows: list[Row]) -> list[Example]:
    return [example for row in rows if len((example := make_example(row, *_worker)).tokens)]
