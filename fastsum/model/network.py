"""The summarization model: select the salient sentences, then write.

    tokens -> encoder -> token states -> mean per sentence -> sentence encoder -> one salience logit a sentence
    token states -> mean per distinct word, and its sentences' states -> how often the summary uses it (optional)
    token states of the selected sentences -> decoder -> generate a word or copy one

The encoder layers are Fastformer's (arXiv 2108.09084), whose cost is linear in the document's length, unless the
configuration names another attention mechanism. Copying is the pointer-generator's (See et al. 2017, arXiv 1704.04368).

Shape suffixes: B documents, N tokens, S sentences, P some of them, J writing jobs, M tokens a job reads, T tokens it
writes, D width, V output vocabulary, W distinct words of all documents, R hypotheses of beam search, or target tokens
that count (rows).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.config import ModelConfig
from fastsum.model.batching import Batch, Documents, WritingJobs
from fastsum.model.dropout import Dropout
from fastsum.model.layers import DecoderLayer, Encoder, SentenceFacts, sinusoids
from fastsum.model.shared import SENTENCE_BUCKETS, sentence_buckets
from fastsum.model.word_counts import DistinctWords, WordCounts, poisson_loss
from fastsum.model.word_scores import word_scores
from fastsum.text.tokenizer import BOS, PAD, UNK

PARTS = {
    "selection": (
        "dropout",
        "sentence_positions",
        "sentence_facts",
        "sentence_encoder",
        "salience_head",
        "word_counts",
    ),
    "words": ("word_counts",),
}
"""Modules that `training.part` trains: those after the token states, with the dropout of the sentence encoder's input,
and the head for words."""


class Losses(NamedTuple):
    """Summed losses and their divisors, so that batches can be added up before dividing."""

    salience: Tensor
    """Summed binary cross-entropy of the sentences."""
    sentences: Tensor
    """Number of sentences."""
    writing: Tensor
    """Summed (smoothed) negative log-likelihood of the target tokens."""
    words: Tensor
    """Number of target tokens."""
    counting: Tensor
    """Summed Poisson loss of the word counts; 0 without `word_counts`."""
    distinct: Tensor
    """Number of distinct words, each counted once per document."""


class Encoded(NamedTuple):
    """The encoders' output; values at padding have no meaning."""

    states_BND: Tensor
    """States of the tokens."""
    sentences_BSD: Tensor
    """States of the sentences."""
    logits_BS: Tensor
    """Salience logits of the sentences, float32."""


class Memory(NamedTuple):
    """What the decoder attends to in each job, projected once."""

    layers: tuple[Any, ...]
    """Each decoder layer's cross-attention keys and values."""
    ids_JM: Tensor
    """Extended word ids of the tokens read, PAD after the end."""
    slots_JM: Tensor
    """Column of each token in the final distribution: its id if the decoder can generate it, otherwise V + the first
    position of the same word."""

    def select(self, rows: Tensor) -> Memory:
        """Keep and reorder jobs."""
        layers = tuple(layer.select(rows) for layer in self.layers)
        return Memory(layers, self.ids_JM.index_select(0, rows), self.slots_JM.index_select(0, rows))


class DecoderState(NamedTuple):
    """What the decoder carries from step to step."""

    layers: tuple[Any, ...]
    position: int

    def select(self, rows: Tensor) -> DecoderState:
        """Keep and reorder hypotheses."""
        return DecoderState(tuple(layer.select(rows) for layer in self.layers), self.position)


