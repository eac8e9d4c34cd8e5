"""ROUGE: scores of summaries, their bootstrap intervals, and the greedy oracle and sentence pairs that label training.

`score` is rouge-score's own (Lin 2004, as ROUGE-1.5.5 counts). The greedy oracle and the sentence pairing need
thousands of scores per document, so they count with numpy, and bigrams within sentences only. They compare tokens as
they are: give them `stems` to count as `score` does.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Tokens = Sequence[Hashable]
Counts = NDArray[np.int32]


class Scores(NamedTuple):
    """F-measures in per cent."""

    rouge1: float
    rouge2: float
    rougeLsum: float


class Interval(NamedTuple):
    """A mean and its 95 % confidence interval, in the units of the values."""

    mean: float
    low: float
    high: float


def score(prediction: str, reference: str) -> Scores:
    """ROUGE-1, -2 and -Lsum of two texts with one sentence a line, stemmed, as rouge-score computes them."""
    found = _scorer().score(reference, prediction)
    return Scores(*(100.0 * found[name].fmeasure for name in Scores._fields))


def interval(values: Sequence[float], *, resamples: int = 1000, seed: int = 0) -> Interval:
    """The mean and its 95 % percentile bootstrap interval (Efron 1979); the same seed gives the same interval.

    Raises ValueError where there are no values.
    """
    data = np.asarray(values, dtype=np.float64)
    if not len(data):
        raise ValueError("no values to take the mean of")
    generator = np.random.default_rng(seed)
    # one resample at a time: thousands of rows by a thousand resamples would take as much memory as a model
    means = [data[generator.integers(len(data), size=len(data))].mean() for _ in range(resamples)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(data.mean()), float(low), float(high))


def paired_interval(
    first: Sequence[float], second: Sequence[float], *, resamples: int = 1000, seed: int = 0
) -> Interval:
    """The interval of the mean of `first` - `second`, two systems' scores on the same rows in the same order."""
    if len(first) != len(second):
        raise ValueError(f"paired scores must be of the same rows, but there are {len(first)} and {len(second)}")
    differences = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    return interval(differences.tolist(), resamples=resamples, seed=seed)


def greedy_oracle(
    sentences: Sequence[Tokens], reference: Tokens, *, words: int = 0, sizes: Sequence[int] = ()
) -> list[int]:
    """Indices, in document order, of the sentences that greedily reach the highest ROUGE-1 F1 + ROUGE-2 F1.

    With `words`, they have at most so many words in total, where `sizes` are those of each sentence.

    Each step adds the sentence that raises the sum most (the earlier on ties) and the last step is the one after which
    none raises it (Nallapati et al. 2017, "SummaRuNNer", section 3). Nothing shared with the reference gives [].
    """
    overlaps = [_Overlap(sentences, [reference], n) for n in (1, 2)]
    remaining = [overlap.references[0] for overlap in overlaps]
    matched = [0, 0]
    length = [0, 0]
    chosen: list[int] = []
    best_score = 0.0
    while True:
        # min(chosen + candidate, reference) = min(chosen, reference) + min(candidate, what of the reference is left)
        scores = np.zeros(len(sentences))
        for order, overlap in enumerate(overlaps):
            gains = np.minimum(overlap.sources, remaining[order]).sum(axis=1)
            candidate_lengths = length[order] + overlap.source_lengths
            scores += _f1(matched[order] + gains, candidate_lengths, overlap.reference_lengths[0])
        scores[chosen] = 0.0
        if words:
            scores[sum(sizes[index] for index in chosen) + np.asarray(sizes) > words] = 0.0
        best = int(scores.argmax()) if len(sentences) else -1
        if best < 0 or scores[best] <= best_score:
            break
        best_score = float(scores[best])
        chosen.append(best)
        for order, overlap in enumerate(overlaps):
            taken = np.minimum(overlap.sources[best], remaining[order])
            remaining[order] = remaining[order] - taken
            matched[order] += int(taken.sum())
            length[order] += int(overlap.source_lengths[best])
    return sorted(chosen)


