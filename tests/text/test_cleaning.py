"""Cleaning: unreadable characters become spaces, and the text keeps its length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fastsum.text.cleaning import clean


@given(st.text(max_size=200))
def test_a_text_keeps_its_length_and_line_breaks(text: str) -> None:
    assert len(clean(text)) == len(text)
    assert clean(text).count("\n") == text.count("\n")


def test_unreadable_characters_become_spaces() -> None:
    assert clean("One\x00two\r\nthree\tfour\u00a0five\ufeff") == "One two \nthree\tfour five "
