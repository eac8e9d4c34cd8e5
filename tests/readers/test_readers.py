"""Formats detected from the content, limits of archives and XML, and readers in processes of their own."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fastsum.errors import FastsumError, NotADocument, UsageError
from fastsum.readers import isolation
from fastsum.readers.blocks import Block, Unreadable, compose, is_reference_heading
from fastsum.readers.documents import read_document
from fastsum.readers.formats import FORMATS, IN_PLACE, format_of_bytes, format_of_text

PAPER = (
    '<?xml version="1.0"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS 1.2//EN" "JATS-archive.dtd">\n<article><front>'
)
PAGE = "<!-- saved --><!DOCTYPE html>\n<html lang='en'><body><p>Words.</p></body></html>"


def archive(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in members.items():
            opened.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n1 0 obj\n", "pdf"),
        (b"\n\n%PDF-2.0\n", "pdf"),
        (b"HTTP junk\n%PDF-1.4\n4 0 obj\n", "pdf"),
        (b"The mark is\n%PDF-1.4, said the manual.", None),
        (archive(**{"[Content_Types].xml": "", "word/document.xml": ""}), "docx"),
        (archive(**{"mimetype": "application/epub+zip", "META-INF/container.xml": ""}), "epub"),
        (archive(**{"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "pptx"),
        (archive(**{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}), "odf"),
        (archive(**{"book.fb2": ""}), "fb2"),
        (rb"{\rtf1\ansi Words.}", "rtf"),
        (b"\r\n{\\rtf1 Words.}", "rtf"),
        (b"Plain words.", None),
        (b"", None),
    ],
)
def test_binary_formats_are_detected_by_their_bytes(content: bytes, expected: str | None) -> None:
    assert format_of_bytes(content, "file.txt") == expected


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("xl/workbook.xml", "a spreadsheet"),
        ("holiday.jpg", "a ZIP archive"),
    ],
)
def test_other_archives_are_refused_by_their_kind(member: str, kind: str) -> None:
    with pytest.raises(FastsumError, match=f"^notes.docx is.*{kind}"):
        format_of_bytes(archive(**{member: ""}), "notes.docx")


def test_an_office_document_with_a_password_is_refused() -> None:
    content = b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    with pytest.raises(FastsumError, match=r"^report\.docx is encrypted with a password"):
        format_of_bytes(content, "report.docx")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAGE, "html"),
        ("<html><p>Words", "html"),
        ('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head>', "html"),
        ("<div><p>A fragment of a page.</p></div>\n", "html"),
        (PAPER, "jats"),
        ("<pmc-articleset><article><front>", "jats"),
        ('<html><body><article class="front"><p>', "html"),
        ("<h1>Owls</h1>\n<!-- two --><p>One <p class='b'>by night.</p></p><hr><UL><li>a<ul></ul></li></ul>\n", "html"),
        ("<!-- <div> --><div>One<!-- </div> --> and <div/>the same.</div>", "html"),
        ('<?xml version="1.0"?>\n<div><p>A fragment of a page.</p></div>', "html"),
        ("<ul><li>A list of a page.</li></ul>", "html"),
        ("<blockquote>\n<p>A quotation.</p></blockquote>\n", "html"),
        ("<table><tr><td>A cell.</td></tr></table><!-- end -->", "html"),
        ('<p align="center"><img src="logo.png"></p>\n\n# A project\n\nIt has words.', None),
        ('<div><img></div>\n\n# A project\n\nWords.\n\n<div align="center">Made with care.</div>\n', None),
        ('<div><img></div>\n<p>One</p>\n\nWords.\n\n<div align="center">Made with care.</div>\n', None),
        ('<a name="top"></a>\n\n# A project\n\n<a href="#top">Back to top</a>\n', None),
        ('<a name="top"/>\n\n# A project\n\n<a href="#top">Back to top</a>\n', None),
        ('<?xml version="1.0"?>\n<rss version="2.0"><channel>', "feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom">', "feed"),
        ('<rdf:RDF xmlns:rdf="x" xmlns="http://purl.org/rss/1.0/">', "feed"),
        ('<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">', "fb2"),
        ('<?xml version="1.0"?><?xml-model href="x"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">', "tei"),
        ("<TEI.2><teiHeader>", "tei"),
        ('<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">', "odf"),
        ("<details>Contents</details>\n\nWords.\n\n<details>Licence</details>", None),
        ("<p>One that goes on\n\nto the last", None),
        ("# A heading\n\nWords.", None),
        ("<3 is a heart, and 4 > 3.", None),
        ("Plain words.", None),
        ("", None),
    ],
)
def test_texts_with_markup_are_detected_by_their_structure(text: str, expected: str | None) -> None:
    assert format_of_text(text, "file.txt") == expected


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?>\n<feed><cow>Hay</cow></feed>',
        '<?xml version="1.0"?>\n<document><part>Words</part></document>',
        '<?xml version="1.0"?>\n<menu><food>Waffles</food></menu>',
        "<svg><text>Words</text></svg>\n",
        "<m:svg a='1'><m:svg/><svg>Words</svg></m:svg>\n<!-- end -->\n",
        "<!DOCTYPE x><x>",
    ],
)
def test_other_xml_is_refused(text: str) -> None:
    with pytest.raises(FastsumError, match=r"^feed is XML.*Convert it to text first"):
        format_of_text(text, "feed")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "mark", ["<p>", "<p></p>", "<!--", "<p ", "</p>", "<p/", "<p '", "<p><?", "<a:", " \n", "<hr>"]
)
def test_a_flood_of_tags_is_detected_in_linear_time(mark: str) -> None:
    assert format_of_text(f"<p>{mark * 200_000} words", "flood") is None


def test_every_reader_has_a_format_s_name() -> None:
    folder = Path(isolation.__file__).parent
    readers = {path.stem for path in folder.glob("*.py") if "def read(content: bytes)" in path.read_text("utf-8")}
    assert readers | {*IN_PLACE} == {*FORMATS}
    assert list(FORMATS) == sorted(FORMATS)


@pytest.mark.parametrize(
    ("text", "said"),
    [('{"a": 1}', "is JSON.*--column"), ("import os\n\nprint(os)\nprint(1)\n", "is source code.*--format-in text")],
)
def test_what_is_no_document_is_refused(text: str, said: str) -> None:
    with pytest.raises(NotADocument, match=f"^notes {said}"):
        format_of_text(text, "notes")


def test_a_text_is_composed_of_blocks_with_marks() -> None:
    reading = compose([Block("Owls", 1), Block("Owls hunt."), Block("one", item=True), Block("§ —")], "Owls")
    assert reading == ("# Owls\n\nOwls hunt.\n\n- one", "Owls", (), (), ())


def test_a_document_without_blocks_has_no_text() -> None:
    assert compose([]).text == ""


def test_references_are_left_out_up_to_the_next_heading_of_their_rank() -> None:
    blocks = [
        Block("Results", 2),
        Block("Owls won."),
        Block("5. References", 2),
        Block("Smith 1990."),
        Block("Web sites", 3),
        Block("Example."),
        Block("Appendix", 2),
        Block("More."),
    ]
    assert compose(blocks).text == "## Results\n\nOwls won.\n\n## Appendix\n\nMore."


@pytest.mark.parametrize("heading", ["Contents", "Table of Contents", "LIST OF FIGURES", "Index"])
def test_lists_of_contents_are_left_out_up_to_the_next_heading_or_sentence(heading: str) -> None:
    listed = [Block(heading, level=2), Block("1 Mice in the barn 2 Owls in the barn"), Block("The end 9", item=True)]
    text = "The owl slept all day in the barn, and it woke when it was dark."
    assert compose([Block(text), *listed, Block("Mice", level=3), Block("Few.")]).text == f"{text}\n\n### Mice\n\nFew."
    assert compose([*listed, Block(text), Block("It ate.")]).text == f"{text}\n\nIt ate."


def test_a_document_of_references_alone_is_kept() -> None:
    assert compose([Block("Bibliography", 1), Block("Smith 1990.")]).text == "# Bibliography\n\nSmith 1990."


def test_pages_begin_where_their_first_block_does() -> None:
    blocks = [
        Block("Title", 1, pages=((0, 1),)),
        Block("One goes on.", pages=((0, 1), (4, 2))),
        Block("Four.", pages=((0, 4),)),
    ]
    reading = compose(blocks, page_count=5)
    assert [reading.text[place:][:5] for place in reading.pages] == ["# Tit", "goes ", "Four.", "Four.", ""]


def test_pages_never_go_back() -> None:
    blocks = [Block("Cut by a figure and going on.", pages=((0, 1), (20, 3))), Block("Label.", pages=((0, 2),))]
    assert compose(blocks, page_count=3).pages == (0, 20, 20)


@pytest.mark.parametrize("heading", ["References", "REFERENCES", "7. References", "VII. References:", "Works cited"])
def test_headings_of_reference_lists_are_known(heading: str) -> None:
    assert is_reference_heading(heading)


@pytest.mark.parametrize("heading", ["Reference values", "On references", "Results", "", "7"])
def test_other_headings_are_none_of_reference_lists(heading: str) -> None:
    assert not is_reference_heading(heading)


def test_importing_the_readers_loads_no_library() -> None:
    code = (
        "import sys, fastsum.readers.documents;"
        "libraries = ('lxml', 'pypdfium2', 'docx', 'trafilatura', 'markdown_it', 'docutils', 'pylatexenc');"
        "print([name for name in libraries if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


class TestDocuments:
    """Whole files, read in processes of their own."""

    @pytest.fixture(autouse=True)
    def _libraries(self) -> None:
        pytest.importorskip("lxml")
        pytest.importorskip("trafilatura")

    def test_a_page_is_read_whatever_its_name(self, tmp_path: Path) -> None:
        path = tmp_path / "page.pdf"
        path.write_text(PAGE.replace("Words.", "These are the words of a page, of which there are enough to be read."))
        document = read_document(path)
        assert document.text == "These are the words of a page, of which there are enough to be read."
        assert document.pages == ()
        assert document.page(3) is None

    def test_an_encoding_that_a_page_declares_is_believed(self, tmp_path: Path) -> None:
        path = tmp_path / "page.html"
        page = "<html><head><meta charset='iso-8859-1'></head><body><p>Für die Eulen gibt es im Café “Uhu” nichts.</p>"
        path.write_bytes(page.encode("cp1252"))
        document = read_document(path)
        assert document.text == "Für die Eulen gibt es im Café “Uhu” nichts."
        assert document.warnings == []

    def test_names_in_a_file_do_not_write_to_the_terminal(self, tmp_path: Path) -> None:
        container = '<container><rootfiles><rootfile full-path="a&#10;b&#x202e;"/></rootfiles></container>'
        path = tmp_path / "book.epub"
        path.write_bytes(archive(**{"META-INF/container.xml": container}))
        with pytest.raises(FastsumError) as caught:
            read_document(path)
        assert r"a\nb\u202e is missing" in caught.value.message
        assert caught.value.message.isprintable()

    def test_the_words_between_the_tags_of_a_readme_are_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "README.md"
        top, foot = '<div align="center"><img src="owl.png"></div>', '<div align="center">Made with care.</div>'
        path.write_text(f"{top}\n\n# Owls\n\nThey hunt at night.\n\n## Mice\n\nThey are hunted.\n\n{foot}\n")
        lines = [line.strip() for line in read_document(path).text.splitlines() if line.strip()]
        assert lines == ["# Owls", "They hunt at night.", "## Mice", "They are hunted.", "Made with care."]

    @pytest.mark.parametrize(
        "fragment",
        [
            "<ul><li>{}</li><li>{}</li></ul>",
            "<blockquote>{} {}</blockquote>",
            "<table><tr><td>{}</td></tr><tr><td>{}</td></tr></table>",
        ],
    )
    def test_a_fragment_of_a_page_is_read_as_one(self, tmp_path: Path, fragment: str) -> None:
        path = tmp_path / "fragment.txt"
        sentences = (
            "The owl hunts mice &amp; voles in the barn at night.",
            "By day it sleeps under the roof of the barn.",
        )
        path.write_text(fragment.format(*sentences))
        text = read_document(path).text
        assert "mice & voles" in text
        assert "under the roof" in text
        assert "<" not in text

    def test_a_format_that_is_said_is_believed(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.json"
        path.write_text('{"owl": "\\emph{Owls} hunt."}')
        assert "emph" in read_document(path, "text").text
        assert read_document(path, "latex").text == '"owl": "Owls hunt."'
        with pytest.raises(FastsumError, match="not a PDF|damaged|cannot be read"):
            read_document(path, "pdf")
        with pytest.raises(UsageError, match="There is no format 'word'. Name one of these: asciidoc, .*, text"):
            read_document(path, "word")

    def test_a_problem_names_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "paper.xml"
        path.write_text(PAPER)
        with pytest.raises(FastsumError, match=r"paper\.xml is damaged.*its XML is not well-formed.*Download or save"):
            read_document(path)

    def test_a_folder_of_modules_beside_the_document_is_not_imported(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "json.py").write_text("raise SystemExit('a stranger ran')")
        (tmp_path / "page.html").write_text("<html><p>A page of some words that stands beside a strange module.</p>")
        monkeypatch.chdir(tmp_path)
        assert read_document("page.html").text.startswith("A page of some words")

    @pytest.mark.parametrize("current", ["", ".", "{}"])
    def test_a_module_beside_the_document_is_not_imported_where_the_current_folder_is_on_the_path(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, current: str
    ) -> None:
        (tmp_path / "trafilatura.py").write_text("open('ran', 'w')")
        (tmp_path / "page.html").write_text("<html><p>A page of some words that stands beside a strange module.</p>")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", [current.format(tmp_path), *sys.path])
        assert read_document("page.html").text.startswith("A page of some words")
        assert not (tmp_path / "ran").exists()

    def test_the_current_folder_is_on_the_path_where_fastsum_lies_in_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        root = Path(isolation.__file__).parents[2]
        monkeypatch.chdir(root)
        monkeypatch.setattr(sys, "path", ["", *sys.path, "no folder"])
        assert isolation._path() == sys.path
        monkeypatch.chdir(root / "fastsum")
        assert isolation._path() == sys.path[1:]


def test_a_page_number_is_found_by_bisection() -> None:
    from fastsum.readers.documents import Document

    document = Document("One. Two. Four.", "a.pdf", [], None, (0, 5, 10, 10))
    assert [document.page(place) for place in (0, 4, 5, 9, 10, 14)] == [1, 1, 2, 2, 4, 4]
    assert Document("One.", "a.pdf", [], None, (2, 3)).page(0) == 1


class TestArchives:
    def test_a_lie_about_a_size_is_found_out(self) -> None:
        from fastsum.readers.archive import Archive

        content = bytearray(archive(**{"chapter.xhtml": "a" * 100_000}))
        for place in (content.index(b"PK\x03\x04") + 22, content.index(b"PK\x01\x02") + 24):
            content[place : place + 4] = (10).to_bytes(4, "little")
        with pytest.raises(Unreadable, match="damaged or cut off"):
            Archive(bytes(content)).read("chapter.xhtml")

    @pytest.mark.parametrize(("limit", "value"), [("MAX_SIZE", 1 << 30), ("MAX_MEMBERS", 1)])
    def test_a_bomb_is_refused_before_it_is_unpacked(
        self, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
    ) -> None:
        from fastsum.readers import archive as archives

        content = bytearray(archive(one="a", two="b"))
        if limit == "MAX_SIZE":
            place = content.index(b"PK\x01\x02") + 24
            content[place : place + 4] = (value + 1).to_bytes(4, "little")
        else:
            monkeypatch.setattr(archives, limit, value)
        with pytest.raises(Unreadable, match="would unpack to over 1 GiB or .* is not unpacked"):
            archives.Archive(bytes(content))

    def test_an_archive_that_grows_out_of_all_proportion_is_refused(self) -> None:
        from fastsum.readers.archive import Archive

        assert len(Archive(archive(one="a" * 10_000_000)).read("one")) == 10_000_000
        with pytest.raises(Unreadable, match="over 200 times its size"):
            Archive(archive(one="a" * 10_000_001))

    def test_a_member_to_be_parsed_has_a_limit_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from fastsum.readers import archive as archives

        monkeypatch.setattr(archives, "MAX_MARKUP", 1000)
        opened = archives.Archive(archive(small="a" * 1000, large="a" * 1001))
        assert len(opened.read("small")) == 1000
        with pytest.raises(Unreadable, match="holds large of over"):
            opened.read("large")

    def test_an_encrypted_or_broken_archive_is_refused(self) -> None:
        from fastsum.readers.archive import Archive

        content = bytearray(archive(one="a"))
        content[content.index(b"PK\x01\x02") + 8] |= 1
        with pytest.raises(Unreadable, match="is encrypted"):
            Archive(bytes(content))
        with pytest.raises(Unreadable, match="damaged or cut off"):
            Archive(archive(one="a" * 500)[:-30])


def test_code_with_markup_in_its_comments_is_code() -> None:
    comment = (
        '    """Hunt, see :meth:`Owl.eat`.\n\n    .. versionadded:: 1.0\n    .. note:: It hunts at night.\n    """\n'
    )
    text = "import os\n" + "".join(
        f"def hunt_{n}(owl):\n{comment}    mice = owl.hunt({n})\n    return (mice, owl)\n" for n in range(4)
    )
    with pytest.raises(NotADocument, match="is source code"):
        format_of_text(text, "owl.py")


def test_a_page_that_php_makes_is_code() -> None:
    with pytest.raises(NotADocument, match="source code"):
        format_of_text("<?php\ninclude('quay.php');\nopenGate();\nshipsPass();\n?>\n<html><p>Shut.</p></html>", "F")
