"""Paragraphs, headings and list items, and lines of hard-wrapped text joined."""

from __future__ import annotations

import pytest

from fastsum.text.segments import is_heading, segments


def spans(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in segments(text)]


def test_headings_are_marked() -> None:
    text = "# Title\n\nMethods\n=======\nWe measured it in mice.\n\nResults\n\nIt was large.\n\n***\n\nThe end came."
    found = [(text[start:end], heading) for start, end, heading in segments(text)]
    assert [part for part, heading in found if not heading] == [
        "We measured it in mice.",
        "It was large.",
        "The end came.",
    ]
    assert [part for part, heading in found if heading] == ["# Title", "Methods", "=======", "Results", "***"]


def test_a_short_line_heads_only_what_follows_it() -> None:
    assert [segment.is_heading for segment in segments("Results\n\nIt was large.\n\nThanks")] == [True, False, False]


def test_what_a_heading_looks_like() -> None:
    assert is_heading("Introduction")
    assert is_heading("4. Discussion")
    assert is_heading("C. DUTIES OF A TRUSTEE")
    assert is_heading("2.0 LICENCE OF THE QUAY.")
    assert is_heading("CHAPTER 50. The Boat. Its Crew.")
    assert not is_heading("Chapter 50. of the book says so.")
    assert not is_heading("C. It is the duty of a trustee")
    assert not is_heading("- one item")
    assert not is_heading("It ended.")
    assert not is_heading('"If you would only--"')
    assert not is_heading("“My dear Ada,” said the clerk. “Never have—”")
    assert is_heading("The quay--")
    assert not is_heading("")


@pytest.mark.parametrize("letters", range(4))
def test_lines_too_long_to_be_wrapped_leave_other_paragraphs_wrapped(letters: int) -> None:
    wrapped = (
        "The town closed its main harbour bridge on Tuesday after inspectors\n"
        "found cracks in two of the steel girders that carry the roadway to\nthe north bank."
    )
    letter = "A reader writes that the ferry " + "has been late again, and again, and " * 6 + "nobody knows why."
    text = "\n\n".join([wrapped, *[letter] * letters])
    assert [" ".join(piece.split()) for piece in spans(text)] == [" ".join(wrapped.split()), *[letter] * letters]


def test_a_heading_is_not_joined_to_a_paragraph_of_one_long_line() -> None:
    paragraph = "We counted the owls " + "in the north wood and in the south wood, " * 6 + "twice."
    heading = "How many owls there are in both of the woods, by night and by day"
    assert spans(f"{heading}\n{paragraph}\nAges\n{paragraph}") == [heading, paragraph, "Ages", paragraph]


def test_an_entry_of_contents_is_no_sentence() -> None:
    assert is_heading("  B.  SIMPLE OWLS ...........   40")
    assert not is_heading("We waited.... 40 owls came.")
