"""EPUB: a book's chapters in the order of its spine. The format is a ZIP archive of XHTML, so lxml reads it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fastsum.readers.archive import Archive
from fastsum.readers.blocks import Block, Reading, Unreadable, compose
from fastsum.readers.markup import blocks_of_tree, lists_of_links
from fastsum.readers.xml import parse

if TYPE_CHECKING:
    from lxml.etree import _Element

_DAMAGED = "is a damaged EPUB: {} is missing. Download or save it again."
_LEFT_OUT = re.compile(
    "toc|landmarks|page-list|loi|lot|lov|index|footnotes?|endnotes?|rearnotes?|notes|noteref|bibliography"
    "|copyright-page|cover|pagebreak|navigation|search"
    "|doc-(?:toc|index|footnote|endnotes|noteref|bibliography|cover|pagebreak|pagelist)"
)
_LEFT_OUT_TAGS = re.compile("audio|canvas|figcaption|head|iframe|nav|object|script|style|svg|template|video")
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
    blocks = [block for chapter in chapters if chapter not in missing for block in _blocks(archive.read(chapter))]
    title = package.findtext(".//{http://purl.org/dc/elements/1.1/}title")
    warnings = [f"has no {chapter}, a chapter in its table of contents." for chapter in missing]
    return compose(blocks, " ".join((title or "").split()), warnings=warnings)


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


def _blocks(content: bytes) -> list[Block]:
    """The blocks of one XHTML file, without notes, lists of contents and data tables."""
    import lxml.html

    encoding = _ENCODING.match(content)
    parser = lxml.html.HTMLParser(
        encoding=encoding[1].decode() if encoding else "utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = lxml.html.document_fromstring(content, parser=parser)
    except lxml.etree.ParserError:  # an empty file
        return []
    except LookupError:
        raise Unreadable(f"is damaged: its encoding {encoding and encoding[1]!r} is unknown. Save it again.") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Unreadable("has a chapter that is nested too deep to be read. Save it again, or as PDF.")
    links = lists_of_links(tree)
    return blocks_of_tree(tree, lambda element, tag: element in links or _is_left_out(element, tag))


def _is_left_out(element: _Element, tag: str) -> bool:
    roles = f"{element.get('epub:type') or ''} {element.get('role') or ''}".split()
    return (
        _LEFT_OUT_TAGS.fullmatch(tag) is not None
        or any(map(_LEFT_OUT.fullmatch, roles))
        or element.get("hidden") is not None
    )
