"""Encoders with any of fastsum's attention mechanisms in the places of NRMS's self-attention.

As in the Fastformer paper (arXiv 2108.09084), which learns news from titles and users from clicked news. Its
authors note (README of github.com/wuch15/Fastformer) that in news recommendation "it is better to directly use
Fastformer without layer normalization and position embedding": so the attention stands alone here, for all mechanisms.
Shape suffixes: U news, T tokens, B sequences, N elements, D width, W width of a word's vector.
"""

from __future__ import annotations

from torch import Tensor, nn

from fastsum.attention.encoders import encoder_attention
from fastsum.tasks.pooling import AttentionPooling
from fastsum.tasks.recommendation.recommender import TwoTowers
from fastsum.tasks.recommendation.settings import RecommendationConfig


class PooledAttention(nn.Module):
    """Attention over a sequence of vectors, and additive attention over its output; the user encoder."""

    def __init__(self, settings: RecommendationConfig, attention: str) -> None:
        super().__init__()
        self.attention = encoder_attention(settings.attention(attention), 0)
        self.pooling = AttentionPooling(settings.width, settings.query_width)
        self.dropout = nn.Dropout(settings.dropout)

    def forward(self, x_BND: Tensor, mask_BN: Tensor) -> Tensor:
        """(B, N, D) -> (B, D)."""
        return self.pooling(self.dropout(self.attention(x_BND, mask_BN)), mask_BN)


class NewsEncoder(nn.Module):
    """A title as a vector."""

    def __init__(self, settings: RecommendationConfig, attention: str, vocabulary: int) -> None:
        super().__init__()
        width, embedding_width = settings.width, settings.embedding_width
        self.embedding = nn.Embedding(vocabulary, embedding_width)
        self.projection = nn.Identity() if embedding_width == width else nn.Linear(embedding_width, width)
        self.words = PooledAttention(settings, attention)
        self.dropout = nn.Dropout(settings.dropout)

    def forward(self, tokens_UT: Tensor, mask_UT: Tensor) -> Tensor:
        """(U, T) -> (U, D)."""
        e_UTW = self.dropout(self.embedding(tokens_UT))
        return self.words(self.projection(e_UTW), mask_UT)


def build(settings: RecommendationConfig, attention: str, vocabulary: int) -> TwoTowers:
    """A recommender with this attention and random weights, for titles of so many different words."""
    return TwoTowers(NewsEncoder(settings, attention, vocabulary), PooledAttention(settings, attention))
