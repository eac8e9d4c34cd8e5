"""The recommenders by name."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from fastsum.config import ATTENTIONS
from fastsum.tasks.recommendation import attentive, fim, nrms, plm
from fastsum.tasks.recommendation.recommender import Recommender, TwoTowers
from fastsum.tasks.recommendation.settings import RecommendationConfig

WITH_LANGUAGE_MODEL = ("plm-nr", "fastformer+plm-nr")
"""Recommenders whose news encoder is a pretrained language model; the first has NRMS's user encoder."""
MODELS = ("nrms", "fim", *ATTENTIONS, *WITH_LANGUAGE_MODEL)
"""All of them."""
WORD_STD = 0.02
"""Standard deviation of random word vectors, and of those that `load_vectors` reads."""
WORD_SCALE = 5.0
"""What they are multiplied by. Small vectors leave NRMS's attention uniform for long: nothing in it normalizes them."""


def build(name: str, settings: RecommendationConfig, vocabulary: int, language_model: Any = None) -> Recommender:
    """The recommender of this name from MODELS, with random weights.

    Args:
        vocabulary: number of words of fastsum's tokenizer.
        language_model: for those that need one, as `plm.load` gives it; its weights are changed by training.
    """
    model: Recommender
    if name in WITH_LANGUAGE_MODEL:
        user = nrms.UserEncoder(settings) if name == "plm-nr" else attentive.PooledAttention(settings, "fastformer")
        model = plm.build(settings, language_model, user)
    elif name == "nrms":
        model = nrms.build(settings, vocabulary)
    elif name == "fim":
        model = fim.build(settings, vocabulary)
    else:
        model = attentive.build(settings, name, vocabulary)
    pretrained = set(language_model.modules()) if name in WITH_LANGUAGE_MODEL else set()
    for part in model.modules():
        if part in pretrained:
            continue
        if isinstance(part, nn.Linear):
            nn.init.xavier_uniform_(part.weight)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
        elif isinstance(part, nn.Embedding):
            nn.init.normal_(part.weight, std=WORD_STD)
    return model


def word_vectors(model: Recommender) -> torch.Tensor | None:
    """The word vectors of a recommender, (vocabulary, width); None with a language model."""
    news = model.news if isinstance(model, TwoTowers) else model
    embedding = getattr(news, "embedding", None)
    return None if embedding is None else embedding.weight
