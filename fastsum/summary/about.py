"""What a document says about a question: saliences that also go by the question.

    question -> its words, and the speakers that it names
    -> relevance: how much of the question stands near each sentence (windows of words, linear in the document's length)
    -> the words of the most relevant passages
    -> saliences: the sentences that have these words more than others do, have the question's own, and are salient
    -> how often the answer should have each word, so that the sentences chosen have them between them

The second step is a relevance model (Lavrenko and Croft 2001, "Relevance-based language models"): an answer stands
around the words of the question and is told in others. What is salient, and what the sentence itself has of the
question, is added in fixed shares, fitted to the questions of QMSum (`Weights`; docs/experiments/about.py).

Shape suffixes: S sentences, N tokens, W distinct words of the document.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.summary.answer_words import answer_words
from fastsum.summary.document_words import DocumentWords
from fastsum.summary.result import Summary
from fastsum.text.source import Source
from fastsum.text.speakers import speakers_named
from fastsum.text.statistics import rarities
from fastsum.text.tokenizer import UNK

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR = 100
"""Words around a sentence in which the question's words count as near."""
_MOST_WORDS = 40  # of a question; a pasted page has more, and the rarest of them tell what it is about
_LEAST_SHARE = 0.28  # of the question's words must stand near one sentence, or the document says nothing about it
_NEAR_SHARE = 0.25  # of the highest such share: what has less is not about the question
_LEAST_RARITY = 0.2  # of the commonest words
_SUREST = 1e-6  # a salience of 1 has no logit
_LONGEST = 40  # tokens; a longer sentence is no longer one


class Weights(NamedTuple):
    """How the parts of a sentence's score count; docs/experiments/about.py fits them."""

    near: float = 1.0
    """Of relevance: the question's words within NEAR words of a sentence,"""
    around: float = 1.0
    """and within three times as many."""
    saturation: float = 2.0
    """Occurrences of a word that count half of what any number counts."""
    spoken: float = 0.5
    """What is said by whom the question names is more relevant by so much."""
    sharpness: float = 5.0
    """The power of relevance by which a passage counts for the words of the answer."""
    distinct: float = 0.0225
    """Of the score: how much more frequent its words are in those passages than in the document,"""
    asked: float = 0.2
    """the question's own words in it,"""
    speaker: float = 0.09
    """whether it is said by whom the question names,"""
    salience: float = 0.04
    """the logit of its salience,"""
    kind: float = 1.5
    """and, where it has what is asked for, such as a date, the share of the question's words that it has."""


class Calibration(NamedTuple):
    """The logit of a salience from a score: of being among the sentences that come closest to a reference."""

    slope: float = 6.0
    intercept: float = -3.5


WEIGHTS, CALIBRATION = Weights(), Calibration()


class About(NamedTuple):
    """What a document says about a question."""

    salience: list[float]
    """How likely each sentence belongs in a summary of that, from 0 to 1; 0 for what is not about it."""
    expected: Mapping[int, float]
    """How often that summary should have each word, by its extended id; empty where that of the document is."""
    missing: tuple[str, ...] = ()
    """The question's words that the document does not have."""
    is_specific: bool = True
    """Whether the question has any word to look for; without one the saliences are those of the whole document."""

    @property
    def says_nothing(self) -> bool:
        """Whether no sentence is about the question."""
        return not any(self.salience)


def find_about(
    source: Source,
    salience: Sequence[float],
    question: str,
    expected: Mapping[int, float] | None = None,
    *,
    weights: Weights = WEIGHTS,
    calibration: Calibration = CALIBRATION,
) -> About:
    """The salience of each sentence for a summary of what the document says about a question.

    Args:
        salience: of each sentence for a summary of the whole document, from 0 to 1, (S,).
        question: a question or words, in any form: "What was decided on costs?", "costs".
        expected: how often a summary of the whole document should have each word, by its extended id.

    Time and memory are linear in the document's length; a question has at most 40 words that count.
    """
    asked = _Asked.of(source, question)
    if not asked.words and not asked.speakers:
        return About(list(salience), expected or {}, is_specific=False)
    found = DocumentWords(source)
    near_S, parts, missing = _near(found, asked)
    if not near_S.any():
        return About([0.0] * len(found.lengths_S), {}, missing)
    scores_S, answer_W = _scores(found, parts, asked, np.asarray(salience, dtype=np.float64), weights)
    words = answer_words(found, answer_W, expected or {}, question)
    logits_S = calibration.slope * scores_S + calibration.intercept
    return About(np.where(near_S, 1 / (1 + np.exp(-logits_S)), 0.0).tolist(), words, missing)


