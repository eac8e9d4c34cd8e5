"""What is done to LaTeX before it is parsed: code and comments go, and the author's own commands are replaced."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from fastsum.readers.blocks import Omissions

_CODE = re.compile(
    r"\\begin\{(verbatim\*?|Verbatim|lstlisting|minted|alltt|comment|filecontents\*?|tcblisting|code)\}(.*?)\\end\{\1\}",
    re.DOTALL,
)
_FALSE = re.compile(r"\\iffalse(?![A-Za-z])(.*?)\\fi(?![A-Za-z])", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%([^\n]*)(\n[ \t]*)?")
_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|(?:Re|Provide)?NewDocumentCommand|DeclareRobustCommand|DeclareMathOperator)\*?\s*"
    r"(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))\s*(?:\[(\d)\])?\s*(\[[^\]\n]*\])?\s*(?=\{)"
    r"|\\[gex]?def\s*\\([A-Za-z]+)\s*((?:#\d)*)\s*(?=\{)"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_LENGTH = re.compile(
    r"\\[A-Za-z]+[ \t]*=?[ \t]*-?(?:\d+\.?\d*|\.\d+)[ \t]*(?:true)?(?:pt|cm|mm|in|em|ex|sp|bp|pc)\b"
    r"(?:[ \t]*(?:plus|minus)[ \t]*[\d.]+[a-z]+)*"
)
_THEOREM = re.compile(r"\\newtheorem\*?\s*\{[^{}]*\}\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}\s*(?:\[[^\]]*\])?")
_PASSES = 8  # commands within commands within commands
_GROWTH = 4  # times the length of the source, and a little: more is not a document
_LITTLE = 200_000
_DOCUMENT = re.compile(r"\\begin\{document\}")
_FILES = re.compile(r"\\(?:input|include|subfile|import|lstinputlisting|verbatiminput)\*?\s*\{([^{}\n]{1,200})\}")

_SPACE = re.compile(r"[ \t]*\n?[ \t]*")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s}]", re.DOTALL)
_GAP = re.compile(r"\s+(?=[\[{])")


class Source(NamedTuple):
    """A document, ready to be parsed."""

    head: str
    """What stands before \\begin{document}."""
    body: str
    files: tuple[str, ...]
    """The names of files that the body includes."""


class _Command(NamedTuple):
    arguments: int
    default: str | None
    """Of the first argument, which is in square brackets; None where there is none."""
    body: str


def prepared(text: str, known: Collection[str], omissions: Omissions) -> Source:
    """A document without code and comments, and with the author's own commands replaced by what they stand for.

    Commands in `known` are not replaced, whatever the author makes them do.
    """

    def leave_out(match: re.Match[str]) -> str:
        omissions.add("comments" if match[1] == "comment" else "code", match[2])
        return "\n\n" if match[1] == "comment" else "\n\n\\fastsumcode\n\n"

    def comment(match: re.Match[str]) -> str:
        omissions.add("comments", match[2])
        # With the end of its line, since TeX does not read that, unless an empty line follows.
        return match[1] + ("\n" if match.string[match.end() : match.end() + 1] == "\n" else "")

    def false(match: re.Match[str]) -> str:
        omissions.add("comments", match[1])
        return ""

    text = _FALSE.sub(false, _COMMENT.sub(comment, _CODE.sub(leave_out, text)))
    text, commands = _without_definitions(_LENGTH.sub(" ", _THEOREM.sub(" ", text)))
    text = _replaced(text, {name: one for name, one in commands.items() if name not in known})
    begin = _DOCUMENT.search(text)
    head, body = (text[: begin.start()], text[begin.end() :]) if begin else ("", text)
    end = body.find("\\end{document}")
    body = body[:end] if end >= 0 else body
    return Source(head, body, tuple(dict.fromkeys(_FILES.findall(body))))


def group_at(text: str, start: int) -> int | None:
    """The offset after the group that begins with the brace at `start`; None where it does not end."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return None


def _without_definitions(text: str) -> tuple[str, dict[str, _Command]]:
    commands: dict[str, _Command] = {}
    parts = []
    position = 0
    for match in _DEFINITION.finditer(text):
        end = group_at(text, match.end()) if match.start() >= position else None
        if end is None:
            continue
        name = match[1] or match[2] or match[5]
        count = int(match[3] or 0) if match[5] is None else match[6].count("#")
        body = text[match.end() + 1 : end - 1]
        if "MathOperator" in match[0]:
            body = f"\\operatorname{{{body}}}"
        if "DocumentCommand" not in match[0]:  # those say their arguments in another way, and are left as they are
            commands[name] = _Command(count, match[4][1:-1] if match[4] and count else None, body)
        parts.append(text[position : match.start()])
        position = end
    return "".join(parts) + text[position:], commands


def _replaced(text: str, commands: dict[str, _Command]) -> str:
    most = _GROWTH * len(text) + _LITTLE
    for _ in range(_PASSES if commands else 0):
        parts = []
        position = size = 0
        for match in _COMMAND.finditer(text):
            command = commands.get(match[1])
            if command is None or match.start() < position:
                continue
            given, end = _arguments(text, match.end(), command)
            shown = command.body
            if command.arguments:
                shown = _filled(shown, given)
            elif shown[-1:].isalpha() and text[end : end + 1].isalpha():
                shown += " "
            parts += [text[position : match.start()], shown]
            size += len(shown) + match.start() - position
            position = end
            if size > most:
                return text
        if not parts:
            break
        text = "".join(parts) + text[position:]
    return text


def _filled(body: str, given: Sequence[str]) -> str:
    return re.sub(r"#(\d)", lambda place: given[int(place[1]) - 1] if 0 < int(place[1]) <= len(given) else "", body)


def _arguments(text: str, start: int, command: _Command) -> tuple[list[str], int]:
    """The arguments behind a command, and the offset after them."""
    given: list[str] = []
    for number in range(command.arguments):
        place = _SPACE.match(text, start)
        start = place.end() if place else start
        if number == 0 and command.default is not None:
            optional = _OPTIONAL.match(text, start)
            given.append(optional[1] if optional else command.default)
            start = optional.end() if optional else start
            continue
        end = group_at(text, start) if text[start : start + 1] == "{" else None
        if end is not None:
            given.append(text[start + 1 : end - 1])
            start = end
        else:
            token = _TOKEN.match(text, start)
            given.append(token[0] if token else "")
            start = token.end() if token else start
    return given, start


def groups(text: str, name: str) -> Iterator[list[str]]:
    """The arguments in braces behind each \\name in a text, those in square brackets left out."""
    for match in re.finditer(rf"\\{name}(?![A-Za-z])\*?", text):
        found = []
        start = match.end()
        while True:
            while (optional := _OPTIONAL.match(text, start)) or (optional := _GAP.match(text, start)):
                start = optional.end()
            end = group_at(text, start) if text[start : start + 1] == "{" else None
            if end is None:
                break
            found.append(text[start + 1 : end - 1])
            start = end
        yield found
