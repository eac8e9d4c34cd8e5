"""PPTX: the slides of a presentation, without notes, hidden slides, charts, diagrams and tables of figures."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.archive import Archive
from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose
from fastsum.readers.formulas import formula
from fastsum.readers.office.lines import LINE_BREAK, LOWERED, RAISED, Line, Table, table, with_tables, without_bullet
from fastsum.readers.office.places import Box, reading_order
from fastsum.readers.signs import NoteMarks
from fastsum.readers.symbol import in_symbols, is_symbol_font
from fastsum.readers.xml import name, parse

if TYPE_CHECKING:
    from lxml.etree import _Element

_PRESENTATION = "ppt/presentation.xml"
_TITLES = {"ctrTitle": 1, "title": 2}
_UNREAD_PLACES = frozenset(("dt", "ftr", "hdr", "sldNum", "sldImg"))
_UNREAD_FIELDS = re.compile("slidenum|datetime")
_LISTS = frozenset(("body", "obj", ""))  # kinds of place whose paragraphs are items unless they say otherwise
_BULLETS = frozenset(("buAutoNum", "buBlip", "buChar"))
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_CHOICES = frozenset(("a14",))  # what a document offers in another form, and is read: formulas
_NO_TITLES = ("PowerPoint Presentation", "Presentation", "Slide 1", "Untitled")  # what programs write by default


class _Part(NamedTuple):
    """A part of the presentation and what it refers to."""

    root: _Element
    targets: dict[str, tuple[str, str]]
    """For each id, the kind of the relationship and the name of the part."""

    def related(self, kind: str) -> str:
        return next((target for found, target in self.targets.values() if found == kind), "")


def read(content: bytes) -> Reading:
    """The text of a presentation. Raises Unreadable where it is damaged."""
    return _Reader(Archive(content)).reading()


class _Reader:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.omissions = Omissions()
        self.marks = NoteMarks()
        self.layouts: dict[str, tuple[_Part | None, _Part | None]] = {}  # with their masters
        self.slide: _Part | None = None
        self.above: list[_Part] = []  # the slide's layout and master

    def reading(self) -> Reading:
        presentation = self._part(_PRESENTATION)
        if presentation is None:
            raise Unreadable(f"is a damaged PPTX: {_PRESENTATION} is missing. Save it again.")
        ids = [_id(each) for each in presentation.root.iter() if name(each) == "sldId"]
        slides = list(dict.fromkeys(presentation.targets[each][1] for each in ids if each in presentation.targets))
        missing = [slide for slide in slides if slide not in self.archive.names]
        if slides and len(missing) == len(slides):
            raise Unreadable(f"is a damaged PPTX: {missing[0]} is missing. Save it again.")
        parts: list[Block | Table] = []
        for slide in slides:
            if slide not in missing:
                parts.extend(self._slide(slide))
        blocks = with_tables(parts, self.omissions)
        titles = [block.text for block in blocks if block.level == 1]
        warnings = [f"has no {slide}, one of its slides." for slide in missing]
        return compose(blocks, self._stated_title() or next(iter(titles), None), 0, warnings, self.omissions)

    def _part(self, path: str) -> _Part | None:
        """A part of the archive; None where it is missing."""
        if path not in self.archive.names:
            return None
        folder, file = posixpath.split(path)
        relations = f"{folder}/_rels/{file}.rels"
        targets = {}
        if relations in self.archive.names:
            for each in parse(self.archive.read(relations)):
                if each.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join("/", folder, each.get("Target") or ""))
                    kind = (each.get("Type") or "").rpartition("/")[2]
                    targets[each.get("Id") or ""] = (kind, target.lstrip("/"))
        return _Part(parse(self.archive.read(path)), targets)

    def _stated_title(self) -> str:
        if "docProps/core.xml" not in self.archive.names:
            return ""
        stated = parse(self.archive.read("docProps/core.xml")).findtext("{*}title") or ""
        return "" if stated.strip() in _NO_TITLES else " ".join(stated.split())

    def _slide(self, path: str) -> list[Block | Table]:
        slide = self._part(path)
        assert slide is not None
        self.slide = slide
        layout = slide.related("slideLayout")
        if layout not in self.layouts:
            part = self._part(layout)
            self.layouts[layout] = (part, self._part(part.related("slideMaster")) if part else None)
        self.above = [part for part in self.layouts[layout] if part is not None]
        if notes := self._part(slide.related("notesSlide")):
            self.omissions.add("speaker notes", _bare(notes.root, ("body",)))
        tree = next((each for each in slide.root.iter() if name(each) == "spTree"), None)
        if slide.root.get("show") in ("0", "false"):
            self.omissions.add("hidden slides", _bare(slide.root))
            return []
        return [] if tree is None else self._shapes(tree)

    # Shapes ----------------------------------------------------------------------------------------------------------

    def _shapes(self, tree: _Element) -> list[Block | Table]:
        """The blocks of the shapes in a slide or group, in reading order, the title first."""
        titles: list[Block] = []
        found: list[tuple[Box | None, list[Block | Table]]] = []
        for shape in _chosen(tree):
            kind, place = name(shape), _place(shape)
            if place is not None and place[0] in _UNREAD_PLACES:
                continue
            if _is_hidden(shape):
                self.omissions.add("hidden text", _bare(shape))
            elif kind == "sp" and place is not None and place[0] in _TITLES:
                text = " ".join(block.text for block in self._paragraphs(shape, place))
                titles.append(Block(text, level=_TITLES[place[0]]))
            elif kind == "sp":
                found.append((self._box(shape, place), [*self._paragraphs(shape, place)]))
            elif kind == "grpSp":
                found.append((_own_box(shape), self._shapes(shape)))
            elif kind == "graphicFrame":
                found.append((_own_box(shape), [*self._frame(shape)]))
        found = [(box, blocks) for box, blocks in found if blocks]
        order = reading_order([box for box, _ in found])
        return [*titles, *(block for index in order for block in found[index][1])]

    def _box(self, shape: _Element, place: tuple[str, str] | None) -> Box | None:
        """Where a shape is: what it says itself, or the layout or the master says of its place."""
        return next((box for each in (shape, *self._models(place)) if (box := _own_box(each))), None)

    def _models(self, place: tuple[str, str] | None) -> Iterator[_Element]:
        """The places of the layout and the master that a place of the slide takes after."""
        if place is None:
            return
        kind, index = place
        for part in self.above:
            shapes = [each for each in part.root.iter() if name(each) == "sp"]
            places = [(each, _place(each)) for each in shapes]
            by_index = [each for each, found in places if found and index and found[1] == index]
            by_kind = [each for each, found in places if found and (found[0] or "body") == (kind or "body")]
            yield from (by_index or by_kind)[:1]

    def _frame(self, frame: _Element) -> list[Table]:
        """The sentences of a table; charts and diagrams are counted."""
        for each in frame.iter():
            kind = name(each)
            if kind == "tbl":
                rows = [[cell for cell in row if name(cell) == "tc"] for row in each if name(row) == "tr"]
                return [table([[self._paragraphs(cell, None) for cell in row] for row in rows])]
            if kind in ("chart", "relIds") and self.slide is not None:
                # A chart has the id of its part, a diagram those of four, its data first.
                ids = [value for key, value in each.attrib.items() if str(key).endswith(("}id", "}dm"))]
                target = self.slide.targets.get(str(ids[0]) if ids else "", ("", ""))[1]
                part = self._part(target)
                text = _bare(part.root) if part is not None else ""
                self.omissions.add("charts" if kind == "chart" else "diagrams", text)
        return []

    # Text ------------------------------------------------------------------------------------------------------------

    def _paragraphs(self, shape: _Element, place: tuple[str, str] | None) -> list[Block]:
        body = next((each for each in shape if name(each) == "txBody"), None)
        if body is None:
            return []
        styles = self._list_styles(body, place)
        blocks: list[Block] = []
        for paragraph in body:
            if name(paragraph) != "p":
                continue
            line = Line()
            self._runs(paragraph, line)
            settings = next((each for each in paragraph if name(each) == "pPr"), None)
            level = "0" if settings is None else settings.get("lvl", "0")
            is_item = _is_item([settings, *(_level(style, level) for style in styles)])
            blocks.extend(without_bullet(Block(text, item=is_item)) for text in line.texts(self.marks))
        return blocks

    def _list_styles(self, body: _Element, place: tuple[str, str] | None) -> list[_Element]:
        """Where the bullets of a text are set, the nearest first."""
        styles = [each for each in body if name(each) == "lstStyle"]
        if place is None:
            return styles
        for model in self._models(place):
            styles += [each for each in model.iter() if name(each) == "lstStyle"]
        if place[0] in _LISTS and len(self.above) > 1:
            styles += [each for each in self.above[1].root.iter() if name(each) == "bodyStyle"]
        return styles

    def _runs(self, paragraph: _Element, line: Line) -> None:
        for run in _chosen(paragraph):
            kind = name(run)
            if kind == "br":
                line.add(LINE_BREAK)
            elif kind == "m":  # a formula
                line.add(" ".join(formula(each) for each in run.iter() if name(each) == "oMath"))
            elif kind == "r" or (kind == "fld" and not _UNREAD_FIELDS.match(run.get("type") or "")):
                settings = next((each for each in run if name(each) == "rPr"), None)
                text = "".join(each.text or "" for each in run if name(each) == "t")
                if settings is not None and settings.get("strike", "noStrike") != "noStrike":
                    self.omissions.add("struck-out text", text)
                    continue
                line.add(_in_font(_ESCAPE.sub(_escaped, text), settings), _script(settings))


def _chosen(parent: _Element) -> Iterator[_Element]:
    """The elements below another one; of those offered in several forms, the one that is read."""
    for element in parent:
        if name(element) != "AlternateContent":
            yield element
            continue
        forms = [each for each in element if name(each) == "Choice" and each.get("Requires") in _CHOICES]
        forms += [each for each in element if name(each) == "Fallback"]
        forms += [each for each in element if name(each) == "Choice"]
        yield from forms[0] if forms else ()


def _id(element: _Element) -> str:
    """The id of what an element refers to, an attribute with a namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


