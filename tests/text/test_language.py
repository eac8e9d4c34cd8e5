"""The seam for a second language: what reads and shows a text asks the language that it is given."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

from fastsum.text.english import rules as english
from fastsum.text.language import Language
from fastsum.text.presentation import present
from fastsum.text.sentences import sentences
from fastsum.text.source import read_source
from fastsum.text.tokenizer import Tokenizer

TEXT = "Das Schiff kam am 3. April an. Allerdings sank es."


def german(**functions: Any) -> Any:
    """English but for some functions."""
    return SimpleNamespace(**{name: getattr(english, name) for name in english.__all__} | functions)


def test_english_has_every_function_of_a_language_and_no_other() -> None:
    wanted = {name for name, value in vars(Language).items() if inspect.isfunction(value) and name[0] != "_"}
    assert set(english.__all__) == wanted - {"no_init_or_replace_init"}


def test_sentences_end_where_the_language_says() -> None:
    assert len(sentences(TEXT)) == 3
    dates = german(ends_sentence=lambda word, after: not word.isdigit())
    assert [TEXT[s.start : s.end] for s in sentences(TEXT, dates)] == [TEXT[:30], TEXT[31:]]


def test_a_sentence_is_shown_as_the_language_says() -> None:
    without = german(without_connective=lambda text: text.removeprefix("Allerdings "))
    assert present("Allerdings sank es.", without) == "Sank es."


def test_a_document_keeps_its_language() -> None:
    other = german(is_boilerplate=lambda sentence: "Schiff" in sentence, without_connective=str.upper)
    source = read_source(TEXT, Tokenizer.train([TEXT], 20), other)
    assert source.language is other
    assert [sentence.is_prose for sentence in source.sentences] == [False, True, True]
    assert source.shown(2) == "ALLERDINGS SANK ES."
