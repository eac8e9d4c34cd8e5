"""What stands within a paragraph of Markdown, as its reader sees it: escapes, entities, links, tags and comments."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from fastsum.readers.blocks import Omissions

if TYPE_CHECKING:
    from markdown_it.token import Token

# Any other name in angle brackets is the text's own: "<ship> stands for the name of the ship".
_TAGS = """
a abbr address article aside audio b bdi bdo big blockquote body br button canvas caption center cite code col colgroup
data dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head
header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript object
ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section select slot small
source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track
tt u ul var video wbr
"""
_KNOWN = "|".join(sorted(_TAGS.split(), key=len, reverse=True))
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SPACED_TAGS = frozenset(
    ["br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "hr"]
)
_RAISED = re.compile(r"<(su[bp])(?:\s[^<>]{0,200})?>([^<>]{1,200})</\1>", re.IGNORECASE)
_NOTE = re.compile(r"\[?\d{1,3}\]?(?:[,–-]\d{1,3})*|\[\w{1,9}\]|[*†‡§]")
_BEHIND_STOP = tuple('.,;:!?”"')


# With a hundred names each takes milliseconds to compile, which a text without marks does not need.
@cache
def _tag() -> re.Pattern[str]:
    return re.compile(rf"</?(?:{_KNOWN})(?=[\s/>])[^<>]{{0,1000}}>", re.IGNORECASE)


@cache
def _tag_name() -> re.Pattern[str]:
    return re.compile(rf"<(/?)({_KNOWN})(?=[\s/>])", re.IGNORECASE)


@cache
def _marked() -> re.Pattern[str]:
    return re.compile(
        rf"\\[!-/:-@\[-`{{-~]|&(?:#\w{{1,8}}|\w{{2,31}});|<!--|</?(?:{_KNOWN})[\s/>]|<https?:|\]\[|\]\(",
        re.IGNORECASE,
    )


def is_marked(text: str) -> bool:
    """Whether a reader of Markdown sees anything otherwise than it is written. Emphasis and code are left to
    presentation, which must know of code: nothing in it is changed."""
    return any(mark in text for mark in ("<", "&", "\\", "](", "][")) and _marked().search(text) is not None


def plain_html(part: str, omissions: Omissions) -> str:
    """The text of a block of HTML: without comments and tags, entities resolved, line breaks kept."""
    for comment in _COMMENT.findall(part):
        omissions.add("comments", comment[4:-3])
    part = _COMMENT.sub(_breaks, part)
    part = _RAISED.sub(lambda match: _shifted(part[: match.start()], match[1].lower(), match[2]), part)
    return html.unescape(_tag().sub(lambda tag: _breaks(tag) or " " * (_name(tag[0]) in _SPACED_TAGS), part))


def render(tokens: Sequence[Token], omissions: Omissions) -> str:
    """The text of the tokens of a paragraph; code keeps its marks."""
    parts: list[str] = []
    shifted: list[int] = []  # where raised and lowered text begins
    for token in tokens:
        kind, content = token.type, token.content
        if kind in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif kind == "code_inline":
            parts.append(f"{token.markup}{content}{token.markup}")
        elif kind in ("em_open", "em_close", "strong_open", "strong_close"):
            parts.append(token.markup)
        elif kind == "html_inline":
            if content.startswith("<!--"):
                omissions.add("comments", content[4:-3])
                if parts and parts[-1].endswith(" "):
                    parts[-1] = parts[-1][:-1]
                continue
            name = _name(content)
            if name in ("sup", "sub"):
                if content[1] != "/":
                    shifted.append(len(parts))
                elif shifted:
                    start = shifted.pop()
                    parts[start:] = [_shifted("".join(parts[max(0, start - 9) : start]), name, "".join(parts[start:]))]
            elif name in _SPACED_TAGS:
                parts.append(" ")
            elif not name:
                parts.append(content)
        elif kind == "text_special":
            parts.append(_special(token, not parts or parts[-1].endswith("\n")))
        elif kind == "image":
            parts.append(render(token.children or (), omissions))
        else:
            parts.append(content)
    return "".join(parts)


def _special(token: Token, begins: bool) -> str:
    """An escaped or named character. Where it would begin an item or a heading, it stays escaped."""
    if token.info == "escape" and begins and token.content in "#+>*-":
        return token.markup
    return token.content


def _shifted(before: str, name: str, text: str) -> str:
    """Raised or lowered text on the line; a mark of a note, "closed.<sup>1</sup>", is left out."""
    from fastsum.readers.signs import lowered, raised  # few texts have any

    if name == "sub":
        return lowered(before, text)
    note = text.startswith("[") or before.endswith(_BEHIND_STOP)
    return "" if note and _NOTE.fullmatch(text.strip()) else raised(before, text)


def _name(tag: str) -> str:
    match = _tag_name().match(tag)
    return match[2].lower() if match else ""


def _breaks(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
