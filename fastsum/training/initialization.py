"""What a new model starts from: random weights, word vectors, or a trained model to fine-tune."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import torch

from fastsum.config import Config, changed_shape
from fastsum.errors import FastsumError
from fastsum.files import replacing
from fastsum.model import checkpoint
from fastsum.model.checkpoint import Checkpoint
from fastsum.model.network import SummaryModel
from fastsum.training.dataset import Dataset, writing_to
from fastsum.training.embeddings import TRAINED, load_vectors, train_vectors
from fastsum.training.monitor import Monitor


def pretrained(config: Config) -> Checkpoint | None:
    """The checkpoint that `training.start` names. Raises FastsumError where the model's shape is another."""
    if not config.training.start:
        return None
    directory = checkpoint.locate(config.training.start)
    stored = checkpoint.load(directory)
    if changed := changed_shape(stored.config.model, config.model):
        raise FastsumError(
            f"training.start: {directory} has another {changed}; train with the same, or without training.start"
        )
    return stored


def with_vocabulary(config: Config, words: int) -> Config:
    """The configuration with the vocabulary's real size: the data may have fewer words than were asked for."""
    outputs = min(words, config.model.output_vocabulary_size)
    return replace(config, model=replace(config.model, vocabulary_size=words, output_vocabulary_size=outputs))


def initialize(
    model: SummaryModel, config: Config, start: Checkpoint | None, data: Dataset, cache: Path, monitor: Monitor
) -> None:
    """Overwrite the random weights with those of `start`, or the embedding with word vectors, as configured."""
    if start:
        model.load_state_dict(model.state_dict() | start.model().state_dict())  # word_counts may be new
        monitor.say(f"starting from {start.directory}")
    elif config.training.embeddings == TRAINED:
        _use_trained_vectors(model.embedding.weight, data, config.training.seed, cache, monitor)
    elif source := config.training.embeddings:
        known = load_vectors(Path(source), data.tokenizer, model.embedding.weight)
        monitor.say(f"{known:,} of {len(data.tokenizer):,} words start from {source}")


def _use_trained_vectors(weight: torch.Tensor, data: Dataset, seed: int, cache: Path, monitor: Monitor) -> None:
    identity = f"{TRAINED} {data.train.digest} {len(data.tokenizer)} {weight.shape[1]} {seed}"
    path = cache / f"{hashlib.sha256(identity.encode()).hexdigest()[:16]}.pt"
    if not path.exists():
        monitor.say("training word vectors on the examples, in one thread; this takes a few minutes")
        train_vectors(data.train, weight, seed)
        with writing_to(cache), replacing(path) as file:
            torch.save(weight.detach().clone(), file)
    with torch.no_grad():
        weight.copy_(torch.load(path, weights_only=True))
