"""What a sentence can do without."""

from __future__ import annotations

import pytest

from fastsum.summary.shortening import shortened


@pytest.mark.parametrize(
    ("sentence", "forms"),
    [
        (
            "In this study, women (n = 40) ate less [mean 2.1] than men did in spring.",
            [
                "In this study, women ate less than men did in spring.",
                "Women (n = 40) ate less [mean 2.1] than men did in spring.",
                "Women ate less than men did in spring.",
            ],
        ),
        (
            "these results also showed that statins lower the risk of stroke.",
            ["Statins lower the risk of stroke."],
        ),
        ("In the present study we treated twenty mice twice a day.", ["We treated twenty mice twice a day."]),
        ("We found that however often mice ran, they slept.", ["However often mice ran, they slept."]),
    ],
)
def test_brackets_and_frames_go(sentence: str, forms: list[str]) -> None:
    assert list(shortened(sentence)) == forms


@pytest.mark.parametrize(
    "sentence",
    [
        "Poly(A) tails of 3-(2-deoxy)guanosine were found in cells of rats.",  # names, not remarks
        "Risk rose in men (but not in women) after a year of treatment.",
        "All mice (except two) were alive after a year of treatment.",
        "These results suggest that statins lower the risk of stroke.",  # a hedge
        "It has been shown that statins lower the risk of stroke.",  # others' work
        "In this study of forty mice, we saw no change at all.",
        "We found that mice (n = 3) slept.",  # hardly anything would be left
        "Mice slept through most of the day and ran at night.",
        "",
    ],
)
def test_what_matters_stays(sentence: str) -> None:
    assert list(shortened(sentence)) == []
