"""Training examples in a memory-mapped file, and the padded batches made of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import torch
from numpy.typing import NDArray

from fastsum.config import DataConfig, ModelConfig
from fastsum.data.rows import Row
from fastsum.errors import FastsumError
from fastsum.files import replacing
from fastsum.model.batching import Batch, WritingJobs, pad, pad_documents
from fastsum.model.unpadded import Unpadded
from fastsum.text.tokenizer import EOS, PAD, UNK, Tokenizer
from fastsum.training.examples import FORMAT, SCHEMA, Example, count_within, write_examples


class Corpus:
    """Examples in a memory-mapped Arrow file."""

    def __init__(self, path: Path) -> None:
        try:
            self._table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        except (OSError, pa.ArrowInvalid) as error:
            raise FastsumError(
                f"{path}: not a readable file of examples ({error}); delete it, and it is made again"
            ) from None
        self.sizes = np.asarray(pa.compute.list_value_length(self._table.column("tokens")))
        """Tokens of each document."""
        self.digest = hashlib.sha256(self.sizes.tobytes()).hexdigest()[:16]
        """Identifies this set of examples."""

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, index: int) -> Example:
        return Example(*(self._table.column(name)[index].values.to_numpy() for name in SCHEMA.names))

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
        """Open the examples of these rows, and make them first where `folder` does not have them.

        Args:
            key: identifies the rows; the file's name is a hash of it, the tokenizer, `config` and the format.
            progress: called with the number of rows done.
        """
        identity = json.dumps([FORMAT, key, asdict(config), hashlib.sha256(tokenizer.to_bytes()).hexdigest()])
        path = folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:16]}.arrow"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with replacing(path) as file:
                write_examples(file, rows, tokenizer, config, progress)
        return cls(path)


def collate(examples: Sequence[Example], data: DataConfig, model: ModelConfig) -> Batch:
    """Pad examples into a Batch (CPU tensors)."""
    documents = pad_documents(
        [Unpadded(e.tokens.astype(np.int64), e.lengths.astype(np.int64), e.headings.astype(bool)) for e in examples],
        model,
    )
    salience = torch.zeros(documents.lengths_BS.shape)
    width = documents.tokens_BN.shape[1]
    memories: list[NDArray[np.int64]] = []
    targets: list[NDArray[np.int32]] = []
    for row, example in enumerate(examples):
        labels = data.soft_labels * example.support
        labels[example.salient] += 1.0 - data.soft_labels
        salience[row, : len(labels)] = torch.from_numpy(labels)
        for memory, target in _decoder_passes(example, data, model.writing):
            readable = np.isin(target, example.tokens[memory]) | (target < model.output_vocabulary_size)
            target = np.append(np.where(readable, target, UNK)[: data.summary_tokens - 1], EOS)
            memories.append(memory + row * width)
            targets.append(target)
    counts = [_counts(example) for example in examples] if model.word_counts else [np.zeros(0)]
    counts_W = torch.from_numpy(np.concatenate(counts)).float()
    return Batch(documents, salience, WritingJobs(pad(memories, -1), pad(targets, PAD)), counts_W)


def _counts(example: Example) -> NDArray[np.int64]:
    """How often each distinct word of the document is in the summary, by ascending id."""
    words = np.unique(example.tokens)
    shared = example.targets[np.isin(example.targets, words)]
    return np.bincount(np.searchsorted(words, shared), minlength=len(words))


def _decoder_passes(
    example: Example, data: DataConfig, writing: str
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
    """The token positions that each pass of the decoder reads, and the ids it is to write."""
    starts = np.concatenate([[0], np.cumsum(example.lengths)])
    if writing == "sentence":
        ends = np.cumsum(example.target_lengths)
        for source, end, length in zip(example.sources, ends, example.target_lengths, strict=True):
            if source >= 0:
                memory = np.arange(starts[source], starts[source + 1])[: data.memory_tokens]
                yield memory, example.targets[end - length : end]
        return
    # The oracle's sentences, then the leading others up to `memory_tokens`, in document order. A selection by salience
    # has other sentences than the oracle's too, so the decoder must learn to skip them.
    others = np.setdiff1d(np.arange(len(example.lengths)), example.salient)
    ranked = np.concatenate([np.sort(example.salient), others])
    chosen = np.sort(ranked[: count_within(example.lengths[ranked], data.memory_tokens)])
    if len(chosen) and len(example.targets):
        memory = np.concatenate([np.arange(starts[s], starts[s + 1]) for s in chosen])
        yield memory[: data.memory_tokens], example.targets
