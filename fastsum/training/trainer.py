"""The training loop: updates, validations and checkpoints. A resumed run equals an uninterrupted one bitwise.

No random state is carried from step to step. The order of the examples follows from (seed, epoch) and dropout from
(seed, update, batch, rank), so the weights, the optimizer's moments and the position in the data are the whole state.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import torch
from torch import Tensor

from fastsum import console
from fastsum.config import Config
from fastsum.device import peak_memory, release_freed_memory
from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.model.checkpoint import BEST, LATEST, TrainingState
from fastsum.model.network import SummaryModel
from fastsum.training import validation
from fastsum.training.dataset import Dataset
from fastsum.training.distributed import ALONE, ProcessGroup
from fastsum.training.gradients import Gradients, count
from fastsum.training.metrics import Meter, Metrics
from fastsum.training.optimization import learning_rate, set_learning_rate, train_only
from fastsum.training.order import BatchOrder
from fastsum.training.signals import Interrupted, StopRequest
from fastsum.training.state import State

LOG_EVERY = 10
"""Updates between two log lines."""


class Trainer:
    """Trains a model.

    Args:
        directory: folder of the checkpoints `latest` and `best`.
        report: receives all Metrics; called on the leading process only.
        say: prints a line for the user.
        card: makes a checkpoint's model card from the steps done, the seconds trained and the validation values.
    """

    def __init__(
        self,
        config: Config,
        model: SummaryModel,
        data: Dataset,
        directory: Path,
        *,
        device: torch.device,
        dtype: torch.dtype,
        group: ProcessGroup = ALONE,
        report: Callable[[Metrics], None] = lambda metrics: None,
        say: Callable[[str], None] = console.say,
        card: Callable[[int, float, dict[str, float]], str] = lambda steps, seconds, values: "",
    ) -> None:
        self.config, self.data, self.directory, self.group = config, data, directory, group
        self.report = report if group.leads else lambda metrics: None
        self.card = card
        self.model = model.to(device)
        self.state = State(self.model, config.training, device, dtype)
        self.order = BatchOrder(data.train.sizes, config.training)
        self.stop = StopRequest(say)
        self.gradients = Gradients(
            self.state, data.train, config,
            rank=group.rank, stop=self.stop if group.size == 1 else None, latest=directory / LATEST, say=say,
        )  # fmt: skip

    def run(self) -> dict[str, float]:
        """Train to the last update and return the values of the best validation.

        Raises:
            FastsumError: a loss is not finite, one document does not fit into memory, a checkpoint cannot be saved, or
                another process ended.
            Interrupted: SIGINT or SIGTERM came; the state is saved.
        """
        settings, state = self.config.training, self.state
        started = time.monotonic() - state.seconds
        meter = Meter()
        with self.stop.on_signals():
            try:
                while True:
                    update = state.position.update
                    last = update >= settings.steps
                    if state.validated < update and (update % settings.validate_every == 0 or last):
                        self._validate()
                        meter.restart_clock()
                    if last or 0 < settings.patience <= state.stale:
                        break
                    if update and update % settings.save_every == 0:
                        self._save_latest()

                    meter.add(*self._update())

                    state.seconds = time.monotonic() - started
                    if state.position.update % LOG_EVERY == 0 or state.position.update == settings.steps:
                        values = meter.read() | {
                            "learning_rate": state.optimizer.param_groups[0]["lr"],
                            "epoch": self.order.epochs(state.position),
                            "memory": peak_memory(state.device),
                            "seconds": state.seconds,
                        }
                        self.report(Metrics("train", state.position.update, values))
                        release_freed_memory()
                    if self.group.total(float(self.stop.received))[0]:  # all processes stop after the same update
                        raise Interrupted
            except Interrupted:
                self._save_latest()
                raise
        self._save_latest()
        return state.best

    def _update(self) -> tuple[list[float], list[float], float]:
        """Make one update and return its summed losses, what they are divided by, and its document tokens."""
        settings, state, group = self.config.training, self.state, self.group
        optimizer, scaler, parameters = state.optimizer, state.scaler, list(self.model.parameters())

        # Set what is trained, and how fast.
        set_learning_rate(optimizer, learning_rate(state.position.update, settings))
        train_only(self.model, settings.part)

        # Take the next batches, dealt out to the processes in turn.
        upcoming, following = self.order.next_update(state.position, settings.accumulate * group.size)
        mine = upcoming[group.rank :: group.size]
        batches = self.gradients.collate(mine)
        *sizes, tokens = group.total(*count(batches))

        # Forward and backward.
        sums = self.gradients.accumulate(mine, batches, sizes)

        # Sum losses and gradients over the processes.
        losses = group.total(*sums)
        self.gradients.check_finite(losses)
        group.sum_gradients(parameters)

        # Clip the gradient and take a step; a scaler skips steps that overflow, and lowers its scale.
        scaler.unscale_(optimizer)
        norm = torch.nn.utils.clip_grad_norm_(parameters, settings.clip)
        if not scaler.is_enabled():
            self.gradients.check_finite([float(norm)])
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad(set_to_none=True)

        # Average the weights and advance.
        state.update_average(settings.ema)
        state.position = following
        return losses, sizes, tokens

    def _validate(self) -> None:
        """Validate on the leading process and save the model if it is the best so far.

        Raises Interrupted where a signal ended the validation; the resumed run repeats it.
        """
        state = self.state
        if self.group.leads:
            with suppress(Interrupted), state.averaged():
                values = validation.validate(
                    self.model, self.data, self.config, state.device, state.dtype, self.stop.check
                )
                better = state.add_validation(values)
                self.report(Metrics("validation", state.position.update, values))
                if better:
                    self._save(BEST, {name: tensor.bfloat16() for name, tensor in self.model.state_dict().items()})
        leading = (state.stale, state.validated) if self.group.leads else (0, 0)
        state.stale, state.validated = map(int, self.group.total(*leading))
        if state.validated < state.position.update:
            raise Interrupted

    def _save_latest(self) -> None:
        if self.group.leads:
            training = self.state.stored(self.group.size, self.data.train.digest)
            self._save(LATEST, self.model.state_dict(), training)
        self.group.wait()

    def _save(self, name: str, weights: dict[str, Tensor], training: TrainingState | None = None) -> None:
        checkpoint.save(
            self.directory / name,
            config=self.config,
            tokenizer=self.data.tokenizer,
            weights=weights,
            card=self.card(self.state.position.update, self.state.seconds, self.state.last),
            training=training,
        )

    def resume(self) -> None:
        """Continue from the folder's latest checkpoint. Raises FastsumError where it is missing or does not fit."""
        path = self.directory / LATEST
        stored = checkpoint.load(path)
        if stored.config.model != self.config.model or stored.tokenizer.to_bytes() != self.data.tokenizer.to_bytes():
            raise FastsumError(
                f"{path} was trained with another model section or other data; resume with the same ones"
            )
        weights, training = stored.model().state_dict(), checkpoint.load_training(path)
        self.state.restore(weights, training, path, self.group.size, self.data.train.digest)
