"""Numbers and names that a document lacks."""

from __future__ import annotations

import pytest

from fastsum.summary.abstractive.faithfulness import Evidence

DOCUMENT = """The 34-year-old Moira O’Neill won 2–1 on 3 April 2014, and £21,000.50 with it. (Her brother, Tom Ellis Jr,
lost 1,000.5 euros.) Officials of the Port Ellis council met J. Marlow at 4:30pm."""


@pytest.mark.parametrize(
    ("summary", "missing"),
    [
        ("The 34-year-old won 2-1 in 2014.", []),
        ("She is 34.", []),
        ("At 4:30PM she had £21,000.50.", []),
        ("She is 35-year-old.", ["35-year-old"]),
        ("She won 1,000 and 21,000.", ["1,000", "21,000"]),
        ("They won 1-2 by 14 to 3.", ["1-2", "14"]),
        ("No number.", []),
        ("", []),
    ],
)
def test_numbers(summary: str, missing: list[str]) -> None:
    assert Evidence(DOCUMENT).unsupported_numbers(summary) == missing


@pytest.mark.parametrize(
    ("summary", "missing"),
    [
        ("Moira O'Neill met Marlow in April.", []),
        ("Council officials of Port Ellis met Moira O'Neill.", []),
        ("Yesterday they met.", ["Yesterday"]),
        ("Officials met Moira Ellis.", ["Moira Ellis"]),
        ("Officials met Mary and Tom Ellis.", ["Mary"]),
        ("Brother Tom Ellis lost.", []),
        ("Brother Tom Marlow lost.", ["Brother Tom Marlow"]),
        ('"Officials met COUNCIL Marlow."', ["COUNCIL Marlow"]),
        ("Moira won.\nTom lost. Council met.", []),
        ("", []),
    ],
)
def test_names(summary: str, missing: list[str]) -> None:
    assert Evidence(DOCUMENT).unsupported_names(summary) == missing


def test_a_lower_cased_summary_names_nothing() -> None:
    assert Evidence(DOCUMENT.lower()).unsupported_names("Moira and tom.") == []
