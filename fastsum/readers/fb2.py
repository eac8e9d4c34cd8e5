"""FB2: the text of a FictionBook, one file of XML or the only one in a ZIP archive, without its notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.archive import Archive
from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose
from fastsum.readers.office.lines import LINE_BREAK, LOWERED, RAISED, Line, before_mark, prose_of_table
from fastsum.readers.signs import NoteMarks
from fastsum.readers.xml import name, parse, parse_text, unknown_names

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOTES = frozenset(("notes", "comments", "footnotes"))
_LINES = frozenset(("p", "text-author", "v"))
_SCRIPTS = {"sup": RAISED, "sub": LOWERED}
_LEVELS = 6


def read(content: bytes) -> Reading:
    """The text of a book, in UTF-8 if it is not in an archive. Raises Unreadable where it is damaged."""
    unknown: set[str] = set()
    if not content.startswith(b"PK"):
        return _Book(unknown).reading(parse_text(content, unknown))
    archive = Archive(content)
    books = sorted(each for each in archive.names if each.lower().endswith(".fb2"))
    if len(books) > 1:
        raise Unreadable(f"has {len(books)} books in it. Unpack it and name them.")
    return _Book(unknown).reading(parse(archive.read(books[0]), unknown))


class _Book:
    def __init__(self, unknown: set[str]) -> None:
        self.unknown = unknown
        self.omissions = Omissions()
        self.marks = NoteMarks()

    def reading(self, root: _Element) -> Reading:
        title = " ".join((root.findtext(".//{*}title-info/{*}book-title") or "").split())
        blocks = [Block(title, 1)]
        for annotation in root.iterfind("./{*}description/{*}title-info/{*}annotation"):
            blocks.extend(self._blocks(annotation, 2))
        for body in root.iterfind("./{*}body"):
            if body.get("name") in _NOTES:
                for section in body.iterfind(".//{*}section"):
                    self.omissions.add("notes", "".join(section.itertext()))
            else:
                blocks.extend(block for block in self._blocks(body, 1) if block != blocks[0])
        return compose(blocks, title, warnings=unknown_names(self.unknown), omissions=self.omissions)

    def _blocks(self, parent: _Element, level: int) -> Iterator[Block]:
        """The blocks of a part, whose own title is a heading of `level`."""
        for element in parent:
            kind = name(element)
            if kind == "title":
                yield Block(" ".join(block.text for block in self._blocks(element, level)), min(level, _LEVELS))
            elif kind == "subtitle":
                yield Block(" ".join(self._texts(element)), min(level + 1, _LEVELS))
            elif kind == "stanza":
                line = Line()
                for verse in element:
                    if name(verse) == "v":
                        self._inline(verse, 0, line)
                        line.add(" ")
                    elif name(verse) in ("title", "subtitle"):
                        yield Block(" ".join(block.text for block in self._blocks(verse, level)) or "", level + 1)
                yield from map(Block, line.texts(self.marks))
            elif kind in _LINES:
                yield from map(Block, self._texts(element))
            elif kind == "table":
                cells = [each for each in element.iter() if name(each) in ("td", "th")]
                texts = (text for cell in cells for text in self._texts(cell))
                yield from prose_of_table(map(Block, texts), self.omissions)
            elif kind in ("poem", "section"):
                yield from self._blocks(element, level + 1)
            elif kind not in ("", "binary", "image"):
                yield from self._blocks(element, level)

    def _texts(self, element: _Element) -> list[str]:
        line = Line()
        self._inline(element, 0, line)
        return line.texts(self.marks)

    def _inline(self, parent: _Element, script: int, line: Line) -> None:
        text = parent.text or ""
        for element in parent:
            kind = name(element)
            is_mark = kind == "a" and element.get("type") == "note"
            line.add(before_mark(text, element.tail or "") if is_mark else text, script)
            text = element.tail or ""
            if kind == "strikethrough":
                self.omissions.add("struck-out text", "".join(element.itertext()))
            elif kind in ("p", "empty-line", "br"):
                line.add(LINE_BREAK)
                self._inline(element, script, line)
                line.add(LINE_BREAK)
            elif kind not in ("", "image") and not is_mark:
                self._inline(element, _SCRIPTS.get(kind, script), line)
        line.add(text, script)
