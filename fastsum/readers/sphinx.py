"""Roles and directives of Sphinx and others, for docutils: what a page of documentation shows of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.utils import unescape

_TARGET = re.compile(r"(.+?)\s*(?<!\\)<[^<>]*>\Z", re.DOTALL)
_ABBREVIATION = re.compile(r"(.+?)\s*\([^()]*\)\Z", re.DOTALL)
_CALLED = frozenset(("func", "meth"))
_CITATIONS = re.compile(r"(?:foot)?(?:full)?cite(?::\w+)?|cite[pt]?s?|footcite(?::\w+)?|ft|fn|footnote")
_WITHOUT_TEXT = frozenset(("eq", "raw", "index", "tag"))
_ISSUES = frozenset(("issue", "gh", "bpo", "bug", "pr", "pull", "mr"))
_SAID = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
    "deprecated-removed": "Deprecated since version",
}
_FILES = frozenset(("include", "literalinclude", "csv-table"))
_CODE = re.compile(
    r"(?:.*:)?(?:code|code-block|code-cell|sourcecode|parsed-literal|highlight|prompt|ipython\d?|doctest|test(?:code|output"
    r"|setup|cleanup)|productionlist|graphviz|digraph|graph|mermaid|uml|plantuml|blockdiag|seqdiag|jupyter-execute|plot"
    r"|raw|program-output|command-output|exec|runblock|terminal|console|math|table|altair-plot|bokeh-plot)"
)
_KINDS = {"math": "equations", "csv-table": "tables", "graphviz": "figures", "digraph": "figures", "mermaid": "figures"}
_WITHOUT_CONTENT = re.compile(
    r"(?:.*:)?(?:auto\w+|bibliography|centered|codeauthor|contents|current(?:module|library)|default-(?:domain|role)|date"
    r"|figure-md|galleries|image|index|module|moduleauthor|sectionauthor|program|py-?module|rst-class|tabularcolumns"
    r"|toctree|highlight|highlightlang|inheritance-diagram|meta|youtube|vimeo|acks|include|only-dev|autosummary)"
)
_OBJECTS = re.compile(  # what is described: a function with its parameters, an option of a command
    r"(?:\w+:)?(?:function|class|method|(?:class|static|abstract)method|attribute|property|data|exception|decorator"
    r"|decoratormethod|type|member|macro|struct|union|enum|enumerator|var|alias|concept|option|cmdoption|envvar|confval"
    r"|setting|opcode|pdbcommand|directive|role|object|describe|autofield|coroutinefunction|awaitablemethod|c?member|term)"
)
_HIDDEN = re.compile(r"(?:not\s+\(?\s*html\b.*|latex|latexpdf|man|texinfo|text|pdf|builder_(?!html)\w+)")


class Omitted(nodes.General, nodes.Inline, nodes.Element):  # type: ignore[misc]  # docutils has no annotations
    """Something that is not in the text. Its `kind` says what it is, "" where it is not counted, and `text` has it."""


class Named(nodes.General, nodes.TextElement):  # type: ignore[misc]
    """The name of what is described below it."""


class _AnyOptions(dict[str, Any]):
    """Options of a directive, whatever their names."""

    def __bool__(self) -> bool:
        return True

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[str | None], str]:
        return lambda value: value or ""


def role_of(name: str) -> Callable[..., tuple[list[nodes.Node], list[nodes.Node]]]:
    """The function that docutils calls for a role."""
    short = name.rpartition(":")[2]

    def role(
        name_: str, rawtext: str, text: str, line: int, inliner: object, options: Any = None, content: Any = None
    ) -> tuple[list[nodes.Node], list[nodes.Node]]:
        if _CITATIONS.fullmatch(name):
            return [Omitted(kind="citations", text=text)], []
        if short in _WITHOUT_TEXT:
            return [Omitted(kind="", text=text)], []
        shown = _shown(short, unescape(text), unescape(text, restore_backslashes=True))
        return [nodes.literal(rawtext, shown) if short == "code" else nodes.inline(rawtext, shown)], []

    return role


def _shown(role: str, text: str, raw: str) -> str:
    """What a role shows: the words before a target in angle brackets, otherwise the target's last part."""
    if role == "math":
        from fastsum.readers.tex.formulas import formula

        return formula(raw)
    if role in ("pep", "rfc", "cve") and not _TARGET.fullmatch(text):
        return f"{role.upper()}{'-' if role == 'cve' else ' '}{text.partition('#')[0]}"
    if role in _ISSUES and text.isdecimal():
        return f"#{text}"
    if role == "abbr" and (short := _ABBREVIATION.fullmatch(text)):
        return short[1]
    if role == "menuselection":
        return text.replace("-->", "→")
    if titled := _TARGET.fullmatch(text):
        return titled[1]
    if role == "doc":
        return text.rstrip("/").rpartition("/")[2]
    if role in ("ref", "numref"):
        return text.rpartition(":")[2] if " " not in text else text
    if text.startswith("~"):
        text = text.rpartition(".")[2] or text
    text = text.lstrip("!~.")
    return f"{text}()" if role in _CALLED and not text.endswith(")") else text


def directive_of(name: str) -> type[Directive]:
    """The class that docutils calls for a directive."""
    return type("Any", (_AnyDirective,), {"kind": name})


class _AnyDirective(Directive):  # type: ignore[misc]
    """A directive that docutils does not know."""

    kind = ""
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOptions()

    def run(self) -> list[nodes.Node]:
        """The nodes that take its place."""
        name = self.kind
        argument = " ".join(self.arguments)
        body = "\n".join(self.content)
        if name in _FILES and (name != "csv-table" or not body):
            return [Omitted(kind="files", text=self.options.get("file") or argument.split("\n")[0])]
        if _CODE.fullmatch(name) or name == "csv-table":
            return [Omitted(kind=_KINDS.get(name, "code"), text=f"{argument if name == 'math' else ''}\n{body}")]
        if name.endswith("toctree"):
            return [Omitted(kind="entries of contents", text=body)]
        if _WITHOUT_CONTENT.fullmatch(name) or (name == "only" and _HIDDEN.fullmatch(argument.strip())):
            return [Omitted(kind="", text=body)]
        if name in _SAID:
            return self._version(argument)
        found: list[nodes.Node] = []
        if _OBJECTS.fullmatch(name):
            found.append(Omitted(kind="signatures", text=argument))
        elif len(argument.split()) > 2 and name != "only":
            found += self._parsed(argument)
        holder = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, holder, match_titles=name in ("only", "ifconfig"))
        return [*found, *holder.children]

    def _version(self, argument: str) -> list[nodes.Node]:
        """ "Changed in version 3.4: what follows."."""
        version, _, rest = argument.partition(" ") if "\n" not in argument.split(" ")[0] else argument.partition("\n")
        if self.kind == "deprecated-removed":
            _, _, rest = rest.lstrip().partition(" ") if " " in rest.strip() else (rest.strip(), "", "")
        said = f"{_SAID[self.kind]} {version.strip()}"
        holder = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, holder)
        first = holder.children[0] if holder.children else None
        if rest.strip():
            return [*self._parsed(f"{said}: {rest.strip()}"), *holder.children]
        if isinstance(first, nodes.paragraph):
            first.insert(0, nodes.Text(f"{said}: "))
            return list(holder.children)
        return [*self._parsed(f"{said}."), *holder.children]

    def _parsed(self, text: str) -> list[nodes.Node]:
        inline, messages = self.state.inline_text(text, self.lineno)
        return [nodes.paragraph("", "", *inline), *messages]
