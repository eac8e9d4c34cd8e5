"""From a model's scores to a summary: which sentences are selected, and which words are written.

Shape suffixes: J writing jobs, A jobs still unfinished, K hypotheses of each (the beam), R = A * K rows, M tokens a job
reads, V output vocabulary, C = V + M columns of the mixed distribution, L candidates, T words written so far.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from fastsum.model import Memory
from fastsum.tokenizer import BOS, EOS, PAD, UNK


class Writer(Protocol):
    """What beam search asks of a model; see SummaryModel."""

    def start(self, rows: int) -> Any:
        """The state before the first step; `.select(rows)` keeps and reorders hypotheses."""

    def step(self, tokens_R: Tensor, memory: Memory, state: Any) -> tuple[Tensor, Any]:
        """Log-probabilities, (R, V + M), of what follows, and the new state."""


class Hypothesis(NamedTuple):
    """What one job writes."""

    ids: tuple[int, ...]
    """Extended word ids, without EOS."""
    positions: tuple[int, ...]
    """Where the job's memory holds each word, -1 for one that is not there."""
    score: float
    """Log-probability, EOS included, divided by length ** length_penalty; -inf if nothing could be written."""


@torch.inference_mode()
def beam_search(
    model: Writer,
    memory: Memory,
    *,
    beam: int,
    length_penalty: float,
    min_tokens: int,
    max_tokens: int,
    no_repeat_ngram: int,
) -> list[Hypothesis]:
    """Write all J jobs at once and return the best hypothesis of each.

    A hypothesis is scored by its log-probability over length ** length_penalty, the length counting EOS. It ends by
    EOS, after `min_tokens` words at the earliest and `max_tokens` at the latest, where EOS is all that is left to
    write. PAD, BOS and UNK are never written, and no sequence of `no_repeat_ngram` words twice (0: no such limit). A
    job ends when `beam` hypotheses have ended, or sooner when none still open can beat the best. A beam of 1 is greedy
    search. Results are the same whatever other jobs there are.
    """
    jobs, read = memory.ids_JM.shape
    device = memory.ids_JM.device
    vocabulary = 0  # the first step tells
    best: list[tuple[list[int], float]] = [([], -math.inf)] * jobs  # columns and score
    alive = list(range(jobs))
    best_A = torch.full((jobs,), -math.inf, device=device)
    ended_A = torch.zeros(jobs, dtype=torch.long, device=device)
    scores_AK = torch.full((jobs, beam), -math.inf, device=device)
    scores_AK[:, 0] = 0.0  # all hypotheses of a job begin alike: only one counts
    written_AKT = torch.empty((jobs, beam, 0), dtype=torch.long, device=device)
    tokens_R = torch.full((jobs * beam,), BOS, device=device)
    state = model.start(jobs * beam)
    memory_R = memory.select(torch.arange(jobs, device=device).repeat_interleave(beam))
    for length in range(max_tokens + 1):
        if not alive:
            break
        log_probs_RC, state = model.step(tokens_R, memory_R, state)
        columns = log_probs_RC.shape[1]
        vocabulary = columns - read
        log_probs_AKC = log_probs_RC.float().view(len(alive), beam, columns)
        _forbid(log_probs_AKC, memory_R.slots_JM, written_AKT, length, min_tokens, max_tokens, no_repeat_ngram)
        totals_AKC = log_probs_AKC.add_(scores_AK.unsqueeze(-1))
        # At most K of the candidates end, so that K that go on are among the best 2 K.
        top_AL, index_AL = totals_AKC.flatten(1).topk(min(2 * beam, beam * columns))
        beam_AL, column_AL = index_AL // columns, index_AL % columns
        ends_AL = column_AL == EOS

        # An ending counts only among the best K, as any other candidate that is kept.
        ending_AK = (top_AL / (length + 1) ** length_penalty).masked_fill(~ends_AL, -math.inf)[:, :beam]
        ended_A = ended_A + (ending_AK > -math.inf).sum(1)
        value_A, place_A = ending_AK.max(1)
        better = (value_A > best_A).nonzero().squeeze(1)
        best_A = torch.maximum(best_A, value_A)
        found = written_AKT[better, beam_AL[better, place_A[better]]].tolist()
        for row, written, value in zip(better.tolist(), found, value_A[better].tolist(), strict=True):
            best[alive[row]] = (written, value)

        order_AK = ends_AL.to(torch.uint8).argsort(dim=1, stable=True)[:, :beam]
        scores_AK = top_AL.masked_fill(ends_AL, -math.inf).gather(1, order_AK)
        beam_AK, column_AK = beam_AL.gather(1, order_AK), column_AL.gather(1, order_AK)
        # Log-probabilities only fall, and the longest possible hypothesis divides them by most.
        bound_A = scores_AK[:, 0] / (max_tokens + 1) ** length_penalty
        open_A = (ended_A < beam) & (bound_A > best_A)
        kept = open_A.nonzero().squeeze(1)
        rows_AK = (torch.arange(len(alive), device=device).unsqueeze(1) * beam + beam_AK)[kept]
        scores_AK, column_AK = scores_AK[kept], column_AK[kept]
        written_AKT = torch.cat([written_AKT.flatten(0, 1)[rows_AK], column_AK.unsqueeze(2)], dim=2)
        best_A, ended_A = best_A[kept], ended_A[kept]
        state = state.select(rows_AK.flatten())
        if len(kept) < len(alive):
            alive = [alive[row] for row in kept.tolist()]
            memory_R = memory_R.select(rows_AK.flatten())
        tokens_R = _words(column_AK.flatten(), memory_R.ids_JM, vocabulary)
    results = []
    for (written, score), read_ids in zip(best, memory.ids_JM.tolist(), strict=True):
        ids = [column if column < vocabulary else read_ids[column - vocabulary] for column in written]
        results.append(Hypothesis(tuple(ids), align(ids, read_ids), score))
    return results