def answered(summary: Summary, found: About) -> Summary:
    """A summary with notes on what was found; empty where that is nothing."""
    if found.says_nothing:
        note = f'the document says nothing about "{summary.about}"'
        return dataclasses.replace(summary, sentences=(), notes=(note,))
    notes = []
    if not found.is_specific:
        notes.append(f'"{summary.about}" has no word to look for: this is a summary of the whole document')
    elif found.missing:
        notes.append(f"not in the document: {', '.join(found.missing)}")
    return dataclasses.replace(summary, notes=(*notes, *summary.notes))


class _Asked(NamedTuple):
    words: list[str]
    """What is asked about, normalized."""
    speakers: Mapping[str, float]
    """Whom the question names, of those who speak, and how surely, to 1."""
    is_whom: bool
    """Whether nothing else is asked than what somebody says."""
    kind: re.Pattern[str] | None
    """What answers have, such as a date; None where the question does not say."""

    @classmethod
    def of(cls, source: Source, question: str) -> _Asked:
        language, tokenizer = source.language, source.tokenizer
        named = speakers_named(question, {turn.speaker for turn in source.turns.turns}, language)
        every = [word for word in dict.fromkeys(tokenizer.split(question)) if any(map(str.isalnum, word))]
        telling = [word for word in every if not language.is_asking(word) and len(word.strip("'")) > 1]
        words = [word for word in telling if word not in named.words]
        is_whom = bool(named.speakers) and not words
        if not words:  # "What did Ben say?"; "decisions"
            words = telling or [word for word in every if not language.is_small_word(word) and "'" not in word]
        if len(words) > _MOST_WORDS:
            ids = [tokenizer.id(word) for word in words]
            rarest = sorted(range(len(words)), key=lambda one: -(len(tokenizer) if ids[one] == UNK else ids[one]))
            words = [words[one] for one in sorted(rarest[:_MOST_WORDS])]
        return cls(words, named.speakers, is_whom, language.answers(question))


class _Part(NamedTuple):
    """A word of the question that the document has, in any of its forms."""

    weight: float
    """Its inverse document frequency."""
    inside_S: Ints
    """Its occurrences in each sentence,"""
    near_S: Ints
    """within NEAR words of it,"""
    around_S: Ints
    """and within three times as many."""


def _near(found: DocumentWords, asked: _Asked) -> tuple[NDArray[np.bool_], list[_Part], tuple[str, ...]]:
    """Which sentences are about the question, the occurrences of its words, and those that do not occur."""
    source = found.source
    stem, size = source.language.stem, len(source.tokenizer)
    wanted = {stem(word): word for word in asked.words}
    forms: dict[str, list[int]] = {}
    beginnings = {form[:2] for form in wanted}
    for number, word in enumerate(found.words):
        if word[:2] in beginnings and (form := stem(word)) in wanted:
            forms.setdefault(form, []).append(number)
    ids = [source.tokenizer.id(word) for word in wanted.values()]
    rarity_T = _LEAST_RARITY + (1 - _LEAST_RARITY) * rarities(np.array([size if i == UNK else i for i in ids]), size)
    count = len(found.lengths_S)
    share_S = np.zeros(count)
    parts = []
    for form, rare in zip(wanted, rarity_T.tolist(), strict=True):
        if form not in forms:
            continue
        is_form_W = np.zeros(len(found.words), dtype=bool)
        is_form_W[forms[form]] = True
        hits_N = is_form_W[found.word_N]
        inside_S, near_S, around_S = (found.within(hits_N, reach) for reach in (0, NEAR, 3 * NEAR))
        frequency = int(np.count_nonzero(inside_S))
        parts.append(_Part(float(np.log1p((count - frequency + 0.5) / (frequency + 0.5))), inside_S, near_S, around_S))
        share_S += rare * (near_S > 0)
    share_S /= max(1e-9, float(rarity_T.sum()))
    highest = float(share_S.max(initial=0.0))
    about_S = (share_S >= _NEAR_SHARE * highest) & (highest >= _LEAST_SHARE)
    if asked.is_whom:
        about_S |= _spoken(found, asked) > 0
    return about_S, parts, tuple(word for form, word in wanted.items() if form not in forms)


