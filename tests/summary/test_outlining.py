"""Outlines: what is in them, how their length is dealt out, and the notes on what is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fastsum import Outline
from fastsum.config import DecodingConfig
from fastsum.errors import UsageError
from fastsum.summary.limits import Limits, limits_for
from fastsum.summary.outline import UNTITLED
from fastsum.summary.outlining import make_outline
from fastsum.text.sections import sections_of
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

NAMES = [
    "Ada", "Ben", "Cleo", "Dora", "Emil", "Fred", "Gert", "Hans", "Ines", "Jack", "Kate", "Lars", "Mona", "Nora",
    "Otto", "Paul", "Rosa", "Sven", "Tina", "Ulla",
]  # fmt: skip


def sentence(number: int, words: int = 8) -> str:
    """A sentence that repeats no three words of another."""
    return f"{NAMES[number % 20]} saw {' '.join(f'w{number}x{i}' for i in range(words - 2))}."


def section(heading: str, first: int, count: int, words: int = 8) -> str:
    return f"{heading}\n\n{' '.join(sentence(first + i, words) for i in range(count))}\n\n"


DOCUMENT = (
    "# Report\n\n"
    + section("## Aims", 0, 2)
    + "## Contents\n\n"
    + section("## Plans", 100, 4)
    + section("### Who", 200, 36)
    + section("#### Deep", 300, 4)
    + section("## Costs", 400, 18)
)


@pytest.fixture(scope="module")
def source() -> Source:
    return read_source(DOCUMENT, Tokenizer.train([DOCUMENT], 80))


def outline(source: Source, salience: Sequence[float] = (), only: set[int] | None = None, **asked: object) -> Outline:
    limits = limits_for(DecodingConfig(coverage=0.0), **({"outline": 2} | asked))  # type: ignore[arg-type]
    given = salience or [1 / (2 + index) for index in range(len(source.sentences))]
    return make_outline(source, given, limits.of(source.text), sections_of(source), only=only)


def test_sections_are_nested_with_their_words_and_shares(source: Source) -> None:
    found = outline(source)
    rows = [(s.number, s.title, s.level, s.words, round(s.share, 3)) for s in found.all_sections()]
    assert rows == [
        ("1", "Aims", 1, 16, 0.031),
        ("2", "Plans", 1, 352, 0.688),
        ("2.1", "Who", 2, 320, 0.625),
        ("3", "Costs", 1, 144, 0.281),
    ]
    for one in found.all_sections():
        assert found.document[one.start :].lstrip("# ").startswith(one.title or "")
        assert all(one.start < span.start < span.end <= one.end for s in one.sentences for span in s.sources)
    assert found.notes == ("1 heading without prose below it is left out",)
    assert [s for one in found.all_sections() for s in one.sentences] == list(found.sentences)


def test_the_depth_folds_what_is_deeper(source: Source) -> None:
    assert [s.title for s in outline(source, outline=1).all_sections()] == ["Aims", "Plans", "Costs"]
    assert [s.title for s in outline(source, outline=3).all_sections()] == ["Aims", "Plans", "Who", "Deep", "Costs"]
    deep = max(range(len(source.sentences)), key=lambda i: source.written(i).startswith("Ada saw w300x"))
    salience = [0.9 if index == deep else 0.1 for index in range(len(source.sentences))]
    assert "w300x0" in str(outline(source, salience, outline=1, sentences=3))


@pytest.mark.parametrize("words", [32, 40, 60, 90])
def test_every_section_gets_a_sentence_where_there_is_room(source: Source, words: int) -> None:
    found = outline(source, words=words)
    assert all(1 <= len(s.sentences) <= 3 for s in found.all_sections())
    assert words - 8 < found.words <= words


def test_length_grows_with_the_root_of_the_section(source: Source) -> None:
    sizes = {s.title: len(s.sentences) for s in outline(source, sentences=8).all_sections()}
    assert sizes == {"Aims": 1, "Plans": 1, "Who": 3, "Costs": 3}


def test_the_longest_sections_come_first_where_room_is_short(source: Source) -> None:
    found = outline(source, sentences=2)
    assert [s.title for s in found.all_sections() if s.sentences] == ["Who", "Costs"]
    assert "2 of 4 sections have no sentence: 2 sentences have no room for more" in found.notes
    assert [s.title for s in outline(source, words=9).all_sections() if s.sentences] == ["Who"]
    cut = outline(source, words=3)
    assert cut.words == 3
    assert "the outline is the beginning of a sentence: every one is longer than 3 words" in cut.notes


def test_no_more_than_three_sentences_a_section(source: Source) -> None:
    found = outline(source, words=500)
    assert [len(s.sentences) for s in found.all_sections()] == [2, 3, 3, 3]
    assert "the outline has 88 words instead of 500: at most 3 sentences a section" in found.notes
    assert "the outline has 11 sentences instead of 40: at most 3 a section" in outline(source, sentences=40).notes


def test_a_length_by_name_scales_the_usual_one(source: Source) -> None:
    short, usual, long = (outline(source, length=name).words for name in ("short", "medium", "long"))
    assert short <= usual < long
    assert usual == outline(source).words


def test_only_what_is_asked_for_is_said(source: Source) -> None:
    prose = [index for index, one in enumerate(source.sentences) if one.is_prose]
    found = outline(source, only=set(prose[:2]))
    assert [s.title for s in found.all_sections()] == ["Aims"]
    assert "3 sections that say nothing of what was asked for are left out" in found.notes


def test_a_sentence_is_said_once() -> None:
    same = section("# A", 1, 1) + section("# B", 1, 1)
    source = read_source(same, Tokenizer.train([same], 40))
    found = outline(source)
    assert [len(s.sentences) for s in found.all_sections()] == [1, 0]
    assert "1 of 2 sections has no sentence: they would repeat others" in found.notes


@pytest.mark.parametrize("text", ["# A\n\n## B", "# A", "word"])
def test_a_document_without_prose_has_an_outline(text: str) -> None:
    found = outline(read_source(text, Tokenizer.train([text], 20)))
    assert len(found.sentences) == 1
    assert sum(s.share for s in found.sections) == 1


def test_the_beginning_without_a_heading_has_a_name() -> None:
    text = section("", 1, 2) + section("# A", 10, 2)
    found = outline(read_source(text, Tokenizer.train([text], 40)))
    assert [(s.title, s.shown, s.is_heading) for s in found.sections] == [(None, UNTITLED, False), ("A", "A", True)]


@pytest.mark.parametrize(
    "options", [{"outline": 0}, {"outline": 7}, {"outline": True}, {"outline": 2, "mode": "abstractive"}]
)
def test_impossible_outlines_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="outline"):
        limits_for(DecodingConfig(), **options)  # type: ignore[arg-type]


def test_a_model_that_writes_makes_outlines_of_its_documents_sentences() -> None:
    assert limits_for(DecodingConfig(mode="abstractive"), outline=1).decoding.mode == "extractive"
    assert isinstance(limits_for(DecodingConfig()), Limits)


def test_what_leans_on_others_is_said_only_where_there_is_nothing_else() -> None:
    text = (
        "# One\n\nThey were found there by the whole crew at night. Moira Cullen found two dogs on the ice.\n\n"
        "# Two\n\nWhat did the harbour master say about it later? It was shut for the rest of the year.\n\n"
        '# Three\n\n"Nobody ever answered one of our letters." Ada saw that the northern quay was closed.\n'
    )
    source = read_source(text, Tokenizer.train([text], 80))
    found = outline(source, [0.9 - 0.01 * index for index in range(len(source.sentences))], sentences=3)
    assert [sentence.text for sentence in found.sentences] == [
        "Moira Cullen found two dogs on the ice.",
        "What did the harbour master say about it later?",
        "Ada saw that the northern quay was closed.",
    ]


LIST = (
    "The ship carried in its hold:\n\n- seals and the skins of seals from Lindhaven\n- nets that nobody had mended\n\n"
    "Moira Cullen came home. Cullen sold the whole of it at the northern quay.\n\n"
)
ASKED = "# Two\n\nA question was asked. Who came home from the ice? Nobody.\n\n# Three\n\nIt was shut."


def said(text: str, preferred: str, sentences: int) -> list[list[str]]:
    source = read_source(text, Tokenizer.train([text], 80))
    salience = [0.9 if preferred in source.text[one.start : one.end] else 0.1 for one in source.sentences]
    found = outline(source, salience, sentences=sentences)
    return [[sentence.text for sentence in section.sentences] for section in found.all_sections()]


def test_an_item_is_said_with_what_announces_its_list() -> None:
    text = f"# One\n\n{LIST}{ASKED}"
    assert said(text, "seals", 5)[0][:2] == [
        "The ship carried in its hold:",
        "seals and the skins of seals from Lindhaven.",
    ]
    assert [len(sentences) for sentences in said(text, "seals", 3)] == [1, 1, 1]  # no section has none for it


def test_who_is_named_is_introduced_in_the_section() -> None:
    found = said(f"# One\n\n{LIST}{ASKED}\n\n# Four\n\nCullen was never seen on the ice again.", "Cullen s", 5)
    assert found[0][-2:] == ["Moira Cullen came home.", "Cullen sold the whole of it at the northern quay."]
    assert found[3] == ["Cullen was never seen on the ice again."]


def test_a_question_is_said_with_its_short_answer() -> None:
    assert "Who came home from the ice? Nobody." in said(f"# One\n\n{LIST}{ASKED}", "Who", 5)[1]


def test_what_somebody_says_is_said_only_where_nothing_else_is_told() -> None:
    speech = '"There is serious news for you this very morning," the harbour master observed.'
    text = f"# One\n\n{speech} The ship lay in the ice for the whole of the winter.\n\n# Two\n\n{speech.title()}\n"
    assert said(text, "serious", 2) == [["The ship lay in the ice for the whole of the winter."], [speech.title()]]
