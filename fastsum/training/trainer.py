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
from fastsum.config import TrainingConfig
from fastsum.device import peak_memory, release_freed_memory
from fastsum.model import checkpoint
from fastsum.model.checkpoint import BEST, LATEST, TrainingState
from fastsum.training.distributed import ALONE, ProcessGroup
from fastsum.training.gradients import Gradients
from fastsum.training.metrics import Meter, Metrics
from fastsum.training.optimization import learning_rate, set_learning_rate
from fastsum.training.order import BatchOrder
from fastsum.training.signals import Interrupted, StopRequest
from fastsum.training.state import State
from fastsum.training.task import Task

LOG_EVERY = 10
"""Updates between two log lines."""


class Trainer:
    """Trains the model of a task.

    Args:
        directory: folder of the checkpoints `latest` and `best`.
        report: receives all Metrics; called on the leading process only.
        say: prints a line for the user.
    """

    def __init__(
        self,
        task: Task,
        settings: TrainingConfig,
        directory: Path,
        *,
        device: torch.device,
        dtype: torch.dtype,
        group: ProcessGroup = ALONE,
        report: Callable[[Metrics], None] = lambda metrics: None,
        say: Callable[[str], None] = console.say,
    ) -> None:
        self.task, self.settings, self.directory, self.group = task, settings, directory, group
        self.report = report if group.leads else lambda metrics: None
        self.model = task.model.to(device)
        self.state = State(self.model, settings, device, dtype)
        self.order = BatchOrder(task.sizes, settings)
        self.stop = StopRequest(say)
        self.gradients = Gradients(
            self.state, task, settings,
            rank=group.rank, stop=self.stop if group.size == 1 else None, latest=directory / LATEST, say=say,
        )  # fmt: skip

    def run(self) -> dict[str, float]:
        """Train to the last update and return the values of the best validation.

        Raises:
            FastsumError: a loss is not finite, one document does not fit into memory, a checkpoint cannot be saved, or
                another process ended.
            Interrupted: SIGINT or SIGTERM came; the state is saved.
        """
        settings, state = self.settings, self.state
        started = time.monotonic() - state.seconds
        meter = Meter(self.task.losses)
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
        """Make one update and return its summed losses, what they are divided by, and its tokens."""
        settings, state, group = self.settings, self.state, self.group
        optimizer, scaler, parameters = state.optimizer, state.scaler, list(self.model.parameters())

        # Set what is trained, and how fast.
        set_learning_rate(optimizer, learning_rate(state.position.update, settings))
        self.task.prepare()

        # Take the next batches, dealt out to the processes in turn.
        upcoming, following = self.order.next_update(state.position, settings.accumulate * group.size)
        mine = upcoming[group.rank :: group.size]
        batches = self.gradients.collate(mine)
        *sizes, tokens = group.total(*self.gradients.count(batches))

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
                values = self.task.validate(state.device, state.dtype, self.stop.check)
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
            training = self.state.stored(self.group.size, self.task.digest)
            self._save(LATEST, self.model.state_dict(), training)
        self.group.wait()

    def _save(self, name: str, weights: dict[str, Tensor], training: TrainingState | None = None) -> None:
        self.task.save(self.directory / name, weights, self.state, training)

    def resume(self) -> None:
        """Continue from the folder's latest checkpoint. Raises FastsumError where it is missing or does not fit."""
        path = self.directory / LATEST
        weights, training = self.task.weights(path), checkpoint.load_training(path)
        self.state.restore(weights, training, path, self.group.size, self.task.digest)
