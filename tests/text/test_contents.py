"""Where a plain text's table of contents ends, and which lines its entries make headings."""

from __future__ import annotations

import pytest

from fastsum.text.contents import contents_of

PROSE = "The council met again on the first Monday of the month, and nobody had read the long report. " * 12


def book(contents: str, *sections: str) -> str:
    return f"A BOOK\n\nCONTENTS\n\n{contents}\n\n" + "\n\n".join(f"{one}\n\n{PROSE}" for one in sections)


@pytest.mark.parametrize(
    ("contents", "sections"),
    [
        ("ORIGINS.\n\nCHAPTER 1. Ice.\n\nCHAPTER 2. Snow.", ["ORIGINS.", "CHAPTER 1. Ice.", "CHAPTER 2. Snow."]),
        (
            "I  ICE ........ 3\nII  I SEE SNOW     14\nIII  RAIN   xx",
            ["CHAPTER I\n\nICE", "CHAPTER II\n\nI SEE SNOW", "RAIN"],
        ),
        (
            "_Ice_\n\nHow it is made, and lost.  _Page 3_\n\n_Snow_\n\n_Rain_",
            ["I\n\n_Ice_", "II\n\n_Snow_", "III\n\n_Rain_"],
        ),
        ("Chapter 1. Ice\nChapter 2. Two\nChapter 3. Two\nChapter 4. Rain", ["Chapter 1. Ice", "Two", "Rain"]),
        ("[Sidenote: One]\n\nIce\n\n[Sidenote: Two]\n\nSnow\n\nRain", ["Ice", "Snow", "Rain"]),
    ],
)
def test_a_table_ends_where_an_entry_comes_back(contents: str, sections: list[str]) -> None:
    text = book(contents, *sections)
    found = contents_of(text)
    assert found is not None
    assert text[found.start :].startswith("CONTENTS")
    assert text[found.end :].startswith(sections[0])
    assert {text[start:].split("\n")[0] for start in found.headings} == {one.split("\n")[-1] for one in sections}


def test_a_marked_heading_ends_a_table() -> None:
    text = book("Ice\n\nSnow\n\nRain\n\n# Notes", "Ice", "Snow", "Rain")
    found = contents_of(text)
    assert found is not None
    assert text[found.end :].startswith("# Notes")


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        book("The contents of the box were lost.", "Ice", "Snow"),  # nothing comes back
        book("Ice\n\nSnow", "Ice", "Snow"),  # too few
        PROSE + book("Ice\n\nSnow\n\nRain", "Ice", "Snow", "Rain"),  # not at the beginning
        "",
    ],
)
def test_no_table(text: str) -> None:
    assert contents_of(text) is None


def test_long_lines_and_blank_ones_take_no_time() -> None:
    text = "CONTENTS\n\n" + " " * 500_000 + "\n" + "a" * 500_000 + "\n" + "I. " * 100_000
    assert contents_of(text) is None
