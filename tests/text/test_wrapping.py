"""Hard-wrapped lines: which go on, and what the layout keeps apart."""

from __future__ import annotations

import time

import pytest

from fastsum.text.english import rules as english
from fastsum.text.presentation import present
from fastsum.text.segments import segments
from fastsum.text.sentences import sentences
from fastsum.text.wrapping import continued


def pieces(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end, _ in segments(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The ferry company has asked the ministry for leave to drop the\nlate crossing in winter, because few take it\n"
        "because the older of its two ships\nneeds a long night in the dock every week. The mayors of\nboth "
        "islands have written a letter.",
        "  The word for a work means the\nkind of work that is\nbest for changing it.",
        "   Since the wall was built,\n      the lower town has had\n      no flood.",
        "He asked for the list of the\nNorthern Basin, which we keep at\n1 Harbour Road.",
        "The letter was read to us by Mr.\nJ. P. Hale.",
        "We met at the quay, as Dr.\nBerg had asked us to.",
        "A connec-\ntion was lost.",
        "THERE IS NO WARRANTY FOR THE\nPROGRAM OR FOR ANY PART OF\nIT.",
        "> We met on the quay and\n> went on with the\n> plan.",
        "- The first item goes on\n  in a second line\n  and in a third.",
        "1. The first item goes on\nin a second line.",
        "-a  shows all of the files that\n    are in the folder",
        "This  line   is  justified    with   wide\ngaps   as  in   the    manuals   and   so\nit goes on.",
    ],
)
def test_lines_that_go_on(text: str) -> None:
    assert pieces(text) == [" ".join(text.split())]


@pytest.mark.parametrize(
    "text",
    [
        "-a, --all\n      do not leave out names that begin with a point\n-b, --brief\n      do not show dates",
        "The rose is red and tall,\nThe violet blue and small,\nAnd so is all the rest of it\nBeside the wall",
        "milk and flour\neggs\nbread",
        "Name        Size\nthe wall    2 m\nthe gauge   3 cm",
        "From: Ann\nTo: the board\nSubject: the wall",
        "int main(void) {\n  return run();\n}",
        "Dear Ann,\nThe wall is finished.\nYours,\nBob",
        "We said\n> it is late\nbut that was wrong.",
        "first step\n- one of them\n- another",
        "Wall ......... 3\nthe gauge .... 12",
        "--fast\n--slow\n--quiet",
        "o Ann came\no the others stayed",
    ],
    ids=["options", "verse", "words", "table", "headers", "code", "letter", "quote", "items", "contents", "flags", "o"],
)
def test_lines_that_the_layout_keeps_apart(text: str) -> None:
    assert pieces(text) == [" ".join(line.split()) for line in text.split("\n")]


def test_paragraphs_of_several_widths() -> None:
    narrow = "The board met in the\nold town hall and in\nthe rain. Ann Baker\nwas there, and so was\nBob."
    wide = (
        "The ferry company has asked the ministry for leave to drop the late crossing in\n"
        "winter, because hardly anyone takes it and because the older of its ships needs\n"
        "a long night in the dock."
    )
    assert pieces(f"{narrow}\n\n{wide}\n\n{wide}") == [" ".join(part.split()) for part in (narrow, wide, wide)]


@pytest.mark.parametrize(
    "unit", ["a\n", "a b\n", "> a\n", "word " * 12 + "\n", "\t\ta  b\n", "....\n", "> " * 40 + "\n"]
)
def test_many_lines_are_read_in_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begun = time.process_time()
    segments(text)
    assert time.process_time() - begun < 3


VERSE = (
    "The owl that hunted in the barn,\n    And never slept at night,\nWas seen by all who spun the yarn,\n"
    "    And filled them with a fright.\n\n"
)


def test_verse_goes_on_until_a_sentence_ends() -> None:
    end = "The owl; the mouse,\nThe cat that ran,\nWe saw them.\nThey slept.\n"
    first, second, third = pieces(VERSE * 3 + end)[-3:]
    assert first == " ".join(VERSE.split())
    assert second == "The owl; the mouse, The cat that ran, We saw them."
    assert third == "They slept."


@pytest.mark.parametrize(
    "text",
    [
        "Ada Example,\n12 Quay Road,\nHallam\n\nBen Sample,\n3 Barn Road,\nPort\n",
        "Owls\nMice and cats\nThe barn\nThe quay at night\nThe harbour\nThe wall\nThe lake\nThe road\n",
        "Owls hunt.\nMice run.\nCats sleep.\nDogs bark.\nShips sail.\nCows eat.\nHens lay.\nBees hum.\n",
    ],
)
def test_lines_of_addresses_and_lists_are_no_verse(text: str) -> None:
    assert pieces(text) == [line for line in text.split("\n") if line]


def test_a_number_that_a_line_end_divides_is_one() -> None:
    text = "The fund raised $56.\n9 million in spring and grew by 3.\n5 per cent."
    assert pieces(text) == [" ".join(text.split())]
    assert [text[s.start : s.end] for s in sentences(text)] == [text]
    assert present(text) == "The fund raised $56.9 million in spring and grew by 3.5 per cent."


@pytest.mark.parametrize(
    "text", ["It raised $56.\n9 people came.", "He owed 5.\n9 million came.", "It is $5. 9 million came."]
)
def test_a_number_that_begins_a_sentence_is_its_own(text: str) -> None:
    assert len(sentences(text)) == 2


def joined(text: str) -> list[bool]:
    return continued(text.split("\n"), english)


def test_fields_of_a_record_are_apart() -> None:
    assert joined(
        "Copyright: 2012, Ada Example, Ben Example and many others who built the Wall, Inc.\nLicense: MIT"
    ) == [
        False,
        False,
    ]


def test_an_address_and_a_line_with_a_point_do_not_make_the_text_wider() -> None:
    text = (
        "You should have received a copy of the licence of the Old Quay\n"
        "Licence Board with it; if you have not, see <https://example.org/licences/>.\n.\n"
        "The works are given away in the hope that they are useful. See the Quay\n"
        "Licence for more."
    )
    assert joined(text)[3]


def test_rows_whose_cells_stand_below_each_other_are_apart() -> None:
    rows = (
        "QUAY_ANY       raw address          address of any quay\n"
        "QUAY_OWN       struct of a quay     what is known of it"
    )
    assert joined(rows) == [False, False]
