"""Which of the document's own sentences are the summary."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest

from fastsum.config import DecodingConfig
from fastsum.summary.extraction import choose, extract
from fastsum.summary.limits import Limits
from fastsum.text.english import rules as english
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

TEXT = """The harbour at Port Ellis froze over on Monday for the first time since 1987. The council did not send \
an icebreaker from the town of Lindhaven on Tuesday. Two dogs fell in on Monday for the first time in 40 years."""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([TEXT + ' "'], 80)


def test_a_sentence_that_repeats_itself_gives_way_to_one_less_salient(tokenizer: Tokenizer) -> None:
    source = read_source("On and on and on and on. Two dogs fell in. " + TEXT, tokenizer)
    strict = Limits(DecodingConfig(min_salience=0.5), False)
    assert str(extract(source, [0.9, 0.2, 0.1, 0.1, 0.1], strict)) == "Two dogs fell in."


def test_what_repeats_is_shown_without_it_where_it_can_be(tokenizer: Tokenizer) -> None:
    first, second = (
        "Large doses cured mice (n = 12) of the flu.",
        "Small doses did not help rats (n = 12) of both sexes.",
    )
    source = read_source(f"{first} {second}", tokenizer)
    room = DecodingConfig(sentences=0, words=19, block_ngrams=3)
    (one, other) = extract(source, [0.9, 0.8], Limits(room, False, scale=9.0)).sentences
    assert one.text == first
    assert other.text == "Small doses did not help rats of both sexes."
    assert other.sources[0].text == second
    # a length asked for is reached by the document's sentences as they are
    assert [sentence.text for sentence in extract(source, [0.9, 0.8], Limits(room, True)).sentences] == [first]
    both = Limits(dataclasses.replace(room, words=22), True)
    assert [sentence.text for sentence in extract(source, [0.9, 0.8], both).sentences] == [first, second]


def test_sentences_are_chosen_for_the_words_that_they_add(tokenizer: Tokenizer) -> None:
    one, same, other = "Two dogs fell in.", "Dogs in two fell again.", "The council sent an icebreaker."
    source = read_source(f"{one} {same} {other}", tokenizer)
    expected = dict.fromkeys((number for row in source.ids for number in row), 1.0)
    salience = [0.9, 0.8, 0.7]
    for coverage, shown in ((0.0, [one, same]), (9.0, [one, other])):
        limits = Limits(DecodingConfig(sentences=2, coverage=coverage), False, scale=9.0)
        assert str(extract(source, salience, limits, expected)).splitlines() == shown
        assert str(extract(source, salience, limits)).splitlines() == [one, same]  # where nothing is expected


def test_a_short_document_has_a_shorter_summary(tokenizer: Tokenizer) -> None:
    source = read_source(" ".join(f"Dog{n} ate{n} the{n} cat{n} dead{n}." for n in range(20)), tokenizer)  # 100 words
    salience = [0.5] * 20
    settings = DecodingConfig(sentences=0, words=60)
    for scale, words in ((0.5, 20), (1.0, 40), (2.0, 60)):
        asked = Limits(settings, False, scale=scale).of(source.text)
        assert asked.decoding.words == words
        assert extract(source, salience, asked).words == words
    assert extract(source, salience, Limits(settings, True).of(source.text)).words == 60
    assert Limits(DecodingConfig(sentences=3, words=0), False).of(source.text).decoding.words == 0
    alone = read_source("Nine dogs fell into the harbour of Port Ellis on Monday and swam home.", tokenizer)
    summary = extract(alone, [0.5], Limits(DecodingConfig(sentences=0, words=10), False))
    assert summary.words == 14
    roomy = extract(alone, [0.5], Limits(settings, False, scale=0.5).of(alone.text))
    assert (roomy.words, roomy.notes) == (14, ())


def test_bits_do_not_fill_up_a_summary_but_the_length_asked_for(tokenizer: Tokenizer) -> None:
    source = read_source("Under salt stress. Two dogs fell in on Monday. It froze over last year too.", tokenizer)
    salience = [0.9, 0.5, 0.1]
    filled = Limits(DecodingConfig(sentences=0, words=14), False, scale=9.0)
    assert str(extract(source, salience, filled)).splitlines() == [
        "Two dogs fell in on Monday.",
        "It froze over last year too.",
    ]
    asked = filled._replace(exact=True)
    assert str(extract(source, salience, asked)) == str(extract(source, salience, filled))  # within a sentence of it
    roomy = asked._replace(decoding=DecodingConfig(sentences=0, words=20))
    assert "Under salt stress." in str(extract(source, salience, roomy))
    assert "Under salt stress." in str(extract(source, salience, Limits(DecodingConfig(sentences=1), False, scale=9.0)))
    only = read_source("Under salt stress. Likelihood method.", tokenizer)
    assert str(extract(only, [0.2, 0.9], filled)) == "Likelihood method."


class Watched(Source):
    """A document that remembers which sentences were shown."""

    def __init__(self, source: Source, language: Any = english) -> None:
        parts = (source.text, source.sentences, source.tokens, source.lengths, source.outside, source.tokenizer)
        super().__init__(*parts, language)
        object.__setattr__(self, "seen", [])

    def shown(self, sentence: int) -> str:
        self.seen.append(sentence)
        return super().shown(sentence)


def test_a_long_document_is_not_searched_to_its_end_and_what_cannot_fit_is_not_presented(tokenizer: Tokenizer) -> None:
    asked = []

    def least_words(sentence: str) -> int:
        asked.append(sentence)
        return english.least_words(sentence)

    functions = {name: getattr(english, name) for name in english.__all__}
    language = SimpleNamespace(**functions | {"least_words": least_words})
    read = read_source(" ".join(f"D{n} e{n} f{n} g{n} h{n} j{n}." for n in range(3000)), tokenizer)
    source = Watched(read, language)
    for exact in (False, True):  # two sentences fit, and nothing after them
        asked.clear()
        source.seen.clear()
        limits = Limits(DecodingConfig(sentences=0, words=13), exact)
        chosen = choose(source, [0.5] * 3000, limits, 13)
        assert [found.sentence for found in chosen] == [0, 1]
        assert source.seen == [0, 1]
        assert len(asked) == 1002  # a thousand that do not fit


def test_a_document_that_has_more_is_not_presented_whole_to_know_it(tokenizer: Tokenizer) -> None:
    source = Watched(read_source(" ".join(f"D{n} e{n} f{n} g{n} h{n} j{n}." for n in range(300)), tokenizer))
    asked = Limits(DecodingConfig(sentences=0, words=13), True)
    assert extract(source, [0.5] * 300, asked).notes == ()
    assert set(source.seen) == {0, 1, 2}
    short = Watched(read_source(f"{TEXT} {TEXT}", tokenizer))
    notes = extract(short, [0.5] * 6, Limits(DecodingConfig(sentences=0, words=90), True)).notes
    assert notes[0].endswith("the others repeat these word for word")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("He rose. Would he ever sell the harbour? Never. The board met.", "Would he ever sell the harbour? Never."),
        ("He rose.\n\nWhat did the quay cost? £40,000.\n\nNobody paid.", "What did the quay cost? £40,000."),
        (
            "“Would you ever sell it?” she asked.\n\n“Never.”\n\nHe rose.",
            "“Would you ever sell it?” she asked. “Never.”",
        ),
        ("Will they close the quay? Yes. The board met.", "Will they close the quay? Yes."),
        ("Q: What did you pay?\nA: £40,000.\nQ: And who was it?\nA: Ada.", "Q: What did you pay? A: £40,000."),
    ],
)
def test_a_question_is_shown_with_its_short_answer(tokenizer: Tokenizer, text: str, shown: str) -> None:
    source = read_source(text, tokenizer)
    salience = [
        float("?" in source.written(i) and "And" not in source.written(i)) for i in range(len(source.sentences))
    ]
    (sentence,) = extract(source, salience, Limits(DecodingConfig(sentences=1), False)).sentences
    assert sentence.text == shown
    assert len(sentence.sources) == 2
    room = Limits(DecodingConfig(sentences=0, words=len(shown.split()) - 1), False)
    assert all(len(one.text.split()) < len(shown.split()) for one in extract(source, salience, room).sentences)


@pytest.mark.parametrize(
    ("text", "shown", "alone"),
    [
        ("Would he ever sell the harbour?\n\nContents.\n\nThe board met.", None, "The board met."),
        (
            "Would he ever sell the harbour? The board met on Monday.",
            ["Would he ever sell the harbour?", "The board met on Monday."],
            "The board met on Monday.",
        ),
    ],
)
def test_a_question_without_a_short_answer_is_shown_with_the_next_sentence_or_not_at_all(
    tokenizer: Tokenizer, text: str, shown: list[str] | None, alone: str
) -> None:
    source = read_source(text, tokenizer)
    salience = [float("?" in source.written(i)) for i in range(len(source.sentences))]
    for sentences, expected in ((1, [alone]), (2, shown or [alone])):
        summary = extract(source, salience, Limits(DecodingConfig(sentences=sentences, min_salience=0.0), False))
        assert [sentence.text for sentence in summary.sentences] == expected
        assert all(len(sentence.sources) == 1 for sentence in summary.sentences)


def test_an_answer_is_not_chosen_without_its_question(tokenizer: Tokenizer) -> None:
    asked, answer = "“Would you ever sell it?” she asked.", "“Never.”"
    for last, one in (("Ada rose at once and went.", None), ("He rose at once and went.", f"{asked} {answer}")):
        source = read_source(f"{asked}\n\n{answer}\n\n{last}", tokenizer)
        for count, shown in ((1, [one or last]), (2, [f"{asked} {answer}", last])):
            limits = Limits(DecodingConfig(sentences=count, min_salience=0.0), False)
            assert str(extract(source, [0.1, 0.9, 0.5], limits)).splitlines() == shown


def test_what_points_back_to_a_short_answer_is_chosen_with_its_question(tokenizer: Tokenizer) -> None:
    text = "Would he ever sell the harbour? Never. He rose at once and went. The board met on Monday."
    source = read_source(text, tokenizer)
    limits = Limits(DecodingConfig(sentences=2, min_salience=0.0), False)
    assert str(extract(source, [0.1, 0.0, 0.9, 0.5], limits)).splitlines() == [
        "Would he ever sell the harbour? Never.",
        "He rose at once and went.",
    ]


def test_a_chat_without_stops_has_messages_and_no_pieces(tokenizer: Tokenizer) -> None:
    def notes(text: str) -> tuple[str, ...]:
        source = read_source(text, tokenizer)
        return extract(source, [0.5] * len(source.sentences), Limits(DecodingConfig(), exact=False)).notes

    words = "we will close the quay on monday and nobody has told the crews of it yet "
    chat = [f"[02.03.26, 09:{minute}:01] {'AB'[minute % 2]}da: {words}" for minute in range(10, 30)]
    assert not any("stops" in note for note in notes("\n".join(chat)))
    assert any("stops" in note for note in notes(words * 20))


def test_a_document_of_over_300_words_has_two_sentences_though_the_second_is_little_salient(
    tokenizer: Tokenizer,
) -> None:
    settings = DecodingConfig(words=80, min_salience=0.5, min_sentences=2)
    for count, shown in ((60, 1), (61, 2)):
        source = read_source(" ".join(f"Dog{n} ate{n} the{n} cat{n} dead{n}." for n in range(count)), tokenizer)
        limits = Limits(settings, False).of(source.text)
        assert len(extract(source, [0.9, *[0.1] * (count - 1)], limits).sentences) == shown
        short = Limits(dataclasses.replace(settings, sentences=1), False).of(source.text)
        assert len(extract(source, [0.9] * count, short).sentences) == 1
