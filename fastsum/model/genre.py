r"""Which of the shipped models fits a document.

A model ships if its folder in `fastsum/checkpoints/` has a `genre.toml`. That file says what the model is for, in the
key `about`, and either `default = true`, or how its documents are recognized:

    threshold = 0.0175              # the least sum of weights, for each word of the text

    [[evidence]]
    weight = 1                      # of each of these words, in lower case; negative for words that speak against it
    words = "algorithm analysis"

    [[evidence]]
    weight = 2                      # of each match in the lower-cased text
    pattern = '''\bet\ al\b'''      # verbose, with ^ and $ at each line

The description is not part of the checkpoint that SHA256SUMS covers: it chooses between models and changes no summary
of any of them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from fastsum import toml
from fastsum.errors import FastsumError

SHIPPED = Path(__file__).parents[1] / "checkpoints"
"""Where the models that ship in the package are."""
DESCRIPTION = "genre.toml"

READ = 30_000
"""Characters from the start that are looked at, more than enough to recognize a document."""
_FEWEST = 200  # words that a shorter text counts as, so that one line is not recognized as a paper
WORD = re.compile(r"[^\W\d_]+")
"""A word, in lower case."""


class Genre(NamedTuple):
    """The description of one shipped model."""

    name: str
    """Of the model and of its folder."""
    about: str
    """Its documents, in a few words."""
    default: bool
    """Whether it is for all documents that no other genre recognizes."""
    threshold: float
    """The least sum of weights for each word of a document."""
    words: Mapping[str, int]
    """Weights of words."""
    patterns: tuple[tuple[re.Pattern[str], int], ...]
    """Regular expressions and the weight of each match."""

    def recognizes(self, text: str, words: list[str]) -> bool:
        """Whether a lower-cased text is of this genre: no more of it is searched than is needed to know."""
        found, needed = self._by_words(words), self._needed(words)
        # What speaks against it comes first. Once only more of what speaks for it can be found, more is not needed.
        for pattern, weight in sorted(self.patterns, key=itemgetter(1)):
            if weight > 0 and found > needed:
                return True
            for _ in pattern.finditer(text):
                found += weight
                if weight > 0 and found > needed:
                    return True
        return found > needed

    def score(self, text: str, words: list[str]) -> float:
        """How clearly a lower-cased text is of this genre: a number above 1 if it is recognized."""
        found = self._by_words(words)
        found += sum(weight * sum(1 for _ in pattern.finditer(text)) for pattern, weight in self.patterns)
        return found / self._needed(words)

    def _by_words(self, words: list[str]) -> int:
        return sum(map(self.words.__getitem__, filter(self.words.__contains__, words)))

    def _needed(self, words: list[str]) -> float:
        return self.threshold * max(len(words), _FEWEST)


@functools.cache
def shipped(folder: Path = SHIPPED) -> tuple[Genre, ...]:
    """The models with a description in `folder`, the default first, the others by name.

    Raises FastsumError where a description cannot be used.
    """
    genres = [_read(path) for path in folder.glob(f"*/{DESCRIPTION}")]
    return tuple(sorted(genres, key=lambda genre: (not genre.default, genre.name)))


@dataclass(frozen=True)
class _Description:
    """The keys of a description, but for its tables of evidence."""

    about: str = ""
    default: bool = False
    threshold: float = 0.0


@dataclass(frozen=True)
class _Evidence:
    """The keys of a table of evidence."""

    weight: toml.Weight = 0
    words: str = ""
    pattern: str = ""


def _read(path: Path) -> Genre:
    problems: list[str] = []
    try:
        genre = _genre(path.parent.name, dict(_table(path)), problems)
    except (OSError, ValueError) as error:
        problems.append(str(error))
    if problems:
        raise FastsumError(
            f"{path}: not the description of a model ({'; '.join(problems)}); reinstall fastsum, or write it as "
            "fastsum/model/genre.py says"
        )
    return genre


@functools.cache  # what GENRES has read is not read again
def _table(path: Path) -> Mapping[str, Any]:
    return toml.parse(path.read_text("utf-8"))


def _genre(name: str, table: dict[str, Any], problems: list[str]) -> Genre:
    """The genre that a table describes. Anything wrong adds a message to `problems`."""
    entries = table.pop("evidence", [])
    described = toml.read_table("", _Description, table, problems)
    if not described.about:
        problems.append("the key about is missing or empty")
    if not described.default and not described.threshold > 0:
        problems.append("it has neither default = true nor a threshold above 0")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append("evidence must be tables, [[evidence]]")
        entries = []
    weights: dict[str, int] = {}
    patterns = []
    for entry in entries:
        evidence = toml.read_table("evidence", _Evidence, entry, problems)
        if "weight" not in entry or not (evidence.words or evidence.pattern):
            problems.append("evidence needs a weight, and words or a pattern")
        for word in set(evidence.words.split()):
            weights[word] = weights.get(word, 0) + evidence.weight
        if evidence.pattern:
            try:
                patterns.append((re.compile(evidence.pattern, re.MULTILINE | re.VERBOSE), evidence.weight))
            except re.error as error:
                problems.append(f"evidence.pattern {evidence.pattern!r} is not a regular expression: {error}")
    return Genre(name, described.about, described.default, described.threshold, weights, tuple(patterns))


def _names(folder: Path) -> tuple[str, ...]:
    """The names of the models with a description in `folder`, the default first, the others by name.

    It is called on import, so it raises no error: `shipped` reports a description that cannot be used.
    """
    found = []
    for path in folder.glob(f"*/{DESCRIPTION}"):
        try:
            default = _table(path).get("default") is True
        except (OSError, ValueError):
            default = False
        found.append((not default, path.parent.name))
    return tuple(name for _, name in sorted(found))


GENRES = _names(SHIPPED)
"""Names of the models that ship, the default first."""


def genre_of(text: str) -> str:
    """The name of the shipped model that fits a text, natural or tokenized: "paper" for a research paper of medicine
    or biology, "general" for everything that no other model is made for."""
    return best_of(shipped(), text)


def best_of(genres: tuple[Genre, ...], text: str) -> str:
    """The name of the genre that a text is recognized as with the highest score, or of the default.

    Raises FastsumError where there are no genres at all.
    """
    if not genres:
        raise FastsumError(f"{SHIPPED}: no model ships with this installation; reinstall fastsum or name a checkpoint")
    text = text[:READ].lower()
    words = WORD.findall(text)
    recognized = [genre for genre in genres if not genre.default and genre.recognizes(text, words)]
    if len(recognized) > 1:
        return max(recognized, key=lambda genre: genre.score(text, words)).name
    return (recognized or genres)[0].name
