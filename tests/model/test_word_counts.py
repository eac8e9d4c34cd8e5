"""How often a summary should have its document's words: what is read of them, and what the loss reaches."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter

import pytest
import torch

import fastsum.model.word_counts
from fastsum.model.network import SummaryModel
from fastsum.model.word_counts import DistinctWords, poisson_loss
from tests.model.test_network import CONFIG, SENTENCES, VOCABULARY, collate, some_model


def words_of(number: int) -> list[int]:
    return [token for sentence in SENTENCES[number] for token in sentence]


def test_distinct_words_are_found_in_every_document_of_a_batch() -> None:
    documents = collate((0, 1, 2), tokens=40, sentences=9).documents
    words = DistinctWords.of(documents)
    found = list(zip(words.documents_W.tolist(), words.ids_W.tolist(), strict=True))
    assert found == [(row, word) for row in range(3) for word in sorted(set(words_of(row)))]
    assert words.counts_W.tolist() == [Counter(words_of(row))[word] for row, word in found]
    pairs = {
        (found[word], sentence % 9)
        for word, sentence in zip(words.pair_words_P.tolist(), words.pair_sentences_P.tolist(), strict=True)
    }
    assert len(pairs) == len(words.pair_words_P)
    assert pairs == {
        ((row, word), position)
        for row in range(3)
        for position, sentence in enumerate(SENTENCES[row])
        for word in sentence
    }


def test_a_words_state_is_the_mean_of_its_tokens() -> None:
    documents = collate((2, 0), tokens=40).documents
    words = DistinctWords.of(documents)
    states_BND = torch.randn(2, 40, 5, dtype=torch.float64)
    means_WD = words.means(states_BND, documents.mask_BN)
    for row, word, mean_D in zip(words.documents_W, words.ids_W, means_WD, strict=True):
        torch.testing.assert_close(mean_D, states_BND[row][documents.tokens_BN[row] == word].mean(0))


def test_a_document_is_weighed_in_a_batch_as_alone() -> None:
    model = some_model(word_counts=True, statistics=True)
    together = collate((0, 1, 2), tokens=40, sentences=9).documents
    with torch.inference_mode():
        words, rates_W = model.expected_counts(together, model.encode(together))
        assert rates_W.isfinite().all()
        for row in range(3):
            alone = collate((row,)).documents
            own, own_rates_W = model.expected_counts(alone, model.encode(alone))
            mine = words.documents_W == row
            assert words.ids_W[mine].tolist() == own.ids_W.tolist()
            torch.testing.assert_close(rates_W[mine], own_rates_W, rtol=1e-4, atol=1e-4)


def test_words_beyond_the_vocabulary_are_weighed_by_their_places_alone() -> None:
    model = some_model(word_counts=True)
    documents = collate((2,)).documents
    other = documents._replace(tokens_BN=documents.tokens_BN.masked_fill(documents.tokens_BN == VOCABULARY, 77))
    with torch.inference_mode():
        rates = []
        for each in (documents, other):
            words, rates_W = model.expected_counts(each, model.encode(each))
            rates.append(dict(zip(words.ids_W.tolist(), rates_W.tolist(), strict=True)))
    assert rates[1].pop(77) == pytest.approx(rates[0].pop(VOCABULARY), abs=1e-5)
    assert rates[0] == pytest.approx(rates[1], abs=1e-5)


def test_the_loss_reaches_the_states_that_it_reads_but_not_the_saliences() -> None:
    model = some_model(word_counts=True)
    batch = collate((0, 1, 2))
    losses = model(batch)
    assert int(losses.distinct) == len(batch.counts_W) == sum(len(set(words_of(row))) for row in range(3))
    losses.counting.backward()
    reached = {name for name, p in model.named_parameters() if p.grad is not None and bool(p.grad.any())}
    outside = ("salience_head", "decoder", "output_bias", "copy_gate")
    assert reached == {name for name, _ in model.named_parameters() if not name.startswith(outside)}


def test_a_model_without_them_counts_nothing() -> None:
    model = some_model()
    assert model.word_counts is None
    assert float(model(collate((0, 1))).counting) == 0
    documents = collate((0,)).documents
    with pytest.raises(ValueError, match="word_counts"):
        model.expected_counts(documents, model.encode(documents))


def test_the_loss_is_least_where_the_rates_are_the_counts() -> None:
    counts_W = torch.tensor([1.0, 2.0, 5.0], dtype=torch.float64)
    log_rates_W = counts_W.log().requires_grad_()
    loss = poisson_loss(log_rates_W, counts_W)
    loss.backward()
    assert log_rates_W.grad is not None
    assert log_rates_W.grad.abs().max() < 1e-12
    likelihood = torch.distributions.Poisson(counts_W).log_prob(counts_W) + torch.lgamma(counts_W + 1)
    assert loss.item() == pytest.approx(-float(likelihood.sum()))


def test_pairs_are_added_up_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    model = some_model(word_counts=True)
    documents = collate((0, 2)).documents
    with torch.inference_mode():
        _, whole_W = model.expected_counts(documents, model.encode(documents))
        monkeypatch.setattr(fastsum.model.word_counts, "PAIRS_AT_ONCE", 3)
        _, rates_W = model.expected_counts(documents, model.encode(documents))
    torch.testing.assert_close(rates_W, whole_W)


@pytest.mark.parametrize("dropout", [0.0, 0.6])
def test_a_new_head_expects_every_word_alike(dropout: float) -> None:
    torch.manual_seed(0)
    model = SummaryModel(dataclasses.replace(CONFIG, word_counts=True, dropout=dropout))
    documents = collate((0, 2)).documents
    _, rates_W = model.expected_counts(documents, model.encode(documents))
    assert rates_W.exp().tolist() == pytest.approx([math.exp(-2)] * len(rates_W))
