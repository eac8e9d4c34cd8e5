"""Longest common subsequences: those that rouge-score takes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score import rouge_scorer

from fastsum.subsequences import Reference

sentence = st.lists(st.integers(0, 5), max_size=9)


@settings(max_examples=300, deadline=None)
@given(st.lists(sentence, max_size=4), st.lists(sentence, max_size=4))
def test_the_union_over_a_summary_is_rouge_scores(references: list[list[int]], summary: list[list[int]]) -> None:
    reference = Reference(references)
    union = 0
    for words in summary:
        union |= reference.covered(words)
    start = 0
    for words in references:
        expected = set().union(*(rouge_scorer.lcs_ind(words, other) for other in summary))
        assert {place for place in range(len(words)) if union >> (start + place) & 1} == expected
        start += len(words)
    assert union >> start == 0


def test_a_token_that_repeats_counts_where_the_subsequence_has_it() -> None:
    assert Reference(["abcb", "xbx"]).covered("cb") == 0b010_1100
    assert Reference(["abcb", "xbx"]).covered("zz") == 0
    assert Reference([]).covered("ab") == 0
    assert Reference([range(100)]).covered(range(1, 100, 2)) == sum(1 << place for place in range(1, 100, 2))
