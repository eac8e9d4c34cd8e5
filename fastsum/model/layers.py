"""The layers of the encoders and the decoder, and their position encodings.

Shape suffixes: B documents, N tokens, S sentences, P some of them, J writing jobs, M tokens a job reads, T tokens it
writes, D width, R hypotheses of beam search (rows).
"""

from __future__ import annotations

from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.attention import CausalAdditiveAttention, CausalSoftmaxAttention, CrossAttention, encoder_attention
from fastsum.config import ModelConfig
from fastsum.model.batching import Documents
from fastsum.model.dropout import Dropout
from fastsum.model.shared import position_rates
from fastsum.model.sublayers import Drops, fuses, norm_and_convolution, residual_feedforward
from fastsum.text.statistics import NAMES

STATISTICS = len(NAMES)


def sinusoids(length: int, width: int, start: int = 0, device: torch.device | None = None) -> Tensor:
    """Fixed position encodings, (length, width), for positions from `start` (Vaswani et al. 2017, section 3.5)."""
    position = torch.arange(start, start + length, device=device, dtype=torch.float32)[:, None]
    rate = torch.from_numpy(position_rates(width)).to(device)
    return torch.stack([torch.sin(position * rate), torch.cos(position * rate)], dim=-1).flatten(1)[:, :width]


class FeedForward(nn.Sequential):
    """Two linear maps with a GELU between."""

    def __init__(self, width: int, hidden: int, dropout: float) -> None:
        super().__init__(nn.Linear(width, hidden), nn.GELU(), Dropout(dropout), nn.Linear(hidden, width))

    def after_attention(self, x: Tensor, y: Tensor, norm: nn.LayerNorm, dropout: Dropout) -> Tensor:
        """A layer's output from its input and its attention's output, token by token; both (..., D)."""
        if not fuses(self, x):
            x = x + dropout(y)
            return x + dropout(self(norm(x)))
        first, inner, second = cast(nn.Linear, self[0]), cast(Dropout, self[2]), cast(nn.Linear, self[3])
        hidden = torch.Size((*x.shape[:-1], first.out_features))
        drops = Drops(dropout.draw(x.shape), inner.draw(hidden, marks_dropped=True), dropout.draw(x.shape))
        return residual_feedforward(x, y, norm, first, second, drops)


