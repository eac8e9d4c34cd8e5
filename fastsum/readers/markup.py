"""The blocks of an HTML tree, as a browser would show them, for web pages and the chapters of an EPUB."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Block, is_prose

if TYPE_CHECKING:
    from lxml.etree import _Element

BLOCKS = re.compile(  # all others are inline elements, unknown ones too
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure"
    "|footer|form|h[1-6]|header|hgroup|hr|html|legend|li|main|menu|nav|ol|option|p|pre|section|summary|table|tbody|td"
    "|tfoot|th|thead|tr|ul"
)
_FORMING = re.compile("h[1-6]|li|dt|td|th")  # the innermost of these decides what a block is
_LINE_BREAK = "\v"
_EMPTY_LINE = re.compile(r"\v\s*\v")
_LISTS = frozenset(("dl", "menu", "ol", "ul"))
_LINKED_SHARE = 0.9  # of a list's letters, in links
_LINKS = 2


def lists_of_links(tree: _Element) -> set[_Element]:
    """The lists that are almost only links: tables of contents, and navigation."""
    from lxml import etree

    found: set[_Element] = set()
    counts = [[0, 0, 0]]  # for each open element: letters, letters in links, links
    linked = 0  # open links
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        linked += (element.tag == "a" and element.get("href") is not None) * (1 if event == "start" else -1)
        if event == "start":
            counts.append([0, 0, int(element.tag == "a")])
        else:
            done = counts.pop()
            letters, of_links, links = done
            if element.tag in _LISTS and links >= _LINKS and of_links >= _LINKED_SHARE * letters:
                found.add(element)
            counts[-1] = [one + other for one, other in zip(counts[-1], done, strict=True)]
        length = len(((element.text if event == "start" else element.tail) or "").strip())
        counts[-1][0] += length
        counts[-1][1] += length * (linked > 0)
    return found


def blocks_of_tree(tree: _Element, is_left_out: Callable[[_Element, str], bool]) -> list[Block]:
    """The headings, paragraphs and items of a tree, without tables of data.

    `is_left_out` gets an element and its tag, and says whether to leave it out. An empty line within a block splits it.
    The tree is walked without recursion, since it can be nested deeply.
    """
    from lxml import etree

    blocks: list[Block] = []
    text: list[str] = []
    forms = [""]  # the form of each open block, or that of the block around it
    skip: _Element | None = None
    preformatted = 0  # number of open elements of this kind

    def flush() -> None:
        form = forms[-1]
        parts = _EMPTY_LINE.split("".join(text))
        text.clear()
        for part in parts:
            line = " ".join(part.split())
            if line and (form not in ("td", "th") or is_prose(line)):
                blocks.append(Block(line, level=int(form[1]) if form.startswith("h") else 0, item=form in ("li", "dt")))

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if skip is not None:
            if event == "start" or element is not skip:
                continue
            skip = None
        elif event == "start" and is_left_out(element, tag):
            skip = element
            continue
        elif tag == "br":
            text.append(_LINE_BREAK if event == "start" else "")
        elif BLOCKS.fullmatch(tag):
            flush()
            preformatted += (tag == "pre") * (1 if event == "start" else -1)
            if event == "start":
                forms.append(tag if _FORMING.fullmatch(tag) else forms[-1])
            else:
                forms.pop()
        own = (element.text if event == "start" else element.tail) or ""
        text.append(own.replace("\n", _LINE_BREAK) if preformatted else own)
    flush()
    return blocks
