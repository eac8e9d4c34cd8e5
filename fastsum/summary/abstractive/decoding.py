"""Beam search over the words of a passage that the decoder copies.

Shape suffixes: J passages, A passages still unfinished, K hypotheses of each (the beam), R = A * K rows, M tokens of a
passage, V output vocabulary, C = V + M columns of the mixed distribution, L candidates, T words written so far.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from fastsum.model.network import Memory
from fastsum.text.tokenizer import BOS, EOS, PAD, UNK

_NEVER = [PAD, UNK, BOS]


class Writer(Protocol):
    """What beam search asks of a model; see SummaryModel."""

    def start(self, rows: int) -> Any:
        """The state before the first step; `.select(rows)` keeps and reorders hypotheses."""

    def step(self, tokens_R: Tensor, memory: Memory, state: Any) -> tuple[Tensor, Any]:
        """Log-probabilities, (R, V + M), of what follows, and the new state."""


class Hypothesis(NamedTuple):
    """What the decoder may write for one passage."""

    ids: tuple[int, ...]
    """Extended word ids, without EOS."""
    positions: tuple[int, ...]
    """Where in the passage's memory each word was copied from."""
    score: float
    """Log-probability, EOS included, divided by length ** length_penalty."""
    confidence: float
    """Mean log-probability of its words, EOS included; 0 is certain."""


class Rules(NamedTuple):
    """What may be written; all bool.

    A word is copied from a position of the memory that may follow the one copied before. Where it may have been copied
    from several positions, what follows any of them may be written.
    """

    starts_JM: Tensor
    """Positions that may come first."""
    follows_JMM: Tensor
    """[j, a, b]: whether position b may follow position a."""
    closes_JM: Tensor
    """Positions that may come last."""

    @classmethod
    def none(cls, ids_JM: Tensor) -> Rules:
        """Every position may follow every other."""
        every_JM = ids_JM != PAD
        return cls(every_JM, every_JM.unsqueeze(1) & every_JM.unsqueeze(2), every_JM)

    def select(self, passages: Tensor) -> Rules:
        """Keep and reorder passages."""
        return Rules(*(positions.index_select(0, passages) for positions in self))


class _Trail(NamedTuple):
    """Where the last words of each hypothesis come from, as far as the next word depends on it."""

    last_AKM: Tensor
    """Where the last word may have been copied from; nowhere before the first."""
    tokens_AK: Tensor
    """The last word, BOS before the first."""
    next_AKM: Tensor
    """Where the word copied next may be."""


