"""Words, ids and offsets."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastsum.data.treebank import natural
from fastsum.errors import FastsumError
from fastsum.text.tokenizer import BOS, EOS, PAD, SPECIAL_TOKENS, UNK, Tokenizer

TEXTS = ["The cat can't see the dog.", "The dog said, \"I don't see John's cat.\""]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train(TEXTS, 100)


def words(tokenizer: Tokenizer, text: str) -> list[str]:
    return tokenizer.encode_batch([text])[0].words


def test_ids_follow_frequency_then_the_alphabet() -> None:
    tokenizer = Tokenizer.train(["b b c a", "c"], 6)
    assert [tokenizer.word(number) for number in range(len(tokenizer))] == [*SPECIAL_TOKENS, "b", "c"]
    assert (PAD, UNK, BOS, EOS) == (0, 1, 2, 3)
    assert tokenizer.id("b") == 4
    assert tokenizer.id("a") == UNK
    assert tokenizer.to_bytes() == Tokenizer.train(["c c b a", "b"], 6).to_bytes()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I won't, can't or cannot", "i wo n't , ca n't or can not"),
        ("John’s “U.S.-led” trip — they’re off…", "john 's \" u.s. - led \" trip -- they 're off ..."),
        ("$10,000, 3.5% at 4:30pm", "$ 10,000 , 3.5 % at 4:30 pm"),
        ("Mr. O'Neill of cnn.com, J. Smith", "mr. o'neill of cnn.com , j. smith"),
        ("1990s ﬁve ½ year-old", "1990s five 1 / 2 year - old"),
        ("the sisters' . . . x - y", "the sisters ' ... x -- y"),
        ("end.The", "end . the"),
        ("", ""),
    ],
)
def test_words(tokenizer: Tokenizer, text: str, expected: str) -> None:
    assert words(tokenizer, text) == expected.split()


def test_offsets_lead_to_the_surface(tokenizer: Tokenizer) -> None:
    text = "İİ ﬁne 😀 DON'T naïve\u00adly — “Café” e\u0301a"
    encoding = tokenizer.encode_batch([text])[0]
    surface = [text[start:end] for start, end in encoding.offsets]
    assert surface[:5] == ["İİ", "ﬁne", "😀", "DO", "N'T"]
    assert "Café" in surface
    assert len(encoding.ids) == len(encoding.offsets) == len(encoding.words)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_offsets_are_ordered_and_inside(tokenizer: Tokenizer, text: str) -> None:
    encoding = tokenizer.encode_batch([text])[0]
    assert all(0 <= start <= end <= len(text) for start, end in encoding.offsets)
    starts = [start for start, _ in encoding.offsets]
    assert starts == sorted(starts)


def test_both_forms_are_read_alike() -> None:
    plain = (
        '(CNN)It didn\'t end well at the sisters\' house. "We stand together," she said at 2 a.m. on Thursday -- "all '
        "of us!\" The $10,000 (10%) fund of the U.S.-led group wasn't John's. They're gonna say 'no' to Mr. Smith."
    )
    tokenised = (
        "-lrb- cnn -rrb- it did n't end well at the sisters ' house . `` we stand together , '' she said at 2 a.m. on "
        "thursday -- `` all of us ! '' the $ 10,000 -lrb- 10 % -rrb- fund of the u.s.-led group was n't john 's . "
        "they 're gon na say ` no ' to mr. smith ."
    )
    tokenizer = Tokenizer.train([plain], 1000)
    left, right = (encoding.words for encoding in tokenizer.encode_batch([plain, natural(tokenised)]))
    matched = sum(block.size for block in difflib.SequenceMatcher(None, left, right, False).get_matching_blocks())
    assert matched / max(len(left), len(right)) >= 0.99


def test_round_trip(tokenizer: Tokenizer) -> None:
    again = Tokenizer.from_bytes(tokenizer.to_bytes())
    assert len(again) == len(tokenizer)
    assert again.encode_batch(["The zebra can't"]) == tokenizer.encode_batch(["The zebra can't"])


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"{}", b"[1]"])
def test_damaged_data_is_refused(data: bytes) -> None:
    with pytest.raises(FastsumError, match=r"tokenizer\.json"):
        Tokenizer.from_bytes(data)


def test_cut_data_is_refused(tokenizer: Tokenizer) -> None:
    with pytest.raises(FastsumError):
        Tokenizer.from_bytes(tokenizer.to_bytes()[:-20])


def test_a_foreign_tokenizer_is_refused() -> None:
    from tokenizers import Tokenizer as Backend
    from tokenizers.models import WordLevel

    with pytest.raises(FastsumError, match="not written by fastsum"):
        Tokenizer.from_bytes(Backend(WordLevel({"a": 0}, unk_token="a")).to_str().encode())


def test_outside_words_are_numbered_per_document(tokenizer: Tokenizer) -> None:
    encodings = tokenizer.encode_batch(["The Zebra saw a yak.", "The yak saw the ZEBRA"])
    ids, outside = tokenizer.extend(encodings)
    size = len(tokenizer)
    assert outside == ["zebra", "saw", "a", "yak"]
    assert ids[1] == [tokenizer.id("the"), size + 3, size + 1, tokenizer.id("the"), size]


def test_nothing_to_train_from() -> None:
    with pytest.raises(FastsumError, match="empty"):
        Tokenizer.train([], 100)
    with pytest.raises(FastsumError, match="vocabulary"):
        Tokenizer.train(TEXTS, 4)
