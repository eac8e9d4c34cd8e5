"""The optimizer, its learning rate schedule, and which part of the model is trained."""

from __future__ import annotations

import math

import torch
from torch import nn

from fastsum.config import TrainingConfig
from fastsum.model.network import PARTS, SummaryModel


def learning_rate(update: int, config: TrainingConfig) -> float:
    """The learning rate of an update, counted from 0: linear warm-up, then decay to `final_learning_rate`."""
    if update < config.warmup:
        return config.learning_rate * (update + 1) / config.warmup
    done = min(1.0, (update - config.warmup) / max(1, config.steps - config.warmup))
    left = {"none": 1.0, "linear": 1 - done, "cosine": (1 + math.cos(math.pi * done)) / 2}[config.decay]
    return config.learning_rate * (config.final_learning_rate + (1 - config.final_learning_rate) * left)


def build_optimizer(model: nn.Module, config: TrainingConfig) -> torch.optim.AdamW:
    """AdamW with weight decay on matrices only, not on embeddings, biases and norms."""
    decayed = [p for name, p in model.named_parameters() if p.ndim > 1 and "embedding" not in name]
    chosen = {id(p) for p in decayed}
    others = [p for p in model.parameters() if id(p) not in chosen]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": others, "weight_decay": 0.0}]
    fused = next(model.parameters()).device.type in ("cpu", "cuda")
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, config.beta2), fused=fused)


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Give all parameters this learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate


def train_only(model: SummaryModel, part: str) -> None:
    """Put the model into training mode and freeze everything outside `part` (see `training.part`).

    Frozen modules get no gradients and no dropout, so the part learns on the token states that summarizing gives.
    """
    model.train()
    if trained := PARTS.get(part):
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith(trained))
        for name, module in model.named_children():
            module.train(name in trained)
