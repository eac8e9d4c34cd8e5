"""Training steps of classifiers of texts: Fastformer's against the Transformer's, in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch

from fastsum.benchmark.timing import Figure, medians
from fastsum.config import Config
from fastsum.device import autocast
from fastsum.tasks.classification.classifier import Batch, Classifier
from fastsum.training.optimization import build_optimizer

CLASSES = 5
LEAST = {512: 1.5, 2_048: 4.0}
"""By tokens of a text: how many times as fast a step with Fastformer must be."""


def classification(
    lengths: Sequence[int], batch_tokens: int, rounds: int, device: torch.device, dtype: torch.dtype
) -> Iterator[Figure]:
    """Whole steps (loss, gradients, AdamW) of the small preset on random words; texts of one length have no padding."""
    for length in lengths:
        steps = {
            name: training_step(name, length, batch_tokens, device, dtype) for name in ("fastformer", "transformer")
        }
        found = medians(steps, rounds, device)
        for name, seconds in found.items():
            yield Figure(f"{length:,} tokens, {name}", batch_tokens / seconds, "tokens/s")
        ratio = found["transformer"] / found["fastformer"]
        yield Figure(f"{length:,} tokens, transformer / fastformer", ratio, least=LEAST.get(length))


def training_step(
    attention: str, length: int, batch_tokens: int, device: torch.device, dtype: torch.dtype
) -> Callable[[], None]:
    """One step with a batch of texts of this length."""
    config = Config.load("classification", (f"model.attention={attention}",))
    torch.manual_seed(0)
    model = Classifier(config.model, CLASSES).to(device).train()
    optimizer = build_optimizer(model, config.training)
    texts = max(1, batch_tokens // length)
    random = torch.Generator().manual_seed(1)
    tokens_BN = torch.randint(4, config.model.vocabulary_size, (texts, length), generator=random)
    batch = Batch(tokens_BN.to(device), torch.randint(CLASSES, (texts,), generator=random).to(device))

    def step() -> None:
        with autocast(device, dtype):
            loss = model(batch) / texts
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step
