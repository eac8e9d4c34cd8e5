"""Markdown and plain text. What is not prose becomes spaces, and what stands within a paragraph is resolved as a reader
of Markdown sees it; every line stays at its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fastsum.readers.blocks import (
    ALSO_REFERENCE_LISTS,
    NUMBER,
    REFERENCE_LISTS,
    Omissions,
    Reading,
    is_prose,
    is_reference_heading,
    is_reference_item,
)
from fastsum.readers.marked.dialects import may_be_resolved, resolved
from fastsum.readers.marked.inline import is_marked, plain_html, render
from fastsum.readers.marked.unclosed import close_all, underlines_as_headings

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LISTS = ("bullet_list_open", "ordered_list_open")
_HEADS = "|".join(sorted(REFERENCE_LISTS | ALSO_REFERENCE_LISTS))
# A text without any of these has nothing to blank, and is not parsed.
_MARKS = re.compile(
    r"\A(?:---|\+\+\+)[ \t]*$|^[ >]{0,6}(?:```|~~~|<[A-Za-z!/]|\[[^\]\n]{1,200}\]:|\[?!\[)|\|[ \t]*:?--|--:?[ \t]*\|"
    rf"|^[ ]{{0,3}}(?:#{{1,6}}[ \t].*|{NUMBER.pattern})(?:{_HEADS})\b"
    r"|^[ ]{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\^|.*\b(?:Retrieved|Archived from)\b)",
    re.MULTILINE | re.IGNORECASE,
)
# Only a text with one of these is Markdown: in any other, "&amp;" and "\\_" are what it says.
_IS_MARKDOWN = re.compile(
    r"^[ ]{0,3}#{1,6}[ \t]+\S|^[ >]{0,6}(?:```|\|?[ \t]*:?--+:?[ \t]*\|)|\*\*\w[^*\n]{0,200}\*\*|\w\]\(\S"
    r"|~~\w[^~\n]{0,200}~~"
    r"|\[\^[^\]\s]{1,40}\]:|<!--"
    r"|</(?:a|b|div|em|i|p|small|span|strong|su[bp]|u)>|<br ?/?>",
    re.MULTILINE | re.IGNORECASE,
)
_FOOTNOTE = re.compile(  # with its lines and indented paragraphs
    r"^[ ]{0,3}\[\^([^\]\s]{1,100})\]:.*(?:\n(?![ ]{0,3}\[\^)[^\n]*\S[^\n]*)*(?:\n+(?:[ ]{2,}|\t)[^\n]*\S[^\n]*)*",
    re.MULTILINE,
)
_FOOTNOTE_MARK = re.compile(r"\[\^([^\]\s]{1,100})\](?!:)")
_KEY = r"[\"']?\w[\w.-]*[\"']?[ \t]*(?::(?=\s)|=).*\n"
_NO_KEY = r"(?:[ \t#\[\]{}].*|-(?:[ \t].*)?)?\n"  # indented, comment, item, TOML table or bracket, blank
_FRONT_MATTER = re.compile(  # a text can also begin with a horizontal rule, and have another
    rf"\A(---|\+\+\+)[ \t]*\n(?:{_NO_KEY}){{0,200}}{_KEY}(?:{_KEY}|{_NO_KEY}){{0,200}}?\1[ \t]*(?:\n|\Z)"
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=](.*)$", re.MULTILINE)
_CODE = re.compile(r"[\s>]*<(?:script|style|pre|textarea)\b", re.IGNORECASE)
_IMAGES = re.compile(r"(?:\s|\[?!\[[^\[\]]{0,500}\]\([^()]{0,2000}\)(?:\]\([^()]{0,2000}\))?)+")
_LEAST_LINKS = 2
_LINK = re.compile(r"!?\[(?:[^\[\]]|!?\[[^\[\]]{0,300}\](?:\([^()\s]{0,500}\))?){0,300}\]\([^()]{0,500}\)")
_BETWEEN_LINKS = re.compile(r"[\s*_|<>·•/«»‹›←→-]*")
_MARKED_OFF = re.compile(r"[|·•«»‹›←→<>]|\A\s*\Z")
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_HEAD = 2000  # characters in which a title is looked for


def read_markdown(text: str) -> Reading:
    """The text with as many lines as it has, and spaces in place of what is not prose.

    That is front matter, fenced code, tables without prose, HTML tags and comments, images in paragraphs of their own,
    footnotes, link definitions, and lists of references. Entities, escapes, links and tags within paragraphs are
    resolved where the text is Markdown. What is never closed ends at the next blank line, with a warning.
    """
    start = 0
    title = ""
    omissions = Omissions()
    if text.startswith(("---", "+++")) and (front := _FRONT_MATTER.match(text)):
        start = front.end()
        if stated := _FRONT_TITLE.search(front[0]):
            title = stated[1].strip().strip("\"'")
        omissions.add("front matter", front[0])
        text = _spaces(front[0]) + text[start:]
    if not title and (heading := _TITLE.search(text[start : start + _HEAD])):
        title = heading[1]
    text, warnings = close_all(underlines_as_headings(text))
    if "[^" in text:
        text = _without_footnotes(text, omissions)
    if may_be_resolved(text) and _IS_MARKDOWN.search(text):
        text = resolved(text, omissions)
    inline = is_marked(text) and _IS_MARKDOWN.search(text) is not None
    if inline or _MARKS.search(text):
        text = _blanked(text, inline, omissions)
    return Reading(text, title or None, warnings=tuple(warnings), left_out=omissions.found())


def _without_footnotes(text: str, omissions: Omissions) -> str:
    """Without footnotes, and without the marks of those that the text has."""
    labels: set[str] = set()

    def blank(note: re.Match[str]) -> str:
        labels.add(note[1].casefold())
        omissions.add("footnotes", note[0].partition(":")[2])
        return _spaces(note[0])

    text = _FOOTNOTE.sub(blank, text)
    return _FOOTNOTE_MARK.sub(lambda mark: "" if mark[1].casefold() in labels else mark[0], text) if labels else text


def _blanked(text: str, inline: bool, omissions: Omissions) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])  # only the blocks are needed
    environment: dict[str, Any] = {}
    tokens = parser.parse(text, environment)
    lines = text.split("\n")

    references = 0  # the level of the heading whose section is being left out
    table = False
    item: tuple[int, int] | None = None
    for index, token in enumerate(tokens):
        kind = token.type
        if kind == "heading_open":
            level = int(token.tag[1])
            if not references or level <= references:
                # What a document begins with is its title.
                listed = index and tokens[index + 3 : index + 4] and tokens[index + 3].type in _LISTS
                entry = next((one.content for one in tokens[index + 3 :] if one.type == "inline"), "") if listed else ""
                references = level if index and is_reference_heading(tokens[index + 1].content, entry) else 0
        table = kind != "table_close" and (table or kind == "table_open")
        if token.map is None:
            continue
        first, last = token.map
        part = lines[first:last]
        if references:
            if kind in ("inline", "fence", "html_block"):
                omissions.add("references", token.content, count=kind == "inline")
            lines[first:last] = map(_spaces, part)
        elif kind == "fence":
            omissions.add("code blocks", token.content)
            lines[first:last] = map(_spaces, part)
        elif kind == "html_block":
            lines[first:last] = _html_lines(part, omissions)
        elif kind == "tr_open":
            lines[first:last] = map(_prose_of_row, part)
            omissions.add("tables", letters=_letters(part) - _letters(lines[first:last]), count=0)
        elif kind == "table_open":
            lines[first + 1] = _spaces(lines[first + 1])
            omissions.add("tables", letters=1, count=1)
        elif kind == "list_item_open":
            item = (first, last)
        elif kind == "inline" and not table:
            if _IMAGES.fullmatch(token.content):
                lines[first:last] = map(_spaces, part)
            elif tokens[index - 1].type == "paragraph_open" and _is_navigation(token.content):
                omissions.add("navigation", token.content)
                lines[first:last] = map(_spaces, part)
            elif item and item[0] <= first < item[1] and is_reference_item(token.content):
                omissions.add("references", token.content)
                lines[first:last] = map(_spaces, part)
            elif inline and is_marked(token.content):
                lines[first:last] = _rendered(part, token.content, parser, environment, omissions)
    for definition in environment.get("references", {}).values():
        first, last = definition["map"]
        lines[first:last] = map(_spaces, lines[first:last])
    return "\n".join(lines)


def _rendered(
    part: list[str], content: str, parser: MarkdownIt, environment: dict[str, Any], omissions: Omissions
) -> list[str]:
    """The lines of a paragraph, heading or item as a reader sees them, behind what marks them as such."""
    written = content.split("\n")
    tokens: list[Token] = []
    parser.inline.parse(content, parser, environment, tokens)
    shown = render(tokens, omissions).split("\n")
    most = len(written)
    shown[most - 1 :] = [" ".join(shown[most - 1 :])] if len(shown) >= most else []
    found = []
    for line, own, new in zip(part, written, [*shown, *[""] * (most - len(shown))], strict=False):
        found.append(line[: max(0, line.find(own.strip()))] + new)
    return [*found, *part[len(found) :]]


def _html_lines(part: list[str], omissions: Omissions) -> list[str]:
    text = "\n".join(part)
    if _CODE.match(text):
        omissions.add("code blocks", text)
        return list(map(_spaces, part))
    return plain_html(text, omissions).split("\n")


def _is_navigation(content: str) -> bool:
    """Whether a paragraph has only links and marks between them: "< [Before](a.md) | [Contents](b.md) >"."""
    if content.count("](") < _LEAST_LINKS:
        return False
    rest, links = _LINK.subn("", content)
    return links >= _LEAST_LINKS and _BETWEEN_LINKS.fullmatch(rest) is not None and _MARKED_OFF.search(rest) is not None


def _letters(lines: Sequence[str]) -> int:
    return sum(map(str.isalnum, "".join(lines)))


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _prose_of_row(row: str) -> str:
    return " ".join(cell if is_prose(cell.strip()) else _spaces(cell) for cell in row.split("|"))
