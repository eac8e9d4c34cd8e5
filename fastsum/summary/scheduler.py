"""The scheduler: many texts through one engine, read ahead, batched by length, and given back in their order.

A document that cannot be summarized becomes a `Failed` in its place and costs no other. Where a batch does not fit into
memory, its documents are tried one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from fastsum.device import is_out_of_memory
from fastsum.errors import Failed, FastsumError
from fastsum.model.packing import pack
from fastsum.summary.result import Summary
from fastsum.text.source import Source

_BATCH_TOKENS = 16_384  # documents, padding included
_AHEAD = 128  # documents read ahead and sorted by length
_AHEAD_TOKENS = 1_048_576  # or fewer, once they have this many tokens

T = TypeVar("T")
D = TypeVar("D")
Summarize = Callable[[Sequence[Source]], list[Summary]]
"""Summarizes a batch."""


def summarize_all(
    documents: Iterable[D], read: Callable[[D], Source], summarize: Summarize
) -> Iterator[Summary | Failed]:
    """The summary of each document, or why there is none; documents are taken from the iterable as needed.

    Args:
        read: cleans, splits and tokenizes a document. It raises FastsumError where there is nothing to summarize.
    """
    ahead: list[Source | Failed] = []
    tokens = 0
    for document in documents:
        source = _try_read(document, read)
        ahead.append(source)
        tokens += sum(source.lengths) if isinstance(source, Source) else 0
        if len(ahead) == _AHEAD or tokens >= _AHEAD_TOKENS:
            yield from _summarize_ahead(ahead, summarize)
            ahead, tokens = [], 0
    yield from _summarize_ahead(ahead, summarize)


def _try_read(document: D, read: Callable[[D], Source]) -> Source | Failed:
    try:
        return _within_memory(lambda: read(document))
    except FastsumError as error:
        return Failed(error.message)


def _summarize_ahead(ahead: Sequence[Source | Failed], summarize: Summarize) -> Iterator[Summary | Failed]:
    """Summarize what was read, in batches of documents of like length; results in the order of `ahead`."""
    sizes = {index: sum(source.lengths) for index, source in enumerate(ahead) if isinstance(source, Source)}
    results: dict[int, Summary | Failed] = {i: one for i, one in enumerate(ahead) if isinstance(one, Failed)}
    for batch in pack(sorted(sizes, key=sizes.__getitem__), sizes, _BATCH_TOKENS):
        sources = [source for index in batch if isinstance(source := ahead[index], Source)]
        results.update(zip(batch, _try_batch(sources, summarize), strict=True))
    return (results[index] for index in range(len(ahead)))


def _try_batch(sources: Sequence[Source], summarize: Summarize) -> list[Summary | Failed]:
    """The summaries of a batch. Where it does not fit into memory, each document is tried alone."""
    found = _within_memory(lambda: summarize(sources))
    if not isinstance(found, Failed):
        return [*found]
    if len(sources) == 1:
        return [found]
    return [result for source in sources for result in _try_batch([source], summarize)]


def _within_memory(work: Callable[[], T]) -> T | Failed:
    """What `work` returns, or that there is not enough memory for it."""
    try:
        return work()
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        reason = (str(error).splitlines() or ["no more memory"])[0]
    # Not before here: while an error is handled, and as the context of another, it keeps alive what did not fit.
    return Failed(f"not enough memory for this document ({reason}); run it on a machine with more")