def _bare(root: _Element, places: tuple[str, ...] = ()) -> str:
    """All text below an element, or below its places of some kinds, to be counted."""
    shapes = [root]
    if places:
        shapes = [each for each in root.iter() if name(each) == "sp" and (_place(each) or ("",))[0] in places]
    return " ".join(each.text or "" for shape in shapes for each in shape.iter() if name(each) in ("t", "v"))


def _properties(shape: _Element) -> Iterator[_Element]:
    """What a shape says about itself: its name, and its place."""
    for each in shape:
        if name(each).startswith("nv"):
            yield from each.iter()


def _place(shape: _Element) -> tuple[str, str] | None:
    """The kind and number of the place that a shape fills; None for one of its own."""
    found = next((each for each in _properties(shape) if name(each) == "ph"), None)
    return None if found is None else (found.get("type", ""), found.get("idx", ""))


def _is_hidden(shape: _Element) -> bool:
    return any(name(each) == "cNvPr" and each.get("hidden") in ("1", "true") for each in _properties(shape))


def _own_box(shape: _Element) -> Box | None:
    for above in shape:
        if name(above) in ("spPr", "grpSpPr", "xfrm"):
            numbers = {}
            for each in above.iter():
                if name(each) in ("off", "ext"):
                    numbers.update({str(key): str(value) for key, value in each.attrib.items()})
            try:
                left, top = float(numbers["x"]), float(numbers["y"])
                return Box(left, top, left + float(numbers.get("cx", 0)), top + float(numbers.get("cy", 0)))
            except (KeyError, ValueError):
                continue
    return None


