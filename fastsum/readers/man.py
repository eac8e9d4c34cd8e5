"""Man pages, in the macros of man(7) and mdoc(7): headings and paragraphs, without tables, examples and synopsis."""

from __future__ import annotations

import re

from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose, is_prose
from fastsum.readers.roff import Roff, arguments

_FONTS = frozenset(("B", "I", "R", "SM", "SB", "C", "CW"))
_MIXED = frozenset(("BI", "BR", "IB", "IR", "RB", "RI", "OP"))
_PARAGRAPHS = frozenset(("PP", "P", "LP", "HP", "RS", "RE", "sp", "br", "Pp", "YS", "in", "fi", "ti", "bp", "ne", "ce"))
_CODE = {"EX": "EE", "nf": "fi", "Vb": "Ve", "CS": "CE", "Bd": "Ed", "EQ": "EN", "PS": "PE", "TS": "TE", "SY": "YS"}
_KINDS = {"EQ": "equations", "TS": "tables", "PS": "figures", "SY": "synopsis"}
_POINTER = re.compile(r"(?:[.']\\\".*\n)*\.so[ \t]+(\S+)")
_BULLET = re.compile(r"\s*(?:[•*o·+-]|\(?(?:\d{1,2}|\w)[.)]|\[?\d{1,2}\]?)?\s*")
_OPENING = frozenset("([")
_CLOSING = frozenset(".,;:!?)]")
_AROUND = {"Dq": "“”", "Sq": "‘’", "Qq": '""', "Pq": "()", "Bq": "[]", "Brq": "{}", "Aq": "⟨⟩", "Op": "[]", "Ql": "``"}
_OPEN = {"Do": "“", "So": "‘", "Qo": '"', "Po": "(", "Bo": "[", "Bro": "{", "Ao": "⟨", "Oo": "["}
_CLOSE = {"Dc": "”", "Sc": "’", "Qc": '"', "Pc": ")", "Bc": "]", "Brc": "}", "Ac": "⟩", "Oc": "]"}
_SYSTEMS = {
    "Bx": "BSD",
    "Fx": "FreeBSD",
    "Nx": "NetBSD",
    "Ox": "OpenBSD",
    "Ux": "UNIX",
    "At": "AT&T UNIX",
    "Dx": "DragonFly",
}
_MDOC = (
    "Cm Ar Pa Ev Va Vt Fa Ic Li Em Sy No Dv Er Ad An Ms Tn Cd Lk Mt Sx St Rs Bk Ek Bf Ef Ft Fd In Lb Dl D1 Nd Xr Fl Fn"
    " Nm Ns Ap Xo Xc Pf"
)
_OWN = frozenset(_MDOC.split()) | {*_AROUND, *_OPEN, *_CLOSE, *_SYSTEMS}


def read(content: bytes) -> Reading:
    """The text of a page in UTF-8. Raises Unreadable where it has none of its own, or its names stand for too much."""
    text = content.decode("utf-8")
    if other := _POINTER.fullmatch(text.strip()):
        raise Unreadable(f"only points to another page, {other[1]}. Name that one.")
    page = _Page(len(text))
    page.read(text)
    return compose(page.blocks, page.title, omissions=page.omissions)


