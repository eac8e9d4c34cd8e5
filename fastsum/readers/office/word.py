"""The text of a paragraph of a Word document: runs with their signs, fields, formulas, and what Word does not show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Omissions
from fastsum.readers.formulas import formula
from fastsum.readers.office.fieldcodes import RAISED_FROM, SYMBOL_FIELD, equation
from fastsum.readers.signs import NoteMarks, lowered, raised
from fastsum.readers.symbol import UNKNOWN, in_symbols, is_symbol_font, symbol
from fastsum.readers.xml import name

if TYPE_CHECKING:
    from lxml.etree import _Element

VALUE = "val"
_UNREAD = frozenset(
    ("Fallback", "annotationRef", "commentReference", "endnoteReference", "footnoteReference", "footnoteRef",
     "endnoteRef", "instrText", "object", "pPr", "pict", "drawing", "rPr", "rt", "sdtPr", "softHyphen",
     "delInstrText", "sdtEndPr")
)  # fmt: skip
_DELETED = frozenset(("del", "moveFrom"))
LINE_BREAK = "\v"
_SPACES = {"tab": "\t", "br": LINE_BREAK, "cr": LINE_BREAK, "ptab": "\t"}
_CITATIONS = re.compile(r"\s*(?:ADDIN\s+(?:EN\.CITE|ZOTERO_ITEM|CSL_CITATION|Mendeley)|NOTEREF\b|CITATION\b)")
_NUMBERS = re.compile(r"\s*[\[(][\d\s,;–-]+[\])]\s*")  # a citation that the sentence can do without
_LONGEST = 100  # characters of one exponent or index in several runs
_SLASHES = ("/", "\u2044", "\u2215")


def find(element: _Element, *path: str) -> _Element | None:
    """The first element at a path of names, in any namespace."""
    for step in path:
        found = next((child for child in element if name(child) == step), None)
        if found is None:
            return None
        element = found
    return element


def setting(element: _Element, key: str) -> str | None:
    """An attribute by its name, in any namespace; None where it is not there."""
    return next((str(text) for name_, text in element.attrib.items() if str(name_).rpartition("}")[2] == key), None)


def value(element: _Element, *path: str) -> str:
    """The value of a setting below an element; "" where there is none."""
    found = find(element, *path)
    return "" if found is None else setting(found, VALUE) or ""


def is_on(switch: _Element | None) -> bool | None:
    """Whether a switch is on; None where it is not there."""
    return None if switch is None else (setting(switch, VALUE) or "1") not in ("0", "false", "off")


class Line:
    """Reads paragraphs one after the other."""

    def __init__(self, hidden_styles: set[str], omissions: Omissions) -> None:
        self._hidden_styles = hidden_styles
        self._omissions = omissions
        self._is_mark = NoteMarks()
        self._parts: list[str] = []
        self._boxes: list[_Element] = []
        self._fields: list[list[str]] = []  # of each open field: its code; one more part where its result has begun
        self._hides = False

    def text(self, paragraph: _Element, hides: bool = False) -> str:
        """The text of a paragraph with its tabs and line breaks, whose style hides it or not; text boxes in it are kept
        for `boxes`."""
        self._parts, self._boxes = [], []
        self._hides = hides
        self._read(paragraph)
        return "".join(self._parts)

    def boxes(self) -> list[_Element]:
        """The contents of the text boxes of the last paragraph, in order."""
        return self._boxes

    def _read(self, element: _Element) -> None:
        for child in element:
            kind = name(child)
            if kind == "r":
                self._run(child)
            elif kind in ("oMath", "oMathPara"):
                self._formula(child, kind)
            elif kind in _DELETED:
                self._omissions.add("deleted text", "".join(child.itertext()))
            elif kind not in _UNREAD:
                if kind == "fldSimple" and _CITATIONS.match(setting(child, "instr") or ""):
                    self._omissions.add("citations", "".join(child.itertext()))
                else:
                    if kind == "fldSimple":
                        self._show_field(setting(child, "instr") or "")
                    self._read(child)

    def _formula(self, element: _Element, kind: str) -> None:
        text = formula(element)
        above = element.getparent()
        alone = kind == "oMathPara" and above is not None and not "".join(self._parts).strip()
        following = element.getnext()
        if alone and (following is None or not "".join(following.itertext()).strip()):
            self._omissions.add("formulas", text)
            return
        before = self._parts[-1][-1:] if self._parts else ""
        previous = element.getprevious()
        is_apart = kind == "oMathPara" or (previous is not None and name(previous) == "oMath")
        self._parts.append(f" {text}" if before.strip() and is_apart else text)

    def _run(self, run: _Element) -> None:
        properties = find(run, "rPr")
        start = len(self._parts)
        fonts = ("", "")
        hides = self._hides
        position = ""
        struck = False
        if properties is not None:
            for each in properties:
                kind = name(each)
                if kind == "vanish":
                    hides = bool(is_on(each))
                elif kind == "rStyle" and setting(each, VALUE) in self._hidden_styles:
                    hides = find(properties, "vanish") is None or hides
                elif kind in ("strike", "dstrike"):
                    struck = struck or bool(is_on(each))
                elif kind == "vertAlign":
                    position = setting(each, VALUE) or ""
                elif kind == "position" and not position:
                    position = _moved(setting(each, VALUE) or "")
                elif kind == "rFonts":
                    fonts = (setting(each, "ascii") or "", setting(each, "hAnsi") or "")
        self._content(run, fonts)
        text = "".join(self._parts[start:])
        if not text:
            return
        if self._is_citation() and (position == "superscript" or _NUMBERS.fullmatch(text)):
            what = "citations"
        elif hides:
            what = "hidden text"
        elif struck:
            what = "struck-out text"
        else:
            if position in ("superscript", "subscript"):
                self._parts[start:] = [self._shifted(run, text, position, start)]
            return
        self._omissions.add(what, text)
        del self._parts[start:]

    def _shifted(self, run: _Element, text: str, position: str, start: int) -> str:
        """Raised or lowered text; a run that goes on with what the run before began is joined to it."""
        before = "".join(self._parts[max(0, start - 8) : start])
        following = _next_run(run)
        if following is not None and _position(following) == position and 0 < len(text.strip()) < _LONGEST:
            content = find(following, "t")
            if content is not None and len(following) <= 2:
                content.text = text + (content.text or "")
                return ""
        if position == "subscript":
            return lowered(before, text)
        if following is not None and "".join(following.itertext()).strip() in _SLASHES:
            denominator = _next_run(following)
            if denominator is not None and _position(denominator) == "subscript":
                return " " * before[-1:].isdigit() + text  # 3 1/2, set as a fraction
        return "" if self._is_mark(before, text) else raised(before, text)

    def _content(self, element: _Element, fonts: tuple[str, str]) -> None:
        for child in element:
            kind = name(child)
            if kind == "t":
                text = child.text or ""
                if is_symbol_font(fonts[0]):
                    text = in_symbols(fonts[0], text)
                elif is_symbol_font(fonts[1]):  # this one is for characters beyond ASCII
                    text = "".join(char if char.isascii() else in_symbols(fonts[1], char) for char in text)
                if not self._is_shown_by_code():
                    self._parts.append(text.replace("\xad", "") if "\xad" in text else text)
            elif kind == "sym":
                self._parts.append(_symbol(child))
            elif kind in _SPACES:
                self._parts.append(_SPACES[kind])
            elif kind == "noBreakHyphen":
                self._parts.append("-")
            elif kind == "fldChar":
                self._field(setting(child, "fldCharType") or "")
            elif kind == "instrText" and self._fields:
                self._fields[-1][0] += child.text or ""
            elif kind in ("drawing", "pict", "object"):
                self._keep_boxes(child)
                for drawn in child.iter("{*}chart", "{*}relIds"):  # parts of their own; relIds are those of a diagram
                    self._omissions.add("charts" if name(drawn) == "chart" else "diagrams", where="not read")
            elif kind == "ruby":
                base = find(child, "rubyBase")
                if base is not None:
                    self._read(base)
            elif kind not in _UNREAD and kind not in _DELETED:
                self._content(child, fonts)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append([""])
        elif kind == "separate" and self._fields:
            self._fields[-1].append("")
            self._show_field(self._fields[-1][0])
        elif kind == "end" and self._fields:
            field = self._fields.pop()
            if len(field) == 1:  # it has no result
                self._show_field(field[0])

    def _show_field(self, code: str) -> None:
        """Add what a field shows that is made from its code alone: a sign by its number, or a formula."""
        if named := SYMBOL_FIELD.match(code):
            self._parts.append(symbol((named[2] or "Symbol").strip(), int(named[1], 0)) or UNKNOWN)
        elif code.split()[:1] == ["EQ"]:
            shown = equation(code, "".join(self._parts[-1:]))
            if shown is not None:
                self._parts.append(shown)
            else:
                self._omissions.add("equations", code)

    def _is_shown_by_code(self) -> bool:
        """Whether the text is the result of a field whose sign is known from its code."""
        return any(len(field) > 1 and SYMBOL_FIELD.match(field[0]) for field in self._fields)

    def _is_citation(self) -> bool:
        """Whether the text is the result of a field in which a program for references keeps a citation."""
        return any(len(field) > 1 and _CITATIONS.match(field[0]) for field in self._fields)

    def _keep_boxes(self, element: _Element) -> None:
        for box in element.iter("{*}txbxContent"):
            if not any(name(above) == "txbxContent" for above in box.iterancestors()):
                self._boxes.append(box)


def _symbol(element: _Element) -> str:
    """A character that Word has from a font of symbols; � where it is not known."""
    code = setting(element, "char") or ""
    try:
        return symbol(setting(element, "font") or "", int(code, 16)) or UNKNOWN
    except ValueError:
        return UNKNOWN


def _next_run(run: _Element) -> _Element | None:
    following = run.getnext()
    while following is not None and name(following) in ("proofErr", "bookmarkStart", "bookmarkEnd"):
        following = following.getnext()
    return following if following is not None and name(following) == "r" else None


def _position(run: _Element) -> str:
    return value(run, "rPr", "vertAlign") or _moved(value(run, "rPr", "position"))


def _moved(half_points: str) -> str:
    """How text is set that is moved up or down by hand."""
    if not re.fullmatch(r"-?\d{1,4}", half_points) or abs(int(half_points)) < RAISED_FROM:
        return ""
    return "superscript" if int(half_points) > 0 else "subscript"
