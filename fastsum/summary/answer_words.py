"""How often the answer to a question should have each word of the document.

A Poisson regression, fitted to the answers of QMSum's training questions (`docs/experiments/about.py expect`), on how
often the model expects the word in a summary of the whole document, on how frequent it is in the passages around the
question's words, on whether the question has it, and on its rarity. `coverage` then chooses sentences that have these
words between them: a sentence's own score does not know what the others say.

Shape suffixes: W distinct words of the document, F features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.summary.document_words import DocumentWords
from fastsum.text.statistics import rarities

Floats = NDArray[np.float64]

_LENGTH = 70  # words of an answer, in which frequencies are counted
_LEAST_RATE, _LEAST_EXPECTED = 0.01, 1e-3  # whose logarithms stand for none
_MOST = 20.0  # times that a word is expected


class WordWeights(NamedTuple):
    """The logarithm of the expected count: the sum of these, each times its feature."""

    bias: float = -1.276
    expected: float = 0.356
    """The logarithm of the count in a summary of the whole document,"""
    near: float = 0.222
    """of that in as many words of the passages around the question's words,"""
    often: float = 0.479
    """and what of it is above that of once."""
    both: float = -0.032
    """The product of the first two logarithms."""
    rarity: float = 1.767
    """From 0 (the commonest word) to 1,"""
    near_rarity: float = 0.677
    """and times the logarithm of near."""
    small: float = 0.837
    """A word such as "the" or "they","""
    expected_small: float = 0.178
    """and times the logarithm of expected."""
    form: float = 0.094
    """The question has it in any form,"""
    near_form: float = -0.24
    """and times the logarithm of near;"""
    asked: float = 0.922
    """in this form,"""
    asked_small: float = -0.65
    """as a word such as "the","""
    asked_asking: float = -0.364
    """as a word of asking such as "discuss"."""


WORD_WEIGHTS = WordWeights()


def features(found: DocumentWords, near_W: Floats, expected: Mapping[int, float], question: str) -> Floats:
    """What the regression goes by, (W, F).

    Args:
        near_W: the frequency of each word in the passages around the question's words.
        expected: by extended id, in a summary of the whole document.
    """
    source, words, ids_W = found.source, found.words, found.ids_W
    language, size = source.language, len(source.tokenizer)
    question_words = set(source.tokenizer.split(question))
    forms = {language.stem(word) for word in question_words}
    beginnings = {form[:2] for form in forms}
    near = np.log(_LENGTH * near_W + _LEAST_RATE)
    counts = np.fromiter((expected.get(number, 0.0) for number in ids_W.tolist()), np.float64, len(words))
    often = np.log(counts + _LEAST_EXPECTED)
    rarity = rarities(np.minimum(ids_W, size - 1), size)

    def where(holds: Callable[[str], bool]) -> Floats:
        return np.fromiter(map(holds, words), np.float64, len(words))

    small = where(language.is_small_word)
    asked = where(lambda word: word in question_words)
    form = where(lambda word: word[:2] in beginnings and language.stem(word) in forms)
    asking = where(lambda word: word in question_words and language.is_asking(word)) * (1 - small)
    columns = (
        np.ones(len(words)), often, near, near.clip(min=0.0), often * near, rarity, near * rarity, small, often * small,
        form, near * form, asked, asked * small, asking,
    )  # fmt: skip
    return np.stack(columns, axis=1)


def answer_words(
    found: DocumentWords,
    near_W: Floats,
    expected: Mapping[int, float],
    question: str,
    weights: WordWeights = WORD_WEIGHTS,
) -> dict[int, float]:
    """How often the answer should have each word, by its extended id; empty where `expected` is. As for `features`."""
    if not expected:
        return {}
    logarithms_W = features(found, near_W, expected, question) @ np.array(weights)
    rates = np.exp(logarithms_W.clip(max=np.log(_MOST))).tolist()
    kept = found.is_word_W.tolist()
    return {number: rate for number, rate, is_word in zip(found.ids_W.tolist(), rates, kept, strict=True) if is_word}
