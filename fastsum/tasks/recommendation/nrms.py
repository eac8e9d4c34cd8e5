"""NRMS: multi-head self-attention over a title's words, and over a user's clicked news.

Wu et al., "Neural News Recommendation with Multi-Head Self-Attention" (EMNLP 2019); numbers of equations are of this
paper. Checked against its authors' code (github.com/wuch15/EMNLP2019-NRMS): the projections, their scale, the places of
dropout, the loss. It has 20 heads of 20 channels and reads padding as a word; here padding has no weight. Shape
suffixes: U news, T tokens, B users, K clicks, N elements of a sequence, D width, W width of a word's vector, H heads,
E = D / H channels of a head.
"""

from __future__ import annotations

from torch import Tensor, nn

from fastsum.attention.transformer import attend_all
from fastsum.tasks.pooling import AttentionPooling
from fastsum.tasks.recommendation.recommender import TwoTowers
from fastsum.tasks.recommendation.settings import RecommendationConfig


class SelfAttention(nn.Module):
    """Multi-head self-attention (equations 1 and 2; 6 and 7 for users), without biases and output projection.

        alpha_ij = softmax_j(e_i . Q_k e_j)      h_ik = V_k sum_j alpha_ij e_j

    Q_k has rank E, as in the authors' code: W_q,k^T W_k,k / sqrt(E).
    """

    def __init__(self, width: int, output: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, output, bias=False)
        self.key = nn.Linear(width, output, bias=False)
        self.value = nn.Linear(width, output, bias=False)

    def forward(self, e_BNW: Tensor, mask_BN: Tensor) -> Tensor:
        """(B, N, W) -> (B, N, D)."""
        q_BHNE, k_BHNE, v_BHNE = (
            project(e_BNW).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        return attend_all(q_BHNE, k_BHNE, v_BHNE, mask_BN)


class NewsEncoder(nn.Module):
    """A title as a vector (section 3.1)."""

    def __init__(self, settings: RecommendationConfig, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, settings.embedding_width)
        self.attention = SelfAttention(settings.embedding_width, settings.width, settings.heads)
        self.pooling = AttentionPooling(settings.width, settings.query_width)
        self.dropout = nn.Dropout(settings.dropout)

    def forward(self, tokens_UT: Tensor, mask_UT: Tensor) -> Tensor:
        """(U, T) -> (U, D)."""
        e_UTW = self.dropout(self.embedding(tokens_UT))
        h_UTD = self.dropout(self.attention(e_UTW, mask_UT))
        return self.pooling(h_UTD, mask_UT)


class UserEncoder(nn.Module):
    """A user as a vector, from those of the news clicked (section 3.2)."""

    def __init__(self, settings: RecommendationConfig) -> None:
        super().__init__()
        self.attention = SelfAttention(settings.width, settings.width, settings.heads)
        self.pooling = AttentionPooling(settings.width, settings.query_width)
        self.dropout = nn.Dropout(settings.dropout)

    def forward(self, news_BKD: Tensor, mask_BK: Tensor) -> Tensor:
        """(B, K, D) -> (B, D)."""
        h_BKD = self.dropout(self.attention(news_BKD, mask_BK))
        return self.pooling(h_BKD, mask_BK)


def build(settings: RecommendationConfig, vocabulary: int) -> TwoTowers:
    """NRMS with random weights, for titles of so many different words."""
    return TwoTowers(NewsEncoder(settings, vocabulary), UserEncoder(settings))
