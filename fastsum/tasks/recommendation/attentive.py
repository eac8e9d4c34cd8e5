"""Encoders with any of fastsum's attention mechanisms in the places of NRMS's self-attention.

As in the Fastformer paper (arXiv 2108.09084, section 3.1): such an encoder reads a title's words and another one the
vectors of a user's clicked news, and additive attention pools both. Shape suffixes: U news, T tokens, B sequences,
N elements, D width.
"""

from __future__ import annotations

from torch import Tensor, nn

from fastsum.model.layers import Encoder, sinusoids
from fastsum.tasks.pooling import AttentionPooling
from fastsum.tasks.recommendation.recommender import TwoTowers
from fastsum.tasks.recommendation.settings import RecommendationConfig


class PooledEncoder(nn.Module):
    """Encoder layers over a sequence of vectors, and additive attention over their output; the user encoder."""

    def __init__(self, settings: RecommendationConfig, attention: str) -> None:
        super().__init__()
        self.encoder = Encoder(settings.attention(attention), settings.layers)
        self.pooling = AttentionPooling(settings.width, settings.query_width)
        self.dropout = nn.Dropout(settings.dropout)

    def forward(self, x_BND: Tensor, mask_BN: Tensor) -> Tensor:
        """(B, N, D) -> (B, D)."""
        positions_ND = sinusoids(x_BND.shape[1], x_BND.shape[2], device=x_BND.device).to(x_BND.dtype)
        return self.pooling(self.encoder(self.dropout(x_BND + positions_ND), mask_BN), mask_BN)


class NewsEncoder(nn.Module):
    """A title as a vector."""

    def __init__(self, settings: RecommendationConfig, attention: str, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, settings.embedding_width)
        self.projection = nn.Linear(settings.embedding_width, settings.width)
        self.norm = nn.LayerNorm(settings.width)
        self.words = PooledEncoder(settings, attention)

    def forward(self, tokens_UT: Tensor, mask_UT: Tensor) -> Tensor:
        """(U, T) -> (U, D)."""
        return self.words(self.norm(self.projection(self.embedding(tokens_UT))), mask_UT)


def build(settings: RecommendationConfig, attention: str, vocabulary: int) -> TwoTowers:
    """A recommender with this attention and random weights, for titles of so many different words."""
    return TwoTowers(NewsEncoder(settings, attention, vocabulary), PooledEncoder(settings, attention))
