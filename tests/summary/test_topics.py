"""Stretches on one subject, and their names."""

from __future__ import annotations

import functools
import random

import numpy as np
import pytest
from numpy.typing import NDArray

from fastsum import Summarizer
from fastsum.summary import topics
from fastsum.summary.topics import topic_starts, topics_of
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

SUBJECTS = {
    "harbour": "ferry harbour hull captain island sailor anchor tide",
    "orchard": "apple orchard blossom harvest cider pruning beetle frost",
    "theatre": "actor stage theatre curtain audience rehearsal costume prompter",
}


def written(seed: int = 3, paragraphs: int = 8) -> str:
    """A text on three subjects, one after the other, `paragraphs` each of five sentences."""
    random_state = random.Random(seed)
    parts = []
    for words in map(str.split, SUBJECTS.values()):
        for _ in range(paragraphs):
            said = [random_state.sample(words, 4) for _ in range(5)]
            parts.append(" ".join(f"The {a} and the {b} met the {c} near the {d}." for a, b, c, d in said))
    return "\n\n".join(parts)


def no_meaning(ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """Embeddings that say nothing."""
    return np.zeros((len(ids), 4), dtype=np.float32)


@functools.cache
def tokenizer() -> Tokenizer:
    """One that knows how rare a word is."""
    return Summarizer.load("general", threads=1).tokenizer


def read(text: str) -> Source:
    return read_source(text, tokenizer())


def test_a_boundary_is_where_the_subject_changes() -> None:
    assert topic_starts(read(written()), no_meaning) == [0, 40, 80]


def test_a_name_has_words_of_its_stretch_alone() -> None:
    found = topics_of(read(written()), no_meaning)
    assert not found.are_headings
    for part, words in zip(found.parts, SUBJECTS.values(), strict=True):
        assert part.heading is not None
        names = part.heading.title.split(", ")
        assert len(set(names)) == 3
        assert set(names) <= set(words.split())


def test_words_are_spelled_as_the_document_has_them() -> None:
    text = written().replace("ferry", "Averil")
    heading = topics_of(read(text), no_meaning).parts[0].heading
    assert heading is not None
    assert "averil" not in heading.title


@pytest.mark.parametrize("text", ["One.", "One sentence is here. Another is there.", "# A heading"])
def test_a_short_text_is_one_stretch(text: str) -> None:
    assert topic_starts(read(text), no_meaning) == [0]
    assert len(topics_of(read(text), no_meaning).parts) == 1


@pytest.mark.parametrize(("paragraphs", "count"), [(4, 1), (7, 1), (14, 2), (20, 3), (80, 3)])
def test_a_text_on_one_subject_is_divided_if_it_is_long_enough(paragraphs: int, count: int) -> None:
    same = written(paragraphs=1).split("\n\n")[0]  # 46 words, in which nothing differs from the mean
    text = "\n\n".join([same] * paragraphs)
    assert len(topic_starts(read(text), no_meaning)) == count


def test_a_long_document_has_few_stretches() -> None:
    assert 3 <= len(topic_starts(read(written(paragraphs=400)), no_meaning)) < 40


def test_division_is_the_best_one() -> None:
    rows = np.random.default_rng(1).normal(size=(9, 3)).astype(np.float32)

    def cost(starts: list[int]) -> float:
        ends = [*starts[1:], len(rows)]
        parts = [rows[start:end] for start, end in zip(starts, ends, strict=True)]
        return sum(float(np.square(part - part.mean(axis=0)).sum()) for part in parts) + topics._PRICE * len(parts)

    every = [[0, *(i for i in range(1, 9) if bits >> (i - 1) & 1)] for bits in range(256)]
    assert [0, *topics._divide(rows)] == min(every, key=cost)
    for count in (1, 2, 3, 9):
        assert [0, *topics._divide_into(rows, count)] == min((one for one in every if len(one) == count), key=cost)


def test_both_engines_have_the_same_word_vectors(tiny_checkpoint: object) -> None:
    pytest.importorskip("torch")
    summarizer = Summarizer.load(str(tiny_checkpoint), device="cpu")
    ids = np.array([5, 1, 5], dtype=np.int64)
    light = summarizer.engine_for("extractive").word_vectors(ids)
    np.testing.assert_array_equal(light, summarizer.torch_engine.word_vectors(ids))
    assert light.shape == (3, summarizer.config.model.width)
