"""The state of a training: what changes from update to update, and how a checkpoint keeps it and gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import torch

from fastsum.config import TrainingConfig
from fastsum.errors import FastsumError
from fastsum.model.checkpoint import TRAINING, TrainingState
from fastsum.model.network import SummaryModel
from fastsum.training.optimization import build_optimizer

MOMENTS = ("step", "exp_avg", "exp_avg_sq")
_VALUES = {
    "place": list, "seconds": float, "best": dict, "last": dict, "stale": int, "validated": int, "scaler": dict,
    "parts": int, "processes": int, "examples": str,
}  # fmt: skip


class Place(NamedTuple):
    """How far training has come."""

    update: int = 0
    """Updates done."""
    epoch: int = 0
    batch: int = 0
    """The epoch's batch with which the next update begins."""
    micro: int = 0
    """Batches of that update whose gradients are already added up."""


class State:
    """A model and all else that training changes."""

    def __init__(self, model: SummaryModel, settings: TrainingConfig, device: torch.device, dtype: torch.dtype) -> None:
        self.model, self.device = model, device
        self.optimizer = build_optimizer(model, settings)
        self.scaler = torch.amp.GradScaler(device.type, enabled=dtype == torch.float16)
        self.average = {n: p.detach().clone() for n, p in model.named_parameters()} if settings.ema else {}
        self.place = Place()
        self.best: dict[str, float] = {}
        self.last: dict[str, float] = {}
        self.stale = 0
        self.validated = 0
        self.seconds = 0.0
        self.parts = 1
        """How many parts each batch is computed in; doubled whenever the memory does not suffice."""

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The model with the averaged weights in place of its own, if there are any."""
        own = {name: parameter.data for name, parameter in self.model.named_parameters()}
        try:
            for name, parameter in self.model.named_parameters():
                parameter.data = self.average.get(name, parameter.data)
            yield
        finally:
            for name, parameter in self.model.named_parameters():
                parameter.data = own[name]

    def update_average(self, decay: float) -> None:
        """Take the weights as they are after an update into the averaged ones, the sooner the fewer updates were."""
        decay = min(decay, (self.place.update + 1) / (self.place.update + 10))
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if name in self.average:
                    self.average[name].lerp_(parameter, 1 - decay)

    def stored(self, processes: int, examples: str) -> TrainingState:
        """What a checkpoint keeps beside the weights, with how many processes train and on which examples."""
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
            "processes": processes,
            "examples": examples,
        }
        return TrainingState(tensors, values)

    def check(self, path: Path, stored: TrainingState) -> None:
        """Refuse what `stored` cannot have made of a training of this model."""
        wrong = [name for name, kind in _VALUES.items() if not isinstance(stored.values.get(name), kind)]
        if not wrong and [type(number) for number in stored.values["place"]] != [int] * len(Place._fields):
            wrong.append("place")
        shapes = {name: parameter.shape for name, parameter in self.model.named_parameters()}
        for name, tensor in stored.tensors.items():
            kind, _, parameter = name.partition(".")
            known = kind in (*MOMENTS, "average", "gradient") and parameter in shapes
            if not known or tensor.shape != (torch.Size() if kind == "step" else shapes[parameter]):
                wrong.append(name)
        if wrong:
            raise FastsumError(
                f"{path / TRAINING}: {wrong[0]} is not as training leaves it; copy the checkpoint again or train anew"
            )

    def restore(self, stored: TrainingState, processes: int, examples: str) -> None:
        """Go on from what `stored` gave, checked. Raises FastsumError where the processes or examples are others."""
        values = stored.values
        if values["processes"] != processes:
            raise FastsumError(f"the run was trained by {values['processes']} processes; resume with as many")
        if values["examples"] != examples:
            raise FastsumError("the run was trained on other examples; resume with the same data and data section")
        self.place, self.seconds = Place(*values["place"]), values["seconds"]
        self.best, self.last, self.stale = values["best"], values["last"], values["stale"]
        self.validated = values["validated"]
        self.parts = values["parts"]
        self.scaler.load_state_dict(values["scaler"])
        for name, parameter in self.model.named_parameters():
            moments = {m: stored.tensors[f"{m}.{name}"] for m in MOMENTS if f"{m}.{name}" in stored.tensors}
            if moments:
                self.optimizer.state[parameter] = {m: tensor.to(self.device) for m, tensor in moments.items()}
            if name in self.average:  # an average that begins only now begins with the weights
                self.average[name].copy_(stored.tensors.get(f"average.{name}", parameter.detach()))
            if f"gradient.{name}" in stored.tensors:
                parameter.grad = stored.tensors[f"gradient.{name}"].to(self.device)
