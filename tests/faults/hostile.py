"""Generated documents of every format that mean harm."""

from __future__ import annotations

import copy
import importlib.util
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import NamedTuple

from hypothesis import strategies as st
from lxml import etree

from tests.readers import (
    test_asciidoc,
    test_captions,
    test_docx,
    test_epub,
    test_fb2,
    test_feed,
    test_html,
    test_jats,
    test_latex,
    test_mail,
    test_man,
    test_mhtml,
    test_msg,
    test_odf,
    test_org,
    test_pdf,
    test_pptx,
    test_rst,
    test_rtf,
    test_tei,
)

CONTROLS = "".join(map(chr, [*range(32), *range(127, 160)]))
RIGHT_TO_LEFT = "אבגד مرحبا شكرا \u200f\u202e\u202d\u2066\u2067\u2069"
ODD = "\u200b\u200d\ufeff\u2028\u2029\u0301\u0489\ufffd\ufffe\uffff\U000e0001\U0010ffff😀👩‍👩‍👧ﷺİß\u1680\u3000"
NESTS = (
    "> ", "- ", "    ", "* [", "[", "](", "![", "(", "**", "__", "`", "```\n", "<div>", "</div>", "#", "| ", "\\", '"',
    "'", "''", "`` ", "-lrb- ", "{", "}", "1. ", "\n# ", "\n---\n", "\n> ", "\n===\n", " . ", "n't ", "...", "?! ",
)  # fmt: skip
WORDS = 'It rained on Monday. The mayor of Oulu, Ms. A. Berg, said: "No." 3.5 per cent (see Fig. 2) stayed. '
SECRET = "The secret of the house is in this file and in no other. "

# Plain text and Markdown ---------------------------------------------------------------------------------------------

characters = st.one_of(
    st.text(st.characters(), max_size=40),
    st.text(st.sampled_from(CONTROLS), max_size=40),
    st.text(st.sampled_from(RIGHT_TO_LEFT), max_size=40),
    st.text(st.sampled_from(ODD), max_size=40),
    st.text(st.characters(categories=["Cs"]), max_size=10),  # lone surrogates
    st.sampled_from(NESTS),
    st.just(WORDS),
)
repeats = st.sampled_from([1] * 12 + [2, 5, 20, 200, 3000])
pieces = st.builds(lambda part, count: part * (count if len(part) < 4 else min(count, 200)), characters, repeats)
texts = st.lists(pieces, min_size=1, max_size=12).map("".join)
encodings = st.sampled_from(["utf-8"] * 6 + ["utf-16", "utf-16-le", "utf-32", "latin-1", "shift_jis"])


@st.composite
def plain(draw: st.DrawFn) -> bytes:
    text, encoding = draw(texts), draw(encodings)
    passed = "surrogatepass" if encoding.startswith("utf") else "replace"
    content = text.encode(encoding, passed)
    damage = draw(st.sampled_from(["none"] * 6 + ["cut", "noise", "marks"]))
    if damage == "cut":
        return content[: draw(st.integers(0, max(0, len(content) - 1)))]
    if damage == "noise":
        return content + draw(st.binary(max_size=200))
    return b"\xff\xfe" + content if damage == "marks" else content


# Sound files and what can be done to them ----------------------------------------------------------------------------

