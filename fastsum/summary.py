"""What summarizing returns: a summary, its sentences, and where in the document each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A sentence of the document."""

    sentence: int
    """Its number, from 0."""
    start: int
    """Its first character in `Summary.document`."""
    end: int
    """The character after its last."""
    text: str
    """The sentence as it stands there."""


@dataclass(frozen=True)
class SummarySentence:
    """One sentence of a summary."""

    text: str
    salience: float
    """The model's probability that its source belongs in a summary; of several sources the highest."""
    sources: tuple[Span, ...]
    """The sentences it is, or was written from, in document order."""


@dataclass(frozen=True)
class Summary:
    """A summary; `str` of it is its text, one sentence a line."""

    sentences: tuple[SummarySentence, ...]
    mode: str
    """"extractive" or "abstractive"."""
    document: str
    """The cleaned text that the sources' offsets count in: natural text at its full length, tokenised text undone."""
    notes: tuple[str, ...] = ()
    """What a limit left out, or why the summary is shorter than asked for."""

    def __str__(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)

    @property
    def words(self) -> int:
        """Words of the text, as white space parts them."""
        return len(str(self).split())

    def as_dict(self) -> dict[str, Any]:
        """All but the document, as `json.dumps` takes it."""
        return {
            "summary": str(self),
            "mode": self.mode,
            "words": self.words,
            "sentences": [
                {
                    "text": sentence.text,
                    "salience": round(sentence.salience, 6),
                    "sources": [span._asdict() for span in sentence.sources],
                }
                for sentence in self.sentences
            ],
            "notes": list(self.notes),
        }
