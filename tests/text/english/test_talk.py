"""What is said without saying anything."""

from __future__ import annotations

import pytest

from fastsum.text.english.talk import can_speak, is_closing, is_event, is_filler, is_greeting, without_noises


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
