"""Which of the people who speak a question names."""

from __future__ import annotations

import pytest

from fastsum.text.english import rules as english
from fastsum.text.speakers import speakers_named

TEAM = ["Project Manager", "Marketing", "User Interface", "Industrial Designer", ""]
STAFF = ["Grad A", "Grad B", "PhD A", "Professor B", "Hon. Ada Example", "Mr. Ben Example", "The Chair"]


@pytest.mark.parametrize(
    ("question", "names", "expected"),
    [
        ("What did Marketing think about the case?", TEAM, {"Marketing": 1.0}),
        ("What did the user interface need?", TEAM, {"User Interface": 1.0}),
        ("Which manager was against it?", TEAM, {"Project Manager": 1.0}),
        ("Why did Grad B and PhD A disagree?", STAFF, {"Grad B": 1.0, "PhD A": 1.0}),
        ("What did B think about a filter?", STAFF, {"Grad B": 0.5, "Professor B": 0.5}),
        ("A plan for the summer", STAFF, {}),
        ("What did Ada Example say?", STAFF, {"Hon. Ada Example": 1.0}),
        ("What did Mr Example say?", STAFF, {"Hon. Ada Example": 0.5, "Mr. Ben Example": 0.5}),
        ("What did Mr. Nobody say about the plan?", STAFF, {}),
        ("What did the committee say?", STAFF, {}),
        ("", STAFF, {}),
        ("What did Marketing say?", [], {}),
    ],
)
def test_names(question: str, names: list[str], expected: dict[str, float]) -> None:
    assert speakers_named(question, names, english).speakers == expected


def test_the_words_that_name_somebody_are_not_what_is_asked_about() -> None:
    assert speakers_named("What did Marketing think about marketing costs?", TEAM, english).words == {"marketing"}
