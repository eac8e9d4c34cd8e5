"""Word vectors start the rows of the words they are of."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from fastsum.config import DataConfig
from fastsum.data.rows import Row
from fastsum.errors import FastsumError
from fastsum.text.tokenizer import UNK, Tokenizer
from fastsum.training import embeddings
from fastsum.training.corpus import Corpus
from fastsum.training.dataset import Dataset
from fastsum.training.embeddings import load_vectors, train_vectors
from fastsum.training.examples import write_examples
from fastsum.training.monitor import Monitor


@pytest.fixture
def tokenizer() -> Tokenizer:
    return Tokenizer.train(["sun moon sun"], 10)


def test_known_words_take_their_vectors_and_others_stay(tokenizer: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("3 2\nsun 1 -1\nstar 5 5\nmoon 3 -3\nsun 9 9\n", "utf-8")
    weight = torch.zeros(len(tokenizer), 2)
    assert load_vectors(path, tokenizer, weight) == 2
    sun, moon = weight[tokenizer.id("sun")], weight[tokenizer.id("moon")]
    torch.testing.assert_close(moon, 3 * sun)
    assert sun[0] == -sun[1] > 0
    assert float(torch.stack([sun, moon]).std(correction=0)) == pytest.approx(0.02)
    assert int((weight != 0).any(1).sum()) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("sun 1 2 3\n", "line 1: 3 numbers where the model's vectors have 2"),
        ("sun 1 2\nmoon one two\n", "line 2: not a word followed by numbers"),
        ("star 1 2\n", "none of its words"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(content: str, message: str, tokenizer: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(content, "utf-8")
    with pytest.raises(FastsumError, match=message):
        load_vectors(path, tokenizer, torch.zeros(len(tokenizer), 2))


def test_a_missing_file_is_named(tokenizer: Tokenizer, tmp_path: Path) -> None:
    with pytest.raises(FastsumError, match=r"none\.txt"):
        load_vectors(tmp_path / "none.txt", tokenizer, torch.zeros(6, 2))


def test_trained_vectors_bring_words_of_like_company_together(tmp_path: Path) -> None:
    pytest.importorskip("gensim", reason="needs the vectors extra")
    farm = [f"the {animal} sleeps in the warm {place} ." for animal in ("cat", "dog") for place in ("barn", "shed")]
    shop = [f"we pay {coin} for {ware} today ." for coin in ("dollars", "euros") for ware in ("bread", "fish")]
    tokenizer = Tokenizer.train(farm + shop, 40)
    rows = [Row(str(number), " ".join((farm, shop)[number % 2] * 40), farm[0]) for number in range(20)]
    config = DataConfig()
    with (tmp_path / "examples.arrow").open("wb") as file:
        write_examples(file, rows, tokenizer, config)
    corpus = Corpus(tmp_path / "examples.arrow")
    first, second = (torch.zeros(len(tokenizer), 16) for _ in range(2))
    train_vectors(corpus, first, seed=3)
    train_vectors(corpus, second, seed=3)
    assert torch.equal(first, second)
    centred = first - first[UNK + 3 :].mean(0)

    def alike(one: str, other: str) -> float:
        return float(torch.cosine_similarity(centred[tokenizer.id(one)], centred[tokenizer.id(other)], dim=0))

    assert alike("cat", "dog") > alike("cat", "dollars") + 0.2
    assert not first[UNK].any()


def test_cached_vectors_are_those_of_the_same_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two summary columns of the same documents have examples of one digest, but tokenizers of other words."""
    trained: list[int] = []

    def train(corpus: Corpus, weight: torch.Tensor, seed: int) -> None:
        trained.append(seed)
        torch.nn.init.constant_(weight, len(trained))

    monkeypatch.setattr(embeddings, "train_vectors", train)
    corpus = SimpleNamespace(digest="the same")
    tokenizers = [Tokenizer.train([text], 10) for text in ("sun moon sun", "sun star sun", "sun moon sun")]
    assert len({len(tokenizer) for tokenizer in tokenizers}) == 1
    found = []
    for tokenizer in tokenizers:
        weight = torch.zeros(len(tokenizer), 2)
        data = Dataset(tokenizer, corpus, corpus, [])  # type: ignore[arg-type]
        with Monitor(1, None, quiet=True) as monitor:
            embeddings.initialize(weight, embeddings.TRAINED, data, 0, tmp_path, monitor)
        found.append(float(weight[0, 0]))
    assert found == [1.0, 2.0, 1.0]


def test_without_gensim_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gensim", None)
    with pytest.raises(FastsumError, match=r"Python 3\.13 or earlier.*pip install 'fastsum\[vectors\]'$"):
        train_vectors(None, torch.zeros(4, 2), seed=0)  # type: ignore[arg-type]
