"""Accuracy and macro-F against their definitions, class by class."""

from __future__ import annotations

import numpy as np
import pytest

from fastsum.tasks.classification.metrics import accuracy, macro_f


def f_by_definition(expected: list[int], predicted: list[int], label: int) -> float:
    pairs = list(zip(expected, predicted, strict=True))
    hits = sum(pair == (label, label) for pair in pairs)
    if not hits:
        return 0.0
    precision = hits / predicted.count(label)
    recall = hits / expected.count(label)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize("seed", range(5))
def test_they_are_their_definitions(seed: int) -> None:
    random = np.random.default_rng(seed)
    expected, predicted = random.integers(7, size=(2, 40))
    predicted[:20] = expected[:20]
    classes = {*expected.tolist(), *predicted.tolist()}
    mean = np.mean([f_by_definition(expected.tolist(), predicted.tolist(), label) for label in classes])
    assert macro_f(expected, predicted) == pytest.approx(mean)
    assert accuracy(expected, predicted) == pytest.approx(sum(expected == predicted) / 40)


def test_every_class_counts_the_same() -> None:
    # Of scikit-learn 1.9: f1_score([0] * 9 + [1], [0] * 10, average="macro").
    expected, predicted = np.array([0] * 9 + [1]), np.zeros(10, dtype=int)
    assert macro_f(expected, predicted) == pytest.approx(0.47368421)
    assert accuracy(expected, predicted) == 0.9


def test_a_class_that_is_neither_expected_nor_predicted_does_not_count() -> None:
    assert macro_f(np.array([0, 5]), np.array([0, 5])) == 1.0
