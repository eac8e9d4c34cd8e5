"""The tokenizer: words, their ids, and where each is in the text.

One HF `tokenizers` pipeline does everything, so that offsets lead from an id back to the surface text: a normalizer
folds compatibility forms, quotes and dashes and lower-cases; a regular expression cuts words as the Penn Treebank does
(do|n't, john|'s, can|not); a word-level vocabulary numbers them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tokenizers import Regex
from tokenizers import Tokenizer as Backend
from tokenizers.models import WordLevel
from tokenizers.normalizers import NFKC, Lowercase, Normalizer, Replace
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Split

from fastsum.errors import FastsumError

PAD, UNK, BOS, EOS = 0, 1, 2, 3
SPECIAL_TOKENS = ("<pad>", "<unk>", "<bos>", "<eos>")

# The full stop belongs to the word.
_ABBREVIATIONS = (
    "mr|mrs|ms|dr|prof|st|sen|sens|gen|gov|rep|reps|lt|col|capt|cmdr|sgt|cpl|maj|adm|rev|jr|sr|inc|corp|ltd|vs|etc|al"
)

# Tried in this order at each character; anything else that is not white space is a token of its own.
_WORD = "|".join(
    (
        r"(?:\p{L}\.){2,}",  # u.s., a.m.
        rf"(?<![\p{{L}}\p{{N}}])(?:{_ABBREVIATIONS})\.(?!\p{{L}})",
        r"(?<![\p{L}\p{N}])\p{L}\.(?=\s+\p{L}[\p{L}.])",  # an initial: j. smith
        r"(?:[\p{L}\p{N}]+\.)+(?:com|org|net|gov|edu|co\.uk|tv)(?![\p{L}\p{N}])",
        r"\p{N}+(?:[.,:]\p{N}+)+",  # 10,000  3.5  4:30
        r"can(?=not(?!\p{L}))",
        r"\p{L}+(?=n't(?!\p{L}))",
        r"n't(?!\p{L})",
        r"'(?:s|m|d|re|ve|ll)(?![\p{L}\p{N}])",
        r"(?<![\p{L}\p{N}])\p{L}{1,2}'\p{L}{3,}",  # o'neill
        r"[\p{L}\p{M}\p{N}_]+",
        r"\.\.\.",
        r"--",
        r"[^\s]",
    )
)


class Encoding(NamedTuple):
    """One text as words: `ids` (UNK outside the vocabulary), character `offsets` into it, and normalized `words`."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    words: list[str]


def _normalizer() -> Normalizer:
    return Normalizers(
        [
            NFKC(),
            Replace(Regex(r"[‘’‛′`´]"), "'"),
            Replace(Regex(r"''|[“”„‟″«»]"), '"'),
            Replace(Regex(r"(?<=\s)[-‐‑‒–−](?=\s)|[—―]"), "--"),
            Replace(Regex(r"[‐‑‒–−]"), "-"),
            Replace("⁄", "/"),
            Replace(Regex(r"-{3,}"), "--"),
            Replace(Regex(r"\.(?:\s?\.)+"), "..."),
            Replace(Regex(r"[\u00ad\u200b-\u200f\ufe0f\ufeff]"), ""),
            Lowercase(),
        ]
    )


def _backend(vocabulary: dict[str, int]) -> Backend:
    backend = Backend(WordLevel(vocabulary, unk_token=SPECIAL_TOKENS[UNK]))
    backend.normalizer = _normalizer()
    backend.pre_tokenizer = Split(Regex(_WORD), behavior="removed", invert=True)
    return backend


def _words(backend: Backend, text: str) -> list[str]:
    """All normalized words, including out-of-vocabulary ones."""
    pieces = backend.pre_tokenizer.pre_tokenize_str(backend.normalizer.normalize_str(text))
    return [word for word, _ in pieces]


