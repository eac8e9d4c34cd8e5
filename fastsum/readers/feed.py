"""RSS and Atom: the entries of a feed, with their titles as headings and the longer of their two texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose, count_letters
from fastsum.readers.web.markup import blocks_of_tree, is_code, lists_of_links, prepare
from fastsum.readers.xml import name, parse_text, text_of_cdata, unknown_names, without_entities

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEXTS = frozenset(("content", "description", "encoded", "summary"))
_MARKUP = re.compile(r"<[A-Za-z!/]|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]\w*);")
_NOT_TEXT = re.compile(
    "audio|button|canvas|figcaption|form|head|iframe|nav|object|script|select|style|svg|template|video"
)
_FILE_TYPES = ("application/", "audio/", "image/", "video/")
_EMPTY_LINE = re.compile(r"\n\s*\n")
_TRAILER = re.compile(  # what blogs end their entries with
    r"The post .{1,300} (?:appeared first|first appeared) on .{1,200}"
    r"|(?:Continue reading|Read more|Read the (?:full|rest|whole))\b[^.!?]{0,200}[.…]*",
    re.DOTALL,
)
_ENTRY_LEVEL = 2
_LEVELS = 6


def read(content: bytes) -> Reading:
    """The text of a feed in UTF-8. Raises Unreadable where it is damaged or has no entries."""
    return _Feed().reading(content)


class _Feed:
    def __init__(self) -> None:
        self.omissions = Omissions()
        self.unknown: set[str] = set()

    def reading(self, content: bytes) -> Reading:
        root = parse_text(content, self.unknown)
        channel = next((each for each in root if name(each) == "channel"), root)
        entries = [each for each in root.iter() if name(each) in ("entry", "item")]
        if not entries:
            raise Unreadable("is a feed without entries. Download it again.")
        title = self._title(channel)
        blocks = [Block(title, level=1)]
        for entry in entries:
            blocks.extend(self._entry(entry))
        return compose(blocks, title, warnings=unknown_names(self.unknown), omissions=self.omissions)

    def _entry(self, entry: _Element) -> Iterator[Block]:
        title = self._title(entry)
        found = [list(self._blocks(each)) for each in _texts(entry)]
        blocks = max(found, key=lambda each: sum(count_letters(block.text) for block in each), default=[])
        if blocks and [block.text for block in blocks] != [title]:
            yield Block(title, level=_ENTRY_LEVEL)
            yield from blocks
        else:
            yield Block(title, item=True)

    def _title(self, parent: _Element) -> str:
        found = next((each for each in parent if name(each) == "title"), None)
        return "" if found is None else " ".join(block.text for block in self._blocks(found))

    def _blocks(self, element: _Element) -> Iterator[Block]:
        """The blocks of an element, whose text is plain, or HTML that is escaped, or XHTML."""
        from lxml import etree

        text = "".join(element.itertext())
        kind = element.get("type", "")
        if kind == "xhtml" or len(element):
            text = "".join(etree.tostring(each, encoding="unicode") for each in element)
        if kind in ("text", "text/plain") or not _MARKUP.search(text):
            for part in _EMPTY_LINE.split(text):
                yield Block(" ".join(part.split()))
            return
        for block in self._of_html(text):
            if _TRAILER.fullmatch(block.text):
                self.omissions.add("navigation", block.text)
            else:
                yield block._replace(level=min(block.level + _ENTRY_LEVEL, _LEVELS)) if block.level else block

    def _of_html(self, html: str) -> Iterator[Block]:
        import lxml.html

        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        content = without_entities(text_of_cdata(f"<div>{html}</div>".encode("utf-8", "replace")), self.unknown)
        try:
            tree = lxml.html.document_fromstring(content, parser=parser)
        except lxml.etree.ParserError:
            return
        if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            raise Unreadable("has an entry that is nested too deep to be read. Save the entry's page.")
        for what, text in prepare(tree, content, set()):
            self.omissions.add(what, text)
        links = lists_of_links(tree)

        def left_out(element: _Element, tag: str) -> str | None:
            if element in links:
                return "navigation"
            if tag == "pre" and is_code(element):
                return "code"
            return "" if not _NOT_TEXT.fullmatch(tag) else "captions" if tag == "figcaption" else None

        for piece in blocks_of_tree(tree, left_out):
            if piece.left_out:
                self.omissions.add(piece.left_out, piece.block.text)
            else:
                yield piece.block


def _texts(entry: _Element) -> Iterator[_Element]:
    """The elements that hold an entry's text, in full or in brief."""
    for each in entry.iter():
        kind = name(each)
        is_file = each.get("src") is not None or each.get("type", "").startswith(_FILE_TYPES)
        if kind in _TEXTS and not is_file:
            yield each
