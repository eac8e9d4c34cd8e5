"""Tokenised texts as natural ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastsum.data.treebank import natural
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


@pytest.mark.parametrize(("expected", "tokenised"), PAIRS)
def test_tokenised_form_becomes_natural(expected: str, tokenised: str) -> None:
    assert natural(tokenised).replace("\n", " ") == expected.lower().replace("(cnn)", "(cnn) ")
    assert len(sentences(natural(tokenised))) == len(sentences(expected))


def test_pubmed_form_becomes_natural() -> None:
    raw = "INTRODUCTION\nvenous disease ( vte ) , in one - third of 1.5 g / dl cases , is rare . it was 16.2 % ."
    assert natural(raw) == "INTRODUCTION\nvenous disease (vte), in one-third of 1.5 g/dl cases, is rare.\nit was 16.2%."


def test_lines_broken_within_a_sentence_are_joined() -> None:
    raw = "it is n't so . he told the . court he was in a . rage . he . left . what is he up to . nobody knows ."
    joined = "it isn't so.\nhe told the court he was in a rage.\nhe left.\nwhat is he up to.\nnobody knows."
    assert natural(raw) == joined


def test_single_quotes_and_currencies_join_the_words_they_belong_to() -> None:
    raw = "doe 's ' portrait of a ship ' is n't theirs , ' he said . a ` ship ' costs 35 $ a head"
    raw += " or $ 8 in the owners ' shop ."
    assert natural(raw) == (
        "doe's 'portrait of a ship' isn't theirs,' he said.\na 'ship' costs 35$ a head or $8 in the owners' shop."
    )


def test_links_of_older_pages_stand_alone() -> None:
    raw = "it was n't good . watch the ship come in '' `` we saw it , '' she said ."
    assert natural(raw) == 'it wasn\'t good.\nwatch the ship come in »\n"we saw it," she said.'


def test_abbreviations_of_papers_end_no_line() -> None:
    raw = "it rose ( fig . 2 ) , as doe et al . found . roe et al . done it ."
    raw += " it fell ( doe et al . 2007 ) in st . foo . it rose ."
    assert natural(raw) == (
        "it rose (fig. 2), as doe et al. found.\nroe et al. done it.\nit fell (doe et al. 2007) in st. foo.\nit rose."
    )


def test_tokenised_lines_are_kept() -> None:
    assert natural("bob 's show , he said .\nbarker , 91 , left") == "bob's show, he said.\nbarker, 91, left"


@given(st.text(max_size=200))
def test_natural_text_stays_as_it_is(text: str) -> None:
    plain = f"Plain words, here. And more, it's said: {text.replace(' ', '_')}"
    assert natural(plain) == plain


def test_natural_text_of_a_tokenised_one_stays_as_it_is() -> None:
    text = natural(PAIRS[0][1])
    assert natural(text) == text
