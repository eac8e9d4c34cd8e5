"""What stands within the lines of an HTML tree, as text: formulas, raised and lowered text, marks of notes, quotes.

The tree is changed in place, so that whatever reads it afterwards finds plain text. Elements are emptied and filled
again but not removed: removing many of them takes time that grows with the square of their number.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.formulas import formula
from fastsum.readers.signs import NoteMarks, lowered, raised
from fastsum.readers.symbol import in_symbols, is_symbol_font
from fastsum.readers.web.hidden import emptied
from fastsum.readers.web.tags import BLOCKS
from fastsum.readers.xml import name

if TYPE_CHECKING:
    from lxml.etree import _Element

_MATH_TAGS = ("math", "m:math", "mml:math")
_MATH_CLASSES = ("katex-display", "katex", "mwe-math-element", "MathJax_Display", "MathJax_SVG", "MathJax")
_MATH_PARENTS = 5
_RENDERED = (  # what programs make of a formula, which can stand beside its source
    "//*[contains(@class, 'katex') or contains(@class, 'MathJax') or contains(@class, 'mjx') or self::mjx-container"
    " or contains(@class, 'mwe-math')]"
)
_IMAGES = "//img[@alt and (contains(@class, 'tex') or contains(@class, 'math'))]"
_SCRIPTS = "//script[starts-with(@type, 'math/tex')]"
_STYLED = (
    "//span[contains(@style, 'vertical-align') or contains(@class, 'super') or contains(@class, 'sub')"
    " or @class = 'sup']"
)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_RAISED_CLASSES = {
    **dict.fromkeys(("sup", "super", "superscript"), "sup"),
    **dict.fromkeys(("sub", "subscript"), "sub"),
}
_IN_SYMBOLS = (
    "//*[contains(@face, 'ymbol') or contains(@face, 'ingdings')"
    " or contains(@style, 'ymbol') or contains(@style, 'ingdings')]"
)
_FONT = re.compile(r"font-family\s*:\s*[\"']?(Symbol|Wingdings(?: [23])?)[\"']?\s*(?:;|\Z)", re.IGNORECASE)
_SLASHES = ("/", "\u2044", "\u2215")
_CONTEXT = 40  # characters in front of a sign that are looked at
_STEPS = 6  # elements that are looked at for them

_BOLD = frozenset(("b", "strong"))
_LABELLED = frozenset(("blockquote", "dd", "div", "li", "p", "td"))
_LABEL = re.compile(r"\s*[A-Z][^\W\d_]{2,20}(?: [^\W\d_]{1,20}){0,2}\s*")
_BEHIND_LABEL = re.compile(r"(?:\w\s|\s)\s*[\"“‘]?[A-Z]")
_LEAST_LABELS = 3
_MARK = re.compile(r"[\[(]?(?:\d{1,4}|[a-z]|[*†‡§¶#]{1,3}|(?:note|fn|n)\.? ?\d{1,3})[\])]?\.?", re.IGNORECASE)
_PLACE_MARKS = ("¶", "#", "§")  # behind headings, as a link to them
_NOTE_CLASSES = re.compile(r"(?:foot|end|rear)-?notes?(?:[-_]?(?:text|body|list|item|content))?", re.IGNORECASE)
_NOTE_START = re.compile(r"\s*[\[(↑^]?\s*(?:\d{1,4}|[a-z*†‡§¶#]{1,3})[\])]?[.:)]?\s|\s*[↑^↩]")
_NOTE_BLOCKS = frozenset(("aside", "dd", "div", "li", "p", "section", "tr"))
_NOTE_SIZE = 3000  # characters: a longer block is not a note but all of the text that a link leads to


def formulas_to_text(tree: _Element) -> Iterator[tuple[str, str]]:
    """Write each formula once, as text; yields those on lines of their own, which are left out."""
    for element in [each for tag in _MATH_TAGS for each in tree.iter(tag)]:
        container = _container(element)
        is_display = element.get("display") == "block" or "isplay" in (container.get("class") or "")
        text = formula(element)
        yield from _put(container, text, is_display)
    scripts, images = tree.xpath(_SCRIPTS), tree.xpath(_IMAGES)
    if scripts or images:
        from fastsum.readers.tex.formulas import known_formula
    for script in scripts:
        before = script.getprevious()
        shown = False
        while before is not None and ("MathJax" in (before.get("class") or before.get("id") or "") or _is_put(before)):
            if _is_put(before):
                shown = True  # its MathML was there too
                break
            emptied(before)
            before = before.getprevious() if not (before.tail or "").strip() else None
        text = script.text or ""
        if not shown:
            yield from _put(script, known_formula(text) or "", "display" in script.get("type", ""))
    for image in images:
        line = known_formula(image.get("alt"))
        if line and image.get("aria-hidden") != "true":
            yield from _put(image, line, False)
    for element in tree.xpath(_RENDERED):
        is_formula = name(element) == "mjx-container" or "katex" in (element.get("class") or "").split()
        if is_formula and not _is_put(element) and len(element):
            yield "formulas", emptied(element)


def _put(element: _Element, text: str, is_display: bool) -> Iterator[tuple[str, str]]:
    emptied(element)
    for attribute in ("class", "style", "hidden", "aria-hidden"):
        element.attrib.pop(attribute, None)
    element.set("data-formula", "1")
    element.tag = "span"
    if is_display:
        yield "formulas", text
        element.text = " "
    else:
        element.text = text


def _is_put(element: _Element) -> bool:
    return element.get("data-formula") is not None


def _container(element: _Element) -> _Element:
    """The outermost of the elements that a program has put around a formula."""
    found = above = element
    for _ in range(_MATH_PARENTS):
        above = above.getparent()
        if above is None or (name(above) in BLOCKS and "isplay" not in (above.get("class") or "")):
            break
        classes = (above.get("class") or "").split()
        if name(above) == "mjx-container" or any(each in classes for each in _MATH_CLASSES):
            found = above
    return found


def raised_to_text(tree: _Element, source: bytes) -> None:
    """Write raised and lowered text on the line, and drop marks of notes; see `signs`."""
    for span in tree.xpath(_STYLED) if b"vertical-align" in source or b'="su' in source or b"='su" in source else ():
        style = _RAISED_STYLE.search(span.get("style") or "")
        kinds = [_RAISED_CLASSES[each] for each in (span.get("class") or "").split() if each in _RAISED_CLASSES]
        if style or kinds:
            span.tag = "sup" if (style[1].lower() == "super" if style else kinds[0] == "sup") else "sub"
    for element in tree.xpath(_IN_SYMBOLS) if b"ymbol" in source or b"ingdings" in source else ():
        font = element.get("face") or (_FONT.search(element.get("style") or "") or ("", ""))[1]
        if not len(element) and element.text and is_symbol_font(font):
            element.text = in_symbols(font, element.text)
    is_mark = NoteMarks()
    for element in list(tree.iter("sup", "sub")):
        if element.tag in ("sup", "sub"):
            inner = list(element.iterdescendants("sup", "sub"))
            for part in [*reversed(inner), element]:
                _raise(part, is_mark)


def _raise(element: _Element, is_mark: NoteMarks) -> None:
    text = "".join(element.itertext())
    before = _before(element)
    is_raised = element.tag == "sup"
    del element[:]
    element.tag = "span"
    if not is_raised:
        element.text = lowered(before, text)
    elif _is_numerator(element):
        element.text = " " * before[-1:].isdigit() + text  # 3 1/2, set as a fraction
    else:
        element.text = "" if is_mark(before, text) else raised(before, text)


def _is_numerator(element: _Element) -> bool:
    following = element.getnext()
    return (element.tail or "").strip() in _SLASHES and following is not None and following.tag == "sub"


def _before(element: _Element) -> str:
    """The end of the text in front of an element, on its line; "" at the beginning of a block."""
    for _ in range(_STEPS):
        previous = element.getprevious()
        if previous is not None:
            text = previous.tail or ""
            if not text and (name(previous) in BLOCKS or previous.tag == "br"):
                return ""
            text = text or (previous.xpath("string()") if len(previous) else previous.text or "")
            if text:
                return str(text[-_CONTEXT:])
            element = previous
            continue
        parent = element.getparent()
        if parent is None:
            return ""
        if parent.text:
            return str(parent.text[-_CONTEXT:])
        if name(parent) in BLOCKS:
            return ""
        element = parent
    return ""


def quotes_to_text(tree: _Element) -> None:
    """Write the quotation marks that a browser puts around `q`."""
    for quote in tree.iter("q"):
        quote.text = f"“{quote.text or ''}"
        if len(quote):
            quote[-1].tail = f"{quote[-1].tail or ''}”"
        else:
            quote.text += "”"


def part_headings(tree: _Element) -> None:
    """Put an empty line behind a bold line that a paragraph begins with: a heading by those who use no headings."""
    for line_break in list(tree.iter("br")):
        bold, block = line_break.getprevious(), line_break.getparent()
        if bold is None or block is None or bold.tag not in _BOLD or (bold.tail or "").strip():
            continue
        line = "".join(bold.itertext()).strip()
        begins = bold.getprevious() is None and not (block.text or "").strip()
        if begins and line[-1:].isalnum() and (line_break.tail or "").strip()[:1].isupper():
            line_break.addnext(other := copy.copy(line_break))
            other.tail, line_break.tail = line_break.tail, None


def part_labels(tree: _Element) -> None:
    """Put a colon behind bold labels that come back at the beginning of paragraphs: "Summary Studies show that"."""
    labels: dict[str, list[_Element]] = {}
    for bold in tree.iter(*_BOLD):
        above = bold.getparent()
        text = "".join(bold.itertext())
        begins = above is not None and above.tag in _LABELLED and above[0] is bold and not (above.text or "").strip()
        if begins and _LABEL.fullmatch(text) and _BEHIND_LABEL.match(text[-1:] + (bold.tail or "")):
            labels.setdefault(text.strip(), []).append(bold)
    for places in labels.values():
        for bold in places if len(places) >= _LEAST_LABELS else ():
            bold.tail = f": {(bold.tail or '').lstrip()}"


def drop_notes(tree: _Element, targets: set[str], file: str = "") -> Iterator[tuple[str, str]]:
    """Empty the marks of notes, which are links, and the notes they lead to; yields the notes.

    `targets` collects where marks lead, as "FILE#ID", for the notes in other files of a book.
    """
    for link in list(tree.iter("a")):
        href = link.get("href") or ""
        if "#" in href and _is_mark(link):
            if emptied(link) not in _PLACE_MARKS:
                path, _, place = href.partition("#")
                targets.add(f"{path.rpartition('/')[2] or file}#{place}")
            above = link.getparent()
            if above is not None and above.tag == "sup" and not re.search(r"\w", "".join(above.itertext())):
                emptied(above)
    for element in tree.xpath("//*[contains(@class, 'note')]"):
        if element.tag in _NOTE_BLOCKS and any(map(_NOTE_CLASSES.fullmatch, (element.get("class") or "").split())):
            yield "footnotes", emptied(element)
    if targets:
        for element in tree.xpath("//*[@id] | //a[@name]"):
            place = element.get("id") or element.get("name")
            if f"{file}#{place}" in targets and (note := _note(element)) is not None:
                yield "footnotes", emptied(note)


def _is_mark(link: _Element) -> bool:
    text = "".join(link.itertext()).strip()
    if not _MARK.fullmatch(text):
        return False
    above = link.getparent()
    is_raised = next(link.iter("sup"), None) is not None or (above is not None and above.tag == "sup")
    if is_raised or "note" in (link.get("class") or "") or link.get("role") == "doc-noteref":
        return True
    before = _before(link)
    if not before or (before[-1:].isdigit() and text.isalnum()) or (before[-1:] in ".,-–" and before[-2:-1].isdigit()):
        return False
    return text.startswith("[") or (not before[-1:].isspace() and before[-1:] not in "([/#" and not text.isalpha())


def _note(element: _Element) -> _Element | None:
    """The block of a note that a mark leads to; None where it is something else."""
    block = element
    while name(block) not in _NOTE_BLOCKS:
        above = block.getparent()
        if above is None or (name(above) in BLOCKS and name(above) not in _NOTE_BLOCKS):
            return None
        block = above
    text = block.xpath("string()")
    if not text or len(text) > _NOTE_SIZE:
        return None
    is_note = block.tag == "li" or _NOTE_START.match(text) is not None
    if not is_note and block.tag == "p":
        is_note = any("#" in (link.get("href") or "") for link in block.iter("a"))  # back to the mark
    return block if is_note else None
