"""HTML: the main text of a page, found by trafilatura, without navigation, notices, comments and tables of data."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.blocks import (
    Block,
    Omissions,
    Reading,
    Unreadable,
    compose,
    is_prose,
    is_reference_heading,
    is_reference_item,
)
from fastsum.readers.web.chosen import SPLIT, as_set, is_sentence, length, parted
from fastsum.readers.web.hidden import emptied
from fastsum.readers.web.markup import Piece, blocks_of_tree, is_all_code, is_code, lists_of_links, prepare
from fastsum.readers.xml import text_of_cdata, with_open_scripts

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = ("string(//meta[@property='og:title']/@content)", "string(//h1)", "string(//head/title)")
_LEFT_OUT_TAGS = {  # None for what has no text
    **dict.fromkeys(("audio", "canvas", "head", "iframe", "noscript", "object", "script", "select", "style", "svg")),
    **dict.fromkeys(("template", "textarea", "video")),
    "button": None,
    "figcaption": "figure captions",
    "nav": "navigation",
    "rp": None,
    "rt": None,
}
_AROUND = (  # what is not the page's own text, where trafilatura does not say it
    "//footer | //aside | //form | //*[contains(@class, 'comment') or contains(@id, 'comment')"
    " or contains(@class, 'footer') or contains(@id, 'footer') or contains(@class, 'cookie')"
    " or contains(@id, 'cookie') or contains(@class, 'sidebar') or contains(@id, 'sidebar')]"
)
_ENOUGH = 250  # words: a longer text is the main text, whatever else is on the page
_SMALL_PART = 0.4  # of the page's own prose
_LEAST_PROSE = 20  # words
_SHORT_LINE = 50  # characters of a line of a letter
_QUOTATION = "\ue000{}\ue000"  # stands for one, in a character of no text
_QUOTED = re.compile("\ue000(\\d+)\ue000")
_FOOT = re.compile(r"\[Page \w{1,6}\]\s*\Z")
_LEAST_PAGES = 2
_MOST = 0.5  # of the pages: the last, and those without a foot, are fewer
_CITATION = re.compile(r"(?<=\S)(?:\[(?:\d{1,3}|[a-z]|note \d{1,2}|citation needed)\])+")
_ASKED = re.compile(r"(?<=\S)\[citation needed\]")


def read(content: bytes) -> Reading:
    """The main text of a page in UTF-8, with its headings. Raises Unreadable where there is none."""
    import trafilatura

    content = text_of_cdata(content)  # which parsers of HTML take for a comment up to the first >
    tree = _parsed(content)
    titles = [_folded(tree.xpath(path)) for path in _TITLES]
    if typed := _typed_pages(tree):
        return Reading(typed, next(filter(None, titles), None))
    lost = prepare(tree, content, set())
    own = _own_pieces(tree)
    marks = _marks(own)
    omissions = Omissions()
    for what, text in lost:
        # What a page hides is mostly menus and messages, which are no part of the document.
        omissions.add(what, "" if what == "hidden text" else text, where="not shown" if what == "hidden text" else "")
    for fast in (False, True):  # sometimes the slow mode finds nothing and the fast one does
        tree = _prepared(content) if fast else tree
        found = trafilatura.bare_extraction(tree, include_comments=False, fast=fast)
        body = getattr(found, "body", None)
        blocks = [] if body is None else list(_blocks(_spaced(body), marks))
        if any(not block.level and is_sentence(block.text) for block in blocks):
            kept = as_set(own, blocks)
            break
    else:
        kept = []
    kept = list(parted(_own_text_if_more(own, kept, content), own))
    if not kept:
        raise Unreadable("has no main text: it is only navigation, or scripts load the text. Print the page to PDF.")
    _count_left_out(own, kept, omissions)
    return compose(kept, next(filter(None, titles), None), omissions=omissions)


def _typed_pages(tree: _Element) -> str:
    """The text of a page that shows one that was set with a typewriter's letters, such as an RFC: a form feed between
    its pages tells `text.cleaning` where heads and feet are. Otherwise ""."""
    pages = [] if (first := tree.find(".//pre")) is None else [first, *first.itersiblings("pre")]
    if len(pages) < _LEAST_PAGES:
        return ""
    texts = [str(page.xpath("string()")) for page in pages]
    if sum(_FOOT.search(text) is not None for text in texts) < _MOST * len(texts):
        return ""
    return "\f".join(texts)


def _prepared(content: bytes) -> _Element:
    tree = _parsed(content)
    prepare(tree, content, set())
    return tree


def _parsed(content: bytes) -> _Element:
    """The tree of a page. The parser reads only from memory and fetches nothing."""
    import lxml.html

    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree: _Element = lxml.html.document_fromstring(with_open_scripts(content), parser=parser)
    except lxml.etree.ParserError:
        raise Unreadable("has no text in it. Name a page with text.") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Unreadable("is HTML nested too deep to be read. Save the page's text, or print it to PDF.")
    return tree


def _own_pieces(tree: _Element, all_cells: bool = False) -> list[Piece]:
    """All blocks of a page; those of code, lists of links and, without `all_cells`, tables of data are marked."""
    links = lists_of_links(tree)

    def left_out(part: _Element, tag: str) -> str | None:
        if tag in _LEFT_OUT_TAGS:
            return _LEFT_OUT_TAGS[tag]
        if part in links or (tag == "p" and _is_headline(part)):
            return "navigation"
        return "code" if (tag == "pre" and is_code(part)) or is_all_code(part, tag) else ""

    pieces = blocks_of_tree(tree, left_out, SPLIT, all_cells)
    marks = _marks(pieces)
    return [piece._replace(block=piece.block._replace(text=marks.sub("", piece.block.text))) for piece in pieces]


def _is_headline(paragraph: _Element) -> bool:
    """Whether a paragraph is only a link to another story, in capitals."""
    link = next(paragraph.iter("a"), None)
    text = "".join(paragraph.itertext()).strip() if link is not None else ""
    return link is not None and text.isupper() and " " in text and "".join(link.itertext()).strip() == text


def _marks(pieces: list[Piece]) -> re.Pattern[str]:
    """The marks of citations on a page: numbers in brackets only where it lists works, as q[2] can be a formula."""
    blocks = [piece.block for piece in pieces]
    cites = any(
        is_reference_heading(block.text, after.text if after.item else "")
        if block.level
        else is_reference_item(block.text)
        for block, after in zip(blocks, [*blocks[1:], Block("")], strict=False)
    )
    return _CITATION if cites else _ASKED


def _own_text_if_more(own: list[Piece], kept: list[Block], content: bytes) -> list[Block]:
    """The page's own prose, if what was found is a small part of it: a footer, or one cell of an old page's tables; or
    if it is the whole page in one paragraph, with its menus."""
    is_heap = len(kept) == 1 and all(kept[0].text != piece.block.text for piece in own)
    found, least = (0, 1) if is_heap else (length(kept), _LEAST_PROSE)
    if found >= _ENOUGH:
        return kept
    prose = list({piece.block: None for piece in own if not piece.left_out and is_prose(piece.block.text)})
    if length(prose) * _SMALL_PART <= found or length(prose) < least:
        return kept
    tree = _prepared(content)
    for element in tree.xpath(_AROUND):
        if element.tag not in ("body", "html"):
            emptied(element)
    pieces = _own_pieces(tree)
    text = [piece.block for piece in pieces if not piece.left_out]
    sentences = list({block: None for block in text if not block.level and is_prose(block.text)})
    if length(sentences) * _SMALL_PART <= found or length(sentences) < least:
        return kept
    return _between_prose(text)


def _between_prose(blocks: list[Block]) -> list[Block]:
    """The blocks from the first prose, with the headings right above it, to the last."""
    places = [place for place, block in enumerate(blocks) if not block.level and is_prose(block.text)]
    start = places[0]
    while start and blocks[start - 1].level:
        start -= 1
    return blocks[start : places[-1] + 1]


def _count_left_out(own: list[Piece], kept: list[Block], omissions: Omissions) -> None:
    """Count what is left out between the blocks that are kept; what is around them is no part of the document."""
    texts = {block.text for block in kept}
    places = [place for place, piece in enumerate(own) if piece.block.text in texts]
    inside = range(places[0], places[-1] + 2) if places else range(0)  # a table can be the last of it
    for place, piece in enumerate(own):
        if piece.block.text in texts:
            continue
        if place in inside and piece.left_out and piece.left_out != "navigation":
            omissions.add(piece.left_out, piece.block.text)
        elif piece.left_out == "navigation" or place not in inside:
            omissions.add("blocks around the main text", where="navigation, notices and the like")


def _spaced(body: _Element) -> _Element:
    """The tree with a space after each line break."""
    for line_break in body.iter("lb"):
        line_break.tail = f" {line_break.tail or ''}"
    return body


def _blocks(parent: _Element, marks: re.Pattern[str]) -> Iterator[Block]:
    """The blocks of trafilatura's tree: `head`, `p`, `list` of `item`, `quote`, `table` of `row` of `cell`."""
    for element in parent:
        text = marks.sub("", _folded("".join(element.itertext())))
        if element.tag == "head":
            yield Block(text, level=int((element.get("rend") or "h2")[1:]))
        elif element.tag in ("list", "quote", "row", "table"):
            if element.tag == "quote" and not len(element):
                yield Block(text)
            yield from _blocks(element, marks)
        elif element.tag == "item":
            yield Block(text, item=True, term=(element.get("rend") or "").startswith("dt"))
        elif element.tag == "cell":
            if is_prose(text):
                yield Block(text)
        elif element.tag != "code":
            yield Block(text)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _part_short_lines(tree: _Element) -> None:
    """Put an empty line behind each short line, as greetings and signatures have; longer ones may be wrapped."""
    for line_break in list(tree.iter("br")):
        before, parent = line_break.getprevious(), line_break.getparent()
        line = before.tail if before is not None else parent.text if parent is not None else ""
        if len((line or "").strip()) < _SHORT_LINE:
            line_break.addnext(other := copy.copy(line_break))
            other.tail, line_break.tail = line_break.tail, None


