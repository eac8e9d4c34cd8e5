"""One training run from its parts: rows, tokeniser, examples, model, trainer, log."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import torch

from fastsum.config import Config, changed_shape
from fastsum.data.rows import Rows
from fastsum.device import describe, pick_device, pick_precision, processor
from fastsum.errors import FastsumError
from fastsum.files import cache_folder, replacing, try_lock
from fastsum.model import checkpoint
from fastsum.model.checkpoint import LATEST, Checkpoint
from fastsum.model.network import SummaryModel
from fastsum.text.tokenizer import Tokenizer
from fastsum.training.card import write_card
from fastsum.training.corpus import Corpus
from fastsum.training.distributed import Group
from fastsum.training.embeddings import TRAINED, load_vectors, train_vectors
from fastsum.training.examples import FORMAT, train_tokenizer
from fastsum.training.monitor import Monitor
from fastsum.training.trainer import Data, Trainer

LOCK = ".lock"
"""The file in a run's folder that only one run at a time holds."""


def train(
    config: Config,
    rows: Callable[[str], Rows],
    directory: Path,
    *,
    monitor: Monitor,
    group: Group,
    device: str = "auto",
    cache: Path | None = None,
    resume: bool = False,
) -> dict[str, float]:
    """Train as `config` says and return the best validation's values.

    Args:
        rows: opens a split, "train" or "validation".
        directory: takes the checkpoints `latest` and `best`.
        cache: where tokenised examples are kept.

    Raises:
        FastsumError: for unusable data, settings that do not fit, a loss that is not finite, another run that trains in
            `directory` at the same time.
        fastsum.training.trainer.Interrupted: after a signal, with everything saved.
    """
    with _locked(directory) if group.leads else nullcontext():
        return _train(config, rows, directory, monitor, group, device, cache, resume)


def _train(
    config: Config,
    rows: Callable[[str], Rows],
    directory: Path,
    monitor: Monitor,
    group: Group,
    device: str,
    cache: Path | None,
    resume: bool,
) -> dict[str, float]:
    latest = directory / LATEST
    if not resume and latest.exists():
        raise FastsumError(f"{latest} exists already: give --resume to go on from it, or another --output")
    place = pick_device(device)
    dtype = pick_precision(config.training.precision, place)
    monitor.say(f"training on {describe(place, dtype)}")
    stored = checkpoint.load(latest) if resume else _start(config)
    if not group.leads:
        group.wait()  # the leading process makes the cached files that the others then open
    tokenizer, data = _data(config, rows, cache or cache_folder(), stored.tokenizer if stored else None, monitor)
    if group.leads:
        group.wait()
    config = _fitted(config, len(tokenizer))
    torch.manual_seed(config.training.seed)
    model = SummaryModel(config.model)
    if stored and not resume:
        model.load_state_dict(model.state_dict() | stored.model().state_dict())  # all, or all but how words are weighed
        monitor.say(f"starting from {stored.directory}")
    elif config.training.embeddings and not resume:
        _start_embedding(config, tokenizer, model.embedding.weight, data.train, cache or cache_folder(), monitor)
    parameters = sum(p.numel() for p in model.parameters())
    monitor.say(f"{len(data.train):,} examples to train on, {len(data.validation):,} to validate on")
    monitor.say(f"{parameters / 1e6:.1f} million parameters")
    origin = f"{len(data.train):,} rows of {rows('train').origin}"

    def card(update: int, seconds: float, scores: dict[str, float]) -> str:
        return write_card(
            config,
            data=origin,
            hardware=f"{processor()}, {describe(place, dtype)}, {group.size} process{'es' * (group.size > 1)}",
            parameters=parameters,
            update=update,
            seconds=seconds,
            scores=scores,
        )

    trainer = Trainer(
        config, tokenizer, model, data, directory,
        device=place, dtype=dtype, group=group, report=monitor.report, card=card,
    )  # fmt: skip
    if resume:
        trainer.resume()
        monitor.say(f"resumed after update {trainer.state.place.update:,}")
    return trainer.run()


