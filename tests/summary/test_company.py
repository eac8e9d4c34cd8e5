"""Sentences that need a neighbour are chosen with it or not at all."""

from __future__ import annotations

import pytest

from fastsum.config import DecodingConfig
from fastsum.summary.company import Company
from fastsum.summary.extraction import extract
from fastsum.summary.limits import Limits
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

NAMED = "Moira Cullen has fished off Port Ellis for forty years."
LEANS = "She found two dogs on the ice."
OTHER = "The council will close the northern quay."
LAST = "An icebreaker left Lindhaven at noon."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([f"{NAMED} {LEANS} {OTHER} {LAST}"], 80)


def summary(source: Source, salience: list[float], *, words: int = 0, sentences: int = 0, exact: bool = False) -> str:
    limits = Limits(DecodingConfig(words=words, sentences=sentences, min_salience=0.0), exact)
    return str(extract(source, salience, limits))


def test_who_is_meant_is_named_first(tokenizer: Tokenizer) -> None:
    source = read_source(f"{OTHER} {NAMED} {LEANS} {LAST}", tokenizer)
    salience = [0.2, 0.1, 0.9, 0.3]
    assert summary(source, salience, sentences=2).splitlines() == [NAMED, LEANS]
    assert summary(source, salience, words=17).splitlines() == [NAMED, LEANS]


def test_where_there_is_no_room_for_both_others_are_chosen(tokenizer: Tokenizer) -> None:
    source = read_source(f"{OTHER} {NAMED} {LEANS} {LAST}", tokenizer)
    salience = [0.2, 0.1, 0.9, 0.3]
    assert summary(source, salience, sentences=1) == LAST
    assert summary(source, salience, words=14).splitlines() == [OTHER, LAST]
    # a length that was asked for is reached, and a summary is never empty
    assert summary(source, salience, words=22, exact=True).splitlines() == [NAMED, LEANS]
    assert summary(source, salience, sentences=4, exact=True).splitlines() == [OTHER, NAMED, LEANS, LAST]
    assert (
        summary(read_source("They found two dogs. " * 2, tokenizer), [0.9, 0.9], sentences=1) == "They found two dogs."
    )


def test_a_question_is_chosen_with_its_answer(tokenizer: Tokenizer) -> None:
    source = read_source(f"{OTHER} Who found two dogs on the ice? {NAMED} {LAST}", tokenizer)
    salience = [0.5, 0.9, 0.1, 0.3]
    assert summary(source, salience, sentences=2).splitlines() == ["Who found two dogs on the ice?", NAMED]
    assert summary(source, salience, sentences=1) == OTHER
    asked_last = read_source(f"{OTHER} Who found two dogs on the ice?", tokenizer)
    assert summary(asked_last, [0.1, 0.9], sentences=2) == OTHER


def test_what_announces_a_list_is_chosen_with_its_first_item(tokenizer: Tokenizer) -> None:
    items = (
        "(a) In general.—The council of Port Ellis shall do the following within two years—\n"
        "(1) close the northern quay; and\n(2) send an icebreaker from Lindhaven."
    )
    source = read_source(f"{items}\n\n{NAMED}", tokenizer)
    shown = summary(source, [0.9, 0.3, 0.2, 0.5], sentences=2).splitlines()
    lead_in = "The council of Port Ellis shall do the following within two years:"
    assert shown == [lead_in, "(1) close the northern quay."]
    assert summary(source, [0.9, 0.3, 0.2, 0.5], sentences=1) == NAMED


def test_what_says_nothing_is_chosen_only_to_reach_a_length(tokenizer: Tokenizer) -> None:
    source = read_source(f"Thank you, operator, and good morning, everyone. {OTHER}", tokenizer)
    assert summary(source, [0.9, 0.1], sentences=2) == OTHER
    assert len(summary(source, [0.9, 0.1], sentences=2, exact=True).splitlines()) == 2


def test_a_neighbour_that_leans_itself_will_not_do(tokenizer: Tokenizer) -> None:
    company = Company(read_source(f"{NAMED} {LEANS} She took them home. {LAST}", tokenizer))
    assert company.of(0) == ()
    assert company.of(1) == (0,)
    assert company.of(2) is None
    company.add(1)
    assert company.of(2) == ()


def test_an_item_is_chosen_with_all_that_announces_it(tokenizer: Tokenizer) -> None:
    text = (
        "The council of Port Ellis shall do the following—\n(1) close the northern quay; and\n"
        "(2) send from Lindhaven—\n(A) an icebreaker; and\n(B) two dogs that Moira Cullen found on the ice.\n\n"
    )
    source = read_source(f"{text}{NAMED} {OTHER}", tokenizer)
    salience = [0.1, 0.1, 0.1, 0.1, 0.9, 0.5, 0.4]
    leads = ["The council of Port Ellis shall do the following:", "(2) send from Lindhaven:"]
    item = "(B) two dogs that Moira Cullen found on the ice."
    assert summary(source, salience, sentences=3).splitlines() == [*leads, item]
    assert summary(source, salience, sentences=2).splitlines() == [NAMED, OTHER]
    company = Company(source)
    company.add(0)
    assert company.of(4) == (2,)


def test_a_heading_may_announce_a_list(tokenizer: Tokenizer) -> None:
    source = read_source(f"The council decided:\n\n- to close the northern quay.\n\n{NAMED}", tokenizer)
    assert source.sentences[0].is_heading
    shown = summary(source, [0.0, 0.9, 0.5], sentences=2).splitlines()
    assert shown == ["The council decided:", "to close the northern quay."]


SAID = f'"We wrote to them in 2019," said Moira Cullen. "Nobody ever answered our letters."\n\n{OTHER} {LAST}'


def test_a_quotation_is_chosen_with_who_says_it(tokenizer: Tokenizer) -> None:
    source = read_source(SAID, tokenizer)
    said = ['"We wrote to them in 2019," said Moira Cullen.', '"Nobody ever answered our letters."']
    assert summary(source, [0.1, 0.9, 0.3, 0.2], sentences=2).splitlines() == said
    assert summary(source, [0.1, 0.9, 0.3, 0.2], sentences=1) == OTHER
    assert summary(source, [0.1, 0.9, 0.3, 0.2], words=7, exact=True) == OTHER


def test_who_says_it_may_stand_behind_and_not_in_another_paragraph(tokenizer: Tokenizer) -> None:
    behind = read_source(f'"Nobody answered. We wrote again," said Moira Cullen.\n\n{OTHER}', tokenizer)
    assert Company(behind).of(0) == (1,)
    apart = read_source(f'{NAMED}\n\n"Nobody ever answered our letters."\n\n{OTHER} {LAST} {OTHER}', tokenizer)
    assert Company(apart).of(1) is None
    within = Company(read_source(SAID, tokenizer))
    within.add(0)
    assert within.of(1) == ()


def test_a_text_that_is_all_quoted_needs_nobody_who_says_it(tokenizer: Tokenizer) -> None:
    source = read_source(f'"{OTHER} {NAMED}"', tokenizer)
    assert Company(source).of(0) == Company(source).of(1) == ()
