"""What a batch holds, and how rows of different lengths are packed into batches of similar length and padded.

Shape suffixes: B documents, N tokens, S sentences, F statistics of a sentence, J writing jobs, M tokens a job reads,
T tokens it writes, W distinct words of all documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fastsum.config import ModelConfig
from fastsum.model.unpadded import Unpadded
from fastsum.text.statistics import NAMES, section_of, sentence_statistics
from fastsum.text.tokenizer import PAD, UNK

_GROUP = 64  # target tokens that take as long as what each group costs besides
_FEWEST = 6  # jobs of a group


class Documents(NamedTuple):
    """A padded batch of documents."""

    tokens_BN: Tensor
    """Extended word ids, PAD after the end (int64)."""
    lengths_BS: Tensor
    """Tokens in each sentence, 0 after the last (int64); a row sums to the document's tokens."""
    sections_BS: Tensor | None = None
    """Index of the heading of each sentence's section, -1 for none (int64)."""
    statistics_BSF: Tensor | None = None
    """See `fastsum.text.statistics` (float32). Only a model with `statistics` reads these two fields."""

    def to(self, device: torch.device) -> Documents:
        """The same on another device."""
        sections, statistics = (None if t is None else t.to(device) for t in (self.sections_BS, self.statistics_BSF))
        return Documents(self.tokens_BN.to(device), self.lengths_BS.to(device), sections, statistics)

    @property
    def mask_BN(self) -> Tensor:
        """True at real tokens."""
        return torch.arange(self.tokens_BN.shape[1], device=self.tokens_BN.device) < self.lengths_BS.sum(
            1, keepdim=True
        )

    @property
    def mask_BS(self) -> Tensor:
        """True at real sentences."""
        return self.lengths_BS > 0


class WritingJobs(NamedTuple):
    """A padded batch of decoder jobs: which tokens each one reads, and its target."""

    memory_JM: Tensor
    """Positions of the tokens read in the flattened (B * N) batch, -1 for padding (int64)."""
    targets_JT: Tensor
    """Target as extended word ids, EOS, then PAD (int64); UNK for a word that can be neither generated nor copied."""

    @property
    def counted_JT(self) -> Tensor:
        """True at target tokens that count in the loss: words that the decoder can generate or copy."""
        return (self.targets_JT != PAD) & (self.targets_JT != UNK)

    def by_length(self) -> list[WritingJobs]:
        """The same jobs in a few groups of similar length, each padded for itself, in place of one that is padded for
        all: few jobs are long, and more than half of what a decoder computes of rows of all kinds is padding.

        For a CPU; a GPU has them all at once sooner than one group after another.
        """
        jobs = len(self.targets_JT)
        targets_J, memory_J = (self.targets_JT != PAD).sum(1), (self.memory_JM >= 0).sum(1)
        # A group is as long as its longest target and its longest memory; what is written costs more.
        order_J = torch.maximum(2 * targets_J, memory_J).argsort(stable=True)

        def grouped(count: int) -> tuple[int, list[tuple[Tensor, int, int]]]:
            found = [(g, int(targets_J[g].max()), int(memory_J[g].max())) for g in order_J.tensor_split(count)]
            return sum(len(g) * target for g, target, _ in found) + count * _GROUP, found

        counts = [count for count in (1, 2, 4, 6) if count == 1 or count <= jobs // _FEWEST]
        _, best = min(map(grouped, counts), key=lambda of_cost: of_cost[0])
        return [WritingJobs(self.memory_JM[g, :memory], self.targets_JT[g, :target]) for g, target, memory in best]


class Batch(NamedTuple):
    """Documents with everything training needs."""

    documents: Documents
    salience_BS: Tensor
    """Salience labels of the sentences, 0 to 1 (float32)."""
    writing: WritingJobs
    counts_W: Tensor
    """How often the summary has each distinct word of its document (float32), in the order of
    `word_counts.DistinctWords`; empty unless the model has `word_counts`."""

    def to(self, device: torch.device) -> Batch:
        """The same on another device."""
        writing = WritingJobs(*(tensor.to(device) for tensor in self.writing))
        return Batch(self.documents.to(device), self.salience_BS.to(device), writing, self.counts_W.to(device))


def pad_documents(documents: Sequence[Unpadded], config: ModelConfig) -> Documents:
    """Pad documents into one batch, with the statistics if a model of this configuration reads them."""
    tokens_BN = pad([document.tokens for document in documents], PAD)
    lengths_BS = pad([document.lengths for document in documents], 0)
    if not config.statistics:
        return Documents(tokens_BN, lengths_BS)
    sections_BS = pad([section_of(document.headings) for document in documents], -1)
    statistics_BSF = torch.zeros(*lengths_BS.shape, len(NAMES))
    for row, document in zip(statistics_BSF, documents, strict=True):
        row[: len(document.lengths)] = torch.from_numpy(sentence_statistics(*document, config.vocabulary_size))
    return Documents(tokens_BN, lengths_BS, sections_BS, statistics_BSF)


def pad(rows: Sequence[Sequence[int] | NDArray[np.integer[Any]]], value: int) -> Tensor:
    """Rows of integers as an int64 matrix, padded with `value`."""
    matrix = np.full((len(rows), max(map(len, rows), default=0)), value, dtype=np.int64)
    for row, items in zip(matrix, rows, strict=True):
        row[: len(items)] = items
    return torch.from_numpy(matrix)
