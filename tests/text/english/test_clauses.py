"""Where a clause begins in speech without stops."""

from __future__ import annotations

import pytest

from fastsum.text.english.clauses import opens_clause


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("june and we", 3), ("late but nobody", 3), ("late because nobody", 3), ("tea and cake", 1), ("it and so", 3),
        ("and so what", 0), ("just because it", 0), ("quay which will", 2), ("the eastern quay", 0),
    ],
)  # fmt: skip
def test_words_that_open_a_clause(words: str, rank: int) -> None:
    assert opens_clause(*words.split()) == rank
