"""The data set of a run: its tokenizer, its examples and the rows to validate on, made once and cached."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastsum.config import Config
from fastsum.data.rows import Row, Rows
from fastsum.errors import FastsumError
from fastsum.files import replacing
from fastsum.text.tokenizer import Tokenizer
from fastsum.training.corpus import Corpus
from fastsum.training.examples import FORMAT, train_tokenizer
from fastsum.training.monitor import Monitor


@dataclass(frozen=True)
class Dataset:
    """Everything that a model is trained and validated on."""

    tokenizer: Tokenizer
    train: Corpus
    validation: Corpus
    """Examples for the validation losses."""
    rows: Sequence[Row]
    """Validation rows to summarize and score."""


def open_dataset(
    config: Config, rows: Callable[[str], Rows], cache: Path, monitor: Monitor, tokenizer: Tokenizer | None = None
) -> Dataset:
    """Read the splits "train" and "validation", and tokenize them unless the cache has them.

    Args:
        rows: opens a split.
        tokenizer: that of a trained model; without one it is trained on the training rows.

    Raises FastsumError where no document of a split has a word, or the cache cannot be written.
    """
    train, validation = rows("train"), rows("validation")
    tokenizer = tokenizer or _cached_tokenizer(train, config.model.vocabulary_size, cache, monitor)
    with_words = (row for row in validation if any(map(str.isalnum, row.document)))
    scored = list(itertools.islice(with_words, config.training.validate_rows))
    corpora = []
    for split in (train, validation):
        with monitor.progress(f"tokenizing and labelling {split.origin}", split.size) as advance, writing_to(cache):
            corpora.append(Corpus.cached(cache, split.key, split, tokenizer, config.data, advance))
        if not len(corpora[-1]):
            raise FastsumError(f"{split.origin}: no document has a word; check the data and the columns")
    for note in dict.fromkeys((train.describe_rejects(), validation.describe_rejects())):  # may be of one file
        if note:
            monitor.say(note)
    return Dataset(tokenizer, corpora[0], corpora[1], scored)


def _cached_tokenizer(train: Rows, size: int, cache: Path, monitor: Monitor) -> Tokenizer:
    path = cache / f"{hashlib.sha256(f'{FORMAT} {train.key} {size}'.encode()).hexdigest()[:16]}.json"
    if path.exists():
        return Tokenizer.from_bytes(path.read_bytes())
    with monitor.progress(f"counting the words of {train.origin}") as advance:
        tokenizer = train_tokenizer(train, size, advance)
    with writing_to(cache):
        cache.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(tokenizer.to_bytes())
    return tokenizer


@contextmanager
def writing_to(cache: Path) -> Iterator[None]:
    """Turn an OSError inside into a FastsumError about the cache folder."""
    try:
        yield
    except OSError as error:
        raise FastsumError(
            f"{cache}: {error.strerror or error}; name a writable folder with free space by --cache"
        ) from None