def _start(config: Config) -> Checkpoint | None:
    """The checkpoint that training begins with, if any."""
    if not config.training.start:
        return None
    stored = checkpoint.load(checkpoint.locate(config.training.start))
    if changed := changed_shape(stored.config.model, config.model):
        raise FastsumError(
            f"training.start: {stored.directory} has another {changed}; train with the same, or without training.start"
        )
    return stored


def _start_embedding(
    config: Config, tokenizer: Tokenizer, weight: torch.Tensor, examples: Corpus, cache: Path, monitor: Monitor
) -> None:
    source = config.training.embeddings
    if source != TRAINED:
        found = load_vectors(Path(source), tokenizer, weight)
        monitor.say(f"{found:,} of {len(tokenizer):,} words start from {source}")
        return
    identity = f"{TRAINED} {examples.digest} {len(tokenizer)} {weight.shape[1]} {config.training.seed}"
    path = cache / f"{hashlib.sha256(identity.encode()).hexdigest()[:16]}.pt"
    if not path.exists():
        monitor.say("training word vectors on the examples, in one thread: some minutes")
        train_vectors(examples, weight, config.training.seed)
        with _writing_to(cache), replacing(path) as file:
            torch.save(weight.detach().clone(), file)
    with torch.no_grad():
        weight.copy_(torch.load(path, weights_only=True))


def _fitted(config: Config, words: int) -> Config:
    """The configuration with the vocabulary that the data could fill."""
    outputs = min(words, config.model.output_vocabulary_size)
    return replace(config, model=replace(config.model, vocabulary_size=words, output_vocabulary_size=outputs))


def _data(
    config: Config, rows: Callable[[str], Rows], cache: Path, tokenizer: Tokenizer | None, monitor: Monitor
) -> tuple[Tokenizer, Data]:
    train, validation = rows("train"), rows("validation")
    if tokenizer is None:
        tokenizer = _tokenizer(train, config.model.vocabulary_size, cache, monitor)
    worded = (row for row in validation if any(map(str.isalnum, row.document)))
    kept = list(itertools.islice(worded, config.training.validate_rows))
    data = Data(
        _examples(train, tokenizer, config, cache, monitor),
        _examples(validation, tokenizer, config, cache, monitor),
        kept,
    )
    for reason in dict.fromkeys((train.describe_rejects(), validation.describe_rejects())):  # of one file the same
        if reason:
            monitor.say(reason)
    return tokenizer, data


def _examples(rows: Rows, tokenizer: Tokenizer, config: Config, cache: Path, monitor: Monitor) -> Corpus:
    with monitor.progress(f"tokenising {rows.origin}") as advance, _writing_to(cache):
        corpus = Corpus.cached(cache, rows.key, rows, tokenizer, config.data, advance)
    if not len(corpus):
        raise FastsumError(f"{rows.origin}: no document has a word; check the data and the columns read")
    return corpus


def _tokenizer(train: Rows, size: int, cache: Path, monitor: Monitor) -> Tokenizer:
    path = cache / f"{hashlib.sha256(f'{FORMAT} {train.key} {size}'.encode()).hexdigest()[:16]}.json"
    if path.exists():
        return Tokenizer.from_bytes(path.read_bytes())
    with monitor.progress(f"counting the words of {train.origin}") as advance:
        tokenizer = train_tokenizer(train, size, advance)
    with _writing_to(cache):
        cache.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(tokenizer.to_bytes())
    return tokenizer


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Keep other runs out of the folder. The lock is the process's: it goes with it, however the process ends."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file = (directory / LOCK).open("a")
    except OSError as error:
        raise FastsumError(f"{directory}: {error.strerror}; name a folder that can be written with --output") from None
    with file:
        if not try_lock(file.fileno()):
            raise FastsumError(
                f"{directory}: another run is training there at this moment; wait for its end or name another --output"
            )
        yield


@contextmanager
def _writing_to(cache: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FastsumError(
            f"{cache}: {error.strerror or error}; name a folder that can be written, with room, by --cache"
        ) from None
