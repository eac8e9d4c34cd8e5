"""A parser of LaTeX's surface: words, groups, commands with arguments, environments and formulas, in linear time.

It is no TeX: what is not closed ends with what is around it, and what is closed without being open is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_TOKEN = re.compile(
    r"\\verb\*?(?P<bar>[^A-Za-z\s*])(?P<verb>[^\n]{0,2000}?)(?P=bar)"
    r"|\\(?P<edge>begin|end)[ \t]*\{(?P<environment>[^{}\n]*)\}"
    r"|\\(?P<name>[A-Za-z@]+)\*?(?P<space>[ \t]*)|\\(?P<sign>.)|(?P<math>\$\$?)|(?P<brace>[{}])|[^\\${}]+|\\",
    re.DOTALL,
)
_GAP = re.compile(r"[ \t]*\n?[ \t]*")
_MAX_OPTION = 2000  # characters
_CLOSING = {"(": "\\)", "[": "\\]"}
_OPTION_SIGN = re.compile(r"[{}\]]")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
# Environments whose arguments in braces are no text.
_WITH_ARGUMENTS = frozenset(
    (
        *("tabular", "tabularx", "array", "minipage", "multicols", "wrapfigure", "thebibliography", "column", "list"),
        *(
            "adjustwidth",
            "alignat",
            "spacing",
            "longtable",
            "adjustbox",
            "textblock",
            "tabulary",
            "wraptable",
            "otherlanguage",
        ),
        *("addmargin", "enumerate*", "subfigure", "tblr", "NiceTabular", "multicols*", "minted", "changemargin"),
    )
)


class Node(NamedTuple):
    """A part of a text."""

    kind: str
    """words, group, option (in square brackets), command, environment, formula, displayed (on lines of its own)."""
    text: str
    """The words, or the name of a command or environment."""
    inside: tuple[Node, ...] = ()
    """The arguments of a command; what a group, an option, an environment or a formula holds."""
    source: str = ""
    """What is inside, as it was written."""
    space: str = ""
    """The spaces behind a command."""


def parse(text: str, arguments: Mapping[str, str]) -> list[Node]:
    """The nodes of a text. `arguments` has for each command its arguments: [ and {, and c for a character or {.

    A formula's commands take a character for any argument, as in \\frac12. Raises RecursionError.
    """
    return _Parser(text, arguments).nodes("")


class _Parser:
    def __init__(self, text: str, arguments: Mapping[str, str]) -> None:
        self._text = text
        self._arguments = arguments
        self._place = 0
        self._unclosed: set[int] = set()  # where a $ is no beginning of a formula
        self._open: list[str] = []  # what ends each group, environment and formula around this place

    def nodes(self, end: str) -> list[Node]:
        """The nodes up to `end`, which is consumed, or up to the end of what is around."""
        found: list[Node] = []
        self._open.append(end)
        while match := _TOKEN.match(self._text, self._place):
            token = match[0]
            closes = f"\\end{match['environment']}" if match["edge"] == "end" else token
            if closes == end:
                self._place = match.end()
                break
            if closes in self._open and (closes != token or token == "}"):
                break  # of something around
            if end in ("$", "\\)") and match.lastgroup is None and (line := _EMPTY_LINE.search(token)):
                self._place += line.start()
                break
            self._place = match.end()
            if node := self._node(match):
                found.append(node)
        self._open.pop()
        return found

    def _node(self, match: re.Match[str]) -> Node | None:
        token = match[0]
        if match["verb"] is not None:
            return Node("command", "verb", (Node("words", match["verb"]),), match["verb"])
        if match["edge"] == "begin":
            return self._environment(match["environment"])
        if match["edge"] or token == "}" or token in ("\\)", "\\]"):
            return None
        if token == "{":
            return self._holding("group", "", "}")
        if match["math"]:
            start = self._place
            if start not in self._unclosed:
                node = self._holding("formula" if token == "$" else "displayed", "", token)
                if self._text.endswith(token, start, self._place):
                    return node
                self._unclosed.add(start)
                self._place = start
            return Node("words", token)  # a price, or half of a pair
        if match["sign"] in _CLOSING:
            return self._holding("formula" if token == "\\(" else "displayed", "", _CLOSING[match["sign"]])
        if match["name"]:
            return self._command(match["name"], match["space"])
        if match["sign"]:
            given = self._given(self._arguments.get(match["sign"], ""))
            return Node("command", match["sign"], tuple(given))
        return Node("words", token)

    def _holding(self, kind: str, name: str, end: str) -> Node:
        start = self._place
        inside = self.nodes(end)
        stop = self._place - len(end) if self._text.endswith(end, start, self._place) else self._place
        return Node(kind, name, tuple(inside), self._text[start:stop])

    def _environment(self, name: str) -> Node:
        while self._option() and name != "frame":
            pass
        if name.rstrip("*") in _WITH_ARGUMENTS or name in _WITH_ARGUMENTS:
            self._given("{[{")
        start = self._place
        inside = self.nodes(f"\\end{name}")
        return Node("environment", name, tuple(inside), self._text[start : self._place])

    def _command(self, name: str, space: str) -> Node:
        form = self._arguments.get(name)
        before = self._place
        if form is None:  # of an unknown command the groups are text, and its options are not
            self._place -= len(space)
            while (option := self._option()) and "]" not in option.source:
                pass
            space = space if self._place == before - len(space) else ""
            self._place = max(self._place, before)
            return Node("command", name, (), "", space)
        given = self._given(form)
        return Node("command", name, tuple(given), "", space if self._place == before else "")

    def _given(self, form: str) -> list[Node]:
        """The arguments at this place."""
        given = []
        math = self._open[-1] in ("$", "$$", "\\)", "\\]") or any(
            end in ("$", "$$", "\\)", "\\]") for end in self._open
        )
        for sort in form:
            if sort == "[":
                if option := self._option():
                    given.append(option)
            elif sort in "{c":
                gap = _GAP.match(self._text, self._place)
                place = gap.end() if gap else self._place
                if self._text[place : place + 1] == "{":
                    self._place = place + 1
                    given.append(self._holding("group", "", "}"))
                elif (math or sort == "c") and (match := _TOKEN.match(self._text, place)) and match[0][0] not in "}$":
                    if match.lastgroup is None:
                        self._place = place + 1
                        given.append(Node("group", "", (Node("words", match[0][0]),), match[0][0]))
                    else:
                        self._place = match.end()
                        if node := self._node(match):
                            given.append(Node("group", "", (node,), match[0]))
        return given

    def _option(self) -> Node | None:
        """The option in square brackets at this place, if there is one."""
        gap = _GAP.match(self._text, self._place)
        start = gap.end() if gap else self._place
        if self._text[start : start + 1] != "[":
            return None
        depth = 0
        for match in _OPTION_SIGN.finditer(self._text, start + 1, start + _MAX_OPTION):
            char, place = match[0], match.start()
            depth += (char == "{") - (char == "}")
            if depth < 0:
                return None
            if char == "]" and depth == 0:
                source = self._text[start + 1 : place]
                self._place = place + 1
                return Node("option", "", tuple(_Parser(source, self._arguments).nodes("")), source)
        return None
