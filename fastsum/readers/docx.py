"""DOCX: the body of a Word document, without what Word does not show, notes, comments, and tables of figures.

The format is a ZIP archive of XML. Only the parts that are read need be there and sound: the document, its styles and
its properties, in the ordinary or the strict namespaces, with or without macros.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.archive import Archive
from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose, is_prose
from fastsum.readers.office.lines import Table, table, with_tables, without_bullet
from fastsum.readers.office.word import LINE_BREAK, Line, find, is_on, setting, value
from fastsum.readers.xml import name, parse

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAIN_PART = "word/document.xml"
_LEFT_OUT_STYLES = {
    "captions": re.compile("(?:figure |image |table )?caption|table of figures"),
    "code": re.compile(r"(?:source|verbatim) code\b|verbatim\b|code (?:block|listing)\b|listing\b"),
    "entries of contents": re.compile(r"toc\b|table of|index\b"),
    "references": re.compile("bibliography"),
    "footnotes": re.compile("footnote|endnote"),
    "headers and footers": re.compile("header|footer"),
}
_LEFT_OUT_GALLERIES = {"Table of Contents": "entries of contents", "Bibliographies": "references"}
_HEADING_STYLE = re.compile(r"heading ([1-9])")
_LABEL = re.compile(r"\t[^\s\w]?\w{0,4}[.)]?\t\s*(?=[^\t]+\Z)")  # of an item by TextEdit: "4", "•"
_SPEAKER = re.compile(r"\S.{0,60}?\s{1,8}\d{1,2}:\d\d(?::\d\d)?\s*")  # of a transcript, and when: "Ada Example   0:08"
_ENDED = re.compile(r"[.?!;,…]\W*\Z")
_OUTLINE = {str(level - 1): level for level in range(1, 10)}  # Word's 9 is body text
_BOLD_HEADING_WORDS = 12
_NO_TITLES = ("Word Document", "Document", "Untitled")  # what programs write by default
_BOLD_HEADING_LEVEL = 3
_PARTS_LEFT_OUT = {"comments": "comments", "footnotes": "footnotes", "endnotes": "footnotes"}


class _Style(NamedTuple):
    name: str
    level: int  # of a heading; 0 for anything else
    item: bool
    bold: bool
    hidden: bool


_PLAIN = _Style("", 0, False, False, False)


def read(content: bytes) -> Reading:
    """The text of a document. Raises Unreadable where it is damaged, encrypted or not an ordinary document."""
    archive = Archive(content)
    main = _main_part(archive)
    root = parse(archive.read(main)) if main in archive.names else None
    body = None if root is None else find(root, "body")
    if body is None:
        raise Unreadable("is not a valid DOCX: its text is missing. Open it and save it again as an ordinary DOCX.")
    folder = posixpath.dirname(main)
    document = _Document(_styles(_part(archive, f"{folder}/styles.xml")))
    blocks = with_tables(list(document.blocks(body)), document.omissions)
    for part, what in _PARTS_LEFT_OUT.items():
        for note in _part(archive, f"{folder}/{part}.xml"):
            document.omissions.add(what, "".join(note.itertext()))
    stated = _part(archive, "docProps/core.xml")
    title = next(("".join(entry.itertext()).strip() for entry in stated if name(entry) == "title"), "")
    title = document.title or ("" if title in _NO_TITLES else title)
    return compose(blocks, title, 0, document.warnings(), document.omissions)


def _main_part(archive: Archive) -> str:
    """The name of the document's part: the one that the package names, or the usual one."""
    for relation in _part(archive, "_rels/.rels"):
        target = posixpath.normpath(relation.get("Target", "").lstrip("/"))
        if relation.get("Type", "").endswith("/officeDocument") and target in archive.names:
            return target
    return _MAIN_PART


def _part(archive: Archive, name_: str) -> Iterable[_Element]:
    """The elements of a part that a document can do without; none where it is missing or damaged."""
    try:
        return parse(archive.read(name_)) if name_ in archive.names else ()
    except Unreadable:
        return ()


def _styles(part: Iterable[_Element]) -> dict[str, _Style]:
    elements = {setting(style, "styleId") or "": style for style in part if name(style) == "style"}
    return {id_: _style(style, elements) for id_, style in elements.items()}


def _style(style: _Element, elements: dict[str, _Element]) -> _Style:
    """What a style, with the styles that it is based on, says about its text."""
    name_ = value(style, "name").lower()
    heading = _HEADING_STYLE.match(name_)
    level = int(heading[1]) if heading else {"title": 1, "subtitle": 2}.get(name_, 0)
    bold = hidden = None
    above: _Element | None = style
    for _ in range(10):  # in a damaged file a style can be based on itself
        if above is None:
            break
        level = level or _OUTLINE.get(value(above, "pPr", "outlineLvl"), 0)
        bold = is_on(find(above, "rPr", "b")) if bold is None else bold
        hidden = is_on(find(above, "rPr", "vanish")) if hidden is None else hidden
        above = elements.get(value(above, "basedOn"))
    return _Style(name_, level, name_.startswith("list"), bool(bold), bool(hidden))


