"""From saliences to a summary of the document's own sentences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from fastsum.summary.attribution import Attribution
from fastsum.summary.company import Company, short_answer
from fastsum.summary.coverage import Coverage
from fastsum.summary.limits import Limits
from fastsum.summary.result import Span, Summary, SummarySentence
from fastsum.summary.selection import LEAST_WORDS, NgramKey, Selected, has_words, select, words_of
from fastsum.summary.shortening import shortened
from fastsum.text.sentences import Sentence, lacks_stops
from fastsum.text.source import Source

_ANNOUNCING = (":", "—", "–", "--")

_ANSWERS_COVER = 3.5  # times `decoding.coverage`: the words of an answer say more of it than the saliences
_RANKED = 1_000  # sentences, and as many more as the summary may have words


def extract(
    source: Source, salience: Sequence[float], limits: Limits, expected: Mapping[int, float] | None = None
) -> Summary:
    """An extractive summary: sentences selected for their salience and, with `expected` (how often the summary should
    have each word, by extended id), for the expected words that they add."""
    chosen = choose(source, salience, limits, limits.decoding.words, expected)
    sentences = [summary_sentence(source, salience, origins_of(source, found), found.text) for found in chosen]
    notes = shortfalls(source, salience, chosen, limits)
    return Summary(
        tuple(sentences), limits.decoding.mode, *document_fields(source, salience), notes, limits.about or None
    )


def choose(
    source: Source,
    salience: Sequence[float],
    limits: Limits,
    words: int,
    expected: Mapping[int, float] | None = None,
) -> list[Selected]:
    """Select sentences with at most `words` words (0: no limit), in document order."""
    settings = limits.decoding
    ranked, spare = candidates_and_spares(source, salience, limits)
    length = limits.scale if limits.is_learned else 0.0
    weight = settings.coverage * (_ANSWERS_COVER if limits.about else 1.0)
    coverage = Coverage(source, salience, expected or {}, weight, length, settings.min_sentences)
    company = Company(source)

    def taken(sentence: int) -> None:
        coverage.add(sentence)
        company.add(sentence)

    return select(
        coverage.order(ranked, company.of),
        lambda index: showable(source, index, limits),
        sentences=settings.sentences,
        words=words,
        block_ngrams=settings.block_ngrams,
        spare=spare,
        exact=limits.exact,
        least=lambda index: source.language.least_words(source.written(index)),
        names=attribution_of(source),
        taken=taken,
        company=company.of,
        fewest=settings.min_sentences,
    )


def showable(source: Source, index: int, limits: Limits) -> Iterator[str]:
    """What can be shown of a sentence: all of it, a question with its short answer, or, if no length was asked for, a
    shortened form."""
    whole = _whole(source, index)
    if (answer := short_answer(source, index)) is not None:
        yield f"{whole} {_shown_answer(source, answer)}"
    yield whole
    if not limits.exact:  # a length asked for is a length in the document's own sentences
        yield from shortened(whole, source.language)


def shown_whole(source: Source, index: int) -> str:
    """A sentence as a summary shows it: a question has its short answer behind it."""
    answer = short_answer(source, index)
    return _whole(source, index) + (f" {_shown_answer(source, answer)}" if answer is not None else "")


def _whole(source: Source, index: int) -> str:
    whole = source.shown(index)
    if whole[-1:] == "." and source.written(index).endswith(_ANNOUNCING):
        whole = f"{whole[:-1]}:"  # what it announces follows
    return whole


def candidates_and_spares(source: Source, salience: Sequence[float], limits: Limits) -> tuple[list[int], list[int]]:
    """The candidates by falling salience, at least one, and the spares, used only when candidates run out: sentences
    that are not salient enough and, if only `words` limits the summary, fragments ("Under salt stress."), which would
    fill it up. If no length was asked for, a long document gives enough candidates to fill the summary, not all."""
    settings = limits.decoding
    no_fragments = settings.words and not settings.sentences
    ranked = by_salience(source, salience, limits)
    enough = (
        index
        for index in ranked
        if salience[index] >= settings.min_salience and not (no_fragments and _is_fragment(source, index))
    )
    most = len(ranked) if limits.exact else _RANKED + settings.sentences + settings.words
    wanted = list(itertools.islice(enough, most)) or ranked[:1]
    taken = set(wanted)
    return wanted, [index for index in ranked if index not in taken]


def by_salience(source: Source, salience: Sequence[float], limits: Limits) -> list[int]:
    """Sentences by falling salience; where the summary is about a question, only those that are too."""
    return sorted(_about(prose_of(source), salience, limits), key=lambda index: (-salience[index], index))


def document_fields(source: Source, salience: Sequence[float]) -> tuple[str, tuple[Sentence, ...], tuple[float, ...]]:
    """What a Summary keeps of the document: its text, its sentences and their salience."""
    return source.text, tuple(source.sentences), tuple(salience)


def summary_sentence(
    source: Source, salience: Sequence[float], origins: Sequence[int], text: str, score: float | None = None
) -> SummarySentence:
    """A sentence of a summary with its sources, `origins`; `score` is the decoder's if it was written."""
    spans = []
    for index in origins:
        start, end, _ = source.sentences[index]
        turn = source.turn(index)
        who, when = (turn.speaker or None, turn.time or None) if turn else (None, None)
        spans.append(Span(index, start, end, source.text[start:end], who, when))
    return SummarySentence(text, max(salience[index] for index in origins), tuple(spans), score)


