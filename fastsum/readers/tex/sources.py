"""What is done to LaTeX before it is parsed: code and comments go, and the author's own commands are replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from fastsum.readers.blocks import Omissions

_CODE = re.compile(r"\\begin\{(verbatim\*?|Verbatim|lstlisting|minted|alltt|comment|filecontents\*?|tcblisting|code)\}")
_INTERNAL = re.compile(r"\\makeatletter(?![A-Za-z])")  # names with @, which only programs of TeX have
_INTERNAL_END = re.compile(r"\\makeatother(?![A-Za-z])")
_FALSE = re.compile(r"\\iffalse(?![A-Za-z])")
_FALSE_END = re.compile(r"\\fi(?![A-Za-z])")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%([^\n]*)(\n[ \t]*)?")
_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|(?:New|Renew|Provide|Declare)DocumentCommand|DeclareRobustCommand"
    r"|DeclareMathOperator|DeclarePairedDelimiter)\*?\s*"
    r"(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))(?:\s*\[(\d)\])?(?:\s*(\[[^\]\n]*\]))?\s*(?=\{)"
    r"|\\[gex]?def\s*\\([A-Za-z]+)\s*((?:#\d)*)\s*(?=\{)"
)
_SIGNATURE = re.compile(r"\s*(?:o|O\s*\{([^{}]*)\})?(?:\s*\+?m)*\s*")  # one argument in [], then those in {}
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_SWITCH = re.compile(r"\\newif\s*\\if([A-Za-z@]+)[ \t]?")
_SET = re.compile(r"\\([A-Za-z@]+?)(true|false)(?![A-Za-z@])")
_IF = re.compile(r"\\(if[A-Za-z@]*|else|fi)(?![A-Za-z@])")
_NO_SWITCHES = ("iff", "ifthenelse", "iflanguage", "iftoggle", "ifdefined", "ifcsname", "ifstrequal", "ifblank")
_LENGTH = re.compile(
    r"\\[A-Za-z]+[ \t]*(?:=[ \t]*)?-?(?:\d+\.?\d*|\.\d+)[ \t]*(?:true)?(?:pt|cm|mm|in|em|ex|sp|bp|pc)\b"
    r"(?:[ \t]*(?:plus|minus)[ \t]*[\d.]+[a-z]+)*"
)
_THEOREM = re.compile(r"\\newtheorem\*?\s*\{[^{}]*\}(?:\s*\[[^\]]*\])?\s*\{[^{}]*\}(?:\s*\[[^\]]*\])?")
_PASSES = 8  # commands within commands within commands
_GROWTH = 4  # times the length of the source, and a little: more is not a document
_LITTLE = 200_000
_DOCUMENT = re.compile(r"\\begin\{document\}")
_FILES = re.compile(r"\\(?:input|include|subfile|import|lstinputlisting|verbatiminput)\*?\s*\{([^{}\n]{1,200})\}")

# A word that a project can replace by another: !!{proof}, !!a{formula}, and with a capital !!^{proof}.
_TOKEN_WORD = re.compile(r"!!(\^?)(a?)\{([A-Za-z][^{}\n]{0,60})\}")
_SPACE = re.compile(r"[ \t]*\n?[ \t]*")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s}]", re.DOTALL)
_GAP = re.compile(r"\s+(?=[\[{])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


class Source(NamedTuple):
    """A document, ready to be parsed."""

    head: str
    """What stands before \\begin{document}."""
    body: str
    files: tuple[str, ...]
    """The names of files that the body includes."""
    definitions: int
    """How many commands the author defines."""


class _Command(NamedTuple):
    arguments: int
    default: str | None
    """Of the first argument, which is in square brackets; None where there is none."""
    body: str


def prepared(text: str, known: Collection[str], omissions: Omissions) -> Source:
    """A document without code and comments, and with the author's own commands replaced by what they stand for.

    Commands in `known` are not replaced, whatever the author makes them do.
    """

    def code(match: re.Match[str], inside: str) -> str:
        omissions.add("comments" if match[1] == "comment" else "code", inside)
        return "\n\n" if match[1] == "comment" else "\n\n\\fastsumcode\n\n"

    def comment(match: re.Match[str]) -> str:
        omissions.add("comments", match[2])
        # With the end of its line, since TeX does not read that, unless an empty line follows.
        return match[1] + ("\n" if match.string[match.end() : match.end() + 1] == "\n" else "")

    def false(_: re.Match[str], inside: str) -> str:
        omissions.add("comments", inside)
        return ""

    def internal(_: re.Match[str], inside: str) -> str:
        omissions.add("code", inside)
        return "\n\n"

    def code_end(match: re.Match[str]) -> re.Pattern[str]:
        return re.compile(re.escape(f"\\end{{{match[1]}}}"))

    text = _COMMENT.sub(comment, _without(text, _CODE, code_end, code))
    text = _without(text, _INTERNAL, lambda _: _INTERNAL_END, internal)
    text = _without_branches(_without(text, _FALSE, lambda _: _FALSE_END, false), omissions)
    if "!!" in text:
        text = _TOKEN_WORD.sub(_token_word, text)
    text, commands = _without_definitions(_LENGTH.sub(" ", _THEOREM.sub(" ", text)))
    text = _replaced(text, {name: one for name, one in commands.items() if name not in known})
    begin = _DOCUMENT.search(text)
    head, body = (text[: begin.start()], text[begin.end() :]) if begin else ("", text)
    end = body.find("\\end{document}")
    body = body[:end] if end >= 0 else body
    return Source(head, body, tuple(dict.fromkeys(_FILES.findall(body))), len(commands))


class Groups:
    """Where the groups of a text end: all of them are found at once, when the first is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def end(self, start: int) -> int | None:
        """The offset after the group that begins with the brace at `start`; None where it does not end."""
        return self._ends.get(start)

    @cached_property
    def _ends(self) -> dict[int, int]:
        ends = {}
        opened = []
        for match in _BRACE.finditer(self._text):
            if match[0] == "{":
                opened.append(match.start())
            elif match[0] == "}" and opened:
                ends[opened.pop()] = match.end()
        return ends


