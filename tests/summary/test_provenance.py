"""Where a summary's sentences are said to come from."""

from __future__ import annotations

import pytest

from fastsum import Span, Summary, SummarySentence
from fastsum.summary.provenance import cited
from fastsum.text.cleaning import clean
from fastsum.text.sentences import sentences

DOCUMENT = """# A frost

The harbour froze on Monday night. Fishermen who
found their boats in the ice walked out to them
and back again. Two dogs fell in.

Schools closed.
"""


def summary_of(*sources: tuple[int, ...]) -> Summary:
    """A summary whose sentences rest on these sentences of the document."""
    found = tuple(sentences(DOCUMENT))
    shown = [
        SummarySentence(
            f"Number {n}.", 0.5, tuple(Span(i, *found[i][:2], DOCUMENT[slice(*found[i][:2])]) for i in them)
        )
        for n, them in enumerate(sources, start=1)
    ]
    return Summary(tuple(shown), "abstractive", DOCUMENT, found, (0.5,) * len(found))


@pytest.mark.parametrize(
    ("sources", "lines"),
    [
        ((1,), "line 3"),
        ((2,), "lines 3-5"),
        ((4,), "line 7"),
        ((1, 4), "lines 3, 7"),
        ((2, 3), "lines 3-5"),
        ((0, 2, 4), "lines 1, 3-5, 7"),
    ],
)
def test_lines_are_counted_from_one(sources: tuple[int, ...], lines: str) -> None:
    assert cited(summary_of(sources)) == f"Number 1. [{lines}]"


def test_each_sentence_has_its_own_line_and_mark() -> None:
    assert cited(summary_of((1,), (4,))) == "Number 1. [line 3]\nNumber 2. [line 7]"


def test_neighbouring_lines_are_one_range() -> None:
    document = "A dog barked.\nIt rained.\nNobody slept."
    found = tuple(sentences(document))
    spans = tuple(Span(i, s.start, s.end, document[s.start : s.end]) for i, s in enumerate(found))
    summary = Summary((SummarySentence("All.", 0.5, spans),), "abstractive", document, found, (0.5,) * 3)
    assert cited(summary) == "All. [lines 1-3]"


def test_lines_over_which_a_sentence_goes_on_are_counted() -> None:
    document = clean("The dog barked at the mayor\nand went without a word to\n\n13\n\nher at the sea.\nNo one slept.")
    found = tuple(sentences(document))
    span = Span(1, *found[1][:2], document[slice(*found[1][:2])])
    summary = Summary((SummarySentence("No.", 0.5, (span,)),), "extractive", document, found, (0.5,) * len(found))
    assert cited(summary) == "No. [line 7]"


def test_pages_are_named_where_they_are_known() -> None:
    pages = (0, DOCUMENT.index("walked"), DOCUMENT.index("Schools"))
    assert cited(summary_of((1,)), pages) == "Number 1. [p. 1]"
    assert cited(summary_of((2,)), pages) == "Number 1. [pp. 1-2]"
    assert cited(summary_of((1, 4)), pages) == "Number 1. [pp. 1, 3]"
    assert cited(summary_of((4,)), pages) == "Number 1. [p. 3]"


def test_a_sentence_that_ends_with_its_page_stays_on_it() -> None:
    end = sentences(DOCUMENT)[3].end
    assert cited(summary_of((3,)), (0, end)) == "Number 1. [p. 1]"
    assert cited(summary_of((3,)), (0, end - 1)) == "Number 1. [pp. 1-2]"


def test_what_stands_before_the_first_page_is_on_it() -> None:
    assert cited(summary_of((0,)), (DOCUMENT.index("The"), DOCUMENT.index("Schools"))) == "Number 1. [p. 1]"


@pytest.mark.parametrize(
    ("speaker", "time", "mark"),
    [
        ("Ben", "00:41", "[00:41]"),
        (None, "00:41", "[00:41]"),
        ("Ben", "Mon, 2 Mar 2026 17:40:00 +0100", "[message of Ben, 2 Mar 2026]"),
        ("Ben", "02.03.26, 09:15:01", "[message of Ben, 02.03.26, 09:15:01]"),
        ("Ben", None, "[line 1]"),
    ],
)
def test_what_is_said_is_cited_by_its_time_or_message(speaker: str | None, time: str | None, mark: str) -> None:
    span = Span(0, 0, 6, "It is.", speaker, time)
    summary = Summary((SummarySentence("It is.", 0.5, (span,)),), "extractive", "It is.", (), (0.5,))
    assert cited(summary) == f"It is. {mark}"
    assert cited(summary, [0]) == f"It is. [p. 1{', ' + mark[1:] if time else ']'}"
    assert summary.as_dict()["sentences"][0]["sources"][0]["speaker"] == speaker
