"""Ragged rows packed into batches of like length, and padded."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from fastsum.config import ModelConfig
from fastsum.model import Documents
from fastsum.source import Source
from fastsum.statistics import NAMES, section_of, sentence_statistics
from fastsum.tokenizer import PAD


def pack(order: Sequence[int] | np.ndarray, sizes: Sequence[int] | np.ndarray, batch_tokens: int) -> list[np.ndarray]:
    """Cut `order` (ascending by size) into runs whose padded size stays within `batch_tokens`."""
    batches: list[list[int]] = [[]]
    for index in order:
        if batches[-1] and sizes[index] * (len(batches[-1]) + 1) > batch_tokens:
            batches.append([])
        batches[-1].append(int(index))
    return [np.asarray(batch) for batch in batches if batch]


class Unpadded(NamedTuple):
    """One document as whole numbers (int64)."""

    tokens: np.ndarray
    """Extended word ids."""
    lengths: np.ndarray
    """Tokens of each sentence."""
    headings: np.ndarray
    """Which sentences are section headings (bool)."""

    @classmethod
    def of(cls, source: Source) -> Unpadded:
        """A document that has been read."""
        tokens = np.fromiter(itertools.chain.from_iterable(source.ids), dtype=np.int64)
        headings = [sentence.is_heading for sentence in source.sentences]
        return cls(tokens, np.asarray(source.lengths, dtype=np.int64), np.asarray(headings, dtype=bool))


def pad_documents(documents: Sequence[Unpadded], config: ModelConfig) -> Documents:
    """Pad documents into one batch, with what a model of this configuration reads of them."""
    tokens_BN = pad([document.tokens for document in documents], PAD)
    lengths_BS = pad([document.lengths for document in documents], 0)
    if not config.statistics:
        return Documents(tokens_BN, lengths_BS)
    sections_BS = pad([section_of(document.headings) for document in documents], -1)
    statistics_BSF = torch.zeros(*lengths_BS.shape, len(NAMES))
    for row, document in zip(statistics_BSF, documents, strict=True):
        row[: len(document.lengths)] = torch.from_numpy(sentence_statistics(*document, config.vocabulary_size))
    return Documents(tokens_BN, lengths_BS, sections_BS, statistics_BSF)


def pad(rows: Sequence[Sequence[int] | np.ndarray], value: int) -> Tensor:
    """Rows of whole numbers as an int64 matrix filled up with `value`."""
    matrix = np.full((len(rows), max(map(len, rows), default=0)), value, dtype=np.int64)
    for row, items in zip(matrix, rows, strict=True):
        row[: len(items)] = items
    return torch.from_numpy(matrix)
