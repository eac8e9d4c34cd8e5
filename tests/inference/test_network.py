"""Saliences and word counts in numpy against those in torch, for random models and for those that ship."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import fastsum.inference.network
from fastsum.inference.network import DECODER, SalienceNetwork, shapes
from fastsum.inference.threads import Threads
from fastsum.model import checkpoint
from fastsum.model.batching import pad_documents
from fastsum.model.genre import GENRES
from fastsum.model.network import SummaryModel
from fastsum.model.unpadded import Unpadded
from fastsum.text.source import read_source
from tests.conftest import SAMPLES
from tests.inference.networks import VARIANTS, in_numpy, some_document, some_model

ALONE = Threads(1)


def in_torch(model: SummaryModel, document: Unpadded) -> tuple[np.ndarray, dict[int, float]]:
    """Saliences, and expected counts if the model has them."""
    with torch.inference_mode():
        documents = pad_documents([document], model.config)
        encoded = model.encode(documents)
        counts = {}
        if model.config.word_counts:
            words, rates_W = model.expected_counts(documents, encoded)
            (counts,) = words.by_document(rates_W.exp(), 1)
        return encoded.logits_BS[0].sigmoid().numpy(), counts


@pytest.mark.parametrize("tokens", [1, 2, 9, 300, 1_300])
@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_random_models(changes: dict, tokens: int) -> None:
    model, counts = some_model(tokens, **changes), bool(changes.get("word_counts"))
    document = some_document(tokens, tokens)
    salience, expected = in_torch(model, document)
    network = in_numpy(model)
    whole = network.estimate(document, ALONE, counts=counts)
    again = network.estimate(document, Threads(3), counts=counts, kept=0)
    for found in (whole, again):
        np.testing.assert_allclose(found.salience_S, salience, atol=5e-5)
        assert (found.expected is not None) == counts
        if found.expected is not None:
            assert list(found.expected) == list(expected)
            np.testing.assert_allclose([*found.expected.values()], [*expected.values()], rtol=2e-3)


@pytest.mark.parametrize("genre", GENRES)
def test_shipped_models(genre: str) -> None:
    loaded = checkpoint.load(checkpoint.locate(genre))
    model, network = loaded.model(), SalienceNetwork(loaded.stored, loaded.config.model)
    counts = loaded.config.model.word_counts
    story, paper = ((SAMPLES / name).read_text("utf-8") for name in ("story.txt", "paper.md"))
    for text in (story, paper, story[:50], "Word.", "\n\n".join([paper, story] * 3)):
        document = Unpadded.of(read_source(text, loaded.tokenizer))
        salience, expected = in_torch(model, document)
        found = network.estimate(document, ALONE, counts=counts)
        np.testing.assert_allclose(found.salience_S, salience, atol=1e-5)
        if found.expected is not None:
            assert found.expected == pytest.approx(expected, abs=1e-3)
        again = network.estimate(document, ALONE, counts=counts, kept=0)
        np.testing.assert_allclose(again.salience_S, salience, atol=1e-5)


def test_neither_threads_nor_a_second_call_make_a_difference() -> None:
    network, document = in_numpy(some_model(statistics=True, word_counts=True)), some_document(2_000)
    first = network.estimate(document, ALONE, counts=True)
    for threads in (1, 2, 5):
        again = network.estimate(document, Threads(threads), counts=True)
        np.testing.assert_array_equal(again.salience_S, first.salience_S)
        assert again.expected == first.expected


@pytest.mark.parametrize("kept", [0, 900])
def test_progress_only_of_a_long_document(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network, document = in_numpy(some_model()), some_document(900)
    seen: list[tuple[int, int]] = []
    network.estimate(document, ALONE, progress=lambda done, total: seen.append((done, total)), kept=kept)
    assert seen == []
    monkeypatch.setattr(fastsum.inference.network, "LONG", 899)
    network.estimate(document, ALONE, progress=lambda done, total: seen.append((done, total)), kept=kept)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]


def test_counts_that_the_model_does_not_have() -> None:
    with pytest.raises(ValueError, match="word_counts is false"):
        in_numpy(some_model()).estimate(some_document(20), ALONE, counts=True)


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_shapes_are_those_of_torch(changes: dict) -> None:
    model = some_model(**changes)
    expected = {n: tuple(t.shape) for n, t in model.state_dict().items() if not n.startswith(DECODER)}
    assert shapes(model.config) == expected
