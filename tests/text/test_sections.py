"""The tree of sections that headings make, by marks, numbers, words, or looks alone."""

from __future__ import annotations

import pytest

from fastsum.text.english.divisions import division
from fastsum.text.sections import Part, Sections, sections_of
from fastsum.text.source import read_source
from fastsum.text.tokenizer import Tokenizer

PROSE = "The council met again on the first Monday of the month. Nobody had read the report."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([PROSE], 60)


def tree(sections: Sections) -> list[object]:
    """Titles, each followed by the list of those below it, if any."""

    def of(parts: list[Part]) -> list[object]:
        found: list[object] = []
        for part in parts:
            found.append(part.heading.title if part.heading else None)
            found += [of(part.parts)] if part.parts else []
        return found

    return of(sections.parts)


def written(*headings: str) -> str:
    """A text with a paragraph below each heading."""
    return "\n\n".join(f"{heading}\n\n{PROSE}" if heading else PROSE for heading in headings)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["# A", "## B", "### C", "## D", "# E"], ["A", ["B", ["C"], "D"], "E"]),
        (["## A ##", "#### B", "## C"], ["A", ["B"], "C"]),  # a level is left out
        (["1 Aims", "1.1 Costs", "1.2 Time", "2 Plans"], ["1 Aims", ["1.1 Costs", "1.2 Time"], "2 Plans"]),
        (["Part I", "Chapter 1", "Chapter 2", "Part II"], ["Part I", ["Chapter 1", "Chapter 2"], "Part II"]),
        (["Abstract", "1 Aims", "1.1 Costs", "Conclusions"], ["Abstract", "1 Aims", ["1.1 Costs"], "Conclusions"]),
        (["CHAPTER I.", "CHAPTER II."], ["CHAPTER I.", "CHAPTER II."]),  # sentences, but for their place
        (["## I. Aims", "## A. Costs", "## II. Plans"], ["I. Aims", ["A. Costs"], "II. Plans"]),
        (["2 Plans", "Who pays", "3 Costs"], ["2 Plans", ["Who pays"], "3 Costs"]),
        (["Aims", "Plans"], ["Aims", "Plans"]),
        (["Introduction", "Plans", "Conclusions"], ["Introduction", "Plans", "Conclusions"]),
        (["SEC. 1. It is cited.", "SEC. 2. It is paid."], ["SEC. 1. It is cited.", "SEC. 2. It is paid."]),
        (["", "# A", "# B"], [None, "A", "B"]),
        (
            ["## 1 Aims", "## 1.1 Costs", "## 2 Plans"],
            ["1 Aims", ["1.1 Costs"], "2 Plans"],
        ),  # a PDF's font has one size
        (["Aims\n====", "Costs\n-----", "Plans\n====="], ["Aims", ["Costs"], "Plans"]),
    ],
)
def test_headings_make_a_tree(tokenizer: Tokenizer, headings: list[str], expected: list[object]) -> None:
    assert tree(sections_of(read_source(written(*headings), tokenizer))) == expected


def test_a_heading_over_nearly_all_is_the_title(tokenizer: Tokenizer) -> None:
    cover, rest = written("# About this copy", "# Report"), "\n\n".join([written("## A", "## B")] * 6)
    found = sections_of(read_source(f"{cover}\n\n{rest}", tokenizer))
    assert found.title is not None
    assert (found.title.title, tree(found)) == ("Report", ["About this copy", "Report", *["A", "B"] * 6])
    covered = [index for part in found.parts for index in range(part.first, part.end)]
    assert covered == list(range(len(covered)))


def test_a_long_chapter_is_not_the_title(tokenizer: Tokenizer) -> None:
    text = "\n\n".join([written("# Preface"), written("# One", "## A", "## B")])
    assert tree(sections_of(read_source(text, tokenizer))) == ["Preface", "One", ["A", "B"]]


@pytest.mark.parametrize(
    "line",
    [
        "I took the paper from him and read as follows:",
        "SET THE PIPS ON COLEMAN, ARCHER, AND",
        "IS",
        '"Set the Pips on Archer and Coleman',
        "## A Modular Engine. In Denny Vran-",
    ],
)
def test_a_line_of_a_sentence_is_no_section(tokenizer: Tokenizer, line: str) -> None:
    found = sections_of(read_source(written("CHAPTER I. The Harbour", line, "CHAPTER II. The Quay"), tokenizer))
    assert tree(found) == ["CHAPTER I. The Harbour", "CHAPTER II. The Quay"]


