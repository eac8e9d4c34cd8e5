"""Patterns are compiled when they are used, and text is folded as they ignore case."""

from __future__ import annotations

import re
import sys

import pytest

from fastsum.text.patterns import fold, lazy

EVERY = "".join(map(chr, range(sys.maxunicode + 1)))


def test_a_lazy_pattern_is_compiled_when_it_is_used() -> None:
    pattern = lazy(r"(A)b", re.IGNORECASE)
    match = pattern.search("cab")
    assert match is not None
    assert (match[1], pattern.sub("x", "abAB"), pattern.flags & re.IGNORECASE) == ("a", "xx", re.IGNORECASE)
    wrong = lazy("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_folded_text_has_a_letter_where_ignoring_case_finds_it() -> None:
    folded = fold(EVERY)
    assert len(folded) == len(EVERY)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        ignoring_case = [match.start() for match in re.finditer(letter, EVERY, re.IGNORECASE)]
        assert [match.start() for match in re.finditer(letter, folded)] == ignoring_case
    for kind in (r"\w", r"\d", r"\s"):
        pattern = re.compile(kind)
        assert [m.start() for m in pattern.finditer(folded)] == [m.start() for m in pattern.finditer(EVERY)]
    assert fold("ABC Été") == "abc été"
