"""Who is named before the sentences of a summary."""

from __future__ import annotations

import dataclasses
import itertools

from fastsum.config import DecodingConfig
from fastsum.summary.attribution import Attribution
from fastsum.summary.extraction import extract
from fastsum.summary.limits import Limits
from fastsum.summary.selection import select
from fastsum.text.source import read_source
from fastsum.text.tokenizer import Tokenizer

SPEAKERS = ["Ann: ", "Ann: ", "Ben Lee: ", "Ann: ", "", "Ben Lee: "]
TALK = [f"Word{n} is said {n} times." for n in range(len(SPEAKERS))]


def attribution(once: bool) -> Attribution:
    return Attribution(lambda sentence: SPEAKERS[sentence], once=once)


def test_a_name_stands_once_for_all_that_somebody_says_in_a_row() -> None:
    every = range(len(TALK))
    names = {}
    for once in (True, False):
        found = select(
            every, lambda i: [TALK[i]], sentences=0, words=0, block_ngrams=0, names=attribution(once), exact=True
        )
        names[once] = [one.text.removesuffix(TALK[one.sentence]) for one in found]
    assert names[False] == SPEAKERS
    assert names[True] == ["Ann: ", "", "Ben Lee: ", "Ann: ", "", "Ben Lee: "]


def test_the_words_of_names_add_up_in_any_order() -> None:
    for order in itertools.permutations(range(len(SPEAKERS))):
        names = attribution(True)
        added = 0
        for sentence in order:
            added += names.words(sentence, TALK[sentence])
            names.add(sentence, TALK[sentence])
        assert added == sum(len(label.split()) for label in names.labels())


def test_a_limit_of_words_counts_the_names_that_are_shown() -> None:
    together = ["Ann: ", "Ann: ", "Ann: "]
    names = Attribution(lambda sentence: together[sentence], once=True)
    found = select(range(3), lambda i: [TALK[i]], sentences=0, words=16, block_ngrams=0, names=names, exact=True)
    assert [one.text for one in found] == ["Ann: Word0 is said 0 times.", TALK[1], TALK[2]]
    names = Attribution(lambda sentence: together[sentence])
    found = select(range(3), lambda i: [TALK[i]], sentences=0, words=16, block_ngrams=0, names=names, exact=True)
    assert [one.sentence for one in found] == [0, 1]


def summary_of(talk: str, tokenizer: Tokenizer) -> list[str]:
    source = read_source(talk, tokenizer)
    limits = Limits(DecodingConfig(sentences=0, words=100), True)
    return [one.text for one in extract(source, [0.5] * len(source.sentences), limits).sentences]


def test_names_of_a_transcript(tokenizer: Tokenizer) -> None:
    turns = [
        "Ann: The wall on the quay costs two million. The work will begin in the month of June.",
        "Ben: All boats go to the northern basin then.",
        "Ben: Did the board vote for it yesterday evening?",
        "Ann: Yes.",
        "Ben: The ferries will be late in every storm from the east.",
        "Ann: The shipping line has not agreed to the new timetable yet.",
    ]
    talk = "\n".join(f"[00:{number:02}:10] {turn}" for number, turn in enumerate(turns))
    assert summary_of(talk, tokenizer) == [
        "Ann: The wall on the quay costs two million.",
        "The work will begin in the month of June.",
        "Ben: All boats go to the northern basin then.",
        "Did the board vote for it yesterday evening? Ann: Yes.",
        "Ben: The ferries will be late in every storm from the east.",
        "Ann: The shipping line has not agreed to the new timetable yet.",
    ]


def test_names_stand_at_every_sentence_where_somebody_is_not_named(tokenizer: Tokenizer) -> None:
    talk = "[00:01:10] Ann: The wall on the quay costs two million. The work will begin in the month of June.\n"
    read = read_source(talk + "[00:02:10] Ben: All boats go to the northern basin then.", tokenizer)
    assert read.turns.are_all_named
    nobody = read.turns.turns[1]._replace(speaker="")
    source = dataclasses.replace(read, turns=dataclasses.replace(read.turns, turns=(read.turns.turns[0], nobody)))
    limits = Limits(DecodingConfig(sentences=0, words=100), True)
    assert [one.text for one in extract(source, [0.5] * 3, limits).sentences] == [
        "Ann: The wall on the quay costs two million.",
        "Ann: The work will begin in the month of June.",
        "All boats go to the northern basin then.",
    ]
