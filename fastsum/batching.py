"""Ragged rows packed into batches of like length, and padded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from fastsum.model import Documents
from fastsum.tokenizer import PAD


def pack(order: Sequence[int] | np.ndarray, sizes: Sequence[int] | np.ndarray, batch_tokens: int) -> list[np.ndarray]:
    """Cut `order` (ascending by size) into runs whose padded size stays within `batch_tokens`."""
    batches: list[list[int]] = [[]]
    for index in order:
        if batches[-1] and sizes[index] * (len(batches[-1]) + 1) > batch_tokens:
            batches.append([])
        batches[-1].append(int(index))
    return [np.asarray(batch) for batch in batches if batch]


def pad_documents(documents: Sequence[tuple[Sequence[int] | np.ndarray, Sequence[int] | np.ndarray]]) -> Documents:
    """Pad (tokens, sentence lengths) pairs into one batch."""
    return Documents(pad([tokens for tokens, _ in documents], PAD), pad([lengths for _, lengths in documents], 0))


def pad(rows: Sequence[Sequence[int] | np.ndarray], value: int) -> Tensor:
    """Rows of whole numbers as an int64 matrix filled up with `value`."""
    matrix = np.full((len(rows), max(map(len, rows), default=0)), value, dtype=np.int64)
    for row, items in zip(matrix, rows, strict=True):
        row[: len(items)] = items
    return torch.from_numpy(matrix)