class Tokenizer:
    """A vocabulary: PAD, UNK, BOS, EOS, then words by falling frequency."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._ids: dict[str, int] = backend.get_vocab(with_added_tokens=False)
        self._words = sorted(self._ids, key=self._ids.__getitem__)

    @classmethod
    def train(cls, texts: Iterable[str], vocabulary_size: int) -> Tokenizer:
        """`from_counts` of the words that `count_words` finds in clean `texts`."""
        return cls.from_counts(count_words(texts), vocabulary_size)

    @classmethod
    def from_counts(cls, counts: Counter[str], vocabulary_size: int) -> Tokenizer:
        """The `vocabulary_size` (special tokens included) most frequent words; ties in alphabetical order.

        Raises FastsumError where `vocabulary_size` leaves no room for a word or there is none.
        """
        if vocabulary_size <= len(SPECIAL_TOKENS):
            raise FastsumError(
                f"a vocabulary of {vocabulary_size} words has no room beside {len(SPECIAL_TOKENS)} special tokens; "
                "set a larger vocabulary size"
            )
        ranked = sorted((-count, word) for word, count in counts.items() if word not in SPECIAL_TOKENS)
        if not ranked:
            raise FastsumError("no word to train a tokenizer from: every text is empty; check the training documents")
        words = (*SPECIAL_TOKENS, *(word for _, word in ranked[: vocabulary_size - len(SPECIAL_TOKENS)]))
        return cls(_backend({word: number for number, word in enumerate(words)}))

    @classmethod
    def from_bytes(cls, data: bytes) -> Tokenizer:
        """Reads what `to_bytes` wrote. Raises FastsumError where the data is damaged or another kind of tokenizer's."""
        try:
            backend = Backend.from_str(data.decode("utf-8"))
            tokenizer = cls(backend)
        except Exception as error:  # the library raises bare Exception
            raise FastsumError(f"the tokenizer is damaged ({error}); restore tokenizer.json or train again") from error
        if tuple(tokenizer._words[: len(SPECIAL_TOKENS)]) != SPECIAL_TOKENS or sorted(tokenizer._ids.values()) != list(
            range(len(tokenizer))
        ):
            raise FastsumError("the tokenizer was not written by fastsum; restore tokenizer.json or train again")
        return tokenizer

    def to_bytes(self) -> bytes:
        """The content of tokenizer.json, UTF-8."""
        return self._backend.to_str(pretty=False).encode("utf-8")

    def __len__(self) -> int:
        return len(self._words)

    def encode_batch(self, texts: Sequence[str]) -> list[Encoding]:
        """Every text as words. Offsets count characters of the text as given, even where normalizing changed its
        length; where a run of marks became one (`. . .` -> `...`) they cover one character of the run."""
        encoded = self._backend.encode_batch(texts, add_special_tokens=False)
        return [self._encoding(text, one) for text, one in zip(texts, encoded, strict=True)]

    def _encoding(self, text: str, encoded: Any) -> Encoding:
        ids, offsets, words = encoded.ids, encoded.offsets, encoded.tokens
        for index, number in enumerate(ids):
            if number == UNK:  # the library names every outside word "<unk>"
                surface = text[slice(*offsets[index])]
                if not (surface.isascii() and surface.isalnum()):
                    return Encoding(ids, offsets, _words(self._backend, text))
                words[index] = surface.lower()
        return Encoding(ids, offsets, words)

    def word(self, number: int) -> str:
        """The word of an id below `len(self)`."""
        return self._words[number]

    def id(self, word: str) -> int:
        """The id of a normalized word, UNK if it is out of vocabulary."""
        return self._ids.get(word, UNK)

    def extend(self, encodings: list[Encoding]) -> tuple[list[list[int]], list[str]]:
        """Extended ids of one document's sentences: its k-th out-of-vocabulary word gets the id `len(self) + k`.

        Returns the ids, sentence by sentence, and the out-of-vocabulary words in order of first appearance.
        """
        extra: dict[str, int] = {}
        extended = []
        for encoding in encodings:
            extended.append(
                [
                    number if number != UNK else extra.setdefault(word, len(self) + len(extra))
                    for number, word in zip(encoding.ids, encoding.words, strict=True)
                ]
            )
        return extended, list(extra)


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each normalized word occurs in clean texts."""
    backend = _backend({word: number for number, word in enumerate(SPECIAL_TOKENS)})
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_words(backend, text))
    return counts
