"""Cleaning: unreadable characters become spaces, and the text keeps its length."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from fastsum.text.cleaning import LINE_END, clean
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


LINES = "The sea was calm that night, and the wind\nthat was before him could not overtake"
FURTHER = "red horse, which was swift and went with\nhis men over the long road to the sea."


def cleaned(text: str) -> list[str]:
    """The sentences of a text, each on one line."""
    found = clean(text)
    assert len(found) == len(text)
    assert found.replace(LINE_END, "\n").count("\n") == text.count("\n")  # lines can be counted
    return [" ".join(found[s.start : s.end].split()) for s in sentences(found)]


def test_a_sentence_goes_on_over_the_numbers_and_heads_of_recognized_pages() -> None:
    whole = f"{LINES} {FURTHER}".replace("\n", " ")
    for between in (
        "\n\n",
        "\n13\n\n",
        "\n\n[13]\n\n",
        "\n\n- 13 -\n\nTHE HORSES OF MANUS\n\n",
        "\n\nTHE HORSES OF MANUS\n",
        "\n\n14 THE HORSES OF MANUS\n\n",
    ):
        assert cleaned(f"{LINES}{between}{FURTHER}") == [whole], between
    name = FURTHER.replace("red horse", "King")
    assert cleaned(f"{LINES}\n\n13\n\n{name}") == [f"{LINES} {name}".replace("\n", " ")]
    assert cleaned(f"{LINES}\n13\n\n75\n") == [LINES.replace("\n", " ")]


def test_what_is_no_page_stays() -> None:
    for text in (
        f"{LINES}.\n\n13\n\n{FURTHER}",  # the number of a chapter
        f"{LINES}:\n\n{FURTHER}",
        f"{LINES}\n\n    {FURTHER}",  # set in, as code and quotations are
        f"{LINES}\n\nSYNOPSIS\n\n{FURTHER}",
        f"{LINES}\n\nTHE HORSES OF MANUS\n\n{FURTHER.replace('red', 'Red')}",
        f"{LINES}\n\na) {FURTHER}",
        f"{LINES}\n\nexec   Show what it runs and how\nit went.",
        f"{LINES}/red\n\n{FURTHER}",
        f"{LINES}\n\n{FURTHER}".replace(".", ""),  # things without stops
        f"{LINES}\n\nred\n\nblue",
        f"that was before him could not overtake\n\n{FURTHER}",  # one line
    ):
        assert clean(text) == text


def test_many_blank_lines_and_numbers_are_read_in_linear_time() -> None:
    for unit in (
        "\n\n",
        f"{LINES}\n\n1\n\n2\n\n3\n\n4\n\n",
        "1\n\n",
        f"{LINES}\n1\n\n",
        " \n",
        "AB CD\n\n",
        "A" * 70 + "\n\n",
    ):
        begun = time.process_time()
        clean(unit * (400_000 // len(unit)))
        assert time.process_time() - begun < 2, unit