def best_sources(sentences: Sequence[Tokens], reference_sentences: Sequence[Tokens]) -> list[int]:
    """For each reference sentence, the index of the sentence with the highest ROUGE-1 F1 + ROUGE-2 F1 against it.

    The earlier on ties; -1 where no sentence shares a token with it.
    """
    overlaps = [_Overlap(sentences, reference_sentences, n) for n in (1, 2)]
    sources = []
    for row in range(len(reference_sentences)):
        scores = np.zeros(len(sentences))
        for overlap in overlaps:
            matched = np.minimum(overlap.sources, overlap.references[row]).sum(axis=1)
            scores += _f1(matched, overlap.source_lengths, overlap.reference_lengths[row])
        sources.append(int(scores.argmax()) if scores.any() else -1)
    return sources


def pair_precision(sentences: Sequence[Tokens], reference: Sequence[Tokens]) -> NDArray[np.float64]:
    """Each sentence's ROUGE-2 precision against the reference (clipped counts, bigrams within sentences); a sentence of
    fewer than four words counts as four."""
    overlap = _Overlap(sentences, reference, 2)
    matched = np.minimum(overlap.sources, overlap.references.sum(axis=0)).sum(axis=1)
    return np.asarray(matched / np.maximum(4, [len(sentence) for sentence in sentences]))


def stems(words: Iterable[str]) -> list[str]:
    """The Porter stems of lower-case words, as ROUGE counts them; punctuation is dropped."""
    return [stem for word in words if (stem := _stem(word))]


@functools.lru_cache(maxsize=1 << 17)
def _stem(word: str) -> str:
    if not any(map(str.isalnum, word)):
        return ""
    return str(_stemmer().stem(word)) if len(word) > 3 else word


@functools.cache
def _stemmer() -> Any:
    # imported here because nltk takes half a second, and the command line's --help must not wait for it
    from nltk.stem.porter import PorterStemmer

    return PorterStemmer()


@functools.cache
def _scorer() -> Any:
    from rouge_score import rouge_scorer, tokenize

    # Stemming takes half of the time of rouge-score's own tokenizer, and words repeat, so stems are cached.
    stemmer = SimpleNamespace(stem=functools.lru_cache(maxsize=200_000)(_stemmer().stem))
    tokenizer = SimpleNamespace(tokenize=lambda text: tokenize.tokenize(text, stemmer))
    return rouge_scorer.RougeScorer(list(Scores._fields), tokenizer=tokenizer)


class _Overlap:
    """Counts of the references' n-grams, one column each: other n-grams of a source cannot match anything."""

    def __init__(self, sources: Sequence[Tokens], references: Sequence[Tokens], n: int) -> None:
        columns: dict[Hashable, int] = {}
        for reference in references:
            for ngram in _ngrams(reference, n):
                columns.setdefault(ngram, len(columns))
        self.sources = _count(sources, columns, n)  # (sources, columns)
        self.references = _count(references, columns, n)  # (references, columns)
        self.source_lengths = _lengths(sources, n)  # n-grams in each, matching or not
        self.reference_lengths = _lengths(references, n)


def _ngrams(tokens: Tokens, n: int) -> Iterable[Hashable]:
    return tokens if n == 1 else zip(*(tokens[start:] for start in range(n)), strict=False)


def _count(sequences: Sequence[Tokens], columns: dict[Hashable, int], n: int) -> Counts:
    width = len(columns)
    column_of = columns.get
    cells: list[int] = []
    for row, tokens in enumerate(sequences):
        start = row * width
        for ngram in _ngrams(tokens, n):
            column = column_of(ngram)
            if column is not None:
                cells.append(start + column)
    counts = np.bincount(np.asarray(cells, dtype=np.int64), minlength=len(sequences) * width)
    return counts.astype(np.int32).reshape(len(sequences), width)


def _lengths(sequences: Sequence[Tokens], n: int) -> Counts:
    return np.asarray([max(len(tokens) - n + 1, 0) for tokens in sequences], dtype=np.int32)


def _f1(matched: Counts, candidate_lengths: Counts, reference_length: int) -> NDArray[np.float64]:
    """Harmonic mean of precision and recall: 2 matched / (candidate + reference); 0 where both are empty."""
    return 2.0 * matched / np.maximum(candidate_lengths + reference_length, 1)