class ShortConvolution(nn.Module):
    """Depthwise convolution along the sequence, so that a token reads its neighbours; padding counts as zeros."""

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(width, width, (1, kernel), padding=(0, kernel // 2), groups=width)

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """(B, N, D) -> (B, N, D)."""
        x = x_BND if mask_BN is None else x_BND * mask_BN.unsqueeze(-1)
        # Seen as an image one pixel high whose channels come last, no copy is made and oneDNN's fast kernel is taken.
        return self.convolution(x.transpose(1, 2).unsqueeze(2)).squeeze(2).transpose(1, 2)


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward block, each with layer normalization before it and a residual connection."""

    def __init__(self, config: ModelConfig, number: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(config.width)
        self.convolution = ShortConvolution(config.width, config.convolution) if config.convolution else None
        self.attention = encoder_attention(config, number)
        self.feedforward_norm = nn.LayerNorm(config.width)
        self.feedforward = FeedForward(config.width, config.feedforward, config.dropout)
        self.dropout = Dropout(config.dropout)

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """(B, N, D) -> (B, N, D); values at padding do not affect other positions."""
        return self.after_attention(x_BND, self.attention(self.before_attention(x_BND, mask_BN), mask_BN))

    def before_attention(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """The input of the attention; a token's depends on its neighbours only."""
        if self.convolution is not None and fuses(self, x_BND):
            return norm_and_convolution(x_BND, self.attention_norm, self.convolution.convolution, mask_BN)
        h = self.attention_norm(x_BND)
        return h if self.convolution is None else h + self.convolution(h, mask_BN)

    def after_attention(self, x_BND: Tensor, y_BND: Tensor) -> Tensor:
        """The layer's output from its input and the attention's output, token by token."""
        return self.feedforward.after_attention(x_BND, y_BND, self.feedforward_norm, self.dropout)


class Encoder(nn.Module):
    """A stack of encoder layers, or one layer applied repeatedly."""

    def __init__(self, config: ModelConfig, layers: int) -> None:
        super().__init__()
        self.repeats = layers if config.share_layers else 1
        distinct = 1 if config.share_layers else layers
        self.layers = nn.ModuleList(EncoderLayer(config, number) for number in range(distinct))
        self.norm = nn.LayerNorm(config.width)

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """(B, N, D) -> (B, N, D); the mask is True at real tokens, and None means that all are."""
        for layer in self.applied:
            x_BND = layer(x_BND, mask_BN)
        return self.norm(x_BND)

    @property
    def applied(self) -> list[EncoderLayer]:
        """The layers in the order in which they are applied."""
        return [cast(EncoderLayer, layer) for _ in range(self.repeats) for layer in self.layers]


class DecoderLayer(nn.Module):
    """Causal self-attention, attention to the tokens read, and a feed-forward block."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        causal = CausalSoftmaxAttention if config.decoder_attention == "softmax" else CausalAdditiveAttention
        self.self_norm = nn.LayerNorm(config.width)
        self.self_attention = causal(config.width, config.heads)
        self.cross_norm = nn.LayerNorm(config.width)
        self.cross_attention = CrossAttention(config.width, config.heads)
        self.feedforward_norm = nn.LayerNorm(config.width)
        self.feedforward = FeedForward(config.width, config.feedforward, config.dropout)
        self.dropout = Dropout(config.dropout)

    def forward(self, x_JTD: Tensor, memory: Any) -> tuple[Tensor, Tensor]:
        """(J, T, D) -> (J, T, D) and the attention to the tokens read, (J, T, M)."""
        x = x_JTD + self.dropout(self.self_attention(self.self_norm(x_JTD)))
        return self._read(x, memory)

    def step(self, x_RD: Tensor, memory: Any, state: Any) -> tuple[Tensor, Tensor, Any]:
        """One position of `forward`: (R, D) -> (R, D), (R, M) and the new state."""
        y, state = self.self_attention.step(self.self_norm(x_RD), state)
        x_R1D, weights_R1M = self._read((x_RD + y).unsqueeze(1), memory)
        return x_R1D.squeeze(1), weights_R1M.squeeze(1), state

    def _read(self, x: Tensor, memory: Any) -> tuple[Tensor, Tensor]:
        y, weights = self.cross_attention(self.cross_norm(x), memory)
        return self.feedforward.after_attention(x, y, self.feedforward_norm, self.dropout), weights


class SentenceFacts(nn.Module):
    """The sentence encoder's further inputs: each sentence's statistics and its section's heading."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.statistics = nn.Sequential(nn.Linear(STATISTICS, config.width), nn.GELU())
        self.heading = nn.Linear(config.width, config.width)
        self.output = nn.Linear(2 * config.width, config.width)

    def forward(self, means_BSD: Tensor, documents: Documents, sentences: slice) -> Tensor:
        """Inputs of the `sentences`, (B, P, D), from the mean token states of all sentences, (B, S, D)."""
        if documents.sections_BS is None or documents.statistics_BSF is None:
            raise ValueError("this model reads the sentences' statistics: pad the documents with its configuration")
        sections_BP1 = documents.sections_BS[:, sentences].unsqueeze(-1)
        headings_BPD = means_BSD.gather(1, sections_BP1.clamp(min=0).expand(-1, -1, means_BSD.shape[-1]))
        headings_BPD = F.gelu(self.heading(headings_BPD)) * (sections_BP1 >= 0)
        statistics_BPD = self.statistics(documents.statistics_BSF[:, sentences].to(means_BSD.dtype))
        return self.output(torch.cat([statistics_BPD, headings_BPD], dim=-1))
