"""Documents of any length through the encoders, a part at a time, in memory for one part.

One pass over a document holds every token's state, several times over. Fastformer, though, mixes tokens through two
pooled vectors a layer alone, and each is a softmax sum that can be kept running. Once both are known the layer is one
linear map, and the states of any stretch of the document follow from the words there (and the few beside them that the
convolutions read). Of tokens nothing but those maps is kept: each pooling reads the document from its words, through
the layers below. L layers then do the work of L * L, in time linear in the document's length.

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
from fastsum.config import ModelConfig
from fastsum.model.batching import Documents
from fastsum.model.layers import Encoder, EncoderLayer
from fastsum.model.network import Memory, SummaryModel, segment_sums
from fastsum.model.word_counts import Words

PART_TOKENS = 4096
"""Tokens, or sentences, whose states are in memory at once."""

Progress = Callable[[int, int], None]
"""Called with the work done so far and the whole of it, in no unit of its own."""


def can_stream(config: ModelConfig) -> bool:
    """Whether a model of this configuration can read a document a part at a time: its attention is Fastformer."""
    return config.attention == "fastformer" and not config.ablates


class LongDocument:
    """One document, encoded a part at a time: what SummaryModel.encode gives, but for rounding, at any length.

    Its token states are computed anew where they are asked for.
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
        """Encode the one document of a batch, unpadded, by a model that `can_stream`, in evaluation mode, and with
        `counts` weigh its words too."""
        self._model = model
        self._documents = documents
        tokens_BN, lengths_BS = documents.tokens_BN, documents.lengths_BS
        (_, tokens), (_, sentences) = tokens_BN.shape, lengths_BS.shape
        radius = model.config.convolution // 2
        advance = _advance(progress, _work(model.encoder, tokens) + _work(model.sentence_encoder, sentences))

        def token_inputs(start: int, stop: int) -> Tensor:
            return model.embed_tokens(tokens_BN[:, start:stop], start)

        self._tokens = _Sequence(model.encoder, token_inputs, tokens, part_tokens, radius)
        self._tokens.pool(advance)
        words = Words.of(documents) if counts else None
        means_BSD, means_WD = self._means(self._tokens.states(advance), words)

        def sentence_inputs(start: int, stop: int) -> Tensor:
            return model.embed_sentences(means_BSD, documents, start, stop)

        states = _Sequence(model.sentence_encoder, sentence_inputs, sentences, part_tokens, radius)
        states.pool(advance)
        sentences_BSD = torch.cat(list(states.states(advance)), dim=1)
        self.logits_BS = model.salience(sentences_BSD)
        """The salience logits, (1, S), float32."""
        self.expected_counts: tuple[Words, Tensor] | None = None
        """What SummaryModel.expected_counts gives, if it was asked for."""
        if words is not None:
            rates_W = model.weigh_words(documents, words, means_WD, sentences_BSD, self.logits_BS)
            self.expected_counts = words, rates_W

    @torch.inference_mode()
    def states(self, start: int, stop: int) -> Tensor:
        """The states of tokens `start` to `stop`, (1, stop - start, D)."""
        return self._tokens.stretch(start, stop)

    @torch.inference_mode()
    def read(self, memory_JM: Tensor) -> Memory:
        """SummaryModel.read of the tokens at these positions, -1 for padding."""
        places, compact_JM = memory_JM.clamp(min=0).unique(return_inverse=True)
        gaps = (places.diff() > 1).nonzero().squeeze(1) + 1
        runs = [(int(run[0]), int(run[-1]) + 1) for run in places.tensor_split(gaps.cpu())]
        states_BND = torch.cat([self.states(*run) for run in runs], dim=1)
        documents = self._documents._replace(tokens_BN=self._documents.tokens_BN[:, places])
        return self._model.read(documents, states_BND, compact_JM.masked_fill(memory_JM < 0, -1))

    def _means(self, parts: Iterator[Tensor], words: Words | None) -> tuple[Tensor, Tensor]:
        """The mean state of each sentence, (1, S, D), and of each word, (W, D), of the token states part by part."""
        lengths_S = self._documents.lengths_BS[0]
        ends_S = lengths_S.cumsum(0)
        weight = self._model.embedding.weight
        wide = torch.promote_types(weight.dtype, torch.float32)
        sums_SD = weight.new_zeros(len(ends_S), weight.shape[1], dtype=wide)
        sums_WD = sums_SD.new_zeros(len(words.ids_W) if words else 0, weight.shape[1])
        start = 0
        for states_BND in parts:
            stop = start + states_BND.shape[1]
            # The sentences that the part's first and last token stand in: it may hold only some of their tokens.
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
        """`inputs` gives what the encoder reads of places start to stop; `radius` is its convolutions' reach."""
        self._encoder = encoder
        self._layers = encoder.applied
        self._inputs = inputs
        self._length = length
        self._parts = [(start, min(start + part, length)) for start in range(0, length, part)]
        self._reach = radius * len(self._layers)
        self._maps: list[tuple[Tensor, Tensor]] = []
        self._device = next(encoder.parameters()).device.type

    def pool(self, advance: Callable[[int], None]) -> None:
        """Find every layer's map, from the lowest up."""
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
        """The states of every part, (1, part, D) or shorter, in order, once pooled."""
        for start, stop in self._parts:
            yield self.stretch(start, stop)
            advance((stop - start) * (len(self._maps) + 1))

    def stretch(self, start: int, stop: int) -> Tensor:
        """The states of places start to stop, (1, stop - start, D), once pooled."""
        return self._compute(start, stop, self._encoder.norm)

    def _exact(self) -> torch.autocast:
        """Autocast off: pooled vectors and maps stay in float32, as in one pass."""
        return torch.autocast(self._device, enabled=False)

    def _pooled(self, layer: EncoderLayer, vectors_BHD: Tensor, advance: Callable[[int], None]) -> Tensor:
        """One pooling of what the attention of the layer after the mapped ones reads, (1, H, D)."""
        pool = RunningPool(vectors_BHD)
        for start, stop in self._parts:
            h_BND = self._compute(start, stop, layer.before_attention)
            with self._exact():
                pool.add(h_BND)
            advance((stop - start) * (len(self._maps) + 1))
        return pool.result()

    def _compute(self, start: int, stop: int, finish: Callable[[Tensor], Tensor]) -> Tensor:
        """Places start to stop through the layers whose maps are known, then `finish`, (1, stop - start, D)."""
        # At an end that is not the document's a convolution meets zeros instead of neighbours, and each layer carries
        # what comes of it one radius further in: as far as the margin that is cut off.
        left, right = max(0, start - self._reach), min(self._length, stop + self._reach)
        x_BND = self._inputs(left, right)
        for layer, (m_BDD, c_BD) in zip(self._layers, self._maps, strict=False):
            x_BND = layer.after_attention(x_BND, apply_map(layer.before_attention(x_BND), m_BDD, c_BD))
        return finish(x_BND)[:, start - left : stop - left]


def _advance(progress: Progress | None, total: int) -> Callable[[int], None]:
    done = 0

    def advance(work: int) -> None:
        nonlocal done
        done += work
        if progress is not None:
            progress(done, total)

    return advance


def _work(encoder: Encoder, length: int) -> int:
    """A reading through l layers counts l + 1 a place: there are two to pool for each layer, and one of the states."""
    return length * (len(encoder.applied) + 1) ** 2