def test_an_abstract_in_a_chapter_does_not_hold_its_numbered_sections(tokenizer: Tokenizer) -> None:
    text = written("# Storage", "## Abstract", "### 3.1. Aims", "### 3.2. Costs", "# Introduction", "### 4.1. Aims")
    found = ["Storage", ["Abstract", "3.1. Aims", "3.2. Costs"], "Introduction", ["4.1. Aims"]]
    assert tree(sections_of(read_source(text, tokenizer))) == found
    structured = written("# Storage", "## Abstract", "### Background", "### Results", "# Querying")
    assert tree(sections_of(read_source(structured, tokenizer)))[:2] == [
        "Storage",
        ["Abstract", ["Background", "Results"]],
    ]


@pytest.mark.parametrize("line", ["What You Will Need:", '"The Pips"', "A Letter to Archer"])
def test_a_short_line_is_a_section_below_the_chapter(tokenizer: Tokenizer, line: str) -> None:
    found = sections_of(read_source(written("CHAPTER I. The Harbour", line, "CHAPTER II. The Quay"), tokenizer))
    assert tree(found) == ["CHAPTER I. The Harbour", [line], "CHAPTER II. The Quay"]


def test_a_heading_over_all_is_the_title(tokenizer: Tokenizer) -> None:
    found = sections_of(read_source("# Report\n\n" + written("## A", "### B", "## C"), tokenizer))
    assert found.title is not None
    assert (found.title.title, tree(found)) == ("Report", ["A", ["B"], "C"])
    lead = sections_of(read_source(written("# Report", "## A", "## C"), tokenizer))
    assert tree(lead) == [None, "A", "C"]


def test_a_number_gets_the_name_on_the_next_line(tokenizer: Tokenizer) -> None:
    text = f"CHAPTER I.\n\nThe Harbour\n\n{PROSE}\n\nCHAPTER II.\n\nThe Ice\n\n{PROSE}"
    assert tree(sections_of(read_source(text, tokenizer))) == ["CHAPTER I. The Harbour", "CHAPTER II. The Ice"]
    marked = f"## Chapter 1\n\n### Why\n\n{PROSE}\n\n### How\n\n{PROSE}\n\n## Chapter 2\n\n{PROSE}"
    assert tree(sections_of(read_source(marked, tokenizer))) == ["Chapter 1", ["Why", "How"], "Chapter 2"]


def test_sections_cover_every_sentence_once(tokenizer: Tokenizer) -> None:
    source = read_source(written("", "# A", "## B", "# CHAPTER 2.", "## C"), tokenizer)
    parts = [part for top in sections_of(source).parts for part in top.all()]
    covered = [index for part in parts for index in (*range(part.first, part.body), *part.own)]
    assert covered == [*range(len(source.sentences))]


def test_looks_alone_do_not_divide_a_long_text_into_a_line_and_the_rest(tokenizer: Tokenizer) -> None:
    text = written("Aims", "Plans") + "\n\n" + " ".join([PROSE] * 200)
    assert not sections_of(source := read_source(text, tokenizer)).divide(source)
    assert sections_of(source := read_source(written("Aims", "Plans"), tokenizer)).divide(source)
    assert sections_of(source := read_source("# Aims\n\nIt is.\n\n# Plans\n\n" + text, tokenizer)).divide(source)
    assert not sections_of(source := read_source(PROSE, tokenizer)).divide(source)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Chapter IV", (4, True)),
        ("CHAPTER THE FIRST", (4, True)),
        ("Part Twenty-two: Ice", (2, False)),
        ("Appendix B", (4, True)),
        ("Materials and Methods", (0, False)),
        ("Chapters of my life", None),
        ("Parting is hard", None),
        ("Section of the river", None),
    ],
)
def test_words_rank_a_heading(heading: str, expected: tuple[int, bool] | None) -> None:
    assert division(heading) == expected
