"""What trafilatura joins without a space is read as the page has it."""

from __future__ import annotations

from fastsum.readers.blocks import Block
from fastsum.readers.web.chosen import as_set, parted
from fastsum.readers.web.markup import Piece

OWN = [
    Piece(Block("Menu"), "navigation"),
    Piece(Block("block Optional", item=True)),
    Piece(Block('One of "start" or "end".')),
    Piece(Block("x = 1"), "code"),
    Piece(Block("inline Optional", item=True)),
]


def test_joined_blocks_are_those_of_the_page_again() -> None:
    joined = Block('block OptionalOne of"start" or "end".x = 1 inline Optional', item=True)
    assert list(parted([Block("Syntax", 2), joined], OWN)) == [
        Block("Syntax", 2),
        OWN[1].block,
        OWN[2].block,
        OWN[4].block,
    ]


def test_other_blocks_stay() -> None:
    kept = [OWN[2].block, Block("block Optional but not the rest"), Block("Menu"), Block("inline options")]
    assert list(parted(kept, OWN)) == kept


def test_a_line_break_that_was_lost_is_there_again() -> None:
    page = [Piece(Block("The Quay Module The definition of it.")), OWN[2]]
    assert list(parted([Block("The Quay ModuleThe definition of it.")], page)) == [page[0].block]


def test_a_table_of_data_that_was_put_into_one_paragraph_is_left_out() -> None:
    table = Piece(Block("Quay of the north open 36 Quay of the south open 48 Quay of the west shut 12"), "tables")
    glued = Block("Quay of the northopen 36Quay of the southopen 48See the notes.Quay of the westshut 12")
    assert list(parted([OWN[2].block, glued], [OWN[2], table])) == [OWN[2].block]


def test_a_chapter_keeps_its_number_and_its_name() -> None:
    """Trafilatura loses all headings of some books, and verse."""
    prose = [f"{name} The harbour was closed in winter, and nobody was sorry to see it so." for name in "ABCDE"]
    verse = Block("Over the harbour and the snow, over the ice that is lost we go.")
    own = [Block(f"CHAPTER {prose.index(text) + 1}", 2) for text in prose]
    names = [Block(f"OF {text[0]}", 2) for text in prose]
    blocks = [[own[n], names[n], *([verse] if n == 3 else []), Block(text)] for n, text in enumerate(prose)]
    page = [Piece(block) for chapter in blocks for block in chapter]
    aside = [Piece(Block("Related", 2)), Piece(Block("Read on: " + "of the ice and of the snow and " * 30))]
    found = as_set([*aside, *page], [Block(text) for text in prose])
    assert found == [block for chapter in blocks for block in chapter if block != verse]
