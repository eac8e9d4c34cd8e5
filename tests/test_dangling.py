"""Sentences out of their place: connectives that point back, and sentences that lean on others."""

from __future__ import annotations

import pytest

from fastsum.dangling import dangles, without_connective


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("However, the ship sank.", "the ship sank."),
        ("however the ship sank.", "the ship sank."),
        ("But in addition, leaves fell in May.", "leaves fell in May."),
        ("And on Monday the ship sank.", "on Monday the ship sank."),
        ("In contrast, the ship sank.", "the ship sank."),
    ],
)
def test_connectives_go(sentence: str, shown: str) -> None:
    assert without_connective(sentence) == shown


@pytest.mark.parametrize(
    "sentence",
    [
        "However much he tried, the ship sank.",
        "But for him, the ship would have sunk.",
        "But why?",
        "Also known as the Whale, the ship sank.",
        "Stillness fell, and the ship sank.",
        "Android phones sank.",
    ],
)
def test_words_that_only_look_like_connectives_stay(sentence: str) -> None:
    assert without_connective(sentence) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "He left on Monday.",
        "But she left on Monday.",
        "That may change in May.",
        "This led to losses.",
        "Such a ship is rare.",
        "The latter sank.",
        "It sank within the hour.",
        "His ship sank in May.",
        "In his first game, he scored twice.",
        "When she was in Lima, the ship sank.",
        "Said the captain on Monday.",
        "Which sank the ship.",
        "I'm confident that we will win.",
        "The list of the lost includes:",
    ],
)
def test_sentences_that_lean_on_others(sentence: str) -> None:
    assert dangles(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The ship sank.",
        "It is known that ships sink.",
        "It took years to raise the ship.",
        "This study measured leaves.",
        "This week the ship sank.",
        "These results suggest that leaves widen.",
        "In his first game, Smith scored twice.",
        "Both the ship and the boat sank.",
        "Those who left were safe.",
        '"I am safe," the captain said.',
        "We measured leaves.",
        "Which ships sank?",
        "",
    ],
)
def test_sentences_that_stand_alone(sentence: str) -> None:
    assert not dangles(sentence)
