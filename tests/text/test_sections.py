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


LETTER = "“We met again. Yours ever"


@pytest.mark.parametrize(
    "lines",
    [
        "Full of delectation:",
        "Then after a short silence he continued:",
        "Dear Father:",
        "[Illustration of a Pike]",
        "Violin--(Ada Smith)]",
        "By Ada Smith",
        "Alto, male, 260",
        "26)54 0 6½",
        "_Oh the sweet contentment\nThe country man doth find!",
        "Sweet Rose, whose hew angry and brave\nThe Country Man",
        f"{LETTER},\n\nADA SMITH",
        f"{LETTER}\n\n“ADA SMITH”",
        "He held up a sign:\n\nTHE LEAGUE IS NO MORE",
        "ADA SMITH\n\nSeventh Edition\n\nNew York",
    ],
)
def test_a_line_of_verse_of_a_letter_or_a_table_is_no_section(tokenizer: Tokenizer, lines: str) -> None:
    text = f"{written('CHAPTER I. The Harbour')}\n\n{lines}\n\n{written('', 'CHAPTER II. The Quay')}"
    assert tree(sections_of(read_source(text, tokenizer))) == ["CHAPTER I. The Harbour", "CHAPTER II. The Quay"]


def test_what_is_not_marked_is_no_section_where_others_are(tokenizer: Tokenizer) -> None:
    found = sections_of(read_source(written("# A", "Ada Smith", "## B", "# Chapter 2", "Chapter 3"), tokenizer))
    assert tree(found) == ["A", ["B"], "Chapter 2", ["Chapter 3"]]


def test_one_mark_does_not_make_chapters_its_sections(tokenizer: Tokenizer) -> None:
    found = sections_of(read_source(written("CHAPTER I.", "# PRICES", "CHAPTER II.", "CHAPTER III."), tokenizer))
    assert tree(found) == ["CHAPTER I.", ["PRICES"], "CHAPTER II.", "CHAPTER III."]


def test_parts_that_each_chapter_counts_are_below_it(tokenizer: Tokenizer) -> None:
    parts = [
        "BOOK I.",
        "CHAPTER I.",
        "PART I.--Of Rent",
        "PART II.",
        "CHAPTER II.",
        "PART I.",
        "ARTICLE I.",
        "PART II.",
    ]
    more = ["ARTICLE I.", "ARTICLE II.", "BOOK II.", "CHAPTER I.", "CHAPTER II."]
    assert tree(sections_of(read_source(written(*parts, *more), tokenizer))) == [
        "BOOK I.",
        [
            "CHAPTER I.",
            ["PART I.--Of Rent", "PART II."],
            "CHAPTER II.",
            ["PART I.", ["ARTICLE I."], "PART II.", ["ARTICLE I.", "ARTICLE II."]],
        ],
        "BOOK II.",
        ["CHAPTER I.", "CHAPTER II."],
    ]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            "CHAPTER II. Of the Less\nErroneous Pictures of Whales.",
            "CHAPTER II. Of the Less Erroneous Pictures of Whales.",
        ),
        (
            "CHAPTER II. OF THE CAUSES\nOF IMPROVEMENT,\nAND OF LABOUR.",
            "CHAPTER II. OF THE CAUSES OF IMPROVEMENT, AND OF LABOUR.",
        ),
        ("Chapter 2. The Wide Harbour.", "Chapter 2. The Wide Harbour."),
        ("CHAPTER II\n\nWHO GOES THERE?", "CHAPTER II. WHO GOES THERE?"),
        ("CHAPTER II.\n\nThe Wide Harbour.", "CHAPTER II. The Wide Harbour."),
        ("CHAPTER II.\n\nNobody went there.", "CHAPTER II."),
        ("PREFACE.", "PREFACE."),
        ("OF SHIPS, AND OF ICE.", ["OF SHIPS, AND OF ICE."]),  # below a chapter
        ("XI.\n\n" + PROSE + "\n\nDISSOLVED.", None),
        ("38. There are two kinds of harbours:", None),
        ("11. WALTZ (old).--[3/4] andante. Generally\n" + PROSE, None),
        ("CHAPTER II. (_Folio_), CHAPTER I. (_Fin_).—This whale, among\n" + PROSE, None),
        ("CHAPTER II. (_Fin_).—A pirate.\nVery savage. " + PROSE, None),
        ("Chapter 2 describes the harbour.", None),
    ],
)
def test_a_labelled_paragraph(tokenizer: Tokenizer, lines: str, title: object) -> None:
    text = f"{written('CHAPTER I. The Harbour')}\n\n{lines}\n\n{written('', 'CHAPTER III. The Quay')}"
    found = tree(sections_of(read_source(text, tokenizer)))
    assert found == ["CHAPTER I. The Harbour", *([title] if title else []), "CHAPTER III. The Quay"]
    loud = f"{PROSE}\n\nOF SHIPS, AND OF ICE.\n\n{PROSE}"
    assert tree(sections_of(read_source(loud, tokenizer))) == [None]


def test_names_below_numbers_with_sections_in_a_chapter(tokenizer: Tokenizer) -> None:
    def chapter(number: str, name: str, mark: str) -> str:
        return f"{mark}CHAPTER {number}\n\n{mark}{name}\n\n{PROSE}"

    for mark in ("", "## "):
        first, second = chapter("I", "HUNTING IN VIRGINIA", mark), chapter("II", "THE FOX", mark)
        hints = f"{mark and '### '}HINTS TO BEGINNERS\n\n{PROSE}"
        found = sections_of(read_source(f"{first}\n\n{hints}\n\n{second}", tokenizer))
        assert tree(found) == ["CHAPTER I. HUNTING IN VIRGINIA", ["HINTS TO BEGINNERS"], "CHAPTER II. THE FOX"]


def test_a_table_of_contents_is_one_heading_and_its_entries_are_headings(tokenizer: Tokenizer) -> None:
    contents = "CONTENTS\n\nORIGINS.\n\nCHAPTER 1. Ice.\n\nCHAPTER 2. Snow.\n\nEpilogue\n\nA note on the text."
    long = "\n\n".join([PROSE] * 10)
    sections = "\n\n".join(
        f"{one}\n\n{long}" for one in ("ORIGINS.", "CHAPTER 1. Ice.", "CHAPTER 2. Snow.", "Epilogue")
    )
    found = sections_of(read_source(f"{contents}\n\n{sections}", tokenizer))
    assert tree(found) == ["CONTENTS", "ORIGINS.", "CHAPTER 1. Ice.", "CHAPTER 2. Snow.", "Epilogue"]
    assert len(found.parts[0].own) == 0


@pytest.mark.parametrize(
    "line", ["What You Will Need:", '"The Pips"', "A Letter to Archer", "Who pays", "Costs of the plan"]
)
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
        ("THE FIRST ACT", (3, True)),
        ("Second Part: Ice", (2, False)),
        ("The last chapter of my life", None),
        ("Appendix B", (4, True)),
        ("Materials and Methods", (0, False)),
        ("Chapters of my life", None),
        ("Parting is hard", None),
        ("Section of the river", None),
    ],
)
def test_words_rank_a_heading(heading: str, expected: tuple[int, bool] | None) -> None:
    assert division(heading) == expected
