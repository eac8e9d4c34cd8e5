"""What is trained: a model with its examples, losses and validation. `trainer` does the rest, the same for every task.

`Summarization` is one; those of `fastsum.tasks` are others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fastsum.model.checkpoint import TrainingState
from fastsum.training.state import State


class Task(ABC):
    """A model and what it is trained on.

    Losses are summed over a batch and divided by what the whole update holds, so that accumulation and data parallelism
    give the gradient of the large batch.
    """

    model: nn.Module
    sizes: NDArray[np.integer[Any]]
    """Tokens of each training example; batches are made of examples of similar size."""
    digest: str
    """Identifies the training examples: a run is not resumed with others."""
    losses: Sequence[str]
    """Names of the mean losses that are reported."""

    def prepare(self) -> None:
        """Put the model into training mode; called before each update."""
        self.model.train()

    @abstractmethod
    def collate(self, indices: Sequence[int], device: torch.device) -> Any:
        """The batch of these training examples, on the device."""

    @abstractmethod
    def count(self, batches: Sequence[Any]) -> tuple[float, ...]:
        """What each of `losses` is divided by, for all these batches together; then their number of tokens."""

    @abstractmethod
    def loss(self, forward: Callable[..., Any], batch: Any, sizes: Sequence[float]) -> tuple[Tensor, Tensor]:
        """The loss to differentiate, and the detached sums of `losses` in float32, one element each.

        Args:
            forward: calls the model, compiled where that is asked for.
            batch: from `collate`.
            sizes: what the losses of the whole update are divided by, from `count`.
        """

    @abstractmethod
    def validate(self, device: torch.device, dtype: torch.dtype, check_stop: Callable[[], None]) -> dict[str, float]:
        """Figures on the validation rows; the higher "score" is, the better the model. `check_stop` may raise."""

    @abstractmethod
    def save(self, path: Path, weights: Mapping[str, Tensor], state: State, training: TrainingState | None) -> None:
        """Write a checkpoint atomically; with `training` it is one to resume from."""

    @abstractmethod
    def weights(self, path: Path) -> Mapping[str, Tensor]:
        """The weights of a checkpoint of this task. Raises FastsumError where it does not fit."""
