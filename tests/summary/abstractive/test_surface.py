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


def test_words_take_the_form_they_have_in_the_document(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    forms = SurfaceForms(source)
    assert forms.form((3, 0)) == "Moira"
    assert forms.form((2, 4)) == "The"  # copied from inside a sentence
    lone = SurfaceForms(read_source("The end. Ellis.", tokenizer))
    assert lone.form((0, 0)) == "the"
    assert lone.form((1, 0)) == "Ellis"


def written(source: Source, places: list[TokenPosition]) -> str:
    """The text of the words at some places."""
    return SurfaceForms(source).text(places)


def test_copied_words_stand_together_as_they_do_in_the_document(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    assert source.encodings[4].words[:8] == ['"', "do", "n't", "pay", "$", "1.5", "m", ","]
    quote = [(4, token) for token in range(len(source.ids[4]))]
    assert written(source, quote) == '"Don\'t pay $1.5m," said 20-year-old Tom (her son).'
    assert written(source, quote[1:7]) == "Don't pay $1.5m."
    assert written(source, [*quote[10:15], *quote[1:4]]) == "20-year-old don't pay."


def test_copied_words_are_shown_as_a_sentence(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    assert written(source, [(2, 4), (2, 5), (2, 6)]) == "The Hague froze."
    assert written(source, []) == ""
