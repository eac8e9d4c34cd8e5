"""Recommenders with each attention: the parts by hand, the attention by its own tested layer."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from fastsum.attention.transformer import TransformerAttention
from fastsum.config import ATTENTIONS
from fastsum.tasks.recommendation import attentive, models
from fastsum.tasks.recommendation.recommender import NOTHING
from tests.tasks.recommendation.cases import CANDIDATES, HISTORY, SETTINGS, VOCABULARY, titles, with_random_weights
from tests.tasks.recommendation.test_nrms import additive_attention


def pooled(encoder: attentive.PooledAttention, x_ND: Tensor) -> Tensor:
    """The attention alone, then additive attention, for one sequence without padding."""
    return additive_attention(encoder.pooling, encoder.attention(x_ND[None])[0])


@pytest.mark.parametrize("attention", ["fastformer", "transformer", "linear"])
def test_scores_are_those_of_the_equations(attention: str) -> None:
    model = with_random_weights(attentive.build(SETTINGS, attention, VOCABULARY))
    titles_NT = titles()

    def news_vector(title_T: Tensor) -> Tensor:
        news = model.news
        e_NW = news.embedding.weight[title_T[title_T != NOTHING]]
        return pooled(news.words, e_NW @ news.projection.weight.T + news.projection.bias)

    scores_BC = model(titles_NT, HISTORY, CANDIDATES)
    for user, scores_C in enumerate(scores_BC):
        user_D = pooled(model.user, torch.stack([news_vector(titles_NT[n]) for n in HISTORY[user] if n != NOTHING]))
        for candidate, score in zip(CANDIDATES[user], scores_C, strict=True):
            if candidate != NOTHING:
                expected = (user_D @ news_vector(titles_NT[candidate])).float()
                torch.testing.assert_close(score, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_padding_does_not_matter(attention: str) -> None:
    model = with_random_weights(models.build(attention, SETTINGS, VOCABULARY))
    scores_BC = model(titles(), HISTORY, CANDIDATES)
    alone_BC = model(titles(), HISTORY[1:, :2], CANDIDATES[1:, :2])
    torch.testing.assert_close(scores_BC[1:, :2], alone_BC)


def test_each_name_has_its_own_attention() -> None:
    kinds = {}
    for name in ATTENTIONS:
        model = models.build(name, SETTINGS, VOCABULARY)
        layers = [part.attention for part in (model.news.words, model.user)]
        assert type(layers[0]) is type(layers[1])
        kinds[name] = type(layers[0])
    assert len(set(kinds.values())) == len(ATTENTIONS)
    assert kinds["transformer"] is TransformerAttention
