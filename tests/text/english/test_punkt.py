"""Punkt decides as NLTK, which trained it, does."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from fastsum.text.english import punkt


@pytest.mark.parametrize(
    ("word", "after"),
    [
        ("C.F.R", "§"), ("U.S.C", "Part"), ("Fed", "R"), ("Civ", "P"), ("Art", "5(1)"), ("Sec", "II"), ("Thm", "2"),
        ("ch", "411,"), ("para", "4"), ("No", "7"), ("Rs", "300"), ("Stat", "1494"), ("L.R", "40"), ("Cir", "2005)"),
        ("p.m", "Tuesday"), ("no", "E7885"), ("D.J", "Kruse"), ("Ex", "C"), ("v", "Smith"),
        ("Abs", "2"), ("Nr", "3"), ("bzw", "Nr."), ("z", "B."), ("3", "Mai"), ("bijv", "Voor"), ("u.a", "Wir"),
    ],
)  # fmt: skip
def test_what_is_abbreviated_goes_on(word: str, after: str) -> None:
    assert not punkt.ends_sentence(word, after)


@pytest.mark.parametrize(
    ("word", "after"),
    [
        ("p.m", "Comments"),
        ("etc", "Open"),
        ("Dec", "Bats"),
        ("no", "On"),
        ("W.L.R", "The"),
        ("c", "Rule"),
        ("art", "We"),
    ],
)
def test_what_is_abbreviated_can_end_a_sentence(word: str, after: str) -> None:
    assert punkt.ends_sentence(word, after)


@pytest.mark.parametrize("word", ["yrs", "hr", "esp", "nbrs", "Pls", "km"])
def test_cut_short(word: str) -> None:
    assert punkt.is_cut_short(word)
    assert not punkt.is_cut_short("house")
    assert not punkt.is_cut_short("DNS")


def test_punkt_decides_as_nltk_does() -> None:
    data = json.loads(files("fastsum.text.english").joinpath("punkt.json").read_text("utf-8"))
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
        assert punkt._punkt_decides(word, follows) == expected, (word, follows)
