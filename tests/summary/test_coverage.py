"""In which order sentences are chosen where a model tells which words the summary should have."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from fastsum.summary.coverage import Coverage, _chances, _Words
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import UNK, Tokenizer

WORDS = ("mice", "rats", "salt", "water", "slept", "died", "grew", "ate", "cold", "light")


def sentences(seed: int, count: int) -> Source:
    chance = random.Random(seed)
    text = " ".join(f"The {' '.join(chance.choices(WORDS, k=chance.randint(3, 9)))}." for _ in range(count))
    return read_source(text, Tokenizer.train([text], 60))


def expectations(source: Source, **rates: float) -> dict[int, float]:
    ids = {
        word: number
        for words, numbers in zip(source.encodings, source.ids, strict=True)
        for word, number in zip(words.words, numbers, strict=True)
    }
    return {ids[word]: rate for word, rate in rates.items()}


@pytest.mark.parametrize("rate", [0.01, 0.5, 3.0, 20.0])
def test_chances_are_those_of_the_poisson_distribution(rate: float) -> None:
    found = _chances(np.array([1.0, rate]))
    assert found.shape == (2, 8)
    for count, chance in enumerate(found[1].tolist(), start=1):
        below = sum(rate**k * math.exp(-rate) / math.factorial(k) for k in range(count))
        assert chance == pytest.approx(1 - below, abs=1e-12)


def test_what_is_said_already_counts_no_more() -> None:
    source = read_source(
        "Mice slept. Mice slept well. Rats grew.", Tokenizer.train(["mice slept well rats grew ."], 60)
    )
    expected = expectations(source, mice=1.0, slept=1.0, rats=1.0, grew=1.0)
    coverage = Coverage(source, [0.6, 0.55, 0.5], expected, 3.0)
    order = coverage.order([0, 1, 2])
    assert next(order) == 0
    coverage.add(0)
    assert list(order) == [2, 1]  # though sentence 1 is the more salient
    assert list(Coverage(source, [0.6, 0.55, 0.5], expected, 0.0).order([0, 1, 2])) == [0, 1, 2]


def test_what_was_passed_over_is_not_taken_for_said() -> None:
    source = read_source(
        "Mice slept. Mice slept well. Rats grew.", Tokenizer.train(["mice slept well rats grew ."], 60)
    )
    expected = expectations(source, mice=1.0, slept=1.0)
    assert list(Coverage(source, [0.6, 0.55, 0.5], expected, 3.0).order([0, 1, 2])) == [0, 1, 2]


def test_a_word_said_once_may_be_wanted_again() -> None:
    source = read_source("Mice slept. Mice ate. Rats grew.", Tokenizer.train(["mice slept ate rats grew ."], 60))
    often = Coverage(source, [0.6, 0.5, 0.5], expectations(source, mice=4.0, rats=1.0), 2.0)
    once = Coverage(source, [0.6, 0.5, 0.5], expectations(source, mice=1.0, rats=1.0), 2.0)
    for coverage, second in ((often, 1), (once, 2)):
        order = coverage.order([0, 1, 2])
        coverage.add(next(order))
        assert next(order) == second


def gain(source: Source, salience: Sequence[float], expected: dict[int, float], weight: float, had: list[int]) -> float:
    """The gain of the last sentence of `had` once the others were added, written out."""

    def counts(sentence: int) -> Counter[int]:
        words = zip(source.ids[sentence], source.encodings[sentence].words, strict=False)
        return Counter(number for number, word in words if any(map(str.isalnum, word)))

    *before, sentence = had
    has = sum((counts(other) for other in before), Counter[int]())
    own = counts(sentence)
    new = 0.0
    for word, count in own.items():
        for occurrence in range(has[word], min(8, has[word] + count)):
            rate = expected.get(word, 0.0)
            new += 1 - sum(rate**k * math.exp(-rate) / math.factorial(k) for k in range(occurrence + 1))
    chance = min(max(salience[sentence], 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance)) + weight * new / (own.total() + 8)


@pytest.mark.parametrize("text", ["Mice slept. \u00ad", "Mice slept.\n\n\u00ad\n\n1 2 3."])
def test_punctuation_and_sentences_of_no_words_have_no_worth(text: str) -> None:
    source = read_source(text, Tokenizer.train(["mice slept . ."], 60))
    expected = dict.fromkeys((UNK, source.ids[0][-1]), 5.0)
    salience = [1.0, 0.0, 0.5][: len(source.ids)]
    order = list(Coverage(source, salience, expected, 2.0).order(range(len(salience))))
    gains = [gain(source, salience, expected, 2.0, [sentence]) for sentence in order]
    assert gains == sorted(gains, reverse=True)
    found = _Words(source, salience, expected, 2.0).gains(np.array(order))
    np.testing.assert_allclose(found, gains)


@pytest.mark.parametrize("seed", range(12))
def test_the_order_is_that_of_weighing_all_anew(seed: int) -> None:
    source = sentences(seed, 60)
    chance = random.Random(seed)
    salience = [chance.choice((0.1, 0.3, 0.3, 0.7)) for _ in source.sentences]
    expected = expectations(source, **{word: chance.expovariate(1) for word in sorted(set(WORDS) & _said(source))})
    ranked = sorted(range(len(salience)), key=lambda sentence: -salience[sentence])
    coverage = Coverage(source, salience, expected, 3.0)
    left, added = list(ranked), list[int]()
    for number, sentence in enumerate(coverage.order(ranked)):
        gains = {other: gain(source, salience, expected, 3.0, [*added, other]) for other in left}
        assert gains[sentence] == pytest.approx(max(gains.values()), abs=1e-9)
        left.remove(sentence)
        if number % 3 != 2 and number < 20:  # every third is passed over
            coverage.add(sentence)
            added.append(sentence)
    assert not left


def test_equal_gains_keep_the_order_of_the_ranking() -> None:
    text = " ".join(["Mice and rats slept.", "Rats and mice slept."] * 30)
    source = read_source(text, Tokenizer.train([text], 60))
    ranked = random.Random(0).sample(range(60), 60)
    coverage = Coverage(source, [0.5] * 60, expectations(source, mice=1.5, slept=3.0), 3.0)
    found = []
    for sentence in coverage.order(ranked):
        coverage.add(sentence)
        found.append(sentence)
    assert found == ranked


def _said(source: Source) -> set[str]:
    return set(Counter(itertools.chain.from_iterable(encoding.words for encoding in source.encodings)))


def test_a_short_sentence_of_expected_words_is_worth_less_than_a_long_one() -> None:
    long = "Mice slept and mice ate and mice grew and rats slept and rats ate and rats grew."
    source = read_source(f"Salt grew. {long}", Tokenizer.train([f"Salt grew. {long}"], 60))
    expected = dict.fromkeys((number for row in source.ids for number in row), 50.0)
    assert next(Coverage(source, [0.5, 0.5], expected, 3.0).order([0, 1])) == 1
    assert next(Coverage(source, [0.8, 0.5], expected, 0.1).order([0, 1])) == 0  # salience still counts


def chosen(source: Source, expected: dict[int, float], length: float, fewest: int = 0) -> list[int]:
    coverage = Coverage(source, [0.5] * len(source.lengths), expected, 20.0, length, fewest)
    found = []
    for sentence in coverage.order(range(len(source.lengths))):
        coverage.add(sentence)
        found.append(sentence)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_each_sentence_of_a_learned_length_raises_the_expected_f_score_and_no_other_would(seed: int) -> None:
    source = sentences(seed, 12)
    rates = [0.9, 0.8, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01]
    expected = expectations(source, **dict(zip(WORDS, rates, strict=True)))
    length = sum(expected.values())

    def f_score(numbers: Sequence[int]) -> float:
        said = Counter(number for sentence in numbers for number in source.ids[sentence])
        covered = sum(sum(_chances(np.array([rate]))[0][: said[number]]) for number, rate in expected.items())
        spoken = sum(sum(word.isalnum() for word in source.encodings[sentence].words) for sentence in numbers)
        return float(2 * covered / (spoken + 0.8 * length))

    found = chosen(source, expected, 1.0)
    assert 0 < len(found) < 12
    for end in range(1, len(found)):
        assert f_score(found[: end + 1]) >= f_score(found[:end]) - 1e-9
    assert all(f_score([*found, other]) < f_score(found) for other in set(range(12)) - set(found))


def test_a_longer_summary_is_wanted_or_a_least_number_of_sentences() -> None:
    source = sentences(3, 30)
    expected = expectations(source, mice=6, rats=5, salt=4, water=4, slept=3, died=2)
    short, usual, long = (len(chosen(source, expected, length)) for length in (0.2, 1.0, 4.0))
    assert short <= usual <= long
    assert short < long
    assert len(chosen(source, expected, 0.2, fewest=5)) == 5
    assert len(chosen(source, expected, 0.0)) == 30
    assert list(Coverage(source, [0.5] * 30, expected, 20.0).order([])) == []


def test_a_sentence_competes_with_all_that_it_brings_along() -> None:
    text = "Mice ate salt. The rats grew and the rats died in cold water. Mice slept. Rats slept."
    source = read_source(text, Tokenizer.train([text], 60))
    expected, salience = expectations(source, mice=0.9, slept=0.9, rats=0.2), [0.2, 0.2, 0.5, 0.49]
    first = next(Coverage(source, salience, expected, 9.0).order([2, 3]))
    assert first == 2
    with_company = Coverage(source, salience, expected, 9.0).order([2, 3], {2: [1], 3: []}.get)
    assert list(with_company) == [3, 2]
    # the gain is never more than that of the sentence alone
    assert list(Coverage(source, salience, expected, 9.0).order([2, 3], {3: [0]}.get)) == [2, 3]


def test_what_makes_a_summary_too_long_with_its_company_is_left_out() -> None:
    text = "Mice ate salt. The rats grew and the rats died in cold water by the light. Mice slept. Rats slept."
    source = read_source(text, Tokenizer.train([text], 60))
    expected = expectations(source, mice=0.9, slept=1.5, rats=0.9)

    def order(company: dict[int, list[int]]) -> list[int]:
        coverage = Coverage(source, [0.5] * 4, expected, 9.0, 1.0, fewest=1)
        found: list[int] = []
        for sentence in coverage.order([2, 3], company.get):
            coverage.add(sentence)
            found.append(sentence)
        return found

    assert order({}) == [2, 3]
    assert order({3: [1]}) == [2]
    assert order({2: [1], 3: [1]}) != []  # as many as are wanted at least
