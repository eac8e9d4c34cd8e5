"""Who is named by the last name alone is introduced first."""

from __future__ import annotations

import pytest

from fastsum.config import DecodingConfig
from fastsum.summary.company import Company
from fastsum.summary.extraction import extract
from fastsum.summary.introductions import Introductions
from fastsum.summary.limits import Limits
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

NAMED = "The harbour master, Moira Cullen, has fished off Port Ellis for forty years."
OTHER = "The council will close the northern quay."
ALONE = "Boats may moor there until May, Cullen said."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([f"{NAMED} {OTHER} {ALONE}"], 80)


def needed(text: str, tokenizer: Tokenizer, *beside: int) -> set[int]:
    """What the last sentence needs."""
    source = read_source(text, tokenizer)
    return Introductions(source).needed(len(source.sentences) - 1, beside)


def test_a_last_name_needs_the_sentence_that_has_the_whole_name_first(tokenizer: Tokenizer) -> None:
    again = "Moira Cullen owns two boats."
    assert needed(f"{OTHER} {NAMED} {again} {ALONE}", tokenizer) == {1}
    assert needed(f"{OTHER} {NAMED} {again} {ALONE}", tokenizer, 0) == {1}
    assert needed(f"{OTHER} {NAMED} {again} {ALONE}", tokenizer, 2) == set()  # she is named there too
    assert needed(f"{OTHER} {NAMED} Nobody liked Cullen's two boats.", tokenizer) == {1}
    assert needed(f"{OTHER} {NAMED} Then Cullen sold the boats.", tokenizer) == {1}
    assert needed(f"{OTHER} {NAMED} Boats may moor there, Moira said.", tokenizer) == {1}
    assert needed(f"{OTHER} Ruud Cullen Jr. owns two boats. {ALONE}", tokenizer) == {1}


@pytest.mark.parametrize(
    "text",
    [
        f"{OTHER} {ALONE}",  # nobody introduces her
        f"{NAMED} {OTHER}",
        f"{NAMED} Boats may moor there, Moira Cullen said.",
        f"{NAMED} Moira Cullen owns boats, and Cullen said so.",
        f"Cullen left. {NAMED} {ALONE}",  # the first to name her does not introduce her
        f"The boat of Captain Quay sank. {OTHER} Nobody saw Quay.",  # an ordinary word here
        f"The Harbour Board met. {OTHER} Nobody asked the Board.",
        f"They asked the Harbour Board. {OTHER} Board members were not asked.",
        f"The Northern NATO met. {OTHER} Nobody saw NATO.",
        f"Ben: {NAMED}\nAnn: I think so too.\nBen: {OTHER}\nAnn: When will you do it?\nBen: {ALONE}",  # a conversation
    ],
)
def test_what_needs_no_introduction(text: str, tokenizer: Tokenizer) -> None:
    assert needed(text, tokenizer) == set()


def chosen(source: Source, salience: list[float], count: int) -> list[str]:
    limits = Limits(DecodingConfig(words=0, sentences=count, min_salience=0.0))
    return str(extract(source, salience, limits)).splitlines()


def test_she_is_introduced_in_the_summary(tokenizer: Tokenizer) -> None:
    source = read_source(f"{OTHER} {NAMED} {ALONE}", tokenizer)
    assert chosen(source, [0.5, 0.1, 0.9], 2) == [NAMED, ALONE]
    assert chosen(source, [0.5, 0.1, 0.9], 1) == [OTHER]


def test_an_introduction_that_leans_on_another_sentence_will_not_do(tokenizer: Tokenizer) -> None:
    company = Company(read_source(f"{OTHER} They had asked Moira Cullen. {ALONE}", tokenizer))
    assert company.of(2) is None
    company.add(1)
    assert company.of(2) == ()


def test_whom_a_chosen_sentence_names_is_not_introduced_again(tokenizer: Tokenizer) -> None:
    company = Company(read_source(f"{OTHER} {NAMED} Moira Cullen owns two boats. {ALONE}", tokenizer))
    assert company.of(3) == (1,)
    company.add(2)
    assert company.of(3) == ()
