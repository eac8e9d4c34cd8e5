"""The training loop: batches, losses, updates, and when to validate, to save and to stop; it resumes bitwise.

Nothing random is carried from step to step. The order of the examples follows from (seed, epoch), and dropout from
(seed, update, batch, rank), so the weights, the optimiser's moments and a place in the data are the whole state.
"""

from __future__ import annotations

import itertools
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fastsum.config import Config
from fastsum.data.rows import Row
from fastsum.device import autocast, is_out_of_memory, peak_memory, release_freed_memory
from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.model.batching import Batch
from fastsum.model.checkpoint import BEST, LATEST, TrainingState
from fastsum.model.network import PARTS, SummaryModel
from fastsum.summary.summarizer import Summarizer
from fastsum.text.tokenizer import Tokenizer
from fastsum.training import validation
from fastsum.training.corpus import Corpus, batch_indices, collate
from fastsum.training.distributed import ALONE, Group
from fastsum.training.optimization import learning_rate
from fastsum.training.report import Report, Window
from fastsum.training.state import Place, State

LOG_EVERY = 10
"""Updates between two reports of the loss."""


class Interrupted(Exception):
    """Training was stopped by a signal, after its state was saved."""


@dataclass(frozen=True)
class Data:
    """Everything trained and validated on."""

    train: Corpus
    validation: Corpus
    """Tokenised like the training data; gives the validation losses."""
    rows: Sequence[Row]
    """Validation rows to summarize and score."""


