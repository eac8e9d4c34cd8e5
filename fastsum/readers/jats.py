"""JATS, the XML of PubMed Central and publishers: the title, abstract and body of a scientific article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Block, Reading, compose
from fastsum.readers.xml import name, parse

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARATION = re.compile(rb"\A\s*<\?xml.*?\?>", re.DOTALL)
_LEFT_OUT = re.compile(
    "ack|alternatives|author-notes|back|caption|disp-formula(?:-group)?|fig(?:-group)?|floats-group|fn(?:-group)?"
    "|funding-group|glossary|graphic|kwd-group|label|media|notes|object-id|ref-list|response|sec-meta|sub-article"
    "|supplementary-material|table-wrap(?:-group)?|tex-math"
)
_BLOCKS = re.compile("array|boxed-text|code|def-list|disp-quote|list|p|preformat|speech|statement|verse-group")
_LEFT_OUT_SECTIONS = frozenset(("display-objects", "ref-list", "supplementary-material"))
_LEFT_OUT_ABSTRACTS = frozenset(("graphical", "teaser", "toc", "precis"))

# Citations are put between these marks, and removed when the text around them is known.
_OPEN, _CLOSE = "\ue000", "\ue001"
_CITED = rf"{_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}"
_NUMBERS = rf"{_OPEN}[^{_OPEN}{_CLOSE}A-Za-z]*{_CLOSE}"
# Against catastrophic backtracking, nothing here matches in two ways, and runs of white space are single spaces.
_LEAD = r"(?:see|also|and|cf|e\.g|for (?:a )?reviews?|reviewed (?:in|by)|refs?|references?)"
_BRACKETED = re.compile(
    rf" ?[\[(](?:[ ,;:–—&.-]|{_LEAD})*{_CITED}(?:[ ,;:–—&.-]|{_LEAD}|{_CITED})*[\])]", re.IGNORECASE
)
_NUMBERED = re.compile(rf" ?{_NUMBERS}(?:[ ,;–—-]*{_NUMBERS})*")


def read(content: bytes) -> Reading:
    """The text of the article, or of all articles in the file, from XML in UTF-8. Raises Unreadable for damaged XML."""
    root = parse(_DECLARATION.sub(b"", content, count=1))
    papers = [element for element in root.iter() if name(element) == "article"]
    papers = [paper for paper in papers if not any(name(above) == "article" for above in paper.iterancestors())]
    titles = [_title(paper) for paper in papers]
    blocks = [
        block for paper, title in zip(papers, titles, strict=True) for block in (Block(title, level=1), *_paper(paper))
    ]
    return compose(blocks, titles[0] if titles else None)


def _title(paper: _Element) -> str:
    found = paper.find("./{*}front/{*}article-meta/{*}title-group/{*}article-title")
    return "" if found is None else _line(found)


def _paper(paper: _Element) -> Iterator[Block]:
    for abstract in paper.iterfind("./{*}front/{*}article-meta/{*}abstract"):
        if abstract.get("abstract-type") not in _LEFT_OUT_ABSTRACTS:
            if abstract.find("./{*}title") is None:
                yield Block("Abstract", level=2)
            yield from _blocks(abstract, 2)
    body = paper.find("./{*}body")
    if body is not None:
        yield from _blocks(body, 1)


def _blocks(parent: _Element, level: int) -> Iterator[Block]:
    """The blocks of a part, whose own title is a heading of `level`. The XML parser limits the nesting to 256."""
    for element in parent:
        kind = name(element)
        if kind == "sec":
            if element.get("sec-type") not in _LEFT_OUT_SECTIONS:
                yield from _blocks(element, level + 1)
        elif kind == "title":
            yield Block(_line(element), level=level)
        elif kind in ("p", "list-item", "def-item", "verse-line"):
            yield Block(_line(element), item=kind in ("list-item", "def-item"))
            for below in element:
                if name(below) == "list" or (kind == "p" and _BLOCKS.fullmatch(name(below))):
                    yield from _blocks(below, level)
        elif not _LEFT_OUT.fullmatch(kind):
            yield from _blocks(element, level)


def _line(element: _Element) -> str:
    """The text of an element without the blocks in it, and without citations that the sentence can do without."""
    text = _NUMBERED.sub("", _BRACKETED.sub("", " ".join(_inline(element).split())))
    return " ".join(text.replace(_OPEN, "").replace(_CLOSE, "").split())


def _inline(element: _Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts.extend(filter(None, (_child(child, parts[-1]), child.tail)))
    return "".join(parts)


def _child(child: _Element, before: str) -> str:
    kind = name(child)
    above = child.getparent()
    if not kind or _LEFT_OUT.fullmatch(kind):  # an entity has no name
        return ""
    if _BLOCKS.fullmatch(kind) and not (kind == "p" and above is not None and name(above) in ("list-item", "def")):
        return " "
    if kind == "xref":
        if child.get("ref-type") in ("fn", "table-fn", "author-notes", "corresp"):
            return ""
        text = _inline(child)
        return f"{_OPEN}{text}{_CLOSE}" if child.get("ref-type") == "bibr" else text
    text = _inline(child)
    if kind == "sup":
        if _OPEN in text and not re.search(r"\w", re.sub(_CITED, "", text)):
            return f"{_OPEN}{_CLOSE}"
        return f"^{text}" if before[-1:].isdigit() else text
    return f"{text} " if kind in ("p", "term", "def", "title") else text
