"""Saliences for what a document says about a question."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import numpy as np
import pytest

from fastsum import FastsumError, Summarizer, summary_schema
from fastsum.summary.about import NEAR, find_about
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

PEOPLE = ["Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jule", "Karl", "Lena"]
PLACES = [
    "market",
    "school",
    "chapel",
    "station",
    "bakery",
    "mill",
    "museum",
    "garden",
    "theatre",
    "bridge",
    "square",
    "bay",
]
BEFORE, AFTER = (
    [f"{who} {did} the {place} on a mild day, and stayed there with friends until the evening. " for who, place in rows]
    for did, rows in (
        ("went to", zip(PEOPLE, PLACES, strict=True)),
        ("came from", zip(PEOPLE, reversed(PLACES), strict=True)),
    )
)
TEXT = (
    "".join(BEFORE)
    + "The new crane was the subject of the evening. "
    + "Its price had doubled since the tender, and the council put off buying a crane for a year. "
    + "The harbour master said that loans would cover the purchase. "
    + "".join(AFTER)
    + "A choir sang at the end."
)
TALK = """Ada: We should paint the sheds this spring, before the visitors come.
Ben: I would rather repair the long pier first, it is older than the sheds.
Ada: The pier can wait until the autumn, the engineers have told us so.
Ben: Paint is cheap, and we have three people for the sheds already.
Cleo: The ferry company has asked for another timetable from the first of May.
Ada: The timetable is for the town to decide, and not for us.
"""


@pytest.fixture(scope="module")
def summarizer(tiny_checkpoint: Path) -> Summarizer:
    return Summarizer.load(tiny_checkpoint, device="cpu")


@pytest.fixture(scope="module")
def words() -> Tokenizer:
    return Tokenizer.train([TEXT + TALK], 300)


def asked(text: str, question: str, words: Tokenizer) -> tuple[Source, list[float]]:
    source = read_source(text, words)
    return source, find_about(source, [0.5] * len(source.sentences), question).salience


@pytest.mark.parametrize("question", ["What was said about the crane?", "crane", "the price of cranes", "CRANES"])
def test_an_answer_stands_around_the_words_of_the_question(question: str, words: Tokenizer) -> None:
    source, salience = asked(TEXT, question, words)
    best = source.shown(int(np.argmax(salience)))
    assert "crane" in best
    near = [source.shown(index) for index in np.argsort(salience)[::-1][:3]]
    assert "The harbour master said that loans would cover the purchase." in near  # has no word of the question
    assert salience[0] == salience[-1] == 0.0  # too far away
    assert all(0 <= value < 1 for value in salience)


def test_what_is_not_near_is_not_about_it(words: Tokenizer) -> None:
    source, salience = asked(TEXT, "crane", words)
    crane = next(number for number in range(len(source.sentences)) if "crane" in source.shown(number))
    for number, length in enumerate(source.lengths):
        between = sum(source.lengths[min(number, crane) + 1 : max(number, crane)])
        if between > 2 * NEAR and length:
            assert salience[number] == 0.0


def test_the_question_says_whom(words: Tokenizer) -> None:
    for name in ("Ada", "Ben"):
        source, salience = asked(TALK, f"What did {name} think about the sheds?", words)
        turn = source.turn(int(np.argmax(salience)))
        assert turn is not None
        assert turn.speaker == name
        assert "sheds" in source.shown(int(np.argmax(salience)))
    source, salience = asked(TALK, "What did Cleo say?", words)
    turn = source.turn(int(np.argmax(salience)))
    assert turn is not None
    assert turn.speaker == "Cleo"


def test_words_of_asking_are_looked_for_only_where_there_are_no_others(words: Tokenizer) -> None:
    source, salience = asked(TALK, "Summarize the discussion about the timetable", words)
    assert "timetable" in source.shown(int(np.argmax(salience)))
    source, salience = asked(TALK, "decide", words)
    assert "decide" in source.shown(int(np.argmax(salience)))


def test_a_document_can_say_nothing(summarizer: Summarizer) -> None:
    summary = summarizer.summarize(TEXT, about="How many submarines were sold?", words=50)
    assert summary.sentences == ()
    assert str(summary) == ""
    assert summary.notes == ('the document says nothing about "How many submarines were sold?"',)
    assert set(summary.document_salience) == {0.0}
    assert summary.as_dict()["about"] == "How many submarines were sold?"


def test_what_is_missing_is_named(summarizer: Summarizer) -> None:
    summary = summarizer.summarize(TEXT, about="the crane and submarines", sentences=1)
    assert "crane" in str(summary)
    assert "not in the document: submarines" in summary.notes


def test_a_summary_is_not_filled_up_with_something_else(summarizer: Summarizer) -> None:
    asked_for = len(TEXT.split()) - 10
    summary = summarizer.summarize(TEXT, about="crane", words=asked_for)
    assert 0 < summary.words < asked_for
    assert "choir" not in str(summary)
    assert any(note.endswith("the document has no more that are about it") for note in summary.notes)
    assert "choir" in str(summarizer.summarize(TEXT, words=asked_for))


def test_without_a_word_to_look_for_it_is_a_summary_of_the_whole(summarizer: Summarizer) -> None:
    summary = summarizer.summarize(TALK, about="What is it about?", sentences=2)
    assert str(summary) == str(summarizer.summarize(TALK, sentences=2))
    assert summary.notes == ('"What is it about?" has no word to look for: this is a summary of the whole document',)


@pytest.mark.parametrize("about", ["", " ?! "])
def test_a_question_has_a_word(summarizer: Summarizer, about: str) -> None:
    with pytest.raises(FastsumError, match="about must be a question or words"):
        summarizer.summarize(TEXT, about=about)


@pytest.mark.parametrize("mode", ["extractive", "abstractive"])
def test_both_modes_keep_to_the_schema(summarizer: Summarizer, mode: str) -> None:
    from jsonschema import Draft202012Validator, ValidationError

    validator = Draft202012Validator(summary_schema())
    told = summarizer.summarize(TEXT, mode, about="crane", sentences=2).as_dict()
    silent = summarizer.summarize(TEXT, mode, about="submarines", sentences=2).as_dict()
    for found in (told, silent):
        validator.validate(json.loads(json.dumps(found)))
        assert found["mode"] == mode
    assert len(told["sentences"]) == 2
    assert all(0 < sentence["salience"] < 1 for sentence in told["sentences"])
    assert silent["sentences"] == []
    with pytest.raises(ValidationError):  # only what is asked about can be missing
        validator.validate({**silent, "about": None})


def test_each_of_many_texts_is_asked(summarizer: Summarizer) -> None:
    found = list(summarizer.summarize_many([TEXT, TALK, TEXT], about="the timetable", sentences=1))
    assert [bool(summary.sentences) for summary in found] == [False, True, False]
    assert "timetable" in str(found[1])


def test_odd_documents_and_questions(words: Tokenizer) -> None:
    for text in ("Crane.", "# Crane\n", "crane " * 3000, "12 34. 56 78."):
        for question in ("crane", "crane " * 500, "12?", "crane\nprice\n", "日本", "’s", "c"):
            source, salience = asked(text, question, words)
            assert len(salience) == len(source.sentences)
            assert np.isfinite(salience).all()
    # of a pasted page the rarest words are looked for
    page = " ".join(f"word{number}" for number in range(200)) + " crane"
    assert not any(asked(TEXT, page, words)[1])


def test_time_is_not_quadratic(words: Tokenizer) -> None:
    generator = random.Random(0)
    vocabulary = [f"{a}{b}{c}" for a in "bdgklmnprst" for b in "aeiou" for c in "bdgklmnprst"]

    def document(sentences: int) -> Source:
        lines = (" ".join(generator.choices(vocabulary, k=15)).capitalize() + "." for _ in range(sentences))
        return read_source("\n\n".join(lines), words)

    def seconds(source: Source) -> float:
        times = []
        for _ in range(3):
            started = time.process_time()
            find_about(source, [0.5] * len(source.sentences), "bab bad gag kok?")
            times.append(time.process_time() - started)
        return min(times)

    assert seconds(document(16_000)) < 40 * max(seconds(document(2_000)), 0.005)  # 64 if it were
