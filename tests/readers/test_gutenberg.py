"""The notices of Project Gutenberg are no part of a book, and are counted."""

from __future__ import annotations

import pytest

from fastsum.readers.blocks import Reading, count_letters
from fastsum.readers.documents import document_of
from fastsum.readers.gutenberg import without_licence

HEAD = "The Project Gutenberg EBook of The Quay, by Ada Example\n\n"
HEAD += "Title: The Quay\n       A Tale\n\nAuthor: Ada Example\n\n"
BOOK = "THE QUAY\n\nThe quay was closed in spring. Nobody came.\n"
START = "*** START OF THIS PROJECT GUTENBERG EBOOK THE QUAY ***\n\n\nProduced by Ben Example\nand others.\n\n"
END = "\n*** END OF THIS PROJECT GUTENBERG EBOOK THE QUAY ***\n\nYou may copy it under the terms of the licence.\n"
SMALL_PRINT = "Etexts are made by Project Gutenberg.\n\n"
SMALL_PRINT += "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + START + BOOK + END,
        HEAD + START.replace("THIS", "THE").replace("*** S", "***S").replace("EBOOK THE", "EBOOK\nTHE") + BOOK + END,
        HEAD + START + "[Transcriber's note: spelling\nwas kept.]\n\n" + BOOK + END,
        HEAD + START + BOOK + "\nEnd of Project Gutenberg's The Quay, by Ada Example\n\n" + END,
        SMALL_PRINT + BOOK + "\nEnd of the Project Gutenberg Etext of The Quay\n",
        SMALL_PRINT + BOOK,
    ],
)
def test_what_stands_around_a_book_becomes_spaces_and_is_counted(text: str) -> None:
    reading = without_licence(Reading(text))
    assert reading.text.split() == BOOK.split()
    assert [len(line) for line in reading.text.split("\n")] == [len(line) for line in text.split("\n")]
    assert [(part.what, part.letters) for part in reading.left_out] == [
        ("notices of Project Gutenberg", count_letters(text) - count_letters(BOOK))
    ]


def test_the_title_is_the_one_that_is_stated_there() -> None:
    document = document_of((HEAD + START + BOOK + END).encode(), "quay.txt")
    assert document.title == "The Quay A Tale"
    assert without_licence(Reading(HEAD + START + BOOK + END, "Another")).title == "Another"


@pytest.mark.parametrize(
    "text",
    [
        "Project Gutenberg has 70,000 books. They are free.\n",
        f"{BOOK}\nThe mark is *** START OF THIS PROJECT GUTENBERG EBOOK in every file, they say.\n",
        HEAD + START.split("\n")[0] + "\n",
    ],
)
def test_a_text_that_only_speaks_of_it_stays_whole(text: str) -> None:
    assert without_licence(Reading(text)) == Reading(text)


def test_a_page_without_the_line_that_begins_the_book() -> None:
    notice = "This eBook is for the use of anyone anywhere at no cost and with almost no restrictions whatsoever. "
    notice += "You may copy it, give it away or re-use it under the terms of the Project Gutenberg License. " * 2
    text = f"{notice.strip()}\n\nProduced by Ben Example\n\n# THE QUAY\n\nThe quay was closed in spring."
    assert without_licence(Reading(text)).text.strip() == "# THE QUAY\n\nThe quay was closed in spring."
