"""Documents of every format that mean harm: generated ones, and those made by hand to fill time or memory."""

from __future__ import annotations

import copy
import importlib.util
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import NamedTuple

from hypothesis import strategies as st
from lxml import etree

from tests.readers import (
    test_captions,
    test_docx,
    test_epub,
    test_fb2,
    test_feed,
    test_html,
    test_jats,
    test_mail,
    test_mhtml,
    test_msg,
    test_odf,
    test_pdf,
    test_pptx,
    test_rtf,
    test_tei,
)
from tests.readers.office import test_word

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
    b"\n\n00:00:01.000 --> 00:00:02.000\n", b"<v Ada>" * 300, b"\nX: " * 300, b" Tj (", b"1e9 0 0 1e9 0 0 cm ",
    b"BT ", b"%%EOF\n",
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
    "rtf": Format(st.builds(changed, st.just(RTF), some_changes), 120, (RTF,), "fastsum.readers.symbol"),
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
        80,
        (PPTX,),
        "lxml.etree",
    ),
    "odf": Format(archives(ODT, ("content.xml", "content.xml", "styles.xml", "meta.xml")), 80, (ODT,), "lxml.etree"),
    "feed": Format(xml(RSS, ATOM), 80, (RSS, ATOM), "lxml.html"),
    "fb2": Format(xml(FB2), 80, (FB2,), "lxml.etree"),
    "tei": Format(xml(TEI), 80, (TEI,), "lxml.etree"),
    "captions": Format(
        st.builds(changed, st.sampled_from([CAPTIONS, SUBTITLES]), some_changes),
        80,
        (CAPTIONS, SUBTITLES),
        "fastsum.readers.captions",
    ),
    "mail": Format(st.builds(changed, st.sampled_from([MAIL, MBOX]), some_changes), 120, (MAIL, MBOX), "trafilatura"),
    "mhtml": Format(st.builds(changed, st.just(MHTML), some_changes), 80, (MHTML,), "trafilatura"),
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
    FORMATS = {**FORMATS, "msg": Format(st.builds(changed, st.just(MSG), some_changes), 80, (MSG,), "oxmsg")}

# Made by hand --------------------------------------------------------------------------------------------------------

_LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
_OUTSIDE = '<!ENTITY l9 SYSTEM "{}">'


def _docx(body: str, prolog: str = "") -> bytes:
    document = f"{prolog}<w:document {test_docx.NAMESPACES}><w:body>{body}</w:body></w:document>"
    return repacked(DOCX, word__document_dot_xml=document.encode())