class Trainer:
    """A model in training, and all that belongs to it.

    Args:
        directory: where the checkpoints `latest` and `best` are kept.
        report: receives every Report; called on the leading process only.
        card: makes the model card of a checkpoint from the updates done, the seconds trained and the validation values.
    """

    def __init__(
        self,
        config: Config,
        tokenizer: Tokenizer,
        model: SummaryModel,
        data: Data,
        directory: Path,
        *,
        device: torch.device,
        dtype: torch.dtype,
        group: Group = ALONE,
        report: Callable[[Report], None] = lambda report: None,
        card: Callable[[int, float, dict[str, float]], str] = lambda update, seconds, values: "",
    ) -> None:
        self.config, self.tokenizer, self.data, self.directory = config, tokenizer, data, directory
        self.device, self.dtype, self.group, self.report, self.card = device, dtype, group, report, card
        self.model = model.to(device)
        if trained := PARTS.get(config.training.part):
            for name, parameter in model.named_parameters():
                parameter.requires_grad_(name.startswith(trained))
        self.state = State(self.model, config.training, device, dtype)
        if config.training.start:
            self.state.validated = -1  # what training starts from is validated too: it may be the best
        self._writes = config.training.writing_weight > 0 and config.training.part == "all"
        self.stopping = False
        self._forward = torch.compile(self.model, dynamic=True) if config.training.compile else self.model
        self._order: tuple[int, list[NDArray[np.int64]]] | None = None

    def run(self) -> dict[str, float]:
        """Train to the last update and return the best validation's values.

        Raises:
            FastsumError: a loss was not finite, the memory does not suffice for one document, a checkpoint could not be
                saved, another process ended.
            Interrupted: SIGINT or SIGTERM came; the state is saved.
        """
        settings = self.config.training
        started = time.monotonic() - self.state.seconds
        window = Window()
        with self._signals():
            while True:
                update = self.state.place.update
                last = update >= settings.steps
                if self.state.validated < update and (update % settings.validate_every == 0 or last):
                    self._validate()
                    window.restart()
                if last or self._exhausted():
                    break
                if update and update % settings.save_every == 0:
                    self._save_latest()
                window.add(*self._update())
                self.state.seconds = time.monotonic() - started
                if self.state.place.update % LOG_EVERY == 0 or self.state.place.update == settings.steps:
                    self._tell("train", window.flush() | self._speed())
                    release_freed_memory()
                if self._stop_agreed():
                    self._save_latest()
                    raise Interrupted
        self._save_latest()
        return self.state.best

    def resume(self) -> None:
        """Go on from the directory's latest checkpoint. Raises FastsumError where it is missing or does not fit."""
        path = self.directory / LATEST
        stored = checkpoint.load(path)
        if stored.config.model != self.config.model or stored.tokenizer.to_bytes() != self.tokenizer.to_bytes():
            raise FastsumError(
                f"{path} was trained with another model section or other data; resume with the same ones"
            )
        fitting = stored.model().state_dict()
        training = checkpoint.load_training(path)
        self.state.check(path, training)
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(fitting[name])
        self.state.restore(training, self.group.size, self.data.train.digest)

    def validation(self) -> dict[str, float]:
        """Losses over the validation examples, and ROUGE of the validation rows in the configured mode.

        Raises Interrupted where a signal asked for a stop.
        """
        with self.state.averaged(), torch.inference_mode():
            self.model.eval()
            try:
                losses = validation.losses(
                    self.model, self.data.validation, self.config, self.device, self.dtype, self._heed_signal
                )
                summarizer = Summarizer.from_parts(
                    self.model, self.tokenizer, self.config, device=self.device, dtype=self.dtype
                )
                rows = self.data.rows[: self.config.training.validate_rows]
                return losses | validation.rouge(summarizer, rows, self._heed_signal)
            finally:
                self.model.train()

    # One update ----------------------------------------------------------------------------------------------------

    def _update(self) -> tuple[list[float], float]:
        """Add up the gradients of `accumulate` batches on each process and take one step; what `Window.add` takes."""
        settings = self.config.training
        upcoming, following = self._next(settings.accumulate * self.group.size)
        mine = upcoming[self.group.rank :: self.group.size]
        batches = self._in_parts(mine)
        read = list(itertools.chain.from_iterable(batches))
        totals = self.group.total(
            sum(int(part.documents.mask_BS.sum()) for part in read),
            sum(int(part.writing.counted_JT.sum()) for part in read),
            sum(part.counts_W.numel() for part in read),
            sum(int(part.documents.lengths_BS.sum()) for part in read),
        )
        self.model.train()
        if trained := PARTS.get(self.config.training.part):
            for name, module in self.model.named_children():
                module.train(name in trained)  # and reads the very states of the rest that summarizing gives
        for group in self.state.optimizer.param_groups:
            group["lr"] = learning_rate(self.state.place.update, settings)
        while isinstance(sums := self._gradients(batches, totals), str):
            self._halve(max(map(len, mine)), sums)
            batches = self._in_parts(mine)
        losses = self.group.total(*sums)
        self._check_finite(losses)
        self._step()
        self.state.place = Place(self.state.place.update + 1, *following)
        *sizes, tokens = totals
        return [value for pair in zip(losses, sizes, strict=True) for value in pair], tokens

    def _gradients(self, batches: list[list[Batch]], totals: list[float]) -> list[float] | str:
        """Add up the gradients of the batches still to do; the sums of their losses, or how the memory ran out."""
        summed = torch.zeros(3, device=self.device)
        try:
            for micro in range(self.state.place.micro, len(batches)):
                for number, part in enumerate(batches[micro]):
                    summed += self._backward(part, micro, totals, number)
                self.state.place = self.state.place._replace(micro=micro + 1)
                if self.stopping and self.group.size == 1 and micro + 1 < len(batches):
                    self._check_finite(summed.tolist())
                    self._save_latest()
                    raise Interrupted
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            return str(error).partition("\n")[0]  # while an error is handled it keeps alive what did not fit
        return summed.tolist()

    def _halve(self, documents: int, problem: str) -> None:
        """Begin the update anew with batches, the largest of so many documents, in twice as many parts, from now on."""
        state = self.state
        update = state.place.update + 1
        if state.parts >= documents:
            raise FastsumError(
                f"the memory does not suffice for update {update} even one document at a time ({problem}); "
                f"resume from {self.directory / LATEST} on a device with more, or train with a lower "
                "data.document_tokens"
            )
        state.parts *= 2
        state.place = state.place._replace(micro=0)
        state.optimizer.zero_grad(set_to_none=True)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        print(
            f"out of memory in update {update}: from now on every batch is computed in {state.parts} parts, with the "
            "same sums",
            file=sys.stderr,
        )

    def _check_finite(self, losses: Sequence[float]) -> None:
        """Stop before an update by a loss, or a gradient's norm, that is not finite."""
        if not all(map(math.isfinite, losses)):
            update = self.state.place.update
            raise FastsumError(
                f"the loss of update {update + 1} is not finite; the weights are as after update "
                f"{update}. Resume from {self.directory / LATEST} with a lower training.learning_rate, or "
                "in fp32 if it was not"
            )

    def _backward(self, batch: Batch, micro: int, totals: list[float], part: int = 0) -> Tensor:
        settings = self.config.training
        if part == 0:
            torch.manual_seed(hash((settings.seed, self.state.place.update, micro, self.group.rank)) % 2**63)
        with autocast(self.device, self.dtype):
            losses = self._forward(batch, settings.label_smoothing, self._writes)
        # Divided by what the whole update holds, so that accumulating and splitting change nothing.
        loss = settings.salience_weight * losses.salience / max(1.0, totals[0])
        if settings.writing_weight and losses.writing.requires_grad:
            loss = loss + settings.writing_weight * losses.writing / max(1.0, totals[1])
        loss = loss + losses.counting / max(1.0, totals[2])
        self.state.scaler.scale(loss).backward()
        return torch.stack([losses.salience, losses.writing, losses.counting]).detach().float()

    def _step(self) -> None:
        settings = self.config.training
        parameters = list(self.model.parameters())
        present = self.group.total(*(float(p.grad is not None) for p in parameters))
        for parameter, count in zip(parameters, present, strict=True):
            if count and parameter.grad is None:  # this process's batches had nothing to write, another's had
                parameter.grad = torch.zeros_like(parameter)
        self.group.sum_(p.grad for p in parameters if p.grad is not None)
        scaler, optimizer = self.state.scaler, self.state.optimizer
        scaler.unscale_(optimizer)
        norm = torch.nn.utils.clip_grad_norm_(parameters, settings.clip)
        if not scaler.is_enabled():  # which passes over an update that overflows
            self._check_finite([float(norm)])
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)
        self.state.update_average(settings.ema)

    def _next(self, count: int) -> tuple[list[NDArray[np.int64]], tuple[int, int]]:
        """The next batches' examples, and the (epoch, batch) after them."""
        epoch, batch = self.state.place.epoch, self.state.place.batch
        chosen: list[NDArray[np.int64]] = []
        while len(chosen) < count:
            order = self._epoch(epoch)
            taken = order[batch : batch + count - len(chosen)]
            chosen += taken
            batch += len(taken)
            if batch >= len(order):
                epoch, batch = epoch + 1, 0
        return chosen, (epoch, batch)

    def _epoch(self, epoch: int) -> list[NDArray[np.int64]]:
        if self._order is None or self._order[0] != epoch:
            settings = self.config.training
            self._order = epoch, batch_indices(self.data.train.sizes, settings.batch_tokens, settings.seed, epoch)
        return self._order[1]

    def _collate(self, indices: Sequence[int] | NDArray[np.int64]) -> Batch:
        batch = collate([self.data.train[int(i)] for i in indices], self.config.data, self.config.model)
        return batch.to(self.device)

    def _in_parts(self, batches: Sequence[NDArray[np.int64]]) -> list[list[Batch]]:
        return [
            [self._collate(part) for part in np.array_split(indices, min(self.state.parts, len(indices)))]
            for indices in batches
        ]

    # Validation and saving -----------------------------------------------------------------------------------------

    def _validate(self) -> None:
        """Validate on the leading process, keep the weights if they are the best so far; a signal breaks it off."""
        state = self.state
        if self.group.leads:
            with suppress(Interrupted):
                state.last = self.validation()
                state.validated = state.place.update
                better = not state.best or state.last["score"] > state.best["score"]
                state.stale = 0 if better else state.stale + 1
                self._tell("validation", state.last)
                if better:
                    state.best = state.last
                    self._save_best()
        said = self.group.total(*((state.stale, state.validated) if self.group.leads else (0, 0)))
        state.stale, state.validated = map(int, said)
        if state.validated < state.place.update:  # broken off; the resumed run makes up for it
            self._save_latest()
            raise Interrupted

    def _save_best(self) -> None:
        with self.state.averaged():
            weights = {name: tensor.to(torch.bfloat16) for name, tensor in self.model.state_dict().items()}
        self._save(BEST, weights, None)

    def _save_latest(self) -> None:
        if self.group.leads:
            self._save(LATEST, self.model.state_dict(), self.state.stored(self.group.size, self.data.train.digest))
        self.group.wait()

    def _save(self, name: str, weights: dict[str, Tensor], training: TrainingState | None) -> None:
        checkpoint.save(
            self.directory / name,
            config=self.config,
            tokenizer=self.tokenizer,
            weights=weights,
            card=self.card(self.state.place.update, self.state.seconds, self.state.last),
            training=training,
        )

    # Ends and reports ----------------------------------------------------------------------------------------------

    def _exhausted(self) -> bool:
        patience = self.config.training.patience
        return bool(patience) and self.state.stale >= patience

    def _heed_signal(self) -> None:
        if self.stopping:
            raise Interrupted

    def _stop_agreed(self) -> bool:
        return self.group.total(float(self.stopping))[0] > 0

    def _tell(self, kind: str, values: dict[str, float]) -> None:
        if self.group.leads:
            self.report(Report(kind, self.state.place.update, values))

    def _speed(self) -> dict[str, float]:
        place, seconds = self.state.place, self.state.seconds
        epoch = place.epoch + place.batch / len(self._epoch(place.epoch))
        rate = learning_rate(place.update - 1, self.config.training)
        return {"learning_rate": rate, "epoch": epoch, "memory": peak_memory(self.device), "seconds": seconds}

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """The first SIGINT or SIGTERM asks for a stop; a second one ends the process at once."""

        def stop(number: int, frame: FrameType | None) -> None:
            if self.stopping:
                os._exit(128 + number)
            self.stopping = True
            print("stopping after this batch and saving; once more to quit at once", file=sys.stderr)

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