class _Page:
    def __init__(self, length: int) -> None:
        self.blocks: list[Block] = []
        self.omissions = Omissions()
        self.title: str | None = None
        self._roff = Roff(length)
        self._parts: list[str] = []
        self._glue = False  # the next text follows without a space
        self._section = ""
        self._ending = ""  # the request that ends the code or table being read
        self._kind = ""
        self._left_out: list[str] = []
        self._tag = False  # the next line is the tag of a paragraph
        self._item = False
        self._font = False  # the next line of text is in a font, after .B without arguments
        self._name = ""

    def read(self, text: str) -> None:
        """Add the blocks of a page."""
        for request, rest in self._roff.lines(text):
            if self._ending:
                self._skip(request, rest)
            elif request == "comment":
                self.omissions.add("comments", rest)
            elif request == "":
                self._text(rest)
            else:
                self._request(request, rest)
                self._glue = self._glue or rest.endswith("\\c")
        self._flush()
        self._omit()

    def _skip(self, request: str, rest: str) -> None:
        if request == self._ending or (request in ("SH", "SS", "Sh", "Ss") and self._ending in ("fi", "YS")):
            self._ending = ""
            self._omit()
            if request[:1] == "S":
                self._request(request, rest)
        elif self._kind == "tables" and request == "":
            self._left_out.append(self._roff.shown(rest))
        else:
            self._left_out.append(rest)

    def _omit(self) -> None:
        self.omissions.add(self._kind or "code", "\n".join(self._left_out))
        self._left_out.clear()

    def _request(self, request: str, rest: str) -> None:
        if request in ("SH", "SS", "Sh", "Ss"):
            self._heading(request, rest)
        elif request in ("TH", "Dt"):
            given = self._words(rest)
            self._name = given[0].lower() if given else ""
        elif request in _CODE and not (request == "Bd" and "-literal" not in rest and "-unfilled" not in rest):
            self._flush()
            self._ending, self._kind = _CODE[request], _KINDS.get(request, "code")
        elif request in ("TP", "TQ", "IP", "It"):
            self._flush()
            self._item = True
            if request == "TP" or request == "TQ":
                self._tag = True
            else:
                tag = self._mdoc(rest) if request == "It" else " ".join(self._words(rest)[:1])
                if not tag:
                    self._item = False
                elif not _BULLET.fullmatch(tag):  # that of a paragraph which is an item itself
                    self._add(tag)
                    self._flush(term=True)
        elif request in _PARAGRAPHS or request in ("Bl", "El", "Bd", "Ed", "D1", "Dl"):
            self._flush()
            if request in ("D1", "Dl"):
                self.omissions.add("code", rest)
        elif request in _FONTS or request in _MIXED:
            given = self._words(rest)
            self._font = not given
            if given:
                self._add(("" if request in _MIXED else " ").join(given))
                self._end_tag()
        elif request in ("UE", "ME"):
            self._glue = True
            self._add(" ".join(self._words(rest)))
        elif request == "MR":
            given = self._words(rest)
            self._add(f"{given[0]}({given[1]}){''.join(given[2:])}" if len(given) > 1 else "".join(given))
        elif request == "Nm" and not rest:
            self._add(self._name)
        elif request == "Nm" or request == "Nd" or request in _OWN:
            if (
                request == "Nm"
                and not self._section_is("NAME")
                and self._words(rest)[:1]
                and self._words(rest)[0] in _CLOSING
            ):
                rest = f"{self._name} {rest}"
            if request == "Nm" and self._section_is("NAME"):
                self._name = (self._words(rest) or [""])[0]
            self._add(("- " if request == "Nd" else "") + self._mdoc(f"{request} {rest}"))
            self._end_tag()

    def _section_is(self, name: str) -> bool:
        return self._section.upper() == name

    def _heading(self, request: str, rest: str) -> None:
        self._flush()
        text = " ".join(" ".join(self._words(rest)).split())
        if request.upper() == "SH":
            self._section = text
        self._item = self._tag = False
        if text and not self._section_is("SYNOPSIS"):
            self.blocks.append(Block(text, level=1 if request.upper() == "SH" else 2))

    def _words(self, rest: str) -> list[str]:
        return [self._roff.shown(word) for word in arguments(rest)]

    def _text(self, line: str) -> None:
        if not line.strip():
            self._flush()
            return
        if line[0] in " \t" and line.lstrip()[:2] in ("$ ", "% ", "# ", "> "):
            self._flush()
            self.omissions.add("code", line)
            return
        if line[0] in " \t" and self._parts:
            self._flush()
        joined = line.endswith("\\c")
        self._add(self._roff.shown(line.removesuffix("\\c")))
        self._glue = joined
        self._end_tag()

    def _end_tag(self) -> None:
        if self._tag:
            self._tag = False
            self._flush(term=True)

    def _add(self, text: str) -> None:
        if self._parts and not self._glue:
            self._parts.append(" ")
        self._glue = False
        self._parts.append(text)

    def _flush(self, term: bool = False) -> None:
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        if not text:
            return
        item = self._item or text.startswith("• ")
        self._item = False
        if self._section_is("SYNOPSIS"):
            self.omissions.add("synopsis", text)
        elif self._section_is("SEE ALSO") and not is_prose(text):
            self.omissions.add("references", text)
        else:
            self.title = self.title or (text if self._section_is("NAME") else None)
            self.blocks.append(Block(text.removeprefix("• "), item=item, term=term))

    def _mdoc(self, rest: str) -> str:
        """A line of mdoc, whose arguments can be macros themselves, as text."""
        raw = arguments(rest)
        words = [self._roff.shown(word) for word in raw]
        parts: list[str] = []
        closing: list[str] = []
        glue = True
        macro = ""
        for place, word in enumerate(words):
            if raw[place].startswith("\\&") or raw[place].endswith(
                "\\&"
            ):  # shown as it is, where it would be a macro or end a quotation
                parts += ["" if glue else " ", f"-{word}" if macro == "Fl" else word]
                glue = False
                continue
            if word in ("Ns", "Pf", "Ap"):
                glue = True
                if word == "Ap":
                    parts.append("'")
                macro = word if word == "Pf" else macro
                continue
            if word in _OWN:
                macro = word
                if word in _AROUND:
                    parts += ["" if glue else " ", _AROUND[word][0]]
                    closing.append(_AROUND[word][1])
                    glue = True
                elif word in _OPEN:
                    parts += ["" if glue else " ", _OPEN[word]]
                    glue = True
                elif word in _CLOSE:
                    parts.append(_CLOSE[word])
                    glue = False
                elif word in _SYSTEMS:
                    parts += ["" if glue else " ", _SYSTEMS[word]]
                    glue = False
                elif word == "Nm" and (
                    place + 1 == len(words) or words[place + 1] in _CLOSING or words[place + 1] in _OWN
                ):
                    parts += ["" if glue else " ", self._name]
                    glue = False
                elif word == "Fl" and (place + 1 == len(words) or words[place + 1] in _OWN):
                    parts += ["" if glue else " ", "-"]
                    glue = True
                elif word == "Ar" and place + 1 == len(words):
                    parts += ["" if glue else " ", "file ..."]
                continue
            if word in _CLOSING and place and macro:
                parts += [*reversed(closing), word]
                closing.clear()
                glue = False
                continue
            shown = f"-{word}" if macro == "Fl" else word
            if macro == "Xr" and word.isalnum() and len(word) <= 4 and word[0].isdigit():
                parts.append(f"({word})")
                glue = False
                continue
            parts += ["" if glue else " ", shown]
            glue = word in _OPENING or macro == "Pf"
            macro = "" if macro == "Pf" else macro
            if macro == "Fn" and parts[-1] == word and place and words[place - 1] == "Fn":
                parts.append("()")
        return "".join([*parts, *reversed(closing)])
