"""The figures against scikit-learn's and against MIND's definitions, written out in the form of its script."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from fastsum.tasks.recommendation.metrics import FIGURES, Ranked, auc, mean_figures, ndcg, reciprocal_rank

Impressions = list[tuple[NDArray[np.float64], NDArray[np.bool_]]]


def impressions(count: int = 60, ties: bool = False) -> Impressions:
    """Random scores and clicks, at least one of them a click and one not."""
    random = np.random.default_rng(3)
    found = []
    for _ in range(count):
        size = int(random.integers(2, 30))
        clicked_C = np.arange(size) < random.integers(1, size)
        random.shuffle(clicked_C)
        scores_C = random.integers(0, 4, size).astype(float) if ties else random.permutation(size).astype(float)
        found.append((scores_C, clicked_C))
    return found


def by_script(scores_C: NDArray[np.float64], clicked_C: NDArray[np.bool_]) -> tuple[float, float, float]:
    """MRR and nDCG at 5 and 10 as MIND's script computes them from ranks without ties."""
    places = sorted(range(len(scores_C)), key=lambda place: -scores_C[place])
    labels = [int(clicked_C[place]) for place in places]
    best = sorted(labels, reverse=True)
    mrr = sum(label / rank for rank, label in enumerate(labels, start=1)) / sum(labels)

    def gain(ordered: list[int], depth: int) -> float:
        return float(sum((2**label - 1) / np.log2(rank + 1) for rank, label in enumerate(ordered[:depth], start=1)))

    return mrr, *(gain(labels, depth) / gain(best, depth) for depth in (5, 10))  # type: ignore[return-value]


def test_figures_are_those_of_minds_script() -> None:
    for scores_C, clicked_C in impressions():
        ranked = Ranked.by(scores_C, clicked_C)
        found = reciprocal_rank(ranked), ndcg(ranked, 5), ndcg(ranked, 10)
        np.testing.assert_allclose(found, by_script(scores_C, clicked_C), rtol=1e-12)


@pytest.mark.parametrize("ties", [False, True])
def test_auc_and_ndcg_are_those_of_scikit_learn(ties: bool) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    for scores_C, clicked_C in impressions(ties=ties):
        assert auc(scores_C, clicked_C) == pytest.approx(metrics.roc_auc_score(clicked_C, scores_C), abs=1e-12)
        for depth in (5, 10):
            expected = metrics.ndcg_score([clicked_C], [scores_C], k=depth)
            assert ndcg(Ranked.by(scores_C, clicked_C), depth) == pytest.approx(expected, abs=1e-12)


def test_mrr_is_scikit_learns_where_one_news_was_clicked() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    for scores_C, clicked_C in impressions():
        one_C = np.arange(len(clicked_C)) == int(np.argmax(clicked_C))
        expected = metrics.label_ranking_average_precision_score([one_C], [scores_C])
        assert reciprocal_rank(Ranked.by(scores_C, one_C)) == pytest.approx(expected, abs=1e-12)


def test_ties_count_with_the_mean_over_their_orders() -> None:
    scores_C, clicked_C = np.array([1.0, 2.0, 1.0, 1.0, 0.0]), np.array([True, False, False, True, False])
    ranked = Ranked.by(scores_C, clicked_C)
    orders = []
    for order in itertools.permutations((1.1, 1.2, 1.3)):
        untied_C = np.array([order[0], 2.0, order[1], order[2], 0.0])
        orders.append(by_script(untied_C, clicked_C))
    found = reciprocal_rank(ranked), ndcg(ranked, 5), ndcg(ranked, 10)
    np.testing.assert_allclose(found, np.mean(orders, axis=0), rtol=1e-12)


def test_a_worked_example() -> None:
    """Clicks at ranks 1 and 3 of 4: three pairs of four are in order."""
    scores_C, clicked_C = np.array([0.9, 0.1, 0.5, 0.7]), np.array([True, False, True, False])
    values = mean_figures([(scores_C, clicked_C)])
    assert list(values) == list(FIGURES)
    assert values["auc"] == 0.75
    assert values["mrr"] == pytest.approx((1 + 1 / 3) / 2)
    assert values["ndcg5"] == values["ndcg10"] == pytest.approx(1.5 / (1 + 1 / np.log2(3)))


def test_the_mean_is_over_impressions_not_over_pairs() -> None:
    right = (np.array([1.0, 0.0]), np.array([True, False]))
    wrong = (np.arange(20.0), np.arange(20) == 0)
    assert mean_figures([right, wrong])["auc"] == 0.5
