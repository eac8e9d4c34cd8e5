"""One training run, put together: device, data, model, trainer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from fastsum.config import Config, changed_shape
from fastsum.data.rows import Rows
from fastsum.device import describe, pick_device, pick_precision, processor
from fastsum.errors import FastsumError
from fastsum.files import cache_folder, try_lock
from fastsum.model import checkpoint
from fastsum.model.checkpoint import LATEST, Checkpoint
from fastsum.model.network import SummaryModel
from fastsum.training import embeddings
from fastsum.training.card import write_card
from fastsum.training.dataset import open_dataset
from fastsum.training.distributed import ProcessGroup
from fastsum.training.monitor import Monitor
from fastsum.training.summarization import Summarization
from fastsum.training.trainer import Trainer

LOCK = ".lock"
"""The file in a run's folder that only one run at a time locks."""


def train(
    config: Config,
    rows: Callable[[str], Rows],
    directory: Path,
    *,
    monitor: Monitor,
    group: ProcessGroup,
    device: str = "auto",
    cache: Path | None = None,
    resume: bool = False,
) -> dict[str, float]:
    """Train a model and return the values of the best validation.

    Args:
        rows: opens a split, "train" or "validation".
        directory: folder of the checkpoints `latest` and `best`.
        device: as `pick_device` takes it.
        cache: folder of tokenized examples; the user's cache folder by default.
        resume: whether to continue from `latest`.

    Raises:
        FastsumError: unusable data, settings that do not fit, a loss that is not finite, or another run that trains in
            `directory` at the same time.
        fastsum.training.signals.Interrupted: after a signal, with everything saved.
    """
    with locked(directory) if group.leads else nullcontext():
        latest = directory / LATEST
        if not resume and latest.exists():
            raise FastsumError(f"{latest} exists already; continue it with --resume, or name another --output")

        # The trained model to continue or to fine-tune, if any: its tokenizer is kept.
        trained: Checkpoint | None = None
        if resume:
            trained = checkpoint.load(latest)
        elif config.training.start:
            folder = checkpoint.locate(config.training.start)
            trained = checkpoint.load(folder)
            if changed := changed_shape(trained.config.model, config.model):
                raise FastsumError(
                    f"training.start: {trained.directory} has another {changed}; train with the same, or without "
                    "training.start"
                )

        chosen = pick_device(device)
        dtype = pick_precision(config.training.precision, chosen)
        computing = describe(chosen, dtype)
        monitor.say(f"training on {computing}")

        # The data. The leading process makes the cached files, which the others then open.
        cache = cache or cache_folder()
        if not group.leads:
            group.wait()
        data = open_dataset(config, rows, cache, monitor, trained.tokenizer if trained else None)
        if group.leads:
            group.wait()

        # The model: random weights, those of the model to fine-tune, or word vectors in the embedding.
        words = len(data.tokenizer)  # the data may have fewer than the vocabulary has room for
        outputs = min(words, config.model.output_vocabulary_size)
        config = replace(config, model=replace(config.model, vocabulary_size=words, output_vocabulary_size=outputs))
        torch.manual_seed(config.training.seed)
        model = SummaryModel(config.model)
        if trained and not resume:
            model.load_state_dict(model.state_dict() | trained.model().state_dict())  # word_counts may be new
            monitor.say(f"starting from {trained.directory}")
        elif config.training.embeddings and not resume:
            source, seed = config.training.embeddings, config.training.seed
            embeddings.initialize(model.embedding.weight, source, data, seed, cache, monitor)
        monitor.say(f"{len(data.train):,} examples to train on, {len(data.validation):,} to validate on")
        parameters = sum(parameter.numel() for parameter in model.parameters())
        monitor.say(f"{parameters / 1e6:.1f} million parameters")

        card = partial(
            write_card,
            config=config,
            data=f"{len(data.train):,} rows of {rows('train').origin}",
            scored=len(data.rows),
            hardware=f"{processor()}, {computing}, {group.size} process{'es' * (group.size > 1)}",
            parameters=parameters,
        )
        trainer = Trainer(
            Summarization(config, model, data, card), config.training, directory,
            device=chosen, dtype=dtype, group=group, report=monitor.report, say=monitor.say,
        )  # fmt: skip
        if resume:
            trainer.resume()
            monitor.say(f"resumed after step {trainer.state.position.update:,}")
        return trainer.run()


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep other runs out of the folder. The process holds the lock, so it is released however the process ends."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file = (directory / LOCK).open("a")
    except OSError as error:
        raise FastsumError(f"{directory}: {error.strerror}; name a writable folder with --output") from None
    with file:
        if not try_lock(file.fileno()):
            raise FastsumError(
                f"{directory}: another run is training there; wait until it ends or name another --output"
            )
        yield
