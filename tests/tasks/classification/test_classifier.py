"""The classifier with every attention: padding, word vectors, and the loss."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from fastsum.config import ATTENTIONS, Config
from fastsum.tasks.classification.classifier import Batch, Classifier, pad_texts
from tests.tasks.classification.planted import SMALL


def make(attention: str, **changes: object) -> Classifier:
    config = Config.load("classification", SMALL)
    torch.manual_seed(0)
    return Classifier(dataclasses.replace(config.model, attention=attention), 3, **changes).eval()  # type: ignore[arg-type]


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_padding_and_the_other_texts_of_a_batch_make_no_difference(attention: str) -> None:
    model = make(attention)
    random = torch.Generator().manual_seed(0)
    texts = [torch.randint(4, 100, (length,), generator=random) for length in (5, 19, 11)]
    together = model.logits(pad_texts(texts))
    assert together.shape == (3, 3)
    for text, logits in zip(texts, together, strict=True):
        torch.testing.assert_close(model.logits(text[None])[0], logits, rtol=1e-4, atol=1e-5)


def test_the_loss_is_the_summed_negative_log_likelihood() -> None:
    model = make("fastformer")
    tokens_BN, classes_B = torch.randint(4, 100, (4, 6)), torch.tensor([0, 2, 1, 2])
    shares_BC = model.logits(tokens_BN).detach().exp()
    shares_BC = shares_BC / shares_BC.sum(1, keepdim=True)
    expected = -sum(float(shares[number].log()) for shares, number in zip(shares_BC, classes_B, strict=True))
    assert float(model(Batch(tokens_BN, classes_B)).detach()) == pytest.approx(expected, rel=1e-5)


def test_word_order_counts_through_the_positions() -> None:
    model = make("fastformer")
    text = torch.tensor([[5, 6, 7, 8]])
    assert not torch.allclose(model.logits(text), model.logits(text.flip(1)))


def test_word_vectors_of_another_width_are_mapped() -> None:
    model = make("linear", vector_width=10)
    assert model.embedding.weight.shape == (100, 10)
    assert model.logits(torch.tensor([[5, 6]])).shape == (1, 3)
