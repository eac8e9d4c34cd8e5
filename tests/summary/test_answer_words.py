"""How often an answer should have each word."""

from __future__ import annotations

import numpy as np
import pytest

from fastsum.summary.answer_words import WORD_WEIGHTS, answer_words, features
from fastsum.summary.document_words import DocumentWords
from fastsum.text.source import read_source
from fastsum.text.tokenizer import Tokenizer

TEXT = (
    "The crane was bought by the council. Its price had doubled, they said. The choir sang at the end, and cranes flew."
)


@pytest.fixture(scope="module")
def found() -> DocumentWords:
    return DocumentWords(read_source(TEXT, Tokenizer.train([TEXT], 60)))


def expected(found: DocumentWords, question: str, near: float = 0.01, count: float = 0.1) -> dict[str, float]:
    near_W = np.full(len(found.words), near)
    counts = answer_words(found, near_W, dict.fromkeys(found.ids_W.tolist(), count), question)
    return dict(zip(found.source.words(counts), counts.values(), strict=True))


def test_what_is_asked_is_expected_in_any_form(found: DocumentWords) -> None:
    counts, other = expected(found, "What did the crane cost?"), expected(found, "Who sang?")
    assert counts["crane"] > counts["cranes"] > other["cranes"]
    assert counts["council"] == other["council"]


def test_more_is_expected_of_what_is_near_and_of_what_a_summary_has(found: DocumentWords) -> None:
    usual = expected(found, "crane")
    assert expected(found, "crane", near=0.02)["price"] > usual["price"]
    assert expected(found, "crane", count=0.5)["price"] > usual["price"]


def test_marks_are_not_expected_and_nothing_without_a_model_that_counts_words(found: DocumentWords) -> None:
    assert not {".", ","} & expected(found, "crane").keys()
    assert answer_words(found, np.full(len(found.words), 0.01), {}, "crane") == {}


def test_counts_are_bounded(found: DocumentWords) -> None:
    assert max(expected(found, "the crane", near=1.0, count=50.0).values()) <= 20.0001


def test_there_is_a_weight_for_each_feature(found: DocumentWords) -> None:
    shape = features(found, np.zeros(len(found.words)), {}, "crane").shape
    assert shape == (len(found.words), len(WORD_WEIGHTS))