def shortfalls(
    source: Source, salience: Sequence[float], chosen: Sequence[Selected], limits: Limits
) -> tuple[str, ...]:
    """Notes on where the selection is not what was asked for, and why."""
    settings, count = limits.decoding, len(chosen)
    size = sum(len(found.text.split()) for found in chosen)
    some = "1 sentence" if count == 1 else f"{count} sentences"
    notes = []
    if lacks_stops(source.readable or source.text):
        notes.append("the document has hardly any stops: its sentences are pieces, cut where clauses seem to begin")
    about = _about(prose_of(source), salience, limits)
    if limits.exact and count < settings.sentences:
        why = f"no more fit into {settings.words} words" if settings.words else _lack(about, count, limits)
        notes.append(f"the summary has {some} instead of {settings.sentences}: {why}")
    if limits.exact and settings.words and any(found.cut for found in chosen):
        notes.append(f"the summary is the beginning of a sentence: every one is longer than {settings.words} words")
    elif (
        limits.exact
        and size < settings.words
        and not settings.sentences
        and count == _differing(source, about, count + 1)
    ):
        notes.append(f"the summary has {size} words instead of {settings.words}: {_lack(about, count, limits)}")
    if repeating := sum(found.repeats for found in chosen):
        verb = "repeats" if repeating == 1 else "repeat"
        notes.append(
            f"{repeating} of the {count} sentences {verb} {settings.block_ngrams} words in a row or most of another: "
            "the document has no others left"
        )
    return tuple(notes)


def _shown_answer(source: Source, answer: int) -> str:
    return source.label(answer) + source.shown(answer)


def attribution_of(source: Source) -> Attribution:
    """Who is named before a document's sentences: once for all in a row, if somebody is named for every turn."""

    def last(sentence: int, text: str) -> str:
        answer = short_answer(source, sentence)
        answered = answer is not None and text.endswith(f" {_shown_answer(source, answer)}")
        return source.label(answer if answer is not None and answered else sentence)

    return Attribution(source.label, last, once=source.turns.are_all_named)


def origins_of(source: Source, found: Selected) -> list[int]:
    """The sentences of which a selected one is made."""
    answer = short_answer(source, found.sentence)
    shown = answer is not None and found.text.endswith(f" {_shown_answer(source, answer)}")
    return [found.sentence, answer] if answer is not None and shown else [found.sentence]


def _is_fragment(source: Source, index: int) -> bool:
    return not has_words(source.written(index), LEAST_WORDS)


def prose_of(source: Source) -> list[int]:
    """Sentences that a summary can have: those with words; headings only if there is nothing else."""
    every = range(len(source.sentences))
    worded = [i for i in every if any(map(str.isalnum, source.written(i)))] or list(every)
    spoken = [i for i in worded if not source.is_apart(i)] or worded
    prose = [i for i in spoken if source.sentences[i].is_prose]
    asking = "?" in source.text
    return [i for i in prose if not (asking and i and short_answer(source, i - 1) == i)] or spoken


def _lack(candidates: Sequence[int], count: int, limits: Limits) -> str:
    """Why there are no more sentences than these."""
    if len(candidates) > count:
        return "the others repeat these word for word"
    return "the document has no more that are about it" if limits.about else "the document has no more"


def _about(candidates: list[int], salience: Sequence[float], limits: Limits) -> list[int]:
    """Those of them that are about the question, if there is one."""
    return [index for index in candidates if salience[index] > 0] if limits.about else candidates


def _differing(source: Source, candidates: Sequence[int], most: int) -> int:
    """How many of the candidates differ; counted up to `most`."""
    found: set[NgramKey] = set()
    for index in candidates:
        if len(found) == most:
            break
        found.add(words_of(source.shown(index)))
    return len(found)