def align(ids: Sequence[int], memory: Sequence[int]) -> tuple[int, ...]:
    """The position in `memory` that each of `ids` comes from, -1 for none.

    Of several, the one after the previous word's position, or one before the next word, or the first: text is copied
    in runs.
    """
    places: dict[int, list[int]] = {}
    for position, word in enumerate(memory):
        places.setdefault(word, []).append(position)
    found: list[int] = []
    for index, word in enumerate(ids):
        candidates = places.get(word, [-1])
        after = found[-1] + 1 if found and found[-1] >= 0 else -1
        if after >= 0 and after in candidates:
            found.append(after)
            continue
        following = ids[index + 1] if index + 1 < len(ids) else EOS
        found.append(next((p for p in candidates if p + 1 < len(memory) and memory[p + 1] == following), candidates[0]))
    return tuple(found)


def select(
    salience: Sequence[float],
    sentences_words: Sequence[Sequence[str]],
    *,
    sentences: int,
    words: int,
    min_salience: float = 0.0,
    block_ngrams: int,
    allowed: Sequence[bool],
    counts: Sequence[int] | None = None,
) -> list[int]:
    """Choose sentences greedily by salience, and return them in document order.

    Args:
        salience: how much each sentence belongs in the summary.
        sentences_words: each sentence's words, lower-cased; punctuation among them counts for nothing.
        sentences: how many to choose at most; 0 sets no limit.
        words: how many words they may have together; 0 sets no limit. A sentence that no longer fits is passed over,
            but the most salient is taken before nothing is.
        min_salience: a sentence less salient is not taken, unless it is the most salient of all.
        block_ngrams: a sentence that shares so many words in a row with one chosen is passed over, and taken only if
            the limits leave room when no other is left; an exact repetition is not taken even then. 0 blocks none.
        allowed: the others (headings) are considered only if no sentence is allowed.
        counts: what each sentence takes of `words`; left out, its number of words.
    """
    plain = [tuple(word for word in row if any(map(str.isalnum, word))) for row in sentences_words]
    sizes = [len(row) for row in plain] if counts is None else counts
    every = range(len(plain))
    ranked = next(
        filter(None, ([i for i in every if allowed[i] and plain[i]], [i for i in every if plain[i]], list(every))), []
    )
    ranked = sorted(ranked, key=lambda i: (-salience[i], i))
    ranked = [i for i in ranked if i == ranked[0] or salience[i] >= min_salience]
    chosen: list[int] = []
    blocked: list[int] = []
    seen: set[tuple[str, ...]] = set()
    used = 0
    for index in ranked:
        if sentences and len(chosen) == sentences:
            break
        if words and used + sizes[index] > words:
            continue
        ngrams = _ngrams(plain[index], block_ngrams)
        if seen.isdisjoint(ngrams):
            chosen.append(index)
            seen |= ngrams
            used += sizes[index]
        else:
            blocked.append(index)
    repeated = {plain[index] for index in chosen}
    for index in blocked:
        if sentences and len(chosen) == sentences:
            break
        if plain[index] not in repeated and not (words and used + sizes[index] > words):
            chosen.append(index)
            repeated.add(plain[index])
            used += sizes[index]
    return sorted(chosen or ranked[:1])


def _words(column_R: Tensor, ids_RM: Tensor, vocabulary: int) -> Tensor:
    """The extended ids of columns of the mixed distribution."""
    if not ids_RM.shape[1]:
        return column_R
    copied_R = ids_RM.gather(1, (column_R - vocabulary).clamp(min=0).unsqueeze(1)).squeeze(1)
    return torch.where(column_R < vocabulary, column_R, copied_R)


def _forbid(
    log_probs_AKC: Tensor,
    slots_RM: Tensor,
    written_AKT: Tensor,
    length: int,
    min_tokens: int,
    max_tokens: int,
    no_repeat_ngram: int,
) -> None:
    """Set to -inf, in place, what must not be written next."""
    read = slots_RM.shape[1]
    vocabulary = log_probs_AKC.shape[2] - read
    if length == max_tokens:
        end_AK = log_probs_AKC[..., EOS].clone()
        log_probs_AKC.fill_(-math.inf)
        log_probs_AKC[..., EOS] = end_AK
        return
    log_probs_AKC[..., [PAD, UNK, BOS]] = -math.inf
    if length < min_tokens:
        log_probs_AKC[..., EOS] = -math.inf
    # A word has one column: the generated word's, or that of the first position which holds it.
    own_M = torch.arange(vocabulary, vocabulary + read, device=slots_RM.device)
    slots_AKM = slots_RM.view(*log_probs_AKC.shape[:2], read)
    log_probs_AKC[..., vocabulary:].masked_fill_(slots_AKM != own_M, -math.inf)
    windows = length - no_repeat_ngram + 1
    if no_repeat_ngram and windows > 0:
        same_AKW = torch.ones_like(written_AKT[..., :windows], dtype=torch.bool)
        for offset in range(no_repeat_ngram - 1):
            same_AKW &= written_AKT[..., offset : offset + windows] == written_AKT[..., windows + offset, None]
        next_AKW = written_AKT[..., no_repeat_ngram - 1 :]
        log_probs_AKC.scatter_(2, next_AKW.masked_fill(~same_AKW, PAD), -math.inf)


def _ngrams(words: tuple[str, ...], size: int) -> set[tuple[str, ...]]:
    if not size:
        return set()
    return {words[start : start + size] for start in range(max(1, len(words) - size + 1))}