DOCX = test_docx.made(test_docx.report)
EPUB = test_epub.book()
JATS = test_jats.PAPER.replace("utf-16", "utf-8").encode()
HTML = test_html.PAGE.encode()
RTF = test_rtf.REPORT.encode("latin-1")
PPTX = test_pptx.REPORT
ODT = test_odf.REPORT
RSS = test_feed.RSS.encode("cp1252", "xmlcharrefreplace")
ATOM = test_feed.ATOM.encode()
FB2 = test_fb2.BOOK.encode()
TEI = test_tei.edition(test_tei.BODY)
CAPTIONS = test_captions.vtt(*((at, at + 2, f"<v Ada>{WORDS}") for at in range(9)))
SUBTITLES = f"1\n00:00:01,000 --> 00:00:03,500\n{WORDS}\n\n2\n00:00:03,500 --> 00:00:06,000\n<i>{WORDS}</i>\n".encode()
MAIL = bytes(test_mail.enclosing())
MBOX = b"\n\n".join(b"From a@example.org Mon Mar  2 17:40:00 2026\n" + MAIL for _ in range(2))
MHTML = test_mhtml.saved()
MSG = test_msg.letter(WORDS * 50)
LATEX = test_latex.PAPER.encode()
RST = test_rst.HANDBOOK.encode()
ASCIIDOC = test_asciidoc.HANDBOOK.encode()
ORG = test_org.NOTES.encode()
MAN = test_man.PAGE.encode()
MDOC = test_man.MDOC.encode()
NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Tides\n", "\n", WORDS]},
            {"cell_type": "code", "metadata": {}, "source": "print(1)", "outputs": [{"text": ["1"]}]},
            {"cell_type": "markdown", "metadata": {}, "source": WORDS},
        ],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
).encode()
PDF = test_pdf.made(test_pdf.two_columns)
PDF_UNPACKED = test_pdf.made(test_pdf.two_columns, pageCompression=0)

INSERTED = (
    b"99999999999999999999", b"-1", b"1e999", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b[31m", "\u202e".encode(), b'"',
    b"'", b"<", b">", b"&", b"&#0;", b"&#xD800;", b"&nothing;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml ",
    b"<!DOCTYPE a [<!ENTITY a 'b'>]>", b"../../../../etc/passwd", b"file:///etc/passwd", b"http://nowhere.invalid/",
    b"<div>" * 300, b"<p>" * 300, b"</p>" * 30, b"<sec><title>" * 100, b"<list><list-item><p>" * 60, b"<sup>" * 100,
    b"<table><tr><td>" * 60, b"<w:ins>" * 60, b"<w:p/>" * 300, b" " * 5000, b"(" * 3000, b"[see " * 1000, b"endobj\n",
    b"\nendstream\n", b"stream\n", b"<<" * 300, b"[" * 300, b"/Length 999999999 ", b"/Kids [1 0 R 2 0 R 3 0 R] ",
    b"/Filter /LZWDecode ", b"{\\b " * 300, b"}" * 30, b"\\u8364 ", b"\\bin9999999 ", b"\\'e9", b"\\par ", b"\\v ",
    b"{\\*\\x ", b"/Count 999999999 ", b"\n--b\n", b"\n\nFrom a Mon 2026\n", b"\nContent-Type: message/rfc822\n\n",
    b"Content-Transfer-Encoding: base64\n", b"=?utf-8?b?" * 60, b"; charset=idna", b"charset=undefined ",
    b"\n\n00:00:01.000 --> 00:00:02.000\n", b"<v Ada>" * 300, b"\nX: " * 300, b" Tj (", b"1e9 0 0 1e9 0 0 cm ", b"BT ",
    b"%%EOF\n", b"{" * 300, b"\\begin{itemize}\\item " * 60, b"\\end{document}", b"\\input{/etc/passwd}",
    b"\\def\\a{\\a\\a}\\a ", b"$", b"\\[", b"\\cite{", b"\\frac" * 60, b"\\verb|", b"\\iffalse ", b"\n%", b"\\item[",
    b"\n.. include:: /etc/passwd\n", b"\n.. raw:: html\n   :file: /etc/passwd\n\n", b"\n.. |a| replace:: |a|\n\n|a| ",
    b"\n.. note::\n\n   ", b"`a`_ ", b":ref:`", b"``", b"\n=====\n", b"\n+---+---+\n| a | b |\n", b"\n==  ==\na   b\n",
    b"\n.. default-role:: raw\n", b"\ninclude::/etc/passwd[]\n", b"\n:a: {a}{a}\n\n{a}", b"\n----\n", b"\n|===\n",
    b"\n====\n", b"\nifdef::a[]\n", b"\n[source]\n", b"footnote:[", b"<<" * 60, b"pass:[", b"\n* a\n" * 60,
    b"\n#+INCLUDE: /etc/passwd\n", b"\n#+begin_src\n", b"\n:PROPERTIES:\n", b"\n* COMMENT ", b"[[a][" * 60, b"[fn:1]",
    b"{{{a(", b"\n.so /etc/passwd\n", b"\n.de a\n", b"\n.ds a \\*a\\*a\n\\*a", b"\n.if t \\{\n", b"\n.TS\n", b"\n.nf\n",
    b"\\f", b"\\s'", b"\\(", b"\n.Bl -tag\n" * 60, b"\n.It Fl a Op Ar b Oo " * 30, b'{"cells": [', b'"source": ',
    b"1e999999, ", b"[" * 3000, b', "cell_type": "markdown"',
)  # fmt: skip


class Change(NamedTuple):
    kind: str
    place: float
    length: int
    new: bytes


some_changes = st.lists(
    st.builds(
        Change,
        st.sampled_from(["flip", "remove", "insert", "insert", "replace", "repeat", "swap"] * 3 + ["cut"]),
        st.floats(0, 1),
        st.integers(1, 60),
        st.one_of(st.binary(max_size=20), st.sampled_from(INSERTED), texts.map(lambda text: _encoded(text[:3000]))),
    ),
    min_size=1,
    max_size=6,
)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def changed(content: bytes, changes: list[Change]) -> bytes:
    data = bytearray(content)
    for kind, place, length, new in changes:
        start = int(place * len(data))
        if kind == "flip" and start < len(data):
            data[start] ^= 1 << length % 8
        elif kind == "remove":
            del data[start : start + length]
        elif kind == "insert":
            data[start:start] = new
        elif kind == "replace":
            data[start : start + length] = new
        elif kind == "repeat":
            data[start:start] = data[start : start + length] * 50
        elif kind == "swap":
            data = data[start:] + data[:start]
        elif kind == "cut":
            del data[start:]
    return bytes(data)


def restructured(content: bytes, changes: list[Change]) -> bytes:
    """XML that stays well-formed: elements are lost, doubled, moved into others, renamed, or given other values."""
    root = etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False))
    for kind, place, length, new in changes:
        elements = list(root.iter(etree.Element))
        element = elements[int(place * (len(elements) - 1))]
        other, above = elements[length * 7 % len(elements)], element.getparent()
        value = "".join(char for char in new.decode("utf-8", "replace") if char >= " " and char < "\ufffe")
        if kind in ("remove", "cut") and above is not None:
            above.remove(element)
        elif kind == "repeat" and above is not None and len(element) < 50:
            above.extend(copy.deepcopy(element) for _ in range(50))
        elif kind == "swap" and other not in element.iter():
            element.append(copy.deepcopy(other))
        elif kind == "flip":
            element.tag = other.tag
        elif kind == "replace" and element.attrib:
            element.attrib[sorted(element.attrib)[length % len(element.attrib)]] = value
        else:
            element.text = value
    return etree.tostring(root)


