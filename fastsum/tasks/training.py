"""A task with one loss for `fastsum.training.trainer`: its checkpoints, and training that goes on where it stopped."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from fastsum.config import Config
from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.model.checkpoint import BEST, LATEST, TrainingState
from fastsum.text.tokenizer import Tokenizer
from fastsum.training.metrics import Metrics
from fastsum.training.state import State
from fastsum.training.task import Task
from fastsum.training.trainer import Trainer


class OneLossTask(Task):
    """A model whose `forward(batch)` is the loss summed over the batch's examples; the mean over them is minimized.

    A task adds `collate`, `count` (examples, then tokens) and `validate`. Its checkpoints hold the weights, the
    settings and the vocabulary.

    Args:
        config: settings whose `model.vocabulary_size` is the tokenizer's, from `fit_vocabulary`.
        title: what the model is, for the checkpoint's card.
    """

    losses = ("loss",)

    def __init__(self, config: Config, model: nn.Module, tokenizer: Tokenizer, title: str) -> None:
        self.config, self.model, self.tokenizer, self.title = config, model, tokenizer, title

    def loss(self, forward: Callable[..., Any], batch: Any, sizes: Sequence[float]) -> tuple[Tensor, Tensor]:
        """The mean loss over the update's examples, and the batch's sum."""
        total = forward(batch)
        return total / max(1.0, sizes[0]), total.detach().float()[None]

    def save(self, path: Path, weights: Mapping[str, Tensor], state: State, training: TrainingState | None) -> None:
        """Write a checkpoint atomically."""
        card = f"# {self.title}\n\nTrained for {state.position.update:,} steps.\n"
        checkpoint.save(
            path, config=self.config, tokenizer=self.tokenizer, weights=weights, card=card, training=training
        )

    def weights(self, path: Path) -> Mapping[str, Tensor]:
        """The weights of a checkpoint of this task and settings; FastsumError where it is another."""
        stored = checkpoint.load(path)
        same = stored.config.model == self.config.model and stored.tokenizer.to_bytes() == self.tokenizer.to_bytes()
        if not same:
            raise FastsumError(f"{path} was trained with other settings or data; name another folder with --output")
        stored.check_weights({name: tuple(tensor.shape) for name, tensor in self.model.state_dict().items()})
        return stored.weights


class Trained(NamedTuple):
    """A training's outcome; the model has the weights of the best validation."""

    best: dict[str, float]
    """Values of the best validation."""
    seconds: float
    """Training time, validations included, also that before an interruption."""
    tokens_per_second: float
    """Median speed of the updates since the last start; 0 where fewer than ten updates were left."""


def fit_vocabulary(config: Config, tokenizer: Tokenizer) -> Config:
    """The settings with the vocabulary's real size: the data may have fewer words than there is room for."""
    words = len(tokenizer)
    outputs = min(words, config.model.output_vocabulary_size)
    model = dataclasses.replace(config.model, vocabulary_size=words, output_vocabulary_size=outputs)
    return dataclasses.replace(config, model=model)


def train(
    task: OneLossTask,
    folder: Path,
    *,
    device: torch.device,
    dtype: torch.dtype,
    report: Callable[[Metrics], None] = lambda metrics: None,
    say: Callable[[str], None] = lambda message: None,
) -> Trained:
    """Train the task's model, from the folder's latest checkpoint if there is one; put the best weights into it.

    Raises:
        FastsumError: the checkpoint is of other settings or data, a loss is not finite, memory or disk is full.
        fastsum.training.signals.Interrupted: after a signal, with everything saved for the next call.
    """
    speeds: list[float] = []

    def reported(metrics: Metrics) -> None:
        if metrics.kind == "train":
            speeds.append(metrics.values["tokens_per_second"])
        report(metrics)

    trainer = Trainer(task, task.config.training, folder, device=device, dtype=dtype, report=reported, say=say)
    if (folder / LATEST).exists():
        trainer.resume()
        say(f"resumed after step {trainer.state.position.update:,}")
    best = trainer.run()
    task.model.load_state_dict(dict(task.weights(folder / BEST)))
    return Trained(best, trainer.state.seconds, median(speeds) if speeds else 0.0)
