"""FIM: each word and phrase of the clicked titles is compared with each of a candidate's.

Wang et al., "Fine-grained Interest Matching for Neural News Recommendation" (ACL 2020), on titles alone, as the other
models here read them. Neither the paper's text nor its authors' code was at hand; checked against three implementations
by others, which differ: github.com/Veason-silverbullet/NNR (A), github.com/namespace-Pt/News-Recommendation (B) and
github.com/taoqi98/FIM (C), by an author of the Fastformer paper.

    dilations 1, 2, 3, each convolution on the one before      A, C; in B all read the words
    layer normalization, then ReLU                             A, B; C has none. Over channels as in B, since A's, over
                                                               channels and tokens, would read the padding
    matches over the root of the number of filters             A, C; B has no scale
    words as a level of their own                              A, C
    two 3-D convolutions of 32 and 16 channels, pools of 3     A, B; C has one. ELU as in A, padding as in B and C
    one linear map to the score                                A, B

Shape suffixes: U news, T and S tokens of a clicked and a candidate title, B users, K clicks, C candidates, L = 4 levels
(words and three convolutions), W width of a word's vector, F filters, V = W + 3 F.
"""

from __future__ import annotations

import math
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.errors import FastsumError
from fastsum.tasks.recommendation.recommender import NOTHING, Recommender
from fastsum.tasks.recommendation.settings import RecommendationConfig

DILATIONS = (1, 2, 3)
"""Of the stacked convolutions: the third sees 13 tokens."""
POOL = 3
"""Size and stride of the max-poolings in each direction."""


class DilatedConvolution(nn.Module):
    """One level of the news encoder.

    f_t = ReLU(norm(W [x_(t - d), x_t, x_(t + d)] + b))      d the dilation
    """

    def __init__(self, width: int, filters: int, dilation: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(width, filters, 3, padding=dilation, dilation=dilation)
        self.norm = nn.LayerNorm(filters)

    def forward(self, x_UTW: Tensor, mask_UT1: Tensor) -> Tensor:
        """(U, T, W) -> (U, T, F); padding is zero, in and out."""
        f_UTF = self.convolution(x_UTW.transpose(1, 2)).transpose(1, 2)
        return F.relu(self.norm(f_UTF)) * mask_UT1


class Fim(Recommender):
    """Matches titles level by level, and finds patterns in the matches with 3-D convolutions.

    M^l_kc = d^l_k (d^l_c)^T / sqrt(F)                 a matrix for each click, candidate and level
    Q_c = [M^l_kc] over clicks k and levels l          an image of K x T x S with L channels
    score = w . flatten(pool(ELU(conv(pool(ELU(conv(Q_c))))))) + b
    """

    keeps_news = False

    def __init__(self, settings: RecommendationConfig, vocabulary: int) -> None:
        super().__init__()
        clicks, tokens = (size // POOL // POOL for size in (settings.history, settings.title_tokens))
        if not clicks or not tokens:
            raise FastsumError(
                f"fim pools two times by {POOL} and needs history and title_tokens of {POOL * POOL} at least, not "
                f"{settings.history} and {settings.title_tokens}; raise them, or leave fim out with --only"
            )
        width, filters = settings.embedding_width, settings.filters
        first, second = settings.first_channels, settings.second_channels
        self.widths = (width, *(filters for _ in DILATIONS))
        self.scale = math.sqrt(filters)
        self.history = settings.history
        self.embedding = nn.Embedding(vocabulary, width)
        self.convolutions = nn.ModuleList(
            DilatedConvolution(before, filters, dilation)
            for before, dilation in zip(self.widths[:-1], DILATIONS, strict=True)
        )
        self.matcher = nn.Sequential(
            nn.Conv3d(len(self.widths), first, 3, padding=1), nn.ELU(), nn.MaxPool3d(POOL),
            nn.Conv3d(first, second, 3, padding=1), nn.ELU(), nn.MaxPool3d(POOL),
        )  # fmt: skip
        self.output = nn.Linear(second * clicks * tokens * tokens, 1)
        self.dropout = nn.Dropout(settings.dropout)

    def encode(self, tokens_UT: Tensor) -> Tensor:
        """All levels of each title side by side: (U, T) -> (U, T, V)."""
        mask_UT1 = (tokens_UT != NOTHING).unsqueeze(-1)
        levels = [self.dropout(self.embedding(tokens_UT.clamp(min=0))) * mask_UT1]
        for convolution in self.convolutions:
            levels.append(cast(DilatedConvolution, convolution)(levels[-1], mask_UT1))
        return torch.cat(levels, dim=-1)

    def score(self, news_U: Tensor, history_BK: Tensor, candidates_BC: Tensor) -> Tensor:
        """(B, C), float32."""
        missing = self.history - history_BK.shape[1]
        history_BK = F.pad(history_BK, (0, missing), value=NOTHING)
        clicked_BKTV = news_U[history_BK.clamp(min=0)] * (history_BK != NOTHING)[..., None, None]
        candidates_BCSV = news_U[candidates_BC.clamp(min=0)]
        matches = [
            torch.einsum("bktv,bcsv->bckts", clicked, candidate) / self.scale
            for clicked, candidate in zip(
                clicked_BKTV.split(self.widths, -1), candidates_BCSV.split(self.widths, -1), strict=True
            )
        ]
        images_BCLKTS = torch.stack(matches, dim=2)
        found = self.matcher(images_BCLKTS.flatten(0, 1)).flatten(1)
        return self.output(found).view(candidates_BC.shape).float()


def build(settings: RecommendationConfig, vocabulary: int) -> Fim:
    """FIM with random weights, for titles of so many different words. Raises FastsumError for sizes that are too small
    to pool."""
    return Fim(settings, vocabulary)
