"""The network that classifies a text: an encoder with any attention, additive-attention pooling and linear classes.

Shape suffixes: B texts, N tokens, D width, C classes.
"""

from __future__ import annotations

from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.config import ModelConfig
from fastsum.model.layers import Encoder, sinusoids
from fastsum.tasks.pooling import AttentionPooling
from fastsum.text.tokenizer import PAD


class Batch(NamedTuple):
    """Texts with their classes."""

    tokens_BN: Tensor
    """Word ids, PAD after the end; int64."""
    classes_B: Tensor


class Classifier(nn.Module):
    """The classifier of the Fastformer paper (arXiv 2108.09084), with `config.attention` in the layers.

        x = norm(E[tokens]) + positions        h = encoder(x)        r = pooling(h)        logits = W r + b

    Checked against the authors' code (github.com/wuch15/Fastformer). There the positions are learned and added before
    the normalization, the layers normalize after each part, and r has no dropout; here all is as in summary models.

    Args:
        vector_width: width of the word vectors, such as those of a GloVe file; a linear map follows where it is not the
            model's.
    """

    def __init__(self, config: ModelConfig, classes: int, vector_width: int | None = None) -> None:
        super().__init__()
        self.config = config
        width, vector_width = config.width, vector_width or config.width
        self.embedding = nn.Embedding(config.vocabulary_size, vector_width)
        self.projection = nn.Identity() if vector_width == width else nn.Linear(vector_width, width)
        self.embedding_norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(config.dropout)
        self.encoder = Encoder(config, config.encoder_layers)
        self.pooling = AttentionPooling(width, width)
        self.classes = nn.Linear(width, classes)
        nn.init.normal_(self.embedding.weight, std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        """The summed cross-entropy of a batch, float32."""
        return F.cross_entropy(self.logits(batch.tokens_BN), batch.classes_B, reduction="sum")

    def logits(self, tokens_BN: Tensor) -> Tensor:
        """Logits of the classes, (B, C), float32."""
        mask_BN = tokens_BN != PAD
        x_BND = self.embedding_norm(self.projection(self.embedding(tokens_BN)))
        if self.config.positions == "sinusoidal":
            x_BND = x_BND + sinusoids(tokens_BN.shape[1], self.config.width, device=x_BND.device).to(x_BND.dtype)
        h_BND = self.encoder(self.dropout(x_BND), mask_BN)
        pooled_BD = self.dropout(self.pooling(h_BND, mask_BN))
        logits_BC: Tensor = self.classes(pooled_BD)
        return logits_BC.float()


def pad_texts(tokens: list[Tensor]) -> Tensor:
    """Texts as one tensor, (B, N), PAD after their ends."""
    return nn.utils.rnn.pad_sequence(tokens, batch_first=True, padding_value=PAD)
