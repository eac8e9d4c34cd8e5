"""TEI: the text of an edition or, as GROBID writes it, of a paper, without notes, deletions and references.

Source: TEI P5 Guidelines. Of two readings, the corrected, regularized and expanded one is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose
from fastsum.readers.formulas import formula
from fastsum.readers.office.lines import LOWERED, RAISED, Line, before_mark, prose_of_table
from fastsum.readers.signs import NoteMarks
from fastsum.readers.xml import name, parse_text, unknown_names

if TYPE_CHECKING:
    from lxml.etree import _Element

_COUNTED = {  # what is left out, and under what it is counted
    "note": "notes", "noteGrp": "notes", "del": "deleted text", "surplus": "deleted text", "listBibl": "references",
    "biblStruct": "references", "castList": "cast lists", "figure": "captions", "witDetail": "notes",
}  # fmt: skip
_DROPPED = frozenset(("", "fw", "graphic", "titlePage", "docTitle", "index", "anchor", "certainty", "teiHeader"))
_DIVISION = re.compile(r"div[0-7]?|front|body|back|group|text|floatingText")
_LEFT_OUT_DIVISIONS = {
    "references": "references", "bibliography": "references", "notes": "notes", "endnotes": "notes",
    "footnotes": "notes", "contents": "entries of contents", "toc": "entries of contents",
    "index": "entries of contents", "acknowledgement": "acknowledgements", "acknowledgements": "acknowledgements",
}  # fmt: skip
_LINES = frozenset(("p", "ab", "item", "speaker", "stage", "opener", "closer", "trailer", "salute", "signed", "byline"))
_HELD = frozenset(("list", "table", "figure", "lg", "floatingText", "listBibl"))  # blocks that may stand in a paragraph
_QUOTES = frozenset(("quote", "q", "cit", "said"))
_QUOTATION_MARKS = tuple("\"'“”„‘’«»‹›–—")
_CHOICES = ("corr", "reg", "expan")
_BREAKS = frozenset(("lb", "pb", "cb", "milestone", "gb"))
_MARKS = frozenset(("foot", "footnote", "note", "noteAnchor"))
_NUMBERS = re.compile(r"[\s\d,;–-]+")
_STRUCK = re.compile(r"strike|line-?through", re.IGNORECASE)
_SCRIPT = re.compile(r"\b(?:(super|sup)|(sub))")
_STOP = re.compile(r"[.,;:!?…)\]”’\"']\Z")
_TEX = frozenset(("tex", "latex"))
_LEVELS = 6


def read(content: bytes) -> Reading:
    """The text of all documents in a file, from XML in UTF-8. Raises Unreadable for damaged XML."""
    return _Reader().reading(content)


class _Reader:
    def __init__(self) -> None:
        self.unknown: set[str] = set()
        self.omissions = Omissions()
        self.marks = NoteMarks()

    def reading(self, content: bytes) -> Reading:
        root = parse_text(content, self.unknown)
        documents = [each for each in root.iter() if name(each) in ("TEI", "TEI.2")]
        if not documents:
            raise Unreadable("is TEI without a document in it. Download it again.")
        blocks: list[Block] = []
        titles = [self._title(document) for document in documents]
        for document, title in zip(documents, titles, strict=True):
            blocks.append(Block(title, level=1))
            for abstract in document.iterfind("./{*}teiHeader/{*}profileDesc/{*}abstract"):
                blocks += [Block("Abstract", level=2), *self._blocks(abstract, 2)]
            for text in document.iterfind("./{*}text"):
                blocks.extend(self._blocks(text, 1))
        return compose(blocks, titles[0], warnings=unknown_names(self.unknown), omissions=self.omissions)

    def _title(self, document: _Element) -> str:
        titles = document.findall("./{*}teiHeader/{*}fileDesc/{*}titleStmt/{*}title")
        main = [each for each in titles if each.get("type") in (None, "main")] or titles
        return " ".join(self._texts(main[0])) if main else ""

    # Blocks ----------------------------------------------------------------------------------------------------------

    def _blocks(self, parent: Iterable[_Element], level: int) -> Iterator[Block]:
        """The blocks of a part, whose own heading has `level`; lines of verse that follow each other are one."""
        for is_verse, elements in groupby(parent, key=lambda each: name(each) == "l"):
            read = self._stanza if is_verse else self._blocks_of_prose
            yield from read(elements, level)

    def _blocks_of_prose(self, elements: Iterable[_Element], level: int) -> Iterator[Block]:
        for element in elements:
            kind = name(element)
            if kind in _COUNTED:
                self._count(_COUNTED[kind], element)
            elif _DIVISION.fullmatch(kind):
                if what := _LEFT_OUT_DIVISIONS.get(element.get("type", "").casefold()):
                    self._count(what, element)
                else:
                    yield from self._blocks(element, level + (kind.startswith("div")))
            elif kind == "head":
                yield Block(" ".join(self._texts(element)), min(_numbered(element, level), _LEVELS))
            elif kind == "lg" and any(name(each) == "l" for each in element):
                yield from self._stanza(element, level)
            elif kind == "table":
                cells = [each for each in element.iter() if name(each) == "cell"]
                yield from prose_of_table((b for cell in cells for b in self._line(cell, level)), self.omissions)
            elif kind == "formula":
                self._count("equations", element)
            elif kind in _LINES or (kind in _QUOTES and not _has_blocks(element)):
                yield from self._line(element, level)
            elif kind not in _DROPPED:
                # Of the readings of several witnesses, the editor's is the first.
                yield from self._blocks(element[:1] if kind == "app" else element, level)

    def _line(self, element: _Element, level: int) -> Iterator[Block]:
        """A paragraph or item, and after it the blocks that stand in it."""
        held: list[_Element] = []
        for text in self._texts(element, held):
            yield Block(text, item=name(element) == "item")
        for each in held:
            if name(each) in _COUNTED:
                self._count(_COUNTED[name(each)], each)
            else:
                yield from self._blocks([each] if name(each) in _HELD else each, level)

    def _stanza(self, stanza: Iterable[_Element], level: int) -> Iterator[Block]:
        line = Line()
        for each in stanza:
            if name(each) == "head":
                yield Block(" ".join(self._texts(each)), min(level + 1, _LEVELS))
            elif name(each) == "l":
                self._inline(each, 0, line, [])
                line.add(" ")
            elif name(each) == "lg":
                yield from self._stanza(each, level)
        yield from map(Block, line.texts(self.marks))

    def _count(self, what: str, element: _Element) -> None:
        self.omissions.add(what, " ".join(element.itertext()))

    # Text ------------------------------------------------------------------------------------------------------------

    def _texts(self, element: _Element, held: list[_Element] | None = None) -> list[str]:
        line = Line()
        self._inline(element, 0, line, [] if held is None else held)
        return line.texts(self.marks)

    def _inline(self, parent: _Element, script: int, line: Line, held: list[_Element]) -> None:
        text = parent.text or ""
        for element in parent:
            kind = name(element)
            following = element.tail or ""
            if kind in _BREAKS:
                joins = element.get("break") == "no"
                text = text.rstrip().removesuffix("-") if joins else text
                following = following.lstrip() if joins else following
                line.add(text, script)
                if not joins and (kind == "lb" or _STOP.search(text)):
                    line.add(" ")
            elif _is_mark(element):
                line.add(before_mark(text, following), script)
            else:
                line.add(text, script)
                self._child(element, script, line, held)
            text = following
        line.add(text, script)

    def _child(self, element: _Element, script: int, line: Line, held: list[_Element]) -> None:
        kind = name(element)
        if kind in _HELD or (kind in _QUOTES and _has_blocks(element)):
            held.append(element)
            line.add(" ")
        elif kind == "hi" and _STRUCK.search(element.get("rend", "")):
            self._count("struck-out text", element)
        elif kind in _COUNTED:
            self._count(_COUNTED[kind], element)
        elif kind == "choice":
            readings = sorted(element, key=lambda each: name(each) not in _CHOICES)
            for each in readings[:1]:
                self._inline(each, script, line, held)
        elif kind == "app":  # the readings of several witnesses: the editor's is the first
            for each in [each for each in element if name(each) in ("lem", "rdg")][:1]:
                self._inline(each, script, line, held)
        elif kind == "gap":
            line.add("…", script)
        elif kind == "formula":
            maths = [each for each in element.iter() if name(each) == "math"]
            line.add(" ".join(map(formula, maths)) or self._bare_formula(element), script)
        elif kind in _QUOTES and not _is_quoted(element):
            line.add("“", script)
            self._inline(element, script, line, held)
            line.add("”", script)
        elif kind not in _DROPPED:
            rend = _SCRIPT.search(element.get("rend", "")) if kind == "hi" else None
            own = script if rend is None else RAISED if rend[1] else LOWERED
            self._inline(element, own, line, held)
            if kind in ("p", "label", "item", "head", "l"):
                line.add(" ")

    def _bare_formula(self, element: _Element) -> str:
        """A formula that is no MathML: one in TeX as other formulas are, or left out if its commands are not known."""
        text = "".join(element.itertext())
        if element.get("notation", "").casefold() not in _TEX:
            return text
        from fastsum.readers.tex.formulas import known_formula  # not at the top: most editions have no formulas

        known = known_formula(text)
        if known is None:
            self._count("equations", element)
        return known or ""


def _is_mark(element: _Element) -> bool:
    """Whether an element is the mark of a note, or only the number of a reference."""
    if name(element) not in ("ref", "ptr"):
        return False
    kind = element.get("type")
    return kind in _MARKS or (kind == "bibr" and _NUMBERS.fullmatch("".join(element.itertext())) is not None)


def _is_quoted(element: _Element) -> bool:
    """Whether quotation marks stand in a quotation's own text, or right before it."""
    previous = element.getprevious()
    above = element.getparent()
    before = previous.tail if previous is not None else above.text if above is not None else ""
    own = "".join(element.itertext()).strip()
    return own.startswith(_QUOTATION_MARKS) or (before or "").endswith(_QUOTATION_MARKS)


def _has_blocks(element: _Element) -> bool:
    return any(name(each) in ("p", "lg", "l", "ab", "list", "quote") for each in element)


def _numbered(head: _Element, level: int) -> int:
    """The level of a heading: GROBID's sections are not nested, but numbered, as 2.1."""
    numbers = [part for part in head.get("n", "").split(".") if part.strip()]
    return max(level, 1 + len(numbers)) if numbers and numbers[0].isdecimal() else level
