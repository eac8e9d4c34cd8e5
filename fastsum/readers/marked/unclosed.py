"""Markdown that would swallow the rest of a text: fences, comments and tags that nobody closed, and underlines that
look like fences. Each is taken to end at the next blank line or heading, and a note says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)*(`{3,}|~{3,})[ \t]*([^`\n]*)\Z")
_UNDERLINE = re.compile(r"[ ]{0,3}(~{3,})[ \t]*\Z")
_ENDS = re.compile(r"[ \t>]*\Z|[ ]{0,3}#{1,6}[ \t]")
_OPENINGS = re.compile(
    r"(?P<comment><!--)|^[ >]{0,6}(?:<(?P<tag>script|style|pre|textarea)(?=[\s>])|(?P<data><!\[CDATA\[)|(?P<php><\?))",
    re.MULTILINE | re.IGNORECASE,
)
_CLOSINGS = {"comment": "-->", "data": "]]>", "php": "?>"}
_NAMES = {"comment": "comment", "data": "CDATA section", "php": "processing instruction"}


def underlines_as_headings(text: str) -> str:
    """The text with "## " before each line whose underline is a line of tildes: in reStructuredText, AsciiDoc and plain
    text it is a heading. A fence is shorter or longer than the line above it, or has none."""
    if "~~~" not in text:
        return text
    lines = text.split("\n")
    inside = False
    for number, line in enumerate(lines):
        if line.lstrip(" \t>")[:3] not in ("~~~", "```"):
            continue
        above = lines[number - 1].strip() if number else ""
        mark = _UNDERLINE.match(line)
        alone = number < 2 or not lines[number - 2].strip() or set(lines[number - 2].strip()) == {"~"}
        if mark and alone and not inside and _fits(above, len(mark[1])):
            lines[number - 1] = f"## {above}"
            lines[number] = ""
            if number > 1 and lines[number - 2].strip():
                lines[number - 2] = ""
        elif _FENCE.match(line):
            inside = not inside
    return "\n".join(lines)


def _fits(above: str, length: int) -> bool:
    """Whether a line is as long as its underline, more or less as AsciiDoc allows."""
    return any(map(str.isalnum, above)) and (abs(len(above) - length) <= (2 if length > 4 else 0))


def close_all(text: str) -> tuple[str, list[str]]:
    """The text without what is in fences, comments and tags that are never closed, up to the next blank line or
    heading, and a warning for each kind; line breaks stay."""
    warnings: list[str] = []
    if "```" in text or "~~~" in text:
        lines = text.split("\n")
        opened, _ = _fences(lines)
        if opened:
            for start in opened:
                _blank(lines, start)
            warnings.append(_note("code fence", [start + 1 for start in opened]))
            text = "\n".join(lines)
    if "<" in text and ("<!--" in text or _OPENINGS.search(text)):
        lines = text.split("\n")
        _, code = _fences(lines) if "```" in text or "~~~" in text else ([], set())
        found: dict[str, list[int]] = {}
        for name, number in _open_tags(text):
            if number not in code:
                found.setdefault(name, []).append(number)
        for name, numbers in found.items():
            for number in numbers:
                _blank(lines, number, name == "comment")
            warnings.append(_note(name, [number + 1 for number in numbers]))
        if found:
            text = "\n".join(lines)
    return text, warnings


def _fences(lines: list[str]) -> tuple[list[int], set[int]]:
    """The lines of fences that are never closed, and all lines of code. A fence with a name, "```sh", always opens: the
    one before it was not closed, though CommonMark takes it for code."""
    unclosed: list[int] = []
    code: set[int] = set()
    start, mark = -1, ""
    for number, line in enumerate(lines):
        match = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if match is None:
            continue
        if start < 0:
            start, mark = number, match[1]
        elif match[1].startswith(mark) and not match[2].strip():
            code.update(range(start, number + 1))
            start = -1
        elif match[1][0] == mark[0] and match[2].strip():
            unclosed.append(start)
            start, mark = number, match[1]
    return [*unclosed, *([start] if start >= 0 else [])], code


def _open_tags(text: str) -> Iterator[tuple[str, int]]:
    """The name and line of each opening that has no end, or has its end behind a blank line and another opening."""
    lower = text.lower()
    read = 0
    for match in _OPENINGS.finditer(text):
        kind = match.lastgroup or ""
        closing = _CLOSINGS.get(kind) or f"</{match['tag'].lower()}"
        if match.start() < read or text[max(0, match.start() - 1) : match.start()] == "`":
            continue
        end = lower.find(closing, match.end())
        again = lower.find(match[0].strip(" >").lower(), match.end(), end) if end >= 0 else -1
        if end < 0 or (again >= 0 and "\n\n" in text[match.end() : again]):
            at = match.start(kind)
            read = text.find("\n\n", match.end())
            read = len(text) if read < 0 else read
            yield _NAMES.get(kind) or f"<{match['tag'].lower()}> tag", text.count("\n", 0, at)
        else:
            read = end


def _blank(lines: list[str], start: int, within: bool = False) -> None:
    """Blank lines from one on, up to a blank line or a heading; of a comment's line only what follows its mark."""
    lines[start] = lines[start].partition("<!--")[0] if within else ""
    for number in range(start + 1, len(lines)):
        if _ENDS.match(lines[number]):
            return
        lines[number] = ""


def _note(name: str, numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:3])) + (" and others" if len(numbers) > 3 else "")
    if len(numbers) > 1:
        return (
            f"has {len(numbers)} {name}s that are never closed (lines {shown}); each was taken to end at the next "
            "blank line or heading."
        )
    end = "it was taken to end at the next blank line or heading"
    return f"has a {name} that is never closed (line {shown}); {end}."
