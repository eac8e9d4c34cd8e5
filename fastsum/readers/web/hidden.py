"""What a page has in it and does not show: what is hidden by attribute, style or class, and what is struck out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastsum.readers.blocks import count_letters

if TYPE_CHECKING:
    from lxml.etree import _Element

# Classes by which texts for screen readers are moved out of sight.
_CLASSES = ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only")
# Names of signs, in a font that shows them as signs, and what shows only under a pointer.
_SIGNS = re.compile(
    r"material-(?:icons|symbols)(?:-\w+)?|[\w-]*(?:tooltip|rollover|popover|hovercard)[\w-]*-(?:block|content|text|body|inner)"
)
_TRACES = (b"material-", b"tooltip", b"rollover", b"popover", b"hovercard")
_EDIT = "mw-editsection"  # the class of "[edit]" behind the headings of wikis
_CANDIDATES = "//*[@hidden or @aria-hidden='true' or @style or self::dialog]"
_UNSEEN = re.compile(
    r"(?:\A|[;\s{])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|text-indent\s*:\s*-\d{3}|(?:left|top)\s*:\s*-\d{4})",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"(?:\A|[;\s{])(?:display\s*:\s*(?!none)\w|visibility\s*:\s*visible)", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_PAGE = frozenset(("body", "html"))  # hidden until a script has run, and shown then
_MUCH = 200  # letters: a larger part of a page may be all of it, hidden behind a dialog
_CSS_SIZE = 1_000_000
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_CSS_NAME = re.compile(r"[.#][\w-]+")
_CSS_SIMPLE = re.compile(r"[a-z0-9]*([.#][\w-]+)")


def remove_hidden(tree: _Element, source: bytes) -> Iterator[tuple[str, str]]:
    """Empty the elements that are not shown; yields what each was, "hidden text" or "struck-out text", and its text.

    `source` is the markup of the tree.
    """
    by_style = _hidden_names(tree)
    candidates = tree.xpath(_CANDIDATES)
    if by_style or any(each.encode() in source for each in _CLASSES) or any(trace in source for trace in _TRACES):
        candidates += tree.xpath("//*[@class or @id]")
    left = _Letters(tree)
    for element in candidates:
        what = ""
        if element.tag not in _PAGE and _is_hidden(element, by_style, left):
            what = "hidden text"
        elif _STRUCK.search(element.get("style") or ""):
            what = "struck-out text"
        if what:
            text = emptied(element)
            left.lose(text)
            yield what, text
    for element in tree.xpath(f"//span[@class='{_EDIT}']") if _EDIT.encode() in source else ():
        yield "hidden text", emptied(element)
    for element in list(tree.iter("template")):  # for scripts to fill
        yield "hidden text", emptied(element)
    for element in list(tree.iter("del", "s", "strike")):
        yield "struck-out text", emptied(element)


def emptied(element: _Element) -> str:
    """The text of an element that is emptied; it stays in its place, as removing many takes time that grows squared."""
    text = " ".join("".join(element.itertext()).split())
    del element[:]
    element.text = None
    return text


class _Letters:
    """The letters of a page that are not emptied yet. They are counted once: each time would take squared time."""

    def __init__(self, tree: _Element) -> None:
        self._tree = tree
        self._count = -1  # not yet known: most pages do not need it

    def count(self) -> int:
        if self._count < 0:
            texts = self._tree.xpath("//text()[not(parent::script or parent::style)]")
            self._count = sum(map(count_letters, texts))
        return self._count

    def lose(self, text: str) -> None:
        if self._count >= 0:
            self._count = max(0, self._count - count_letters(text))


def _is_hidden(element: _Element, by_style: set[str], left: _Letters) -> bool:
    style = element.get("style") or ""
    if element.get("hidden") is not None or ("none" in style and _UNSEEN.search(style)):
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    classes = (element.get("class") or "").split()
    if by_style and not by_style.isdisjoint((*(f".{each}" for each in classes), f"#{element.get('id')}")):
        return _SHOWN.search(style) is None
    if (
        element.get("aria-hidden") == "true"
        or _UNSEEN.search(style) is not None
        or any(each in _CLASSES or _SIGNS.fullmatch(each) for each in classes)
    ):
        letters = count_letters(element.xpath("string()"))
        return letters < _MUCH or letters < left.count() / 2
    return False


def _hidden_names(tree: _Element) -> set[str]:
    """The classes and ids, as ".note" and "#note", that a page's own style sheets hide and show nowhere."""
    hidden: set[str] = set()
    shown: set[str] = set()
    for style in tree.iter("style"):
        text = (style.text or "")[:_CSS_SIZE]
        if ("none" not in text and "hidden" not in text) or style.get("media") not in (None, "all", "screen"):
            continue
        for selectors, declarations in _CSS_RULE.findall(_without_conditions(_CSS_COMMENT.sub("", text))):
            if _UNSEEN.search(declarations):
                for selector in selectors.rpartition(";")[2].split(","):
                    if simple := _CSS_SIMPLE.fullmatch(selector.strip()):
                        hidden.add(simple[1])
            elif _SHOWN.search(declarations):
                shown.update(_CSS_NAME.findall(selectors))
    return hidden - shown


def _without_conditions(css: str) -> str:
    """A style sheet without its blocks for print, small screens and the like: @media { ... }."""
    if "@" not in css:
        return css
    kept: list[str] = []
    depth = skipped = 0  # open braces; the depth at which what is skipped began
    start = 0
    for brace in re.finditer(r"[{}]", css):
        if brace[0] == "{":
            depth += 1
            if not skipped and "@" in css[start : brace.start()].rpartition(";")[2]:
                skipped = depth
        else:
            if depth == skipped or (skipped and depth == 0):
                start, skipped = brace.end(), 0
            depth = max(0, depth - 1)
            if not skipped and depth == 0:
                kept.append(css[start : brace.end()])
                start = brace.end()
    return "".join(kept)