def _without(
    text: str,
    beginning: re.Pattern[str],
    ending: Callable[[re.Match[str]], re.Pattern[str]],
    instead: Callable[[re.Match[str], str], str],
) -> str:
    """A text with something else for each part from a beginning to its ending; what has no ending stays."""
    parts = []
    position = 0
    endless: set[re.Pattern[str]] = set()
    for match in beginning.finditer(text):
        end = ending(match)
        if match.start() < position or end in endless:
            continue
        found = end.search(text, match.end())
        if found is None:
            endless.add(end)
            continue
        parts += [text[position : match.start()], instead(match, text[match.end() : found.start()])]
        position = found.end()
    return "".join(parts) + text[position:]


def _token_word(found: re.Match[str]) -> str:
    word = (f"a{'n' * (found[3][0] in 'aeio')} " if found[2] else "") + found[3]
    return word[0].upper() + word[1:] if found[1] else word


def _without_branches(text: str, omissions: Omissions) -> str:
    """A text in which of each \\if that is decided here only the branch is left that TeX sets: that of \\iftrue, and
    of the switches of \\newif, which are off until \\NAMEtrue."""
    if "\\newif" not in text and "\\iftrue" not in text:
        return text
    states = {"iftrue": True, **{f"if{name}": False for name in _SWITCH.findall(text)}}
    for name, state in _SET.findall(text):
        if f"if{name}" in states:
            states[f"if{name}"] = state == "true"  # the last time, which is mostly the only one
    text = _SET.sub(lambda found: "" if f"if{found[1]}" in states else found[0], _SWITCH.sub("", text))
    parts: list[str] = []
    position = 0
    opened: list[tuple[bool | None, bool]] = []  # of each open \\if: whether it holds, and whether it was set around it
    is_set = True
    for match in _IF.finditer(text):
        word = match[1]
        if word.startswith("if"):
            if word in _NO_SWITCHES:
                continue
            opened.append((states.get(word), is_set))
            decided, sets = opened[-1][0], is_set and opened[-1][0] is not False
        elif not opened:
            continue
        else:
            decided, around = opened[-1] if word == "else" else opened.pop()
            sets = around and (word == "fi" or decided is not True)
        part = text[position : match.start() if decided is not None else match.end()]
        if is_set:
            parts.append(part)
        else:
            omissions.add("comments", part)
        position, is_set = match.end(), sets
    return "".join(parts) + (text[position:] if is_set or opened else "")


def _without_definitions(text: str) -> tuple[str, dict[str, _Command]]:
    commands: dict[str, _Command] = {}
    parts = []
    position = 0
    braces = Groups(text)
    for match in _DEFINITION.finditer(text):
        end = braces.end(match.end()) if match.start() >= position else None
        if end is None:
            continue
        name = match[1] or match[2] or match[5]
        count = int(match[3] or 0) if match[5] is None else match[6].count("#")
        body: str | None = text[match.end() + 1 : end - 1]
        default = match[4][1:-1] if match[4] and count else None
        if "MathOperator" in match[0]:
            body = f"\\operatorname{{{body}}}"
        elif "DocumentCommand" in match[0] or "PairedDelimiter" in match[0]:
            second = _GAP.match(text, end)
            start = second.end() if second else end
            end = braces.end(start) or end
            other = text[start + 1 : end - 1] if end > start else ""
            if "PairedDelimiter" in match[0]:
                count, body = 1, f"{body}{{}}#1{other}"
            elif (signature := _SIGNATURE.fullmatch(body or "")) is not None:
                count = len(re.sub(r"\{[^{}]*\}|\W", "", signature[0]))
                default, body = (signature[1] or "") if signature[0].lstrip()[:1] in ("o", "O") else None, other
            else:
                body = None  # whose arguments are of other kinds: it is left as it is
        if body is not None:
            commands[name] = _Command(count, default, body)
        parts.append(text[position : match.start()])
        position = end
    return "".join(parts) + text[position:], commands


def _replaced(text: str, commands: dict[str, _Command]) -> str:
    most = _GROWTH * len(text) + _LITTLE
    for _ in range(_PASSES if commands else 0):
        parts = []
        position = size = 0
        braces = Groups(text)
        for match in _COMMAND.finditer(text):
            command = commands.get(match[1])
            if command is None or match.start() < position:
                continue
            given, end = _arguments(text, match.end(), command, braces)
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
    def argument(place: re.Match[str]) -> str:
        name, number = place[1] or "", int(place[2])
        text = given[number - 1] if 0 < number <= len(given) else ""
        return f"{name} {text}" if name and text[:1].isalpha() else name + text  # the name of a command ends before it

    return re.sub(r"(\\[A-Za-z]+)?#(\d)", argument, body)


def _arguments(text: str, start: int, command: _Command, braces: Groups) -> tuple[list[str], int]:
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
        end = braces.end(start)
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
    braces = Groups(text)
    for match in re.finditer(rf"\\{name}(?![A-Za-z])\*?", text):
        found = []
        start = match.end()
        while True:
            while (optional := _OPTIONAL.match(text, start)) or (optional := _GAP.match(text, start)):
                start = optional.end()
            end = braces.end(start)
            if end is None:
                break
            found.append(text[start + 1 : end - 1])
            start = end
        yield found
