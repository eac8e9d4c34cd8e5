"""The formulas of RTF, whose groups are the elements of Word's formulas with an "m" before their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from xml.etree.ElementTree import Element, SubElement

from fastsum.readers.formulas import formula

if TYPE_CHECKING:
    from lxml.etree import _Element

FORMULA = "moMath"


def begun(word: str, around: Element | None) -> Element | None:
    """The element of a group that begins with a word; None where it is no part of a formula."""
    if around is None:
        return Element("oMath") if word == FORMULA else None
    return SubElement(around, word[1:]) if word.startswith("m") else None


def ended(element: Element, text: str) -> None:
    """Give an element the text of its group: the letters of a run, or the value of a property."""
    if text and element.tag == "r":
        SubElement(element, "t").text = text
    elif text:
        element.set("val", text.strip())


def text_of(element: Element) -> str:
    """The formula on one line."""
    return formula(cast("_Element", element))
