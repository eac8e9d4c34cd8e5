"""Sentences out of their place: connectives that point back, and sentences that lean on others."""

from __future__ import annotations

import pytest

from fastsum.text.english.connectives import without_connective


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


@pytest.mark.parametrize("end", ["; and", ", and", "; or", ", or", ", and."])
def test_an_item_loses_the_joint_at_its_end(end: str) -> None:
    assert without_connective(f"(A) close the northern quay{end}") == "(A) close the northern quay"
