"""What an outline is: a summary section by section, nested as the document's headings are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastsum.summary.result import Summary, SummarySentence

UNTITLED = "(before the first heading)"
"""What stands for the title of a section that has none."""


class Section(NamedTuple):
    """A section of a document, and what an outline says of it."""

    number: str
    """Where it is in the outline: "2.1" is the first section in the second."""
    title: str | None
    """Its heading without marks, or its most telling words; None for what is before the first heading."""
    is_heading: bool
    """Whether the title is the document's own heading."""
    level: int
    """Its depth in the outline, from 1."""
    start: int
    """Its first character in `Summary.document`, that of its heading."""
    end: int
    """The character after its last."""
    words: int
    """Its words of prose, those of the sections in it included."""
    share: float
    """The same as a share of the document's words of prose, from 0 to 1."""
    sentences: tuple[SummarySentence, ...]
    """What the outline says of it; empty where the length asked for has no room, or all of its prose is in the sections
    in it."""
    sections: tuple[Section, ...]
    """The sections in it, in order."""

    def all(self) -> Iterator[Section]:
        """The section and all in it, in the document's order."""
        yield self
        for section in self.sections:
            yield from section.all()

    @property
    def shown(self) -> str:
        """Its title as it is shown."""
        return self.title or UNTITLED


@dataclass(frozen=True)
class Outline(Summary):
    """A summary section by section. `sentences` are those of all its sections in order; `str` of it has the titles too,
    and is indented."""

    sections: tuple[Section, ...] = ()
    """The highest sections, in order."""

    def all_sections(self) -> Iterator[Section]:
        """Every section, in the document's order."""
        for section in self.sections:
            yield from section.all()

    def __str__(self) -> str:
        lines = []
        for section in self.all_sections():
            lines.append("  " * (section.level - 1) + section.shown)
            lines += ["  " * section.level + sentence.text for sentence in section.sentences]
        return "\n".join(lines)

    @property
    def words(self) -> int:
        """Words of its sentences, split at white space; titles are not counted."""
        return sum(len(sentence.text.split()) for sentence in self.sentences)

    def as_dict(self) -> dict[str, Any]:
        """As of a Summary, whose `summary` has no titles, with `sections`; docs/json.md describes every key."""
        flat = Summary(*(getattr(self, name) for name in Summary.__dataclass_fields__))
        found = flat.as_dict()
        numbers = iter(range(len(self.sentences)))
        found["sections"] = [_as_dict(section, numbers) for section in self.sections]
        return found


def _as_dict(section: Section, numbers: Iterator[int]) -> dict[str, Any]:
    """A section as JSON has it: its sentences are given by their numbers in `sentences`, from 0."""
    return {
        "number": section.number,
        "title": section.title,
        "is_heading": section.is_heading,
        "level": section.level,
        "start": section.start,
        "end": section.end,
        "words": section.words,
        "share": round(section.share, 6),
        "sentences": [next(numbers) for _ in section.sentences],
        "sections": [_as_dict(one, numbers) for one in section.sections],
    }
