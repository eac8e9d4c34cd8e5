"""Stretches of a document on one subject, for documents without headings, and the words that name them.

A sentence has two vectors: the sum of the model's word embeddings, and a random projection of its words that come back
in other sentences, both weighted by rarity; the first knows that words are related, the second that they are the same.
Sentences are gathered to units of a paragraph or more, and the units are divided by dynamic programming into stretches
that differ least from their means, at a fixed price for each stretch (Utiyama and Isahara 2001 do so with words). The
states of the sentence encoder do less well: docs/experiments/2026-11-29-topical-segments.md.

At that price a short text on one subject is one stretch, which is no outline: a text that could have two or three of
300 words is divided into as many all the same, where they differ most.

Shape suffixes: S sentences, N tokens, W distinct words, U units, D width.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.summary.extraction import prose_of
from fastsum.text.headings import Heading
from fastsum.text.sections import Part, Sections
from fastsum.text.source import Source
from fastsum.text.statistics import rarities
from fastsum.text.tokenizer import UNK

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
WordVectors = Callable[[Ints], Floats]
"""The model's embeddings (W, D) of known word ids (W,)."""

_PRICE = 1.7  # of a stretch, in squared distances of units, which are at most 4
_SAME = 1.5  # weight of the words themselves beside that of their embeddings
_PROJECTED = 256
_SENTENCES = 3  # of a unit at least
_MOST_UNITS = 150  # of a long document, so that it has some 20 stretches and not hundreds
_WORDS_OF_ONE, _FEWEST = 300, 3  # a text has a stretch for every 300 words, or three
_NAMES = 3  # words in a name
_LIKE = 5  # words that begin with as many equal letters are forms of one word
_LEAST_RARITY = 0.35  # of a word in a name: about the 1,000 commonest words are below it


def topics_of(source: Source, vectors: WordVectors) -> Sections:
    """The stretches of a document, each with its most telling words as a title. Linear in the number of words."""
    starts = topic_starts(source, vectors)
    ends = [*starts[1:], len(source.sentences)]
    names = _names(source, starts)
    parts = [
        Part(Heading(start, start, name, (0, 0), known=False, bare=False), start, start, end)
        for start, end, name in zip(starts, ends, names, strict=True)
    ]
    return Sections(None, parts, are_headings=False)


def topic_starts(source: Source, vectors: WordVectors) -> list[int]:
    """The sentences that begin a stretch, in order; the first is 0."""
    prose = prose_of(source)
    units = _units(source, prose)
    if len(units) < 2:
        return [0]
    vectors_SD = _sentence_vectors(source, vectors)[prose]
    vectors_SD -= vectors_SD.mean(axis=0)
    at = np.searchsorted(prose, units)
    rows_UD = _unit_rows(np.add.reduceat(vectors_SD, at, axis=0))
    begun = _divide(rows_UD)
    words = sum(len(source.written(index).split()) for index in prose)
    fewest = min(_FEWEST, words // _WORDS_OF_ONE, len(units))
    if len(begun) + 1 < fewest:
        begun = _divide_into(rows_UD, fewest)
    return [0, *(units[unit] for unit in begun)]


def _units(source: Source, prose: Sequence[int]) -> list[int]:
    """The sentences that begin a unit: paragraphs are not divided unless they are long."""
    least = max(_SENTENCES, math.ceil(len(prose) / _MOST_UNITS))
    text, sentences = source.text, source.sentences
    found = [prose[0]]
    count = 0
    for number, index in enumerate(prose):
        end = sentences[prose[number - 1]].end if number else 0
        breaks = "\n\n" in text[end : sentences[index].start] or source.turn(index) is not source.turn(
            prose[number - 1]
        )
        if count >= (least if breaks else 2 * least) and len(prose) - number >= least:
            found.append(index)
            count = 0
        count += 1
    return found


def _sentence_vectors(source: Source, vectors: WordVectors) -> Floats:
    """The vectors of all sentences, (S, D), of length 1 or 0."""
    words = _Words.of(source)
    known_W = np.where(words.ids_W < len(source.tokenizer), words.ids_W, UNK)
    embedded_WD = _unit_rows(vectors(known_W)) * words.rarity_W[:, None]
    signs_WD = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.float32), (len(known_W), _PROJECTED))
    again_W = words.rarity_W * (words.sentences_W > 1)
    return _unit_rows(
        np.hstack(
            [
                _unit_rows(words.sums(embedded_WD)),
                _SAME * _unit_rows(words.sums(signs_WD * again_W[:, None])),
            ]
        )
    )


