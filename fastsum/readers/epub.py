"""EPUB: a book's chapters in the order of its spine. The format is a ZIP archive of XHTML, so lxml reads it."""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fastsum.readers.archive import Archive
from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose
from fastsum.readers.web.markup import blocks_of_tree, is_all_code, is_code, lists_of_links, prepare
from fastsum.readers.xml import parse, text_of_cdata, unknown_names, without_entities

if TYPE_CHECKING:
    from lxml.etree import _Element

_DAMAGED = "is a damaged EPUB: {} is missing. Download or save it again."
_LEFT_OUT = re.compile(  # of references in the guide
    "toc|landmarks|page-list|loi|lot|lov|index|footnotes?|endnotes?|rearnotes?|notes|bibliography|copyright-page|cover"
    "|colophon|imprint|title-?page"
)
_ROLES = {  # of `epub:type` and ARIA
    "navigation": re.compile(
        "toc|landmarks|page-list|loi|lot|lov|navigation|search|pagebreak|doc-(?:toc|pagebreak|pagelist)"
    ),
    "footnotes": re.compile("(?:doc-)?(?:footnotes?|endnotes?|rearnotes?|notes?|noteref)"),
    "references": re.compile("(?:doc-)?(?:bibliography|biblioentry)"),
    "indexes": re.compile("(?:doc-)?index"),
    "imprints": re.compile(
        "copyright-page|(?:doc-)?(?:cover|colophon)|imprint|imprimatur|halftitlepage|titlepage|seriespage"
    ),
    "code": re.compile("listing|programlisting|screen"),
}
_LEFT_OUT_TAGS = {  # None for what has no text
    **dict.fromkeys(("audio", "canvas", "head", "iframe", "object", "rp", "rt", "script", "style", "svg", "template")),
    "video": None,
    "figcaption": "figure captions",
    "nav": "navigation",
}
_CODE_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:code|codeblock|listing|program(?:listing)?|screen|sourcecode)(?:$|[\s_-])", re.IGNORECASE
)
_LICENCE_CLASSES = re.compile("pg-boilerplate")
_CLASSES = re.compile("code|listing|program|screen|pg-boilerplate", re.IGNORECASE)
_FILE_OF_LINKS = 5  # links
_LINK_LENGTH = 200  # characters
_LINKED_SHARE = 0.8  # of the letters
_LINKED_SHARE_OF_CONTENTS = 0.4
_HEADS = 2
_CONTENTS = re.compile(r"(?:table of )?contents", re.IGNORECASE)
_IMPRINT_SIZE = 4000  # characters
_IMPRINT_WORDS = ("isbn", "rights reserved", "copyright", "©", "published", "public domain")
_IMPRINT_SIGNS = 2
_IMPRINT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bISBN\b",
        r"all rights reserved|rights reserved\b|no part of this (?:book|publication)",
        r"(?:©|\(c\)|copyright)[^.]{0,40}\b(?:19|20)\d\d\b",
        r"first published|published (?:by|in)\b|printed (?:in|by)\b|\bpublisher\b",
        r"library of congress|catalogu?ing[- ]in[- ]publication|british library",
        r"cover (?:design|art|image|photo)|typeset|e-?book (?:edition|isbn|conversion)|produced by|public domain",
    )
)
_HEAD = 2000  # bytes
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9._-]+)")
_ENCODING = re.compile(rb"\A[^>]{0,100}?encoding=[\"']([A-Za-z0-9._-]+)[\"']")
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def read(content: bytes) -> Reading:
    """The text of a book. Raises Unreadable where it is damaged or protected."""
    archive = Archive(content)
    container = parse(_member(archive, "META-INF/container.xml"))
    root_file = container.find(".//{*}rootfile")
    package_name = "" if root_file is None else root_file.get("full-path") or ""
    package = parse(_member(archive, package_name))
    _refuse_protected(archive)
    # Each chapter is read once, even where a malicious book names it a million times.
    chapters = list(dict.fromkeys(_chapters(package, posixpath.dirname(package_name))))
    missing = [chapter for chapter in chapters if chapter not in archive.names]
    if len(missing) == len(chapters):
        raise Unreadable(_DAMAGED.format(missing[0] if missing else "its list of chapters"))
    book = _Book()
    blocks = [
        block for chapter in chapters if chapter not in missing for block in book.blocks(archive.read(chapter), chapter)
    ]
    title = package.findtext(".//{http://purl.org/dc/elements/1.1/}title")
    warnings = [f"has no {chapter}, a chapter in its table of contents." for chapter in missing]
    warnings += unknown_names(book.unknown)
    return compose(blocks, title and " ".join(title.split()), 0, warnings, book.omissions)


def _member(archive: Archive, name: str) -> bytes:
    if name not in archive.names:
        raise Unreadable(_DAMAGED.format(name or "its list of files"))
    return archive.read(name)


def _refuse_protected(archive: Archive) -> None:
    name = "META-INF/encryption.xml"
    if name not in archive.names:
        return
    for method in parse(archive.read(name)).iterfind(".//{*}EncryptedData/{*}EncryptionMethod"):
        if method.get("Algorithm") not in _FONT_ALGORITHMS:
            raise Unreadable("is protected against copying (DRM). Give a copy without protection.")


