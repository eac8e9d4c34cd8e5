"""Passages: sections by id and heading, lines and pages, and where an answer ends."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("anyio", reason="needs anyio, of the extra mcp")

from fastsum import Summarizer
from fastsum.assistant.passages import ANSWER, cut, find_section, passage
from fastsum.assistant.reading import Read
from fastsum.errors import FastsumError
from fastsum.readers.documents import Document

TEXT = """# The harbour

It froze on Monday night.

## 1 Costs

The ice cost the town a great deal of money.

### 1.1 Boats

Two boats were lost, and nobody paid for them.

## 2 Costs of the rescue

Rescuers worked for two days and asked for nothing.

## Chapter 3: What is next

Schools stay closed until Thursday.
"""


def read_of(text: str, tiny_checkpoint: Path, pages: tuple[int, ...] = ()) -> Read:
    return Read(Document(text, "a.md", [], None, pages), "tiny", Summarizer.load(tiny_checkpoint, device="cpu"))


@pytest.fixture
def read(tiny_checkpoint: Path) -> Read:
    return read_of(TEXT, tiny_checkpoint)


def shown(read: Read, **asked: str) -> str:
    found = passage(read, **asked)
    return read.source.text[found.start : found.end]


def test_sections_are_nested_and_have_ids(read: Read) -> None:
    assert [(section.id, section.titles) for section in read.sections] == [
        ("s1", ()),
        ("s2", ("1 Costs",)),
        ("s3", ("1 Costs", "1.1 Boats")),
        ("s4", ("2 Costs of the rescue",)),
        ("s5", ("Chapter 3: What is next",)),
    ]
    for section in read.sections[1:]:
        assert read.section(section.start + 1) == section
        assert TEXT[section.start :].startswith("#")
        assert read.id(section.start) == section.id
    assert read.id(read.sections[1].start + 1) is None
    assert read.section(TEXT.index("Two boats")) == read.sections[2]
    assert read.line(TEXT.index("Two boats")) == 11


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("s3", "s3"),
        (" s3 ", "s3"),
        ("1.1 Boats", "s3"),
        ("boats", "s3"),
        ("1.1", "s3"),  # its number
        ("1", "s2"),  # not 1.1 too
        ("costs", "s2"),  # all of a heading goes before the beginning of another
        ("Costs of", "s4"),
        ("the  RESCUE", "s4"),
        ("Chapter 3", "s5"),
    ],
)
def test_a_section_by_what_it_is_called(asked: str, id: str, read: Read) -> None:
    assert find_section(read, asked).id == id


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("s6", "a.md has no section s6: they are s1 to s5. See the outline."),
        ("s0", "a.md has no section s0: they are s1 to s5."),
        ("cost", "a.md has 2 sections that fit 'cost': '1 Costs' (s2), '2 Costs of the rescue' (s4). Give an id."),
        ("nowhere", "a.md has no section 'nowhere'. It has '1 Costs' (s2), '1.1 Boats' (s3), "),
        ("", "a.md has no section ''."),
    ],
)
def test_a_section_that_is_not_there(asked: str, message: str, read: Read) -> None:
    with pytest.raises(FastsumError) as caught:
        find_section(read, asked)
    assert caught.value.message.startswith(message)


def test_a_section_has_those_in_it(read: Read) -> None:
    assert shown(read, section="1") == TEXT[TEXT.index("## 1") : TEXT.index("## 2")].rstrip()
    assert shown(read, section="s5").endswith("Thursday.")


def test_lines(read: Read) -> None:
    assert shown(read, lines="1") == "# The harbour\n"
    assert shown(read, lines="3-5") == "It froze on Monday night.\n\n## 1 Costs\n"
    assert shown(read, lines="17-") == TEXT[TEXT.index("## Chapter") :]
    assert shown(read, lines="19 – 999") == "Schools stay closed until Thursday.\n"
    assert shown(read) == TEXT


@pytest.mark.parametrize("asked", ["0", "5-3", "x", "", "-3", "1,2", "99", "99-", "1" * 30])
def test_lines_that_are_not_there(asked: str, read: Read) -> None:
    with pytest.raises(FastsumError, match=r"(lines .* (Write them as 12, 12-30 or 12-|from 1 on))|has 20 lines"):
        passage(read, lines=asked)


def test_pages(tiny_checkpoint: Path, read: Read) -> None:
    second, third = TEXT.index("## 1"), TEXT.index("## 2")
    paged = read_of(TEXT, tiny_checkpoint, (2, second, third))  # what is before the first page is on it
    assert shown(paged, pages="1") == TEXT[:second]
    assert shown(paged, pages="2-3") == TEXT[second:]
    assert shown(paged, pages="2") == TEXT[second:third]
    with pytest.raises(FastsumError, match="a.md has 3 pages. Ask for some of these."):
        passage(paged, pages="4")
    with pytest.raises(FastsumError, match="a.md has no pages. Ask for lines, or for a section."):
        passage(read, pages="1")


def test_only_one_part_is_asked_for(read: Read) -> None:
    with pytest.raises(FastsumError, match="Give one of section, lines and pages, not section and lines."):
        passage(read, section="s1", lines="1")


def test_a_document_without_headings(tiny_checkpoint: Path) -> None:
    read = read_of("Nobody slept. The dog barked all night.\n", tiny_checkpoint)
    with pytest.raises(FastsumError, match="a.md has no headings. Ask for lines."):
        find_section(read, "s1")
    section = read.section(5)
    assert section is not None
    assert section.titles == ()


@pytest.mark.parametrize("unit", ["A line of words.\n", "one line without an end ", "x", "\n"])
def test_pieces_are_bounded_and_add_up(unit: str) -> None:
    text = unit * (4 * ANSWER // len(unit))
    start, pieces = 0, []
    while start < len(text):
        end = cut(text, start, len(text))
        assert start < end <= start + ANSWER
        pieces.append(text[start:end])
        start = end
    assert "".join(pieces) == text
    assert all(piece.endswith(unit[-1]) for piece in pieces)
    assert len(pieces) <= 9
