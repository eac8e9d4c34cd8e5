"""A text to one vector: embedding, encoder layers with any attention, and additive-attention pooling.

Shape suffixes: B texts, N tokens, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from fastsum.attention.additive import masked_softmax
from fastsum.config import ModelConfig
from fastsum.model.layers import Encoder, sinusoids
from fastsum.text.tokenizer import PAD, UNK


class AdditivePooling(nn.Module):
    """One vector for a sequence by additive attention (Yang et al. 2016, "Hierarchical Attention Networks", equations 8
    to 10, whose context vector is `logits`), as the Fastformer paper and its authors' code pool a text.

        a_i = softmax_i(v . tanh(W x_i + b))        pooled = sum_i a_i x_i
    """

    def __init__(self, width: int, hidden: int | None = None) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, hidden or width)
        self.logits = nn.Linear(hidden or width, 1, bias=False)  # a constant cancels in the softmax

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """(B, N, D), mask (B, N) bool, True at real tokens -> (B, D); zeros where a text has none."""
        scores_B1N = self.logits(torch.tanh(self.hidden(x_BND))).transpose(1, 2)
        weights_B1N = masked_softmax(scores_B1N.float(), mask_BN).to(x_BND.dtype)
        return torch.bmm(weights_B1N, x_BND).squeeze(1)


class TextEncoder(nn.Module):
    """Tokens to one vector; `model.attention` is what mixes them.

    Args:
        vector_width: width of the word vectors, those of a GloVe file for example; a linear map makes others than the
            model's width fit.
    """

    def __init__(self, config: ModelConfig, vector_width: int | None = None) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary_size, vector_width or config.width)
        self.projection = nn.Linear(vector_width, config.width) if vector_width not in (None, config.width) else None
        self.embedding_norm = nn.LayerNorm(config.width)
        self.dropout = nn.Dropout(config.dropout)
        self.encoder = Encoder(config, config.encoder_layers)
        self.pooling = AdditivePooling(config.width)
        nn.init.normal_(self.embedding.weight, std=0.02)

    def forward(self, tokens_BN: Tensor) -> Tensor:
        """Ids (B, N), PAD after the end, those outside the vocabulary as UNK -> (B, D)."""
        mask_BN = tokens_BN != PAD
        x_BND = self.embedding(torch.where(tokens_BN < self.config.vocabulary_size, tokens_BN, UNK))
        if self.projection is not None:
            x_BND = self.projection(x_BND)
        x_BND = self.embedding_norm(x_BND)
        if self.config.positions == "sinusoidal":
            x_BND = x_BND + sinusoids(x_BND.shape[1], self.config.width, device=x_BND.device).to(x_BND.dtype)
        return self.pooling(self.encoder(self.dropout(x_BND), mask_BN), mask_BN)
