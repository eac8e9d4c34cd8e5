"""What the styles of an OpenDocument file say about its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.office.lines import LOWERED, RAISED
from fastsum.readers.xml import name

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_PARENTS = 20  # in a damaged file a style can be based on itself
_ESCAPE = re.compile("_([0-9a-f]{2})_")  # in the names of styles: Heading_20_1
_HEADING = re.compile(r"heading ([1-9])")
_LEFT_OUT = (  # the beginning of a style's name, and what its paragraphs are
    ("contents", "entries of contents"),
    ("index", "entries of contents"),
    ("bibliography", "references"),
    ("caption", "captions"),
    ("illustration", "captions"),
    ("figure", "captions"),
    ("table index", "entries of contents"),
)


class Look(NamedTuple):
    """How a style shows text; None for what it leaves to the text around it."""

    script: int | None = None
    hidden: bool | None = None
    struck: bool | None = None
    bold: bool | None = None
    font: str | None = None

    def over(self, around: Look) -> Look:
        """This style within another one."""
        return Look(
            around.script if self.script is None else self.script,
            around.hidden if self.hidden is None else self.hidden,
            around.struck if self.struck is None else self.struck,
            around.bold if self.bold is None else self.bold,
            around.font if self.font is None else self.font,
        )


def attribute(element: _Element, local: str, default: str = "") -> str:
    """An attribute by its name without the namespace: ODF has several namespaces, which versions spell differently."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == local), default)


class Styles:
    """The styles of a file, automatic ones too."""

    def __init__(self, *roots: _Element) -> None:
        self._styles: dict[tuple[str, str], _Element] = {}
        self._fonts: dict[str, str] = {}
        self._looks: dict[tuple[str, str], Look] = {}
        for root in roots:
            for element in root.iter():
                kind = name(element)
                if kind == "style":
                    self._styles[attribute(element, "family"), attribute(element, "name")] = element
                elif kind == "font-face":
                    self._fonts[attribute(element, "name")] = attribute(element, "font-family").strip("'\"")

    def _chain(self, family: str, style: str) -> Iterator[_Element]:
        """A style and those that it is based on, the nearest first."""
        for _ in range(_MOST_PARENTS):
            element = self._styles.get((family, style))
            if element is None:
                return
            yield element
            style = attribute(element, "parent-style-name")

    def look(self, family: str, style: str) -> Look:
        """How a style ("text" or "paragraph" is its family) shows text."""
        if (family, style) not in self._looks:
            look = Look()
            for element in self._chain(family, style):
                for each in element:
                    if name(each) == "text-properties":
                        look = look.over(self._own(each))
            self._looks[family, style] = look
        return self._looks[family, style]

    def _own(self, properties: _Element) -> Look:
        position, weight = attribute(properties, "text-position"), attribute(properties, "font-weight")
        line = attribute(properties, "text-line-through-style")
        font = attribute(properties, "font-name")
        return Look(
            _script(position) if position else None,
            (attribute(properties, "display") == "none") if attribute(properties, "display") else None,
            (line != "none") if line else None,
            (weight == "bold" or weight in ("600", "700", "800", "900")) if weight else None,
            self._fonts.get(font, font) or attribute(properties, "font-family").strip("'\"") or None,
        )

    def paragraph(self, style: str) -> tuple[int, str]:
        """The level of a paragraph style's headings, 0 for other text; and what it is if it is left out, or ""."""
        for element in self._chain("paragraph", style):
            names = attribute(element, "display-name") or attribute(element, "name")
            title = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), names).casefold()
            heading = _HEADING.fullmatch(title)
            level = attribute(element, "default-outline-level")
            if heading or title in ("title", "subtitle") or level.isdecimal():
                return int(heading[1]) if heading else int(level or 0) or (1 if title == "title" else 2), ""
            if what := next((what for start, what in _LEFT_OUT if title.startswith(start)), ""):
                return 0, what
        return 0, ""

    def is_title(self, style: str) -> bool:
        """Whether a paragraph style is that of the document's title."""
        return any(attribute(each, "name").casefold() == "title" for each in self._chain("paragraph", style))

    def is_hidden_page(self, style: str) -> bool:
        """Whether a style hides a slide."""
        return any(
            attribute(each, "visibility") == "hidden"
            for element in self._chain("drawing-page", style)
            for each in element
        )


def _script(position: str) -> int:
    """RAISED, LOWERED or 0 for a position such as "super 58%", "-33% 58%" or "0% 100%"."""
    first = position.split()[0] if position.split() else ""
    if first in ("super", "sub"):
        return RAISED if first == "super" else LOWERED
    number = first.rstrip("%")
    return 0 if not number.strip("-0.") else LOWERED if number.startswith("-") else RAISED
