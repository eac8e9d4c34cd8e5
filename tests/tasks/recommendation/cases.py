"""What several tests of recommenders share."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from fastsum.tasks.recommendation.recommender import NOTHING
from fastsum.tasks.recommendation.settings import RecommendationConfig

VOCABULARY = 20
SETTINGS = RecommendationConfig(
    title_tokens=9, history=9, negatives=2, embedding_width=6, width=8, heads=2, query_width=5, window=4,
    pooling_window=4, projected_tokens=3, filters=4, first_channels=3, second_channels=2, dropout=0.5, batch=4,
    epochs=1,
)  # fmt: skip


def with_random_weights(module: nn.Module) -> nn.Module:
    """The module in float64 and evaluation mode, with large weights and biases that are not zero."""
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in module.double().parameters():
            parameter.normal_(std=0.7)
    return module.eval()


def titles(lengths: tuple[int, ...] = (9, 4, 1, 7, 2)) -> Tensor:
    """Random titles of these lengths, padded."""
    generator = torch.Generator().manual_seed(2)
    tokens_NT = torch.randint(4, VOCABULARY, (len(lengths), SETTINGS.title_tokens), generator=generator)
    places_T = torch.arange(SETTINGS.title_tokens)
    return tokens_NT.masked_fill(places_T >= torch.tensor(lengths)[:, None], NOTHING)


HISTORY = torch.tensor([[0, 2, 3], [4, 1, NOTHING]])
"""Clicks of two users, as rows of `titles`."""
CANDIDATES = torch.tensor([[1, 4, 0, 2], [3, 0, NOTHING, NOTHING]])
