"""The error rate of the sentence splitter on held-out texts that were marked by hand."""

from __future__ import annotations

import pytest

from tests.performance.boundaries import KINDS, Marked, fastsum, read_marked, score

# In per cent; what `python -m tests.performance.boundaries` prints for the held-out part, and room for one change.
BOUNDS = {"news": 7.5, "papers": 12.0, "law": 12.5, "manuals": 6.0, "email": 11.0, "speech": 6.5}


@pytest.mark.parametrize("kind", KINDS)
def test_error_rate_of_held_out_texts(kind: str) -> None:
    parts = read_marked(kind)
    assert sum(len(part.ends) for part in parts) >= 500
    assert 100 * score(parts[1], fastsum).error_rate <= BOUNDS[kind]


def test_a_score_counts_what_is_missed_and_what_is_false() -> None:
    text = 'He left. "Why?" Nobody knew. Dr. Who did.'
    marked = Marked(text, frozenset({8, 14, 28}))
    right = score(marked, lambda _: [8, 15, 28, len(text)])
    assert (right.boundaries, right.missed, right.false, right.error_rate, right.f1) == (3, 0, 0, 0.0, 1.0)
    wrong = score(marked, lambda _: [8, 28, 32])
    assert (wrong.missed, wrong.false) == (1, 1)
