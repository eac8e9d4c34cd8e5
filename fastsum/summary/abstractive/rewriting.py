"""From selected sentences to an abstractive summary: what the decoder reads, and what can be shown of its writing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from fastsum.summary.abstractive.faithfulness import Evidence
from fastsum.summary.abstractive.surface import SurfaceForms, TokenPosition
from fastsum.summary.extraction import (
    attribution_of,
    by_salience,
    candidates_and_spares,
    choose,
    document_fields,
    extract,
    shortfalls,
    showable,
    summary_sentence,
)
from fastsum.summary.limits import Limits
from fastsum.summary.result import Summary, SummarySentence
from fastsum.summary.selection import LEAST_WORDS, SeenNgrams, select, words_of
from fastsum.text.language import Transitions
from fastsum.text.source import Source
from fastsum.text.tokenizer import Tokenizer

if TYPE_CHECKING:
    from fastsum.summary.abstractive.decoding import Hypothesis

Passage = list[TokenPosition]
"""What the decoder reads in one pass."""

_ENDINGS = frozenset((".", "?", "!", "..."))
_CLOSING = frozenset("\"')]")


class Request(NamedTuple):
    """A passage for the decoder to rewrite."""

    document: int
    """The number of its document in the batch."""
    passage: Passage
    transitions: Transitions
    """Which of its words may follow which."""

    def leaves_a_choice(self) -> bool:
        """Whether more can be written than what is read."""
        return sum(self.transitions.starts) > 1 or any(len(later) > 1 for later in self.transitions.follows)


class Written(NamedTuple):
    """What the decoder wrote in one pass."""

    passage: Passage
    hypotheses: list[Hypothesis]
    """The best first."""


def rewrite(
    sources: Sequence[Source],
    saliences: Sequence[Sequence[float]],
    limits: Sequence[Limits],
    write: Callable[[Sequence[Request]], list[list[Hypothesis]]],
    tokenizer: Tokenizer,
    writing: str,
    expected: Sequence[Mapping[int, float] | None] | None = None,
) -> list[Summary]:
    """Abstractive summaries of a batch of documents.

    Args:
        expected: for each document how often its summary should have each word; see `Engine.estimate`.
        write: lets the decoder rewrite passages, as `engine.Estimates.write` does.
        writing: as `model.writing` in the configuration: a pass for each sentence, or one for the whole selection.
    """
    compose = compose_sentences if writing == "sentence" else compose_document
    plans = [
        plan_sentences(source, salience, limit, counts)
        if writing == "sentence"
        else plan_document(source, salience, limit)
        for source, salience, limit, counts in zip(
            sources, saliences, limits, expected or [None] * len(sources), strict=True
        )
    ]
    copied = [CopySource(source, tokenizer) for source in sources]
    requests = [
        Request(number, passage, copied[number].transitions(passage))
        for number, (planned, _) in enumerate(plans)
        for passage in planned
    ]
    written: list[list[Written]] = [[] for _ in sources]
    answers = iter(write([request for request in requests if request.leaves_a_choice()]))
    for request in requests:
        hypotheses = next(answers) if request.leaves_a_choice() else []
        written[request.document].append(Written(request.passage, hypotheses))
    return [
        compose(own, salience, passages, notes, limit)
        for own, salience, passages, (_, notes), limit in zip(copied, saliences, written, plans, limits, strict=True)
    ]


def plan_sentences(
    source: Source, salience: Sequence[float], limits: Limits, expected: Mapping[int, float] | None = None
) -> tuple[list[Passage], list[str]]:
    """One passage for each selected sentence."""
    # Rewritten sentences are shorter; what is still too much is dropped in composing.
    chosen = [found.sentence for found in choose(source, salience, limits, 2 * limits.decoding.words, expected)]
    most = limits.decoding.memory_tokens
    passages = [[(sentence, token) for token in range(min(most, source.lengths[sentence]))] for sentence in chosen]
    notes = [
        f"sentence {sentence + 1} has {source.lengths[sentence]} tokens, of which the decoder read the first {most}"
        for sentence in chosen
        if source.lengths[sentence] > most
    ]
    return passages, notes


def plan_document(source: Source, salience: Sequence[float], limits: Limits) -> tuple[list[Passage], list[str]]:
    """One passage of the most salient sentences in document order."""
    most = limits.decoding.memory_tokens
    chosen: list[int] = []
    used = 0
    ranked = by_salience(source, salience, limits)
    for index in ranked:
        if used + source.lengths[index] <= most:
            chosen.append(index)
            used += source.lengths[index]
    chosen = chosen or ranked[:1]
    positions = [(sentence, token) for sentence in sorted(chosen) for token in range(source.lengths[sentence])]
    read, tokens = positions[:most], len(positions)
    notes = [f"the decoder read {most} of the selected sentence's {tokens} tokens"] if tokens > most else []
    return [read], notes


class CopySource:
    """A document that the decoder copies from: which words may follow which, and what can be shown of a copy."""

    def __init__(self, source: Source, tokenizer: Tokenizer) -> None:
        self.source = source
        self.tokenizer = tokenizer
        self._forms = SurfaceForms(source)
        self._evidence = Evidence(source.text)
        self._transitions: dict[int, Transitions] = {}

    def transitions(self, passage: Passage) -> Transitions:
        """The transitions between all words of a passage, by position in the passage."""
        index_of = {position: index for index, position in enumerate(passage)}
        found = Transitions([], [], [])
        for sentence, token in passage:
            own = self._of(sentence)
            later = ((sentence, follower) for follower in own.follows[token])
            found.starts.append(own.starts[token])
            found.follows.append([index_of[position] for position in later if position in index_of])
            found.closes.append(own.closes[token])
        starts = [index for index, begins in enumerate(found.starts) if begins]
        for index, (sentence, _) in enumerate(passage):
            if found.closes[index]:  # behind the end of one sentence another begins
                found.follows[index] += [start for start in starts if passage[start][0] != sentence]
        return found

    def shown(self, positions: Sequence[TokenPosition]) -> str:
        """Copied words as a sentence, or "" where it cannot be trusted: too short, not a sentence of the document
        without what it can do without, or with a number or a name that is not in the document."""
        text = self._forms.text(positions)
        if len(words_of(text)) < LEAST_WORDS or not self._is_shortening(positions):
            return ""
        unsupported = self._evidence.unsupported_numbers(text) or self._evidence.unsupported_names(text)
        return "" if unsupported else text

    def _of(self, sentence: int) -> Transitions:
        if sentence not in self._transitions:
            start, end, _ = self.source.sentences[sentence]
            encoding = self.source.encodings[sentence]
            # a sentence without words takes one position all the same
            self._transitions[sentence] = self.source.language.transitions(
                encoding.words or [""], encoding.offsets or [(0, 0)], self.source.text[start:end]
            )
        return self._transitions[sentence]

    def _is_shortening(self, positions: Sequence[TokenPosition]) -> bool:
        """Whether copied words are one sentence of the document without what it can do without."""
        if len({sentence for sentence, _ in positions}) != 1:
            return False
        own = self._of(positions[0][0])
        tokens = [token for _, token in positions]
        follow = all(later in own.follows[token] for token, later in pairwise(tokens))
        return own.starts[tokens[0]] and follow and own.closes[tokens[-1]]


def compose_sentences(
    copied: CopySource, salience: Sequence[float], writings: Sequence[Written], notes: Sequence[str], limits: Limits
) -> Summary:
    """The summary of selected sentences that were rewritten one by one.

    Each is shown as the most probable hypothesis that can be shown, up to the end of its first sentence;
    or as the document's own sentence.
    """
    source, settings = copied.source, limits.decoding
    written = {writing.passage[0][0]: writing for writing in writings}
    scores: dict[tuple[int, str], float] = {}

    def texts(index: int) -> Iterator[str]:
        if index in written:
            passage, hypotheses = written[index]
            # Not by score: with a length penalty the longest is best, the sentence itself.
            for hypothesis in sorted(hypotheses, key=lambda one: -one.confidence * (len(one.ids) + 1)):
                end = next((right for _, right in _split(hypothesis.ids, copied.tokenizer)), 0)  # of one sentence
                if text := copied.shown(_positions(hypothesis, passage)[:end]):
                    if text == source.shown(index):  # it is best as it is
                        break
                    scores[index, text] = hypothesis.score
                    yield text
        yield from showable(source, index, limits)

    ranked, spare = candidates_and_spares(source, salience, limits)
    wanted = [index for index in (*ranked, *spare) if index in written]
    if (
        settings.sentences or limits.exact
    ):  # where two became alike, another sentence can replace one, but none equal to those selected
        known = {words_of(source.shown(index)) for index in written}
        wanted += [i for i in ranked if i not in written and words_of(source.shown(i)) not in known]
    chosen = select(
        wanted,
        texts,
        sentences=settings.sentences,
        words=limits.decoding.words,
        block_ngrams=settings.block_ngrams,
        spare=spare,
        exact=limits.exact,
        names=attribution_of(source),
    )
    if sum(len(found.text.split()) for found in chosen) > len(source.text.split()):
        return extract(source, salience, limits)
    sentences = [
        summary_sentence(source, salience, [i], text, scores.get((i, text.removeprefix(source.label(i)))))
        for i, text, *_ in chosen
    ]
    notes = (*notes, *shortfalls(source, salience, chosen, limits))
    fields = document_fields(source, salience)
    return Summary(tuple(sentences), "abstractive", *fields, notes, limits.about or None)


def compose_document(
    copied: CopySource, salience: Sequence[float], writings: Sequence[Written], notes: Sequence[str], limits: Limits
) -> Summary:
    """The summary that one pass over the whole selection wrote: its sentences that can be shown."""
    source, settings = copied.source, limits.decoding
    ((passage, hypotheses),) = writings
    notes = list(notes)
    seen = SeenNgrams(settings.block_ngrams)
    sentences: list[SummarySentence] = []
    used = beyond = 0
    for hypothesis in hypotheses[:1]:
        if len(hypothesis.ids) == settings.max_tokens:
            notes.append(f"the decoder stopped at its limit of {settings.max_tokens} tokens a pass")
        positions = _positions(hypothesis, passage)
        for left, right in _split(hypothesis.ids, copied.tokenizer):
            text = copied.shown(positions[left:right])
            row = words_of(text)
            if not text or seen.repeats(left, row):
                continue
            origin = positions[left][0]
            text = source.label(origin) + text
            size = len(text.split())
            full = settings.sentences and len(sentences) == settings.sentences
            if full or (settings.words and (sentences or limits.exact) and used + size > settings.words):
                beyond += 1
                continue
            seen.add(left, row)
            used += size
            sentences.append(summary_sentence(source, salience, [origin], text, hypothesis.score))
    if not sentences:
        notes.append("nothing that the decoder wrote can be shown: these are sentences of the document")
        extracted = extract(source, salience, limits)
        return dataclasses.replace(extracted, notes=(*notes, *extracted.notes))
    if beyond:
        notes.append(f"{beyond} of {len(sentences) + beyond} written sentences were beyond the limit")
    if limits.exact and (more := _made_up(source, salience, sentences, limits)):
        notes.append(
            f"{len(more)} of the {len(sentences) + len(more)} sentences are the document's own: too few were written"
        )
        sentences += more
    if sum(len(sentence.text.split()) for sentence in sentences) > len(source.text.split()):
        return extract(source, salience, limits)
    fields = document_fields(source, salience)
    return Summary(tuple(sentences), "abstractive", *fields, tuple(notes), limits.about or None)


def _made_up(
    source: Source, salience: Sequence[float], written: Sequence[SummarySentence], limits: Limits
) -> list[SummarySentence]:
    """Sentences of the document that fill the summary up to the length asked for."""
    settings = limits.decoding
    used = sum(len(sentence.text.split()) for sentence in written)
    left = {"sentences": settings.sentences - len(written), "words": settings.words - used}
    if any(getattr(settings, name) and left[name] <= 0 for name in left):
        return []
    used_sentences = {span.sentence for sentence in written for span in sentence.sources}
    ranked = [index for index in by_salience(source, salience, limits) if index not in used_sentences]
    chosen = select(
        ranked,
        lambda index: (source.shown(index),),
        sentences=max(0, left["sentences"]),
        words=max(0, left["words"]),
        block_ngrams=settings.block_ngrams,
        exact=True,
        names=attribution_of(source),
    )
    return [summary_sentence(source, salience, [found.sentence], found.text) for found in chosen if not found.cut]


def _positions(hypothesis: Hypothesis, passage: Passage) -> list[TokenPosition]:
    return [passage[position] for position in hypothesis.positions]


def _split(ids: Sequence[int], tokenizer: Tokenizer) -> Iterator[tuple[int, int]]:
    """Where the sentences of what one pass wrote begin and end."""
    words = [tokenizer.word(number) if number < len(tokenizer) else "" for number in ids]
    start = 0
    for position, word in enumerate(words):
        ended = word in _ENDINGS or (word in _CLOSING and position > start and words[position - 1] in _ENDINGS)
        follows = words[position + 1] if position + 1 < len(words) else ""
        if (ended and follows not in _ENDINGS | _CLOSING) or position + 1 == len(words):
            yield start, position + 1
            start = position + 1
