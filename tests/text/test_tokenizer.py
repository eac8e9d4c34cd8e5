"""Words, ids and offsets."""

from __future__ import annotations

import difflib
import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer as Backend

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


def encoded(tokenizer: Tokenizer, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """The ids and offsets of the library itself."""
    encoding = Backend.from_str(tokenizer.to_bytes().decode()).encode(text, add_special_tokens=False)
    return encoding.ids, encoding.offsets


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(("the cat ", "can't", "see ", "➀", "ก็", "“", "’s ", "Ĉ", "\u0302", "...", " - ", "\x1c")),
        max_size=8,
    )
)
def test_ids_and_offsets_are_those_of_the_library_for_any_text(tokenizer: Tokenizer, parts: list[str]) -> None:
    encoding = tokenizer.encode("".join(parts))
    assert (encoding.ids, encoding.offsets) == encoded(tokenizer, "".join(parts))
    assert [tokenizer.id(word) for word in encoding.words] == encoding.ids


def test_a_letter_with_a_mark_is_another_word_than_the_letter() -> None:
    tokenizer = Tokenizer.train(["c c d"], 10)
    assert words(tokenizer, "C\u0302 C Ĉ x\u0304") == ["ĉ", "c", "ĉ", "x\u0304"]


def test_round_trip(tokenizer: Tokenizer) -> None:
    again = Tokenizer.from_bytes(tokenizer.to_bytes())
    assert len(again) == len(tokenizer)
    assert again.encode_batch(["The zebra can't"]) == tokenizer.encode_batch(["The zebra can't"])
    assert again.to_bytes() == tokenizer.to_bytes()


def test_the_file_is_as_the_library_writes_it() -> None:
    data = Tokenizer.train(['The "cat" \\ can\'t – é 𝑥 \x01 \x7f \u2028'], 100).to_bytes()
    assert Backend.from_str(data.decode()).to_str(pretty=False).encode() == data


def test_words_are_cut_as_the_file_says(tokenizer: Tokenizer) -> None:
    """Another version of fastsum may have cut them otherwise, and its models have learned that."""
    content = json.loads(tokenizer.to_bytes())
    content["pre_tokenizer"]["pattern"]["Regex"] = r"\S+"
    data = json.dumps(content).encode()
    other = Tokenizer.from_bytes(data)
    assert words(other, "The cat. can't") == ["the", "cat.", "can't"]
    assert other.read(["The cat. can't"]).ids.tolist() == [tokenizer.id("the"), len(tokenizer), len(tokenizer) + 1]
    assert words(Tokenizer.from_bytes(other.to_bytes()), "The cat.") == ["the", "cat."]


@pytest.mark.parametrize("new", ["\u0558", "\u088f", "\U00031350"])  # letters in the tables of some years
def test_a_character_that_the_library_may_not_know_is_located(tokenizer: Tokenizer, new: str) -> None:
    text = f"the  a{new}b saw a {new}{new}, the cat."
    encoding = tokenizer.encode(text)
    surface = [text[start:end] for start, end in encoding.offsets]
    assert len(surface) == len(encoding.words)
    assert surface[-4:] == [",", "the", "cat", "."]
    assert [word for word in surface if new not in word] == [word for word in encoding.words if new not in word]


def test_an_abbreviation_that_the_library_may_not_take_apart_is_located(tokenizer: Tokenizer) -> None:
    text = "\u32ff and \u32ff\u0558"  # two characters in the tables since 2019
    encoding = tokenizer.encode(text)
    assert len(encoding.offsets) == len(encoding.words)
    assert all(0 <= start <= end <= len(text) for start, end in encoding.offsets)


def test_most_texts_need_no_library() -> None:
    script = (
        "import sys; from fastsum.text.tokenizer import Tokenizer; from fastsum.text.source import read_source\n"
        "tokenizer = Tokenizer.from_bytes(Tokenizer.train(['the cat'], 10).to_bytes())\n"
        "source = read_source('The “cat” — it’s 5 µm … – wasn’t.', tokenizer)\n"
        "assert source.encodings[0].words[2] == 'cat' and 'tokenizers' not in sys.modules\n"
        "assert source.surface(0, 2) == 'cat' and 'tokenizers' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"{}", b"[1]"])
def test_damaged_data_is_refused(data: bytes) -> None:
    with pytest.raises(FastsumError, match=r"tokenizer\.json"):
        Tokenizer.from_bytes(data)


def test_cut_data_is_refused(tokenizer: Tokenizer) -> None:
    with pytest.raises(FastsumError):
        Tokenizer.from_bytes(tokenizer.to_bytes()[:-20])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'":1,', b'":true,', "damaged"),
        (b'":5,', b'":5.0,', "damaged"),
        (b'":5,', b'":NaN,', "damaged"),
        (b'":5,', b'":"5",', "damaged"),
        (b'"n\'t"', b'"\\ud800"', "damaged"),
        (b'"n\'t"', b'"\xff"', "damaged"),
        (b'{"<pad>"', b"[" * 10_000 + b'{"<pad>"', "damaged"),
        (b'":5,', b'":6,', "not written by fastsum"),
        (b'"<bos>":2,"<eos>":3', b'"<eos>":2,"<bos>":3', "not written by fastsum"),
    ],
)
def test_what_a_vocabulary_cannot_have_is_refused(old: bytes, new: bytes, message: str, tokenizer: Tokenizer) -> None:
    data = tokenizer.to_bytes()
    assert data.count(old) == 1
    with pytest.raises(FastsumError, match=message):
        Tokenizer.from_bytes(data.replace(old, new))


def test_a_foreign_tokenizer_is_refused() -> None:
    from tokenizers.models import WordLevel

    with pytest.raises(FastsumError, match="not written by fastsum"):
        Tokenizer.from_bytes(Backend(WordLevel({"a": 0}, unk_token="a")).to_str().encode())


def test_outside_words_are_numbered_per_document(tokenizer: Tokenizer) -> None:
    encodings = tokenizer.encode_batch(["The Zebra saw a yak.", "The yak saw the ZEBRA"])
    size = len(tokenizer)
    the = tokenizer.id("the")
    assert tokenizer.extend(encodings) == [
        [the, size, size + 1, size + 2, size + 3, tokenizer.id(".")],
        [the, size + 3, size + 1, the, size],
    ]
    assert tokenizer.extend(encodings[1:], ["saw", "zebra"]) == [[the, size + 2, size, the, size + 1]]


@pytest.mark.parametrize("count", [0, 1, 2_500])
def test_a_document_is_read_as_its_texts_are_extended(count: int, tokenizer: Tokenizer) -> None:
    texts = [f"The Zebra saw {number % 7} yaks." if number % 3 else "\u00ad" for number in range(count)]
    ids = tokenizer.extend(tokenizer.encode_batch(texts))
    found = tokenizer.read(iter(texts))
    assert found.ids.tolist() == [number for row in ids for number in row]
    assert found.lengths == [len(row) for row in ids]
    size = len(tokenizer)
    words = [number for number in found.ids.tolist() if number >= size]
    written = [word for text in texts for word in tokenizer.split(text) if tokenizer.id(word) == UNK]
    assert [found.outside[number - size] for number in words] == written
    assert len(set(found.outside)) == len(found.outside)


def test_nothing_to_train_from() -> None:
    with pytest.raises(FastsumError, match="empty"):
        Tokenizer.train([], 100)
    with pytest.raises(FastsumError, match="vocabulary"):
        Tokenizer.train(TEXTS, 4)
