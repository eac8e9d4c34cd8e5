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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fastsum import toml
from fastsum.errors import FastsumError

SHIPPED = Path(__file__).parents[1] / "checkpoints"
"""Where the models that ship in the package are."""
DESCRIPTION = "genre.toml"

_READ = 30_000  # characters from the start, more than enough to recognize a document
_FEWEST = 200  # words that a shorter text counts as, so that one line is not recognized as a paper
_WORD = re.compile(r"[^\W\d_]+")


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
    patterns: tuple[tuple[str, int], ...]
    """Regular expressions and the weight of each match."""

    def score(self, text: str, words: list[str]) -> float:
        """How clearly a lower-cased text is of this genre, as a number above 1; 0 if it is not recognized."""
        found = sum(self.words.get(word, 0) for word in words)
        for pattern, weight in self.patterns:
            found += weight * sum(1 for _ in re.finditer(pattern, text, re.MULTILINE | re.VERBOSE))
        needed = self.threshold * max(len(words), _FEWEST)
        return found / needed if found > needed else 0.0


@functools.cache
def shipped(folder: Path = SHIPPED) -> tuple[Genre, ...]:
    """The models with a description in `folder`, the default first, the others by name.

    Raises FastsumError where a description cannot be used.
    """
    genres = [_read(path) for path in folder.glob(f"*/{DESCRIPTION}")]
    return tuple(sorted(genres, key=lambda genre: (not genre.default, genre.name)))


def _read(path: Path) -> Genre:
    try:
        described = toml.parse(path.read_text("utf-8"))
        return _genre(path.parent.name, **described)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise FastsumError(
            f"{path}: not the description of a model ({error}); reinstall fastsum, or write it as "
            "fastsum/model/genre.py says"
        ) from None


def _genre(
    name: str, *, about: str, default: bool = False, threshold: float = 0.0, evidence: Sequence[dict[str, Any]] = ()
) -> Genre:
    if not default and not threshold > 0:
        raise ValueError("it has neither default = true nor a threshold above 0")
    weights: dict[str, int] = {}
    patterns = []
    for entry in evidence:
        for word in set(entry.get("words", "").split()):
            weights[word] = weights.get(word, 0) + entry["weight"]
        if "pattern" in entry:
            patterns.append((entry["pattern"], entry["weight"]))
    return Genre(name, about, default, threshold, weights, tuple(patterns))


GENRES = tuple(genre.name for genre in shipped())
"""Names of the models that ship, the default first."""


def genre_of(text: str) -> str:
    """The name of the shipped model that fits a text, natural or tokenized: "paper" for a research paper, "news" for
    everything that no other model is made for."""
    return best_of(shipped(), text)


def best_of(genres: tuple[Genre, ...], text: str) -> str:
    """The name of the genre that a text is recognized as with the highest score, or of the default.

    Raises FastsumError where there are no genres at all.
    """
    if not genres:
        raise FastsumError(f"{SHIPPED}: no model ships with this installation; reinstall fastsum or name a checkpoint")
    text = text[:_READ].lower()
    words = _WORD.findall(text)
    scores = {genre.name: genre.score(text, words) for genre in genres if not genre.default}
    recognized = {name: score for name, score in scores.items() if score}
    return max(recognized, key=recognized.__getitem__, default=genres[0].name)