def _words(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _epub(body: str, package: str = test_epub.PACKAGE) -> bytes:
    chapter = test_epub.chapter(body)
    return repacked(EPUB, OEBPS__text__two_dot_xhtml=chapter, OEBPS__book_dot_opf=package.encode())


def _entities(body: str, subset: str) -> bytes:
    chapter = f"<!DOCTYPE html [{subset}]>".encode() + test_epub.chapter(f"<p>{body}</p>")
    return repacked(EPUB, OEBPS__text__two_dot_xhtml=chapter)


def _html(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def _jats(body: str, prolog: str = "") -> bytes:
    title = "<title-group><article-title>Owls</article-title></title-group>"
    return f"{prolog}<article><front><article-meta>{title}</article-meta></front><body>{body}</body></article>".encode()


def _pdf(kids: bytes, count: int) -> bytes:
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return test_pdf.by_hand(b"<< /Type /Catalog /Pages 2 0 R >>", pages, test_pdf.PAGE)


def _pptx(*shapes: str) -> bytes:
    return test_pptx.deck(test_pptx.sheet("sld", *shapes))


def _feed(description: str, prolog: str = "") -> bytes:
    item = f"<item><title>Owls</title><description>{description}</description></item>"
    return f"{prolog}<rss><channel><title>News</title>{item}</channel></rss>".encode()


def _mail(body: bytes, kind: str = "text/plain", head: str = "") -> bytes:
    return f"From: a@example.org\nMessage-ID: <1>\nSubject: Owls\n{head}Content-Type: {kind}\n\n".encode() + body


def _cues(count: int, words: str) -> bytes:
    return b"WEBVTT\n\n" + b"".join(
        b"%02d:%02d:%02d.000 --> 99:00:00.000\n%s\n\n" % (at // 3600, at // 60 % 60, at % 60, words.encode())
        for at in range(count)
    )


def _members(content: bytes, count: int) -> bytes:
    return repacked(content, **{f"word__{number}": b"" for number in range(count)})


def _attributes(count: int) -> str:
    return " ".join(f"a{number}=1" for number in range(count))


def _spine(count: int) -> str:
    return test_epub.PACKAGE.replace("<spine>", "<spine>" + '<itemref idref="c2"/>' * count)


BOMBS: Mapping[str, Callable[[str], bytes]] = {  # each is given the path of a file that it has no business to read
    "docx, 900 MB of spaces": lambda secret: _docx(_words(" " * 900_000_000)),
    "docx, 90 MB of words": lambda secret: _docx(_words("a " * 45_000_000)),
    "docx, a million paragraphs": lambda secret: _docx("<w:p/>" * 1_000_000),
    "docx, nested deeply": lambda secret: _docx("<w:ins>" * 100_000),
    "docx, nested tables": lambda secret: _docx(
        "<w:tbl><w:tr><w:tc>" * 80 + _words(WORDS) + "</w:tc></w:tr></w:tbl>" * 80
    ),
    "docx, many members": lambda secret: _members(DOCX, 60_000),
    "docx, entities in entities": lambda secret: _docx(_words(f"{WORDS}&l9;"), f"<!DOCTYPE a [{_LAUGHS}]>"),
    "docx, another file": lambda secret: _docx(_words(f"{WORDS}&l9;"), f"<!DOCTYPE a [{_OUTSIDE.format(secret)}]>"),
    "docx, a formula nested deeply": lambda secret: _docx(
        f"<w:p {test_word.NAMESPACES}><m:oMath>{'<m:f><m:num>' * 100}{'</m:num></m:f>' * 100}</m:oMath></w:p>"
        + _words(WORDS)
    ),
    "docx, 100,000 raised letters": lambda secret: _docx(f"<w:p>{test_word.run('a', test_word.UP) * 100_000}</w:p>"),
    "docx, another document inserted": lambda secret: _docx(f'{_words(WORDS)}<w:altChunk w:id="{secret}"/>'),
    "docx, an archive in an archive": lambda secret: repacked(DOCX, word__document_dot_xml=_docx(WORDS)),
    "epub, 900 MB of spaces": lambda secret: _epub(f"<p>{' ' * 900_000_000}</p>"),
    "epub, 90 MB of words": lambda secret: _epub(f"<p>{'a ' * 45_000_000}</p>"),
    "epub, 9 MB of words": lambda secret: _epub(f"<p>{WORDS * 90_000}</p>"),
    "epub, nested deeply": lambda secret: _epub("<div>" * 1_000_000 + WORDS),
    "epub, entities in entities": lambda secret: _entities(f"{WORDS}&l9;", _LAUGHS),
    "epub, an entity that is a file": lambda secret: _entities(f"{WORDS}&l9;", _OUTSIDE.format(secret)),
    "epub, a million marks of notes": lambda secret: _epub(f"<p>{WORDS}{'<a href=#a>1</a>' * 300_000}</p>"),
    "epub, one chapter 10,000 times": lambda secret: _epub(f"<p>{WORDS * 10_000}</p>", _spine(10_000)),
    "epub, another file": lambda secret: _epub("", test_epub.PACKAGE.replace("text/two.xhtml", secret)),
    "epub, a name that writes to the terminal": lambda secret: _epub(
        "", test_epub.PACKAGE.replace("text/two.xhtml", "&#10;%1b%5B31m%e2%80%ae.xhtml")
    ),
    "html, nested deeply": lambda secret: _html("<div>" * 1_000_000 + WORDS),
    "html, nested as deeply as is read": lambda secret: _html("<div>" * 2_000 + f"<p>{WORDS}</p>"),
    "html, nested tables": lambda secret: _html("<table><tr><td>" * 200 + WORDS),
    "html, one tag": lambda secret: _html("<p " * 500_000),
    "html, many attributes": lambda secret: _html(f"<p {_attributes(200_000)}>{WORDS}"),
    "html, many breaks": lambda secret: _html(f"<p>{WORDS}{'<br>' * 100_000}"),
    "html, 100,000 powers of powers": lambda secret: _html(f"<p>{WORDS}{'x<sup>2' * 100_000}"),
    "html, many hidden parts": lambda secret: _html(f"<p>{WORDS}{'<i hidden>a</i> b ' * 20_000}"),
    "html, 100,000 large hidden parts": lambda secret: _html(
        f"<p>{WORDS}" + f"<div aria-hidden='true'>{WORDS * 3}</div>" * 100_000
    ),
    "html, a style sheet without end": lambda secret: _html(
        f"<style>{'@media{.a{display:none' * 100_000}</style><p>{WORDS}"
    ),
    "html, a formula nested deeply": lambda secret: _html(f"<p>{WORDS}<math>{'<mfrac>' * 1_000}"),
    "html, a million marks of code": lambda secret: _html(f"<p>{WORDS}</p><pre>{'{' * 1_000_000}</pre>"),
    "html, many lists": lambda secret: _html(f"<p>{WORDS}</p>{'<ul><li><a href=a>b</a>' * 2_000}"),
    "html, another file": lambda secret: _html(f'<p>{WORDS}</p><iframe src="{secret}"></iframe><img src="{secret}">'),
    "jats, nested deeply": lambda secret: _jats("<sec>" * 100_000),
    "jats, nested as deeply as is read": lambda secret: _jats(
        "<list><list-item><p>a</p>" * 80 + "</list-item></list>" * 80
    ),
    "jats, entities in entities": lambda secret: _jats(f"<p>{WORDS}&l9;</p>", f"<!DOCTYPE article [{_LAUGHS}]>"),
    "jats, another file": lambda secret: _jats(
        f"<p>{WORDS}&l9;</p>", f"<!DOCTYPE article [{_OUTSIDE.format(secret)}]>"
    ),
    "jats, half a megabyte of spaces": lambda secret: _jats(f"<p>{WORDS}{' ' * 500_000}{WORDS}</p>"),
    "jats, 100,000 powers": lambda secret: _jats(f"<p>{WORDS}{'<sup>2</sup>' * 100_000}</p>"),
    "jats, a bracket without end": lambda secret: _jats(f"<p>{WORDS}({'cf. refs. ' * 10_000}</p>"),
    "rtf, nested deeply": lambda secret: b"{\\rtf1 " + b"{" * 1_000_000 + WORDS.encode(),
    "rtf, nested as deeply as is read": lambda secret: b"{\\rtf1 " + b"{\\b " * 900 + WORDS.encode() + b"}" * 901,
    "rtf, 200 MB": lambda secret: b"{\\rtf1 " + b"a " * 100_000_000 + b"}",
    "rtf, 9 MB of words": lambda secret: b"{\\rtf1 " + (WORDS * 90_000).encode() + b"}",
    "rtf, a million paragraphs": lambda secret: b"{\\rtf1 " + b"\\par" * 1_000_000 + b"}",
    "rtf, a picture of an impossible length": lambda secret: (
        b"{\\rtf1 {\\pict\\bin9999999999 ab}" + WORDS.encode() + b"}"
    ),
    "rtf, 100,000 powers": lambda secret: b"{\\rtf1 10" + b"{\\super 2}" * 100_000 + b"}",
    "rtf, another file": lambda secret: (
        b'{\\rtf1 {\\field{\\*\\fldinst INCLUDETEXT "%s"}{\\fldrslt %s}}}' % (secret.encode(), WORDS.encode())
    ),
    "pptx, a slide of 200 MB": lambda secret: _pptx(test_pptx.shape(" " * 200_000_000)),
    "pptx, one slide 10,000 times": lambda secret: repacked(
        PPTX,
        ppt__presentation_dot_xml=lambda old: old.replace(
            b"<p:sldIdLst>", b"<p:sldIdLst>" + b'<p:sldId r:id="rId0"/>' * 10_000
        ),
    ),
    "pptx, groups in groups": lambda secret: _pptx("<p:grpSp>" * 80 + test_pptx.shape(WORDS) + "</p:grpSp>" * 80),
    "pptx, nested deeply": lambda secret: _pptx("<p:grpSp>" * 100_000),
    "pptx, 20,000 boxes": lambda secret: _pptx(
        *(test_pptx.shape("Words.", at=(number * 37 % 900, number, 9, 9)) for number in range(20_000))
    ),
    "pptx, entities in entities": lambda secret: repacked(
        PPTX, ppt__slides__slide8_dot_xml=f"<!DOCTYPE a [{_LAUGHS}]><a>&l9;</a>".encode()
    ),
    "odf, 200 MB": lambda secret: test_odf.document(test_odf.p(" " * 200_000_000)),
    "odf, lists in lists": lambda secret: test_odf.document(
        "<text:list><text:list-item>" * 100 + test_odf.p(WORDS) + "</text:list-item></text:list>" * 100
    ),
    "odf, nested deeply": lambda secret: test_odf.document("<text:span>" * 100_000),
    "odf, an object in itself": lambda secret: test_odf.document(
        test_odf.p(f'{WORDS}<draw:frame><draw:object xlink:href="."/></draw:frame>')
    ),
    "odf, another file": lambda secret: test_odf.document(
        test_odf.p(f'{WORDS}<draw:frame><draw:object xlink:href="../../../{secret}"/></draw:frame>')
    ),
    "odf, a million spaces": lambda secret: test_odf.document(
        test_odf.p(WORDS + '<text:s text:c="999999999"/>' * 9_999)
    ),
    "feed, nested deeply": lambda secret: _feed("&lt;div&gt;" * 1_000_000),
    "feed, entities in entities": lambda secret: _feed(f"{WORDS}&l9;", f"<!DOCTYPE rss [{_LAUGHS}]>"),
    "feed, another file": lambda secret: _feed(f"{WORDS}&l9;", f"<!DOCTYPE rss [{_OUTSIDE.format(secret)}]>"),
    "feed, 100,000 entries": lambda secret: _feed(
        f"{WORDS}</description></item>" + "<item><title>a</title></item>" * 100_000 + "<item><description>b"
    ),
    "fb2, nested deeply": lambda secret: test_fb2.book("<section>" * 100_000),
    "fb2, another file": lambda secret: test_fb2.book(f"<p>{WORDS}&l9;</p>").replace(
        b"<FictionBook", f"<!DOCTYPE FictionBook [{_OUTSIDE.format(secret)}]><FictionBook".encode()
    ),
    "fb2, a book of 200 MB": lambda secret: test_fb2.archive(book_fb2=test_fb2.book(f"<p>{' ' * 200_000_000}</p>")),
    "tei, nested as deeply as is read": lambda secret: test_tei.edition(
        "<div>" * 240 + f"<p>{WORDS}</p>" + "</div>" * 240
    ),
    "tei, notes in notes": lambda secret: test_tei.edition(
        "<p>" + "<note><p>" * 90 + WORDS + "</p></note>" * 90 + "</p>"
    ),
    "tei, another file": lambda secret: (
        f"<!DOCTYPE TEI [{_OUTSIDE.format(secret)}]>".encode()
        + test_tei.edition(f"<p>{WORDS}&l9;</p>").partition(b"?>")[2]
    ),
    "mail, letters in letters": lambda secret: _mail(
        b"Content-Type: message/rfc822\n\n" * 100_000 + WORDS.encode(), "message/rfc822"
    ),
    "mail, parts in parts": lambda secret: _mail(
        b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(5_000)),
        "multipart/mixed; boundary=b0",
    ),
    "mail, 100,000 parts": lambda secret: _mail(
        b"--b\n\nWords.\n" * 100_000 + b"--b--\n", "multipart/mixed; boundary=b"
    ),
    "mail, 10,000 pages": lambda secret: _mail(
        b"--b\nContent-Type: text/html\n\n<p>Words.</p>\n" * 10_000 + b"--b--\n", "multipart/mixed; boundary=b"
    ),
    "mail, an attachment of 200 MB": lambda secret: _mail(
        b"--b\n\n%s\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n%s\n--b--\n"
        % (WORDS.encode(), (b"A" * 76 + b"\n") * 2_600_000),
        "multipart/mixed; boundary=b",
    ),
    "mail, 9 MB of words": lambda secret: _mail((WORDS + "\n").encode() * 90_000),
    "mail, one line of 9 MB": lambda secret: _mail(WORDS.encode() * 90_000),
    "mail, a header line of 20 MB": lambda secret: _mail(WORDS.encode(), head=f"X-Spam: {'a ' * 10_000_000}\n"),
    "mail, 100,000 header lines": lambda secret: _mail(
        WORDS.encode(), head="Received: from here\n by there\n" * 50_000
    ),
    "mail, a subject of many words in code": lambda secret: _mail(
        WORDS.encode(), head="Subject: " + "=?utf-8?q?a?= " * 200_000 + "\n"
    ),
    "mail, an encoding that is none": lambda secret: _mail(
        WORDS.encode() + bytes(range(256)) * 200, "text/plain; charset=idna"
    ),
    "mail, bytes of no encoding": lambda secret: _mail(bytes(range(128, 256)) * 20_000),
    "mail, quotations of quotations": lambda secret: _mail(b"> " * 500_000 + WORDS.encode()),
    "mail, 100,000 lines that someone wrote": lambda secret: _mail(
        b"On Monday, 2 March 2026, a wrote:\n> b\n" * 100_000
    ),
    "mail, 50,000 letters in a box": lambda secret: (
        b"From a@b Mon Mar  2 17:40:00 2026\nFrom: a@b\nMessage-ID: 1\nSubject: c\n\nWords.\n\n" * 50_000
    ),
    "mail, another file": lambda secret: _mail(
        WORDS.encode(), f'message/external-body; access-type=local-file; name="{secret}"'
    ),
    "mhtml, a page nested deeply": lambda secret: test_mhtml.saved(page="<div>" * 200_000 + WORDS),
    "mhtml, another file": lambda secret: test_mhtml.saved(
        page=f'<p>{WORDS}</p><iframe src="{secret}"></iframe><link rel="stylesheet" href="file://{secret}">'
    ),
    "msg, 6 MB of words": lambda secret: test_msg.letter(WORDS * 30_000),
    "msg, sectors in a circle": lambda secret: test_msg.outlook(_1000001F=b"a\0" * 4_000, loop=True),
    "captions, a million cues": lambda secret: _cues(1_000_000, "a"),
    "captions, 100,000 cues of words": lambda secret: _cues(100_000, WORDS[:40]),
    "captions, one cue of 9 MB": lambda secret: _cues(1, WORDS * 90_000),
    "captions, a million lines in one cue": lambda secret: _cues(1, "a b\n" * 1_000_000),
    "captions, rolling lines": lambda secret: _cues(300, "\n".join(["a a a a"] * 1_000)),
    "captions, a megabyte of voices": lambda secret: _cues(1, "<v a>" * 200_000),
    "captions, a megabyte of tags": lambda secret: _cues(1, "<c." * 300_000),
    "captions, times alone": lambda secret: _cues(300_000, ""),
    "pdf, millions of letters": lambda secret: test_pdf.bomb(),
    "pdf, a million pages": lambda secret: _pdf(b"3 0 R", 1_000_000),
    "pdf, pages in themselves": lambda secret: _pdf(b"2 0 R", 5),
    "pdf, nested deeply": lambda secret: _pdf(b"[" * 500_000, 1),
    "text, a megabyte of letters": lambda secret: b"a" * 1_000_000,
    "text, quotes of quotes": lambda secret: b"> " * 100_000 + WORDS.encode(),
    "text, a megabyte of brackets": lambda secret: WORDS.encode() + b"[" * 1_000_000,
}
