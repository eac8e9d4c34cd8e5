"""Fits what `fastsum summarize --about` goes by, to questions over whole meetings, and takes it apart.

    python docs/experiments/about.py fit TRAIN.parquet VALIDATION.parquet --minutes 10
    python docs/experiments/about.py parts TRAIN.parquet VALIDATION.parquet
    python docs/experiments/about.py nothing TRAIN.parquet
    python docs/experiments/about.py expect TRAIN.parquet VALIDATION.parquet
    python docs/experiments/about.py words TRAIN.parquet

The files have the columns document, query, summary and kind, as QMSum's do. `fit` changes one of `about.Weights` at a
time and keeps what raises the mean of ROUGE-1 + ROUGE-2 on the training rows; then it fits `about.Calibration` to the
sentences of the greedy oracle. `parts` sets each weight to 0. `nothing` asks each question of a meeting of another kind
too. `expect` fits `answer_words.WordWeights` to how often the answers have each word of their meetings. `words` says
how much closer to the answer the sentences around a word of the questions are than others.

Summaries have the mean number of the references' words of their kind, and are by the model `general`.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple
from unittest import mock

import numpy as np
import pyarrow.parquet as pq

from fastsum import Summarizer
from fastsum.data.treebank import natural
from fastsum.summary import about, answer_words
from fastsum.summary.extraction import choose
from fastsum.summary.limits import Limits, limits_for
from fastsum.text.rouge import greedy_oracle, stem_of, stems
from fastsum.text.source import Source, read_source
from fastsum.text.words import split_words


class Meeting(NamedTuple):
    source: Source
    salience: Sequence[float]
    expected: Mapping[int, float]
    shown: dict[int, list[str]]
    """The stems of each sentence as it is shown, once it was."""


class Question(NamedTuple):
    meeting: Meeting
    kind: str
    text: str
    answer: str
    unigrams: Counter[str]
    bigrams: Counter[tuple[str, str]]
    limits: Limits
    plain: Limits
    """The same length, of a summary of the whole."""


def read(path: str, summarizer: Summarizer) -> list[Question]:
    rows = pq.read_table(path, columns=["document", "query", "summary", "kind"]).to_pylist()
    engine = summarizer.engine_for("extractive")
    meetings: dict[str, Meeting] = {}
    sizes: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        sizes[row["kind"]].append(len(row["summary"].split()))
        if row["document"] not in meetings:
            source = read_source(natural(row["document"]), summarizer.tokenizer)
            estimates = engine.estimate([source], counts=summarizer.config.model.word_counts)
            meetings[row["document"]] = Meeting(source, estimates.saliences[0], estimates.expected[0] or {}, {})
    found = []
    for row in rows:
        words = stems(split_words(natural(row["summary"])))
        length = round(fmean(sizes[row["kind"]]))
        limits = limits_for(summarizer.config.decoding, words=length, about=row["query"])
        found.append(
            Question(
                meetings[row["document"]],
                row["kind"],
                row["query"],
                natural(row["summary"]),
                Counter(words),
                Counter(pairwise(words)),
                limits,
                limits_for(summarizer.config.decoding, words=length),
            )
        )
    return found


Ranking = tuple[Sequence[float], Mapping[int, float]]
"""The salience of each sentence, and how often each word is expected."""


def score(
    one: Question, salience: Sequence[float], expected: Mapping[int, float], limits: Limits | None = None
) -> tuple[float, float]:
    """ROUGE-1 and -2, as `rouge.score` counts them."""
    limits = limits or one.limits
    source = one.meeting.source
    words: list[str] = []
    for chosen in choose(source, salience, limits, limits.decoding.words, expected):
        if chosen.sentence not in one.meeting.shown:
            one.meeting.shown[chosen.sentence] = stems(split_words(chosen.text))
        words += one.meeting.shown[chosen.sentence]
    return f1(Counter(words), one.unigrams), f1(Counter(pairwise(words)), one.bigrams)


def f1(one: Counter, other: Counter) -> float:  # type: ignore[type-arg]
    return 200 * (one & other).total() / max(1, one.total() + other.total())


def mean(questions: Sequence[Question], rank: Callable[[Question], Ranking]) -> np.ndarray:
    return np.array([score(one, *rank(one)) for one in questions]).mean(0)


def ranking(weights: about.Weights) -> Callable[[Question], Ranking]:
    def rank(one: Question) -> Ranking:
        meeting = one.meeting
        found = about.find_about(meeting.source, meeting.salience, one.text, meeting.expected, weights=weights)
        return found.salience, found.expected

    return rank


def fit(train: list[Question], validation: list[Question], minutes: float) -> None:
    weights, generator = about.Weights(), random.Random(0)
    best = mean(train, ranking(weights))
    print("train", best.round(2), "validation", mean(validation, ranking(weights)).round(2), flush=True)
    ends = time.monotonic() + 60 * minutes
    while time.monotonic() < ends:
        name = generator.choice(about.Weights._fields)
        changed = weights._replace(**{name: getattr(weights, name) * generator.choice([0.0, 0.6, 0.8, 1.25, 1.6])})
        found = mean(train, ranking(changed))
        if found.sum() > best.sum() + 0.01:
            best, weights = found, changed
            other = mean(validation, ranking(weights)).round(2)
            print(name, getattr(weights, name), "train", best.round(2), "validation", other, flush=True)
    print(weights)
    calibrate(train, weights)


def calibrate(questions: list[Question], weights: about.Weights) -> None:
    """The logistic regression (Newton's method) of being in the greedy oracle on the score."""
    scores: list[float] = []
    chosen: list[bool] = []
    for one in questions:
        source = one.meeting.source
        plain = about.Calibration(1.0, 0.0)
        salience = about.find_about(source, one.meeting.salience, one.text, weights=weights, calibration=plain).salience
        prose = [index for index, sentence in enumerate(source.sentences) if sentence.is_prose]
        reference = list(one.unigrams.elements())
        oracle = {prose[i] for i in greedy_oracle([stems(source.encodings[i].words) for i in prose], reference)}
        for index in prose:
            if salience[index]:
                scores.append(math.log(salience[index] / (1 - salience[index])))
                chosen.append(index in oracle)
    inputs, labels = np.stack([scores, np.ones(len(scores))], 1), np.array(chosen, dtype=float)
    fitted = np.zeros(2)
    for _ in range(30):
        likely = 1 / (1 + np.exp(-inputs @ fitted))
        hessian = inputs.T @ (inputs * (likely * (1 - likely))[:, None])
        fitted += np.linalg.solve(hessian, inputs.T @ (labels - likely))
    print("calibration", fitted.round(3), f"of {len(labels):,} sentences {labels.mean():.2%} are in the oracle")


def parts(train: list[Question], validation: list[Question]) -> None:
    def row(name: str, rank: Callable[[Question], Ranking]) -> None:
        print(f"{name:24}", mean(train, rank).round(2), mean(validation, rank).round(2), flush=True)

    whole = [
        np.array([score(one, one.meeting.salience, one.meeting.expected, one.plain) for one in rows]).mean(0).round(2)
        for rows in (train, validation)
    ]
    print(f"{'without the question':24}", *whole, flush=True)
    row("all", ranking(about.Weights()))
    for name in about.Weights._fields:
        row(f"without {name}", ranking(about.Weights()._replace(**{name: 1e-9})))  # 0 saturates nothing: 0 / 0
    plain = ranking(about.Weights())
    row("no expected words", lambda one: (plain(one)[0], {}))
    row("those of the whole", lambda one: (plain(one)[0], one.meeting.expected))


def nothing(questions: list[Question]) -> None:
    """How often a document is said to say nothing, asked of its own and of a meeting of another kind."""
    generator = random.Random(0)
    own = [about.find_about(one.meeting.source, one.meeting.salience, one.text).says_nothing for one in questions]
    foreign = []
    for one in questions:
        other = generator.choice([another for another in questions if another.kind != one.kind]).meeting
        foreign.append(about.find_about(other.source, other.salience, one.text).says_nothing)
    print(f"said to say nothing: {fmean(own):.1%} of their own meetings, {fmean(foreign):.1%} of others")


def expect(train: list[Question], validation: list[Question]) -> None:
    """The Poisson regression (Newton's method) of the count of each word in the answer, and what it is worth."""
    rows, counts = [], []
    for one in train:
        meeting = one.meeting
        with mock.patch.object(about, "answer_words", return_value={}) as asked:
            about.find_about(meeting.source, meeting.salience, one.text, meeting.expected)
        if asked.call_args is None:  # nothing is near the question's words
            continue
        found, near_W = asked.call_args.args[:2]
        has = Counter(meeting.source.tokenizer.split(one.answer))
        rows.append(
            answer_words.features(found, near_W, meeting.expected, one.text)[found.is_word_W].astype(np.float32)
        )
        counts.append(np.array([has[word] for word in found.words], dtype=float)[found.is_word_W])
    inputs, targets = np.concatenate(rows).astype(float), np.concatenate(counts)
    scale = inputs.std(0).clip(min=1e-9)
    scale[0] = 1.0
    inputs /= scale
    fitted = np.zeros(inputs.shape[1])
    fitted[0] = math.log(targets.mean())
    for _ in range(30):
        rates = np.exp((inputs @ fitted).clip(-20, 4))
        hessian = inputs.T @ (inputs * rates[:, None]) + np.eye(len(fitted))
        step = np.linalg.solve(hessian, inputs.T @ (targets - rates) - fitted)
        fitted += step / max(1.0, float(np.abs(step).max()))
    print(answer_words.WordWeights(*(fitted / scale).round(3).tolist()))
    print("validation, with the shipped ones", mean(validation, ranking(about.Weights())).round(2))


def words(questions: list[Question]) -> None:
    """For each word of at least eight questions the ROUGE-1 precision near it, over that of the whole meeting."""
    lifts: dict[str, list[float]] = defaultdict(list)
    for one in questions:
        source = one.meeting.source
        known = set(one.unigrams)
        said = [*map(stem_cached, source.words(source.tokens.tolist()))]
        has = np.array([stem in known for stem in said])
        for word in set(split_words(one.text)):
            at = np.flatnonzero([stem == stem_cached(word) for stem in said])
            if len(at):
                near = np.zeros(len(has), dtype=bool)
                for place in at:
                    near[max(0, place - 30) : place + 31] = True
                lifts[word].append(has[near].mean() / has.mean())
    for word, found in sorted(lifts.items(), key=lambda item: fmean(item[1])):
        if len(found) >= 8:
            print(f"{word:20} {len(found):5} {fmean(found):.2f}")


@cache
def stem_cached(word: str) -> str:
    return stem_of(word)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["fit", "parts", "nothing", "expect", "words"])
    parser.add_argument("train")
    parser.add_argument("validation", nargs="?")
    parser.add_argument("--minutes", type=float, default=10)
    asked = parser.parse_args()
    summarizer = Summarizer.load("general")
    train = read(asked.train, summarizer)
    validation = read(asked.validation, summarizer) if asked.validation else []
    if asked.what == "fit":
        fit(train, validation, asked.minutes)
    elif asked.what == "parts":
        parts(train, validation)
    elif asked.what == "expect":
        expect(train, validation)
    else:
        (nothing if asked.what == "nothing" else words)(train)
