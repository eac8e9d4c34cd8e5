"""Cleaning: tokenised text is undone, natural text keeps its length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastsum.text.cleaning import clean
from fastsum.text.sentences import sentences

PAIRS = [
    (
        '(CNN)It didn\'t end well. "We stand together," she said after 2 a.m. on Monday. The $10,000 (10%) fund grew.',
        "-lrb- cnn -rrb- it did n't end well . `` we stand together , '' she said after 2 a.m. on monday . "
        "the $ 10,000 -lrb- 10 % -rrb- fund grew .",
    ),
    (
        "The sisters' house isn't John's; they're gonna sell it. \"Why?\" he asked. They'd said 'no' in the U.S.",
        "the sisters ' house is n't john 's ; they 're gon na sell it . `` why ? '' he asked . "
        "they 'd said ` no ' in the u.s. .",
    ),
    (
        "He (J. K. Smith) won [again]! Who knew... that?",
        "he -lrb- j. k. smith -rrb- won -lsb- again -rsb- ! who knew ... that ?",
    ),
]


@pytest.mark.parametrize(("natural", "tokenised"), PAIRS)
def test_tokenised_form_becomes_natural(natural: str, tokenised: str) -> None:
    assert clean(tokenised).replace("\n", " ") == natural.lower().replace("(cnn)", "(cnn) ")
    assert len(sentences(clean(tokenised))) == len(sentences(natural))


def test_pubmed_form_becomes_natural() -> None:
    raw = "INTRODUCTION\nvenous disease ( vte ) , in one - third of 1.5 g / dl cases , is rare . it was 16.2 % ."
    assert clean(raw) == "INTRODUCTION\nvenous disease (vte), in one-third of 1.5 g/dl cases, is rare.\nit was 16.2%."


def test_lines_broken_within_a_sentence_are_joined() -> None:
    raw = "it is n't so . he told the . court he was in a . rage . he . left . what is he up to . nobody knows ."
    joined = "it isn't so.\nhe told the court he was in a rage.\nhe left.\nwhat is he up to.\nnobody knows."
    assert clean(raw) == joined


def test_single_quotes_and_currencies_join_the_words_they_belong_to() -> None:
    raw = "doe 's ' portrait of a ship ' is n't theirs , ' he said . a ` ship ' costs 35 $ a head"
    raw += " or $ 8 in the owners ' shop ."
    assert clean(raw) == (
        "doe's 'portrait of a ship' isn't theirs,' he said.\na 'ship' costs 35$ a head or $8 in the owners' shop."
    )


def test_links_of_older_pages_stand_alone() -> None:
    raw = "it was n't good . watch the ship come in '' `` we saw it , '' she said ."
    assert clean(raw) == 'it wasn\'t good.\nwatch the ship come in »\n"we saw it," she said.'


def test_abbreviations_of_papers_end_no_line() -> None:
    raw = "it rose ( fig . 2 ) , as doe et al . found . roe et al . done it ."
    raw += " it fell ( doe et al . 2007 ) in st . foo . it rose ."
    assert clean(raw) == (
        "it rose (fig. 2), as doe et al. found.\nroe et al. done it.\nit fell (doe et al. 2007) in st. foo.\nit rose."
    )


def test_tokenised_lines_are_kept() -> None:
    assert clean("bob 's show , he said .\nbarker , 91 , left") == "bob's show, he said.\nbarker, 91, left"


@given(st.text(max_size=200))
def test_natural_text_keeps_its_length(text: str) -> None:
    natural = f"Plain words, here. And more, it's said: {text.replace(' ', '_')}"
    assert len(clean(natural)) == len(natural)


def test_unreadable_characters_become_spaces() -> None:
    assert clean("One\x00two\r\nthree\tfour\u00a0five\ufeff") == "One two \nthree\tfour five "
