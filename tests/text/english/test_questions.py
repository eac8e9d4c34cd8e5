"""Words of questions, and what the forms of a word have in common."""

from __future__ import annotations

import pytest

from fastsum.text.english.questions import is_asking, stem


@pytest.mark.parametrize(
    "forms",
    [
        "cost costs costing costly",
        "hire hires hired hiring",
        "price prices pricing priced",
        "plan plans planned planning",
        "policy policies",
        "university universities",
        "educate education educational educating",
        "operate operating operation operations",
        "develop develops development developer",
        "agree agreed agreeing agrees",
        "class classes",
        "meeting meetings meet",
    ],
)
def test_forms_of_a_word(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("words", ["policy police", "state station", "car care", "universe university", "need knee"])
def test_other_words(words: str) -> None:
    one, other = words.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    "word", ["bus", "thing", "king", "speed", "analysis", "class", "x", "c3po", "2026", "日本", ""]
)
def test_what_has_no_ending_stays(word: str) -> None:
    assert stem(word) == word


def test_words_of_asking() -> None:
    question = "what did the team discuss about costs of noise reduction"
    asking = [word for word in question.split() if is_asking(word)]
    assert asking == ["what", "did", "the", "team", "discuss", "about", "of"]
