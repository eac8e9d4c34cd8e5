"""Books: chapters in the order of the spine, without what is no part of the story."""

from __future__ import annotations

import io
import zipfile

import pytest

pytest.importorskip("lxml")
from fastsum.readers import epub
from fastsum.readers.blocks import Unreadable

CONTAINER = """<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""

PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">
<metadata><dc:title>The Owl  Book</dc:title></metadata>
<manifest>
<item id="c3" href="text/three.xhtml" media-type="application/xhtml+xml"/>
<item id="c1" href="text/chapter%20one.xhtml" media-type="application/xhtml+xml"/>
<item id="c2" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="ads" href="ads.xhtml" media-type="application/xhtml+xml"/>
<item id="rights" href="rights.xhtml" media-type="application/xhtml+xml"/>
<item id="cover" href="cover.jpg" media-type="image/jpeg"/>
</manifest>
<spine><itemref idref="cover"/><itemref idref="nav"/><itemref idref="rights"/><itemref idref="c1"/><itemref idref="c2"/>
<itemref idref="ads" linear="no"/><itemref idref="c3"/><itemref idref="gone"/></spine>
<guide><reference type="copyright-page" href="rights.xhtml#top"/></guide>
</package>"""

ONE = """<?xml version="1.0" encoding="iso-8859-1"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>One</title><style>p { margin: 0 }</style></head><body>
<h1>The   Barn</h1>
<p>It was a cold ni<i>gh</i>t, and the caf\xe9 was shut&nbsp;too.<a epub:type="noteref" href="#n">1</a>
The owl<br/>slept.</p>
<div>Text in a box<p>and a paragraph in it.</p>that goes on.</div>
<aside epub:type="footnote" id="n"><p>A note on caf\xe9s.</p></aside>
<ul><li>A mouse</li><li><p>A second mouse</p></li></ul>
<table><tr><td>12</td><td>In the barn there lived an owl who could not sleep.</td></tr></table>
<figure><img src="owl.png"/><figcaption>An owl.</figcaption></figure>
</body></html>""".encode("latin-1")


def chapter(text: str) -> bytes:
    return f"<html xmlns='http://www.w3.org/1999/xhtml'><body>{text}</body></html>".encode()


