"""The training loop: batches, losses, updates, validation and checkpoints that resume bitwise.

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
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from fastsum import checkpoint
from fastsum.batching import Batch
from fastsum.checkpoint import BEST, LATEST, TrainingState
from fastsum.config import Config
from fastsum.corpus import Corpus, batch_indices, collate
from fastsum.device import autocast, is_out_of_memory, peak_memory, release_freed_memory
from fastsum.distributed import ALONE, Group
from fastsum.errors import FastsumError
from fastsum.model import SummaryModel
from fastsum.optimization import build_optimizer, learning_rate
from fastsum.report import Report, Window
from fastsum.rouge import score
from fastsum.rows import Row
from fastsum.source import reference_sentences
from fastsum.summarizer import Summarizer
from fastsum.tokenizer import Tokenizer

MOMENTS = ("step", "exp_avg", "exp_avg_sq")
_VALUES = {
    "place": list, "seconds": float, "best": dict, "last": dict, "stale": int, "validated": int, "scaler": dict,
    "parts": int, "processes": int, "examples": str,
}  # fmt: skip
LOG_EVERY = 10
"""Updates between two reports of the loss."""


class Interrupted(Exception):
    """Training was stopped by a signal, after its state was saved."""


class Place(NamedTuple):
    """How far training has come."""

    update: int = 0
    """Updates done."""
    epoch: int = 0
    batch: int = 0
    """The epoch's batch with which the next update begins."""
    micro: int = 0
    """Batches of that update whose gradients are already added up."""


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
        self.optimizer = build_optimizer(model, config.training)
        self.scaler = torch.amp.GradScaler(device.type, enabled=dtype == torch.float16)
        self.average = {n: p.detach().clone() for n, p in model.named_parameters()} if config.training.ema else {}
        self.place = Place()
        self.best: dict[str, float] = {}
        self.last: dict[str, float] = {}
        self.stale = 0
        self.validated = 0
        self.seconds = 0.0
        self.stopping = False
        self.parts = 1
        """How many parts each batch is computed in; doubled whenever the memory does not suffice."""
        self._forward = torch.compile(self.model, dynamic=True) if config.training.compile else self.model
        self._order: tuple[int, list[np.ndarray]] | None = None

    def run(self) -> dict[str, float]:
        """Train to the last update and return the best validation's values.

        Raises:
            FastsumError: a loss was not finite, the memory does not suffice for one document, a checkpoint could not be
                saved, another process ended.
            Interrupted: SIGINT or SIGTERM came; the state is saved.
        """
        settings = self.config.training
        started = time.monotonic() - self.seconds
        window = Window()
        with self._signals():
            while True:
                update = self.place.update
                last = update >= settings.steps
                if self.validated < update and (update % settings.validate_every == 0 or last):
                    self._validate()
                    window.restart()
                if last or self._exhausted():
                    break
                if update and update % settings.save_every == 0:
                    self._save_latest()
                window.add(*self._update())
                self.seconds = time.monotonic() - started
                if self.place.update % LOG_EVERY == 0 or self.place.update == settings.steps:
                    self._tell("train", window.flush() | self._speed())
                    release_freed_memory()
                if self._stop_agreed():
                    self._save_latest()
                    raise Interrupted
        self._save_latest()
        return self.best

    def resume(self) -> None:
        """Go on from the directory's latest checkpoint. Raises FastsumError where it is missing or does not fit."""
        path = self.directory / LATEST
        stored = checkpoint.load(path)
        if stored.config.model != self.config.model or stored.tokenizer.to_bytes() != self.tokenizer.to_bytes():
            raise FastsumError(
                f"{path} was trained with another model section or other data; resume with the same ones"
            )
        fitting = stored.model().state_dict()
        state = checkpoint.load_training(path)
        self._check_state(path, state)
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(fitting[name])
        self._restore(state)

    def validation(self) -> dict[str, float]:
        """Losses over the validation examples, and ROUGE of the validation rows in the configured mode.

        Raises Interrupted where a signal asked for a stop.
        """
        with self._averaged(), torch.inference_mode():
            self.model.eval()
            try:
                return self._validation_losses() | self._validation_rouge()
            finally:
                self.model.train()

    # One update ----------------------------------------------------------------------------------------------------

    def _update(self) -> tuple[float, float, float, float, float]:
        """Add up the gradients of `accumulate` batches on each process and take one step; what `Window.add` takes."""
        settings = self.config.training
        upcoming, following = self._next(settings.accumulate * self.group.size)
        mine = upcoming[self.group.rank :: self.group.size]
        batches = self._in_parts(mine)
        read = list(itertools.chain.from_iterable(batches))
        totals = self.group.total(
            sum(int(part.documents.mask_BS.sum()) for part in read),
            sum(int(part.writing.counted_JT.sum()) for part in read),
            sum(int(part.documents.lengths_BS.sum()) for part in read),
        )
        self.model.train()
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.place.update, settings)
        while isinstance(sums := self._gradients(batches, totals), str):
            self._halve(max(map(len, mine)), sums)
            batches = self._in_parts(mine)
        losses = self.group.total(*sums)
        self._check_finite(losses)
        self._step()
        self.place = Place(self.place.update + 1, *following)
        return losses[0], totals[0], losses[1], totals[1], totals[2]

    def _gradients(self, batches: list[list[Batch]], totals: list[float]) -> list[float] | str:
        """Add up the gradients of the batches still to do; the sums of their losses, or how the memory ran out."""
        summed = torch.zeros(2, device=self.device)
        try:
            for micro in range(self.place.micro, len(batches)):
                for number, part in enumerate(batches[micro]):
                    summed += self._backward(part, micro, totals, number)
                self.place = self.place._replace(micro=micro + 1)
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
        update = self.place.update + 1
        if self.parts >= documents:
            raise FastsumError(
                f"the memory does not suffice for update {update} even one document at a time ({problem}); "
                f"resume from {self.directory / LATEST} on a device with more, or train with a lower "
                "data.document_tokens"
            )
        self.parts *= 2
        self.place = self.place._replace(micro=0)
        self.optimizer.zero_grad(set_to_none=True)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        print(
            f"out of memory in update {update}: from now on every batch is computed in {self.parts} parts, with the "
            "same sums",
            file=sys.stderr,
        )

    def _check_finite(self, losses: Sequence[float]) -> None:
        """Stop before an update by a loss, or a gradient's norm, that is not finite."""
        if not all(map(math.isfinite, losses)):
            raise FastsumError(
                f"the loss of update {self.place.update + 1} is not finite; the weights are as after update "
                f"{self.place.update}. Resume from {self.directory / LATEST} with a lower training.learning_rate, or "
                "in fp32 if it was not"
            )

    def _backward(self, batch: Batch, micro: int, totals: list[float], part: int = 0) -> Tensor:
        settings = self.config.training
        if part == 0:
            torch.manual_seed(hash((settings.seed, self.place.update, micro, self.group.rank)) % 2**63)
        with autocast(self.device, self.dtype):
            losses = self._forward(batch, settings.label_smoothing, settings.writing_weight > 0)
        # Divided by what the whole update holds, so that accumulating and splitting change nothing.
        loss = settings.salience_weight * losses.salience / max(1.0, totals[0])
        if settings.writing_weight and losses.writing.requires_grad:
            loss = loss + settings.writing_weight * losses.writing / max(1.0, totals[1])
        self.scaler.scale(loss).backward()
        return torch.stack([losses.salience.detach(), losses.writing.detach()]).float()

    def _step(self) -> None:
        settings = self.config.training
        parameters = list(self.model.parameters())
        present = self.group.total(*(float(p.grad is not None) for p in parameters))
        for parameter, count in zip(parameters, present, strict=True):
            if count and parameter.grad is None:  # this process's batches had nothing to write, another's had
                parameter.grad = torch.zeros_like(parameter)
        self.group.sum_(p.grad for p in parameters if p.grad is not None)
        self.scaler.unscale_(self.optimizer)
        norm = torch.nn.utils.clip_grad_norm_(parameters, settings.clip)
        if not self.scaler.is_enabled():  # which passes over an update that overflows
            self._check_finite([float(norm)])
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        if self.average:
            decay = min(settings.ema, (self.place.update + 1) / (self.place.update + 10))
            with torch.no_grad():
                for name, parameter in self.model.named_parameters():
                    self.average[name].lerp_(parameter, 1 - decay)

    def _next(self, count: int) -> tuple[list[np.ndarray], tuple[int, int]]:
        """The next batches' examples, and the (epoch, batch) after them."""
        epoch, batch = self.place.epoch, self.place.batch
        chosen: list[np.ndarray] = []
        while len(chosen) < count:
            order = self._epoch(epoch)
            taken = order[batch : batch + count - len(chosen)]
            chosen += taken
            batch += len(taken)
            if batch >= len(order):
                epoch, batch = epoch + 1, 0
        return chosen, (epoch, batch)

    def _epoch(self, epoch: int) -> list[np.ndarray]:
        if self._order is None or self._order[0] != epoch:
            settings = self.config.training
            self._order = epoch, batch_indices(self.data.train.sizes, settings.batch_tokens, settings.seed, epoch)
        return self._order[1]

    def _collate(self, indices: Sequence[int] | np.ndarray, corpus: Corpus | None = None) -> Batch:
        corpus = self.data.train if corpus is None else corpus
        batch = collate([corpus[int(i)] for i in indices], self.config.data, self.config.model)
        return batch.to(self.device)

    def _in_parts(self, batches: Sequence[np.ndarray]) -> list[list[Batch]]:
        return [
            [self._collate(part) for part in np.array_split(indices, min(self.parts, len(indices)))]
            for indices in batches
        ]

    # Validation and saving -----------------------------------------------------------------------------------------

    def _validate(self) -> None:
        """Validate on the leading process, keep the weights if they are the best so far; a signal breaks it off."""
        if self.group.leads:
            with suppress(Interrupted):
                self.last = self.validation()
                self.validated = self.place.update
                better = not self.best or self.last["score"] > self.best["score"]
                self.stale = 0 if better else self.stale + 1
                self._tell("validation", self.last)
                if better:
                    self.best = self.last
                    self._save_best()
        said = self.group.total(*((self.stale, self.validated) if self.group.leads else (0, 0)))
        self.stale, self.validated = map(int, said)
        if self.validated < self.place.update:  # broken off; the resumed run makes up for it
            self._save_latest()
            raise Interrupted

    def _validation_losses(self) -> dict[str, float]:
        settings, corpus = self.config.training, self.data.validation
        sums = np.zeros(4)
        for indices in batch_indices(corpus.sizes[: settings.validate_rows], settings.batch_tokens, 0, 0):
            self._heed_signal()
            with autocast(self.device, self.dtype):
                losses = self.model(self._collate(indices, corpus), 0.0, settings.writing_weight > 0)
            sums += [float(value) for value in losses]
        salience, sentences, writing, words = sums.tolist()
        return {"salience_loss": salience / max(1, sentences), "writing_loss": writing / max(1, words)}

    def _validation_rouge(self) -> dict[str, float]:
        summarizer = Summarizer.from_parts(
            self.model, self.tokenizer, self.config, device=self.device, dtype=self.dtype
        )
        rows = self.data.rows[: self.config.training.validate_rows]
        summaries = summarizer.summarize_many([row.document for row in rows])
        references = ["\n".join(reference_sentences(row.summary)) for row in rows]
        scores = []
        for made, reference in zip(summaries, references, strict=True):
            self._heed_signal()
            scores.append(score(str(made), reference))
        names = ("rouge1", "rouge2", "rougeLsum")
        means = {name: float(np.mean([getattr(one, name) for one in scores])) for name in names}
        return means | {"score": sum(means.values()) / len(means)}

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """The model with the averaged weights in place of its own, if there are any."""
        own = {name: parameter.data for name, parameter in self.model.named_parameters()}
        try:
            for name, parameter in self.model.named_parameters():
                parameter.data = self.average.get(name, parameter.data)
            yield
        finally:
            for name, parameter in self.model.named_parameters():
                parameter.data = own[name]

    def _save_best(self) -> None:
        with self._averaged():
            weights = {name: tensor.to(torch.bfloat16) for name, tensor in self.model.state_dict().items()}
        self._save(BEST, weights, None)

    def _save_latest(self) -> None:
        if self.group.leads:
            self._save(LATEST, self.model.state_dict(), self._state())
        self.group.wait()

    def _save(self, name: str, weights: dict[str, Tensor], training: TrainingState | None) -> None:
        checkpoint.save(
            self.directory / name,
            config=self.config,
            tokenizer=self.tokenizer,
            weights=weights,
            card=self.card(self.place.update, self.seconds, self.last),
            training=training,
        )

    def _state(self) -> TrainingState:
        tensors = {f"average.{name}": tensor for name, tensor in self.average.items()}
        for name, parameter in self.model.named_parameters():
            state = self.optimizer.state.get(parameter, {})
            tensors |= {f"{moment}.{name}": state[moment] for moment in MOMENTS if moment in state}
            if self.place.micro and parameter.grad is not None:
                tensors[f"gradient.{name}"] = parameter.grad
        values: dict[str, Any] = {
            "place": list(self.place),
            "seconds": self.seconds,
            "best": self.best,
            "last": self.last,
            "stale": self.stale,
            "validated": self.validated,
            "scaler": self.scaler.state_dict(),
            "parts": self.parts,
            "processes": self.group.size,
            "examples": self.data.train.digest,
        }
        return TrainingState(tensors, values)

    def _check_state(self, path: Path, state: TrainingState) -> None:
        """Refuse what `_state` cannot have made of a training of this model."""
        wrong = [name for name, kind in _VALUES.items() if not isinstance(state.values.get(name), kind)]
        if not wrong and [type(number) for number in state.values["place"]] != [int] * len(Place._fields):
            wrong.append("place")
        shapes = {name: parameter.shape for name, parameter in self.model.named_parameters()}
        for name, tensor in state.tensors.items():
            kind, _, parameter = name.partition(".")
            known = kind in (*MOMENTS, "average", "gradient") and parameter in shapes
            if not known or tensor.shape != (torch.Size() if kind == "step" else shapes[parameter]):
                wrong.append(name)
        if wrong:
            raise FastsumError(
                f"{path / checkpoint.TRAINING}: {wrong[0]} is not as training leaves it; copy the checkpoint again or "
                "train anew"
            )

    def _restore(self, state: TrainingState) -> None:
        values = state.values
        if values["processes"] != self.group.size:
            raise FastsumError(f"the run was trained by {values['processes']} processes; resume with as many")
        if values["examples"] != self.data.train.digest:
            raise FastsumError("the run was trained on other examples; resume with the same data and data section")
        self.place, self.seconds = Place(*values["place"]), values["seconds"]
        self.best, self.last, self.stale = values["best"], values["last"], values["stale"]
        self.validated = values["validated"]
        self.parts = values["parts"]
        self.scaler.load_state_dict(values["scaler"])
        for name, parameter in self.model.named_parameters():
            stored = {m: state.tensors[f"{m}.{name}"] for m in MOMENTS if f"{m}.{name}" in state.tensors}
            if stored:
                self.optimizer.state[parameter] = {m: tensor.to(self.device) for m, tensor in stored.items()}
            if name in self.average:  # an average that begins only now begins with the weights
                self.average[name].copy_(state.tensors.get(f"average.{name}", parameter.detach()))
            if f"gradient.{name}" in state.tensors:
                parameter.grad = state.tensors[f"gradient.{name}"].to(self.device)

    # Ends and reports ----------------------------------------------------------------------------------------------

    def _exhausted(self) -> bool:
        patience = self.config.training.patience
        return bool(patience) and self.stale >= patience

    def _heed_signal(self) -> None:
        if self.stopping:
            raise Interrupted

    def _stop_agreed(self) -> bool:
        return self.group.total(float(self.stopping))[0] > 0

    def _tell(self, kind: str, values: dict[str, float]) -> None:
        if self.group.leads:
            self.report(Report(kind, self.place.update, values))

    def _speed(self) -> dict[str, float]:
        epoch = self.place.epoch + self.place.batch / len(self._epoch(self.place.epoch))
        rate = learning_rate(self.place.update - 1, self.config.training)
        return {"learning_rate": rate, "epoch": epoch, "memory": peak_memory(self.device), "seconds": self.seconds}

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
