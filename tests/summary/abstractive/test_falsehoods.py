"""Readings that a sentence does not bear: none of them can be written, nor any other but those that are right."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastsum.text.english.wording import transitions
from fastsum.text.tokenizer import Tokenizer

TOKENIZER = Tokenizer.train(["a"], 10)


class Case(NamedTuple):
    """A sentence and readings of it."""

    text: str
    wrong: list[str]
    right: list[str]


@cache
def cases() -> list[Case]:
    found: list[Case] = []
    for line in (Path(__file__).parent / "falsehoods.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(("- ", "+ ")):
            (found[-1].wrong if line[0] == "-" else found[-1].right).append(line[2:])
        elif line and line[0] != "#":
            found.append(Case(line, [], []))
    return found


def words_of(text: str) -> tuple[str, ...]:
    (encoding,) = TOKENIZER.encode_batch([text])
    return tuple(encoding.words)


def readings(text: str) -> set[tuple[str, ...]]:
    """All that may be written of a sentence."""
    (encoding,) = TOKENIZER.encode_batch([text])
    found = transitions(encoding.words, encoding.offsets, text)

    def written(place: int) -> Iterator[tuple[str, ...]]:
        word = (encoding.words[place],)
        if found.closes[place]:
            yield word
        for later in found.follows[place]:
            for rest in written(later):
                yield word + rest

    return {reading for place, starts in enumerate(found.starts) if starts for reading in written(place)}


def test_no_sentence_is_made_to_say_what_it_does_not() -> None:
    assert len(cases()) >= 200
    for case in cases():
        accepted = readings(case.text)
        assert words_of(case.text) in accepted
        assert not [wrong for wrong in case.wrong if words_of(wrong) in accepted]
        more = accepted - {words_of(case.text), *map(words_of, case.right)}
        assert not more, f"not known to be right: {[' '.join(words) for words in more]}"


def test_every_sentence_has_a_reading_that_is_wrong() -> None:
    assert all(case.wrong for case in cases())
    assert len({case.text for case in cases()}) == len(cases())


def test_most_of_the_right_readings_can_be_written() -> None:
    right = [(case.text, reading) for case in cases() for reading in case.right]
    accepted = [reading for text, reading in right if words_of(reading) in readings(text)]
    print(f"{len(accepted)} of {len(right)} right readings of {len(cases())} sentences")
    assert len(accepted) >= 0.9 * len(right)
