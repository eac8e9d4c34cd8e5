"""From saliences to a summary of the document's own sentences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from fastsum.summary.coverage import Coverage
from fastsum.summary.limits import Limits
from fastsum.summary.result import Span, Summary, SummarySentence
from fastsum.summary.selection import Chosen, select, words_of
from fastsum.summary.shortening import shortened
from fastsum.text.sentences import Sentence
from fastsum.text.source import Source

LEAST_WORDS = 5
"""What is shorter says hardly anything."""

_RANKED = 1_000  # sentences, and as many more as the summary may have words


def extract(
    source: Source, salience: Sequence[float], limits: Limits, expected: Mapping[int, float] | None = None
) -> Summary:
    """The document's own sentences, chosen for their salience and, if `expected` says how often the summary should have
    each word (by extended id), for those that they add."""
    chosen = choose(source, salience, limits, limits.decoding.words, expected)
    sentences = [summary_sentence(source, salience, [found.sentence], found.text) for found in chosen]
    return Summary(
        tuple(sentences), limits.decoding.mode, *weighed(source, salience), shortfalls(source, chosen, limits)
    )


def choose(
    source: Source,
    salience: Sequence[float],
    limits: Limits,
    words: int,
    expected: Mapping[int, float] | None = None,
) -> list[Chosen]:
    """The sentences for a summary of so many words at most (0: any), in document order."""
    settings = limits.decoding
    ranked, spare = parted(source, salience, limits)
    coverage = Coverage(source, salience, expected or {}, settings.coverage)
    return select(
        coverage.order(ranked),
        lambda index: showable(source, index, limits),
        sentences=settings.sentences,
        words=words,
        block_ngrams=settings.block_ngrams,
        spare=spare,
        exact=limits.exact,
        taken=coverage.add,
    )


def showable(source: Source, index: int, limits: Limits) -> Iterator[str]:
    """What can be shown of a sentence: itself, or, where no length was asked for, less of it."""
    yield (whole := source.shown(index))
    if not limits.exact:  # a length asked for is a length in the document's own sentences
        yield from shortened(whole)


def parted(source: Source, salience: Sequence[float], limits: Limits) -> tuple[list[int], list[int]]:
    """The sentences to choose from by falling salience, at least one, and those to be chosen only for want of others:
    the ones not salient enough, and bits ("Under salt stress.") where words alone limit the summary and those would
    fill it up. Where no length was asked for, enough of a long document's are ranked to fill it, not all."""
    settings = limits.decoding
    no_bits = settings.words and not settings.sentences
    ranked = by_salience(source, salience)
    enough = (
        index
        for index in ranked
        if salience[index] >= settings.min_salience and not (no_bits and _is_bit(source, index))
    )
    most = len(ranked) if limits.exact else _RANKED + settings.sentences + settings.words
    wanted = list(itertools.islice(enough, most)) or ranked[:1]
    taken = set(wanted)
    return wanted, [index for index in ranked if index not in taken]


def by_salience(source: Source, salience: Sequence[float]) -> list[int]:
    """Sentences by falling salience."""
    return sorted(_prose(source), key=lambda index: (-salience[index], index))


def weighed(source: Source, salience: Sequence[float]) -> tuple[str, tuple[Sentence, ...], tuple[float, ...]]:
    """What a Summary keeps of the document: its text, its sentences and their salience."""
    return source.text, tuple(source.sentences), tuple(salience)


def summary_sentence(
    source: Source, salience: Sequence[float], origins: Sequence[int], text: str, score: float | None = None
) -> SummarySentence:
    """A sentence of a summary that rests on these of the document; `score` is the decoder's, where it wrote it."""
    spans = []
    for index in origins:
        start, end, _ = source.sentences[index]
        spans.append(Span(index, start, end, source.text[start:end]))
    return SummarySentence(text, max(salience[index] for index in origins), tuple(spans), score)


def shortfalls(source: Source, chosen: Sequence[Chosen], limits: Limits) -> tuple[str, ...]:
    """In how far these sentences are not what was asked for, and why."""
    settings, count = limits.decoding, len(chosen)
    size = sum(len(found.text.split()) for found in chosen)
    some = "1 sentence" if count == 1 else f"{count} sentences"
    notes = []
    if limits.exact and count < settings.sentences:
        why = f"no more fit into {settings.words} words" if settings.words else "the document has no more that differ"
        notes.append(f"the summary has {some} instead of {settings.sentences}: {why}")
    if limits.exact and settings.words and any(found.cut for found in chosen):
        notes.append(f"the summary is the beginning of a sentence: every one is longer than {settings.words} words")
    elif limits.exact and size < settings.words and not settings.sentences and count == _differing(source):
        notes.append(f"the summary has {size} words instead of {settings.words}: the document has no more that differ")
    if repeating := sum(found.repeats for found in chosen):
        verb = "repeats" if repeating == 1 else "repeat"
        notes.append(
            f"{repeating} of the {count} sentences {verb} {settings.block_ngrams} words in a row: "
            "the document has no others left"
        )
    return tuple(notes)


def _is_bit(source: Source, index: int) -> bool:
    start, end, _ = source.sentences[index]
    return len(words_of(source.text[start:end])) < LEAST_WORDS


def _prose(source: Source) -> list[int]:
    """Sentences that a summary can have: those with words, and no headings unless there is nothing else."""
    every = range(len(source.sentences))
    spoken = [i for i in every if any(map(str.isalnum, source.text[slice(*source.sentences[i][:2])]))] or list(every)
    return [i for i in spoken if source.sentences[i].is_prose] or spoken


def _differing(source: Source) -> int:
    """How many of them are not the same."""
    return len({words_of(source.shown(index)) for index in _prose(source)})