def _spoken(found: DocumentWords, asked: _Asked) -> Floats:
    """How surely each sentence is said by whom the question names, (S,)."""
    count = len(found.lengths_S)
    if not asked.speakers:
        return np.zeros(count)
    turns = (found.source.turn(sentence) for sentence in range(count))
    return np.array([asked.speakers.get(turn.speaker, 0.0) if turn else 0.0 for turn in turns])


def _of_kind(found: DocumentWords, parts: Sequence[_Part], asked: _Asked) -> Floats:
    """The share of the question's words that each sentence has, if it has what is asked for; else 0, (S,)."""
    total = sum(part.weight for part in parts) or 1.0
    share_S = np.zeros(len(found.lengths_S))
    if asked.kind is not None:
        for part in parts:
            share_S += part.weight / total * (part.inside_S > 0)
        for sentence in np.flatnonzero(share_S).tolist():
            if asked.kind.search(found.source.written(sentence)) is None:
                share_S[sentence] = 0.0
    return share_S


def _scores(
    found: DocumentWords, parts: Sequence[_Part], asked: _Asked, salience_S: Floats, weights: Weights
) -> tuple[Floats, Floats]:
    """The score of each sentence, (S,), and how frequent each word is in the most relevant passages, (W,)."""
    likely_S = np.clip(salience_S, _SUREST, 1 - _SUREST)
    logits_S = np.log(likely_S / (1 - likely_S))
    spoken_S = _spoken(found, asked)
    total = sum(part.weight for part in parts) or 1.0

    def matched(counts: str) -> Floats:
        """The share of the question that is matched, to 1."""
        found_S = np.zeros(len(salience_S))
        for part in parts:
            count_S = getattr(part, counts)
            found_S += part.weight / total * count_S / (count_S + weights.saturation)
        return found_S

    inside_S = matched("inside_S")
    relevance_S = weights.near * matched("near_S") + weights.around * matched("around_S")
    relevance_S = relevance_S * (1 + weights.spoken * spoken_S)
    if asked.is_whom:
        relevance_S += spoken_S
    # The words of the answer: those of each passage, by how relevant it is.
    relevance_S = np.where(found.prose_S, relevance_S, 0.0)
    shares_S = (relevance_S / max(1e-9, float(relevance_S.max()))) ** weights.sharpness
    in_answer_W = np.bincount(found.word_N, shares_S[found.sentence_N], len(found.words)) / max(
        1e-9, float(shares_S @ found.lengths_S)
    )
    everywhere_W = np.bincount(found.word_N, minlength=len(found.words)) / len(found.word_N)
    distinct_W = np.where(found.is_word_W, np.log((in_answer_W + 0.2 * everywhere_W) / (1.2 * everywhere_W)), 0.0)
    # Eight words are added to every length, or a short sentence of such words would always win.
    distinct_S = found.sums(4 * distinct_W.clip(min=0.0)) / (found.lengths_S + 8)
    scores_S = (
        weights.distinct * distinct_S
        + weights.asked * 2 * inside_S
        + weights.speaker * spoken_S
        + weights.salience * logits_S
        + weights.kind * _of_kind(found, parts, asked)
    )
    return scores_S, in_answer_W
