"""Beam search against an exhaustive search, with rules and without."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from fastsum.config import ModelConfig
from fastsum.model.batching import Documents
from fastsum.model.network import Memory, SummaryModel
from fastsum.summary.abstractive.decoding import Hypothesis, Rules, beam_search
from fastsum.text.tokenizer import BOS, EOS, PAD, UNK

V = 6  # two words besides the special ones


class History(NamedTuple):
    """The state of a toy model: every word so far, and the job each hypothesis belongs to."""

    words_RT: Tensor

    def select(self, rows: Tensor) -> History:
        return History(self.words_RT.index_select(0, rows))


class Toy:
    """A model whose distribution is an arbitrary fixed function of the memory and all words so far."""

    def start(self, rows: int) -> History:
        return History(torch.empty((rows, 0), dtype=torch.long))

    def step(self, tokens_R: Tensor, memory: Memory, state: History) -> tuple[Tensor, History]:
        words_RT = torch.cat([state.words_RT, tokens_R[:, None]], dim=1)
        rows = [
            self.log_probs(words.tolist(), ids.tolist()) for words, ids in zip(words_RT, memory.ids_JM, strict=True)
        ]
        return torch.stack(rows), History(words_RT)

    def log_probs(self, words: list[int], ids: list[int]) -> Tensor:
        real = [i for i in ids if i != PAD]
        generator = torch.Generator().manual_seed(hash((tuple(words), tuple(real))) % 2**31)
        width = V + len(real)
        logits = torch.full((V + len(ids),), -60.0)
        logits[:width] = 2 * torch.randn(width, generator=generator)
        for position, word in enumerate(real):
            if word < V or word in real[:position]:
                logits[V + position] = -60.0  # its probability stands in the word's own column
        return logits.log_softmax(0)


def toy_memory(*jobs: list[int]) -> Memory:
    width = max(map(len, jobs))
    ids = torch.tensor([job + [PAD] * (width - len(job)) for job in jobs])
    first = (ids.unsqueeze(2) == ids.unsqueeze(1)).int().argmax(-1)
    return Memory((), ids, torch.where(ids < V, ids, V + first))


def search(memory: Memory, options: dict, rules: Rules | None = None) -> list[list[Hypothesis]]:
    return beam_search(Toy(), memory, rules or Rules.none(memory.ids_JM), **options)


def settings(**changes: float) -> dict:
    return {"beam": 4, "length_penalty": 1.0, "min_tokens": 0, "max_tokens": 3, "no_repeat_ngram": 0} | changes


def allowed(words: tuple[int, ...], no_repeat_ngram: int) -> bool:
    n = no_repeat_ngram
    ngrams = [words[i : i + n] for i in range(len(words) - n + 1)] if n else []
    return len(ngrams) == len(set(ngrams))


def exhaustive(job: list[int], options: dict) -> Hypothesis:
    """Score every permitted sequence by the model alone."""
    toy = Toy()
    columns = {word: word if word < V else V + job.index(word) for word in job}
    best = Hypothesis((), (), -math.inf, -math.inf)
    for length in range(max(1, options["min_tokens"]), options["max_tokens"] + 1):
        for words in itertools.product(sorted(columns), repeat=length):
            if not allowed(words, options["no_repeat_ngram"]):
                continue
            total = 0.0
            for t, word in enumerate((*words, EOS)):
                total += toy.log_probs([BOS, *words[:t]], job)[columns.get(word, word)].item()
            score = total / (length + 1) ** options["length_penalty"]
            if score > best.score:
                best = Hypothesis(words, (), score, total / (length + 1))
    return best


@pytest.mark.parametrize("length_penalty", [0.0, 0.7, 1.0, 2.0])
@pytest.mark.parametrize(("min_tokens", "no_repeat_ngram"), [(0, 0), (2, 0), (0, 1), (0, 2), (3, 2)])
def test_wide_beam_is_exhaustive(length_penalty: float, min_tokens: int, no_repeat_ngram: int) -> None:
    options = settings(length_penalty=length_penalty, min_tokens=min_tokens, no_repeat_ngram=no_repeat_ngram, beam=100)
    jobs = [[4, 9, 9], [7, 8], [5, 4, 8, 7]]
    for job, (found, *others) in zip(jobs, search(toy_memory(*jobs), options), strict=True):
        expected = exhaustive(job, options)
        assert found.ids == expected.ids
        assert found.score == pytest.approx(expected.score, abs=1e-5)
        assert found.confidence == pytest.approx(expected.confidence, abs=1e-4)
        assert [other.score for other in others] == sorted((other.score for other in others), reverse=True)
        assert len({found.ids, *(other.ids for other in others)}) == 1 + len(others)


def greedy(model: Toy, memory: Memory, max_tokens: int) -> tuple[int, ...]:
    state, token, words = model.start(1), BOS, []
    while len(words) < max_tokens:
        row, state = model.step(torch.tensor([token]), memory, state)
        read = memory.ids_JM[0].tolist()
        row[0, [word for word in range(V) if word not in (EOS, *read) or (word == EOS and not words)]] = -math.inf
        column = int(row[0].argmax())
        if column == EOS:
            break
        token = column if column < row.shape[1] - memory.ids_JM.shape[1] else int(memory.ids_JM[0, column - V])
        words.append(token)
    return tuple(words)


def test_beam_of_one_is_greedy() -> None:
    for job in ([4, 9], [8, 7, 6], [5], [11, 4, 12]):
        memory = toy_memory(job)
        ((found,),) = search(memory, settings(beam=1, max_tokens=8))
        assert found.ids == greedy(Toy(), memory, 8)


@pytest.mark.parametrize("beam", [1, 2, 5])
def test_each_job_alone_is_as_together(beam: int) -> None:
    jobs = [[4, 9, 9, 5], [7], [10, 11, 12, 13, 14], [5, 4], [6, 6]]
    options = settings(beam=beam, max_tokens=9, no_repeat_ngram=3)
    together = search(toy_memory(*jobs), options)
    for job, found in zip(jobs, together, strict=True):
        (alone,) = search(toy_memory(job), options)
        assert [f.ids for f in found] == [a.ids for a in alone]
        assert [f.score for f in found] == pytest.approx([a.score for a in alone], abs=1e-5)


def test_lengths_are_kept() -> None:
    memory = toy_memory([4, 9], [7, 8])
    for hypotheses in search(memory, settings(min_tokens=6, max_tokens=6)):
        assert hypotheses
        for found in hypotheses:
            assert len(found.ids) == 6
            assert not {PAD, UNK, BOS, EOS} & set(found.ids)


def test_when_everything_is_blocked_nothing_is_written() -> None:
    # One word, and not twice: too few.
    assert search(toy_memory([9]), settings(min_tokens=4, max_tokens=8, no_repeat_ngram=1)) == [[]]


def test_no_jobs() -> None:
    memory = Memory((), torch.zeros((0, 3), dtype=torch.long), torch.zeros((0, 3), dtype=torch.long))
    assert search(memory, settings()) == []


@pytest.mark.parametrize("decoder_attention", ["softmax", "fastformer"])
def test_real_model_writes_alike_in_any_batch(decoder_attention: str) -> None:
    torch.manual_seed(0)
    config = ModelConfig(
        vocabulary_size=40,
        output_vocabulary_size=20,
        width=16,
        heads=2,
        feedforward=16,
        decoder_attention=decoder_attention,
    )
    model = SummaryModel(config).eval()
    torch.nn.init.normal_(model.embedding.weight, std=1.0)  # far from uniform, so that rounding decides nothing
    documents = Documents(torch.randint(4, 60, (3, 12)), torch.tensor([[5, 7], [12, 0], [3, 9]]))
    positions = torch.tensor([[0, 1, 2, 3, 4, -1, -1], [12, 13, 14, 15, 16, 17, 18], [24, 25, 26, -1, -1, -1, -1]])
    options = settings(max_tokens=12, min_tokens=3, no_repeat_ngram=2)
    with torch.inference_mode():
        states, *_ = model.encode(documents)
        memory = model.read(documents, states, positions)
        together = beam_search(model, memory, Rules.none(memory.ids_JM), **options)
        for row, (found, *_) in zip(positions, together, strict=True):
            memory = model.read(documents, states, row[row >= 0].unsqueeze(0))
            ((alone, *_),) = beam_search(model, memory, Rules.none(memory.ids_JM), **options)
            assert alone.ids == found.ids
            assert alone.positions == found.positions
            assert alone.score == pytest.approx(found.score, abs=1e-4)


def flags(places: list[int], memory: Memory) -> Tensor:
    found = torch.zeros_like(memory.ids_JM, dtype=torch.bool)
    found[0, places] = True
    return found


def pairs(follows: dict[int, list[int]], memory: Memory) -> Tensor:
    size = memory.ids_JM.shape[1]
    found = torch.zeros((1, size, size), dtype=torch.bool)
    for place, later in follows.items():
        found[0, place, later] = True
    return found


def every_hypothesis(memory: Memory, max_tokens: int, **rules: Tensor) -> dict[tuple[int, ...], tuple[int, ...]]:
    """All that can be written, with positions: there are fewer than the beam keeps, and the longest may be best."""
    options = settings(max_tokens=max_tokens, beam=3000, length_penalty=50.0)
    (found,) = search(memory, options, Rules.none(memory.ids_JM)._replace(**rules))
    return {hypothesis.ids: hypothesis.positions for hypothesis in found}


def test_only_what_is_read_is_written() -> None:
    assert set(every_hypothesis(toy_memory([9]), 2)) == {(9,), (9, 9)}
    found = every_hypothesis(toy_memory([9, 5]), 2)
    assert found[5, 9] == (1, 0)
    assert not any(4 in ids for ids in found)


def test_copied_words_follow_each_other_as_they_may() -> None:
    memory = toy_memory([7, 8, 9, 8])
    found = every_hypothesis(
        memory,
        3,
        starts_JM=flags([0, 2], memory),
        follows_JMM=pairs({0: [1], 1: [3], 2: [3, 0]}, memory),
    )
    assert found == {
        (7,): (0,),
        (7, 8): (0, 1),
        (7, 8, 8): (0, 1, 3),
        (9,): (2,),
        (9, 8): (2, 3),
        (9, 7): (2, 0),
        (9, 7, 8): (2, 0, 1),
    }


def test_a_word_copied_from_several_places_may_be_followed_as_any_of_them() -> None:
    memory = toy_memory([7, 8, 7, 9])
    found = every_hypothesis(memory, 3, follows_JMM=pairs({0: [1], 2: [3]}, memory))
    assert (found[7, 8], found[7, 9]) == ((0, 1), (2, 3))
    assert not any(len(ids) == 3 for ids in found)


def test_it_ends_only_where_it_may() -> None:
    memory = toy_memory([7, 8, 7])
    found = every_hypothesis(memory, 3, closes_JM=flags([2], memory))
    shorter = {ids for ids in found if len(ids) < 3}
    assert {(7,), (8, 7)} <= shorter
    assert not any(ids[-1] == 8 for ids in shorter)
    assert found[8, 7] == (1, 2)
    assert found[7,] == (2,)
