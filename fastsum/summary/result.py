"""What summarizing returns: a summary, its sentences, and where in the document each comes from."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from fastsum.text.sentences import Sentence

SCHEMA_VERSION = 1
"""Of `Summary.as_dict`: raised when a key changes its meaning or goes away."""


def summary_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `Summary.as_dict` and of `fastsum summarize --json`."""
    return json.loads(Path(__file__).with_name("summary.schema.json").read_text("utf-8"))


class Span(NamedTuple):
    """A sentence of the document."""

    sentence: int
    """Its number, from 0."""
    start: int
    """Its first character in `Summary.document`."""
    end: int
    """The character after its last."""
    text: str
    """The sentence as the document has it."""
    speaker: str | None = None
    """Who says it, or wrote the message that it is in; None where the document does not say."""
    time: str | None = None
    """When, as the document has it: "00:41", "Mon, 2 Mar 2026 17:40:00 +0100"; None where it does not say."""


@dataclass(frozen=True)
class SummarySentence:
    """One sentence of a summary."""

    text: str
    salience: float
    """The model's probability that its source belongs in a summary; of several sources the highest."""
    sources: tuple[Span, ...]
    """The sentences it is, or was written from, in document order."""
    score: float | None = None
    """Of a written one the decoder's log-probability of the pass that wrote it, over length ** length_penalty."""


@dataclass(frozen=True)
class Summary:
    """A summary; `str` of it is its text, one sentence a line."""

    sentences: tuple[SummarySentence, ...]
    mode: str
    """"extractive" or "abstractive"."""
    document: str
    """The cleaned text that the sources' offsets count in: natural text at full length, tokenized text made natural."""
    document_sentences: tuple[Sentence, ...]
    """Every sentence of the document, headings among them: `Span.sentence` counts these."""
    document_salience: tuple[float, ...]
    """The salience of each."""
    notes: tuple[str, ...] = ()
    """What a limit cut off, or why the summary is shorter than asked for."""
    about: str | None = None
    """The question or words that it is about, as they were given; without any, it is about the whole document. Where
    the document says nothing about them, there are no sentences, and the first note says so."""

    def __str__(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)

    @property
    def words(self) -> int:
        """Words of the text, split at white space."""
        return len(str(self).split())

    def as_dict(self) -> dict[str, Any]:
        """All but the document, as `json.dumps` takes it; docs/json.md describes every key."""
        return {
            "version": SCHEMA_VERSION,
            "summary": str(self),
            "about": self.about,
            "mode": self.mode,
            "words": self.words,
            "sentences": [
                {
                    "text": sentence.text,
                    "salience": round(sentence.salience, 6),
                    "score": _rounded(sentence.score),
                    "sources": [
                        {**span._asdict(), "salience": round(self.document_salience[span.sentence], 6)}
                        for span in sentence.sources
                    ],
                }
                for sentence in self.sentences
            ],
            "notes": list(self.notes),
        }


def _rounded(score: float | None) -> float | None:
    """None also for -inf, which JSON cannot hold: nothing was written, and the source sentence is shown instead."""
    return None if score is None or math.isinf(score) else round(score, 6)