class _Document:
    """Reads the body of a document, and keeps account of what is left out."""

    def __init__(self, styles: dict[str, _Style]) -> None:
        self.omissions = Omissions()
        self.title = ""
        self._styles = styles
        self._line = Line({id_ for id_, style in styles.items() if style.hidden}, self.omissions)
        self._chunks = 0
        self._open_tables = 0
        self._bold_in_tables: set[str] = set()

    def warnings(self) -> list[str]:
        """What the reader could not read."""
        if not self._chunks:
            return []
        return [f"has {self._chunks} other documents inserted, which were not read. Save it again with Word first."]

    def blocks(self, parent: _Element) -> Iterator[Block | Table]:
        initial = ""
        for element in parent:
            kind = name(element)
            if kind == "p" and any(str(key).endswith("dropCap") for key in _frame(element)):
                initial = self._line.text(element).strip()  # a drop cap is a paragraph of one letter
            elif kind == "p":
                for part in self._paragraph(element):
                    yield part._replace(text=initial + part.text) if isinstance(part, Block) else part
                    initial = ""
            elif kind == "tbl":
                self._open_tables += 1
                yield table(list(self._rows(element)))
                self._open_tables -= 1
            elif kind == "sdt":
                gallery = value(element, "sdtPr", "docPartObj", "docPartGallery")
                content = find(element, "sdtContent")
                if content is not None and gallery in _LEFT_OUT_GALLERIES:
                    self.omissions.add(_LEFT_OUT_GALLERIES[gallery], "".join(content.itertext()))
                elif content is not None:
                    yield from self.blocks(content)
            elif kind == "altChunk":
                self._chunks += 1
            elif kind in ("ins", "moveTo", "customXml", "smartTag"):
                yield from self.blocks(element)
            elif kind in ("del", "moveFrom"):
                self.omissions.add("deleted text", "".join(element.itertext()))
            elif kind in ("oMathPara", "oMath"):
                self.omissions.add("formulas", "".join(element.itertext()))

    def _paragraph(self, paragraph: _Element) -> Iterator[Block | Table]:
        """A paragraph, and after it the blocks of the text boxes that are anchored in it."""
        style = self._styles.get(value(paragraph, "pPr", "pStyle"), _PLAIN)
        whole = self._line.text(paragraph, style.hidden)
        label = _LABEL.match(whole) if whole.startswith("\t") else None
        text = " ".join(whole[label.end() if label else 0 :].split())
        what = next((what for what, pattern in _LEFT_OUT_STYLES.items() if pattern.match(style.name)), None)
        if what:
            self.omissions.add(what, text)
        elif text:
            self.title = self.title or (text if style.name == "title" else "")
            level = _OUTLINE.get(value(paragraph, "pPr", "outlineLvl"), style.level)
            item = style.item or label is not None or find(paragraph, "pPr", "numPr") is not None
            if not level and not item and _is_bold_heading(paragraph, text, style):
                level = _BOLD_HEADING_LEVEL
                if self._open_tables:
                    self._bold_in_tables.add(text)
            speaker, _, said = whole.lstrip().partition(LINE_BREAK)
            if said.strip() and _SPEAKER.fullmatch(speaker):
                yield Block(" ".join(speaker.split()))
                text = " ".join(said.split())
            yield without_bullet(Block(text, level=level, item=item and not level))
        elif not self._open_tables:
            yield Block("")
        for box in self._line.boxes():
            yield from self.blocks(box)

    def _rows(self, table: _Element) -> Iterator[list[list[Block]]]:
        """The blocks of the cells of each row that is there."""
        for row in _below(table, "tr"):
            if find(row, "trPr", "del") is None:
                yield [self._cell(cell) for cell in _below(row, "tc")]
            else:
                self.omissions.add("deleted text", "".join(row.itertext()))

    def _cell(self, cell: _Element) -> list[Block]:
        """The blocks of a cell. What is bold in it is a heading only of sentences, otherwise a table's head."""
        blocks = with_tables(list(self.blocks(cell)), self.omissions)
        if not self._bold_in_tables or any(not block.level and is_prose(block.text) for block in blocks):
            return blocks
        return [block._replace(level=0) if block.text in self._bold_in_tables else block for block in blocks]


def _frame(paragraph: _Element) -> list[str]:
    frame = find(paragraph, "pPr", "framePr")
    return [] if frame is None else [str(key) for key in frame.attrib]


def _below(element: _Element, kind: str) -> Iterator[_Element]:
    """The rows of a table, or the cells of a row, also those in content controls."""
    for child in element:
        if name(child) == kind:
            yield child
        elif name(child) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _below(child, kind)


def _is_bold_heading(paragraph: _Element, text: str, style: _Style) -> bool:
    """Whether a short paragraph is all bold: a heading by someone who does not use styles."""
    if not text or style.bold or len(text.split()) > _BOLD_HEADING_WORDS or _ENDED.search(text):
        return False
    runs = [run for run in paragraph.iter("{*}r") if any((part.text or "").strip() for part in run.iter("{*}t"))]
    return bool(runs) and all(is_on(find(run, "rPr", "b")) for run in runs)
