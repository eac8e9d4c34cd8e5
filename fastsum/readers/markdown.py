"""Markdown and plain text. What is not prose becomes spaces, so that offsets stay the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from fastsum.readers.blocks import NUMBER, REFERENCE_LISTS, Reading, is_prose, is_reference_heading

# A text without any of these has nothing to blank, and is not parsed.
_MARKS = re.compile(
    r"\A(?:---|\+\+\+)[ \t]*$|^[ >]{0,6}(?:```|~~~|<[A-Za-z!/]|\[[^\]\n]{1,200}\]:|\[?!\[)|\|[ \t]*:?--|--:?[ \t]*\|"
    rf"|^[ ]{{0,3}}(?:#{{1,6}}[ \t].*|{NUMBER.pattern})(?:{'|'.join(sorted(REFERENCE_LISTS))})\b",
    re.MULTILINE | re.IGNORECASE,
)
_KEY = r"[\"']?\w[\w.-]*[\"']?[ \t]*(?::(?=\s)|=).*\n"
_NO_KEY = r"(?:[ \t#\[\]{}].*|-(?:[ \t].*)?)?\n"  # indented, comment, item, TOML table or bracket, blank
_FRONT_MATTER = re.compile(  # a text can also begin with a horizontal rule, and have another
    rf"\A(---|\+\+\+)[ \t]*\n(?:{_NO_KEY}){{0,200}}{_KEY}(?:{_KEY}|{_NO_KEY}){{0,200}}?\1[ \t]*(?:\n|\Z)"
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=](.*)$", re.MULTILINE)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]{0,1000}>", re.DOTALL)
_CODE = re.compile(r"[\s>]*<(?:script|style|pre|textarea)\b", re.IGNORECASE)
_IMAGES = re.compile(r"(?:\s|\[?!\[[^\[\]]{0,500}\]\([^()]{0,2000}\)(?:\]\([^()]{0,2000}\))?)+")
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_HEAD = 2000  # characters in which a title is looked for


def read_markdown(text: str) -> Reading:
    """The text at its full length, with spaces in place of what is not prose.

    That is front matter, fenced code, tables without prose, HTML tags and comments, images in paragraphs of their own,
    link definitions, and lists of references.
    """
    start = 0
    title = ""
    if front := _FRONT_MATTER.match(text):
        start = front.end()
        if stated := _FRONT_TITLE.search(front[0]):
            title = stated[1].strip().strip("\"'")
        text = _spaces(front[0]) + text[start:]
    if not title and (heading := _TITLE.search(text[start : start + _HEAD])):
        title = heading[1]
    return Reading(_blanked(text) if _MARKS.search(text) else text, title or None)


def _blanked(text: str) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])  # only the blocks are needed
    environment: dict[str, dict[str, dict[str, list[int]]]] = {}
    tokens = parser.parse(text, environment)
    lines = text.split("\n")

    def rewrite(span: Sequence[int], change: Callable[[str], str] = _spaces) -> None:
        first, last = span
        lines[first:last] = map(change, lines[first:last])

    references = 0  # the level of the heading whose section is being left out
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and after is not None:
            level = int(token.tag[1])
            if not references or level <= references:
                references = level if is_reference_heading(after.content) else 0
        if token.map is None:
            continue
        if references or token.type == "fence":
            rewrite(token.map)
        elif token.type == "html_block":
            first, last = token.map
            part = "\n".join(lines[first:last])
            lines[first:last] = (_spaces(part) if _CODE.match(part) else _without_tags(part)).split("\n")
        elif token.type == "tr_open":
            rewrite(token.map, _prose_of_row)
        elif token.type == "table_open":
            rewrite([token.map[0] + 1, token.map[0] + 2])
        elif token.type == "inline" and _IMAGES.fullmatch(token.content):
            rewrite(token.map)
    for definition in environment.get("references", {}).values():
        rewrite(definition["map"])
    return "\n".join(lines)


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without_tags(text: str) -> str:
    return _TAG.sub(lambda tag: _spaces(tag[0]), text)


def _prose_of_row(row: str) -> str:
    return " ".join(cell if is_prose(cell.strip()) else _spaces(cell) for cell in row.split("|"))
