"""Encode documents of any length a part at a time, with memory for one part.

A single pass over a document keeps several copies of every token's state. But Fastformer mixes tokens only through two
pooled vectors per layer, and each is a softmax-weighted sum that can be computed as a running sum. Once both are known,
the layer is a linear map, and the states of any part of the document follow from its words (and from the few next to
them that the convolutions read). Only those maps are kept: each pooling reads the document again from its words,
through the layers below. L layers then cost as much as L * L, in time linear in the document's length.

Shape suffixes: B documents (one), N tokens, S sentences, D width, H heads, J writing jobs, M tokens a job reads,
W distinct words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import torch
from torch import Tensor

from fastsum.attention import AdditiveAttention
from fastsum.attention.additive import RunningPool, apply_map
from fastsum.model.batching import Documents
from fastsum.model.layers import Encoder, EncoderLayer
from fastsum.model.network import Memory, SummaryModel, segment_sums
from fastsum.model.shared import Progress, adding_up
from fastsum.model.word_counts import DistinctWords

PART_TOKENS = 4096
"""Size of a part: tokens or sentences whose states are in memory at the same time."""


class LongDocument:
    """One document of any length, encoded a part at a time; equal to `SummaryModel.encode` up to rounding.

    Token states are not kept: they are computed again when they are needed.
    """

    @torch.inference_mode()
    def __init__(
        self,
        model: SummaryModel,
        documents: Documents,
        part_tokens: int = PART_TOKENS,
        progress: Progress | None = None,
        counts: bool = False,
    ) -> None:
        """Encode a batch of one document without padding.

        Args:
            model: a Fastformer (`ModelConfig.is_fastformer`), in evaluation mode.
            counts: whether to predict `expected_counts` too.
        """
        self._model = model
        self._documents = documents
        tokens_BN, lengths_BS = documents.tokens_BN, documents.lengths_BS
        (_, tokens), (_, sentences) = tokens_BN.shape, lengths_BS.shape
        radius = model.config.convolution // 2
        advance = adding_up(progress, _work(model.encoder, tokens) + _work(model.sentence_encoder, sentences))

        def token_inputs(start: int, stop: int) -> Tensor:
            return model.embed_tokens(tokens_BN[:, start:stop], start)

        self._tokens = _Sequence(model.encoder, token_inputs, tokens, part_tokens, radius)
        self._tokens.pool(advance)
        words = DistinctWords.of(documents) if counts else None
        means_BSD, means_WD = self._means(self._tokens.states(advance), words)

        def sentence_inputs(start: int, stop: int) -> Tensor:
            return model.embed_sentences(means_BSD, documents, start, stop)

        states = _Sequence(model.sentence_encoder, sentence_inputs, sentences, part_tokens, radius)
        states.pool(advance)
        sentences_BSD = torch.cat(list(states.states(advance)), dim=1)
        self.logits_BS = model.salience(sentences_BSD)
        """The salience logits, (1, S), float32."""
        self.expected_counts: tuple[DistinctWords, Tensor] | None = None
        """As `SummaryModel.expected_counts` returns them, if `counts` was set."""
        if words is not None:
            rates_W = model.weigh_words(documents, words, means_WD, sentences_BSD, self.logits_BS)
            self.expected_counts = words, rates_W

    @torch.inference_mode()
    def states(self, start: int, stop: int) -> Tensor:
        """The states of tokens `start` to `stop`, (1, stop - start, D)."""
        return self._tokens.stretch(start, stop)

    @torch.inference_mode()
    def read(self, memory_JM: Tensor) -> Memory:
        """As `SummaryModel.read`, for tokens at these positions; -1 is padding."""
        positions, compact_JM = memory_JM.clamp(min=0).unique(return_inverse=True)
        gaps = (positions.diff() > 1).nonzero().squeeze(1) + 1
        runs = [(int(run[0]), int(run[-1]) + 1) for run in positions.tensor_split(gaps.cpu())]
        states_BND = torch.cat([self.states(*run) for run in runs], dim=1)
        documents = self._documents._replace(tokens_BN=self._documents.tokens_BN[:, positions])
        return self._model.read(documents, states_BND, compact_JM.masked_fill(memory_JM < 0, -1))

    def _means(self, parts: Iterator[Tensor], words: DistinctWords | None) -> tuple[Tensor, Tensor]:
        """Mean states of the sentences, (1, S, D), and of the words, (W, D), from the token states of each part."""
        lengths_S = self._documents.lengths_BS[0]
        ends_S = lengths_S.cumsum(0)
        weight = self._model.embedding.weight
        wide = torch.promote_types(weight.dtype, torch.float32)
        sums_SD = weight.new_zeros(len(ends_S), weight.shape[1], dtype=wide)
        sums_WD = sums_SD.new_zeros(len(words.ids_W) if words else 0, weight.shape[1])
        start = 0
        for states_BND in parts:
            stop = start + states_BND.shape[1]
            # The sentences of the part's first and last token; only some of their tokens may be in this part.
            first, last = torch.searchsorted(ends_S, ends_S.new_tensor([start, stop - 1]), right=True).tolist()
            bounds = torch.cat([ends_S.new_tensor([start]), ends_S[first:last], ends_S.new_tensor([stop])])
            sums_SD[first : last + 1] += segment_sums(states_BND[0].to(wide), bounds.diff())
            if words:
                sums_WD.index_add_(0, words.words_K[start:stop], states_BND[0].to(wide))
            start = stop
        return (sums_SD / lengths_S.unsqueeze(1)).unsqueeze(0), words.mean(sums_WD) if words else sums_WD


class _Sequence:
    """An encoder over one long sequence, of tokens or of sentences."""

    def __init__(
        self, encoder: Encoder, inputs: Callable[[int, int], Tensor], length: int, part: int, radius: int
    ) -> None:
        """`inputs(start, stop)` is the encoder's input at those positions; `radius` is the reach of one convolution."""
        self._encoder = encoder
        self._layers = encoder.applied
        self._inputs = inputs
        self._length = length
        self._parts = [(start, min(start + part, length)) for start in range(0, length, part)]
        self._reach = radius * len(self._layers)
        self._maps: list[tuple[Tensor, Tensor]] = []
        self._device = next(encoder.parameters()).device.type

    def pool(self, advance: Callable[[int], None]) -> None:
        """Compute every layer's linear map, from the lowest layer up."""
        for layer in self._layers:
            attention = cast(AdditiveAttention, layer.attention)
            dtype = torch.promote_types(attention.query.weight.dtype, torch.float32)
            with self._exact():
                a_BHD = attention.query_vectors(dtype).unsqueeze(0)
            xa_BHD = self._pooled(layer, a_BHD, advance)
            with self._exact():
                qbar_BD = attention.global_query(xa_BHD)
                b_BHD = attention.key_vectors(qbar_BD)
            xb_BHD = self._pooled(layer, b_BHD, advance)
            with self._exact():
                self._maps.append(attention.linear_map(qbar_BD, xb_BHD))

    def states(self, advance: Callable[[int], None]) -> Iterator[Tensor]:
        """The states of each part in order, (1, part, D) or shorter; after `pool`."""
        for start, stop in self._parts:
            yield self.stretch(start, stop)
            advance((stop - start) * (len(self._maps) + 1))

    def stretch(self, start: int, stop: int) -> Tensor:
        """The states of positions `start` to `stop`, (1, stop - start, D); after `pool`."""
        return self._compute(start, stop, self._encoder.norm)

    def _exact(self) -> torch.autocast:
        """Autocast off: pooled vectors and maps stay in float32, as in a single pass."""
        return torch.autocast(self._device, enabled=False)

    def _pooled(self, layer: EncoderLayer, vectors_BHD: Tensor, advance: Callable[[int], None]) -> Tensor:
        """One pooling, (1, H, D), in the first layer whose map is not known yet."""
        pool = RunningPool(vectors_BHD)
        for start, stop in self._parts:
            h_BND = self._compute(start, stop, layer.before_attention)
            with self._exact():
                pool.add(h_BND)
            advance((stop - start) * (len(self._maps) + 1))
        return pool.result()

    def _compute(self, start: int, stop: int, finish: Callable[[Tensor], Tensor]) -> Tensor:
        """Positions `start` to `stop` through the layers with known maps, then `finish`: (1, stop - start, D)."""
        # At a boundary inside the document the convolutions read zeros instead of neighbours. Each layer carries that
        # error one radius further in, so a margin of that reach is computed too and cut off.
        left, right = max(0, start - self._reach), min(self._length, stop + self._reach)
        x_BND = self._inputs(left, right)
        for layer, (m_BDD, c_BD) in zip(self._layers, self._maps, strict=False):
            x_BND = layer.after_attention(x_BND, apply_map(layer.before_attention(x_BND), m_BDD, c_BD))
        return finish(x_BND)[:, start - left : stop - left]


def _work(encoder: Encoder, length: int) -> int:
    """A pass through l layers costs l + 1 per position; there are two passes to pool each layer, and one for states."""
    return length * (len(encoder.applied) + 1) ** 2
