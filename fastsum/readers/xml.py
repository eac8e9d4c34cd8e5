"""XML from untrusted files: entities are not expanded, nothing is fetched, and nesting is limited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastsum.readers.blocks import Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element


def parse(content: bytes) -> _Element:
    """The root of a document; entities are kept as they are. Raises Unreadable where it is not well-formed."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            f"is damaged or cut off: its XML is not well-formed ({error.msg}). Download or save it again."
        ) from None


def name(element: _Element) -> str:
    """An element's name without its namespace; "" for an entity."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