class SummaryModel(nn.Module):
    """Predicts the salience of sentences and writes summaries; both are trained together."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.embedding = nn.Embedding(config.vocabulary_size, width)
        self.embedding_norm = nn.LayerNorm(width)
        self.token_dropout = Dropout(config.dropout)
        self.dropout = Dropout(config.dropout)
        self.encoder = Encoder(config, config.encoder_layers)
        self.sentence_positions = nn.Embedding(SENTENCE_BUCKETS, width)
        self.sentence_facts = SentenceFacts(config) if config.statistics else None
        self.sentence_encoder = Encoder(config, config.sentence_layers)
        self.salience_head = nn.Linear(width, 1)
        self.word_counts = WordCounts(config) if config.word_counts else None
        self.decoder = nn.ModuleList(DecoderLayer(config) for _ in range(config.decoder_layers))
        self.decoder_norm = nn.LayerNorm(width)
        self.output_bias = nn.Parameter(torch.zeros(config.output_vocabulary_size))
        self.copy_gate = nn.Linear(2 * width, 1)
        self.apply(_initialise)
        if self.word_counts is not None:  # before training, all words are expected equally
            nn.init.zeros_(self.word_counts.output.weight)

    def forward(self, batch: Batch, label_smoothing: float = 0.0, with_writing: bool = True) -> Losses:
        """Losses of a batch; the decoder's only `with_writing`."""
        encoded = self.encode(batch.documents)
        states_BND, _, logits_BS = encoded
        mask_BS = batch.documents.mask_BS
        salience = F.binary_cross_entropy_with_logits(logits_BS, batch.salience_BS, reduction="none")
        writing = counting = logits_BS.new_zeros(())
        if self.word_counts is not None:
            counting = poisson_loss(self.expected_counts(batch.documents, encoded)[1], batch.counts_W)
        if with_writing and batch.writing.targets_JT.numel():
            splits = states_BND.device.type == "cpu" and not torch.compiler.is_compiling()
            groups = batch.writing.by_length() if splits else [batch.writing]
            memories = self.read_groups(batch.documents, states_BND, [jobs.memory_JM for jobs in groups])
            writing = self.writing_loss(memories, groups, label_smoothing)
        words = batch.writing.counted_JT.sum()
        distinct = words.new_tensor(batch.counts_W.numel())
        return Losses((salience * mask_BS).sum(), mask_BS.sum(), writing, words, counting, distinct)

    def encode(self, documents: Documents) -> Encoded:
        """Tokens and sentences through the encoders."""
        tokens_BN, lengths_BS = documents.tokens_BN, documents.lengths_BS
        mask_BN = documents.mask_BN
        states_BND = self.encoder(self.token_dropout(self.embed_tokens(tokens_BN)), mask_BN)
        means_BSD = _sentence_means(states_BND, lengths_BS)
        h_BSD = self.embed_sentences(means_BSD, documents, 0, lengths_BS.shape[1])
        h_BSD = self.sentence_encoder(self.dropout(h_BSD), documents.mask_BS)
        return Encoded(states_BND, h_BSD, self.salience(h_BSD))

    def expected_counts(self, documents: Documents, encoded: Encoded) -> tuple[DistinctWords, Tensor]:
        """The documents' distinct words, and the logarithms of how often the summaries are expected to use them, (W,),
        float32. Needs `word_counts`."""
        words = DistinctWords.of(documents)
        means_WD = words.means(encoded.states_BND, documents.mask_BN)
        return words, self.weigh_words(documents, words, means_WD, encoded.sentences_BSD, encoded.logits_BS)

    def weigh_words(
        self, documents: Documents, words: DistinctWords, means_WD: Tensor, sentences_BSD: Tensor, logits_BS: Tensor
    ) -> Tensor:
        """Those logarithms, from the words' mean token states. Raises ValueError without `word_counts`."""
        if self.word_counts is None:
            raise ValueError("this model predicts no word counts: model.word_counts is false")
        rates: Tensor = self.word_counts(words, means_WD, sentences_BSD, logits_BS, documents.lengths_BS)
        return rates

    def embed_tokens(self, tokens_BN: Tensor, start: int = 0) -> Tensor:
        """The token encoder's input for tokens at positions from `start`, (B, N, D)."""
        x_BND = self._embed(tokens_BN)
        if self.config.positions == "sinusoidal":
            positions_ND = sinusoids(tokens_BN.shape[1], self.config.width, start, x_BND.device)
            x_BND = x_BND + positions_ND.to(x_BND.dtype)
        return x_BND

    def embed_sentences(self, means_BSD: Tensor, documents: Documents, start: int, stop: int) -> Tensor:
        """The sentence encoder's input for sentences `start` to `stop`, (B, P, D), from the mean token states of all
        sentences, (B, S, D)."""
        sentences = slice(start, stop)
        buckets_P = torch.from_numpy(sentence_buckets(stop - start, start)).to(means_BSD.device)
        positions_PD = self.sentence_positions(buckets_P)
        h_BPD = means_BSD[:, sentences] + positions_PD
        return h_BPD if self.sentence_facts is None else h_BPD + self.sentence_facts(means_BSD, documents, sentences)

    def salience(self, h_BSD: Tensor) -> Tensor:
        """A logit for each sentence state, (B, S), float32."""
        return self.salience_head(h_BSD).squeeze(-1).float()

    def read(self, documents: Documents, states_BND: Tensor, memory_JM: Tensor) -> Memory:
        """Gather and project the tokens that each job reads."""
        return self.read_groups(documents, states_BND, [memory_JM])[0]

    def read_groups(self, documents: Documents, states_BND: Tensor, groups: Sequence[Tensor]) -> list[Memory]:
        """The same for groups of jobs of different padding; the states are gathered once, and so is their gradient."""
        flat = torch.cat([memory_JM.flatten() for memory_JM in groups]).clamp(min=0)
        states = states_BND.flatten(0, 1).index_select(0, flat)
        sizes = [memory_JM.numel() for memory_JM in groups]
        return [
            self._project(of_group.view(*memory_JM.shape, -1), ids.view_as(memory_JM), memory_JM >= 0)
            for of_group, ids, memory_JM in zip(
                states.split(sizes), documents.tokens_BN.flatten()[flat].split(sizes), groups, strict=True
            )
        ]

    def _project(self, states_JMD: Tensor, ids_JM: Tensor, mask_JM: Tensor) -> Memory:
        ids_JM = ids_JM.masked_fill(~mask_JM, PAD)
        # A word that the decoder cannot generate is identified by the first position where the job reads it.
        size = self.config.output_vocabulary_size
        slots_JM = torch.where(ids_JM < size, ids_JM, size + _first_positions(ids_JM))
        layers = tuple(layer.cross_attention.prepare(states_JMD, mask_JM) for layer in self._decoder_layers)
        return Memory(layers, ids_JM, slots_JM)

    def writing_loss(self, memories: Sequence[Memory], groups: Sequence[WritingJobs], label_smoothing: float) -> Tensor:
        """Summed negative log-likelihood of the counted target tokens, each given those before it (teacher forcing)."""
        inputs = self._embed(torch.cat([_inputs(jobs.targets_JT).flatten() for jobs in groups]))
        rows: list[tuple[Tensor, ...]] = []
        for jobs, memory, of_group in zip(
            groups, memories, inputs.split([jobs.targets_JT.numel() for jobs in groups]), strict=True
        ):
            targets_JT, counted_R = jobs.targets_JT, jobs.counted_JT.flatten().nonzero()[:, 0]
            x_JTD, copy_JTM = self._decode(memory, of_group.view(*targets_JT.shape, -1))
            targets_R = targets_JT.flatten()[counted_R]
            read_RM = memory.ids_JM[counted_R // targets_JT.shape[1]] == targets_R.unsqueeze(-1)
            x_RD, inputs_RD, copy_RM = (
                t.index_select(0, counted_R) for t in (x_JTD.flatten(0, 1), of_group, copy_JTM.flatten(0, 1))
            )
            rows.append((x_RD, inputs_RD, targets_R, (copy_RM * read_RM).sum(-1)))
        x_RD, inputs_RD, targets_R, copied_R = map(torch.cat, zip(*rows, strict=True))
        logits_RV, gate_R = self._output(x_RD, inputs_RD)
        can_generate = targets_R < logits_RV.shape[-1]
        log_z_R, target_R, mean_R = word_scores(logits_RV, targets_R.masked_fill(~can_generate, 0))
        log_generate = (F.logsigmoid(gate_R) + target_R - log_z_R).masked_fill(~can_generate, -math.inf)
        log_copy = F.logsigmoid(-gate_R) + copied_R.clamp(min=1e-8).log()
        loss = -torch.logaddexp(log_generate, log_copy)
        if label_smoothing:
            loss = (1 - label_smoothing) * loss + label_smoothing * (log_z_R - mean_R)
        return loss.sum()

    def decode(self, memory: Memory, targets_JT: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Teacher forcing, for each target token given those before it: generation logits (J, T, V), of the type of the
        product, the copy gate's logit (J, T; high means generate) and the copy distribution (J, T, M), both float32."""
        inputs_JTD = self._embed(_inputs(targets_JT))
        x_JTD, copy_JTM = self._decode(memory, inputs_JTD)
        return *self._output(x_JTD, inputs_JTD), copy_JTM

    def _decode(self, memory: Memory, inputs_JTD: Tensor) -> tuple[Tensor, Tensor]:
        """The last layer's states, (J, T, D), of these inputs, and the copy distribution, (J, T, M), float32."""
        positions_TD = sinusoids(inputs_JTD.shape[1], inputs_JTD.shape[2], device=inputs_JTD.device)
        x = self.dropout(inputs_JTD + positions_TD.to(inputs_JTD.dtype))
        weights = x.new_zeros(())
        for layer, layer_memory in zip(self._decoder_layers, memory.layers, strict=True):
            x, weights = layer(x, layer_memory)
        return x, weights.float()

    def start(self, rows: int) -> DecoderState:
        """The state before the first step, for `rows` hypotheses."""
        weight = self.embedding.weight
        states = (
            layer.self_attention.initial_state(rows, weight.device, weight.dtype) for layer in self._decoder_layers
        )
        return DecoderState(tuple(states), 0)

    def step(self, tokens_R: Tensor, memory: Memory, state: DecoderState) -> tuple[Tensor, DecoderState]:
        """Log-probabilities, (R, V + M), of the token after `tokens_R`, and the new state.

        Column c < V is word c; column V + m is the word that the hypothesis reads at position m of its memory.
        """
        inputs_RD = self._embed(tokens_R)
        x = inputs_RD + sinusoids(1, inputs_RD.shape[1], state.position, inputs_RD.device).to(inputs_RD.dtype)
        states = []
        weights = x.new_zeros(())
        for layer, layer_memory, layer_state in zip(self._decoder_layers, memory.layers, state.layers, strict=True):
            x, weights, layer_state = layer.step(x, layer_memory, layer_state)
            states.append(layer_state)
        logits_RV, gate_R = self._output(x, inputs_RD)
        return _mix(logits_RV, gate_R, weights.float(), memory.slots_JM), DecoderState(
            tuple(states), state.position + 1
        )

    @property
    def _decoder_layers(self) -> Iterable[DecoderLayer]:
        return cast(Iterable[DecoderLayer], self.decoder)

    def _embed(self, tokens: Tensor) -> Tensor:
        known = torch.where(tokens < self.config.vocabulary_size, tokens, UNK)
        return self.embedding_norm(self.embedding(known))

    def _output(self, x: Tensor, inputs: Tensor) -> tuple[Tensor, Tensor]:
        h = self.decoder_norm(x)
        words = self.embedding.weight[: self.config.output_vocabulary_size]
        logits = F.linear(h, words, self.output_bias.to(words.dtype))
        return logits, self.copy_gate(torch.cat([h, inputs], dim=-1)).squeeze(-1).float()


def _inputs(targets_JT: Tensor) -> Tensor:
    """The decoder's input at each target token: the one before it."""
    return F.pad(targets_JT[:, :-1], (1, 0), value=BOS)


def segment_sums(x: Tensor, lengths: Tensor) -> Tensor:
    """Sums of consecutive segments of rows of `x`, whose lengths are `lengths`."""
    if x.device.type == "mps":  # has no segment_reduce, which is three times as fast elsewhere
        segments = torch.repeat_interleave(torch.arange(len(lengths), device=x.device), lengths)
        return x.new_zeros(len(lengths), x.shape[1]).index_add(0, segments, x)
    return torch.segment_reduce(x, "sum", lengths=lengths, unsafe=True)


def _first_positions(ids_JM: Tensor) -> Tensor:
    """For each position in a row, the first position that holds the same number."""
    sorted_JM, order_JM = ids_JM.sort(dim=1, stable=True)
    begins_JM = F.pad(sorted_JM[:, 1:] != sorted_JM[:, :-1], (1, 0), value=True)
    positions_JM = torch.arange(ids_JM.shape[1], device=ids_JM.device) * begins_JM
    return torch.empty_like(ids_JM).scatter(1, order_JM, order_JM.gather(1, positions_JM.cummax(1).values))


def _mix(logits_RV: Tensor, gate_R: Tensor, copy_RM: Tensor, slots_RM: Tensor) -> Tensor:
    generated = torch.softmax(logits_RV.float(), -1) * torch.sigmoid(gate_R).unsqueeze(-1)
    copied = copy_RM * torch.sigmoid(-gate_R).unsqueeze(-1)
    mixed = F.pad(generated, (0, copied.shape[1])).scatter_add(1, slots_RM, copied)
    return mixed.clamp(min=1e-30).log()


def _sentence_means(states_BND: Tensor, lengths_BS: Tensor) -> Tensor:
    # Sentences follow each other without gaps, so the padding of a document is one more segment of it.
    tokens = states_BND.shape[1]
    padding_B1 = tokens - lengths_BS.sum(1, keepdim=True)
    lengths = torch.cat([lengths_BS, padding_B1], dim=1)
    precise = torch.promote_types(states_BND.dtype, torch.float32)
    sums = segment_sums(states_BND.flatten(0, 1).to(precise), lengths.flatten())
    sums_BSD = sums.view(*lengths.shape, -1)[:, :-1]
    return sums_BSD / lengths_BS.clamp(min=1).unsqueeze(-1)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