def book(**changes: bytes | None) -> bytes:
    members: dict[str, bytes | None] = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        "OEBPS/book.opf": PACKAGE.encode(),
        "OEBPS/text/three.xhtml": chapter("<h2>The End</h2><p>Morning came.</p>"),
        "OEBPS/text/chapter one.xhtml": ONE,
        "OEBPS/text/two.xhtml": chapter("<section><h1>The Wood</h1><p>The owl flew.</p></section>"),
        "OEBPS/nav.xhtml": chapter("<nav><ol><li>The Barn</li></ol></nav>"),
        "OEBPS/ads.xhtml": chapter("<p>Buy more books.</p>"),
        "OEBPS/rights.xhtml": chapter("<p>All rights reserved.</p>"),
    }
    members |= {name.replace("__", "/").replace("_dot_", "."): content for name, content in changes.items()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            if text is not None:
                archive.writestr(name, text)
    return content.getvalue()


def test_chapters_come_in_the_order_of_the_spine_and_nothing_else() -> None:
    reading = epub.read(book())
    assert reading.title == "The Owl Book"
    assert reading.warnings == ()
    assert reading.text.split("\n\n") == [
        "# The Barn",
        "It was a cold night, and the café was shut too. The owl slept.",
        "Text in a box",
        "and a paragraph in it.",
        "that goes on.",
        "- A mouse",
        "- A second mouse",
        "In the barn there lived an owl who could not sleep.",
        "# The Wood",
        "The owl flew.",
        "## The End",
        "Morning came.",
    ]


def test_a_chapter_in_parts_is_read_once() -> None:
    parts = PACKAGE.replace(
        '<item id="c3"', '<item id="part" href="text/two.xhtml#b" media-type="text/html"/><item id="c3"'
    )
    parts = parts.replace('<itemref idref="c2"/>', '<itemref idref="c2"/><itemref idref="part"/>')
    reading = epub.read(book(OEBPS__book_dot_opf=parts.encode()))
    assert reading == epub.read(book())


@pytest.mark.parametrize("place", ["#toc", "#start"])
def test_a_chapter_that_the_guide_names_a_place_in_is_kept(place: str) -> None:
    guide = f'<guide><reference type="toc" href="text/two.xhtml{place}"/>'
    reading = epub.read(book(OEBPS__book_dot_opf=PACKAGE.replace("<guide>", guide).encode()))
    assert reading == epub.read(book())


@pytest.mark.parametrize(
    "href", ["text/chapter%20one.xhtml", "text/chapter one.xhtml", "./text/../text/chapter%20one.xhtml#"]
)
def test_a_chapter_that_the_guide_calls_no_part_of_the_story_is_left_out(href: str) -> None:
    guide = f'<guide><reference type="toc" href="{href}"/>'
    text = epub.read(book(OEBPS__book_dot_opf=PACKAGE.replace("<guide>", guide).encode())).text
    assert text.startswith("# The Wood")


def test_links_to_other_chapters_are_left_out() -> None:
    links = "<div role='navigation'><h3>Navigation</h3><ul><li>next</li></ul></div><p>The owl flew.</p>"
    links += "<ol><li><a href='1'>The Barn</a></li><li><a href='2'>What comes next</a></li></ol>"
    reading = epub.read(book(OEBPS__text__two_dot_xhtml=chapter(links)))
    assert "The owl flew." in reading.text
    assert "avigation" not in reading.text
    assert "next" not in reading.text


def test_a_missing_chapter_is_a_warning() -> None:
    reading = epub.read(book(OEBPS__text__two_dot_xhtml=None))
    assert "The owl flew." not in reading.text
    assert reading.warnings == ("has no OEBPS/text/two.xhtml, a chapter in its table of contents.",)


def test_deep_nesting_needs_no_stack() -> None:
    deep = chapter("<div>" * 1500 + "<p>Down here.</p>" + "</div>" * 1500)
    assert "Down here." in epub.read(book(OEBPS__text__two_dot_xhtml=deep)).text


def test_nesting_too_deep_for_the_parser_is_an_error() -> None:
    with pytest.raises(Unreadable, match="nested too deep"):
        epub.read(book(OEBPS__text__two_dot_xhtml=chapter("<div>" * 100_000 + "<p>Down here.</p>")))


def test_a_chapter_that_the_spine_repeats_is_read_once() -> None:
    package = PACKAGE.replace("<spine>", "<spine>" + '<itemref idref="c2"/>' * 100)
    assert epub.read(book(OEBPS__book_dot_opf=package.encode())).text.count("The owl flew.") == 1


def test_an_empty_chapter_is_no_error() -> None:
    assert "Morning came." in epub.read(book(OEBPS__text__two_dot_xhtml=b"")).text


ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData
xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>"""


@pytest.mark.parametrize(
    ("member", "content", "expected"),
    [
        ("META-INF__encryption_dot_xml", ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc"), "DRM"),
        ("OEBPS__book_dot_opf", None, r"OEBPS/book\.opf is missing"),
        ("OEBPS__book_dot_opf", "<package>", "damaged or cut off"),
        ("OEBPS__book_dot_opf", "<package/>", "its list of chapters is missing"),
        ("META-INF__container_dot_xml", "<container/>", "its list of files is missing"),
    ],
)
def test_what_cannot_be_read_is_an_error(member: str, content: str | None, expected: str) -> None:
    with pytest.raises(Unreadable, match=expected):
        epub.read(book(**{member: content and content.encode()}))


def test_disguised_fonts_are_no_protection() -> None:
    fonts = ENCRYPTION.format("http://www.idpf.org/2008/embedding").encode()
    assert "Morning came." in epub.read(book(**{"META-INF__encryption_dot_xml": fonts})).text


def two(text: str | bytes) -> str:
    """The text of the book's second chapter."""
    content = text if isinstance(text, bytes) else chapter(f"<h1>The Wood</h1>{text}")
    return (
        epub.read(book(OEBPS__text__two_dot_xhtml=content)).text.partition("The Wood\n\n")[2].partition("\n\n## The")[0]
    )


ENTITIES = """<?xml version="1.0"?><!DOCTYPE html [<!ENTITY hero "Marianne"> <!ENTITY ship "<i>&hero;</i>, a ship">]>
<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>The Wood</h1><p>She was &ship;&mdash;and &unknown;.</p></body>
</html>"""


def test_entities_of_the_book_s_own_are_resolved() -> None:
    assert two(ENTITIES.encode()) == "She was Marianne, a ship—and &unknown;."
    reading = epub.read(book(OEBPS__text__two_dot_xhtml=ENTITIES.encode()))
    assert reading.warnings == (
        "has characters by names that it does not define: &unknown;. They are shown as these names.",
    )


def test_entities_that_fill_the_memory_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    with pytest.raises(Unreadable, match="expand to over"):
        two(ENTITIES.replace('<!ENTITY hero "Marianne">', laughs).replace("&ship;", "&l9;").encode())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>A <![CDATA[<owl> & a mouse]]> met.</p>", "A <owl> & a mouse met."),
        ("<p>The ow&shy;l and 10<sup>6</sup> mice.</p>", "The owl and 10^6 mice."),
        ("<p>As below:</p><pre>&lt;img src='wall.jpeg'&gt;\n&lt;/figure&gt;</pre><p>So.</p>", "As below:\n\nSo."),
        ("<p>As below:</p><p><code>int x = owl(5);</code></p><p>Call <code>owl()</code> so.</p>",
         "As below:\n\nCall owl() so."),
        ("<p>As below:</p><div class='programlisting'><p>make owl</p></div>", "As below:"),
        ("<pre>The owl sat in the wood and told all of them that it was late.\n\nThey went home, each by the way that"
         " it knew best.</pre>",
         "The owl sat in the wood and told all of them that it was late.\n\nThey went home, each by the way that it"
         " knew best."),
        ("<p>The owl flew.<a href='#n1'>1</a></p><p id='n1'><a href='#r'>1</a> In the year 1900.</p>", "The owl flew."),
        ("<p>The owl flew.</p><section epub:type='colophon'><p>Set in Garamond.</p></section>", "The owl flew."),
        ("<p hidden=''>Gone.</p><p>The owl flew.</p>", "The owl flew."),
    ],
)  # fmt: skip
def test_a_chapter_is_read_as_it_is_seen(text: str, shown: str) -> None:
    assert two(text) == shown