@torch.inference_mode()
def beam_search(
    model: Writer,
    memory: Memory,
    rules: Rules,
    *,
    beam: int,
    length_penalty: float,
    min_tokens: int,
    max_tokens: int,
    no_repeat_ngram: int,
) -> list[list[Hypothesis]]:
    """Rewrite all J passages at once; return up to `beam` hypotheses of each, the best first, or none if none can end.

    A hypothesis is scored by its log-probability over length ** length_penalty, the length counting EOS. It ends with
    EOS, after at least `min_tokens` words, where the rules allow it, and at most `max_tokens`, where EOS is all that
    can be written. PAD, BOS and UNK are never written. N-gram blocking: no sequence of `no_repeat_ngram` words is
    written twice (0: no such limit). A passage ends when `beam` hypotheses have ended, or earlier when none still open
    can beat the best. A beam size of 1 is greedy search. Results do not depend on the other passages.
    """
    passages, read = memory.ids_JM.shape
    device = memory.ids_JM.device
    vocabulary = 0  # known with the first step
    ended: list[list[tuple[list[int], float]]] = [[] for _ in range(passages)]  # columns and score
    alive = list(range(passages))
    best_A = torch.full((passages,), -math.inf, device=device)
    scores_AK = torch.full((passages, beam), -math.inf, device=device)
    scores_AK[:, 0] = 0.0  # all hypotheses of a passage begin alike: only one counts
    written_AKT = torch.empty((passages, beam, 0), dtype=torch.long, device=device)
    state = model.start(passages * beam)
    memory_R = memory.select(torch.arange(passages, device=device).repeat_interleave(beam))
    ids_AM, slots_AM = memory.ids_JM, memory.slots_JM
    rules_A = rules._replace(follows_JMM=rules.follows_JMM.float())  # for products
    trail = _begin(rules, beam)
    for length in range(max_tokens + 1):
        if not alive:
            break
        log_probs_RC, state = model.step(trail.tokens_AK.flatten(), memory_R, state)
        log_probs_AKC = log_probs_RC.float().view(len(alive), beam, -1)
        vocabulary = log_probs_AKC.shape[2] - read
        allowed_AKC = _allowed(trail, slots_AM, rules_A, log_probs_AKC.shape[2], length, min_tokens, max_tokens)
        log_probs_AKC = log_probs_AKC.masked_fill(~allowed_AKC, -math.inf)
        _forbid_repetition(log_probs_AKC, written_AKT, no_repeat_ngram)
        totals_AKC = log_probs_AKC.add_(scores_AK.unsqueeze(-1))
        # At most K of the candidates end, so K that continue are among the best 2 K.
        columns = totals_AKC.shape[2]
        top_AL, index_AL = totals_AKC.flatten(1).topk(min(2 * beam, beam * columns))
        beam_AL, column_AL = index_AL // columns, index_AL % columns
        ends_AL = column_AL == EOS

        # An ending counts only among the best K, as any other candidate that is kept.
        ending_AK = (top_AL / (length + 1) ** length_penalty).masked_fill(~ends_AL, -math.inf)[:, :beam]
        best_A = torch.maximum(best_A, ending_AK.max(1).values)
        row, position = (ending_AK > -math.inf).nonzero(as_tuple=True)
        found = zip(written_AKT[row, beam_AL[row, position]].tolist(), ending_AK[row, position].tolist(), strict=True)
        for passage, ending in zip(row.tolist(), found, strict=True):
            ended[alive[passage]].append(ending)

        order_AK = ends_AL.to(torch.uint8).argsort(dim=1, stable=True)[:, :beam]
        scores_AK = top_AL.masked_fill(ends_AL, -math.inf).gather(1, order_AK)
        beam_AK, column_AK = beam_AL.gather(1, order_AK), column_AL.gather(1, order_AK)
        # Log-probabilities only fall, and the longest possible hypothesis divides them by most.
        bound_A = scores_AK[:, 0] / (max_tokens + 1) ** length_penalty
        full_A = torch.tensor([len(ended[passage]) >= beam for passage in alive], device=device)
        kept = (~full_A & (bound_A > best_A)).nonzero().squeeze(1)
        beam_AK, column_AK, scores_AK, best_A = beam_AK[kept], column_AK[kept], scores_AK[kept], best_A[kept]
        rows_AK = kept.unsqueeze(1) * beam + beam_AK
        state = state.select(rows_AK.flatten())
        written_AKT = torch.cat([written_AKT.flatten(0, 1)[rows_AK], column_AK.unsqueeze(2)], dim=2)
        trail = _Trail(*(part.flatten(0, 1)[rows_AK] for part in trail))
        if len(kept) < len(alive):
            alive = [alive[passage] for passage in kept.tolist()]
            memory_R, rules_A = memory_R.select(rows_AK.flatten()), rules_A.select(kept)
            ids_AM, slots_AM = ids_AM[kept], slots_AM[kept]
        trail = _advance(trail, _words(column_AK, ids_AM, vocabulary), ids_AM, rules_A)
    return _hypotheses(ended, memory.ids_JM.cpu(), Rules(*(part.cpu() for part in rules)), vocabulary, length_penalty)


def _words(column_AK: Tensor, ids_AM: Tensor, vocabulary: int) -> Tensor:
    """The extended ids of columns of the mixed distribution."""
    if not ids_AM.shape[1]:
        return column_AK
    copied_AK = ids_AM.gather(1, (column_AK - vocabulary).clamp(min=0))
    return torch.where(column_AK < vocabulary, column_AK, copied_AK)


