"""The salience of a document's sentences, and the expected counts of its words, from a checkpoint's weights in numpy.

    words -> encoder -> token states -> mean per sentence -> sentence encoder -> one salience logit a sentence
    token states -> mean per distinct word, and its sentences' states -> how often the summary uses it (optional)

The equations are those of `fastsum.model.network`, which is what training and the decoder use; here are the paths that
an extractive summary needs, float32, without gradients. A document is computed by itself: its result does not depend on
the others in a batch, nor on the number of threads.

Shape suffixes: N tokens, S sentences, D width, W distinct words, F statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from fastsum.config import ModelConfig
from fastsum.inference.encoder import KEPT, Encoder, Sequence
from fastsum.inference.kernels import Floats, centred, gelu, inverse_deviations, normalize, scale, sigmoid
from fastsum.inference.threads import Threads, one_blas_thread
from fastsum.inference.word_counts import DistinctWords, Ints, WordCounts
from fastsum.model.shared import FACTS, LONG, SENTENCE_BUCKETS, Progress, adding_up, position_rates, sentence_buckets
from fastsum.model.unpadded import Unpadded
from fastsum.model.weights import Stored
from fastsum.text.statistics import NAMES, section_of, sentence_statistics
from fastsum.text.tokenizer import UNK

_EMBEDDING = "embedding.weight"
DECODER = ("decoder", "output_bias", "copy_gate")
"""What the names of the decoder's weights begin with, which are not read."""


def shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """The shapes of the other weights by name, for a Fastformer of this configuration."""
    width = config.width

    def linear(name: str, columns: int, rows: int, bias: bool = True) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {f"{name}.weight": (rows, columns)}
        return found | ({f"{name}.bias": (rows,)} if bias else {})

    def norm(name: str, size: int) -> dict[str, tuple[int, ...]]:
        return {f"{name}.weight": (size,), f"{name}.bias": (size,)}

    found: dict[str, tuple[int, ...]] = {_EMBEDDING: (config.vocabulary_size, width)}
    found |= norm("embedding_norm", width)
    for encoder, layers in (("encoder", config.encoder_layers), ("sentence_encoder", config.sentence_layers)):
        for number in range(1 if config.share_layers else layers):
            layer = f"{encoder}.layers.{number}"
            found |= norm(f"{layer}.attention_norm", width) | norm(f"{layer}.feedforward_norm", width)
            if config.convolution:
                convolution = f"{layer}.convolution.convolution"
                found |= {f"{convolution}.weight": (width, 1, 1, config.convolution), f"{convolution}.bias": (width,)}
            for name in ("query", "key", *(() if config.share_query_value else ("value",)), "transform", "output"):
                found |= linear(f"{layer}.attention.{name}", width, width)
            for name in ("query_logits", "key_logits"):
                found |= linear(f"{layer}.attention.{name}", width, config.heads, bias=False)
            found |= linear(f"{layer}.feedforward.0", width, config.feedforward)
            found |= linear(f"{layer}.feedforward.3", config.feedforward, width)
        found |= norm(f"{encoder}.norm", width)
    found["sentence_positions.weight"] = (SENTENCE_BUCKETS, width)
    if config.statistics:
        found |= linear("sentence_facts.statistics.0", len(NAMES), width)
        found |= linear("sentence_facts.heading", width, width) | linear("sentence_facts.output", 2 * width, width)
    found |= linear("salience_head", width, 1)
    if config.word_counts:
        found |= norm("word_counts.norm", 2 * width) | linear("word_counts.input", 2 * width + FACTS, width)
        found |= linear("word_counts.hidden", width, width) | linear("word_counts.output", width, 1)
    return found


class Estimate(NamedTuple):
    """What is computed of one document."""

    salience_S: Floats
    """The salience of each sentence, from 0 to 1."""
    expected: dict[int, float] | None
    """How often the summary should have each word, by extended id; None if not asked for."""


