"""ROUGE scores, intervals and the choices made by them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Hashable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastsum.text import rouge

sentence = st.lists(st.integers(0, 6), max_size=7)


def plain_f1(candidates: Sequence[Sequence[Hashable]], reference: Sequence[Hashable]) -> float:
    """ROUGE-1 F1 + ROUGE-2 F1 by counting, one n-gram at a time."""
    total = 0.0
    for n in (1, 2):
        ours = Counter(tuple(s[i : i + n]) for s in candidates for i in range(len(s) - n + 1))
        theirs = Counter(tuple(reference[i : i + n]) for i in range(len(reference) - n + 1))
        total += 2 * (ours & theirs).total() / max(ours.total() + theirs.total(), 1)
    return total


@settings(max_examples=150, deadline=None)
@given(st.lists(sentence, max_size=6), st.lists(st.integers(0, 6), max_size=12))
def test_oracle_follows_the_plain_greedy_choice(sentences: list[list[int]], reference: list[int]) -> None:
    chosen: list[int] = []
    best = 0.0
    while rest := [i for i in range(len(sentences)) if i not in chosen]:
        scores = [plain_f1([sentences[j] for j in [*chosen, i]], reference) for i in rest]
        if max(scores) <= best:
            break
        best = max(scores)
        chosen.append(rest[scores.index(best)])
    assert rouge.greedy_oracle(sentences, reference) == sorted(chosen)


@settings(max_examples=100, deadline=None)
@given(st.lists(sentence, max_size=6), st.lists(sentence, max_size=4))
def test_best_sources_are_the_plain_ones(sentences: list[list[int]], references: list[list[int]]) -> None:
    found = rouge.Alignment(sentences, references).best_sources()
    assert len(found) == len(references)
    for source, reference in zip(found, references, strict=True):
        scores = [plain_f1([s], reference) for s in sentences]
        assert source == (scores.index(max(scores)) if any(scores) else -1)


@settings(max_examples=100, deadline=None)
@given(st.lists(sentence, max_size=6), st.lists(sentence, max_size=4))
def test_pair_precision_counts_pairs_within_sentences_and_the_oracle_across(
    sentences: list[list[int]], references: list[list[int]]
) -> None:
    def pairs(tokens: list[int]) -> Counter[tuple[int, int]]:
        return Counter(itertools.pairwise(tokens))

    found = rouge.Alignment(sentences, references)
    theirs = sum(map(pairs, references), Counter[tuple[int, int]]())
    assert found.pair_precision().tolist() == [(pairs(s) & theirs).total() / max(4, len(s)) for s in sentences]
    assert found.oracle() == rouge.greedy_oracle(sentences, list(itertools.chain.from_iterable(references)))


def test_oracle_keeps_document_order_and_stops_when_nothing_is_gained() -> None:
    sentences = [s.split() for s in ("a b c", "nothing here", "d e f g h")]
    reference = list("defghabc")
    assert rouge.greedy_oracle(sentences, reference) == [0, 2]
    assert rouge.greedy_oracle([], reference) == []
    assert rouge.greedy_oracle(sentences, []) == []


def test_scores_are_rouge_scores_own_with_stemming() -> None:
    from rouge_score.rouge_scorer import RougeScorer

    prediction = "The cats were running quickly , and £10 was lost .\nNobody's dogs barked ."
    reference = "The cat ran quickly .\nA dog barks ; running is quick ."
    theirs = RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True).score(reference, prediction)
    ours = rouge.score(prediction, reference)
    assert ours._asdict() == {name: pytest.approx(100 * theirs[name].fmeasure) for name in theirs}
    assert ours.rouge1 > 40
    assert rouge.score(reference, reference) == (100, 100, 100)
    assert rouge.score("", reference) == (0, 0, 0)


def test_interval_is_seeded_and_covers_the_mean() -> None:
    values = [float(value % 10) for value in range(400)]
    found = rouge.interval(values, seed=3)
    assert found == rouge.interval(values, seed=3) != rouge.interval(values, seed=4)
    # the standard error is sqrt(8.25 / 400) = 0.144, and the interval 1.96 of it on either side
    assert found.mean == 4.5
    assert found.mean - found.low == pytest.approx(0.281, abs=0.04)
    assert found.high - found.mean == pytest.approx(0.281, abs=0.04)
    assert rouge.interval([7.0]) == (7, 7, 7)
    with pytest.raises(ValueError, match="no values"):
        rouge.interval([])


def test_paired_interval_is_narrow_where_systems_rise_and_fall_together() -> None:
    first = [float(value) for value in range(100)]
    found = rouge.paired_interval(first, [value - 1 for value in first])
    assert found == (1, 1, 1)
    with pytest.raises(ValueError, match="100 and 1"):
        rouge.paired_interval(first, [1.0])


def test_an_oracle_of_few_words() -> None:
    sentences = [["a", "b", "c", "d"], ["a", "b"], ["c"]]
    reference = ["a", "b", "c", "d"]
    assert rouge.greedy_oracle(sentences, reference, words=4, sizes=[4, 2, 1]) == [0]
    assert rouge.greedy_oracle(sentences, reference, words=3, sizes=[4, 2, 1]) == [1, 2]
    assert rouge.greedy_oracle(sentences, reference, words=1, sizes=[4, 2, 1]) == [2]
