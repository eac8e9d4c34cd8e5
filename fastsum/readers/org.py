"""Org mode: headings, paragraphs and items, without drawers, dates of planning, tables, code and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastsum.readers.blocks import Block, Omissions, Reading, compose, is_prose
from fastsum.readers.signs import lowered, raised

_HEADING = re.compile(r"(\*+)[ \t]+(.*)\Z")
_TAGS = re.compile(r":(?:[\w@#%]+:)+")
_KEYWORD = re.compile(
    r"(?:TODO|DONE|NEXT|WAIT(?:ING)?|HOLD|CANCELL?ED|STARTED|SOMEDAY|MAYBE|PROJ|IN-PROGRESS|REVIEW)(?=\s|\Z)[ \t]*"
)
_PRIORITY = re.compile(r"\[#\w\][ \t]*")
_COOKIE = re.compile(r"\[\d*%\]|\[\d*/\d*\]")
_SETTING = re.compile(r"#\+([\w-]+)(?:\[[^\]]*\])?:[ \t]*(.*)\Z")
_BLOCK = re.compile(r"[ \t]*#\+begin[_:][ \t]*(\w+)(.*)\Z", re.IGNORECASE)
_DRAWER = re.compile(r"[ \t]*:([\w-]+):[ \t]*\Z")
_DRAWER_END = re.compile(r"[ \t]*:end:[ \t]*\Z", re.IGNORECASE)
_PLANNING = re.compile(
    r"[ \t]*(?:(?:DEADLINE|SCHEDULED|CLOSED|CLOCK):[ \t]*[<\[][^>\]]*[>\]](?:--?[<\[][^>\]]*[>\]])?"
    r"(?:[ \t]*=>[ \t]*[\d:]+)?[ \t]*)+\Z"
)
_STAMP = re.compile(r"[<\[]\d{4}-\d\d-\d\d[^>\]\n]{0,40}[>\]](?:--[<\[]\d{4}-\d\d-\d\d[^>\]\n]{0,40}[>\]])?")
_DATE = re.compile(
    r"[<\[](\d{4}-\d\d-\d\d)(?:[ \t]+[^\W\d]+\.?)?(?:[ \t]+(\d{1,2}:\d\d(?:-\d{1,2}:\d\d)?))?[^>\]]*[>\]]"
)
_TABLE = re.compile(r"[ \t]*\|")
_ITEM = re.compile(
    r"([ \t]*)(?:[-+]|\d{1,3}[.)]|[A-Za-z][.)]|(?<=[ \t])\*)(?:[ \t]+|\Z)(?:\[@?\d+\][ \t]*)?(?:\[[ X-]\][ \t]+)?(.*)\Z"
)
_TERM = re.compile(r"(.{1,120}?)[ \t]::(?:[ \t]+(.*))?\Z")
_RULE = re.compile(r"[ \t]*-{5,}[ \t]*\Z")
_NOTE = re.compile(r"\[fn:[\w-]*\][ \t]+(.*)\Z")
_LATEX = re.compile(r"[ \t]*\\begin\{(\w+\*?)\}")
_FIXED = re.compile(r"[ \t]*:(?:[ \t](.*))?\Z")
_COMMENT = re.compile(r"[ \t]*#(?:[ \t](.*))?\Z")

_LINK = re.compile(r"\[\[([^\[\]]+)\](?:\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\])?\]")
_PICTURE = re.compile(r"\S*\.(?:png|jpe?g|gif|svg|pdf|webp|bmp|tiff?)\Z", re.IGNORECASE)
_INLINE = re.compile(
    r"\[fn:[^\]\[]{0,5000}(?:\[[^\]]{0,200}\][^\]\[]{0,5000}){0,20}\]|<<<?[^<>\n]{1,200}>>>?|\[cite[^\]]{0,500}\]"
    r"|(?:src|call)_\w{1,40}(?:\[[^\]]{0,200}\])?[{(][^})]{0,500}[})]|@@[\w-]{1,40}:.{0,2000}?@@|\{\{\{.{0,2000}?\}\}\}|#\+\w+:\S*"
)
_FORMULA = re.compile(r"\\\((.{1,1000}?)\\\)|(?<![\w$\\])\$([^\s$](?:[^$\n]{0,300}[^\s$])?)\$(?![\w$])")
_ENTITY = re.compile(r"\\([A-Za-z]{2,12})(?:\{\}|(?![A-Za-z]))")
_MARKED = re.compile(
    r"(?P<before>\A|[\s(\[{'\"“‘—–-])(?P<mark>[*/_=~+])(?P<text>\S|\S[^\n]{0,500}?\S)(?P=mark)(?=\Z|[\s.,;:!?'\")\]}”’—–\[-])"
)
_DASHES = re.compile(r"(?<=\w)-{2,3}(?=\w)|(?<= )-{2,3}(?= )")
_SCRIPT = re.compile(r"(\S{0,40})([\^_])\{([^{}\n]{1,60})\}")
_ENTITIES = {
    "nbsp": " ",
    "ndash": "–",
    "mdash": "—",
    "hellip": "…",
    "deg": "°",
    "euro": "€",
    "pound": "£",
    "amp": "&",
    "minus": "−",
    "permil": "‰",
}
_LEFT_OUT = {"src": "code", "example": "code", "export": "code", "comment": "comments", "latex": "equations"}


def read(content: bytes) -> Reading:
    """The text of a document in UTF-8."""
    reader = _Reader(content.decode("utf-8").split("\n"))
    blocks = list(reader.blocks())
    if reader.title:
        blocks.insert(0, Block(reader.title, level=1))
    files = f"includes other files, which were not read: {', '.join(reader.files)}."
    return compose(blocks, reader.title, warnings=[files] if reader.files else [], omissions=reader.omissions)


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.omissions = Omissions()
        self.title: str | None = None
        self.files: list[str] = []
        self._lines = [line.rstrip() for line in lines]
        self._place = 0
        self._paragraph: list[str] = []
        self._item = False
        self._hidden = 0  # the level of a heading whose section is not for readers
        self._states: set[str] = set()
        self._searched: dict[str, int] = {}  # for what ends a block, the line up to which it does not come

    def blocks(self) -> Iterator[Block]:
        """The headings, paragraphs and items, in order."""
        while self._place < len(self._lines):
            line = self._lines[self._place]
            self._place += 1
            heading = _HEADING.fullmatch(line) if line[:1] == "*" else None
            if heading:
                yield from self._flush()
                yield from self._heading(heading)
            elif self._hidden:
                self.omissions.add("comments", line)
            elif not line.strip() or self._skip(line):
                yield from self._flush()
            elif item := _ITEM.fullmatch(line):
                yield from self._flush()
                self._item = True
                text = item[2]
                if term := _TERM.fullmatch(text):
                    yield Block(self._text(term[1]), item=True, term=True)
                    self._item = False
                    text = term[2] or ""
                self._paragraph += [text] if text else []
            else:
                self._paragraph.append(line)
        yield from self._flush()

    def _heading(self, found: re.Match[str]) -> Iterator[Block]:
        level = len(found[1])
        if self._hidden and level > self._hidden:
            return
        words = found[2].rsplit(None, 1)
        tags = words[1] if len(words) > 1 and _TAGS.fullmatch(words[1]) else ""
        text = _KEYWORD.sub("", words[0] if tags else found[2], count=1)
        word, _, rest = text.partition(" ")
        text = rest.strip() if word in self._states else text
        is_comment = text.startswith("COMMENT ") or text == "COMMENT"
        hidden = is_comment or ":noexport:" in tags or ":ARCHIVE:" in tags
        self._hidden = level if hidden else 0
        if not hidden:
            text = self._text(_COOKIE.sub("", _PRIORITY.sub("", text)))
            yield Block(text, level=level + (self.title is not None))

    def _skip(self, line: str) -> bool:
        """Pass over what is no text, from this line on."""
        if block := _BLOCK.match(line):
            return self._block(block[1].lower())
        if setting := _SETTING.match(line.lstrip()):
            self._setting(setting[1].lower(), setting[2])
        elif _PLANNING.fullmatch(line) or _RULE.fullmatch(line):
            pass
        elif _DRAWER.fullmatch(line) and (end := self._end(_DRAWER_END)) is not None:
            self._place = end + 1
        elif _TABLE.match(line):
            self._table()
        elif note := _NOTE.match(line):
            self.omissions.add("notes", " ".join([note[1], *self._rest()]))
        elif latex := _LATEX.match(line):
            end = self._end(re.compile(rf".*\\end\{{{re.escape(latex[1])}\}}"))
            stop = self._place if end is None else end + 1
            self.omissions.add("equations", "".join(self._lines[self._place - 1 : stop]))
            self._place = stop
        elif line.lstrip().startswith(("\\[", "$$")):
            closing = "\\]" if "\\[" in line else "$$"
            start, found = self._place - 1, closing in line.lstrip()[2:]
            while not found and self._place < len(self._lines) and self._lines[self._place]:
                found = closing in self._lines[self._place]
                self._place += 1
            self.omissions.add("equations", "".join(self._lines[start : self._place]))
        elif comment := (_COMMENT.fullmatch(line) or _FIXED.fullmatch(line)):
            self.omissions.add("comments" if line.lstrip()[0] == "#" else "code", comment[1] or "")
        else:
            return False
        return True

    def _setting(self, name: str, value: str) -> None:
        if name == "title":
            self.title = f"{self.title} {self._text(value)}" if self.title else self._text(value)
        elif name in ("todo", "seq_todo", "typ_todo"):
            self._states |= {re.sub(r"\(.*\)", "", word) for word in value.split() if word != "|"}
        elif name in ("include", "setupfile") and value:
            self.files.append(value.split('"')[1] if value.count('"') > 1 else value.split()[0])
        elif name == "caption":
            self.omissions.add("captions", value)

    def _block(self, name: str) -> bool:
        end = self._end(re.compile(rf"[ \t]*#\+end[_:][ \t]*{re.escape(name)}[ \t]*\Z", re.IGNORECASE))
        if end is None:
            return True
        if name in _LEFT_OUT:
            self.omissions.add(_LEFT_OUT[name], "\n".join(self._lines[self._place : end]))
            self._place = end + 1
        else:  # a quotation, a note: what is in it is read
            self._lines[end] = ""
        return True

    def _end(self, pattern: re.Pattern[str]) -> int | None:
        """The line that ends what begins here, before the next heading; None where there is none."""
        place = max(self._place, self._searched.get(pattern.pattern, 0))
        while place < len(self._lines) and not pattern.match(self._lines[place]):
            if self._lines[place].startswith("* "):
                break
            place += 1
        self._searched[pattern.pattern] = place
        return place if place < len(self._lines) and pattern.match(self._lines[place]) else None

    def _rest(self) -> list[str]:
        """The further lines of a paragraph."""
        start = self._place
        while self._place < len(self._lines) and (line := self._lines[self._place]).strip():
            if _HEADING.fullmatch(line) or _NOTE.match(line):
                break
            self._place += 1
        return self._lines[start : self._place]

    def _table(self) -> None:
        self._place -= 1
        rows = []
        while self._place < len(self._lines) and _TABLE.match(self._lines[self._place]):
            rows.append(self._lines[self._place])
            self._place += 1
        rows = [row for row in rows if "-+-" not in row]
        cells = [cell.strip() for row in rows for cell in row.strip(" |").split("|")]
        self._lines[self._place : self._place] = [line for cell in cells if is_prose(cell) for line in ("", cell, "")]
        self.omissions.add("tables", "".join(cell for cell in cells if not is_prose(cell)))

    def _flush(self) -> Iterator[Block]:
        text = self._text(" ".join(line.strip().removesuffix("\\\\") for line in self._paragraph))
        if text:
            yield Block(text, item=self._item)
        self._paragraph = []
        self._item = False

    def _text(self, source: str) -> str:
        """A paragraph on one line, without marks."""
        text = _LINK.sub(self._link, source) if "[[" in source else source
        text = (
            _INLINE.sub(self._inline, text)
            if any(mark in text for mark in ("[fn", "<<", "[cite", "_", "@@", "{{{"))
            else text
        )
        text = _STAMP.sub(_dates, text) if "-" in text and ("<" in text or "[" in text) else text
        if "\\" in text or "$" in text:
            text = _ENTITY.sub(_entity, _FORMULA.sub(_formula, text))
        if "{" in text:
            text = _SCRIPT.sub(_script, text)
        marked = ""
        for _ in range(2 if any(mark in text for mark in "*/_=~+") else 0):  # marks in marks
            if marked != text:
                marked, text = text, _MARKED.sub(self._unmarked, text)
        if "--" in text:
            text = _DASHES.sub(lambda dashes: "—" if len(dashes[0]) == 3 else "–", text)
        return " ".join(text.split())

    def _unmarked(self, match: re.Match[str]) -> str:
        text = match["text"]
        if match["mark"] == "+":
            self.omissions.add("struck-out text", text)
            return str(match["before"])
        return match["before"] + (f"`{text}`" if match["mark"] in "=~" and "`" not in text else text)

    def _link(self, match: re.Match[str]) -> str:
        target, words = match.groups()
        if words is None and _PICTURE.match(target):
            self.omissions.add("figures", target)
            return ""
        if words and _PICTURE.match(words):
            return ""
        return words or re.sub(r"\A(?:file:|mailto:|id:|[*#])", "", target)

    def _inline(self, match: re.Match[str]) -> str:
        found = match[0]
        if found.startswith("[fn"):
            self.omissions.add("notes", found.partition(":")[2].partition(":")[2])
            return ""
        if found.startswith("[cite"):
            self.omissions.add("citations", found)
            return ""
        if found.startswith("<<"):
            return found.strip("<>")
        if found.startswith("src_"):
            return f"`{found.rpartition('{')[2].rstrip('}')}`"
        if found.startswith("{{{"):  # a macro, of which its argument is shown
            return found.strip("{}").partition("(")[2].removesuffix(")")
        return ""


def _dates(match: re.Match[str]) -> str:
    """Dates as they are read: <2026-06-01 Mon 10:00> is 2026-06-01 10:00."""
    return _DATE.sub(lambda date: " ".join(filter(None, date.groups())), match[0]).replace("--", "–")


def _formula(match: re.Match[str]) -> str:
    from fastsum.readers.tex.formulas import formula

    return formula(match[1] or match[2])


def _entity(match: re.Match[str]) -> str:
    if match[1] in _ENTITIES:
        return _ENTITIES[match[1]]
    from fastsum.readers.tex.formulas import sign

    return sign(match[1]) or match[0]


def _script(match: re.Match[str]) -> str:
    before, mark, text = match.groups()
    return before + (raised if mark == "^" else lowered)(before, text)
