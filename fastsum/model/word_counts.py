"""Predict how often the summary uses each of its document's words.

Salience says which sentences the summary is about. It does not say which of their words the summary uses, nor that two
salient sentences have the same words. So there is a prediction for each distinct word of a document, from the states of
its tokens, the states of the sentences that have it (weighted by salience), and counts. The label is how often the
reference uses the word, and the loss is that of a Poisson distribution. (Concept weights for summarization: Gillick and
Favre 2009; learned weights: Li, Qian and Liu 2013.)

Shape suffixes: B documents, N tokens, S sentences, D width, W distinct words of all documents, K real tokens,
P pairs of a word and a sentence that has it (p some of them), F facts.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fastsum.config import ModelConfig
from fastsum.model.batching import Documents
from fastsum.model.dropout import Dropout
from fastsum.model.shared import FACTS, PRIOR

PAIRS_AT_ONCE = 65_536
"""Pairs of a word and a sentence processed at once, to bound memory: a long document has nearly as many as tokens."""


class DistinctWords(NamedTuple):
    """The distinct words of the documents in a batch: document by document, each by ascending id."""

    ids_W: Tensor
    """Extended word ids."""
    documents_W: Tensor
    """Index of each word's document."""
    words_K: Tensor
    """Index (of W) of each token's word, for all documents' tokens in order, without padding."""
    pair_words_P: Tensor
    """Index (of W) of each pair's word."""
    pair_sentences_P: Tensor
    """Index of each pair's sentence in the flattened (B * S) batch."""

    @classmethod
    def of(cls, documents: Documents) -> DistinctWords:
        """The distinct words of a batch."""
        mask_BN, lengths_BS = documents.mask_BN, documents.lengths_BS
        rows_K, ids_K = mask_BN.nonzero()[:, 0], documents.tokens_BN[mask_BN]
        span = documents.tokens_BN.max() + 1
        keys_W, words_K = torch.unique(rows_K * span + ids_K, return_inverse=True)
        count = lengths_BS.numel()
        sentences_K = torch.repeat_interleave(torch.arange(count, device=lengths_BS.device), lengths_BS.flatten())
        pairs_P = torch.unique(words_K * count + sentences_K)
        return cls(keys_W % span, keys_W // span, words_K, pairs_P // count, pairs_P % count)

    def means(self, states_BND: Tensor, mask_BN: Tensor) -> Tensor:
        """The mean state of each word's tokens, (W, D), float32 or wider."""
        wide = torch.promote_types(states_BND.dtype, torch.float32)
        sums_WD = states_BND.new_zeros(len(self.ids_W), states_BND.shape[-1], dtype=wide)
        return self.mean(sums_WD.index_add_(0, self.words_K, states_BND[mask_BN].to(wide)))

    def mean(self, sums_WD: Tensor) -> Tensor:
        """The means over each word's tokens, from their sums."""
        return sums_WD / self.counts_W.unsqueeze(-1)

    def by_document(self, values_W: Tensor, documents: int) -> list[dict[int, float]]:
        """Each word's value by its extended id, a dictionary per document; `documents` is their number."""
        found: list[dict[int, float]] = [{} for _ in range(documents)]
        for document, word, value in zip(
            self.documents_W.tolist(), self.ids_W.tolist(), values_W.tolist(), strict=True
        ):
            found[document][word] = value
        return found

    @property
    def counts_W(self) -> Tensor:
        """How often each word occurs in its document."""
        return torch.bincount(self.words_K, minlength=len(self.ids_W))


class WordCounts(nn.Module):
    """Predicts how often the summary uses each word of its document."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.width
        self._vocabulary_size = config.vocabulary_size
        self.norm = nn.LayerNorm(2 * width)
        self.input = nn.Linear(2 * width + FACTS, width)
        self.hidden = nn.Linear(width, width)
        self.output = nn.Linear(width, 1)
        self.dropout = Dropout(
            min(0.5, 2 * config.dropout)
        )  # it would soon overfit: few labels above 0, thousands of words

    def forward(
        self, words: DistinctWords, means_WD: Tensor, sentences_BSD: Tensor, logits_BS: Tensor, lengths_BS: Tensor
    ) -> Tensor:
        """Logarithms of the expected counts, (W,), float32.

        Args:
            means_WD: the mean state of each word's tokens.
            sentences_BSD: the sentences' states, whose salience logits are `logits_BS`.
            lengths_BS: tokens in each sentence.

        No gradient flows into the logits: saliences learn from their own labels alone.
        """
        logits_BS = logits_BS.detach().float()
        salience_P = logits_BS.sigmoid().flatten()[words.pair_sentences_P]
        weight_W = _added(salience_P, words)
        wide = torch.promote_types(sentences_BSD.dtype, torch.float32)
        states_WD = torch.zeros_like(means_WD, dtype=wide)
        for words_p, sentences_p, salience_p in zip(
            *(of_P.split(PAIRS_AT_ONCE) for of_P in (words.pair_words_P, words.pair_sentences_P, salience_P)),
            strict=True,
        ):
            weighed_pD = sentences_BSD.flatten(0, 1)[sentences_p].to(wide) * salience_p.unsqueeze(-1)
            states_WD.index_add_(0, words_p, weighed_pD)
        states_WD = states_WD / weight_W.clamp(min=1e-6).unsqueeze(-1)
        facts_WF = self._facts(words, salience_P, weight_W, logits_BS, lengths_BS)
        h_WD = torch.cat([self.norm(torch.cat([means_WD, states_WD], dim=-1)), facts_WF], dim=-1)
        h_WD = self.dropout(F.gelu(self.input(h_WD)))
        h_WD = h_WD + self.dropout(F.gelu(self.hidden(h_WD)))
        return self.output(h_WD).squeeze(-1).float() + PRIOR

    def _facts(
        self, words: DistinctWords, salience_P: Tensor, weight_W: Tensor, logits_BS: Tensor, lengths_BS: Tensor
    ) -> Tensor:
        """Counted features of each word, (W, F), scaled to about 1."""
        size = len(words.ids_W)
        mask_BS = lengths_BS > 0
        weights_B = (logits_BS.sigmoid() * mask_BS).sum(1).clamp(min=1e-3)
        wholes = mask_BS.sum(1), lengths_BS.sum(1), weights_B
        sentences_W, tokens_W, salient_W = (whole[words.documents_W].float() for whole in wholes)
        position_P = (words.pair_sentences_P % lengths_BS.shape[1]).float()
        blank_W = position_P.new_zeros(size)
        first_W = blank_W.scatter_reduce(0, words.pair_words_P, position_P, "amin", include_self=False)
        last_W = blank_W.scatter_reduce(0, words.pair_words_P, position_P, "amax", include_self=False)
        highest_W = blank_W.scatter_reduce(0, words.pair_words_P, salience_P, "amax", include_self=False)
        in_none_W = _added(
            torch.log1p(-salience_P.clamp(max=0.95)), words
        ).exp()  # the probability that no salient sentence has it
        counts_W, within_W = words.counts_W, torch.bincount(words.pair_words_P, minlength=size)
        columns = (
            counts_W.log(),
            within_W.log(),
            (counts_W / tokens_W * 1_000).log(),
            highest_W,
            weight_W / salient_W * 10,
            weight_W / within_W,
            1 - in_none_W,
            (weight_W + 1e-3).log(),
            first_W / sentences_W,
            last_W / sentences_W,
            first_W.log1p() / 4,
            words.ids_W.clamp(max=self._vocabulary_size).log1p() / 10,
            sentences_W.log() / 5,
            tokens_W.log() / 8,
            salient_W / sentences_W * 5,
        )
        return torch.stack([column.float() for column in columns], dim=-1)


def _added(values_P: Tensor, words: DistinctWords) -> Tensor:
    """Sums over each word's sentences, (W,)."""
    sums_W = values_P.new_zeros(len(words.ids_W))
    return sums_W.index_add_(0, words.pair_words_P, values_P)


def poisson_loss(log_rates_W: Tensor, counts_W: Tensor) -> Tensor:
    """Summed negative log-likelihood of the counts, without the terms that do not depend on the rates."""
    return (log_rates_W.exp() - counts_W * log_rates_W).sum()
