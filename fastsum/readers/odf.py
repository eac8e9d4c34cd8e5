"""OpenDocument: the text of an ODT, the slides of an ODP, without notes, comments, hidden text, tables of figures.

The files are ZIP archives of XML, or one XML file (FODT, FODP).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.archive import Archive
from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose
from fastsum.readers.formulas import formula
from fastsum.readers.office.lines import BOLD_LEVEL, LINE_BREAK, Line, Table, table, with_tables, without_bullet
from fastsum.readers.office.odfstyles import Look, Styles, attribute
from fastsum.readers.office.places import Box, reading_order
from fastsum.readers.signs import NoteMarks
from fastsum.readers.symbol import is_symbol_font, symbol
from fastsum.readers.xml import name, parse, parse_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_OTHER_BODIES = {"spreadsheet": "a spreadsheet", "drawing": "a drawing", "chart": "a chart", "image": "an image"}
_COUNTED = {  # what is left out, and under what it is counted
    "note": "notes", "annotation": "comments", "tracked-changes": "deleted text", "notes": "speaker notes",
    "table-of-content": "entries of contents", "alphabetical-index": "entries of contents",
    "illustration-index": "entries of contents", "object-index": "entries of contents",
    "table-index": "entries of contents", "user-index": "entries of contents", "bibliography": "references",
}  # fmt: skip
_DROPPED = frozenset(
    ("", "forms", "title", "desc", "ruby-text", "script", "event-listeners", "change", "note-citation", "glue-point")
)
_SHAPES = frozenset(
    (
        "frame", "g", "custom-shape", "rect", "ellipse", "circle", "line", "path", "polygon", "polyline", "connector",
        "caption", "measure", "regular-polygon", "a",
    )
)  # fmt: skip
_UNREAD_PLACES = frozenset(("header", "footer", "date-time", "page-number"))
_UNREAD_FIELDS = frozenset(("header", "footer", "date-time"))
_EMPTY_FIELDS = ("<number>", "<date>", "<date/time>", "<header>", "<footer>")  # what LibreOffice shows as it is edited
_LENGTH = re.compile(r"(-?[\d.]+)\s*(cm|mm|in|pt|pc|px)?")
_UNITS = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96, None: 1.0}
_MOVED = re.compile(r"translate\s*\(\s*(\S+?)[\s,]+(\S+?)\s*\)")
_NO_TITLES = ("Untitled", "PowerPoint Presentation")
_FAMILY_TEXT, _FAMILY_PARAGRAPH = "text", "paragraph"


def read(content: bytes) -> Reading:
    """The text of a document or presentation. Raises Unreadable where it is damaged, encrypted or of another kind."""
    if not content.startswith(b"PK"):
        root = parse_text(content)
        return _Reader(None, root, root, root).reading()
    archive = Archive(content)
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Unreadable("is encrypted with a password. Save it without one first.")
    if "content.xml" not in archive.names:
        raise Unreadable("is a damaged OpenDocument file: content.xml is missing. Save it again.")
    root = parse(archive.read("content.xml"))
    styles, about = (parse(archive.read(f)) if f in archive.names else None for f in ("styles.xml", "meta.xml"))
    return _Reader(archive, root, styles, about).reading()


class _Reader:
    def __init__(
        self, archive: Archive | None, root: _Element, styles: _Element | None, about: _Element | None
    ) -> None:
        self.archive = archive
        self.root = root
        self.about = about
        self.styles = Styles(*(each for each in (styles, root) if each is not None))
        self.omissions = Omissions()
        self.marks = NoteMarks()
        self.title = ""
        self.open_tables = 0

    def reading(self) -> Reading:
        body = next((each for each in self.root if name(each) == "body"), None)
        kinds = [] if body is None else [each for each in body if name(each)]
        main = next((each for each in kinds if name(each) in ("text", "presentation")), None)
        if main is None:
            found = next((_OTHER_BODIES[name(each)] for each in kinds if name(each) in _OTHER_BODIES), "")
            if found:
                raise Unreadable(f"is {found}. Save it as PDF or text first.")
            raise Unreadable("is no OpenDocument text or presentation. Save it as PDF, DOCX or text first.")
        parts = list(self._blocks(main)) if name(main) == "text" else self._pages(main)
        blocks = with_tables(parts, self.omissions)
        title = self.title or self._stated_title()
        return compose(blocks, title, omissions=self.omissions)

    def _stated_title(self) -> str:
        if self.about is None:
            return ""
        stated = " ".join((self.about.findtext(".//{http://purl.org/dc/elements/1.1/}title") or "").split())
        return "" if stated in _NO_TITLES else stated

    # Blocks ----------------------------------------------------------------------------------------------------------

    def _blocks(self, parent: _Element, item: bool = False) -> Iterator[Block | Table]:
        for element in parent:
            kind = name(element)
            if kind in ("p", "h"):
                yield from self._paragraph(element, item)
            elif kind in ("list-item", "list-header", "numbered-paragraph"):
                yield from self._blocks(element, kind != "list-header")
            elif kind == "table":
                self.open_tables += 1
                yield table(list(self._rows(element)))
                self.open_tables -= 1
            elif kind in _COUNTED:
                self._count(_COUNTED[kind], element)
            elif kind == "section" and _is_hidden_section(element):
                self._count("hidden text", element)
            elif kind in _SHAPES or kind == "text-box":
                yield from self._shape(element)
            elif kind not in _DROPPED:
                yield from self._blocks(element, item)

    def _rows(self, table_: _Element) -> Iterator[list[list[Block]]]:
        for row in table_:
            if name(row) == "table-row" and attribute(row, "visibility") in ("collapse", "filter"):
                self._count("hidden text", row)
            elif name(row) == "table-row":
                cells = [cell for cell in row if name(cell) == "table-cell"]
                yield [with_tables(list(self._blocks(cell)), self.omissions) for cell in cells]
            elif name(row).startswith("table-"):  # what groups rows
                yield from self._rows(row)

    def _paragraph(self, element: _Element, item: bool) -> Iterator[Block | Table]:
        """A paragraph or heading, and after it the blocks of the shapes that are anchored in it."""
        style = attribute(element, "style-name")
        level, left_out = self.styles.paragraph(style)
        if name(element) == "h":
            outline = attribute(element, "outline-level", "1")
            level = int(outline) if outline.isdecimal() and int(outline) else 1
        look = self.styles.look(_FAMILY_PARAGRAPH, style)
        if any(name(each) == "hidden-paragraph" and attribute(each, "is-hidden") == "true" for each in element.iter()):
            look = look._replace(hidden=True)
        line = Line()
        unseen: dict[str, list[str]] = {}
        shapes: list[_Element] = []
        self._inline(element, look, line, unseen, shapes)
        for what, parts in unseen.items():
            self.omissions.add(what, "".join(parts))
        for text in line.texts(self.marks):
            if left_out:
                self.omissions.add(left_out, text)
                continue
            if level == 1 and not self.title and self.styles.is_title(style):
                self.title = text
            heading = level or BOLD_LEVEL * (not item and not self.open_tables and line.is_bold_heading(text))
            yield without_bullet(Block(text, heading, item and not heading))
        for shape in shapes:
            yield from self._shape(shape)

    def _shape(self, shape: _Element) -> Iterator[Block | Table]:
        for each in shape:
            if name(each) == "object":
                root = self._object(each)
                if root is not None and name(root) == "math":
                    yield Block(formula(root))
                elif root is not None:
                    self._count("charts", root)
                return
        yield from self._blocks(shape)

    def _object(self, element: _Element) -> _Element | None:
        """The root of an embedded object, such as a formula."""
        if len(element):
            return element[0]
        path = posixpath.normpath(posixpath.join(attribute(element, "href"), "content.xml"))
        if self.archive is None or path not in self.archive.names:
            return None
        return parse(self.archive.read(path))

    def _count(self, what: str, element: _Element) -> None:
        parts = ("".join(each.itertext()) for each in element.iter() if name(each) in ("p", "h"))
        self.omissions.add(what, " ".join(parts))

    # Text ------------------------------------------------------------------------------------------------------------

    def _inline(
        self, parent: _Element, look: Look, line: Line, unseen: dict[str, list[str]], shapes: list[_Element]
    ) -> None:
        def add(text: str | None) -> None:
            if text and (look.hidden or look.struck):
                unseen.setdefault("hidden text" if look.hidden else "struck-out text", []).append(text)
            elif text:
                line.add(_in_font(text, look.font), look.script or 0, bold=bool(look.bold))

        add(parent.text)
        for element in parent:
            kind = name(element)
            if kind == "s" or kind == "tab":
                add(" ")
            elif kind == "line-break":
                add(LINE_BREAK)
            elif kind in _COUNTED:
                self._count(_COUNTED[kind], element)
            elif kind == "a" and any(name(each) in _SHAPES for each in element):
                shapes.extend(element)
            elif kind in _SHAPES and kind != "a":
                embedded = next((each for each in element if name(each) == "object"), None)
                root = None if embedded is None else self._object(embedded)
                if root is not None and name(root) == "math":
                    add(formula(root))
                else:
                    shapes.append(element)
            elif kind == "hidden-text" and attribute(element, "is-hidden") == "true":
                unseen.setdefault("hidden text", []).append("".join(element.itertext()))
            elif kind not in _DROPPED and kind not in _UNREAD_FIELDS and element.text not in _EMPTY_FIELDS:
                own = self.styles.look(_FAMILY_TEXT, attribute(element, "style-name")) if kind == "span" else Look()
                self._inline(element, own.over(look), line, unseen, shapes)
            add(element.tail)

    # Slides ----------------------------------------------------------------------------------------------------------

    def _pages(self, presentation: _Element) -> list[Block | Table]:
        blocks: list[Block | Table] = []
        pages = [each for each in presentation if name(each) == "page"]
        for page in pages:
            for notes in page:
                if name(notes) == "notes":
                    self._count("speaker notes", notes)
            if self.styles.is_hidden_page(attribute(page, "style-name")):
                self._count("hidden slides", page)
            else:
                blocks.extend(self._slide(page, 1 if page is pages[0] else 2))
        return blocks

    def _slide(self, page: _Element, level: int) -> list[Block | Table]:
        """The blocks of a slide, the title first and the others by their place; of a group, with level 0."""
        titles: list[Block] = []
        found: list[tuple[Box | None, list[Block | Table]]] = []
        for shape in page:
            kind, place = name(shape), attribute(shape, "class")
            if kind not in _SHAPES or place in _UNREAD_PLACES or attribute(shape, "placeholder") == "true":
                continue
            if kind == "g":
                found.append((_around(shape), self._slide(shape, 0)))
                continue
            parts = list(self._shape(shape))
            if place == "title" and level:
                titles.append(Block(" ".join(block.text for block in with_tables(parts, self.omissions)), level))
            elif parts:
                flat = [part if isinstance(part, Table) else part._replace(level=0) for part in parts]
                found.append((_box(shape), flat))
        order = reading_order([box for box, _ in found])
        return [*titles, *(block for index in order for block in found[index][1])]


def _is_hidden_section(section: _Element) -> bool:
    return attribute(section, "display") == "none" or attribute(section, "is-hidden") == "true"


def _in_font(text: str, font: str | None) -> str:
    """A text with the private characters of a font of symbols as they look."""
    if font is None or not is_symbol_font(font):
        return text
    return "".join(symbol(font, ord(char)) if "\uf000" <= char <= "\uf0ff" else char for char in text)


def _box(shape: _Element) -> Box | None:
    """Where a shape is, in centimetres."""
    numbers = [_centimetres(attribute(shape, key)) for key in ("x", "y", "width", "height")]
    moved = _MOVED.search(attribute(shape, "transform"))
    left, top = (_centimetres(moved[1]), _centimetres(moved[2])) if moved else numbers[:2]
    if left is None or top is None:
        return None
    return Box(left, top, left + (numbers[2] or 0.0), top + (numbers[3] or 0.0))


def _around(group: _Element) -> Box | None:
    boxes = [box for each in group.iter() if (box := _box(each))]
    if not boxes:
        return None
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def _centimetres(length: str) -> float | None:
    match = _LENGTH.match(length)
    try:
        return float(match[1]) * _UNITS[match[2]] if match else None
    except ValueError:  # 1.2.3
        return None