def repacked(content: bytes, **members: bytes | Callable[[bytes], bytes]) -> bytes:
    """An archive with some members replaced, "__" for "/" and "_dot_" for "." in their names, checksums in order."""
    named = {name.replace("__", "/").replace("_dot_", "."): member for name, member in members.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        kept = {name: old.read(name) for name in old.namelist()}
        for name in {**kept, **named}:
            member = named.get(name, kept.get(name, b""))
            new.writestr(name, member(kept[name]) if callable(member) else member)
    return made.getvalue()


@st.composite
def archives(draw: st.DrawFn, sound: bytes, members: tuple[str, ...]) -> bytes:
    """An archive damaged as such, or with one member damaged or changed."""
    changes = draw(some_changes)
    member = draw(st.sampled_from(("", *members, *members)))
    change = draw(st.sampled_from([changed, restructured, restructured]))
    return repacked(sound, **{member: lambda old: change(old, changes)}) if member else changed(sound, changes)


def xml(*sound: bytes) -> st.SearchStrategy[bytes]:
    """Documents of XML, damaged as such, or well-formed and changed."""
    return st.builds(
        lambda change, content, changes: change(content, changes),
        st.sampled_from([changed, restructured]),
        st.sampled_from(sound),
        some_changes,
    )


class Format(NamedTuple):
    """What the tests need to know of a format; a format that is read has one line in FORMATS."""

    documents: st.SearchStrategy[bytes]
    """Generated documents."""
    count: int
    """How many of them `make test-faults` tries."""
    sound: tuple[bytes, ...] = ()
    """Undamaged documents, for formats whose reader has a process of its own."""
    library: str = ""
    """What its reader imports."""


FORMATS: Mapping[str, Format] = {
    "text": Format(plain(), 400),
    "html": Format(st.builds(changed, st.just(HTML), some_changes), 120, (HTML,), "trafilatura"),
    "jats": Format(
        xml(JATS),
        120,
        (JATS,),
        "lxml.etree",
    ),
    "rtf": Format(st.builds(changed, st.just(RTF), some_changes), 60, (RTF,), "fastsum.readers.symbol"),
    "pptx": Format(
        archives(
            PPTX,
            (
                "ppt/slides/slide8.xml",
                "ppt/slides/_rels/slide8.xml.rels",
                "ppt/presentation.xml",
                "ppt/slideLayouts/l.xml",
            ),
        ),
        60,
        (PPTX,),
        "lxml.etree",
    ),
    "odf": Format(archives(ODT, ("content.xml", "content.xml", "styles.xml", "meta.xml")), 60, (ODT,), "lxml.etree"),
    "feed": Format(xml(RSS, ATOM), 60, (RSS, ATOM), "lxml.html"),
    "fb2": Format(xml(FB2), 60, (FB2,), "lxml.etree"),
    "tei": Format(xml(TEI), 60, (TEI,), "lxml.etree"),
    "captions": Format(
        st.builds(changed, st.sampled_from([CAPTIONS, SUBTITLES]), some_changes),
        60,
        (CAPTIONS, SUBTITLES),
        "fastsum.readers.captions",
    ),
    "mail": Format(st.builds(changed, st.sampled_from([MAIL, MBOX]), some_changes), 60, (MAIL, MBOX), "trafilatura"),
    "mhtml": Format(st.builds(changed, st.just(MHTML), some_changes), 60, (MHTML,), "trafilatura"),
    "latex": Format(st.builds(changed, st.just(LATEX), some_changes), 60, (LATEX,), "fastsum.readers.latex"),
    "rst": Format(st.builds(changed, st.just(RST), some_changes), 60, (RST,), "fastsum.readers.rst"),
    "asciidoc": Format(
        st.builds(changed, st.just(ASCIIDOC), some_changes), 60, (ASCIIDOC,), "fastsum.readers.asciidoc"
    ),
    "org": Format(st.builds(changed, st.just(ORG), some_changes), 60, (ORG,), "fastsum.readers.org"),
    "man": Format(
        st.builds(changed, st.sampled_from([MAN, MDOC]), some_changes), 60, (MAN, MDOC), "fastsum.readers.man"
    ),
    "notebook": Format(
        st.builds(changed, st.just(NOTEBOOK), some_changes), 60, (NOTEBOOK,), "fastsum.readers.notebook"
    ),
    "docx": Format(
        archives(DOCX, ("word/document.xml", "word/document.xml", "word/styles.xml", "[Content_Types].xml")),
        120,
        (DOCX,),
        "lxml.etree",
    ),
    "epub": Format(
        archives(
            EPUB,
            ("OEBPS/text/three.xhtml", "OEBPS/text/chapter one.xhtml", "OEBPS/book.opf", "META-INF/container.xml"),
        ),
        120,
        (EPUB,),
        "lxml.html",
    ),
    "pdf": Format(
        st.builds(changed, st.sampled_from([PDF, PDF_UNPACKED]), some_changes), 120, (PDF, PDF_UNPACKED), "pypdfium2"
    ),
}
if importlib.util.find_spec("oxmsg"):  # of an extra
    FORMATS = {**FORMATS, "msg": Format(st.builds(changed, st.just(MSG), some_changes), 60, (MSG,), "oxmsg")}
