"""Which sentence announces each item of a list."""

from __future__ import annotations

import pytest

from fastsum.text.lists import is_part, leads_of
from fastsum.text.source import read_source
from fastsum.text.tokenizer import Tokenizer

STATUTE = """SECTION 2. Office
(a) In general.-- The council shall-
(1) hire people who know the harbour, the boats and the tides;
(2) with the advice of the Board-
(A) plan the roads to every quay of the town;
(B) sell those boats that nobody wants, including-
(i) rafts that lie on the northern beach;
(ii) canoes that were found in the ice; and
(C) build two quays; and
(3) report to the town within a year.
(b) Duties.-- The Board shall meet in May.
"""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([STATUTE], 80)


def announced(text: str, tokenizer: Tokenizer) -> dict[str, str]:
    """By the first words of each item that is announced and part of it, the last words of what announces it."""
    source = read_source(text, tokenizer)
    words = [source.written(index).split() for index in range(len(source.sentences))]
    leads = {item: lead for item, lead in leads_of(source).items() if is_part(source, item)}
    return {" ".join(words[item][:3]): " ".join(words[lead][-2:]) for item, lead in leads.items()}


def test_items_of_nested_lists_belong_to_what_announces_each_list(tokenizer: Tokenizer) -> None:
    assert announced(STATUTE.replace("-\n", "—\n"), tokenizer) == {
        "(1) hire people": "council shall—",
        "(2) with the": "council shall—",
        "(A) plan the": "the Board—",
        "(B) sell those": "the Board—",
        "(i) rafts that": "wants, including—",
        "(ii) canoes that": "wants, including—",
        "(C) build two": "the Board—",
        "(3) report to": "council shall—",
    }


@pytest.mark.parametrize("mark", ["- ", "* ", "• "])
def test_bullets_belong_to_the_line_before_the_first(mark: str, tokenizer: Tokenizer) -> None:
    items = f"{mark}to close the northern quay\n{mark}to sell the icebreaker."
    found = announced(f"The council decided:\n\n{items}\n\nAll agreed.\n\n{mark}to close the bar.", tokenizer)
    assert found == {f"{mark}to close": "council decided:", f"{mark}to sell": "council decided:"}


def test_an_item_that_is_a_sentence_needs_nothing(tokenizer: Tokenizer) -> None:
    text = "The council found:\n\n1. The quay is full.\n2. Two boats for every berth.\n3. The harbour is shallow."
    assert announced(text, tokenizer) == {"2. Two boats": "council found:"}


def test_a_letter_is_no_numeral_where_it_is_the_next(tokenizer: Tokenizer) -> None:
    letters = "\n".join(f"({letter}) the boat number {number};" for number, letter in enumerate("abcdefghij"))
    found = announced(f"The council may sell:\n{letters}", tokenizer)
    assert found["(i) the boat"] == "may sell:"
    assert len(found) == 10
    numerals = "\n".join(f"({numeral}) the boat of {numeral};" for numeral in ("i", "ii", "iii", "iv", "v"))
    assert len(announced(f"The council may sell:\n{numerals}", tokenizer)) == 5


@pytest.mark.parametrize(
    "text",
    [
        "The quay is closed.\n(1) close the quay;\n(2) sell the boat.",  # nothing announces it
        "The council may:\n(3) close the quay;\n(4) sell the boat.",  # the first two are missing
        "The council may:\n\nWe saw two boats.\n\n(b) sold the boat.",
    ],
)
def test_what_is_no_item_of_an_announced_list(text: str, tokenizer: Tokenizer) -> None:
    assert announced(text, tokenizer) == {}


def test_a_heading_ends_a_list(tokenizer: Tokenizer) -> None:
    text = "The council may:\n\n(1) close the quay;\n\n# Boats\n\n(2) sell the boat."
    assert announced(text, tokenizer) == {"(1) close the": "council may:"}
