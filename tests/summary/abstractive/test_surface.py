"""The forms and the spaces that written words get from their document."""

from __future__ import annotations

import pytest

from fastsum.summary.abstractive.surface import SurfaceForms, TokenPosition
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

TEXT = """# The Big Freeze

The council met Moira. Ice came, and The Hague froze. Moira left. "Don't pay $1.5m," said 20-year-old Tom (her son).
"""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([TEXT.replace("Moira", "police")], 60)


def number(source: Source, word: str) -> int:
    for encoding, ids in zip(source.encodings, source.ids, strict=True):
        if word in encoding.words:
            return ids[encoding.words.index(word)]
    raise KeyError(word)


def test_words_take_the_form_they_have_in_the_document(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    forms = SurfaceForms(source, tokenizer)
    assert forms.form(number(source, "moira"), (3, 0)) == "Moira"
    assert forms.form(number(source, "the"), (2, 4)) == "The"  # copied from inside a sentence
    assert forms.form(number(source, "freeze"), None) == "Freeze"
    assert forms.form(number(source, "council"), None) == "council"
    assert forms.form(tokenizer.id("police"), None) == "police"
    lone = read_source("The end. Ellis.", tokenizer)
    assert SurfaceForms(lone, tokenizer).form(lone.ids[0][0], (0, 0)) == "the"
    assert SurfaceForms(lone, tokenizer).form(lone.ids[1][0], (1, 0)) == "Ellis"


def written(source: Source, tokenizer: Tokenizer, places: list[TokenPosition | None], words: str = "") -> str:
    """The text of the words at some places, and of `words` where there is none."""
    given = iter(words.split())
    ids = [tokenizer.id(next(given)) if place is None else source.ids[place[0]][place[1]] for place in places]
    return SurfaceForms(source, tokenizer).text(ids, places)


def test_copied_words_stand_together_as_they_do_in_the_document(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    assert source.encodings[4].words[:8] == ['"', "do", "n't", "pay", "$", "1.5", "m", ","]
    quote: list[TokenPosition | None] = [(4, token) for token in range(len(source.ids[4]))]
    assert written(source, tokenizer, quote) == '"Don\'t pay $1.5m," said 20-year-old Tom (her son).'
    assert written(source, tokenizer, quote[1:7]) == "Don't pay $1.5m."
    assert written(source, tokenizer, [*quote[10:15], *quote[1:4]]) == "20-year-old don't pay."


def test_written_words_are_shown_as_a_sentence(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    assert written(source, tokenizer, [None, (2, 5), (2, 6), None], "the ,") == "The Hague froze."
    assert written(source, tokenizer, []) == ""
