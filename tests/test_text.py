"""Cleaning, sentences, and how a sentence is shown."""

from __future__ import annotations

import json
import time
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from fastsum import text as text_module
from fastsum.text import MAX_SENTENCE_WORDS, clean, is_heading, join_words, present, sentences


def split(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in sentences(text)]


def covers(text: str) -> bool:
    found = sentences(text)
    ordered = all(left.end <= right.start for left, right in pairwise(found))
    stripped = all(piece and piece == piece.strip() for piece in split(text))
    return ordered and stripped and "".join("".join(split(text)).split()) == "".join(text.split())


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


def test_tokenised_lines_are_kept() -> None:
    assert clean("bob 's show , he said .\nbarker , 91 , left") == "bob's show, he said.\nbarker, 91, left"


@given(st.text(max_size=200))
def test_natural_text_keeps_its_length(text: str) -> None:
    natural = f"Plain words, here. And more, it's said: {text.replace(' ', '_')}"
    assert len(clean(natural)) == len(natural)


def test_unreadable_characters_become_spaces() -> None:
    assert clean("One\x00two\r\nthree\tfour\u00a0five\ufeff") == "One two \nthree\tfour five "


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Strong met Dr. J. K. Rowling at 2 a.m. on Jan. 5, as in Fig. 3 (Smith et al. (2015), vs. e.g. 3.5).",
        "The U.S. Environmental Protection Agency said so.",
        "It grew to approx. 3.5 cm (i.e. more), see no. 7.",
        '"Why did he go?" she asked.',
        "1. Introduction to the field.",
    ],
)
def test_one_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(CNN)Never mind cats. A stray pooch ran.", ["(CNN)Never mind cats.", "A stray pooch ran."]),
        ("It opened at 2 a.m. The crowd left.", ["It opened at 2 a.m.", "The crowd left."]),
        ("He lives in the U.S. They do not.", ["He lives in the U.S.", "They do not."]),
        ('"Stop," he said. "Do." She left.', ['"Stop," he said.', '"Do."', "She left."]),
        ("THE MAN RAN. THE DOG SAT.", ["THE MAN RAN.", "THE DOG SAT."]),
        ("the man ran in 2009. the dog sat! did it? yes.", ["the man ran in 2009.", "the dog sat!", "did it?", "yes."]),
        ("It helps therapy.1,2 Anemia is rare.", ["It helps therapy.1,2", "Anemia is rare."]),
        ("彼は来た。彼女も来た。", ["彼は来た。", "彼女も来た。"]),
    ],
)
def test_boundaries(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_wrapped_lines_are_joined_and_deliberate_ones_are_not() -> None:
    wrapped = (
        "The quick brown fox jumps over\nthe lazy dog and runs far away\n"
        "from the farm. It never comes\nback again.\n\nNew start."
    )
    assert [" ".join(piece.split()) for piece in split(wrapped)] == [
        "The quick brown fox jumps over the lazy dog and runs far away from the farm.",
        "It never comes back again.",
        "New start.",
    ]
    assert split("First point here\n- one item\n- two items") == ["First point here", "- one item", "- two items"]


def test_headings() -> None:
    text = (
        "# Title\n\nMethods\n=======\nWe measured it in mice.\n\nResults and discussion\n\nIt was large.\n\n***\n\n"
        "The end came."
    )
    assert [text[start:end] for start, end, heading in sentences(text) if not heading] == [
        "We measured it in mice.",
        "It was large.",
        "The end came.",
    ]
    assert is_heading("Introduction")
    assert is_heading("4. Discussion")
    assert not is_heading("- one item")
    assert not is_heading("It ended.")
    assert not is_heading("")
    assert [sentence.heading for sentence in sentences("a line without a stop")] == [False]


def test_nothing() -> None:
    assert sentences("") == sentences(" \n\t ") == []


@settings(deadline=None)
@given(st.text(alphabet="aB1 .?!\n\"')(#-…。é", max_size=120))
def test_sentences_cover_everything(text: str) -> None:
    assert covers(text)


@pytest.mark.parametrize("unit", ["a", ".", "a. ", "word ", '"', "1.", "? ", "'' ", "The cat sat. ", "( ", "a\n"])
def test_a_long_line_is_read_in_linear_time(unit: str) -> None:
    text = clean(unit * (100_000 // len(unit)))
    sentences("Warm up. It loads.")
    begun = time.process_time()
    found = sentences(text)
    assert time.process_time() - begun < 3
    assert all(len(text[start:end].split()) <= MAX_SENTENCE_WORDS for start, end, _ in found)


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("(CNN)Never mind\n  cats", "Never mind cats."),
        ("LONDON, England (CNN) -- the man said .", "The man said."),
        ("- a *list* item, [link](http://x.org)", "A list item, link."),
        ("## Heading ##", "Heading."),
        ('"Odin was the backbone.', "Odin was the backbone."),
        ("mRNA rose (a lot", "mRNA rose a lot."),
        ('he said "yes"', 'He said "yes."'),
        ("***", ""),
        ("", ""),
    ],
)
def test_present(sentence: str, shown: str) -> None:
    assert present(sentence) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("\" i do n't , \" john 's dog said", "\"I don't,\" john's dog said."),
        ("a $ 5 - year - old ( 10 % ) .", "A $5-year-old (10%)."),
        ("the sisters ' ' no ' -- ok ?", "The sisters' 'no' -- ok?"),
        ("it can not go", "It cannot go."),
        ("", ""),
    ],
)
def test_join_words(words: str, shown: str) -> None:
    assert join_words(words.split()) == shown


def test_punkt_decides_as_nltk_does() -> None:
    data = json.loads(files("fastsum").joinpath("data/punkt.json").read_text("utf-8"))
    parameters = PunktParameters()
    parameters.abbrev_types = set(data["abbreviations"])
    parameters.sent_starters = set(data["starters"])
    parameters.collocations = {tuple(pair.split(" ", 1)) for pair in data["collocations"]}
    for word in data["ordinary"]:  # seen with a capital at a sentence's start, and small there and elsewhere
        parameters.add_ortho_context(word, 1 << 1 | 1 << 4 | 1 << 5)
    nltk = PunktSentenceTokenizer(parameters)
    words = ["", "U.S", "p.m", "Mr", "J", "x-inc", "house", "3.5", "1990", "said)", "e.g", "No", "it's", "well--etc"]
    after = ["The", "the", "Smith", "Smith,", "J.", "5", "(see", "p.m.,", 'Marines."', "U.S.", "--", "I'm", "-", "But,"]
    pairs = [(word, follows) for word in words for follows in after]
    pairs += [tuple(pair.split(" ", 1)) for pair in data["collocations"][:50]]
    for word, follows in pairs:
        expected = nltk.text_contains_sentbreak(f"{word}. {follows}")
        assert text_module._punkt_breaks(word, follows) == expected, (word, follows)