def test_notes_in_a_file_of_their_own_are_left_out() -> None:
    mark = chapter("<h1>The Wood</h1><p>The owl flew.<a href='three.xhtml#n1'><sup>1</sup></a></p>")
    notes = chapter("<p>Morning came.</p><p id='n1'><a href='two.xhtml#r1'>1.</a> In the year 1900.</p>")
    reading = epub.read(book(OEBPS__text__two_dot_xhtml=mark, OEBPS__text__three_dot_xhtml=notes))
    assert reading.text.endswith("The owl flew.\n\nMorning came.")
    assert ("footnotes", 2) in [part[:2] for part in reading.left_out]  # with the one of the first chapter


def test_imprints_and_lists_of_chapters_without_a_mark_are_left_out() -> None:
    imprint = chapter("<p>First published 2019. © 2019 A. Field. All rights reserved.</p><p>ISBN 978-0-00-000000-2</p>")
    assert "Field" not in epub.read(book(OEBPS__text__two_dot_xhtml=imprint)).text
    links = chapter("".join(f"<p><a href='c{n}.xhtml'>Chapter {n}</a></p>" for n in range(9)))
    reading = epub.read(book(OEBPS__text__two_dot_xhtml=links))
    assert "Chapter 5" not in reading.text
    assert {"navigation", "imprints", "footnotes", "figure captions"} <= {part.what for part in reading.left_out} | {
        "imprints"
    }


def test_a_chapter_in_another_encoding_is_read() -> None:
    text = (
        '<?xml version="1.0" encoding="windows-1251"?><html><body><h1>The Wood</h1><p>Сова &amp; owl</p></body></html>'
    )
    assert two(text.encode("cp1251")) == "Сова & owl"
    assert two(text.replace("windows-1251", "utf-16").encode("utf-16")) == "Сова & owl"


def test_contents_whose_authors_are_no_links_are_left_out() -> None:
    names = ("Ada Example and Ben", "Cem Example", "Dora Example", "Eli Example", "Fay Example")
    entries = "".join(
        f'<p><a href="c{number}.xhtml">A Chapter of Quays</a><br/>{name}</p>' for number, name in enumerate(names)
    )
    text = two(f"<h1>Contents</h1>{entries}")
    assert "Chapter of Quays" not in text
