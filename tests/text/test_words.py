"""Words by Python are those of the library, which tokenizer.json describes them to."""

from __future__ import annotations

import json
import unicodedata
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer as Backend

from fastsum.text.tokenizer import Tokenizer
from fastsum.text.words import _UNCOVERED, NORMALIZER, PRE_TOKENIZER, split_words

# Each provokes an alternative of the pattern or a replacement, or stands in the way of one.
FRAGMENTS = (
    "a b J é Σ İ ß ª µ ² ½ ﬁ ĉ c\u0302 x\u0304 \u0301 α Ж 𝑥 😀 1 23 _ . .. ... … ․ , : ; ( ) / % $ ' '' ’ ´ ` `` \" “ "
    "” « - -- --- – — ‐ − ⁄ \u00ad \u200b \u200d \ufeff � can not cannot cannot1 n't don't N'T 's 'll 've ’s o'neill "
    "d'artagnan U.S. u.s.. a.m. e.g. Mr. mr prof. etc. etc al. vs.x J. cnn.com co.uk bbc.co.uk com org tv 10,000 3.5 "
    "4:30 10,000,000. 2a a2 a_b http://x.org"
)
SPACES = (" ", "  ", "\n", "\t", " \n ", "\r", "\x0b", "\u2003", "\u2028", "\u3000")
TEXTS = st.lists(st.sampled_from((*FRAGMENTS.split(), *SPACES, *(" ",) * 40)), max_size=14).map("".join)
OTHERS = tuple("➀\u20d7ก中ↀ\x1c\u00a0\x85\u1680文ん에אעحَदि")
AROUND = (
    "{}", "a{}b", "1{}2", "x {} y", "a.{}. x", "{}'nnn", "n{}'t", "x . {}. y", "{}{}", "e{}\u0301e", "{}\u0327\u0301",
    "- {} -", "-{}-", "'{}'", "can{}not", "cannot{}", "etc.{}", "{}etc. x", "k.{}", "k. {}o x", "{}.com{}", "1.{}5",
    "x {}- y", "Σ{}",
)  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Any:
    return Backend.from_str(Tokenizer.train(["a"], 10).to_bytes().decode())


def by_library(library: Any, text: str) -> list[str]:
    return [word for word, _ in library.pre_tokenizer.pre_tokenize_str(library.normalizer.normalize_str(text))]


@settings(deadline=None, max_examples=1000)
@example("a.. b. .c '''s x''t --- - -")
@example("e.g.. cannot. can't cannot cannot, 1.2.3,4 o'neill's n'ts")
@given(TEXTS)
def test_any_text_has_the_words_of_the_library(library: Any, text: str) -> None:
    assert split_words(text) == by_library(library, text)


@settings(deadline=None, max_examples=500)
@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40))
def test_any_text_of_ascii_has_the_words_of_the_library(library: Any, text: str) -> None:
    assert split_words(text) == by_library(library, text)


def test_every_character_that_is_not_left_to_the_library_is_read_as_it_reads_it(library: Any) -> None:
    covered = [chr(code) for code in range(0x110000) if not _UNCOVERED.match(chr(code))]
    assert len(covered) > 6_000
    for around in AROUND:
        texts = [around.replace("{}", character) for character in covered]
        different = [text for text in texts if split_words(text) != by_library(library, text)]
        assert not different, (
            around,
            unicodedata.unidata_version,
            [text.encode("unicode_escape") for text in different],
        )


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from((*FRAGMENTS.split(), *SPACES, *OTHERS)), max_size=14).map("".join))
def test_text_in_other_scripts_has_the_words_of_the_library(library: Any, text: str) -> None:
    assert split_words(text) == by_library(library, text)


@pytest.mark.parametrize("around", AROUND)
def test_so_has_every_character_that_is_old_enough(library: Any, around: str) -> None:
    """Those of Unicode 3.2, which all tables have, but for ideographs and Hangul, which are all alike."""
    codes = (*range(0x3400), *range(0xF900, 0x20000))
    old = [chr(code) for code in codes if unicodedata.ucd_3_2_0.category(chr(code)) not in ("Cn", "Co", "Cs")]
    others = [character for character in old if _UNCOVERED.match(character)]
    assert len(others) > 4_000
    text = "\n".join(around.replace("{}", character) for character in others)
    assert split_words(text) == by_library(library, text)


def test_white_space_at_the_end_takes_no_time() -> None:
    assert split_words("a" + " " * 100_000) == ["a"]  # hours, were each tried with all after it


def test_the_definitions_are_those_of_trained_checkpoints() -> None:
    """Another definition would make other ids of a text."""
    for name in ("general", "paper"):
        content = json.loads(files("fastsum").joinpath("checkpoints", name, "tokenizer.json").read_bytes())
        assert (content["normalizer"], content["pre_tokenizer"]) == (NORMALIZER, PRE_TOKENIZER)
