"""The interface of all recommenders, and those of them that compare one vector of a user with one of each news.

Shape suffixes: N titles of a data set, U of them that are in use, T tokens of a title, B impressions, K clicks of a
history, C candidates, D width.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

NOTHING = -1
"""Padding, of tokens in titles and of news in histories and among candidates."""


class Recommender(nn.Module, ABC):
    """Scores candidate news for users by the titles of the news that they clicked."""

    keeps_news = True
    """Whether encoded news are small, so that those of a whole split can be kept."""

    @abstractmethod
    def encode(self, tokens_UT: Tensor) -> Tensor:
        """The news with these titles, padded with NOTHING, encoded: (U, T) -> (U, ...)."""

    @abstractmethod
    def score(self, news_U: Tensor, history_BK: Tensor, candidates_BC: Tensor) -> Tensor:
        """A score for each candidate, (B, C), from encoded news; histories and candidates are indices of those, or
        NOTHING. Scores of padding mean nothing."""

    def forward(self, titles_NT: Tensor, history_BK: Tensor, candidates_BC: Tensor) -> Tensor:
        """The same from titles, of which each that is used is encoded once."""
        shown_BX = torch.cat((history_BK, candidates_BC), dim=1)
        used_U, index_BX = torch.unique(shown_BX.clamp(min=0), return_inverse=True)
        index_BX = index_BX.masked_fill(shown_BX == NOTHING, NOTHING)
        history_BK, candidates_BC = index_BX.split((history_BK.shape[1], candidates_BC.shape[1]), dim=1)
        return self.score(self.encode(titles_NT[used_U]), history_BK, candidates_BC)


class TwoTowers(Recommender):
    """A recommender that scores a news by the dot product of its vector and the user's (NRMS, section 3.3).

    Args:
        news: (tokens_UT, mask_UT) -> (U, D).
        user: (news_BKD, mask_BK) -> (B, D).
    """

    def __init__(self, news: nn.Module, user: nn.Module) -> None:
        super().__init__()
        self.news = news
        self.user = user

    def encode(self, tokens_UT: Tensor) -> Tensor:
        """(U, T) -> (U, D)."""
        return self.news(tokens_UT.clamp(min=0), tokens_UT != NOTHING)

    def score(self, news_U: Tensor, history_BK: Tensor, candidates_BC: Tensor) -> Tensor:
        """(B, C), float32."""
        user_BD = self.user(news_U[history_BK.clamp(min=0)], history_BK != NOTHING)
        return torch.einsum("bd,bcd->bc", user_BD, news_U[candidates_BC.clamp(min=0)]).float()
