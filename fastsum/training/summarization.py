"""The task that fastsum is for: salience, writing and word counts are trained, and summaries validate the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fastsum.config import Config
from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.model.batching import Batch
from fastsum.model.checkpoint import TrainingState
from fastsum.model.network import SummaryModel
from fastsum.training import validation
from fastsum.training.corpus import collate
from fastsum.training.dataset import Dataset
from fastsum.training.metrics import LOSSES
from fastsum.training.optimization import train_only
from fastsum.training.state import State
from fastsum.training.task import Task


class Summarization(Task):
    """A summary model and its data set.

    Args:
        card: makes a checkpoint's model card from the steps done, the seconds trained and the validation values.
    """

    model: SummaryModel
    losses = LOSSES

    def __init__(
        self,
        config: Config,
        model: SummaryModel,
        data: Dataset,
        card: Callable[[int, float, dict[str, float]], str] = lambda steps, seconds, values: "",
    ) -> None:
        self.config, self.model, self.data, self.card = config, model, data, card
        self.sizes, self.digest = data.train.sizes, data.train.digest
        self._trains_decoder = config.training.writing_weight > 0 and config.training.part == "all"

    def prepare(self) -> None:
        """Put the part that is trained into training mode; the rest is frozen."""
        train_only(self.model, self.config.training.part)

    def collate(self, indices: Sequence[int], device: torch.device) -> Batch:
        """The examples, padded."""
        examples = [self.data.train[int(index)] for index in indices]
        return collate(examples, self.config.data, self.config.model).to(device)

    def count(self, batches: Sequence[Batch]) -> tuple[int, int, int, int]:
        """Sentences, target tokens, distinct words and document tokens of these batches."""
        return (
            sum(int(batch.documents.mask_BS.sum()) for batch in batches),
            sum(int(batch.writing.counted_JT.sum()) for batch in batches),
            sum(batch.counts_W.numel() for batch in batches),
            sum(int(batch.documents.lengths_BS.sum()) for batch in batches),
        )

    def loss(self, forward: Callable[..., Any], batch: Batch, sizes: Sequence[float]) -> tuple[Tensor, Tensor]:
        """The weighted loss; the sums are those of salience, writing and counting."""
        settings = self.config.training
        losses = forward(batch, settings.label_smoothing, self._trains_decoder)
        loss = settings.salience_weight * losses.salience / max(1.0, sizes[0])
        if settings.writing_weight and losses.writing.requires_grad:
            loss = loss + settings.writing_weight * losses.writing / max(1.0, sizes[1])
        loss = loss + losses.counting / max(1.0, sizes[2])
        return loss, torch.stack([losses.salience, losses.writing, losses.counting]).detach().float()

    def validate(self, device: torch.device, dtype: torch.dtype, check_stop: Callable[[], None]) -> dict[str, float]:
        """Losses of the validation examples and ROUGE of the validation rows."""
        return validation.validate(self.model, self.data, self.config, device, dtype, check_stop)

    def save(self, path: Path, weights: Mapping[str, Tensor], state: State, training: TrainingState | None) -> None:
        """Write a checkpoint that summarizes."""
        checkpoint.save(
            path,
            config=self.config,
            tokenizer=self.data.tokenizer,
            weights=weights,
            card=self.card(state.position.update, state.seconds, state.last),
            training=training,
        )

    def weights(self, path: Path) -> Mapping[str, Tensor]:
        """The weights of a checkpoint with the same model section and vocabulary; FastsumError otherwise."""
        stored = checkpoint.load(path)
        if stored.config.model != self.config.model or stored.tokenizer.to_bytes() != self.data.tokenizer.to_bytes():
            raise FastsumError(
                f"{path} was trained with another model section or other data; resume with the same ones"
            )
        return stored.model().state_dict()
