"""DOCX: the body of a Word document, without headers, footers, notes, comments, deleted text and tables of figures."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from fastsum.readers.archive import Archive
from fastsum.readers.blocks import Block, Reading, Unreadable, compose, is_prose
from fastsum.readers.xml import name

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset(("del", "moveFrom", "Fallback", "drawing", "pict", "object", "pPr", "rPr", "instrText"))
_LEFT_OUT_STYLES = re.compile(r"toc\b|caption|bibliography|table of|index\b|header|footer|footnote|endnote")
_LEFT_OUT_GALLERIES = ("Table of Contents", "Bibliographies")
_HEADING_STYLE = re.compile(r"heading ([1-9])")
_ENDED = re.compile(r"[.?!;,…]\W*\Z")
_OUTLINE = {str(level - 1): level for level in range(1, 10)}  # Word's 9 is body text
_BOLD_HEADING_WORDS = 12
_NO_TITLES = ("Word Document", "Document", "Untitled")  # what programs write by default
_BOLD_HEADING_LEVEL = 3


class _Style(NamedTuple):
    name: str
    level: int  # of a heading; 0 for anything else
    item: bool
    bold: bool


_PLAIN = _Style("", 0, False, False)


def read(content: bytes) -> Reading:
    """The text of a document. Raises Unreadable where it is damaged, encrypted or not an ordinary document."""
    import docx
    from lxml.etree import XMLSyntaxError

    Archive(content)  # refuses a decompression bomb before the library unpacks it
    try:
        document = docx.Document(io.BytesIO(content))
    except (KeyError, ValueError, zipfile.BadZipFile, zlib.error, XMLSyntaxError) as error:
        raise Unreadable(f"is not a valid DOCX ({error}). Open it and save it again as an ordinary DOCX.") from None
    found = document.styles.element.iterfind(f"./{_W}style[@{_W}styleId]")
    elements = {style.get(f"{_W}styleId", ""): style for style in found}
    styles = {name_: _style(style, elements) for name_, style in elements.items()}
    blocks = list(_blocks(document.element.body, styles))
    return compose(blocks, _title(document, styles))


def _style(style: _Element, elements: dict[str, _Element]) -> _Style:
    """What a paragraph style, with the styles that it is based on, says about its paragraphs."""
    name_ = _value(style, "name").lower()
    heading = _HEADING_STYLE.match(name_)
    level = int(heading[1]) if heading else {"title": 1, "subtitle": 2}.get(name_, 0)
    bold = False
    above: _Element | None = style
    for _ in range(10):  # in a damaged file a style can be based on itself
        if above is None:
            break
        level = level or _OUTLINE.get(_value(above, "pPr", "outlineLvl"), 0)
        bold = bold or _is_on(above.find(f"./{_W}rPr/{_W}b"))
        above = elements.get(_value(above, "basedOn"))
    return _Style(name_, level, name_.startswith("list"), bold)


def _blocks(parent: _Element, styles: dict[str, _Style]) -> Iterator[Block]:
    initial = ""
    for element in parent:
        kind = name(element)
        if kind == "p" and element.find(f"./{_W}pPr/{_W}framePr[@{_W}dropCap]") is not None:
            initial = "".join(_text(element)).strip()  # a drop cap is a paragraph of one letter
        elif kind == "p":
            for block in _paragraph(element, styles):
                yield block._replace(text=initial + block.text)
                initial = ""
        elif kind == "tbl":
            for cell in element.iterfind(f"./{_W}tr/{_W}tc"):
                yield from (block for block in _blocks(cell, styles) if block.level or is_prose(block.text))
        elif kind == "sdt":
            gallery = element.find(f"./{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
            content = element.find(f"./{_W}sdtContent")
            if content is not None and (gallery is None or gallery.get(f"{_W}val") not in _LEFT_OUT_GALLERIES):
                yield from _blocks(content, styles)
        elif kind in ("ins", "moveTo", "customXml", "smartTag"):
            yield from _blocks(element, styles)


def _paragraph(paragraph: _Element, styles: dict[str, _Style]) -> Iterator[Block]:
    """A paragraph, and after it the blocks of the text boxes that are anchored in it."""
    style = styles.get(_value(paragraph, "pPr", "pStyle"), _PLAIN)
    if not _LEFT_OUT_STYLES.match(style.name):
        text = " ".join("".join(_text(paragraph)).split())
        level = _OUTLINE.get(_value(paragraph, "pPr", "outlineLvl"), style.level)
        item = style.item or paragraph.find(f"./{_W}pPr/{_W}numPr") is not None
        if not level and not item and _is_bold_heading(paragraph, text, style):
            level = _BOLD_HEADING_LEVEL
        yield Block(text, level=level, item=item and not level)
    for box in paragraph.iter(f"{_W}txbxContent"):
        above = [name(element) for element in box.iterancestors()]
        if "Fallback" not in above and "txbxContent" not in above:
            yield from _blocks(box, styles)


def _text(element: _Element) -> Iterator[str]:
    for child in element:
        kind = name(child)
        if kind == "t":
            yield child.text or ""
        elif kind in ("tab", "br", "cr", "ptab"):
            yield " "
        elif kind == "noBreakHyphen":
            yield "-"
        elif kind not in _LEFT_OUT:
            yield from _text(child)


def _is_bold_heading(paragraph: _Element, text: str, style: _Style) -> bool:
    """Whether a short paragraph is all bold: a heading by someone who does not use styles."""
    if not text or len(text.split()) > _BOLD_HEADING_WORDS or _ENDED.search(text):
        return False
    runs = [run for run in paragraph.iter(f"{_W}r") if "".join(_text(run)).strip()]
    return not style.bold and bool(runs) and all(_is_on(run.find(f"./{_W}rPr/{_W}b")) for run in runs)


def _is_on(switch: _Element | None) -> bool:
    return switch is not None and switch.get(f"{_W}val", "1") not in ("0", "false", "off")


def _value(element: _Element, *path: str) -> str:
    """The value of a setting below an element; "" where there is none."""
    found = element.find("./" + "/".join(_W + part for part in path))
    return "" if found is None else found.get(f"{_W}val", "")


def _title(document: Document, styles: dict[str, _Style]) -> str:
    """The paragraph with the style Title, otherwise the title in the document's properties."""
    for paragraph in document.element.body.iterfind(f"./{_W}p"):
        if styles.get(_value(paragraph, "pPr", "pStyle"), _PLAIN).name == "title":
            return " ".join("".join(_text(paragraph)).split())
    stated = (document.core_properties.title or "").strip()
    return "" if stated in _NO_TITLES else stated
