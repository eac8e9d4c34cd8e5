"""Beam search against an exhaustive search, and the rules of selection."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from fastsum.config import ModelConfig
from fastsum.decoding import Hypothesis, align, beam_search, select
from fastsum.model import Documents, Memory, SummaryModel
from fastsum.tokenizer import BOS, EOS, PAD, UNK

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


def settings(**changes: float) -> dict:
    return {"beam": 4, "length_penalty": 1.0, "min_tokens": 0, "max_tokens": 3, "no_repeat_ngram": 0} | changes


def allowed(words: tuple[int, ...], no_repeat_ngram: int) -> bool:
    n = no_repeat_ngram
    ngrams = [words[i : i + n] for i in range(len(words) - n + 1)] if n else []
    return len(ngrams) == len(set(ngrams))


def exhaustive(job: list[int], options: dict) -> Hypothesis:
    """Score every permitted sequence by the model alone."""
    toy = Toy()
    columns = {4: 4, 5: 5} | {word: V + p for p, word in reversed(list(enumerate(job))) if word >= V}
    best = Hypothesis((), (), -math.inf)
    for length in range(options["min_tokens"], options["max_tokens"] + 1):
        for words in itertools.product(sorted(columns), repeat=length):
            if not allowed(words, options["no_repeat_ngram"]):
                continue
            total = 0.0
            for t, word in enumerate((*words, EOS)):
                total += toy.log_probs([BOS, *words[:t]], job)[columns.get(word, word)].item()
            score = total / (length + 1) ** options["length_penalty"]
            if score > best.score:
                best = Hypothesis(words, (), score)
    return best


@pytest.mark.parametrize("length_penalty", [0.0, 0.7, 1.0, 2.0])
@pytest.mark.parametrize(("min_tokens", "no_repeat_ngram"), [(0, 0), (2, 0), (0, 1), (0, 2), (3, 2)])
def test_wide_beam_is_exhaustive(length_penalty: float, min_tokens: int, no_repeat_ngram: int) -> None:
    options = settings(length_penalty=length_penalty, min_tokens=min_tokens, no_repeat_ngram=no_repeat_ngram, beam=100)
    jobs = [[4, 9, 9], [7], [5, 4, 8, 7]]
    for job, found in zip(jobs, beam_search(Toy(), toy_memory(*jobs), **options), strict=True):
        expected = exhaustive(job, options)
        assert found.ids == expected.ids
        assert found.score == pytest.approx(expected.score, abs=1e-5)


def greedy(model: Toy, memory: Memory, max_tokens: int) -> tuple[int, ...]:
    state, token, words = model.start(1), BOS, []
    while len(words) < max_tokens:
        row, state = model.step(torch.tensor([token]), memory, state)
        row[0, [PAD, UNK, BOS]] = -math.inf
        column = int(row[0].argmax())
        if column == EOS:
            break
        token = column if column < row.shape[1] - memory.ids_JM.shape[1] else int(memory.ids_JM[0, column - V])
        words.append(token)
    return tuple(words)


def test_beam_of_one_is_greedy() -> None:
    for job in ([4, 9], [8, 7, 6], [5], [11, 4, 12]):
        memory = toy_memory(job)
        (found,) = beam_search(Toy(), memory, **settings(beam=1, max_tokens=8))
        assert found.ids == greedy(Toy(), memory, 8)


@pytest.mark.parametrize("beam", [1, 2, 5])
def test_each_job_alone_is_as_together(beam: int) -> None:
    jobs = [[4, 9, 9, 5], [7], [10, 11, 12, 13, 14], [5, 4], [6, 6]]
    options = settings(beam=beam, max_tokens=9, no_repeat_ngram=3)
    together = beam_search(Toy(), toy_memory(*jobs), **options)
    alone = [beam_search(Toy(), toy_memory(job), **options)[0] for job in jobs]
    assert [t.ids for t in together] == [a.ids for a in alone]
    assert [t.score for t in together] == pytest.approx([a.score for a in alone], abs=1e-5)


def test_lengths_are_kept() -> None:
    memory = toy_memory([4, 9], [7, 8])
    for found in beam_search(Toy(), memory, **settings(min_tokens=6, max_tokens=6)):
        assert len(found.ids) == 6
        assert not {PAD, UNK, BOS, EOS} & set(found.ids)


def test_when_everything_is_blocked_nothing_is_written() -> None:
    # Three words, none twice: no fourth can be written, and three are too few.
    (found,) = beam_search(Toy(), toy_memory([9]), **settings(min_tokens=4, max_tokens=8, no_repeat_ngram=1))
    assert found == Hypothesis((), (), -math.inf)


def test_no_jobs() -> None:
    memory = Memory((), torch.zeros((0, 3), dtype=torch.long), torch.zeros((0, 3), dtype=torch.long))
    assert beam_search(Toy(), memory, **settings()) == []


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
        states, _ = model.encode(documents)
        together = beam_search(model, model.read(documents, states, positions), **options)
        for row, found in zip(positions, together, strict=True):
            memory = model.read(documents, states, row[row >= 0].unsqueeze(0))
            (alone,) = beam_search(model, memory, **options)
            assert alone.ids == found.ids
            assert alone.positions == found.positions
            assert alone.score == pytest.approx(found.score, abs=1e-4)


def test_align_follows_runs() -> None:
    memory = [7, 8, 9, 7, 10, 7]
    assert align([7, 8], memory) == (0, 1)
    assert align([7, 10], memory) == (3, 4)
    assert align([10, 7, 5, 7], memory) == (4, 5, -1, 0)
    assert align([], memory) == ()


def words(*sentences: str) -> list[list[str]]:
    return [sentence.split() for sentence in sentences]


def choose(salience: list[float], sentences_words: list[list[str]], **changes: object) -> list[int]:
    options = {"sentences": 0, "words": 0, "block_ngrams": 3, "allowed": [True] * len(salience)} | changes
    return select(salience, sentences_words, **options)


FOUR = words("a b c d .", "e f g", "b c d x", "h i j k l m")


def test_most_salient_in_document_order() -> None:
    assert choose([0.1, 0.2, 0.3, 0.4], FOUR, sentences=2) == [2, 3]
    assert choose([0.9, 0.2, 0.3, 0.4], FOUR, sentences=2) == [0, 3]


def test_repeated_ngrams_are_blocked_across_punctuation() -> None:
    assert choose([0.9, 0.1, 0.8, 0.2], FOUR, sentences=2) == [0, 3]
    assert choose([0.9, 0.8], words("a b , c", "x a b c"), sentences=1) == [0]
    assert choose([0.9, 0.8, 0.1], words("a b , c", "x a b c", "z"), sentences=2) == [0, 2]
    assert choose([0.9, 0.1, 0.8, 0.2], FOUR, sentences=2, block_ngrams=0) == [0, 2]


def test_blocked_sentences_fill_up_but_exact_repetitions_never() -> None:
    assert choose([0.9, 0.1, 0.8, 0.2], FOUR, sentences=4) == [0, 1, 2, 3]
    repeated = words("a b c d", "a b c d .", "x b c d", "no", "no !")
    assert choose([0.9, 0.8, 0.1, 0.5, 0.4], repeated, sentences=5) == [0, 2, 3]
    assert choose([0.9, 0.8, 0.1, 0.5, 0.4], repeated, words=100) == [0, 2, 3]


def test_word_budget_is_filled_and_kept() -> None:
    # The second most salient no longer fits; the less salient short one does.
    assert choose([0.9, 0.1, 0.2, 0.8], FOUR, words=7) == [0, 1]
    assert choose([0.9, 0.1, 0.2, 0.8], FOUR, words=7, sentences=1) == [0]
    assert choose([0.9, 0.1, 0.2, 0.8], FOUR, words=7, counts=[3, 5, 1, 4]) == [0, 3]


def test_what_is_not_salient_enough_is_left_out_but_never_everything() -> None:
    assert choose([0.9, 0.1, 0.2, 0.4], FOUR, sentences=3, min_salience=0.3) == [0, 3]
    assert choose([0.2, 0.1, 0.2, 0.1], FOUR, sentences=3, min_salience=0.3) == [0]


def test_never_empty() -> None:
    assert choose([0.1, 0.2, 0.3, 0.9], FOUR, words=1) == [3]
    assert choose([0.1, 0.9], FOUR[:2], sentences=1, allowed=[True, False]) == [0]
    assert choose([0.1, 0.9], FOUR[:2], sentences=1, allowed=[False, False]) == [1]
    assert choose([0.5], [["!"]], sentences=1) == [0]
    assert choose([], [], sentences=1) == []


def test_many_sentences_are_quick() -> None:
    generator = torch.Generator().manual_seed(0)
    rows = [[f"w{i}" for i in torch.randint(0, 5000, (25,), generator=generator).tolist()] for _ in range(4000)]
    chosen = choose(torch.rand(4000, generator=generator).tolist(), rows, words=50_000)
    assert sum(len(rows[i]) for i in chosen) <= 50_000
