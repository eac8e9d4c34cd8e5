"""Every attention with every seed: trained, the best validation's weights tested, and the results kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from fastsum.config import ATTENTIONS, Config
from fastsum.device import describe, pick_device, pick_precision, processor
from fastsum.errors import UsageError
from fastsum.tasks.classification.classifier import Classifier
from fastsum.tasks.classification.task import Classification
from fastsum.tasks.classification.texts import LabelledTexts
from fastsum.tasks.grid import Figure, Run, run_grid
from fastsum.tasks.training import fit_vocabulary, train
from fastsum.training.embeddings import load_vectors, vector_width
from fastsum.training.monitor import Monitor
from fastsum.training.order import batch_indices

RESULTS = "classification.json"
"""The file of the results."""
FIGURES = (
    Figure("accuracy", "accuracy"),
    Figure("macro_f", "macro-F"),
    Figure("seconds", "training (s)", 0),
    Figure("tokens_per_second", "tokens/s", 0),
    Figure("parameters", "parameters", 0, spread=False),
)
"""Columns of the table."""


def check(attentions: Iterable[str]) -> None:
    """Raise UsageError where one of these is no attention."""
    if unknown := [name for name in attentions if name not in ATTENTIONS]:
        raise UsageError(f"there is no attention {unknown[0]!r}; choose from {', '.join(ATTENTIONS)}")


def run(
    data: LabelledTexts,
    config: Config,
    output: Path,
    *,
    attentions: Sequence[str],
    seeds: int,
    epochs: int,
    vectors: Path | None = None,
    device: str = "auto",
    quiet: bool = True,
    say: Callable[[str], None] = lambda message: None,
) -> Iterator[list[Run]]:
    """Train and test a classifier with each attention and seed; yields after each all runs so far.

    What `output` has from an earlier call with the same data and settings is not trained again. The model is validated
    after each epoch; the best is tested.

    Args:
        config: the settings but for `model.attention`, `training.seed` and `training.steps`.
        vectors: word vectors in GloVe's text format that the models start from.

    Raises:
        FastsumError: settings that do not fit, or results of others in the folder.
        fastsum.training.signals.Interrupted: after a signal, with everything saved.
    """
    check(attentions)
    chosen = pick_device(device)
    dtype = pick_precision(config.training.precision, chosen)
    config = _with_epochs(fit_vocabulary(config, data.tokenizer), data, epochs)
    about: dict[str, Any] = {
        "data": {
            "digest": data.digest,
            "labels": list(data.labels),
            "texts": {name: len(texts.tokens) for name, texts in data.splits.items()},
            "left_out": data.notes,
        },
        "settings": asdict(config),
        "epochs": epochs,
        "vectors": str(vectors) if vectors else None,
        "machine": f"{processor()}, {describe(chosen, dtype)}",
    }

    def trained(attention: str, seed: int, folder: Path) -> dict[str, float]:
        own = replace(
            config, model=replace(config.model, attention=attention), training=replace(config.training, seed=seed)
        )
        torch.manual_seed(seed)
        model = Classifier(own.model, len(data.labels), vector_width(vectors) if vectors else None)
        if vectors:
            known = load_vectors(vectors, data.tokenizer, model.embedding.weight)
            say(f"{known:,} of {len(data.tokenizer):,} words start from {vectors}")
        parameters = sum(weight.numel() for weight in model.parameters())
        task = Classification(own, model, data)
        with Monitor(own.training.steps, None, quiet=quiet) as monitor:
            monitor.say(f"{attention}, seed {seed}: {own.training.steps:,} steps, {parameters / 1e6:.2f} M parameters")
            done = train(task, folder, device=chosen, dtype=dtype, report=monitor.report, say=monitor.say)
        return {
            **task.evaluate("test", chosen, dtype),
            "seconds": done.seconds,
            "tokens_per_second": done.tokens_per_second,
            "parameters": parameters,
            **{f"validation_{name}": value for name, value in done.best.items()},
        }

    return run_grid(output / RESULTS, about, attentions, seeds, trained)


def _with_epochs(config: Config, data: LabelledTexts, epochs: int) -> Config:
    """The settings with so many epochs, and a validation after each."""
    sizes_R, settings = data.splits["train"].sizes_R, config.training
    batches = len(batch_indices(sizes_R, settings.batch_tokens, settings.seed, 0))
    steps = max(1, round(batches / settings.accumulate))
    return replace(config, training=replace(settings, steps=epochs * steps, validate_every=steps))