def every_block(content: bytes, omissions: Omissions) -> list[tuple[Block, bool]]:
    """All blocks of a page in UTF-8, and for each whether it is quoted: a letter has no part that is its main text."""
    try:
        tree = _parsed(content)
    except Unreadable:
        return []
    lost = prepare(tree, content, set())
    _part_short_lines(tree)
    quotations: list[_Element] = []
    for element in list(tree.iter("blockquote")):
        if next(element.iterancestors("blockquote"), None) is None:
            inner = copy.deepcopy(element)
            inner.tail = None
            quotations.append(inner)
            tail = element.tail
            element.clear()
            element.text, element.tail = _QUOTATION.format(len(quotations) - 1), tail
    found: list[tuple[Block, bool]] = []
    pieces = _own_pieces(tree)
    letters = {
        kind: sum(len(block.text) for block, what in pieces if (what == "tables") == kind) for kind in (True, False)
    }
    if letters[True] > letters[False]:  # they lay out the letter
        pieces = _own_pieces(tree, all_cells=True)
    for block, what in pieces:
        if mark := _QUOTED.fullmatch(block.text):
            found += [(piece.block, True) for piece in _own_pieces(quotations[int(mark[1])]) if not piece.left_out]
        elif what:
            lost.append((what, block.text))
        else:
            found.append((block, False))
    for what, text in lost:
        omissions.add(what, "" if what == "hidden text" else text, where="not shown" if what == "hidden text" else "")
    return found
