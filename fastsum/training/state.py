"""The training state: what changes from update to update, and how a checkpoint stores and restores it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from fastsum.config import TrainingConfig
from fastsum.errors import FastsumError
from fastsum.model.checkpoint import TRAINING, TrainingState
from fastsum.training.optimization import build_optimizer
from fastsum.training.order import Position

MOMENTS = ("step", "exp_avg", "exp_avg_sq")
_VALUES = {  # "place" is the position and "parts" the splits
    "place": list, "seconds": float, "best": dict, "last": dict, "stale": int, "validated": int, "scaler": dict,
    "parts": int, "processes": int, "examples": str,
}  # fmt: skip


class State:
    """A model and everything else that training changes."""

    def __init__(self, model: nn.Module, settings: TrainingConfig, device: torch.device, dtype: torch.dtype) -> None:
        self.model, self.device, self.dtype = model, device, dtype
        self.optimizer = build_optimizer(model, settings)
        self.scaler = torch.amp.GradScaler(device.type, enabled=dtype == torch.float16)
        self.average = {n: p.detach().clone() for n, p in model.named_parameters()} if settings.ema else {}
        self.position = Position()
        self.best: dict[str, float] = {}
        """Values of the best validation."""
        self.last: dict[str, float] = {}
        """Values of the last validation."""
        self.stale = 0
        """Validations since the best one."""
        self.validated = -1 if settings.start else 0  # a model to fine-tune is validated first: it may be the best
        """Update after which the last validation was made."""
        self.seconds = 0.0
        self.splits = 1
        """Parts that each batch is split into; doubled whenever memory runs out."""

    def add_validation(self, values: dict[str, float]) -> bool:
        """Record a validation; whether it is the best so far."""
        self.last, self.validated = values, self.position.update
        better = not self.best or values["score"] > self.best["score"]
        self.stale = 0 if better else self.stale + 1
        if better:
            self.best = values
        return better

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Inside, the model has the averaged weights, where an average is kept."""
        own = {name: parameter.data for name, parameter in self.model.named_parameters()}
        try:
            for name, parameter in self.model.named_parameters():
                parameter.data = self.average.get(name, parameter.data)
            yield
        finally:
            for name, parameter in self.model.named_parameters():
                parameter.data = own[name]

    def update_average(self, decay: float) -> None:
        """Exponential moving average (EMA) of the weights; the decay is lower at first, so early weights fade soon."""
        decay = min(decay, (self.position.update + 1) / (self.position.update + 10))
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if name in self.average:
                    self.average[name].lerp_(parameter, 1 - decay)

    def stored(self, processes: int, examples: str) -> TrainingState:
        """What a checkpoint stores beside the weights.

        Args:
            processes: how many processes train.
            examples: the digest of the training examples.
        """
        tensors = {f"average.{name}": tensor for name, tensor in self.average.items()}
        for name, parameter in self.model.named_parameters():
            state = self.optimizer.state.get(parameter, {})
            tensors |= {f"{moment}.{name}": state[moment] for moment in MOMENTS if moment in state}
            if self.position.micro and parameter.grad is not None:
                tensors[f"gradient.{name}"] = parameter.grad
        values: dict[str, Any] = {
            "place": list(self.position),
            "seconds": self.seconds,
            "best": self.best,
            "last": self.last,
            "stale": self.stale,
            "validated": self.validated,
            "scaler": self.scaler.state_dict(),
            "parts": self.splits,
            "processes": processes,
            "examples": examples,
        }
        return TrainingState(tensors, values)

    def restore(
        self, weights: Mapping[str, Tensor], stored: TrainingState, path: Path, processes: int, examples: str
    ) -> None:
        """Continue from a checkpoint: its weights, by name, and its training state.

        Args:
            path: the checkpoint, for messages.
            processes, examples: as in `stored`.

        Raises FastsumError, and changes nothing, where the state is not that of such a model, or where the number of
        processes or the examples are different.
        """
        values = stored.values
        if wrong := self._wrong(stored):
            raise FastsumError(
                f"{path / TRAINING}: {wrong[0]} is not what training saves; copy the checkpoint again or retrain it"
            )
        if values["processes"] != processes:
            raise FastsumError(f"the run was trained by {values['processes']} processes; resume with the same number")
        if values["examples"] != examples:
            raise FastsumError("the run was trained on other examples; resume with the same data and data section")
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(weights[name])
        self.position, self.seconds = Position(*values["place"]), values["seconds"]
        self.best, self.last, self.stale = values["best"], values["last"], values["stale"]
        self.validated = values["validated"]
        self.splits = values["parts"]
        self.scaler.load_state_dict(values["scaler"])
        for name, parameter in self.model.named_parameters():
            moments = {m: stored.tensors[f"{m}.{name}"] for m in MOMENTS if f"{m}.{name}" in stored.tensors}
            if moments:
                self.optimizer.state[parameter] = {m: tensor.to(self.device) for m, tensor in moments.items()}
            if name in self.average:  # an average that starts only now starts from the weights
                self.average[name].copy_(stored.tensors.get(f"average.{name}", parameter.detach()))
            if f"gradient.{name}" in stored.tensors:
                parameter.grad = stored.tensors[f"gradient.{name}"].to(self.device)

    def _wrong(self, stored: TrainingState) -> list[str]:
        """Names of what is missing or has another type or shape than this model's training state."""
        wrong = [name for name, kind in _VALUES.items() if not isinstance(stored.values.get(name), kind)]
        if not wrong and [type(number) for number in stored.values["place"]] != [int] * len(Position._fields):
            wrong.append("place")
        shapes = {name: parameter.shape for name, parameter in self.model.named_parameters()}
        for name, tensor in stored.tensors.items():
            kind, _, parameter = name.partition(".")
            known = kind in (*MOMENTS, "average", "gradient") and parameter in shapes
            if not known or tensor.shape != (torch.Size() if kind == "step" else shapes[parameter]):
                wrong.append(name)
        return wrong