def _level(style: _Element, level: str) -> _Element | None:
    number = int(level) + 1 if level in tuple("012345678") else 1
    return next((each for each in style if name(each) == f"lvl{number}pPr"), None)


def _is_item(settings: list[_Element | None]) -> bool:
    """Whether the nearest setting that says anything about bullets says that there is one."""
    for each in settings:
        if each is not None:
            kinds = {name(child) for child in each}
            if kinds & _BULLETS or "buNone" in kinds:
                return bool(kinds & _BULLETS)
    return False


def _script(settings: _Element | None) -> int:
    baseline = "" if settings is None else settings.get("baseline", "")
    return 0 if not baseline.strip("-0%") else LOWERED if baseline.startswith("-") else RAISED


def _in_font(text: str, settings: _Element | None) -> str:
    """A text as its font shows it, if that is one of symbols."""
    if settings is None:
        return text
    fonts = {name(each): each.get("typeface", "") for each in settings if name(each) in ("latin", "sym")}
    if is_symbol_font(fonts.get("latin", "")):
        return in_symbols(fonts["latin"], text)
    if is_symbol_font(fonts.get("sym", "")):
        return "".join(in_symbols(fonts["sym"], c) if "\uf000" <= c <= "\uf0ff" else c for c in text)
    return text


def _escaped(match: re.Match[str]) -> str:
    """A character that XML does not allow, in the form that Office gives it: _x000B_ is a line break."""
    code = int(match[1], 16)
    return LINE_BREAK if code == 0x0B else " " if code < 32 else "" if 0xD800 <= code < 0xE000 else chr(code)
