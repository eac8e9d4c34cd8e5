"""Pretrained word vectors for the embedding: from a file in GloVe's text format, or word2vec on the examples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fastsum.errors import FastsumError, require
from fastsum.files import replacing
from fastsum.text.tokenizer import UNK, Tokenizer
from fastsum.training.corpus import Corpus
from fastsum.training.dataset import Dataset, writing_to
from fastsum.training.monitor import Monitor

TRAINED = "word2vec"
"""The value of `training.embeddings` for vectors trained on the examples."""

_STD = 0.02  # of the model's random embedding; the vectors are scaled to it
_CHUNK = 2_000  # words per text: gensim drops those beyond 10,000


def initialize(weight: Tensor, source: str, data: Dataset, seed: int, cache: Path, monitor: Monitor) -> None:
    """Overwrite the rows of `weight`, (vocabulary, width), with vectors from `source` (see `training.embeddings`).

    Trained vectors are kept in `cache`. Raises FastsumError where the file does not fit or gensim is missing.
    """
    if source != TRAINED:
        known = load_vectors(Path(source), data.tokenizer, weight)
        monitor.say(f"{known:,} of {len(data.tokenizer):,} words start from {source}")
        return
    words = hashlib.sha256(data.tokenizer.to_bytes()).hexdigest()  # the digest of the examples does not cover them
    identity = f"{TRAINED} {data.train.digest} {words} {weight.shape[1]} {seed}"
    path = cache / f"{hashlib.sha256(identity.encode()).hexdigest()[:16]}.pt"
    if not path.exists():
        monitor.say("training word vectors on the examples, in one thread; this takes a few minutes")
        train_vectors(data.train, weight, seed)
        with writing_to(cache), replacing(path) as file:
            torch.save(weight.detach().clone(), file)
    with torch.no_grad():
        weight.copy_(torch.load(path, weights_only=True))


def train_vectors(corpus: Corpus, weight: Tensor, seed: int) -> None:
    """Overwrite the rows of `weight`, (vocabulary, width), with word2vec vectors of the examples.

    Continuous bag of words (Mikolov et al. 2013, arXiv 1301.3781) with gensim, on documents and summaries, in one
    thread: with more, a seed does not determine the result. Raises FastsumError where gensim is missing.
    """
    require("gensim", f'vectors of training.embeddings "{TRAINED}", which are for Python 3.13 or earlier,', "vectors")
    from gensim.models import Word2Vec

    size, width = weight.shape
    model = Word2Vec(vector_size=width, window=6, min_count=1, sample=1e-4, negative=5, epochs=4, workers=1, seed=seed)
    texts = _Texts(corpus, size)
    model.build_vocab(texts)
    model.train(texts, total_examples=model.corpus_count, epochs=model.epochs)
    rows = {int(key): model.wv[key] for key in model.wv.index_to_key if key != str(UNK)}
    _put(rows, weight)


def load_vectors(path: Path, tokenizer: Tokenizer, weight: Tensor) -> int:
    """Overwrite the rows of `weight`, (vocabulary, width), whose words the file has, and return how many.

    A line is a word and its numbers, separated by spaces; a first line of two counts is skipped. The vectors are scaled
    to the standard deviation of the other rows.

    Raises:
        FastsumError: the file cannot be read, a line has another form or width, or no word is in the vocabulary.
    """
    width = weight.shape[1]
    rows: dict[int, NDArray[np.float32]] = {}
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, (word, *numbers) in _lines(lines):
                if len(numbers) != width:
                    raise FastsumError(
                        f"{path}, line {number}: {len(numbers)} numbers where the model's vectors have {width}; all "
                        "must have one width, in a summary model that of model.width"
                    )
                index = tokenizer.id(word)
                if index != UNK:
                    rows.setdefault(index, np.asarray(numbers, dtype=np.float32))
    except OSError as error:
        raise FastsumError(f"{path}: {error.strerror}; name a file of word vectors in training.embeddings") from None
    except ValueError:
        raise FastsumError(
            f"{path}, line {number}: not a word followed by numbers; is it in GloVe's text format?"
        ) from None
    if not rows:
        raise FastsumError(f"{path}: none of its words is in the vocabulary; are they lower-cased words?")
    _put(rows, weight)
    return len(rows)


def vector_width(path: Path) -> int:
    """The width of a file's word vectors. Raises FastsumError where it cannot be read or has none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for _, (_, *numbers) in _lines(lines):
                if numbers:
                    return len(numbers)
    except OSError as error:
        raise FastsumError(f"{path}: {error.strerror}; name a file of word vectors") from None
    raise FastsumError(f"{path}: no line is a word followed by numbers; is it in GloVe's text format?")


def _lines(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The number and the parts of each line, but for a first one of two counts."""
    for number, line in enumerate(lines, start=1):
        parts = line.rstrip().split(" ")
        if number > 1 or len(parts) != 2:
            yield number, parts


class _Texts:
    """The examples as gensim reads them, several times: lists of word ids as strings, each at most _CHUNK long."""

    def __init__(self, corpus: Corpus, size: int) -> None:
        self.corpus = corpus
        self.size = size

    def __iter__(self) -> Iterator[list[str]]:
        for number in range(len(self.corpus)):
            example = self.corpus[number]
            for ids in (example.tokens, example.targets):
                words = [str(i) for i in np.where(ids < self.size, ids, UNK).tolist()]
                for start in range(0, len(words), _CHUNK):
                    yield words[start : start + _CHUNK]


def _put(rows: dict[int, NDArray[np.float32]], weight: Tensor) -> None:
    vectors = np.stack(list(rows.values()))
    with torch.no_grad():
        weight[list(rows)] = torch.from_numpy(vectors * (_STD / max(float(vectors.std()), 1e-8))).to(weight)
