"""Accuracy and macro-F of predicted classes. Shape suffix: R texts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def accuracy(expected_R: NDArray[np.integer[Any]], predicted_R: NDArray[np.integer[Any]]) -> float:
    """The share of texts whose class was predicted; of at least one text."""
    return float(np.mean(expected_R == predicted_R))


def macro_f(expected_R: NDArray[np.integer[Any]], predicted_R: NDArray[np.integer[Any]]) -> float:
    """The mean of the F1 of all classes that are expected or predicted at least once; of at least one text.

    A class's F1 is 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall.
    """
    classes, places = np.unique(np.concatenate([expected_R, predicted_R]), return_inverse=True)
    expected, predicted = np.split(places, 2)
    hits = np.bincount(expected[expected == predicted], minlength=len(classes))
    counted = np.bincount(expected, minlength=len(classes)) + np.bincount(predicted, minlength=len(classes))
    return float(np.mean(2 * hits / counted))