def _begin(rules: Rules, beam: int) -> _Trail:
    next_AKM = rules.starts_JM.unsqueeze(1).expand(-1, beam, -1)
    tokens_AK = torch.full(next_AKM.shape[:2], BOS, dtype=torch.long, device=next_AKM.device)
    return _Trail(torch.zeros_like(next_AKM), tokens_AK, next_AKM)


def _advance(trail: _Trail, tokens_AK: Tensor, ids_AM: Tensor, rules_A: Rules) -> _Trail:
    """The trail after one more word."""
    last_AKM = trail.next_AKM & (ids_AM.unsqueeze(1) == tokens_AK.unsqueeze(2))
    return _Trail(last_AKM, tokens_AK, last_AKM.float() @ rules_A.follows_JMM > 0)


def _allowed(
    trail: _Trail, slots_AM: Tensor, rules_A: Rules, columns: int, length: int, min_tokens: int, max_tokens: int
) -> Tensor:
    """Columns that may be written after `length` words: (A, K, C).

    A word has one column: the generated word's, or that of the first position which holds it.
    """
    ends_AK = (trail.last_AKM & rules_A.closes_JM.unsqueeze(1)).any(2) & (length >= min_tokens)
    allowed_AKC = torch.zeros((*ends_AK.shape, columns), dtype=torch.bool, device=ends_AK.device)
    if length == max_tokens:
        ends_AK = torch.ones_like(ends_AK)
    else:
        allowed_AKC.scatter_(2, slots_AM.unsqueeze(1).masked_fill(~trail.next_AKM, PAD), True)
        allowed_AKC[..., _NEVER] = False
    allowed_AKC[..., EOS] = ends_AK
    return allowed_AKC


def _forbid_repetition(log_probs_AKC: Tensor, written_AKT: Tensor, no_repeat_ngram: int) -> None:
    """N-gram blocking: set to -inf, in place, words that would complete an n-gram written already."""
    windows = written_AKT.shape[2] - no_repeat_ngram + 1
    if no_repeat_ngram and windows > 0:
        same_AKW = torch.ones_like(written_AKT[..., :windows], dtype=torch.bool)
        for offset in range(no_repeat_ngram - 1):
            same_AKW &= written_AKT[..., offset : offset + windows] == written_AKT[..., windows + offset, None]
        next_AKW = written_AKT[..., no_repeat_ngram - 1 :]
        log_probs_AKC.scatter_(2, next_AKW.masked_fill(~same_AKW, PAD), -math.inf)


def _hypotheses(
    ended: Sequence[Sequence[tuple[list[int], float]]],
    ids_JM: Tensor,
    rules: Rules,
    vocabulary: int,
    length_penalty: float,
) -> list[list[Hypothesis]]:
    results = []
    for passage, endings in enumerate(ended):
        hypotheses = []
        read = ids_JM[passage].tolist()
        for columns, score in sorted(endings, key=lambda ending: -ending[1]):
            ids = [column if column < vocabulary else read[column - vocabulary] for column in columns]
            confidence = score * (len(ids) + 1) ** (length_penalty - 1)
            hypotheses.append(Hypothesis(tuple(ids), _positions(ids, passage, ids_JM, rules), score, confidence))
        results.append(hypotheses)
    return results


def _positions(ids: Sequence[int], passage: int, ids_JM: Tensor, rules: Rules) -> tuple[int, ...]:
    """Where each word was copied from; of several ways, the one with the longest runs."""
    follows_MM, next_M = rules.follows_JMM[passage], rules.starts_JM[passage]
    reached: list[list[int]] = []  # as `_advance` reaches them
    for word in ids:
        reached.append((next_M & (ids_JM[passage] == word)).nonzero().squeeze(1).tolist())
        next_M = follows_MM[reached[-1]].any(0)
    found: list[int] = []
    for index in reversed(range(len(ids))):
        if found:
            fits = [position for position in reached[index] if follows_MM[position, found[-1]]]
        else:
            fits = [position for position in reached[index] if rules.closes_JM[passage, position]] or reached[index]
        earlier = reached[index - 1] if index else []
        later = found[-1] if found else -1
        found.append(min((position + 1 != later, position - 1 not in earlier, position) for position in fits)[2])
    return tuple(reversed(found))
