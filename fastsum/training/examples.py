"""Training examples: rows tokenized and labelled once, on every core, into an Arrow file.

Every worker process imports this module, so it must not import torch.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache, partial
from typing import IO, Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fastsum.config import DataConfig
from fastsum.data.rows import Row
from fastsum.device import cores
from fastsum.text.cleaning import clean
from fastsum.text.rouge import Alignment, stem_of, stems
from fastsum.text.source import Source, read_source, reference_sentences
from fastsum.text.tokenizer import UNK, Tokenizer, count_words

FORMAT = 8
"""Version of the examples; increased whenever they are made differently, so that older files are not used."""

# Rows sent to a process at once, fewer where they are long: progress is told after each chunk.
_CHUNK = 64
_CHUNK_CHARACTERS = 500_000

T = TypeVar("T")


class Example(NamedTuple):
    """One row, ready for training: one-dimensional arrays, int32 except `support`."""

    tokens: NDArray[np.int32]
    """Extended word ids of the document."""
    lengths: NDArray[np.int32]
    """Tokens of each of its sentences."""
    headings: NDArray[np.int32]
    """1 for section headings, else 0."""
    salient: NDArray[np.int32]
    """Indices of the sentences that the greedy oracle selects."""
    support: NDArray[np.float32]
    """Twice the share of each sentence's word pairs that the summary has, at most 1 (float32)."""
    targets: NDArray[np.int32]
    """Extended word ids of the summary's sentences, one after the other."""
    target_lengths: NDArray[np.int32]
    """Tokens of each summary sentence."""
    sources: NDArray[np.int32]
    """Index of the document sentence that shares most with each summary sentence, -1 where none shares anything."""


def make_example(row: Row, tokenizer: Tokenizer, config: DataConfig) -> Example:
    """Tokenize a row and label it: the greedy oracle's sentences, and the source of each summary sentence."""
    source = read_source(row.document, tokenizer)
    kept = count_within(source.lengths, config.document_tokens)
    tokens = source.tokens[: sum(source.lengths[:kept])]
    summary = tokenizer.encode_batch(reference_sentences(row.summary))
    targets = [ids for ids in tokenizer.extend(summary, source.outside) if ids]
    labels = Alignment(_stems(source, tokens, kept), [stems(encoding.words) for encoding in summary if encoding.ids])
    support = np.minimum(1.0, 2.0 * labels.pair_precision())
    return Example(
        tokens.astype(np.int32),
        _ints(source.lengths[:kept]),
        _ints(sentence.is_heading for sentence in source.sentences[:kept]),
        _ints(labels.oracle()),
        support.astype(np.float32),
        _ints(itertools.chain.from_iterable(targets)),
        _ints(map(len, targets)),
        _ints(labels.best_sources()),
    )


def _stems(source: Source, tokens: NDArray[np.int64], kept: int) -> list[list[str]]:
    """The stems of the first `kept` sentences, whose words are `tokens`; headings have none: they are not labelled.

    Each of the document's words is stemmed once, by its id: most occur several times.
    """
    distinct, places = np.unique(tokens, return_inverse=True)
    numbers = distinct.tolist()
    words = source.words(numbers)
    found = ["" if number == UNK else stem_of(word) for number, word in zip(numbers, words, strict=True)]
    every = list(map(found.__getitem__, places.tolist()))
    ends = list(itertools.accumulate(source.lengths[:kept], initial=0))
    return [
        list(filter(None, every[start:end])) if sentence.is_prose else []
        for sentence, (start, end) in zip(source.sentences, itertools.pairwise(ends), strict=False)
    ]


def train_tokenizer(
    rows: Iterable[Row], vocabulary_size: int, progress: Callable[[int], None] = lambda done: None
) -> Tokenizer:
    """Count the words of documents and summaries on every core and keep the most frequent.

    `progress` is called with the number of rows done.
    """
    counts: Counter[str] = Counter()
    done = 0
    for counted, size in _on_every_core(_count, rows):
        counts.update(counted)
        done += size
        progress(done)
    return Tokenizer.from_counts(counts, vocabulary_size)


_INTS = pa.list_(pa.int32())
_FLOATS = pa.list_(pa.float32())
SCHEMA = pa.schema([(name, _FLOATS if name == "support" else _INTS) for name in Example._fields])
"""Columns of the file: the fields of Example."""


def write_examples(
    file: IO[bytes],
    rows: Iterable[Row],
    tokenizer: Tokenizer,
    config: DataConfig,
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Make an example of every row and write them to an Arrow file, with few of them in memory at once."""
    make = partial(_make, tokenizer.to_bytes(), config)
    done = 0
    with pa.ipc.new_file(file, SCHEMA) as writer:
        for examples in _on_every_core(make, rows):
            if examples:
                columns = [
                    pa.array(column, kind)
                    for column, kind in zip(zip(*examples, strict=True), SCHEMA.types, strict=True)
                ]
                writer.write_batch(pa.record_batch(columns, schema=SCHEMA))
            done += len(examples)
            progress(done)


def count_within(lengths: Sequence[int] | NDArray[np.integer[Any]], limit: int) -> int:
    """How many leading items add up to at most `limit` (0: no limit), but at least one."""
    if not limit:
        return len(lengths)
    return max(min(1, len(lengths)), int(np.searchsorted(np.cumsum(lengths), limit, side="right")))


def _ints(values: Iterable[int]) -> NDArray[np.int32]:
    return np.fromiter(values, dtype=np.int32)


def _on_every_core(work: Callable[[list[Row]], T], rows: Iterable[Row]) -> Iterator[T]:
    """Yield the results of chunks of rows in order. Unlike `pool.map`, this does not read all rows first."""
    chunks = _chunks(rows)
    first = list(itertools.islice(chunks, 2))
    if len(first) < 2:  # too few rows to start processes for
        yield from map(work, first)
        return
    processes = cores()
    # Forking a process whose libraries have run threads can deadlock.
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[T]] = deque()
    with ProcessPoolExecutor(processes, context) as pool:
        for chunk in itertools.chain(first, chunks):
            waiting.append(pool.submit(work, chunk))
            if len(waiting) > 4 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        characters += len(row.document)
        if len(chunk) == _CHUNK or characters > _CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _count(rows: list[Row]) -> tuple[Counter[str], int]:
    return count_words(clean(text) for row in rows for text in (row.document, row.summary)), len(rows)


@lru_cache(maxsize=1)
def _tokenizer(data: bytes) -> Tokenizer:
    return Tokenizer.from_bytes(data)


def _make(tokenizer: bytes, config: DataConfig, rows: list[Row]) -> list[Example]:
    made = (make_example(row, _tokenizer(tokenizer), config) for row in rows)
    return [example for example in made if len(example.tokens)]
