"""A document as the model reads it: sentences, word ids, and the way back to the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from fastsum.text.cleaning import clean
from fastsum.text.english import rules as english
from fastsum.text.language import Language
from fastsum.text.presentation import present
from fastsum.text.sentences import Sentence, sentences
from fastsum.text.tokenizer import UNK, Encoding, Tokenizer


@dataclass(frozen=True, eq=False)
class Source:
    """One tokenized document."""

    text: str
    """The cleaned text; every offset below counts its characters."""
    sentences: list[Sentence]
    """All sentences, including headings."""
    encodings: list[Encoding]
    """Each sentence's words, with offsets from the sentence's start."""
    ids: list[list[int]]
    """Extended word ids of each sentence, never empty."""
    language: Language = english
    _shown: dict[int, str] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def lengths(self) -> list[int]:
        """Tokens in each sentence."""
        return [len(ids) for ids in self.ids]

    def surface(self, sentence: int, token: int) -> str:
        """The text of a token as the document has it."""
        start, end = self.encodings[sentence].offsets[token]
        base = self.sentences[sentence].start
        return self.text[base + start : base + end]

    def shown(self, sentence: int) -> str:
        """A sentence as a reader sees it; never empty."""
        if sentence not in self._shown:  # selection asks for the same sentence more than once
            start, end, _ = self.sentences[sentence]
            self._shown[sentence] = present(self.text[start:end], self.language) or " ".join(
                self.text[start:end].split()
            )
        return self._shown[sentence]


def read_source(text: str, tokenizer: Tokenizer, language: Language = english) -> Source:
    """Clean, split and tokenize a document; a text without a sentence gives an empty Source."""
    text = clean(text)
    found = sentences(text, language)
    encodings = tokenizer.encode_batch([text[s.start : s.end] for s in found])
    ids, _ = tokenizer.extend(encodings)
    # A sentence of which the tokenizer keeps nothing (a lone accent, say) is one unknown word.
    return Source(text, found, encodings, [row or [UNK] for row in ids], language)


def reference_sentences(summary: str, language: Language = english) -> list[str]:
    """The sentences of a reference summary, cleaned: lines are boundaries, and so are the ends of sentences in them."""
    parts = [line[s.start : s.end] for line in clean(summary).splitlines() for s in sentences(line, language)]
    return [part for part in parts if any(map(str.isalnum, part))]
