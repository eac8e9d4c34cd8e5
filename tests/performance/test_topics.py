"""The measure of stretches on one subject: texts are made as it says, and a score is that of the metrics."""

from __future__ import annotations

import random

import pytest

from fastsum import Summarizer
from fastsum.text.source import read_source
from tests.performance.topics import MIXED, joined, measure, no_boundary, ours, score


def documents(count: int = 12) -> dict[str, list[str]]:
    """Documents of 20 sentences, each of which has ten words of its own."""
    random_state = random.Random(2)
    found = []
    for _ in range(count):
        own = ["".join(random_state.choices("abdegiklmnoprstu", k=7)) for _ in range(10)]
        picked = [random_state.sample(own, 4) for _ in range(20)]
        found.append(" ".join(f"The {a} and the {b} met the {c} near the {d}." for a, b, c, d in picked))
    return {"made": found}


def test_texts_have_the_boundaries_they_name() -> None:
    texts = list(joined(documents(), each=2))
    assert [one.kind for one in texts] == ["made", "made", MIXED, MIXED]
    assert texts == list(joined(documents(), each=2))
    for one in texts:
        assert 4 <= len(one.starts) <= 10
        assert all(one.text[start - 2 : start] in ("", "\n\n") for start in one.starts)


def test_the_score_is_0_for_the_truth_and_worse_for_a_boundary_that_is_missed() -> None:
    assert score([0, 10, 20], [0, 10, 20], 30) == (0.0, 0.0)
    assert score([0, 10, 20], [0, 11, 20], 30) < score([0, 10, 20], [0, 20], 30) < score([0, 10, 20], [0], 30)


def test_ours_finds_subjects_that_share_no_words() -> None:
    texts = list(joined(documents(), each=3))
    summarizer = Summarizer.load(threads=1)
    sources = [read_source(one.text, summarizer.tokenizer) for one in texts]
    found, nothing = (measure(texts, sources, by)["made"][0] for by in (ours(summarizer), no_boundary))
    assert found < 0.1 < nothing


@pytest.mark.parametrize("count", [0, 9])
def test_a_kind_with_few_documents_is_left_out(count: int) -> None:
    assert {one.kind for one in joined(documents() | {"few": documents(count)["made"]}, each=1)} == {"made", MIXED}
