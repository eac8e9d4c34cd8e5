"""Words and addresses that the end of a line divides."""

from __future__ import annotations

import pytest

from fastsum.readers.pages.joining import append


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a light-", "weight logger", "a lightweight logger"),
        ("a long-", "term record", "a long-term record"),
        ("an up-to-", "date list", "an up-to-date list"),
        ("a like-for-", "like basis", "a like-for-like basis"),
        ("a programming-", "related job", "a programming-related job"),
        ("they are inter-", "related by", "they are interrelated by"),
        ("the Mell-", "Arn line", "the Mell-Arn line"),
        ("see https://owls.example/", "notes/2024.pdf for more", "see https://owls.example/notes/2024.pdf for more"),
        ("see https://owls.example/long-", "term/a.html", "see https://owls.example/long-term/a.html"),
        ("see https://owls.example/no", "tes/2024.pdf.", "see https://owls.example/notes/2024.pdf."),
        ("at www.owls.", "example/valley", "at www.owls.example/valley"),
        ("found at https:", "//owls.example/a", "found at https://owls.example/a"),
        ("doi:10.1234/", "owls.5", "doi:10.1234/owls.5"),
        ("write to ann.field@", "owls.example", "write to ann.field@owls.example"),
        ("write to ann.field", "@owls.example", "write to ann.field@owls.example"),
        ("https://owls.example/a?b=", "17&c=2", "https://owls.example/a?b=17&c=2"),
        ("see https://owls.example", "and the notes", "see https://owls.example and the notes"),
        ("see https://owls.example/a.", "The owls", "see https://owls.example/a. The owls"),
        ("see https://owls.example/a,", "b and c/d", "see https://owls.example/a, b and c/d"),
        ("write to ann@owls.example", "or to Bo", "write to ann@owls.example or to Bo"),
        ("https://owls.example/a", "https://mice.example/b", "https://owls.example/a https://mice.example/b"),
        ("found at https://", "www.owls.example/a", "found at https://www.owls.example/a"),
        ("male and/or", "female/young birds", "male and/or female/young birds"),
        ("in the year.", "the", "in the year. the"),
    ],
)
def test_lines_are_joined(before: str, after: str, expected: str) -> None:
    joined, start = append(before, after, set())
    assert joined == expected
    assert joined[start:] == after