def _chapters(package: _Element, folder: str) -> Iterator[str]:
    """The names of the chapters' files in reading order, some several times: the spine can name parts of a file."""

    def file(href: str) -> str:
        return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))

    items = {item.get("id"): item for item in package.iterfind("./{*}manifest/{*}item")}
    skipped = set()
    for reference in package.iterfind("./{*}guide/{*}reference"):
        href = reference.get("href") or ""
        # A reference to an anchor says nothing about the rest of the file; in HTML "#top" is the whole of it.
        if _LEFT_OUT.fullmatch(reference.get("type") or "") and href.partition("#")[2].lower() in ("", "top"):
            skipped.add(file(href))
    for reference in package.iterfind("./{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no":
            continue
        chapter, kind = file(item.get("href") or ""), item.get("media-type") or ""
        if "html" in kind and "nav" not in (item.get("properties") or "").split() and chapter not in skipped:
            yield chapter


class _Book:
    """Reads the chapters, and keeps account of what is left out and of where the marks of notes lead."""

    def __init__(self) -> None:
        self.omissions = Omissions()
        self.unknown: set[str] = set()
        self._notes: set[str] = set()

    def blocks(self, content: bytes, chapter: str) -> list[Block]:
        """The blocks of one XHTML file, without notes, lists of contents, code and data tables."""
        content = _decoded(content, self.unknown)
        tree = _parsed(content)
        if tree is None:
            return []
        for what, text in prepare(tree, content, self._notes, posixpath.basename(chapter)):
            self.omissions.add(what, text)
        links = lists_of_links(tree)

        def left_out(element: _Element, tag: str) -> str | None:
            if element in links:
                return "navigation"
            if (tag == "pre" and is_code(element)) or is_all_code(element, tag):
                return "code"
            return _left_out(element, tag)

        pieces = blocks_of_tree(tree, left_out)
        text = " ".join(piece.block.text for piece in pieces if not piece.left_out)
        if kind := _around_the_story(tree, text):
            self.omissions.add(kind, text)
            pieces = [piece for piece in pieces if piece.left_out]
        for piece in pieces:
            if piece.left_out:
                self.omissions.add(piece.left_out, piece.block.text)
        return [piece.block for piece in pieces if not piece.left_out]


def _decoded(content: bytes, unknown: set[str]) -> bytes:
    """A chapter in UTF-8, without entities and CDATA."""
    encoding = _ENCODING.match(content) or _CHARSET.search(content[:_HEAD])
    name = encoding[1].decode() if encoding else "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    try:
        text = content.decode(name, "replace")
    except LookupError:
        raise Unreadable(f"is damaged: its encoding {name!r} is unknown. Save it again.") from None
    return text_of_cdata(without_entities(text.encode("utf-8", "replace"), unknown))


def _parsed(content: bytes) -> _Element | None:
    """The tree of a chapter; None where it is empty."""
    from lxml import etree

    # The parser of lxml.html makes its elements in Python, which takes half as long again.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree: _Element | None = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:  # an empty file
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Unreadable("has a chapter that is nested too deep to be read. Save it again, or as PDF.")
    return tree


def _left_out(element: _Element, tag: str) -> str | None:
    """What an element is that is no part of the story; "" for what is read, None for what has no text."""
    if tag in _LEFT_OUT_TAGS:
        return _LEFT_OUT_TAGS[tag]
    roles = f"{element.get('epub:type') or ''} {element.get('role') or ''} {element.get('data-type') or ''}"
    if not roles.isspace():
        for role in roles.split():
            for what, pattern in _ROLES.items():
                if pattern.fullmatch(role):
                    return what
    classes = element.get("class")
    if classes and _CLASSES.search(classes):
        return (
            "code"
            if tag in ("div", "table", "p", "section", "figure") and _CODE_CLASSES.search(classes)
            else ("imprints" if _LICENCE_CLASSES.search(classes) else "")
        )
    return ""


def _around_the_story(tree: _Element, text: str) -> str | None:
    """What a whole file is, if it is no part of the story: a list of links, or a page with the book's rights."""
    links = list(tree.iter("a"))
    if len(links) >= _FILE_OF_LINKS and len(text) < _LINK_LENGTH * len(links):
        linked = sum(len("".join(link.itertext())) for link in links if link.get("href"))
        heads = [" ".join("".join(head.itertext()).split()) for head in tree.iter("title", "h1", "h2")][:_HEADS]
        named = any(_CONTENTS.fullmatch(head) for head in heads)  # the names of the chapters' authors are no links
        if linked >= (_LINKED_SHARE_OF_CONTENTS if named else _LINKED_SHARE) * len(text):
            return "navigation"
    folded = text.casefold() if len(text) < _IMPRINT_SIZE else ""
    if (
        any(word in folded for word in _IMPRINT_WORDS)
        and sum(pattern.search(text) is not None for pattern in _IMPRINT) >= _IMPRINT_SIGNS
    ):
        return "imprints"
    return None
