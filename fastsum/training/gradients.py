"""Forward and backward passes: gradient accumulation over the batches of an update.

When memory runs out, the update starts over with every batch split into twice as many parts. Losses are summed, then
divided by what the whole update holds, so accumulating and splitting change the gradients by rounding and dropout only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fastsum.config import TrainingConfig
from fastsum.device import autocast, is_out_of_memory
from fastsum.errors import FastsumError
from fastsum.training.signals import Interrupted, StopRequest
from fastsum.training.state import State
from fastsum.training.task import Task


class Gradients:
    """Adds the gradients of batches to the model's.

    Args:
        rank: number of this process; with seed, update and batch it determines dropout.
        stop: asks for a stop between two batches; None where the processes have to agree on it first.
        latest: the checkpoint to resume from, for messages.
        say: prints a line for the user.
    """

    def __init__(
        self,
        state: State,
        task: Task,
        settings: TrainingConfig,
        *,
        rank: int,
        stop: StopRequest | None,
        latest: Path,
        say: Callable[[str], None],
    ) -> None:
        self.state, self.task, self.settings = state, task, settings
        self.rank, self.stop, self.latest, self.say = rank, stop, latest, say
        self.forward = torch.compile(state.model, dynamic=True) if settings.compile else state.model

    def collate(self, batches: Sequence[NDArray[np.int64]]) -> list[list[Any]]:
        """Load the examples of each batch onto the device, in as many parts as fit into memory so far."""
        return [
            [self._collate(part) for part in np.array_split(indices, min(self.state.splits, len(indices)))]
            for indices in batches
        ]

    def accumulate(
        self, indices: Sequence[NDArray[np.int64]], batches: list[list[Any]], sizes: Sequence[float]
    ) -> list[float]:
        """Run forward and backward on the batches that are not done yet and return the sums of their losses.

        Args:
            indices: the examples of each batch, to split it when memory runs out.
            batches: the same examples, from `collate`.
            sizes: what the losses are divided by, counted over the whole update.

        Raises:
            FastsumError: a loss is not finite, or one document alone does not fit into memory.
            Interrupted: a signal asked for a stop between two batches.
        """
        while isinstance(losses := self._accumulate(batches, sizes), str):
            self._split(max(map(len, indices)), losses)
            batches = self.collate(indices)
        return losses

    def check_finite(self, values: Sequence[float]) -> None:
        """Raise FastsumError where a loss or a gradient norm is not finite; the weights are not updated then."""
        if not all(map(math.isfinite, values)):
            done = self.state.position.update
            raise FastsumError(
                f"the loss of step {done + 1} is not finite; the weights are those after step {done}. "
                f"Resume from {self.latest} with a lower training.learning_rate, or with training.precision fp32 "
                "if it was another"
            )

    def _accumulate(self, batches: list[list[Any]], sizes: Sequence[float]) -> list[float] | str:
        """The sums of the losses, or the first line of the out-of-memory error."""
        state = self.state
        losses = torch.zeros(len(self.task.losses), device=state.device)
        try:
            for micro in range(state.position.micro, len(batches)):
                for number, part in enumerate(batches[micro]):
                    losses += self._backward(part, sizes, micro, number)
                state.position = state.position._replace(micro=micro + 1)
                if self.stop and self.stop.received and micro + 1 < len(batches):
                    self.check_finite(losses.tolist())
                    raise Interrupted
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            return str(error).partition("\n")[0]  # not the error itself, which keeps alive the tensors of its frames
        return losses.tolist()

    def _backward(self, batch: Any, sizes: Sequence[float], micro: int, part: int = 0) -> Tensor:
        """The summed losses of (a part of) a batch, one element each."""
        state = self.state
        if part == 0:
            torch.manual_seed(hash((self.settings.seed, state.position.update, micro, self.rank)) % 2**63)
        with autocast(state.device, state.dtype):
            loss, sums = self.task.loss(self.forward, batch, sizes)
        state.scaler.scale(loss).backward()
        return sums

    def _split(self, documents: int, problem: str) -> None:
        """Start the update over, with twice as many parts from now on; the largest batch has `documents` documents."""
        state = self.state
        step = state.position.update + 1
        if state.splits >= documents:
            raise FastsumError(
                f"not enough memory for step {step}, even one document at a time ({problem}); resume from "
                f"{self.latest} on a device with more memory, or train with a lower data.document_tokens"
            )
        state.splits *= 2
        state.position = state.position._replace(micro=0)
        state.optimizer.zero_grad(set_to_none=True)
        if state.device.type == "cuda":
            torch.cuda.empty_cache()
        self.say(
            f"out of memory in step {step}: from now on every batch is computed in {state.splits} parts; up to "
            "rounding and dropout, the steps stay the same"
        )

    def count(self, batches: list[list[Any]]) -> tuple[float, ...]:
        """What each loss of these batches is divided by, then their number of tokens."""
        return self.task.count(list(itertools.chain.from_iterable(batches)))

    def _collate(self, indices: Sequence[int] | NDArray[np.int64]) -> Any:
        return self.task.collate([int(index) for index in indices], self.state.device)
