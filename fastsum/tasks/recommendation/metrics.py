"""AUC, MRR and nDCG of ranked impressions, as MIND's own evaluation script defines them.

Each figure is computed for one impression, then averaged over all (Wu et al., ACL 2020, section 5.2, and `evaluate.py`
of the data set). The script reads ranks, which have no ties. Here tied scores count with the mean over all orders of
theirs, as in scikit-learn, so that a model that scores everything alike gets no credit for the order in the file.

Shape suffix: C candidates of an impression.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FIGURES = {"auc": "AUC", "mrr": "MRR", "ndcg5": "nDCG@5", "ndcg10": "nDCG@10"}
"""The figures, and their names in print."""

Scores = NDArray[np.floating[Any]]


class Ranked(NamedTuple):
    """The candidates of an impression by falling score."""

    clicks_C: NDArray[np.float64]
    """Whether each was clicked; for tied scores the mean of the tie, which is the expectation over its orders."""

    @classmethod
    def by(cls, scores_C: Scores, clicked_C: NDArray[np.bool_]) -> Ranked:
        """Rank by these scores."""
        order = np.argsort(-scores_C, kind="stable")
        clicks_C = clicked_C[order].astype(np.float64)
        starts = np.flatnonzero(np.diff(scores_C[order], prepend=np.nan))
        sizes = np.diff(starts, append=len(order))
        return cls(np.repeat(np.add.reduceat(clicks_C, starts) / sizes, sizes))


def auc(scores_C: Scores, clicked_C: NDArray[np.bool_]) -> float:
    """Share of the pairs of a clicked and another candidate in which the clicked one scores higher; ties count half."""
    positive, negative = scores_C[clicked_C][:, None], scores_C[~clicked_C][None, :]
    return float(((positive > negative) + 0.5 * (positive == negative)).mean())


def reciprocal_rank(ranked: Ranked) -> float:
    """The mean of 1 / rank over all clicked candidates, not only the first: that is MIND's definition of MRR."""
    clicks_C = ranked.clicks_C
    return float((clicks_C / np.arange(1, len(clicks_C) + 1)).sum() / clicks_C.sum())


def ndcg(ranked: Ranked, depth: int) -> float:
    """Discounted cumulative gain of the first `depth` candidates over that of the best order; a click's gain is 1."""
    clicks_C = ranked.clicks_C
    discounts = 1 / np.log2(np.arange(2, min(depth, len(clicks_C)) + 2))
    best = discounts[: round(clicks_C.sum())].sum()
    return float((clicks_C[: len(discounts)] * discounts).sum() / best)


def mean_figures(impressions: Iterable[tuple[Scores, NDArray[np.bool_]]]) -> dict[str, float]:
    """The FIGURES, each the mean over impressions of scores and clicks."""
    rows = []
    for scores_C, clicked_C in impressions:
        ranked = Ranked.by(scores_C, clicked_C)
        rows.append((auc(scores_C, clicked_C), reciprocal_rank(ranked), ndcg(ranked, 5), ndcg(ranked, 10)))
    return dict(zip(FIGURES, np.mean(rows, axis=0).tolist(), strict=True))
