"""AsciiDoc: headings, paragraphs and items, without tables, code, pictures and what a document includes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from fastsum.readers.blocks import Block, Growth, Omissions, Reading, compose, is_prose
from fastsum.readers.signs import lowered, raised

_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*)")
_UNDERLINES = "=-~^+"
_ATTRIBUTE = re.compile(r":(!?[\w-]+!?):(?:[ \t]+(.*))?\Z")
_BLOCK_ATTRIBUTES = re.compile(r"\[(?:[^\]]*|\[[^\]]*\])\][ \t]*\Z")
_TITLE = re.compile(r"\.[^\s.].*\Z")
_MACRO = re.compile(r"(image|include|video|audio|toc|ifdef|ifndef|ifeval|endif|gist|xref)::([^\[]*)\[(.*)\][ \t]*\Z")
_TABLE = re.compile(r"[|,:!]={3,}[ \t]*\Z")
_DELIMITER = re.compile(r"(?:-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|```\w*|\"\")[ \t]*\Z")
_COMMENT = re.compile(r"//(?!/)(.*)\Z")
_ITEM = re.compile(r"[ \t]*(?:\*{1,5}|-|\.{1,5}|\d{1,3}\.|[a-z]\.|•)[ \t]+(?:\[[ xX*]\][ \t]+)?(\S.*)\Z")
_TERM = re.compile(r"[ \t]*(\S.*?)(?::{2,4})(?:[ \t]+(\S.*))?[ \t]*\Z")
_MAX_TERM = 12  # words
_ADMONITION = re.compile(r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|TODO|FIXME):[ \t]+")
_CALLOUT = re.compile(r"<[\d.]{1,2}>[ \t]+")
_LITERAL_STYLES = re.compile(
    r"\[(?:source|listing|literal|screen|stem|latexmath|asciimath|pass|plantuml|ditaa|graphviz|mermaid)\b"
)
_KINDS = {"-": "code", ".": "code", "+": "code", "`": "code", "/": "comments"}
_VERBATIM = "-.+`/"  # what begins a block that is not read
_STEMS = re.compile(r"\[(?:stem|latexmath|asciimath)")

_INLINE = re.compile(
    r"(?P<pass>\+{3}.{0,5000}?\+{3}|\$\$.{0,5000}?\$\$|pass:\w{0,40}(?:,\w{1,40}){0,9}\[(?P<passed>.{0,5000}?)\])"
    r"|(?P<note>footnote(?:ref)?:\w{0,80}\[[^\]]{0,5000}\]"
    r"|(?:indexterm2?|anchor|image|icon|kbd_):[^\[\s]{0,2000}\[[^\]]{0,5000}\]|\(\(\(.{0,2000}?\)\)\)|\[\[[^\]]{0,2000}\]\])"
    r"|(?P<stem>(?:stem|latexmath|asciimath):\[(?P<formula>[^\]]{0,5000})\])"
    r"|(?P<link>(?:link:|mailto:|xref:|(?:https?|ftp|irc)://)(?P<target>[^\s\[\]<>]{0,2000})\[(?P<shown>[^\]]{0,5000})\])"
    r"|<<(?P<reference>[^,>\n]{1,500})(?:,(?P<words>[^>]{0,2000}))?>>"
    r"|(?P<keys>(?:kbd|btn|menu|man|command|linkgit)?:?(?P<macro>kbd|btn|menu|linkgit):(?P<menu>[^\[\s]{0,500})"
    r"\[(?P<key>[^\]]{0,500})\])"
)
_ATTRIBUTE_USE = re.compile(r"(?<!\\)\{([\w-]+)\}(?:\[([^\]\n]{0,2000})\])?")
_MARKED = re.compile(r"(?P<marks>\*\*|__|``|##)(?P<text>[^\n]{1,500}?)(?P=marks)")
_MARKED_WORDS = re.compile(r"(?<![\w\\*_`#+])(?P<marks>[*_`#+])(?P<text>\S|\S[^\n]{0,500}?\S)(?P=marks)(?!\w)")
_CELL = re.compile(r"(?<!\\)\d{0,9}(?:[.*+]\d{1,9}){0,3}[<^>.]{0,4}[aehlmdsv]?\|")  # with what says how it is shown
_KEPT = {ord(sign): chr(0xE000 + place) for place, sign in enumerate("+*^~`_#")}  # marks that stand for themselves
_RESTORED = {ord(kept): sign for sign, kept in _KEPT.items()}
_ROLE = re.compile(r"\[[.\w#%-]+\](?=[#*_`])")
_STRUCK = re.compile(r"\[\.line-through\](?P<marks>##?)(?P<struck>\S|\S[^\n#]{0,500}?\S)(?P=marks)")
_RAISED = re.compile(r"(\S{0,40})([\^~])([^\s^~]{1,40})\2")
_CURVED = re.compile(r"\"`(.{1,2000}?)`\"|'`(.{1,2000}?)`'")
_BREAK = re.compile(r"[ \t]\+\Z")
_BUILT_IN = {
    "nbsp": " ",
    "zwsp": "",
    "wj": "",
    "apos": "'",
    "quot": '"',
    "lsquo": "‘",
    "rsquo": "’",
    "ldquo": "“",
    "rdquo": "”",
    "deg": "°",
    "plus": "+",
    "brvbar": "|",
    "vbar": "|",
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "sp": " ",
    "startsb": "[",
    "endsb": "]",
    "caret": "^",
    "asterisk": "*",
    "tilde": "~",
    "backslash": "\\",
    "backtick": "`",
    "empty": "",
    "blank": "",
    "two-colons": "::",
    "two-semicolons": ";;",
    "cpp": "C++",
    "pp": "++",
    "cxx": "C++",
}
_ENTITIES = {"(C)": "©", "(R)": "®", "(TM)": "™", " -> ": " → ", " => ": " ⇒ "}


def read(content: bytes) -> Reading:
    """The text of a document in UTF-8. Raises Unreadable where its names stand for too much."""
    reader = _Reader(content.decode("utf-8").split("\n"))
    blocks = list(reader.blocks())
    return compose(blocks, reader.title, warnings=reader.warnings(), omissions=reader.omissions)


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.omissions = Omissions()
        self.title: str | None = None
        self._files: list[str] = []
        self._places: dict[str, None] = {}  # attributes that are set elsewhere
        self._lines = [line.rstrip() for line in lines]
        self._place = 0
        self._attributes: dict[str, str] = dict(_BUILT_IN)
        self._growth = Growth(sum(map(len, lines)))
        self._endless: set[str] = set()  # lines that would end a block, and come no more
        self._paragraph: list[str] = []
        self._item = False
        self._style = ""  # the line in square brackets above a block

    def warnings(self) -> list[str]:
        """What the document has, but not in this file."""
        found = []
        if self._files:
            found.append(f"includes other files, which were not read: {', '.join(self._files)}.")
        if self._places:
            found.append(f"has names that are replaced elsewhere and stand as they are: {', '.join(self._places)}.")
        return found

    def blocks(self) -> Iterator[Block]:
        """The headings, paragraphs and items, in order."""
        while self._place < len(self._lines):
            line = self._lines[self._place]
            self._place += 1
            if not line:
                yield from self._flush()
                self._style = "" if not self._style.startswith("[.") else self._style
            elif (
                self._skip_condition(line)
                or self._set_attribute(line)
                or self._skip_block(line)
                or (not self._paragraph and self._skip_line(line))
            ):
                yield from self._flush()
            elif level := self._heading(line):
                yield from self._flush()
                text = self._text(level[1])
                if level[0] == 1 and self.title is None:
                    self.title = text
                    self._skip_header()
                yield Block(text, level=level[0])
            elif line == "+" or line in ("'''", "<<<", "---", "***"):
                yield from self._flush()
            elif item := _ITEM.fullmatch(line):
                yield from self._flush()
                self._item = True
                self._paragraph.append(item[1])
            elif "::" in line and (term := _TERM.fullmatch(line)) and len(term[1].split()) <= _MAX_TERM:
                yield from self._flush()
                yield Block(self._text(term[1]), item=True, term=True)
                self._paragraph += [term[2]] if term[2] else self._definition()
            elif not self._paragraph and line[0] in " \t" and not self._item:
                yield from self._literal(line)
            else:
                self._paragraph.append(_CALLOUT.sub("", _ADMONITION.sub("", line)) if not self._paragraph else line)
        yield from self._flush()

    def _flush(self) -> Iterator[Block]:
        text = self._text(" ".join(_BREAK.sub("", line) for line in self._paragraph))
        if (text and self._style.startswith(("[verse", "[quote"))) or text:
            yield Block(text, item=self._item)
        if self._paragraph:
            self._style = ""
        self._paragraph = []
        self._item = False

    def _definition(self) -> list[str]:
        """The first line of what a term means, where it stands below the term: indented, it is no code there."""
        line = self._lines[self._place] if self._place < len(self._lines) else ""
        if line[:1] not in (" ", "\t") or _ITEM.fullmatch(line) or ("::" in line and _TERM.fullmatch(line)):
            return []
        self._place += 1
        return [line.lstrip()]

    def _heading(self, line: str) -> tuple[int, str] | None:
        if self._paragraph:
            return None
        if found := _HEADING.fullmatch(line):
            text = found[2].removesuffix(found[1])  # which can close it
            return len(found[1]), text.rstrip() if text[-1:] in (" ", "\t") else found[2]
        after = self._lines[self._place] if self._place < len(self._lines) else ""
        if (
            len(after) > 2
            and after[0] in _UNDERLINES
            and after == after[0] * len(after)
            and abs(len(after) - len(line)) <= 2
        ):
            if not line[0].isalnum() and line[0] not in "\"'(`“{":
                return None
            self._place += 1
            return _UNDERLINES.index(after[0]) + 1, line
        return None

    def _skip_header(self) -> None:
        """Pass over the author and the revision, which stand right under the title."""
        for _ in range(2):
            line = self._lines[self._place] if self._place < len(self._lines) else ""
            if line and not line.startswith((":", "/", "[", "=", "include")) and len(line.split()) < 12:
                self._place += 1
            else:
                break

    def _set_attribute(self, line: str) -> bool:
        found = _ATTRIBUTE.fullmatch(line) if not self._paragraph else None
        if found is None:
            return False
        values = [found[2] or ""]
        while values[-1].endswith("\\") and self._place < len(self._lines):
            values[-1] = values[-1].rstrip(" +").removesuffix("\\").rstrip(" +")
            values.append(self._lines[self._place].strip())
            self._place += 1
        self._attributes.setdefault(found[1], " ".join(values))
        return True

    def _skip_condition(self, line: str) -> bool:
        """Pass over ifdef and its relatives. What is there only if an attribute is set that is not is left out."""
        found = _MACRO.fullmatch(line) if "::" in line else None
        if found is None:
            return False
        kind, target, inside = found.groups()
        if kind == "include":
            self._files.append(target)
        elif kind in ("ifdef", "ifndef"):
            names = re.split(r"[,+]", target)
            applies = any(name in self._attributes for name in names) is (kind == "ifdef")
            if inside and applies:
                self._place -= 1
                self._lines[self._place] = inside
            elif not inside and not applies:
                self._skip_to_endif()
        elif kind in ("image", "video", "audio"):
            self.omissions.add("figures", inside or target)
        return True

    def _skip_to_endif(self) -> None:
        depth = 1
        while self._place < len(self._lines) and depth:
            line = self._lines[self._place]
            depth += line.startswith(("ifdef::", "ifndef::", "ifeval::")) and line.endswith("[]")
            depth -= line.startswith("endif::")
            self._place += 1

    def _skip_block(self, line: str) -> bool:
        """Pass over a table, code or a comment, up to the line that ends it."""
        if _TABLE.fullmatch(line):
            self._table(line)
            return True
        if not _DELIMITER.fullmatch(line) or (line == "--" and not _LITERAL_STYLES.match(self._style)):
            return line == "--"
        is_verbatim = line[0] in _VERBATIM or _LITERAL_STYLES.match(self._style) is not None
        if self._style.startswith("[verse") or not is_verbatim:
            return True  # an example, a sidebar or a quotation: what is in it is read
        end = "```" if line.startswith("```") else line
        if self._end(end) is None:
            return True
        found = self._until(end)
        kind = "equations" if _STEMS.match(self._style) else _KINDS.get(line[0], "code")
        self.omissions.add(kind, "\n".join(found))
        self._style = ""
        return True

    def _end(self, end: str) -> int | None:
        """The line that ends a block."""
        if end not in self._endless:
            try:
                return self._lines.index(end, self._place)
            except ValueError:
                self._endless.add(end)
        return None

    def _until(self, end: str) -> list[str]:
        """The lines up to that which ends a block, or up to the next empty one where none does."""
        start = self._place
        stop = self._end(end)
        if stop is None:
            return self._rest_of_paragraph()
        self._place = stop + 1
        return self._lines[start:stop]

    def _table(self, line: str) -> None:
        found = self._until(line)
        cells = [cell.strip() for cell in _CELL.split("\n".join(found))]
        for cell in cells:
            if is_prose(cell):
                self._lines[self._place : self._place] = ["", *cell.split("\n"), ""]
        self.omissions.add("tables", "".join(cell for cell in cells if not is_prose(cell)))

    def _skip_line(self, line: str) -> bool:
        """Pass over a line that says something of the block below it, and comments."""
        if _BLOCK_ATTRIBUTES.fullmatch(line):
            self._style = line
            if re.match(r"\[(?:abstract|quote|verse|NOTE|TIP)", line) is None and _LITERAL_STYLES.match(line):
                after = self._lines[self._place] if self._place < len(self._lines) else ""
                if after and not _DELIMITER.fullmatch(after) and not _TITLE.fullmatch(after):
                    self.omissions.add("code", "\n".join(self._rest_of_paragraph()))
            return True
        if comment := _COMMENT.fullmatch(line):
            self.omissions.add("comments", comment[1])
            return True
        return _TITLE.fullmatch(line) is not None and _ITEM.fullmatch(line) is None

    def _literal(self, line: str) -> Iterator[Block]:
        """A paragraph that is indented: code, or a further paragraph of an item, which has sentences."""
        found = [line, *self._rest_of_paragraph()]
        text = " ".join(part.strip() for part in found)
        if is_prose(text):
            yield Block(self._text(text))
        else:
            self.omissions.add("code", "\n".join(found))

    def _rest_of_paragraph(self) -> list[str]:
        start = self._place
        while self._place < len(self._lines) and self._lines[self._place]:
            self._place += 1
        return self._lines[start : self._place]

    def _text(self, source: str) -> str:
        """A paragraph on one line, without marks."""
        for _ in range(3):  # the values of attributes name others
            if "{" in source:
                source = _ATTRIBUTE_USE.sub(self._value, source)
        text = _INLINE.sub(self._inline, _CURVED.sub(_quoted, source))
        text = html.unescape(text) if "&" in text else text
        text = _STRUCK.sub(self._omit_struck, text) if "line-through]" in text else text
        text = _ROLE.sub("", text) if "[" in text else text
        marked = ""
        for _ in range(3 if any(mark in text for mark in "*_`#+") else 0):  # marks in marks
            if marked != text:
                marked, text = text, _MARKED_WORDS.sub(_unmarked, _MARKED.sub(_unmarked, text))
        if "^" in text or "~" in text:
            text = _RAISED.sub(_script, text)
        for written, shown in _ENTITIES.items():
            text = text.replace(written, shown)
        text = re.sub(r"\\(?=[*_`#<{(\[:.])", "", text) if "\\" in text else text
        return " ".join(re.sub(r"(?<=\w)--(?=\w)|(?<= )--(?= )", "—", text.translate(_RESTORED)).split())

    def _omit_struck(self, match: re.Match[str]) -> str:
        self.omissions.add("struck-out text", match["struck"])
        return ""

    def _inline(self, match: re.Match[str]) -> str:
        if match["pass"]:
            return (match["passed"] or match["pass"].strip("+$")).translate(_KEPT)
        if match["note"]:
            if match["note"].startswith("footnote"):
                self.omissions.add("notes", match["note"])
            return ""
        if match["stem"]:
            from fastsum.readers.tex.formulas import formula

            return formula(match["formula"])
        if match["link"]:
            shown = match["shown"].partition(",")[0] if "=" in match["shown"] else match["shown"]
            shown = shown.strip('"').removesuffix("^").strip()
            return shown or match["target"].partition("#")[0].removesuffix(".adoc") or match["target"].lstrip("#")
        if match["reference"]:
            return (match["words"] or match["reference"].rpartition("#")[2].lstrip("_").replace("_", " ")).strip()
        if match["macro"]:
            if match["macro"] == "linkgit":
                return f"{match['menu']}({match['key']})"
            return " → ".join(filter(None, [match["menu"], match["key"].replace(" > ", " → ")]))
        return ""

    def _value(self, match: re.Match[str]) -> str:
        name, words = match.groups()
        if name in _BUILT_IN and words is None:
            return self._attributes[name].translate(_KEPT)
        if name in self._attributes:
            return self._growth.checked(self._attributes[name]) + (f"[{words}]" if words is not None else "")
        if words:  # the words of a link, whose address is defined elsewhere
            return str(words)
        self._places[name] = None
        return f"[{name}]"


def _quoted(match: re.Match[str]) -> str:
    return f"“{match[1]}”" if match[1] else f"‘{match[2]}’"


def _unmarked(match: re.Match[str]) -> str:
    text = match["text"]
    if match["marks"] == "+" and not any(map(str.isalnum, text)):
        return str(text).translate(_KEPT)  # signs that are passed through; words are code in older documents
    if len(text) > 2 and text[0] == text[-1] == "+":
        text = text[1:-1]
    return f"`{text}`" if match["marks"] in ("`", "``", "+") and "`" not in text else text


def _script(match: re.Match[str]) -> str:
    before, mark, text = match.groups()
    return before + (raised if mark == "^" else lowered)(before, text)
