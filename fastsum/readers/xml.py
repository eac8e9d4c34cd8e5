"""XML from untrusted files: named characters are known, nothing is fetched, and expansion and nesting are limited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_EXPANSION = 1_000_000  # bytes that all references to a document's own entities may come to
_LISTED = 5
_DEEPEST = 8  # own entities in own entities
_DOCTYPE_SIZE = 64_000  # bytes: the DTD of a document within which its own entities are looked for
_DECLARATION = re.compile(rb"\A\s*<\?xml.*?\?>", re.DOTALL)
_XML_NAMES = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_REFERENCE = re.compile(rb"&([A-Za-z_:][\w.:-]{0,63});")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_TOKEN = re.compile(rb"<!--|\"[^\"]*\"|'[^']*'|[\[\]>]")
_ENTITY = re.compile(rb"<!ENTITY\s+([A-Za-z_:][\w.:-]{0,63})\s+(?:\"([^\"]*)\"|'([^']*)')\s*>")
_CLOSED_SCRIPT = re.compile(rb"<script\b[^<>]*/>", re.IGNORECASE)
_OPEN_SCRIPT = re.compile(rb"(<script\b[^<>]*)/>(?=(?:(?!<script\b).)*?</script)", re.IGNORECASE | re.DOTALL)
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"


def parse(content: bytes, unknown: set[str] | None = None) -> _Element:
    """The root of a document. Raises Unreadable where it is not well-formed or its entities expand to too much.

    References to unknown entities stay as they are written, "&name;", and their names are added to `unknown`.
    """
    from lxml import etree

    def parser(recover: bool) -> etree.XMLParser:
        return etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=recover,
        )

    written = without_entities(content, unknown)
    strict = parser(recover=False)
    try:
        return etree.fromstring(written, strict)
    except etree.XMLSyntaxError as error:
        # An xml:id that begins with a digit, as programs number their elements, takes nothing from the text; libxml2
        # says so as it does of damage.
        if strict.error_log and all(entry.type_name == "DTD_XMLID_VALUE" for entry in strict.error_log):
            return etree.fromstring(written, parser(recover=True))
        raise Unreadable(
            f"is damaged or cut off: its XML is not well-formed ({error.msg}). Download or save it again."
        ) from None


def parse_text(content: bytes, unknown: set[str] | None = None) -> _Element:
    """The root of a document that has been recoded to UTF-8, whatever encoding it declares; otherwise as `parse`."""
    return parse(_DECLARATION.sub(b"", content, count=1), unknown)


def name(element: _Element) -> str:
    """An element's name without its namespace; "" for an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of_cdata(content: bytes) -> bytes:
    """Markup with each CDATA section as escaped text, for parsers of HTML, which drop it."""
    first, *parts = content.split(_CDATA)
    done = [first]
    for part in parts:
        literal, end, text = part.partition(_CDATA_END)
        done.append(literal.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;") if end else b"")
        done.append(text if end else part)
    return b"".join(done)


def with_open_scripts(content: bytes) -> bytes:
    """A page with each script open that says it is closed, if an end of it follows: browsers read it so."""
    return _OPEN_SCRIPT.sub(rb"\1>", content) if _CLOSED_SCRIPT.search(content) else content


def unknown_names(names: set[str]) -> tuple[str, ...]:
    """A warning of the entities whose names are unknown, if there are any."""
    if not names:
        return ()
    listed = ", ".join(f"&{each};" for each in sorted(names)[:_LISTED])
    return (f"has characters by names that it does not define: {listed}. They are shown as these names.",)


def without_entities(content: bytes, unknown: set[str] | None = None) -> bytes:
    """Markup in an encoding that extends ASCII, with each named character as its number and without a DOCTYPE.

    The names are those of HTML, which contain ISO's and so those of JATS, and the entities that the document declares
    itself with a value. References to others, such as files, become the text "&name;", and their names are added to
    `unknown`. Raises Unreadable where the document's own entities come to more than MAX_EXPANSION.
    """
    content, own = _without_doctype(content)
    left = [MAX_EXPANSION]
    if _CDATA not in content:
        return _resolved(content, own, left, unknown)
    parts: list[bytes] = []
    is_literal = False
    for part in content.split(_CDATA):
        literal, end, text = part.partition(_CDATA_END) if parts or is_literal else (b"", b"", part)
        is_literal = bool(parts) and not end
        parts.append(part if is_literal else literal + end + _resolved(text, own, left, unknown))
    return _CDATA.join(parts)


def _resolved(text: bytes, own: dict[bytes, bytes], left: list[int], unknown: set[str] | None) -> bytes:
    """The text with its references replaced; `left` holds the bytes that own entities may still come to."""
    from html.entities import html5

    def character(reference: re.Match[bytes], depth: int = 0) -> bytes:
        name_ = reference[1]
        if name_ in _XML_NAMES:
            return reference[0]
        if name_ in own:
            if depth == _DEEPEST:
                left[0] = -1
            value = own[name_]
            left[0] -= len(value)
            if left[0] < 0:
                raise Unreadable(f"has entities that expand to over {MAX_EXPANSION // 1_000_000} MB, and is not read.")
            return _REFERENCE.sub(lambda inner: character(inner, depth + 1), value) if b"&" in value else value
        signs = html5.get(f"{name_.decode('ascii', 'replace')};")
        if signs is None:
            if unknown is not None:
                unknown.add(name_.decode("ascii", "replace"))
            return b"&amp;" + reference[0][1:]
        return "".join(f"&#{ord(sign)};" for sign in signs).encode()

    return _REFERENCE.sub(character, text)


def _without_doctype(content: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """The content without its DOCTYPE, and the entities that it declares there with a value."""
    head = content[:_DOCTYPE_SIZE]
    start = head.find(b"<!DOCTYPE")
    if start < 0:
        return content, {}
    position, opened = start + 1, 0
    while token := _TOKEN.search(head, position):
        position = token.end()
        if token[0] == b"<!--":
            position = head.find(b"-->", position) + 3
            if position < 3:
                break
        elif token[0] in (b"[", b"]"):
            opened += 1 if token[0] == b"[" else -1
        elif token[0] == b">" and opened <= 0:
            own: dict[bytes, bytes] = {}
            for entity in _ENTITY.finditer(_COMMENT.sub(b"", head[start:position])):
                own.setdefault(entity[1], entity[2] if entity[2] is not None else entity[3])
            return content[:start] + content[position:], own
    return content, {}
