"""reStructuredText: headings, paragraphs and items, parsed by docutils, with Sphinx's roles and directives.

Nothing that a document names is read: neither included files nor raw markup, tables in files or configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import directives, roles
from docutils.parsers.rst.languages import en as english
from docutils.utils import DependencyList

from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose, is_prose
from fastsum.readers.signs import lowered, raised
from fastsum.readers.sphinx import Named, Omitted, directive_of, role_of

_SETTINGS = {
    "_disable_config": True,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "raw_enabled": False,
    "report_level": 5,
    "syntax_highlight": "none",
}
_YEAR = 1000  # the number of an item from which on it is no item but a sentence
_LONG = 10_000  # characters
_ROLE = re.compile(r":([A-Za-z][\w.+-]*(?::[A-Za-z][\w.+-]*)*):`|`:([A-Za-z][\w.+:-]*):")
_DIRECTIVE = re.compile(r"\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([A-Za-z][\w.+-]*(?::[A-Za-z][\w.+-]*)*)[ \t]?::")
# docutils knows these, but reads files for some, and numbers, dates or titles for others.
_OWN_ROLES = frozenset(("code", "math", "pep", "raw", "rfc"))
_OWN_DIRECTIVES = frozenset(("code", "code-block", "csv-table", "date", "include", "math", "only", "raw", "sourcecode"))
_LEFT_OUT = {
    nodes.comment: "comments",
    nodes.doctest_block: "code",
    nodes.figure: "figures",
    nodes.footnote: "notes",
    nodes.citation: "references",
    nodes.literal_block: "code",
    nodes.math_block: "equations",
}
_NOT_SHOWN = (
    nodes.decoration,
    nodes.docinfo,
    nodes.image,
    nodes.meta,
    nodes.pending,
    nodes.raw,
    nodes.substitution_definition,
    nodes.system_message,
    nodes.target,
    nodes.transition,
)
_REFERENCE_MARKS = (nodes.footnote_reference, nodes.citation_reference)
_PLACE = re.compile(r"\|(\w[^|]*)\|_{0,2}")
_MARK = re.compile(r"\[[^\]]*\]_")
_DROPPED = "\ue000"  # where a mark of a note was
_BEFORE_STOP = re.compile(rf"\s*(?:{_DROPPED}\s*)+(?=[.,;:!?)\]]|{_DROPPED}|\Z)")


def read(content: bytes) -> Reading:
    """The text of a document in UTF-8."""
    text = content.decode("utf-8")
    _register(text)
    longest = max(map(len, text.split("\n")))  # docutils drops longer lines, and names that stand for more than these
    settings = {**_SETTINGS, "line_length_limit": max(longest, _LONG), "record_dependencies": DependencyList()}
    try:
        tree = publish_doctree(text, settings_overrides=settings)
    except RecursionError:
        raise Unreadable("is reStructuredText nested too deep to be read. Save its text alone.") from None
    walk = _Walk()
    title = next(tree.findall(nodes.title), None)
    titled = any(isinstance(node, nodes.title) for node in tree.children)
    blocks = list(walk.blocks(tree, int(titled)))
    return compose(blocks, title and walk.text(title), warnings=walk.warnings(), omissions=walk.omissions)


def _register(text: str) -> None:
    """Roles and directives for all that a text names and docutils does not know."""
    for match in {(one, other) for one, other in _ROLE.findall(text)}:
        name = (match[0] or match[1]).lower()
        if name in _OWN_ROLES or not _is_known_role(name):
            roles.register_local_role(name, role_of(name))
    for name in {name.lower() for name in _DIRECTIVE.findall(text)}:
        if name in _OWN_DIRECTIVES or name not in english.directives:
            directives.register_directive(name, directive_of(name))


def _is_known_role(name: str) -> bool:
    return name in english.roles


class _Walk:
    """The blocks below a node, and what is left out of them."""

    def __init__(self) -> None:
        self.omissions = Omissions()
        self._files: list[str] = []
        self._places: dict[str, None] = {}

    def warnings(self) -> list[str]:
        """What the document has, but not in this file."""
        found = []
        if self._files:
            found.append(f"includes other files, which were not read: {', '.join(self._files)}.")
        if self._places:
            found.append(f"has names that are replaced elsewhere and stand as they are: {', '.join(self._places)}.")
        return found

    def blocks(self, parent: nodes.Node, level: int, *, item: bool = False) -> Iterator[Block]:
        """The headings, paragraphs and items below a node, in a section of this level."""
        for node in parent.children:
            kind = next((kind for one, kind in _LEFT_OUT.items() if isinstance(node, one)), None)
            if isinstance(node, Omitted):
                self._omit(node)
            elif kind:
                self.omissions.add(kind, node.astext())
            elif isinstance(node, _NOT_SHOWN) or "contents" in _classes(node):
                continue
            elif isinstance(node, nodes.section):
                yield from self.blocks(node, level + 1)
            elif isinstance(node, (nodes.title, nodes.subtitle)):
                yield from self._title(node, level)
            elif isinstance(node, nodes.table):
                yield from self._table(node, level)
            elif isinstance(node, (nodes.paragraph, nodes.line_block, nodes.attribution, nodes.rubric)):
                yield Block(self.text(node), item=item)
                item = False
            elif isinstance(node, nodes.list_item):
                below = list(self.blocks(node, level, item=True))
                if below and parent.get("start", 1) >= _YEAR:  # "1986. It was a good year."
                    below[0] = below[0]._replace(
                        text=f"{parent['start'] + parent.index(node)}. {below[0].text}", item=False
                    )
                yield from below
            elif isinstance(node, (nodes.term, Named)):
                yield Block(self.text(node), item=True, term=isinstance(node, nodes.term))
            elif isinstance(node, nodes.field):
                yield from self._field(node, level)
            elif isinstance(node, nodes.option_group):
                self.omissions.add("options", node.astext())
            elif not isinstance(node, (nodes.Text, nodes.classifier)):
                yield from self.blocks(node, level)

    def text(self, node: nodes.Node) -> str:
        """The text of a node on one line, without marks of notes and citations."""
        parts: list[str] = []
        self._add(node, parts)
        text = "".join(parts)
        if _DROPPED in text:
            text = _BEFORE_STOP.sub("", text).replace(_DROPPED, "")
        return " ".join(text.split())

    def _title(self, node: nodes.Node, level: int) -> Iterator[Block]:
        if isinstance(node.parent, (nodes.section, nodes.document)):
            yield Block(self.text(node), level=max(level, 1))
        elif not isinstance(node.parent, nodes.topic):
            yield Block(self.text(node))

    def _table(self, node: nodes.Node, level: int) -> Iterator[Block]:
        """The cells that have sentences, as in a table that lays out a page."""
        rest = ""
        for entry in node.findall(nodes.entry):
            for block in self.blocks(entry, level):
                if is_prose(block.text):
                    yield block
                else:
                    rest += block.text
        self.omissions.add("tables", rest)

    def _field(self, node: nodes.Node, level: int) -> Iterator[Block]:
        blocks = list(self.blocks(node.children[-1], level))
        if any(is_prose(block.text) for block in blocks):
            yield from blocks
        else:
            self.omissions.add("fields", node.astext())

    def _omit(self, node: Omitted) -> None:
        if node["kind"] == "files":
            self._files.append(node["text"])
        elif node["kind"]:
            self.omissions.add(node["kind"], node["text"])

    def _add(self, node: nodes.Node, parts: list[str]) -> None:
        """Add the text of a node to that before it."""
        for part in node.children:
            if isinstance(part, nodes.Text):
                parts.append(part.astext())
            elif isinstance(part, Omitted):
                self._omit(part)
                parts.append(_DROPPED if part["kind"] == "citations" else "")
            elif isinstance(part, nodes.problematic):
                parts.append(self._unresolved(part.astext()))
            elif isinstance(part, nodes.literal):
                parts.append(_literal(part.astext()))
            elif isinstance(part, (nodes.superscript, nodes.subscript)):
                write = raised if isinstance(part, nodes.superscript) else lowered
                parts.append(write("".join(parts[-2:]), self.text(part)))
            elif isinstance(part, nodes.line):
                self._add(part, parts)
                parts.append(" ")
            elif isinstance(part, _REFERENCE_MARKS):
                parts.append(_DROPPED)
            elif not isinstance(part, _NOT_SHOWN):
                self._add(part, parts)

    def _unresolved(self, text: str) -> str:
        """What stands for a reference that has no target, or a mark without an end."""
        if place := _PLACE.fullmatch(text):
            self._places[place[1]] = None
            return f"[{place[1]}]"
        if _MARK.fullmatch(text):
            return _DROPPED
        return text.strip("`").rstrip("_").strip("`") if text.endswith("_") else text


def _literal(text: str) -> str:
    return f"`{text}`" if "`" not in text else text


def _classes(node: nodes.Node) -> list[str]:
    return node["classes"] if isinstance(node, nodes.Element) else []
