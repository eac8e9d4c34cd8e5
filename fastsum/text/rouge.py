"""ROUGE: scores of summaries, their bootstrap intervals, and the greedy oracle and sentence pairs that label training.

`score` is rouge-score's own (Lin 2004, as ROUGE-1.5.5 counts). The greedy oracle and the sentence pairing need
thousands of scores per document, so they count with numpy, and bigrams within sentences only. They compare tokens as
they are: give them `stems` to count as `score` does.
"""

from __future__ import annotations

import functools
import itertools
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
    """`Alignment.oracle` against a reference whose bigrams may be of any two tokens that follow each other."""
    return Alignment(sentences, [reference]).oracle(words, sizes)


class Alignment:
    """A document's sentences beside those of its summary; what they share is counted once for all three labels."""

    def __init__(self, sentences: Sequence[Tokens], reference_sentences: Sequence[Tokens]) -> None:
        numbers: dict[Hashable, int] = {}
        for token in itertools.chain.from_iterable(reference_sentences):
            numbers.setdefault(token, len(numbers))
        whole = list(itertools.chain.from_iterable(reference_sentences))
        sources, references, row = (_Numbered(part, numbers) for part in (sentences, reference_sentences, [whole]))
        self._overlaps = [_Overlap(sources, references, row, n, len(numbers)) for n in (1, 2)]
        self._sizes = np.asarray([len(sentence) for sentence in sentences], dtype=np.int32)

    def oracle(self, words: int = 0, sizes: Sequence[int] = ()) -> list[int]:
        """Indices, in document order, of the sentences that greedily reach the highest ROUGE-1 F1 + ROUGE-2 F1.

        With `words`, they have at most so many words in total, where `sizes` are those of each sentence.

        Each step adds the sentence that raises the sum most (the earlier on ties) and the last step is the one after
        which none raises it (Nallapati et al. 2017, "SummaRuNNer", section 3). Nothing shared with the reference gives
        []. The reference is its sentences in a row.
        """
        remaining = [overlap.whole for overlap in self._overlaps]
        matched = [0, 0]
        length = [0, 0]
        chosen: list[int] = []
        best_score = 0.0
        while True:
            # min(chosen + candidate, reference) = min(chosen, reference) + min(candidate, what is left of it)
            scores = np.zeros(len(self._sizes))
            for order, overlap in enumerate(self._overlaps):
                gains = np.minimum(overlap.sources, remaining[order]).sum(axis=1)
                candidate_lengths = length[order] + overlap.source_lengths
                scores += _f1(matched[order] + gains, candidate_lengths, overlap.whole_length)
            scores[chosen] = 0.0
            if words:
                scores[sum(sizes[index] for index in chosen) + np.asarray(sizes) > words] = 0.0
            best = int(scores.argmax()) if len(scores) else -1
            if best < 0 or scores[best] <= best_score:
                break
            best_score = float(scores[best])
            chosen.append(best)
            for order, overlap in enumerate(self._overlaps):
                taken = np.minimum(overlap.sources[best], remaining[order])
                remaining[order] = remaining[order] - taken
                matched[order] += int(taken.sum())
                length[order] += int(overlap.source_lengths[best])
        return sorted(chosen)

    def best_sources(self) -> list[int]:
        """For each reference sentence, the index of the sentence with the highest ROUGE-1 F1 + ROUGE-2 F1 against it.

        The earlier on ties; -1 where no sentence shares a token with it.
        """
        found = []
        for row in range(len(self._overlaps[0].references)):
            scores = np.zeros(len(self._sizes))
            for overlap in self._overlaps:
                matched = np.minimum(overlap.sources, overlap.references[row]).sum(axis=1)
                scores += _f1(matched, overlap.source_lengths, overlap.reference_lengths[row])
            found.append(int(scores.argmax()) if scores.any() else -1)
        return found

    def pair_precision(self) -> NDArray[np.float64]:
        """Each sentence's ROUGE-2 precision against the reference (clipped counts, bigrams within sentences); a
        sentence of fewer than four words counts as four."""
        overlap = self._overlaps[1]
        matched = np.minimum(overlap.sources, overlap.references.sum(axis=0)).sum(axis=1)
        return np.asarray(matched / np.maximum(4, self._sizes))


def stems(words: Iterable[str]) -> list[str]:
    """The Porter stems of lower-case words, as ROUGE counts them; punctuation is dropped."""
    return [stem for word in words if (stem := stem_of(word))]


@functools.lru_cache(maxsize=1 << 17)
def stem_of(word: str) -> str:
    """The Porter stem of a lower-case word; "" of punctuation."""
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


class _Numbered:
    """Sequences of tokens in one array: the number of each token, or -1, and of the sequence it is in."""

    def __init__(self, sequences: Sequence[Tokens], numbers: dict[Hashable, int]) -> None:
        tokens = itertools.chain.from_iterable(sequences)
        self.tokens = np.fromiter(map(numbers.get, tokens, itertools.repeat(-1)), dtype=np.int64)
        self.sizes = np.fromiter(map(len, sequences), dtype=np.int64)
        self.rows = np.repeat(np.arange(len(self.sizes)), self.sizes)

    def ngrams(self, n: int, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """A number for each unigram or bigram whose tokens have numbers below `size`, and the sequence it is in."""
        found, rows = self.tokens, self.rows
        if n == 2:
            first, second = found[:-1], found[1:]
            found = np.where((first >= 0) & (second >= 0) & (rows[:-1] == rows[1:]), first * size + second, -1)
            rows = rows[:-1]
        return found[found >= 0], rows[found >= 0]


class _Overlap:
    """Counts of the reference's n-grams, one column each: other n-grams of a source cannot match anything."""

    def __init__(self, sources: _Numbered, references: _Numbered, whole: _Numbered, n: int, size: int) -> None:
        columns = np.unique(whole.ngrams(n, size)[0])

        def count(part: _Numbered) -> Counts:
            found, rows = part.ngrams(n, size)
            places = np.searchsorted(columns, found)
            kept = np.append(columns, -1)[places] == found
            width = len(columns)
            counts = np.bincount(rows[kept] * width + places[kept], minlength=len(part.sizes) * width)
            return counts.astype(np.int32).reshape(len(part.sizes), width)

        def lengths(part: _Numbered) -> Counts:
            return np.maximum(part.sizes - n + 1, 0).astype(np.int32)

        self.sources = count(sources)  # (sources, columns)
        self.source_lengths = lengths(sources)  # n-grams in each, matching or not
        self.references = count(references)  # (references, columns): bigrams within its sentences
        self.reference_lengths = lengths(references)
        self.whole = count(whole)[0]  # (columns,): the reference's sentences in a row
        self.whole_length = lengths(whole)[0]


def _f1(matched: Counts, candidate_lengths: Counts, reference_length: int) -> NDArray[np.float64]:
    """Harmonic mean of precision and recall: 2 matched / (candidate + reference); 0 where both are empty."""
    return 2.0 * matched / np.maximum(candidate_lengths + reference_length, 1)
