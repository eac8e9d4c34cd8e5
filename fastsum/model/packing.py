"""Packing: documents of like length into batches, so that little of a batch is padding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def pack(order: Iterable[int], sizes: Sequence[int] | Mapping[int, int], batch_tokens: int) -> list[list[int]]:
    """Cut `order` (indices into `sizes`, ascending by size) into batches whose padded size is at most `batch_tokens`;
    what is larger by itself is a batch alone."""
    batches: list[list[int]] = [[]]
    for index in order:
        if batches[-1] and sizes[index] * (len(batches[-1]) + 1) > batch_tokens:
            batches.append([])
        batches[-1].append(index)
    return [batch for batch in batches if batch]