class _Words(NamedTuple):
    """The words of a document."""

    ids_W: Ints
    """Extended word ids."""
    word_N: Ints
    """Index (of W) of each token's word."""
    sentence_N: Ints
    """Each token's sentence."""
    sentences_W: Ints
    """In how many sentences each word is."""
    rarity_W: Floats
    """From 0, for the commonest words of the language, to 1."""

    @classmethod
    def of(cls, source: Source) -> _Words:
        ids_W, word_N = np.unique(source.tokens, return_inverse=True)
        sentence_N = np.repeat(np.arange(len(source.lengths)), source.lengths)
        pairs = np.unique(sentence_N * len(ids_W) + word_N)
        rarity_W = rarities(ids_W, len(source.tokenizer)).astype(np.float32)
        return cls(ids_W, word_N, sentence_N, np.bincount(pairs % len(ids_W), minlength=len(ids_W)), rarity_W)

    def sums(self, values_WD: Floats) -> Floats:
        """Sums over the words of each sentence, (S, D)."""
        starts = np.flatnonzero(np.diff(self.sentence_N, prepend=-1))
        found = [  # a part of the tokens at a time: a book has more than memory should hold
            np.add.reduceat(values_WD[self.word_N[first:last]], starts[left:right] - first, axis=0)
            for left, right in _parts(len(starts))
            for first, last in [(starts[left], starts[right] if right < len(starts) else len(self.word_N))]
        ]
        return np.concatenate(found)


def _parts(count: int, size: int = 1_000) -> list[tuple[int, int]]:
    return [(start, min(count, start + size)) for start in range(0, count, size)]


def _unit_rows(rows: Floats) -> Floats:
    """Rows of length 1; those of length 0 stay."""
    found: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return found


def _divide(rows_UD: Floats) -> list[int]:
    """The units that begin a stretch, but the first, so that squared distances from the means of the stretches and the
    price of each are least together. Quadratic in the units, whose number is bounded."""
    count = len(rows_UD)
    sums_UD = np.concatenate([np.zeros((1, rows_UD.shape[1])), np.cumsum(rows_UD, axis=0, dtype=np.float64)])
    costs = np.full(count + 1, -_PRICE)
    before = np.zeros(count + 1, dtype=np.int64)
    for end in range(1, count + 1):
        inside = sums_UD[end] - sums_UD[:end]
        # The sum of squares is the same for every division, and left out.
        cost = costs[:end] + _PRICE - np.square(inside).sum(axis=1) / np.arange(end, 0, -1)
        before[end] = cost.argmin()
        costs[end] = cost[before[end]]
    found = []
    end = count
    while (end := int(before[end])) > 0:
        found.append(end)
    return found[::-1]


def _divide_into(rows_UD: Floats, count: int) -> list[int]:
    """As `_divide`, into so many stretches, whatever they cost."""
    sums_UD = np.concatenate([np.zeros((1, rows_UD.shape[1])), np.cumsum(rows_UD, axis=0, dtype=np.float64)])
    squares_U = np.square(sums_UD).sum(axis=1)
    sizes_UU = np.subtract.outer(np.arange(len(sums_UD)), np.arange(len(sums_UD))).T
    inside_UU = squares_U[:, None] + squares_U - 2 * sums_UD @ sums_UD.T
    worth_UU = np.where(sizes_UU > 0, inside_UU / np.maximum(sizes_UU, 1), -np.inf)  # of a stretch from row to column
    best_U, before = worth_UU[0], []
    for _ in range(count - 1):
        joined_UU = best_U[:, None] + worth_UU
        before.append(joined_UU.argmax(axis=0))
        best_U = joined_UU.max(axis=0)
    found = [len(rows_UD)]
    for starts_U in reversed(before):
        found.append(int(starts_U[found[-1]]))
    return found[:0:-1]


def _names(source: Source, starts: Sequence[int]) -> list[str]:
    """Of each stretch the words that it has more often than the rest of the document: "ferry, hull, Orrin"."""
    words = _Words.of(source)
    stretch_N = np.searchsorted(starts, words.sentence_N, side="right") - 1
    size = len(words.ids_W)
    cells, counts = np.unique(stretch_N * size + words.word_N, return_counts=True)
    stretch, word = np.divmod(cells, size)
    all_W = np.bincount(words.word_N, minlength=size)
    lengths = np.bincount(stretch_N, minlength=len(starts))
    expected = all_W[word] * lengths[stretch] / len(words.word_N)
    worth = counts * (0.5 + np.log(counts / expected)) * words.rarity_W[word] * (words.rarity_W[word] > _LEAST_RARITY)
    spelled = source.words(words.ids_W.tolist())
    found = []
    for number in range(len(starts)):
        cell = np.flatnonzero(stretch == number)
        chosen: list[int] = []
        for best in cell[np.argsort(-worth[cell], kind="stable")].tolist():
            name = spelled[word[best]]
            if len(chosen) == _NAMES or worth[best] <= 0:
                break
            if len(name) > 2 and name.isalpha() and all(name[:_LIKE] != spelled[one][:_LIKE] for one in chosen):
                chosen.append(int(word[best]))
        found.append(", ".join(_as_written(source, words, one) for one in chosen) or "(no subject of its own)")
    return found


def _as_written(source: Source, words: _Words, word: int) -> str:
    """A word as the document has it, in lower case if it has it so anywhere."""
    starts = np.cumsum([0, *source.lengths])
    places = np.flatnonzero(words.word_N == word)[:20]
    forms = [
        source.surface(sentence, int(place - starts[sentence]))
        for place, sentence in zip(places, words.sentence_N[places].tolist(), strict=True)
    ]
    return next((form for form in forms if form.islower()), forms[0])
