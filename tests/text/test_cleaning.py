"""Cleaning: unreadable characters become spaces, and the text keeps its length."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from fastsum.text.cleaning import clean
from fastsum.text.sentences import sentences


@given(st.text(max_size=200))
def test_a_text_keeps_its_length_and_line_breaks(text: str) -> None:
    assert len(clean(text)) == len(text)
    assert clean(text).count("\n") == text.count("\n")


def test_unreadable_characters_become_spaces() -> None:
    assert clean("One\x00two\r\nthree\tfour\u00a0five\ufeff") == "One two \nthree\tfour five "


def test_a_sentence_goes_on_over_the_break_of_a_page() -> None:
    footer, header = "Doe & Roe            Informational        [Page {0}]", "RFC 9999      Harbours      May 2026"
    page = f"\n\n\n\n{footer}\n\f\n{header}\n\n\n"
    text = f"   The wall is higher than the\n   water{page.format(1)}   was in any year. It\n   holds."
    text += f"{page.format(2)}   The gauge is new."
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert [" ".join(cleaned[s.start : s.end].split()) for s in sentences(cleaned)] == [
        "The wall is higher than the water was in any year.",
        "It holds.",
        "The gauge is new.",
    ]


def test_lines_beside_a_form_feed_that_do_not_come_back_stay() -> None:
    assert clean("One.\n\nTwo.\n\fThree.\n\nFour.") == "One.\n\nTwo.\n Three.\n\nFour."


def test_many_form_feeds_are_read_in_linear_time() -> None:
    for unit in ("\f", "\n\f", "a\n\n\f\n", " \n", "\n\n\n\n\n\n\n\n\n\n\n\n"):
        begun = time.process_time()
        clean("\f" + unit * (200_000 // len(unit)))
        assert time.process_time() - begun < 2
