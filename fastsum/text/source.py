"""A document as the model reads it: sentences, word ids, and the way back to the text."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, overload

from fastsum.text.cleaning import clean
from fastsum.text.english import rules as english
from fastsum.text.language import Language
from fastsum.text.presentation import Manner, manner, present
from fastsum.text.quotations import Quotations
from fastsum.text.sentences import Sentence, sentences
from fastsum.text.tokenizer import UNK, Encoding, Tokenizer
from fastsum.text.turns import NO_TURNS, Turn, Turns, sentences_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")


class _Made(Sequence[T]):
    """`count` items, each made when it is asked for: lists of numbers and words take ten times their text."""

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._every = range(count)
        self._make = make

    def __len__(self) -> int:
        return len(self._every)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self._make(number) for number in self._every[index]]
        return self._make(self._every[index])


@dataclass(frozen=True, eq=False)
class Source:
    """One tokenized document."""

    text: str
    """The cleaned text; every offset below counts its characters."""
    sentences: list[Sentence]
    """All sentences, including headings."""
    tokens: NDArray[np.int64]
    """Extended word ids of all sentences, (N,)."""
    lengths: list[int]
    """Tokens in each sentence, at least one; they add up to N."""
    outside: list[str]
    """The out-of-vocabulary words, in the order of their ids."""
    tokenizer: Tokenizer
    language: Language = english
    turns: Turns = NO_TURNS
    readable: str | None = None
    """Where there are turns, the text at its length with white space in place of labels; sentences are read in it."""
    _shown: dict[int, str] = field(default_factory=dict, init=False, repr=False)
    _encodings: dict[int, Encoding] = field(default_factory=dict, init=False, repr=False)

    @property
    def ids(self) -> Sequence[list[int]]:
        """Extended word ids of each sentence, never empty."""
        starts = self._starts
        return _Made(len(self.lengths), lambda number: self.tokens[starts[number] : starts[number + 1]].tolist())

    @property
    def encodings(self) -> Sequence[Encoding]:
        """Each sentence's words, with offsets from the sentence's start."""
        return _Made(len(self.sentences), self._encoding)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each sentence's tokens begin, and where the last's end."""
        return list(itertools.accumulate(self.lengths, initial=0))

    def words(self, ids: Iterable[int]) -> list[str]:
        """The words of extended ids."""
        size, known, outside = len(self.tokenizer), self.tokenizer.word, self.outside
        return [known(number) if number < size else outside[number - size] for number in ids]

    def surface(self, sentence: int, token: int) -> str:
        """The text of a token as the document has it."""
        start, end = self.encodings[sentence].offsets[token]
        base = self.sentences[sentence].start
        return self.text[base + start : base + end]

    def turn(self, sentence: int) -> Turn | None:
        """The turn of a conversation that has a sentence."""
        return self.turns.at(self.sentences[sentence].start) if self.turns else None

    def is_apart(self, sentence: int) -> bool:
        """Whether a sentence is nobody's words, but a header of mail, a quotation of it, or an event of a chat."""
        return self.turns.hides(self.sentences[sentence].start)

    def label(self, sentence: int) -> str:
        """What stands before a sentence where it is shown: "Ben: ", or "" where nobody is named."""
        return self.turns.label(self.sentences[sentence].start) if self.turns else ""

    def written(self, sentence: int) -> str:
        """A sentence as it is read: as the document has it, without labels and times within it."""
        start, end, _ = self.sentences[sentence]
        return (self.readable or self.text)[start:end]

    def shown(self, sentence: int) -> str:
        """A sentence as a reader sees it, without its label; never empty."""
        if sentence not in self._shown:  # selection asks for the same sentence more than once
            start, end, _ = self.sentences[sentence]
            text = self.written(sentence)
            around = self._quotations.around(start, end)
            spoken = self.label(sentence) != ""
            shown = present(text, self.language, self.manner, around, talk=bool(self.turns), spoken=spoken)
            self._shown[sentence] = shown or " ".join(text.split())
        return self._shown[sentence]

    def is_said(self, sentence: int) -> bool:
        """Whether all of a sentence is somebody's words, and nothing says whose: it stands in a quotation, in a text
        that is more than quotations."""
        start, end, _ = self.sentences[sentence]
        return not self._quotations.are_most and self._quotations.hold(start, end) and not self.label(sentence)

    @cached_property
    def manner(self) -> Manner:
        """How its sentences are to be shown."""
        return manner(self.readable or self.text, self.language)

    @cached_property
    def _quotations(self) -> Quotations:
        return Quotations(self.readable or self.text)

    def _encoding(self, sentence: int) -> Encoding:
        if sentence not in self._encodings:  # its offsets are found but once
            self._encodings[sentence] = self.tokenizer.encode(self.written(sentence))
        return self._encodings[sentence]


def read_source(text: str, tokenizer: Tokenizer, language: Language = english) -> Source:
    """Clean, split and tokenize a document; a text without a sentence gives an empty Source."""
    text = clean(text)
    found, turns, readable = sentences_of(text, language)
    tokens, lengths, outside = tokenizer.read(readable[s.start : s.end] for s in found)
    if 0 in lengths:  # a sentence of which the tokenizer keeps nothing (a lone accent, say) is one unknown word
        import numpy as np

        ends = np.cumsum(lengths)
        tokens = np.insert(tokens, ends[np.equal(lengths, 0)], UNK)
        lengths = [length or 1 for length in lengths]
    return Source(text, found, tokens, lengths, outside, tokenizer, language, turns, readable if turns else None)


def reference_sentences(summary: str, language: Language = english) -> list[str]:
    """The sentences of a reference summary, cleaned: lines are boundaries, and so are the ends of sentences in them."""
    parts = [line[s.start : s.end] for line in clean(summary).splitlines() for s in sentences(line, language)]
    return [part for part in parts if any(map(str.isalnum, part))]
