"""A document as the model reads it."""

from __future__ import annotations

import numpy as np
import pytest

from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import UNK, Tokenizer

TEXT = "The Zebra can't see.\n\n\u00ad\n\nA zebra saw the “Yak”."
TOKENIZER = Tokenizer.train(["the cat can't see ."], 60)


@pytest.fixture(scope="module")
def source() -> Source:
    return read_source(TEXT, TOKENIZER)


def test_tokens_are_the_sentences_one_after_the_other(source: Source) -> None:
    assert source.tokens.dtype == np.int64
    assert source.lengths == [len(row) for row in source.ids] == [6, 1, 8]
    assert source.tokens.tolist() == [number for row in source.ids for number in row]
    assert source.ids[-1] == source.ids[2] == source.tokens[7:].tolist()
    assert list(source.ids[1:]) == [source.ids[1], source.ids[2]]
    with pytest.raises(IndexError):
        source.ids[3]


def test_a_sentence_of_which_nothing_is_kept_is_one_unknown_word(source: Source) -> None:
    assert source.ids[1] == [UNK]
    assert source.encodings[1].words == source.encodings[1].offsets == []


def test_ids_lead_to_words_and_to_the_text(source: Source) -> None:
    assert source.outside == ["zebra", "a", "saw", '"', "yak"]
    for sentence in (0, 2):
        encoding = source.encodings[sentence]
        assert source.words(source.ids[sentence]) == encoding.words
        assert [number if number < len(TOKENIZER) else UNK for number in source.ids[sentence]] == encoding.ids
    assert [source.surface(2, token) for token in range(8)] == ["A", "zebra", "saw", "the", "“", "Yak", "”", "."]


def test_a_text_without_a_sentence_has_no_token() -> None:
    empty = read_source(" \n", TOKENIZER)
    assert (len(empty.ids), len(empty.encodings), empty.tokens.tolist(), empty.lengths) == (0, 0, [], [])
