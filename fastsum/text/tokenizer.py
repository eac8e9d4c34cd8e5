"""The tokenizer: words, their ids, and where each is in the text.

tokenizer.json is a file of the library `tokenizers`: a normalizer folds compatibility forms, quotes and dashes and
lower-cases; a regular expression cuts words; a word-level vocabulary numbers them. `words` does the same, so that the
library is imported only for the tokenizers of others and for offsets, which lead from an id back to the surface text.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from fastsum.errors import FastsumError, require
from fastsum.text.words import NORMALIZER, PRE_TOKENIZER, split_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PAD, UNK, BOS, EOS = 0, 1, 2, 3
SPECIAL_TOKENS = ("<pad>", "<unk>", "<bos>", "<eos>")

_BLOCK = 1_000  # texts whose words are in memory at once


def _dump(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))  # as the library writes it


# tokenizer.json before and after its vocabulary.
_BEFORE, _AFTER = (
    part.encode()
    for part in _dump(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [],
            "normalizer": NORMALIZER,
            "pre_tokenizer": PRE_TOKENIZER,
            "post_processor": None,
            "decoder": None,
            "model": {"type": "WordLevel", "vocab": {}, "unk_token": SPECIAL_TOKENS[UNK]},
        }
    ).split("{}")
)


class DocumentWords(NamedTuple):
    """The words of one document's texts."""

    ids: NDArray[np.int64]
    """Extended ids: the k-th out-of-vocabulary word of the document has the vocabulary's size + k; (N,)."""
    lengths: list[int]
    """Words of each text; they add up to N."""
    outside: list[str]
    """The out-of-vocabulary words in order of first appearance."""


@dataclass(frozen=True)
class Encoding:
    """One text as words."""

    ids: list[int]
    """UNK outside the vocabulary."""
    words: list[str]
    """Normalized words."""
    _locate: Callable[[], list[tuple[int, int]]] = field(compare=False, repr=False)

    @cached_property
    def offsets(self) -> list[tuple[int, int]]:
        """Where each word is: characters of the text as given, even where normalizing changed its length; where a run
        of marks became one (`. . .` -> `...`) they cover one character of the run."""
        return self._locate()


def _library(content: str) -> Any:
    require("tokenizers", "rewritten summaries, and models with a tokenizer that fastsum did not write,")
    from tokenizers import Tokenizer as Backend

    return Backend.from_str(content)


def _split(backend: Any, text: str) -> list[str]:
    """The normalized words of a text by the library."""
    pieces = backend.pre_tokenizer.pre_tokenize_str(backend.normalizer.normalize_str(text))
    return [word for word, _ in pieces]


