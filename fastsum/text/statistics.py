"""Statistics of a document's sentences: position, repetition and centrality, as features for the sentence encoder.

Additive attention mixes a whole document into a few vectors; it cannot count how often a word pair occurs, nor see
where a section begins. These numbers add that, in time linear in the document's length, from word ids and lengths.

Shape suffixes: N tokens, S sentences, F statistics.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NAMES = (
    "position",
    "position from the end",
    "share of the document before it",
    "sentences in the document",
    "position in its section",
    "position from its section's end",
    "share of the sections before it",
    "in a section",
    "length",
    "repetition of words",
    "repetition of rare words",
    "rarity",
    "share of repeated pairs",
    "repetition of pairs",
    "repetition of rare pairs",
    "centrality",
    "spread centrality",
    "similarity to the beginning",
    "similarity to the end",
    "rank by length",
    "rank by repetition of words",
    "rank by repetition of pairs",
    "rank by centrality",
    "rank by spread centrality",
)
"""The F statistics of a sentence, each of the order of 1."""

_COMMON = 100  # most frequent words of the vocabulary, which say nothing about the subject
_EDGE = 10  # sentences of the beginning and of the end
_DAMPING = 0.85
_SPREADS = 8

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def section_of(headings: NDArray[np.bool_]) -> Ints:
    """For each sentence the number of its section's heading (a heading's own), -1 before the first; (S,)."""
    return np.maximum.accumulate(np.where(headings, np.arange(len(headings)), -1))


def sentence_statistics(
    tokens: Ints, lengths: Ints, headings: NDArray[np.bool_], vocabulary_size: int
) -> NDArray[np.float32]:
    """The statistics of every sentence, (S, F), float32.

    Args:
        tokens: extended word ids, lower for more frequent words, (N,).
        lengths: tokens of each sentence, (S,); they add up to N.
        headings: which sentences are section headings, (S,).
        vocabulary_size: ids from here on are words rarer than all others.
    """
    count = len(lengths)
    sentence = np.repeat(np.arange(count), lengths)
    words, word = np.unique(tokens, return_inverse=True)
    rare = rarities(words, vocabulary_size)
    repeated = np.log(np.bincount(word, minlength=len(words)))
    size = np.maximum(lengths, 1)

    def mean(values: Floats, of: Ints) -> Floats:
        return _sums(values, of, count) / size

    # Word pairs within sentences that hold more than the commonest words.
    inside = sentence[1:] == sentence[:-1]
    pair_rarity = (rare[word[1:]] + rare[word[:-1]])[inside]
    pair_sentence = sentence[1:][inside]
    _, pair, pair_counts = np.unique(
        (word[:-1] * len(words) + word[1:])[inside], return_inverse=True, return_counts=True
    )
    pair_repeated = np.log(pair_counts)[pair]
    informative = pair_rarity > 0
    pairs = mean(pair_repeated * informative, pair_sentence)

    central, spread, first, last = _centralities(sentence, word, rare, count)
    words_again = mean(repeated[word] * rare[word], sentence)
    position = np.arange(count)
    columns = (
        np.log1p(position) / 4,
        np.log1p(count - 1 - position) / 4,
        position / max(1, count - 1),
        np.full(count, np.log1p(count) / 4),
        *_sections(headings),
        np.log1p(lengths) / 3,
        mean(repeated[word], sentence) / 3,
        words_again,
        mean(rare[word], sentence),
        mean((pair_counts[pair] > 1) * informative, pair_sentence),
        pairs,
        mean(pair_repeated * pair_rarity, pair_sentence),
        2 * central,
        np.log(np.maximum(spread * count, 1e-2)),
        2 * first,
        2 * last,
        *(_ranks(values) for values in (lengths, words_again, pairs, central, spread)),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def rarities(words: Ints, vocabulary_size: int) -> Floats:
    """How informative a word is, 0 to 1: the logarithm of its frequency rank (Zipf's law)."""
    rank = np.minimum(words, vocabulary_size) + 1
    scale = max(1.0, float(np.log(vocabulary_size / _COMMON)))
    return np.clip(np.log(rank / _COMMON) / scale, 0.0, 1.0)


def _sections(headings: NDArray[np.bool_]) -> tuple[Floats, ...]:
    count = len(headings)
    position = np.arange(count)
    section = section_of(headings)
    ends = np.append(np.flatnonzero(headings), count)
    end = ends[np.searchsorted(ends, position, side="right").clip(max=len(ends) - 1)]
    number = np.cumsum(headings)
    within = section >= 0
    return (
        within * np.log1p(position - section) / 3,
        within * np.log1p(end - 1 - position) / 3,
        within * number / max(1, int(number[-1]) if count else 1),
        within.astype(np.float64),
    )


def _centralities(sentence: Ints, word: Ints, rarity: Floats, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean cosine with all sentences; LexRank (Erkan and Radev 2004) over the cosines without a threshold, which makes
    it linear; and the mean cosines with the first and the last sentences."""
    cells, frequency = np.unique(sentence * len(rarity) + word, return_counts=True)
    row, column = cells // max(1, len(rarity)), cells % max(1, len(rarity))
    weight = frequency * rarity[column]
    norm = np.sqrt(_sums(weight**2, row, count))
    weight = weight / np.maximum(norm, 1e-9)[row]

    def with_sum(shares: Floats) -> Floats:
        total = _sums(weight * shares[row], column, len(rarity))
        return _sums(weight * total[column], row, count)

    alone = norm > 0
    degree = np.maximum(with_sum(np.ones(count)), 1e-9)
    spread: Floats = np.full(count, 1.0 / max(1, count))
    for _ in range(_SPREADS):
        spread = (1 - _DAMPING) / max(1, count) + _DAMPING * with_sum(spread / degree)
    position = np.arange(count)
    edges = []
    for edge in (position < _EDGE, position >= count - _EDGE):
        others = np.maximum(edge.sum() - edge, 1)  # without the sentence itself
        edges.append((with_sum(edge.astype(np.float64)) - edge * alone) / others)
    return (degree - alone) / max(1, count - 1), spread, edges[0], edges[1]


def _sums(values: Floats, of: Ints, count: int) -> Floats:
    """Sums of `values` by group: `of` has each value's group, from 0 to `count` - 1."""
    return np.bincount(of, weights=values, minlength=count).astype(np.float64, copy=False)


def _ranks(values: Floats | Ints) -> Floats:
    """Ranks from 0 (lowest) to 1 (highest)."""
    ranks: Floats = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return np.asarray(ranks / max(1, len(values) - 1))
