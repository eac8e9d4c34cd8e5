"""What counting tells of sentences, on documents small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fastsum.text.statistics import NAMES, section_of, sentence_statistics

VOCABULARY = 1_000
RARE, RARER, OTHER = 500, 600, 700


def statistics(sentences: list[list[int]], headings: tuple[int, ...] = ()) -> dict[str, NDArray[np.float32]]:
    tokens = np.array([token for sentence in sentences for token in sentence], dtype=np.int64)
    lengths = np.array([len(sentence) for sentence in sentences], dtype=np.int64)
    flags = np.isin(np.arange(len(sentences)), headings)
    found = sentence_statistics(tokens, lengths, flags, VOCABULARY)
    assert found.shape == (len(sentences), len(NAMES))
    assert found.dtype == np.float32
    return dict(zip(NAMES, found.T, strict=True))


def test_a_sentence_stands_under_the_last_heading_before_it() -> None:
    assert section_of(np.array([False, True, False, True, False, False])).tolist() == [-1, 1, 1, 3, 3, 3]
    assert section_of(np.zeros(3, dtype=bool)).tolist() == [-1, -1, -1]


def test_places_count_from_both_ends_and_from_the_heading() -> None:
    found = statistics([[5], [6], [7], [8]], headings=(1,))
    assert found["share of the document before it"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert found["position from the end"].tolist() == pytest.approx(found["position"][::-1].tolist())
    assert found["in a section"].tolist() == [0, 1, 1, 1]
    assert found["position in its section"].tolist() == pytest.approx([0, 0, np.log(2) / 3, np.log(3) / 3])
    assert found["position from its section's end"].tolist() == pytest.approx([0, np.log(3) / 3, np.log(2) / 3, 0])


def test_pairs_that_come_back_are_counted_within_sentences_only() -> None:
    found = statistics([[RARE, RARER], [OTHER, RARE, RARER], [RARER], [RARE]])
    assert found["share of repeated pairs"].tolist() == pytest.approx([1 / 2, 1 / 3, 0, 0])
    assert found["repetition of pairs"].tolist() == pytest.approx([np.log(2) / 2, np.log(2) / 3, 0, 0])


def test_pairs_of_the_commonest_words_tell_nothing() -> None:
    found = statistics([[5, 6], [5, 6], [5, RARE]])
    assert found["share of repeated pairs"].tolist() == [0, 0, 0]
    assert found["rarity"][0] == 0 < found["rarity"][2]


def test_centralities_are_those_of_the_full_matrix_of_cosines() -> None:
    sentences = [[RARE, RARER, RARER], [RARER, OTHER], [OTHER, 5, RARE], [800, 900], [5, 6]]
    words = sorted({token for sentence in sentences for token in sentence})
    rarity = np.clip(np.log((np.array(words) + 1) / 100) / np.log(VOCABULARY / 100), 0, 1)
    vectors = np.array([[sentence.count(word) for word in words] for sentence in sentences]) * rarity
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    cosines = vectors @ vectors.T
    expected = 2 * (cosines.sum(1) - np.diag(cosines)) / (len(sentences) - 1)
    found = statistics(sentences)
    np.testing.assert_allclose(found["centrality"], expected, atol=1e-6)

    degree = np.maximum(cosines.sum(1), 1e-9)
    walk = np.full(len(sentences), 1 / len(sentences))
    for _ in range(8):
        walk = 0.15 / len(sentences) + 0.85 * cosines @ (walk / degree)
    np.testing.assert_allclose(found["spread centrality"], np.log(len(sentences) * walk), atol=1e-6)
    np.testing.assert_allclose(found["similarity to the beginning"], expected, atol=1e-6)  # all are of the first ten


def test_ranks_go_from_0_to_1() -> None:
    found = statistics([[5] * 3, [5] * 9, [5]])
    assert found["rank by length"].tolist() == [0.5, 1, 0]


@pytest.mark.parametrize("sentences", [[[5]], [[VOCABULARY + 3]], [[4, 5, 6], [4, 5, 6]], [[900]] * 30])
def test_small_and_monotonous_documents_give_finite_numbers(sentences: list[list[int]]) -> None:
    for values in statistics(sentences).values():
        assert np.isfinite(values).all()
        assert (np.abs(values) < 10).all()