class Tokenizer:
    """A vocabulary: PAD, UNK, BOS, EOS, then words by falling frequency.

    Args:
        vocabulary: the ids from 0 by word, in their order.
        foreign: the library's tokenizer if its words are not those of `words`: written by another version.
    """

    def __init__(self, vocabulary: dict[str, int], foreign: Any = None) -> None:
        self._ids = vocabulary
        self._words = list(vocabulary)
        self._foreign = foreign

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
        return cls({word: number for number, word in enumerate(words)})

    @classmethod
    def from_bytes(cls, data: bytes) -> Tokenizer:
        """Reads what `to_bytes` wrote. Raises FastsumError where the data is damaged or another kind of tokenizer's."""
        vocabulary = _vocabulary(data)
        if vocabulary is not None:
            return cls(vocabulary)
        try:
            backend = _library(data.decode("utf-8"))
            ids: dict[str, int] = backend.get_vocab(with_added_tokens=False)
        except FastsumError:
            raise
        except Exception as error:  # the library raises bare Exception
            raise FastsumError(f"the tokenizer is damaged ({error}); restore tokenizer.json or train again") from error
        vocabulary = dict(sorted(ids.items(), key=lambda item: item[1]))
        if not _is_numbered(vocabulary):
            raise FastsumError("the tokenizer was not written by fastsum; restore tokenizer.json or train again")
        return cls(vocabulary, backend)

    def to_bytes(self) -> bytes:
        """The content of tokenizer.json, UTF-8."""
        if self._foreign is not None:
            return str(self._foreign.to_str(pretty=False)).encode("utf-8")
        return _BEFORE + _dump(self._ids).encode("utf-8") + _AFTER

    def __len__(self) -> int:
        return len(self._words)

    @cached_property
    def _backend(self) -> Any:
        return _library(self.to_bytes().decode("utf-8")) if self._foreign is None else self._foreign

    def split(self, text: str) -> list[str]:
        """The normalized words of a text, including out-of-vocabulary ones."""
        return split_words(text) if self._foreign is None else _split(self._foreign, text)

    def encode(self, text: str) -> Encoding:
        """A text as words."""
        words = self.split(text)
        return Encoding([self.id(word) for word in words], words, partial(self._offsets, text, words))

    def encode_batch(self, texts: Iterable[str]) -> list[Encoding]:
        """Every text as words."""
        return [self.encode(text) for text in texts]

    def read(self, texts: Iterable[str]) -> DocumentWords:
        """The texts of one document, in order."""
        import numpy as np

        outside = self._outside()
        lengths: list[int] = []
        blocks = [np.empty(0, dtype=np.int64)]
        remaining = iter(texts)
        while rows := [self.split(text) for text in itertools.islice(remaining, _BLOCK)]:
            lengths += map(len, rows)
            words = itertools.chain.from_iterable(rows)
            blocks.append(np.array(self._extended(words, outside), dtype=np.int64))
        return DocumentWords(np.concatenate(blocks), lengths, list(outside))

    def extend(self, encodings: Iterable[Encoding], outside: Iterable[str] = ()) -> list[list[int]]:
        """Extended ids of more texts of a document whose out-of-vocabulary words so far are `outside`."""
        numbers = self._outside()
        for word in outside:
            numbers[word]  # given in this order
        return [self._extended(encoding.words, numbers) for encoding in encodings]

    def word(self, number: int) -> str:
        """The word of an id below `len(self)`."""
        return self._words[number]

    def id(self, word: str) -> int:
        """The id of a normalized word, UNK if it is out of vocabulary."""
        return self._ids.get(word, UNK)

    def _outside(self) -> defaultdict[str, int]:
        """The extended ids of a document's out-of-vocabulary words, each given when the word is first asked for."""
        return defaultdict(itertools.count(len(self)).__next__)

    def _extended(self, words: Iterable[str], outside: defaultdict[str, int]) -> list[int]:
        known = self._ids.get
        return [known(word) or outside[word] for word in words]  # no word has the id 0

    def _offsets(self, text: str, words: list[str]) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = self._backend.encode(text, add_special_tokens=False).offsets
        if len(found) == len(words):
            return found
        # It has a character that the library's tables are too old for. A word is where the library has its first and
        # last characters, whose number can differ too.
        places = [place for place, piece in zip(found, _split(self._backend, text), strict=True) for _ in piece]
        last = len(places) - 1
        ends = list(itertools.accumulate(map(len, words)))
        starts = [end - len(word) for end, word in zip(ends, words, strict=True)]
        return [(places[min(a, last)][0], places[min(b - 1, last)][1]) for a, b in zip(starts, ends, strict=True)]


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each normalized word occurs in clean texts."""
    tokenizer = Tokenizer({word: number for number, word in enumerate(SPECIAL_TOKENS)})
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(tokenizer.split(text))
    return counts


def _vocabulary(data: bytes) -> dict[str, int] | None:
    """The vocabulary of a tokenizer.json as `to_bytes` writes it; None for any other file, which the library reads."""
    if not (data.startswith(_BEFORE) and data.endswith(_AFTER) and b"\\u" not in data[len(_BEFORE) :]):
        return None
    try:
        vocabulary = json.loads(data[len(_BEFORE) : -len(_AFTER)])
    except (ValueError, RecursionError):
        return None
    plain = isinstance(vocabulary, dict) and set(map(type, vocabulary.values())) == {int}  # True is 1, and no id
    return vocabulary if plain and _is_numbered(vocabulary) else None


def _is_numbered(vocabulary: dict[str, int]) -> bool:
    """Whether ids count from 0 and the special tokens have the first."""
    first = tuple(itertools.islice(vocabulary, len(SPECIAL_TOKENS)))
    return first == SPECIAL_TOKENS and list(vocabulary.values()) == list(range(len(vocabulary)))
