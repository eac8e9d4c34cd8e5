"""What trafilatura joins without a space is read as the page has it."""

from __future__ import annotations

from fastsum.readers.blocks import Block
from fastsum.readers.web.chosen import parted
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
    kept = [OWN[2].block, Block("block Optional but not the rest"), Block("Menu"), Block("inline optional")]
    assert list(parted(kept, OWN)) == kept
