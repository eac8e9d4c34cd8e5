"""JATS, the XML of PubMed Central and publishers: the title, abstract and body of a scientific article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Block, Omissions, Reading, compose
from fastsum.readers.formulas import formula
from fastsum.readers.signs import NoteMarks, lowered, raised
from fastsum.readers.xml import name, parse, unknown_names

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARATION = re.compile(rb"\A\s*<\?xml.*?\?>", re.DOTALL)
_WHAT = {  # what is left out, by kind
    "formulas": ("disp-formula", "disp-formula-group", "tex-math", "inline-graphic", "chem-struct-wrap"),
    "figures": ("fig", "fig-group", "graphic", "media", "caption", "floats-group"),
    "tables": ("array", "table-wrap", "table-wrap-group"),
    "code": ("code", "preformat"),
    "footnotes": ("fn", "fn-group", "author-notes", "notes"),
    "references": ("ref-list",),
    "struck-out text": ("strike",),
    "characters as pictures": ("private-char",),
    "back matter": ("ack", "back", "funding-group", "glossary", "sub-article", "response"),
    "supplements": ("supplementary-material", "sec-meta"),
    "": ("alternatives", "kwd-group", "label", "object-id", "processing-meta"),
}
_LEFT_OUT = {kind: what for what, kinds in _WHAT.items() for kind in kinds}
_BLOCKS = re.compile("array|boxed-text|code|def-list|disp-quote|list|p|preformat|speech|statement|verse-group")
_SLASHES = ("/", "\u2044", "\u2215")
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
_NUMBERED = re.compile(rf" ?{_NUMBERS}(?:[ ,;–—-]*{_NUMBERS})*(?: (?=[.,;:!?)]))?")


def read(content: bytes) -> Reading:
    """The text of the article, or of all articles in the file, from XML in UTF-8. Raises Unreadable for damaged XML."""
    unknown: set[str] = set()
    root = parse(_DECLARATION.sub(b"", content, count=1), unknown)
    papers = list(root.iter("{*}article"))
    papers = [paper for paper in papers if not any(name(above) == "article" for above in paper.iterancestors())]
    reader = _Reader()
    titles = [reader.title(paper) for paper in papers]
    blocks = [
        block
        for paper, title in zip(papers, titles, strict=True)
        for block in (Block(title, level=1), *reader.paper(paper))
    ]
    return compose(blocks, titles[0] if titles else None, 0, unknown_names(unknown), reader.omissions)


class _Reader:
    """Reads a document, and keeps account of what it leaves out and of the marks of notes."""

    def __init__(self) -> None:
        self.omissions = Omissions()
        self._is_mark = NoteMarks()

    def title(self, paper: _Element) -> str:
        found = paper.find("./{*}front/{*}article-meta/{*}title-group/{*}article-title")
        return "" if found is None else self._line(found)

    def paper(self, paper: _Element) -> Iterator[Block]:
        for abstract in paper.iterfind("./{*}front/{*}article-meta/{*}abstract"):
            if abstract.get("abstract-type") not in _LEFT_OUT_ABSTRACTS:
                if abstract.find("./{*}title") is None:
                    yield Block("Abstract", level=2)
                yield from self._blocks(abstract, 2)
        for part in paper:
            if name(part) == "body":
                yield from self._blocks(part, 1)
            elif name(part) == "back":
                for section in part:
                    self._leave_out("references" if name(section) == "ref-list" else "back matter", section)
            elif name(part) in _LEFT_OUT:
                self._leave_out(_LEFT_OUT[name(part)], part)

    def _blocks(self, parent: _Element, level: int) -> Iterator[Block]:
        """The blocks of a part, whose own title is a heading of `level`. The XML parser limits the nesting to 256."""
        for element in parent:
            kind = name(element)
            if kind == "sec":
                if element.get("sec-type") not in _LEFT_OUT_SECTIONS:
                    yield from self._blocks(element, level + 1)
                else:
                    self._leave_out("references" if element.get("sec-type") == "ref-list" else "supplements", element)
            elif kind == "title":
                yield Block(self._line(element), level=level)
            elif kind in ("p", "list-item", "def-item", "verse-line"):
                yield Block(self._line(element), item=kind in ("list-item", "def-item"))
                for below in element:
                    if name(below) == "list" or (kind == "p" and _BLOCKS.fullmatch(name(below))):
                        yield from self._blocks_in(below, level)
            else:
                yield from self._blocks_in(element, level)

    def _blocks_in(self, element: _Element, level: int) -> Iterator[Block]:
        kind = name(element)
        if kind in _LEFT_OUT:
            self._leave_out(_LEFT_OUT[kind], element)
        else:
            yield from self._blocks(element, level)

    def _leave_out(self, what: str, element: _Element) -> None:
        if what:
            count = sum(1 for _ in element.iter("{*}ref")) if what == "references" else 1
            self.omissions.add(what, "".join(element.itertext()), count=count or 1)

    def _line(self, element: _Element) -> str:
        """The text of an element without the blocks in it, and without citations that the sentence can do without."""
        text = _NUMBERED.sub("", _BRACKETED.sub("", " ".join(self._inline(element).split())))
        return " ".join(text.replace(_OPEN, "").replace(_CLOSE, "").split())

    def _inline(self, element: _Element, before: str = "") -> str:
        """The text of an element; `before` is what stands in front of it."""
        parts = [element.text or ""]
        for child in element:
            parts.extend(filter(None, (self._child(child, parts[-1] or before), child.tail)))
        return "".join(parts)

    def _child(self, child: _Element, before: str) -> str:
        kind = name(child)
        above = child.getparent()
        if kind in ("inline-formula", "math", "tex-math", "alternatives"):
            return self._formula(child)
        if kind in _LEFT_OUT and not _BLOCKS.fullmatch(kind):
            self._leave_out(_LEFT_OUT[kind], child)
            return ""
        if _BLOCKS.fullmatch(kind) and not (kind == "p" and above is not None and name(above) in ("list-item", "def")):
            return " "
        if kind == "xref":
            if child.get("ref-type") in ("fn", "table-fn", "author-notes", "corresp"):
                return ""
            text = self._inline(child, before)
            return f"{_OPEN}{text}{_CLOSE}" if child.get("ref-type") == "bibr" else text
        if kind == "sup":
            return self._raised(child, before)
        text = self._inline(child, before)
        if kind == "sub":
            return lowered(before, text)
        if kind == "def" and above is not None and name(above) == "abbrev":
            self.omissions.add("hidden text", text)  # shown under a pointer
            return ""
        if kind == "term" and child.getnext() is not None and name(child.getnext()) == "def":
            return f"{text} – "
        return f"{text} " if kind in ("p", "term", "def", "title") else text

    def _raised(self, sup: _Element, before: str) -> str:
        text = self._inline(sup)
        if _OPEN in text:
            return text if re.search(r"\w", re.sub(_CITED, "", text)) else f"{_OPEN}{_CLOSE}"
        below = sup.getnext()
        if below is not None and name(below) == "sub" and (sup.tail or "").strip() in _SLASHES:
            return " " * before[-1:].isdigit() + text  # 3 1/2, set as a fraction
        return "" if self._is_mark(before, text) else raised(before, text)

    def _formula(self, element: _Element) -> str:
        """A formula in a line, which can be there in several forms: of these MathML is read, or else TeX."""
        found = next(element.iter("{*}math"), None)
        if found is not None:
            return formula(found)
        tex = next(element.iter("{*}tex-math"), None)
        if tex is not None:
            from fastsum.readers.tex.formulas import known_formula  # not at the top: most articles have MathML

            if (known := known_formula("".join(tex.itertext()))) is not None:
                return known
        if tex is not None or any(True for _ in element.iter("{*}inline-graphic", "{*}graphic")):
            self._leave_out("formulas", element)
            return ""
        return self._inline(element)
