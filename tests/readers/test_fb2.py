"""FictionBook: headings by the nesting of sections, verse, tables, notes outside the sentence, and encodings."""

from __future__ import annotations

import io
import zipfile

import pytest

pytest.importorskip("lxml")
from fastsum.readers import fb2
from fastsum.readers.blocks import Unreadable

HEAD = '<?xml version="1.0" encoding="{}"?>\n<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">'
BOOK = HEAD.format("utf-8") + (
    "<description><title-info><genre>sf</genre><author><last-name>Field</last-name></author>"
    "<book-title>The owls</book-title><annotation><p>About an owl that is not asleep.</p></annotation></title-info>"
    "<document-info><history><p>Version 1.</p></history></document-info></description>"
    "<body><title><p>A. Field</p><p>The owls</p></title><epigraph><p>To whom?</p><text-author>An owl</text-author>"
    "</epigraph><section><title><p>Part</p><empty-line/><p>one</p></title><section><title><p>I</p></title>"
    '<p>It <emphasis>rained</emphasis>  <a l:href="#n1" type="note" xmlns:l="x">[1]</a>, 10<sup>6</sup> drops'
    "<strikethrough> and so on</strikethrough>.</p><empty-line/><subtitle>* * *</subtitle><subtitle>Later</subtitle>"
    "<poem><title><p>Song</p></title><stanza><v>The owl</v><v>in the night.</v></stanza>"
    '<stanza><v>It flew.</v></stanza></poem><cite><p>"So it is."</p></cite><image l:href="#i" xmlns:l="x"/>'
    "<table><tr><th>Year</th><td>In the north of the valley there were more owls than in the south.</td></tr></table>"
    "</section></section></body>"
    '<body name="notes"><title><p>Notes</p></title><section id="n1"><title><p>1</p></title><p>On Monday.</p></section>'
    "</body><binary>AAAA</binary></FictionBook>"
)


def book(body: str, encoding: str = "utf-8") -> bytes:
    return f"{HEAD.format(encoding)}<body>{body}</body></FictionBook>".encode(encoding)


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, member in members.items():
            opened.writestr(name.replace("_", "."), member)
    return content.getvalue()


def test_a_book_is_read_in_order_with_headings_by_the_nesting_of_its_sections() -> None:
    reading = fb2.read(BOOK.encode())
    assert reading.text.split("\n\n") == [
        "# The owls",
        "About an owl that is not asleep.",
        "# A. Field The owls",
        "To whom?",
        "An owl",
        "## Part one",
        "### I",
        "It rained, 10^6 drops.",
        "#### Later",
        "#### Song",
        "The owl in the night.",
        "It flew.",
        '"So it is."',
        "In the north of the valley there were more owls than in the south.",
    ]
    assert reading.title == "The owls"
    assert {part.what: part.letters for part in reading.left_out} == {
        "struck-out text": 7, "tables": 4, "notes": 10
    }  # fmt: skip


def test_a_title_that_only_repeats_the_books_is_read_once() -> None:
    info = "<description><title-info><book-title>Owls</book-title></title-info></description>"
    content = book("<title><p>Owls</p></title><section><p>Words.</p></section>").replace(
        b"<body>", info.encode() + b"<body>"
    )
    assert fb2.read(content).text == "# Owls\n\nWords."


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-16", "utf-8"])
def test_books_in_archives_are_read_in_their_encoding(encoding: str) -> None:
    assert fb2.read(archive(book_fb2=book("<section><p>Сова спит.</p></section>", encoding))).text == "Сова спит."


def test_own_entities_and_named_characters_are_known() -> None:
    content = book("<section><p>&owl; &mdash; x</p></section>").replace(
        b"<FictionBook", b"<!DOCTYPE FictionBook [<!ENTITY owl 'Strix'>]><FictionBook"
    )
    assert fb2.read(content).text == "Strix — x"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOOK[: len(BOOK) // 2].encode(), "damaged or cut off"),
        (archive(one_fb2=b"<a/>", two_fb2=b"<a/>"), "has 2 books in it"),
        (archive(one_fb2=BOOK.encode())[:400], "damaged or cut off"),
        (book("<section>" * 400), "damaged or cut off"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        fb2.read(content)
