"""HTML: the main text of a page, found by trafilatura, without navigation, notices, comments and tables of figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.blocks import INSTALL, Block, Reading, Unreadable, compose, is_prose

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = ("string(//meta[@property='og:title']/@content)", "string(//h1)", "string(//head/title)")
_SENTENCE_WORDS = 4  # a page whose paragraphs are all shorter has labels and no text
_CITATION = re.compile(r"(?<=\S)(?:\[(?:\d{1,3}|[a-z]|note \d{1,2}|citation needed)\])+")


def read(content: bytes) -> Reading:
    """The main text of a page in UTF-8, headings marked. Raises Unreadable where there is none."""
    try:
        import lxml.html
        import trafilatura
    except ImportError:
        raise Unreadable(f"is HTML, which needs more packages to be read: {INSTALL}") from None

    # The parser reads from memory alone; nothing in a page makes it or trafilatura fetch anything.
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(content, parser=parser)
    except lxml.etree.ParserError:
        raise Unreadable("has no text in it. Give a page that has.") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Unreadable("is HTML nested too deep to be read. Save the page's text, or print it to PDF.")
    titles = [_folded(tree.xpath(path)) for path in _TITLES]
    found = trafilatura.bare_extraction(tree, include_comments=False)
    body = getattr(found, "body", None)
    blocks = [] if body is None else list(_blocks(_spaced(body)))
    if not any(not block.level and len(block.text.split()) >= _SENTENCE_WORDS for block in blocks):
        raise Unreadable("has no main text: it is navigation, or filled in by scripts. Print the page to PDF.")
    return compose(blocks, next(filter(None, titles), None))


def _spaced(body: _Element) -> _Element:
    """The tree with a space at each line break."""
    for line_break in body.iter("lb"):
        line_break.tail = f" {line_break.tail or ''}"
    return body


def _blocks(parent: _Element) -> Iterator[Block]:
    """The blocks of trafilatura's tree: `head`, `p`, `list` of `item`, `quote`, `table` of `row` of `cell`."""
    for element in parent:
        text = _CITATION.sub("", _folded("".join(element.itertext())))
        if element.tag == "head":
            yield Block(text, level=int((element.get("rend") or "h2")[1:]))
        elif element.tag in ("list", "quote", "row", "table"):
            if element.tag == "quote" and not len(element):
                yield Block(text)
            yield from _blocks(element)
        elif element.tag == "item":
            yield Block(text, item=True)
        elif element.tag == "cell":
            if is_prose(text):
                yield Block(text)
        elif element.tag != "code":
            yield Block(text)


def _folded(text: str) -> str:
    return " ".join(text.split())
