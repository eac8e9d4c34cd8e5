"""Words of questions, and what the forms of a word have in common."""

from __future__ import annotations

import pytest

from fastsum.text.english.questions import answers, is_asking, stem


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


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("What did the equipment cost?", "Blinds cost €412 each.", "The cost is known for 24 blocks."),
        ("How much money was spent?", "They spent 3 million dollars on it.", "They spent the summer there."),
        ("Costs", "It takes £4.2 million.", "It takes nine days."),
        ("When was the quay closed?", "It was closed in March.", "It was closed by the council."),
        ("In which year did they meet?", "They met in 1998.", "They met on the quay."),
        ("How many people died?", "Nine participants died.", "Some participants died."),
        ("how old is the ferry", "The 31-year-old ferry sailed.", "The old ferry sailed."),
        ("Who chairs the trust?", "Morag Tennant chairs the trust.", "The trust has a chair."),
        ("And whose boat is it?", "It belongs to Dr. Vos.", "It belongs to nobody here."),
    ],
)
def test_what_an_answer_has(question: str, answer: str, other: str) -> None:
    kind = answers(question)
    assert kind is not None
    assert kind.search(answer)
    assert not kind.search(other)


@pytest.mark.parametrize(
    "question",
    ["What did Ben think when they discussed the sheds?", "Somebody who sails", "Describe the show", "the costumes"],
)
def test_other_questions_are_answered_by_anything(question: str) -> None:
    assert answers(question) is None
