"""A document read a part at a time against one pass over it, and what a long one costs."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

import fastsum.summary.scheduler
import fastsum.summary.summarizer
import fastsum.summary.torch_engine
from fastsum import FastsumError, Summarizer
from fastsum.attention.additive import RunningPool, additive_pool
from fastsum.config import Config, ModelConfig
from fastsum.model.batching import Documents, pad_documents
from fastsum.model.checkpoint import save
from fastsum.model.network import SummaryModel
from fastsum.model.streaming import LongDocument
from fastsum.text.tokenizer import Tokenizer
from tests.inference.networks import CONFIG, VARIANTS, some_document, some_model
from tests.summary.test_summarizer import PAPER, STORY, make, same

TOKENS = 230


def some_documents(config: ModelConfig, tokens: int = TOKENS) -> Documents:
    """A batch of one."""
    return pad_documents([some_document(tokens, 1)], config)


class Largest(TorchDispatchMode):
    """The most numbers in any one tensor that an operation makes."""

    numbers = 0

    def __torch_dispatch__(self, func: Callable, types: object, args: tuple = (), kwargs: dict | None = None) -> object:
        result = func(*args, **(kwargs or {}))
        for made in result if isinstance(result, tuple | list) else [result]:
            if isinstance(made, Tensor):
                self.numbers = max(self.numbers, made.numel())
        return result


@pytest.mark.parametrize("part", [7, 64, 229, 1000])
@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_every_state_and_salience_is_that_of_one_pass(changes: dict, part: int) -> None:
    model = some_model(**changes)
    documents = some_documents(model.config)
    with torch.inference_mode():
        states_BND, _, logits_BS = model.encode(documents)
        long = LongDocument(model, documents, part)
        assert (long.logits_BS - logits_BS).abs().max() < 1e-4
        assert (long.states(0, TOKENS) - states_BND).abs().max() < 1e-4
        model.double()
        states_BND, _, logits_BS = model.encode(documents)
        long = LongDocument(model, documents, part)
    assert (long.states(0, TOKENS) - states_BND).abs().max() < 1e-10
    assert (long.states(101, 107) - states_BND[:, 101:107]).abs().max() < 1e-10
    assert (long.logits_BS - logits_BS).abs().max() < 1e-6  # which are float32


@pytest.mark.parametrize("part", [7, 64, 229])
def test_words_are_weighed_as_in_one_pass(part: int) -> None:
    model = some_model(word_counts=True).double()
    documents = some_documents(model.config)
    with torch.inference_mode():
        words, rates_W = model.expected_counts(documents, model.encode(documents))
        found = LongDocument(model, documents, part, counts=True).expected_counts
    assert found is not None
    assert torch.equal(found[0].ids_W, words.ids_W)
    assert (found[1] - rates_W).abs().max() < 1e-5  # of float32 saliences
    assert LongDocument(model, documents).expected_counts is None


def test_a_document_shorter_than_a_convolution_reaches() -> None:
    model = some_model(convolution=9).double()
    documents = some_documents(model.config, tokens=3)
    with torch.inference_mode():
        states_BND, *_ = model.encode(documents)
    assert (LongDocument(model, documents, 1).states(0, 3) - states_BND).abs().max() < 1e-10


def test_bf16_differs_by_its_rounding_alone() -> None:
    model = some_model(statistics=True)
    documents = some_documents(model.config)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        *_, logits_BS = model.encode(documents)
        long = LongDocument(model, documents, 64)
    with torch.inference_mode():
        *_, exact_BS = model.encode(documents)
    rounding = (logits_BS - exact_BS).abs().max()
    assert (long.logits_BS - exact_BS).abs().max() < 2 * rounding


def test_the_decoder_reads_what_one_pass_gives_it() -> None:
    model = some_model().double()
    documents = some_documents(model.config)
    memory_JM = torch.tensor([[0, 1, 2, 3, -1, -1], [97, 98, 99, 100, 101, 102], [3, 228, 229, 97, -1, -1]])
    with torch.inference_mode():
        states_BND, *_ = model.encode(documents)
        expected = model.read(documents, states_BND, memory_JM)
        memory = LongDocument(model, documents, 50).read(memory_JM)
        tokens_R = torch.tensor([5, 6, 7])
        logits = [model.step(tokens_R, one, model.start(3))[0] for one in (memory, expected)]
    assert torch.equal(memory.ids_JM, expected.ids_JM)
    assert torch.equal(memory.slots_JM, expected.slots_JM)
    assert (logits[0] - logits[1]).abs().max() < 1e-10


def test_a_running_pool_is_the_pool_whatever_the_scores_and_parts() -> None:
    x_BND = torch.randn(1, 700, 8, dtype=torch.float64)
    x_BND[0, 300] *= 40  # a score that dwarfs those before it
    logits_BHD = 20 * torch.randn(1, 2, 8, dtype=torch.float64)
    expected_BHD, _ = additive_pool(x_BND, logits_BHD, None)
    for part in (1, 299, 600, 700):
        pool = RunningPool(logits_BHD)
        for start in range(0, 700, part):
            pool.add(x_BND[:, start : start + part])
        assert (pool.result() - expected_BHD).abs().max() < 1e-12


def test_memory_grows_with_the_part_and_work_with_the_length() -> None:
    model = some_model(statistics=True)
    largest = {}
    work = {}
    for tokens in (1_000, 4_000):
        documents = some_documents(model.config, tokens)
        seen: list[tuple[int, int]] = []
        with Largest() as mode:
            LongDocument(model, documents, 100, lambda *done, seen=seen: seen.append(done))
        largest[tokens] = mode.numbers
        work[tokens] = len(seen)
        sentences = documents.lengths_BS.numel()
        assert mode.numbers <= max(sentences * model.config.width, 100 * 10 * model.config.width)
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert seen[-1][0] == seen[-1][1]
    assert work[4_000] / work[1_000] == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"statistics": True, "share_layers": True}, True),
        ({"attention": "linear"}, False),
        ({"pooling": "query"}, False),
        ({"interaction": "addition"}, False),
    ],
)
def test_only_the_paper_s_fastformer_streams(changes: dict, expected: bool) -> None:
    assert dataclasses.replace(CONFIG, **changes).is_fastformer is expected


@pytest.mark.parametrize("writing", ["sentence", "document"])
@pytest.mark.parametrize("mode", ["extractive", "abstractive"])
def test_a_long_document_is_summarized_as_a_short_one(writing: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    summarizer = make(writing)
    texts = [PAPER * 2, "Short one. And Moira Cullen.", STORY + "\n\n" + PAPER]
    expected = [summarizer.summarize(text, mode) for text in texts]
    monkeypatch.setattr(fastsum.summary.torch_engine, "_ONE_PASS_TOKENS", 50)
    monkeypatch.setattr(fastsum.summary.scheduler, "_BATCH_TOKENS", 40)
    seen: list[tuple[int, int]] = []
    found = summarizer.summarize_many(texts, mode, progress=lambda *done: seen.append(done))
    for one, other in zip(expected, found, strict=True):
        same(one, other)
    assert sum(done == total for done, total in seen) == 2  # the two long ones reached their end


def test_another_attention_says_how_much_it_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastsum.summary.torch_engine, "_ONE_PASS_TOKENS", 20)
    monkeypatch.setattr(fastsum.summary.torch_engine, "_LONGEST_IN_ONE_PASS", 100)
    fastformer = make()
    config = dataclasses.replace(fastformer.config.model, attention="linear")
    rival = Summarizer.from_parts(
        SummaryModel(config), fastformer.tokenizer, dataclasses.replace(fastformer.config, model=config)
    )
    assert rival.summarize(STORY[:300]).sentences
    with pytest.raises(FastsumError, match="more than the 100 that this model's attention can read"):
        rival.summarize(STORY * 4)
    assert fastformer.summarize(STORY * 4).sentences


def test_few_long_documents_are_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastsum.summary.scheduler, "_AHEAD_TOKENS", 150)
    taken = []

    def texts() -> Iterator[str]:
        for number in range(10):
            taken.append(number)
            yield STORY

    next(make().summarize_many(texts()))
    assert taken == [0, 1]


_MILLION = """
import atexit, sys
from fastsum.device import resident
atexit.register(lambda: print(f"peak {resident(peak=True)}", file=sys.stderr))
from fastsum.cli.app import main
main()
"""


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_million_words_take_less_than_two_gigabytes(tmp_path: Path) -> None:
    text = million_words()
    tokenizer = Tokenizer.train([text[:1_000_000]], 10_000)
    model = dataclasses.replace(
        CONFIG,
        vocabulary_size=len(tokenizer),
        output_vocabulary_size=100,
        width=128,
        heads=4,
        feedforward=256,
        encoder_layers=2,
        statistics=True,
    )
    (tmp_path / "long.txt").write_text(text, "utf-8")
    weights = SummaryModel(model).state_dict()
    save(tmp_path / "model", config=Config(model=model), tokenizer=tokenizer, weights=weights, card="# Random\n")
    command = [
        "summarize",
        "--mode",
        "extractive",
        "--sentences",
        "5",
        "--model",
        str(tmp_path / "model"),
        str(tmp_path / "long.txt"),
    ]
    done = subprocess.run([sys.executable, "-c", _MILLION, *command], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 5
    assert all(line in text for line in done.stdout.splitlines())
    assert int(done.stderr.split("peak ")[1]) < 2e9


def million_words() -> str:
    """A text whose words fall off in frequency as Zipf's law has it, in paragraphs under headings."""
    rng = np.random.default_rng(0)
    syllables = [consonant + vowel for consonant in "bcdfglmnprstv" for vowel in "aeiou"]
    words = ["".join(rng.choice(syllables, rng.integers(1, 5))) for _ in range(60_000)]
    chances = 1 / np.arange(3, len(words) + 3)
    text = rng.choice(words, 1_000_000, p=chances / chances.sum()).tolist()
    parts = []
    start = 0
    for number, size in enumerate(rng.integers(6, 34, 100_000).tolist()):
        if start >= len(text):
            break
        sentence = " ".join(text[start : start + size]).capitalize()
        parts.append(f"\n\n## {sentence[:30]}\n\n" if number % 40 == 0 else "\n\n" if number % 7 == 0 else " ")
        parts.append(f"{sentence}.")
        start += size
    return "".join(parts)
