"""What is said without saying anything."""

from __future__ import annotations

import pytest

from fastsum.text.english.talk import (
    can_speak,
    is_closing,
    is_event,
    is_filler,
    is_greeting,
    without_hesitations,
    without_noises,
)


@pytest.mark.parametrize(
    "sentence",
    ["Yeah.", "Right, right.", "[laughter]", "Hm, yeah.", "Okay. Interesting.", "I love that.", "Mm-hmm.", "Exactly."],
)
def test_fillers(sentence: str) -> None:
    assert is_filler(sentence)


@pytest.mark.parametrize(
    "sentence", ["No, it is not right.", "Right of way is theirs.", "I see the wall.", "Yes, in June."]
)
def test_answers_are_no_fillers(sentence: str) -> None:
    assert not is_filler(sentence)


def test_what_was_not_understood_is_no_noise() -> None:
    assert without_noises("It costs [inaudible] million [laughter].") == "It costs [inaudible] million           ."


@pytest.mark.parametrize(
    ("label", "speaks"),
    [
        ("Ada", True),
        ("Ada Example", True),
        ("Speaker 2", True),
        ("Note", False),
        ("Step 2", False),
        ("Key findings", False),
    ],
)
def test_who_can_speak(label: str, speaks: bool) -> None:
    assert can_speak(label) is speaks


def test_lines_of_letters_and_chats() -> None:
    assert is_greeting("Dear members,")
    assert is_greeting("Ben,")
    assert not is_greeting("Dear Ben, the wall is down.")
    assert not is_greeting("Hi, see below.")
    assert is_closing("Best regards, Ada Example")
    assert not is_closing("Thanks to the state the wall is paid")
    assert is_event("dan (~dan@example.org) has joined #quay")
    assert not is_event("the quay closes in June")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Um then we want to practice, um specifically the board.",
            "then we want to practice, specifically the board.",
        ),
        ("Uh, uh, well, all of it um um means uh the pen.", "well, all of it means the pen."),
        ("It was, er, the last one, erm.", "It was the last one."),
        ("So um.", "So."),
        ("We need, um, about 4.2 million.", "We need about 4.2 million."),
    ],
)
def test_hesitations_are_left_out(said: str, shown: str) -> None:
    assert without_hesitations(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "The wire is 5 um thick.",
        "Um Ki-joon said so.",
        "Uh huh, that is it, and we said uh huh.",
        "Er kommt, the last er one.",
        'He said "um, no" to us.',
        "Use UM and ER diagrams.",
        "We hum and drum in her umbrella.",
    ],
)
def test_what_only_looks_like_a_hesitation_stays(said: str) -> None:
    assert without_hesitations(said) == said
