"""NRMS against its paper's equations, written out element by element."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from fastsum.tasks.recommendation import models, nrms
from fastsum.tasks.recommendation.recommender import NOTHING, TwoTowers
from tests.tasks.recommendation.cases import CANDIDATES, HISTORY, SETTINGS, VOCABULARY, titles, with_random_weights


def self_attention(layer: nrms.SelfAttention, e_NW: Tensor) -> Tensor:
    """Equations 1 and 2, with Q_k as one matrix of W x W for each head."""
    channels = layer.query.weight.shape[0] // layer.heads
    rows = []
    for i in range(len(e_NW)):
        heads = []
        for k in range(layer.heads):
            own = slice(k * channels, (k + 1) * channels)
            q_WW = layer.query.weight[own].T @ layer.key.weight[own] / math.sqrt(channels)
            exponentials = [torch.exp(e_NW[i] @ q_WW @ e_NW[j]) for j in range(len(e_NW))]
            mixed_W = sum(a / sum(exponentials) * e_NW[j] for j, a in enumerate(exponentials))
            heads.append(layer.value.weight[own] @ mixed_W)
        rows.append(torch.cat(heads))
    return torch.stack(rows)


def additive_attention(pooling: torch.nn.Module, h_ND: Tensor) -> Tensor:
    """Equations 3 to 5."""
    key, query = pooling.key, pooling.query
    exponentials = [torch.exp(query.weight[0] @ torch.tanh(key.weight @ h_D + key.bias)) for h_D in h_ND]
    return sum(a / sum(exponentials) * h_D for a, h_D in zip(exponentials, h_ND, strict=True))


def news_vector(model: TwoTowers, title_T: Tensor) -> Tensor:
    words = title_T[title_T != NOTHING]
    e_NW = torch.stack([model.news.embedding.weight[int(word)] for word in words])
    return additive_attention(model.news.pooling, self_attention(model.news.attention, e_NW))


def test_scores_are_those_of_the_equations() -> None:
    model = with_random_weights(nrms.build(SETTINGS, VOCABULARY))
    titles_NT = titles()
    scores_BC = model(titles_NT, HISTORY, CANDIDATES)
    for user, scores_C in enumerate(scores_BC):
        clicked_KD = torch.stack([news_vector(model, titles_NT[n]) for n in HISTORY[user] if n != NOTHING])
        user_D = additive_attention(model.user.pooling, self_attention(model.user.attention, clicked_KD))
        for candidate, score in zip(CANDIDATES[user], scores_C, strict=True):
            if candidate != NOTHING:
                torch.testing.assert_close(score, (user_D @ news_vector(model, titles_NT[candidate])).float())


def test_a_user_without_clicks_likes_everything_alike() -> None:
    model = with_random_weights(models.build("nrms", SETTINGS, VOCABULARY))
    scores_BC = model(titles(), torch.full((1, 1), NOTHING), CANDIDATES[:1])
    assert scores_BC.tolist() == [[0.0] * 4]