class SalienceNetwork:
    """The network of a checkpoint, ready to compute.

    Args:
        stored: weights that have the names and the shapes of `shapes`; others are ignored.
    """

    def __init__(self, stored: Mapping[str, Stored], config: ModelConfig) -> None:
        weights = {
            name: value.float32() for name, value in stored.items() if not name.startswith((*DECODER, _EMBEDDING))
        }
        self._config = config
        self._embedding = stored[_EMBEDDING]  # as it is stored: of a document only its words are needed
        self._norm = weights["embedding_norm.weight"], weights["embedding_norm.bias"]
        self._encoder = Encoder(weights, "encoder", config, config.encoder_layers)
        self._positions = weights["sentence_positions.weight"]
        self._facts = _SentenceFacts(weights, config) if config.statistics else None
        self._sentence_encoder = Encoder(weights, "sentence_encoder", config, config.sentence_layers)
        self._salience, self._salience_bias = weights["salience_head.weight"][0], weights["salience_head.bias"][0]
        self._word_counts = WordCounts(weights, config) if config.word_counts else None

    def estimate(
        self,
        document: Unpadded,
        threads: Threads,
        *,
        counts: bool = False,
        progress: Progress | None = None,
        kept: int = KEPT,
    ) -> Estimate:
        """Read a document of at least one token.

        Args:
            counts: whether to compute how often the summary should have each word; the model must have `word_counts`.
            progress: called while a document of more than LONG tokens is read.
            kept: the most tokens whose states are kept; those of a longer document are computed again when needed.
        """
        with one_blas_thread():
            return self._estimate(document, threads, counts, progress if len(document.tokens) > LONG else None, kept)

    def word_vectors(self, ids_W: Ints) -> Floats:
        """The embeddings of known words, (W, D)."""
        return self._embedding.rows(ids_W)

    def _estimate(
        self, document: Unpadded, threads: Threads, counts: bool, progress: Progress | None, kept: int
    ) -> Estimate:
        if counts and self._word_counts is None:
            raise ValueError("this model predicts no word counts: model.word_counts is false")
        tokens, sentences = len(document.tokens), len(document.lengths)
        total = Sequence.work(self._encoder, tokens, kept) + Sequence.work(self._sentence_encoder, sentences, kept)
        advance = adding_up(progress, total)
        words = DistinctWords.of(document.tokens)
        states = Sequence(self._encoder, self._token_inputs(words), tokens, threads, advance, kept)
        means_SD, means_WD = self._means(states, document, words if counts else None)

        inputs_SD = means_SD + self._positions[sentence_buckets(sentences)]
        if self._facts is not None:
            inputs_SD += self._facts(means_SD, document)
        sentences_SD = self._sentence_states(centred(inputs_SD), threads, advance, kept)
        logits_S = sentences_SD @ self._salience + self._salience_bias
        expected = None
        if counts and self._word_counts is not None:
            rates_W = np.exp(self._word_counts(words, means_WD, sentences_SD, logits_S, document.lengths))
            expected = dict(zip(words.ids_W.tolist(), rates_W.tolist(), strict=True))
        return Estimate(sigmoid(logits_S), expected)

    def _sentence_states(
        self, inputs_SD: Floats, threads: Threads, advance: Callable[[int], None], kept: int
    ) -> Floats:
        """The states of the sentences, (S, D)."""
        states_SD = np.empty_like(inputs_SD)

        def inputs(start: int, stop: int, out: Floats) -> None:
            out[:] = inputs_SD[start:stop]

        def keep(start: int, stop: int, states_ND: Floats) -> None:
            scale(states_ND, states_SD[start:stop])

        sequence = Sequence(self._sentence_encoder, inputs, len(inputs_SD), threads, advance, kept)
        for _ in sequence.over_states(keep):
            pass
        states_SD *= self._sentence_encoder.gain_D
        states_SD += self._sentence_encoder.bias_D
        return states_SD

    def _token_inputs(self, words: DistinctWords) -> Callable[[int, int, Floats], None]:
        """The token encoder's input: each distinct word is normalized once."""
        known_W = np.where(words.ids_W < self._config.vocabulary_size, words.ids_W, UNK)
        rows_WD = self._embedding.rows(known_W)
        normalize(rows_WD, rows_WD)
        rows_WD *= self._norm[0]
        rows_WD += self._norm[1]
        rows_WD = centred(rows_WD)
        rates = position_rates(self._config.width) if self._config.positions == "sinusoidal" else None

        def inputs(start: int, stop: int, out_ND: Floats) -> None:
            np.take(rows_WD, words.words_N[start:stop], axis=0, out=out_ND)
            if rates is not None:
                angles = np.arange(start, stop, dtype=np.float32)[:, None] * rates
                out_ND[:, 0::2] += np.sin(angles)
                out_ND[:, 1::2] += np.cos(angles[:, : self._config.width // 2])
                out_ND -= out_ND.mean(axis=1, keepdims=True)

        return inputs

    def _means(self, sequence: Sequence, document: Unpadded, words: DistinctWords | None) -> tuple[Floats, Floats]:
        """Mean states of the sentences, (S, D), and of the words, (W, D)."""
        count = len(document.lengths)
        sums_SD = np.zeros((count, self._config.width), dtype=np.float32)
        sums_WD = np.zeros((len(words.ids_W) if words else 0, self._config.width), dtype=np.float32)
        sentences_N = np.repeat(np.arange(count), document.lengths)

        def sums(start: int, stop: int, states_ND: Floats) -> tuple[slice, Ints | None, Floats]:
            """The sentences and the words of some tokens, and the sums of their states: of the sentences, then of the
            words. By a product, which normalizes too: `add.reduceat` takes a microsecond a group."""
            first, end = sentences_N[start], sentences_N[stop - 1] + 1
            some, groups = None, [sentences_N[start:stop] - first]
            if words:
                some, word_N = np.unique(words.words_N[start:stop], return_inverse=True)
                groups.append(word_N + (end - first))
            shares = np.zeros((end - first + (0 if some is None else len(some)), stop - start), dtype=np.float32)
            inverse_N = inverse_deviations(states_ND)
            for group_N in groups:
                shares[group_N, np.arange(stop - start)] = inverse_N
            return slice(first, end), some, shares @ states_ND

        for sentences, some, found in sequence.over_states(sums):
            among = sentences.stop - sentences.start
            sums_SD[sentences] += found[:among]
            if some is not None:
                sums_WD[some] += found[among:]
        sums_SD /= document.lengths[:, None]
        if words:
            sums_WD /= words.counts_W[:, None]
        for means in (sums_SD, sums_WD):
            means *= self._encoder.gain_D
            means += self._encoder.bias_D
        return sums_SD, sums_WD


class _SentenceFacts:
    """The sentence encoder's further inputs: each sentence's statistics and its section's heading."""

    def __init__(self, weights: dict[str, Floats], config: ModelConfig) -> None:
        def of(name: str) -> Floats:
            return weights[f"sentence_facts.{name}"]

        self._vocabulary_size = config.vocabulary_size
        self._statistics, self._statistics_bias = of("statistics.0.weight").T, of("statistics.0.bias")
        self._heading, self._heading_bias = of("heading.weight").T, of("heading.bias")
        output = of("output.weight")
        self._from_statistics, self._from_heading = output[:, : config.width].T, output[:, config.width :].T
        self._bias = of("output.bias")

    def __call__(self, means_SD: Floats, document: Unpadded) -> Floats:
        """Inputs of all sentences, (S, D), from their mean token states."""
        statistics_SF = sentence_statistics(*document, self._vocabulary_size)
        found_SD = gelu(statistics_SF @ self._statistics + self._statistics_bias) @ self._from_statistics + self._bias
        headings_H = np.flatnonzero(document.headings)
        if len(headings_H):
            of_HD = gelu(means_SD[headings_H] @ self._heading + self._heading_bias) @ self._from_heading
            sections_S = section_of(document.headings)
            inside_S = sections_S >= 0
            found_SD[inside_S] += of_HD[np.searchsorted(headings_H, sections_S[inside_S])]
        return found_SD
