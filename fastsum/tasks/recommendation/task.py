"""Recommendation as a task of the training loop: negative sampling, and the ranking of the dev impressions.

Shape suffixes: N titles, T tokens, B clicks or impressions, K earlier clicks, C candidates, X candidates that were not
clicked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from fastsum.config import Config
from fastsum.device import autocast
from fastsum.tasks.recommendation import metrics
from fastsum.tasks.recommendation.mind import Impression, Mind
from fastsum.tasks.recommendation.recommender import NOTHING, Recommender
from fastsum.tasks.recommendation.settings import RecommendationConfig
from fastsum.tasks.training import OneLossTask
from fastsum.text.tokenizer import Tokenizer

IMPRESSIONS_AT_ONCE = 64
"""Impressions that are ranked together."""
TITLES_AT_ONCE = 512
"""Titles that are encoded together for the ranking."""


class Clicks(NamedTuple):
    """A batch of clicks, each with what the user knew and saw."""

    history_BK: Tensor
    clicked_B1: Tensor
    others_BX: Tensor
    """The candidates of the same impression that were not clicked."""


class Recommendation(OneLossTask):
    """Learns to tell clicked news from others that were shown with them (NRMS, section 3.4).

    For each click K others of its impression are drawn, anew in every epoch; with fewer than K, each comes several
    times. The loss is the cross-entropy of the softmax over the K + 1 scores.

    Args:
        config: settings for the training loop and for the checkpoints.
        tokenizer: of words, for the checkpoints.
        titles_NT: the titles as the model's tokens.
        progress: shows the progress of one ranking: its context is called with the number of impressions done.
    """

    model: Recommender

    def __init__(
        self,
        config: Config,
        settings: RecommendationConfig,
        model: Recommender,
        tokenizer: Tokenizer,
        mind: Mind,
        titles_NT: NDArray[np.int64],
        progress: Callable[[], AbstractContextManager[Callable[[int], None]]] = lambda: nullcontext(lambda done: None),
    ) -> None:
        super().__init__(config, model, tokenizer, "A news recommender")
        self.settings, self.mind, self.progress = settings, mind, progress
        self.titles_NT = torch.from_numpy(titles_NT)
        self.clicks = [
            (impression, int(place)) for impression in mind.train for place in np.flatnonzero(impression.clicked_C)
        ]
        self.sizes = np.ones(len(self.clicks), dtype=np.int64)
        self.digest = hashlib.sha256(f"{mind.digest} {settings} {config}".encode()).hexdigest()

    def collate(self, indices: Sequence[int], device: torch.device) -> Clicks:
        """The clicks, padded."""
        self.titles_NT = self.titles_NT.to(device)
        chosen = [self.clicks[index] for index in indices]
        return Clicks(
            _padded([impression.history_K[-self.settings.history :] for impression, _ in chosen], device),
            _padded([impression.candidates_C[place : place + 1] for impression, place in chosen], device),
            _padded([impression.candidates_C[~impression.clicked_C] for impression, _ in chosen], device),
        )

    def count(self, batches: Sequence[Clicks]) -> tuple[float, ...]:
        """The clicks, twice."""
        clicks = float(sum(len(batch.clicked_B1) for batch in batches))
        return clicks, clicks

    def loss(self, forward: Callable[..., Any], batch: Clicks, sizes: Sequence[float]) -> tuple[Tensor, Tensor]:
        """Cross-entropy of each click against the negatives drawn for it.

        The loop has seeded torch for this update, so a resumed run draws the same.
        """
        negatives_BX = draw(batch.others_BX, self.settings.negatives)
        candidates_BC = torch.cat((batch.clicked_B1, negatives_BX), dim=1)
        scores_BC = forward(self.titles_NT, batch.history_BK, candidates_BC)
        first_B = torch.zeros(len(scores_BC), dtype=torch.long, device=scores_BC.device)
        loss = F.cross_entropy(scores_BC, first_B, reduction="sum")
        return loss / max(1.0, sizes[0]), loss.detach().float()[None]

    def validate(self, device: torch.device, dtype: torch.dtype, check_stop: Callable[[], None]) -> dict[str, float]:
        """The figures of `metrics` on the dev impressions; the score is AUC."""

        with self.progress() as done:

            def ranked() -> Iterator[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
                for number, pair in enumerate(self.rank(self.mind.dev, device, dtype), start=1):
                    yield pair
                    if number % IMPRESSIONS_AT_ONCE == 0 or number == len(self.mind.dev):
                        check_stop()
                        done(number)

            values = metrics.mean_figures(ranked())
        return {**values, "score": values["auc"]}

    @torch.no_grad()
    def rank(
        self, impressions: Sequence[Impression], device: torch.device, dtype: torch.dtype
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
        """The scores and the clicks of each impression's candidates."""
        model, history = self.model.eval(), self.settings.history
        titles_NT = self.titles_NT.to(device)
        news_N = self._encode(titles_NT, impressions, dtype) if model.keeps_news else None
        for start in range(0, len(impressions), IMPRESSIONS_AT_ONCE):
            part = impressions[start : start + IMPRESSIONS_AT_ONCE]
            history_BK = _padded([impression.history_K[-history:] for impression in part], device)
            candidates_BC = _padded([impression.candidates_C for impression in part], device)
            with autocast(device, dtype):
                if news_N is None:
                    scores_BC = model(titles_NT, history_BK, candidates_BC)
                else:
                    scores_BC = model.score(news_N, history_BK, candidates_BC)
            for impression, scores_C in zip(part, scores_BC.float().cpu().numpy(), strict=True):
                yield scores_C[: len(impression.candidates_C)], impression.clicked_C

    def _encode(self, titles_NT: Tensor, impressions: Sequence[Impression], dtype: torch.dtype) -> Tensor:
        """The news of these impressions, in the rows of their titles; others stay zero."""
        used_U = np.unique(np.concatenate([part for one in impressions for part in (one.history_K, one.candidates_C)]))
        news_N: Tensor | None = None
        for start in range(0, len(used_U), TITLES_AT_ONCE):
            index = torch.from_numpy(used_U[start : start + TITLES_AT_ONCE].astype(np.int64)).to(titles_NT.device)
            with autocast(titles_NT.device, dtype):
                encoded = self.model.encode(titles_NT[index])
            if news_N is None:
                news_N = encoded.new_zeros(len(titles_NT), *encoded.shape[1:])
            news_N[index] = encoded
        assert news_N is not None  # every impression has candidates
        return news_N


def draw(others_BX: Tensor, count: int) -> Tensor:
    """So many of each row's news, in random order, none twice before all have come: (B, X) -> (B, count)."""
    real_BX = others_BX != NOTHING
    order_BX = torch.rand(others_BX.shape, device=others_BX.device).masked_fill(~real_BX, 2.0).argsort(dim=1)
    turns_BC = torch.arange(count, device=others_BX.device) % real_BX.sum(1, keepdim=True)
    return others_BX.gather(1, order_BX.gather(1, turns_BC))


def _padded(rows: Sequence[NDArray[np.int32]], device: torch.device) -> Tensor:
    padded = np.full((len(rows), max(1, *map(len, rows))), NOTHING, dtype=np.int64)
    for row, items in zip(padded, rows, strict=True):
        row[: len(items)] = items
    return torch.from_numpy(padded).to(device)
