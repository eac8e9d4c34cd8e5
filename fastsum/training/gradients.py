"""Forward and backward passes: gradient accumulation over the batches of an update.

When memory runs out, the update starts over with every batch split into twice as many parts. Losses are summed, then
divided by what the whole update holds, so accumulating and splitting change the gradients by rounding and dropout only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fastsum.config import Config
from fastsum.device import autocast, is_out_of_memory
from fastsum.errors import FastsumError
from fastsum.model.batching import Batch
from fastsum.training.corpus import Corpus, collate
from fastsum.training.signals import Interrupted, StopRequest
from fastsum.training.state import State


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
        corpus: Corpus,
        config: Config,
        *,
        rank: int,
        stop: StopRequest | None,
        latest: Path,
        say: Callable[[str], None],
    ) -> None:
        self.state, self.corpus, self.config = state, corpus, config
        self.rank, self.stop, self.latest, self.say = rank, stop, latest, say
        self.forward = torch.compile(state.model, dynamic=True) if config.training.compile else state.model
        self._trains_decoder = config.training.writing_weight > 0 and config.training.part == "all"

    def collate(self, batches: Sequence[NDArray[np.int64]]) -> list[list[Batch]]:
        """Load the examples of each batch onto the device, in as many parts as fit into memory so far."""
        return [
            [self._collate(part) for part in np.array_split(indices, min(self.state.splits, len(indices)))]
            for indices in batches
        ]

    def accumulate(
        self, indices: Sequence[NDArray[np.int64]], batches: list[list[Batch]], sizes: Sequence[float]
    ) -> list[float]:
        """Run forward and backward on the batches that are not done yet and return the sums of their losses.

        Args:
            indices: the examples of each batch, to split it when memory runs out.
            batches: the same examples, from `collate`.
            sizes: what the losses are divided by: sentences, target tokens and distinct words of the whole update.

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

    def _accumulate(self, batches: list[list[Batch]], sizes: Sequence[float]) -> list[float] | str:
        """The sums of the losses, or the first line of the out-of-memory error."""
        state = self.state
        losses = torch.zeros(3, device=state.device)
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

    def _backward(self, batch: Batch, sizes: Sequence[float], micro: int, part: int = 0) -> Tensor:
        """The summed losses of (a part of) a batch, (3,): salience, writing, counting."""
        settings, state = self.config.training, self.state
        if part == 0:
            torch.manual_seed(hash((settings.seed, state.position.update, micro, self.rank)) % 2**63)
        with autocast(state.device, state.dtype):
            losses = self.forward(batch, settings.label_smoothing, self._trains_decoder)
        loss = settings.salience_weight * losses.salience / max(1.0, sizes[0])
        if settings.writing_weight and losses.writing.requires_grad:
            loss = loss + settings.writing_weight * losses.writing / max(1.0, sizes[1])
        loss = loss + losses.counting / max(1.0, sizes[2])
        state.scaler.scale(loss).backward()
        return torch.stack([losses.salience, losses.writing, losses.counting]).detach().float()

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

    def _collate(self, indices: Sequence[int] | NDArray[np.int64]) -> Batch:
        examples = [self.corpus[int(index)] for index in indices]
        return collate(examples, self.config.data, self.config.model).to(self.state.device)


def count(batches: list[list[Batch]]) -> tuple[int, int, int, int]:
    """Sentences, target tokens, distinct words and document tokens of these batches."""
    parts = list(itertools.chain.from_iterable(batches))
    return (
        sum(int(part.documents.mask_BS.sum()) for part in parts),
        sum(int(part.writing.counted_JT.sum()) for part in parts),
        sum(part.counts_W.numel() for part in parts),
        sum(int(part.documents.lengths_BS.sum()) for part in parts),
    )
