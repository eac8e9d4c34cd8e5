"""The blocks of an HTML tree, as a browser would show them, for web pages and the chapters of an EPUB."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.blocks import Block, is_prose
from fastsum.readers.web.hidden import remove_hidden
from fastsum.readers.web.inline import (
    drop_notes,
    formulas_to_text,
    part_headings,
    part_labels,
    quotes_to_text,
    raised_to_text,
)
from fastsum.readers.web.tags import BLOCKS

if TYPE_CHECKING:
    from lxml.etree import _Element

_FORMING = re.compile("h[1-6]|li|dt|td|th")  # the innermost of these decides what a block is
_LINE_BREAK = "\v"
_EMPTY_LINE = re.compile(r"\v\s*\v")
_LISTS = frozenset(("dl", "menu", "ol", "ul"))
_LINKED_SHARE = 0.9  # of a list's letters, in links
_LINKS = 2
_NESTED_LISTS = 6  # lists within so many others are not looked at
_UNSEEN = ("\xad", "\u200b", "\ufeff", "\u2060", "\u2063")  # soft hyphens, and marks without width
# What shows that a page has something of a kind: a tag, or a text in its source. To look for a text takes time.
_FORMULA_TAGS = frozenset(("m:math", "math", "mjx-container", "mml:math"))
_FORMULAS = (b"math/tex", b"MathJax", b"katex", b"mjx-", b"mwe-math", b"latex")
_HIDING_TAGS = frozenset(("del", "dialog", "s", "strike", "style", "template"))
_HIDING = (
    *(b"hidden", b"style=", b"sr-only", b"screen-reader", b"mw-edit"),
    *(b"material-", b"tooltip", b"rollover", b"popover", b"hovercard"),
)
_WIDGETS = ("button", "label", "output", "time")
_OF_SENTENCES = frozenset(("blockquote", "dd", "div", "li", "p", "td"))
_RAISING_TAGS = frozenset(("sub", "sup"))
_RAISING = (b"vertical-align", b'="su', b"='su", b"ymbol", b"ingdings")
_CODE_TAGS = frozenset(("code", "kbd", "samp", "tt"))
_CODE_SIGNS = re.compile(r"[{}<>=;|\\$_#*~^@]|\(\)")
_MOST_CODE_SIGNS = 0.02  # of the characters of prose
_LEAST_PROSE = 0.5  # of the letters of a preformatted text, in paragraphs that are prose
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


def without_unseen(text: str) -> str:
    """A text without the characters that say where a word may be broken."""
    for unseen in _UNSEEN:
        if unseen in text:
            text = text.replace(unseen, "")
    return text


class Piece(NamedTuple):
    """A block of a tree, and what it is if it is no part of the text: "tables", "code"."""

    block: Block
    left_out: str = ""


def prepare(tree: _Element, source: bytes, targets: set[str], file: str = "") -> list[tuple[str, str]]:
    """Write what is in the lines of a tree as text, and empty what is not shown; see `inline` and `hidden`.

    `source` is the markup of the tree: what has no trace in it is not looked for. Returns what was left out, each with
    its text. For `targets` and `file` see `drop_notes`.
    """
    left_out: list[tuple[str, str]] = []
    tags = {element.tag for element in tree.iter()}

    def has(kinds: frozenset[str], traces: tuple[bytes, ...]) -> bool:
        return not tags.isdisjoint(kinds) or any(trace in source for trace in traces)

    if has(_FORMULA_TAGS, _FORMULAS):
        left_out += formulas_to_text(tree)
    if has(_HIDING_TAGS, _HIDING):
        left_out += remove_hidden(tree, source)
    if b"#" in source or b"note" in source:
        left_out += drop_notes(tree, targets, file)
    if has(_RAISING_TAGS, _RAISING):
        raised_to_text(tree, source)
    if "q" in tags:
        quotes_to_text(tree)
    if "br" in tags:
        part_headings(tree)
    if "b" in tags or "strong" in tags:
        part_labels(tree)
    if not tags.isdisjoint(_WIDGETS):
        _keep_in_sentences(tree)
    return left_out


def _keep_in_sentences(tree: _Element) -> None:
    """Make elements that pages have as furniture, such as the time of a post, plain text where a sentence has them."""
    for element in list(tree.iter(*_WIDGETS)):
        block = next((above for above in element.iterancestors() if above.tag in BLOCKS), None)
        own = "".join(element.itertext())
        if block is None or not own.strip():
            continue
        if block.tag in _OF_SENTENCES and is_prose(text := "".join(block.itertext())) and len(own) < len(text) / 2:
            element.tag = "span"


def lists_of_links(tree: _Element) -> set[_Element]:
    """The lists that are almost only links: tables of contents, and navigation."""
    found: set[_Element] = set()
    if next(tree.iter("a"), None) is None:
        return found
    for element in tree.iter(*_LISTS):
        above = list(islice(element.iterancestors(*_LISTS), _NESTED_LISTS))
        links = [link for link in element.iter("a") if link.get("href") is not None]
        if len(links) < _LINKS or len(above) == _NESTED_LISTS or any(each in found for each in above):
            continue
        linked = sum(_letters(link) for link in links)
        if linked >= _LINKED_SHARE * _letters(element):
            found.add(element)
    return found


def _letters(element: _Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def is_code(element: _Element) -> bool:
    """Whether a preformatted text is code, output or a drawing, and no prose that someone has set like this."""
    paragraphs = _PARAGRAPHS.split("".join(element.itertext()))
    letters = sum(map(len, paragraphs))
    prose = sum(len(part) for part in paragraphs if is_prose(" ".join(part.split())) and not _has_code(part))
    return prose < _LEAST_PROSE * letters


def _has_code(text: str) -> bool:
    return len(_CODE_SIGNS.findall(text)) > _MOST_CODE_SIGNS * len(text)


def blocks_of_tree(
    tree: _Element,
    left_out: Callable[[_Element, str], str | None],
    split: frozenset[str] = frozenset(),
    all_cells: bool = False,
) -> list[Piece]:
    """The headings, paragraphs and items of a tree; tables of data are one piece each, "tables".

    `left_out` gets an element and its tag, and says what is left out with it: "" for what is read, None for what has
    no text. With `all_cells` no table is one of data. What is left out is one piece, or, if it is in `split`, pieces of
    its own blocks. An empty line within a block splits it. The tree is walked without recursion, since it can be nested
    deeply.
    """
    from lxml import etree

    pieces: list[Piece] = []
    text: list[str] = []
    forms = [""]  # the form of each open block, or that of the block around it
    skip: _Element | None = None
    cells: list[list[str]] = [[]]  # of each open table, the cells that are no prose
    within: list[tuple[_Element, str]] = []  # open elements that are left out in pieces
    preformatted = 0  # number of open elements of this kind

    def flush() -> None:
        form = forms[-1]
        parts = _EMPTY_LINE.split("".join(text))
        text.clear()
        for part in parts:
            line = " ".join(without_unseen(part).split())
            if line and form in ("td", "th") and not all_cells and not is_prose(line):
                cells[-1].append(line)
            elif line:
                level = int(form[1]) if form.startswith("h") else 0
                pieces.append(
                    Piece(Block(line, level, form in ("li", "dt"), term=form == "dt"), within[-1][1] if within else "")
                )

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        what: str | None = ""
        if skip is not None:
            if event == "start" or element is not skip:
                continue
            skip = None
        elif event == "start" and (what := left_out(element, tag)) != "" and what not in split:
            skip = element
            if tag in BLOCKS:
                flush()
            if what and (lost := " ".join("".join(element.itertext()).split())):
                pieces.append(Piece(Block(lost), what))
            continue
        elif tag == "br":
            text.append(_LINE_BREAK if event == "start" else "")
        elif tag in BLOCKS:
            flush()
            preformatted += (tag == "pre") * (1 if event == "start" else -1)
            if event == "start":
                forms.append(tag if _FORMING.fullmatch(tag) else forms[-1])
            else:
                forms.pop()
            if tag == "table" and event == "start":
                cells.append([])
            elif tag == "table" and (table := cells.pop()):
                pieces.append(Piece(Block(" ".join(table)), "tables"))
        if event == "start" and what:
            within.append((element, what))
        elif event == "end" and within and within[-1][0] is element:
            flush()
            within.pop()
        own = (element.text if event == "start" else element.tail) or ""
        text.append(own.replace("\n", _LINE_BREAK) if preformatted else own)
    flush()
    return pieces


def is_all_code(element: _Element, tag: str) -> bool:
    """Whether a paragraph has nothing but a line of code in it, as some books set listings."""
    return (
        tag in ("p", "div")
        and len(element) > 0
        and element[0].tag in _CODE_TAGS
        and not (element.text or "").strip()
        and all(child.tag in _CODE_TAGS and not (child.tail or "").strip() for child in element)
        and _has_code(str(element.xpath("string()")))
    )


def texts(pieces: list[Piece]) -> Iterator[Block]:
    """The blocks that are read."""
    return (piece.block for piece in pieces if not piece.left_out)
