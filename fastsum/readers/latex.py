"""LaTeX: headings, paragraphs and items, parsed by pylatexenc, without the preamble, formulas, figures and tables.

No file that a document includes is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose, is_prose
from fastsum.readers.signs import fraction, mixed
from fastsum.readers.tex import commands
from fastsum.readers.tex.citations import Marks
from fastsum.readers.tex.formulas import FRACTIONS, SPACES, formula, sign, unknown_commands, written
from fastsum.readers.tex.sources import groups, prepared
from fastsum.readers.tex.surface import Node, parse

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_NO_QUANTITY = re.compile(r"\\(SI|qty|si|unit|num|ang)(?![A-Za-z]|\s*[\[{])")  # an author's own command
_KEYS = re.compile(r"[^,\s]+")
_TERM = re.compile(r"[^\W\d_]{2,}[\])\"”’]?\s*\Z")  # and no number, such as (i)
_OF_TERM = "–"  # between a term and what it means
_PREAMBLE = 10  # definitions in a file without sentences
_MOST_NAMES = 8  # that a warning lists
_SENTENCE_END = re.compile(r"(?:[.!?…]|\A)\s*\Z")


def read(content: bytes) -> Reading:
    """The text of a document in UTF-8."""
    text = content.decode("utf-8")
    omissions = Omissions()
    source = prepared(text, commands.FORMS, omissions)
    walk = _Walk(omissions, Marks(source.body), _acronyms(text))
    titles = [given[0] for part in (source.head, source.body) for given in groups(part, "title") if given]
    try:
        title = walk.text(_parsed(titles[0])) if titles else ""
        if title:
            walk.blocks.append(Block(title, level=1))
        walk.levels = {name: level for level, name in enumerate(_used(source.body), start=2 if title else 1)}
        walk.add(_parsed(source.body))
        walk.flush()
    except RecursionError:
        raise Unreadable("is LaTeX nested too deep to be read. Save its text alone.") from None
    if source.definitions >= _PREAMBLE and not any(is_prose(block.text) for block in walk.blocks):
        raise Unreadable("has only definitions of LaTeX's commands. Name the document that they are for.")
    warnings = [f"includes other files, which were not read: {', '.join(source.files)}."] * bool(source.files)
    if walk.unknown:
        names = ", ".join([*walk.unknown][:_MOST_NAMES]) + ", …" * (len(walk.unknown) > _MOST_NAMES)
        warnings.append(f"has commands that are defined elsewhere, and stand as their names in formulas: {names}.")
    return compose(walk.blocks, title, warnings=warnings, omissions=omissions)


def _parsed(text: str) -> list[Node]:
    return parse(_NO_QUANTITY.sub(r"\\\1word", text), commands.FORMS)


def _used(body: str) -> list[str]:
    """The commands for headings that a text has, from the highest."""
    names = set(re.findall(r"\\(frametitle|(?:sub){0,2}section|part|chapter|(?:sub)?paragraph)(?![A-Za-z])", body))
    return [name for name in commands.LEVELS if name in {commands.OTHER_HEADINGS.get(name, name) for name in names}]


def _acronyms(text: str) -> dict[str, tuple[str, str]]:
    """The short and the long form of each acronym that is defined."""
    found = {given[0]: (given[1], given[2]) for given in groups(text, "newacronym") if len(given) >= 3}
    for name in ("acro", "acrodef"):
        found |= {given[0]: (given[0], given[1]) for given in groups(text, name) if len(given) == 2}
    for given in groups(text, "newglossaryentry"):
        if len(given) == 2 and (named := re.search(r"\bname\s*=\s*\{?([^{},]+)", given[1])):
            found[given[0]] = (named[1].strip(), named[1].strip())
    return found


class _Walk:
    """The blocks of nodes, in order; what is left out is counted."""

    def __init__(self, omissions: Omissions, marks: Marks, acronyms: dict[str, tuple[str, str]]) -> None:
        self.blocks: list[Block] = []
        self.levels: dict[str, int] = {}
        self.unknown: dict[str, None] = {}
        """Commands of formulas that are defined elsewhere."""
        self._omissions = omissions
        self._marks = marks
        self._acronyms = acronyms
        self._parts: list[str] = []
        self._item = False
        self._inline = 0  # depth of arguments in which an empty line ends no paragraph

    def text(self, nodes: Sequence[Node]) -> str:
        """The text of nodes on one line."""
        parts, self._parts = self._parts, []
        self._inline += 1
        self.add(nodes)
        self._inline -= 1
        text, self._parts = self._marks.shown("".join(self._parts)), parts
        return text

    def flush(self, level: int = 0) -> None:
        """End a paragraph or heading."""
        if self._inline:
            self._parts.append(" ")
            return
        text = self._marks.shown("".join(self._parts)).removesuffix(_OF_TERM).rstrip()
        self._parts.clear()
        if text:
            self.blocks.append(Block(text, level, item=self._item))
            self._item = False

    def add(self, nodes: Sequence[Node]) -> None:
        """Add the text of nodes."""
        for node in nodes:
            if node.kind == "words":
                self._words(node.text)
            elif node.kind == "command":
                self._command(node)
            elif node.kind == "formula":
                self._parts.append(written(node.inside, "".join(self._parts[-3:])))
                own = (name for name in unknown_commands(node.inside) if name not in commands.FORMS)
                self.unknown.update(dict.fromkeys(own))
            elif node.kind == "displayed":
                self._equation(node)
            elif node.kind == "environment":
                self._environment(node)
            elif node.kind == "group":
                self.add(node.inside)

    def _words(self, text: str) -> None:
        for sign_of, shown in commands.WRITTEN:
            if sign_of in text:
                text = text.replace(sign_of, shown)
        first, *others = _PARAGRAPH.split(text) if "\n" in text else [text]
        self._parts.append(first)
        for other in others:
            self.flush()
            self._parts.append(other)

    def _equation(self, node: Node) -> None:
        """A formula on lines of its own: three dots in the sentence that it is part of."""
        self._omissions.add("equations", node.source)
        before = "".join(self._parts[-3:])
        self._parts.append(" " if _SENTENCE_END.search(before) else " … ")

    def _environment(self, node: Node) -> None:
        name = node.text.rstrip("*")
        if name in commands.EQUATIONS or (name == "array" and not self._inline):
            self._equation(node)
        elif name in commands.LEFT_OUT:
            self._omit(name, node)
        else:
            self.flush()
            if name in ("abstract", "acknowledgments", "acknowledgements", "acks", "appendices"):
                level = min(self.levels.values(), default=2)
                self.blocks.append(Block(name.capitalize() if name != "acks" else "Acknowledgments", level=level))
            inside = node.inside
            if name == "frame" and inside and inside[0].kind == "group":
                self.blocks.append(Block(self.text(inside[0].inside), level=self.levels.get("section", 2)))
                inside = inside[1:]
            self.add(inside)
            self.flush()
            self._item = False

    def _omit(self, name: str, node: Node) -> None:
        kind = commands.LEFT_OUT[name]
        verbatim = node.source
        if kind == "references":
            self._omissions.add(kind, verbatim, count=max(verbatim.count("\\bibitem"), 1))
        elif kind:
            self._omissions.add(kind, verbatim)
        self._parts.append(" ")

    def _command(self, node: Node) -> None:
        name = node.text
        given = [one for one in node.inside if one.kind == "group"]
        last = given[-1].inside if given else ()
        add = self._parts.append
        if name in commands.LEVELS or name in commands.OTHER_HEADINGS:
            self.flush()
            text = self.text(last)
            if text:
                self.blocks.append(Block(text, level=self.levels.get(commands.OTHER_HEADINGS.get(name, name), 2)))
        elif name == "item":
            self.flush()
            self._item = not self._inline
            for label in node.inside:
                self.add(label.inside)
                add(f" {_OF_TERM} " if _TERM.search("".join(self._parts)) else " ")
        elif name in ("par", "bigskip", "medskip", "smallskip", "newpage", "clearpage", "maketitle"):
            self.flush()
        elif name == "fastsumcode":
            add(" ")
        elif name in commands.CITES:
            add(self._marks.citation(_KEYS.findall(given[-1].source) if given else [], naming=name in commands.NAMING))
        elif name in commands.REFERENCES or name in commands.CLEVER:
            target = given[-1].source.partition(",")[0] if given else ""
            noun = commands.KIND_OF_LABEL.get(target.partition(":")[0].lower(), "") if name in commands.CLEVER else ""
            add(self._marks.reference(target, noun))
        elif name in commands.NOTES:
            self._omissions.add("notes", given[-1].source if given else "")
        elif name in commands.FIGURES:
            self._omissions.add("figures", given[-1].source if given else "")
        elif name in commands.QUANTITIES:
            form, write = commands.QUANTITIES[name]
            if len(given) >= form.count("{"):
                add(write([one.source for one in given]))
        elif name in commands.ACRONYMS:
            add(self._acronym(name, given[-1].source if given else ""))
        elif name in commands.DROPPED:
            return
        elif name in ("ce", "cee"):
            add(given[-1].source.replace("->", " → ").replace("<=>", " ⇌ ") if given else "")
        elif name in ("enquote", "textquote"):
            add(f"“{self.text(last)}”")
        elif name in ("textsuperscript", "textsubscript"):
            sign_of = "^" if name == "textsuperscript" else "_"
            add(formula(f"{sign_of}{{\\text{{{self.text(last)}}}}}", "".join(self._parts[-3:])))
        elif name in FRACTIONS and len(given) > 1:
            before = "".join(self._parts[-1:])[-1:]
            add(mixed(before + fraction(self.text(given[-2].inside), self.text(last)))[len(before) :])
        elif name in commands.STRUCK:
            self._omissions.add("struck-out text", given[-1].source if given else "")
        elif name in commands.FIRST and given:
            self.add(given[0].inside)
        elif name in commands.LAST and given:
            self.add(last)
        elif name in ("url", "nolinkurl", "path"):
            add(given[-1].source if given else "")
        elif name == "verb":
            add(node.source)
        elif name in commands.WORDS and not given:
            add(commands.WORDS[name] + node.space)
        elif name in commands.ACCENTS:
            add(_accented(name, self.text(last)) if given else "")
        elif name in ("\\", "newline", "linebreak", "tabularnewline") or name in SPACES:
            add(" ")
        elif name == "xspace":
            add(node.space)
        elif (known := sign(name)) is not None and not given:
            add(known + ("" if known.isalpha() else node.space))
        else:  # the words in its braces are text
            for one in given:
                self.add(one.inside)

    def _acronym(self, name: str, key: str) -> str:
        short, long = self._acronyms.get(key, (key, key))
        full = name in ("acl", "acrlong")
        plural = "s" if name in ("glspl", "Glspl", "acp") else ""
        return (long if full else short) + plural


def _accented(name: str, letters: str) -> str:
    """Letters with an accent on the first: \\"{u} is ü."""
    base = {"ı": "i", "ȷ": "j"}.get(letters[:1], letters[:1])
    return unicodedata.normalize("NFC", base + commands.ACCENTS[name]) + letters[1:]
