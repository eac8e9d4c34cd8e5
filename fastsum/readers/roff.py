"""The language under man pages: lines with requests, and escapes within lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastsum.readers.blocks import Growth
from fastsum.readers.signs import lowered, raised

_CHARACTERS = {  # \(xx and \[xx], as groff_char(7) lists them
    "aq": "'",
    "dq": '"',
    "lq": "“",
    "rq": "”",
    "oq": "‘",
    "cq": "’",
    "ga": "`",
    "ha": "^",
    "ti": "~",
    "at": "@",
    "hy": "-",
    "en": "–",
    "em": "—",
    "mi": "−",
    "pl": "+",
    "mu": "×",
    "di": "÷",
    "+-": "±",
    "eq": "=",
    "<=": "≤",
    ">=": "≥",
    "!=": "≠",
    "~~": "≈",
    "==": "≡",
    "->": "→",
    "<-": "←",
    "ua": "↑",
    "da": "↓",
    "<>": "↔",
    "rs": "\\",
    "bu": "•",
    "co": "©",
    "rg": "®",
    "tm": "™",
    "de": "°",
    "sc": "§",
    "ps": "¶",
    "ct": "¢",
    "Po": "£",
    "Eu": "€",
    "eu": "€",
    "Ye": "¥",
    "12": "1/2",
    "14": "1/4",
    "34": "3/4",
    "ss": "ß",
    "AE": "Æ",
    "ae": "æ",
    "OE": "Œ",
    "oe": "œ",
    "/O": "Ø",
    "/o": "ø",
    ",C": "Ç",
    ",c": "ç",
    "fi": "fi",
    "fl": "fl",
    "ff": "ff",
    "Fi": "ffi",
    "Fl": "ffl",
    "ul": "_",
    "ru": "_",
    "br": "|",
    "ba": "|",
    "bv": "|",
    "sl": "/",
    "sq": "□",
    "OK": "✓",
    "no": "¬",
    "lB": "[",
    "rB": "]",
    "lC": "{",
    "rC": "}",
    "la": "⟨",
    "ra": "⟩",
    "Fo": "«",
    "Fc": "»",
    "fo": "‹",
    "fc": "›",
    "Bq": "„",
    "bq": "‚",
    "r!": "¡",
    "r?": "¿",
    "dg": "†",
    "dd": "‡",
    "if": "∞",
    "sr": "√",
    "mc": "µ",
    "fm": "′",
    "sd": "″",
    "oA": "Å",
    "oa": "å",
    "**": "*",
    "sh": "#",
    "Do": "$",
    "%0": "‰",
    "vA": "⇕",
    "lh": "☜",
    "rh": "☞",
    "*a": "α",
    "*b": "β",
    "*g": "γ",
    "*d": "δ",
    "*e": "ε",
    "*l": "λ",
    "*m": "μ",
    "*p": "π",
    "*s": "σ",
    "*W": "Ω",
}
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", ":": "\u0308", "~": "\u0303", ",": "\u0327", "v": "\u030c"}
_STRINGS = {"R": "®", "Tm": "™", "lq": "“", "rq": "”", "Aq": "'", "<=": "≤", ">=": "≥", "q": '"', "S": "", "--": "—"}
_ESCAPE = re.compile(
    r"\\(?:\((?P<two>..)|\[(?P<long>[^\]\n]{0,200})\]"
    r"|\*(?:\((?P<string2>..)|\[(?P<string>[^\]\n]{0,200})\]|(?P<string1>.))"
    r"|[fFkgMmnVYO](?:\(..|\[[^\]\n]{0,200}\]|[+-]?.)"  # fonts, registers, colours
    r"|s(?:'[^']{0,40}'|\[[^\]\n]{0,40}\]|\([+-]?..|[+-]?\(..|[+-]?\d)"  # sizes
    r"|z?[hvwlLDXRAbCNoSHxZB]'(?P<quoted>[^'\n]{0,2000})'"
    r"|(?P<comment>[\"#].*)|(?P<one>.)|\Z)"
)
_UP, _DOWN = "\ue000", "\ue001"  # half a line, by \\u and \\d or by \\v
_MOVED = re.compile(
    f"([^{_UP}{_DOWN}]{{0,40}})(?:{_UP}([^{_UP}{_DOWN}]{{1,40}}){_DOWN}|{_DOWN}([^{_UP}{_DOWN}]{{1,40}}){_UP})"
)
_ONE = {
    "-": "-",
    "e": "\\",
    "\\": "\\",
    "'": "´",
    "`": "`",
    "~": " ",
    " ": " ",
    "0": " ",
    ".": ".",
    "_": "_",
    "t": "\t",
    "E": "\\",
    "u": _UP,
    "d": _DOWN,
}
_DEFINED = re.compile(r"[.'][ \t]*(?:(ig)|(?:de1?|am1?)[ \t]+[^\s\\]\S*)(?:[ \t]+([^\s\\]\S*))?(?:[ \t].*)?\Z")
_STRING = re.compile(r"^[.'][ \t]*d[se]s?1?[ \t]+(\S+)[ \t]*\"?(.*)$")
_CONDITION = re.compile(
    r"(?P<request>if|ie|el|while)[ \t]*(?P<test>!?(?:n|t|o|e|v|'[^']*'[^']*'|\"[^\"]*\"[^\"]*\"|[crdm][ \t]*\S+"
    r"|\([^)]*\)|\\n[^ \t{\\]*[^ \t{]*|\d\S*))?[ \t]*(?P<rest>.*)"
)
_CONDITIONS = 50  # in conditions, on one line
_ARGUMENT = re.compile(r'"((?:[^"]|"")*)(?:"|\Z)|((?:\\.|[^\s\\])+)', re.DOTALL)


class Roff:
    """The lines of a page: text, and requests that are not about lines and conditions."""

    def __init__(self, length: int = 0) -> None:
        """`length` is that of the page, in characters."""
        self._strings = dict(_STRINGS)
        self._growth = Growth(length)

    def lines(self, text: str) -> Iterator[tuple[str, str]]:
        """(name of the request, rest of the line), with "" as the name of a line of text."""
        skipped = 0  # depth of \\{ in what a condition excludes
        until = ""  # the request that ends a definition
        otherwise = [False]  # whether the next .el applies
        for line in re.sub(r"\\\n", "", text).split("\n"):
            if until:
                until = "" if re.match(rf"[.'][ \t]*{re.escape(until)}[ \t]*\Z", line) else until
                continue
            if skipped:
                skipped = max(0, skipped + line.count("\\{") - line.count("\\}"))
                continue
            if line[:1] in ".'" and (defined := _DEFINED.match(line)):
                until = defined[2] or "."
                continue
            depth = 0
            while (
                depth < _CONDITIONS
                and line[:1]
                and line[0] in ".'"
                and (condition := _CONDITION.fullmatch(line[1:].strip()))
            ):
                depth += 1
                rest = condition["rest"]
                applies = otherwise[0] if condition["request"] == "el" else _holds(condition["test"] or "")
                if condition["request"] == "ie":
                    otherwise[0] = not applies
                if not applies:
                    skipped = max(0, rest.count("\\{") - rest.count("\\}"))
                    line = ""
                    break
                line = re.sub(r"\A\\\{[ \t]*|\\\}", "", rest).lstrip()
            else:
                line = line.replace("\\}", "").replace("\\{", "")
                yield from self._line(line)
                continue
            if line:
                yield from self._line(line)

    def _line(self, line: str) -> Iterator[tuple[str, str]]:
        if line[:1] not in (".", "'") or not line:
            if line.startswith(('\\"', "\\#")):
                yield "comment", line[2:]
            else:
                yield "", line
            return
        if (string := _STRING.match(line)) and line[1:].lstrip().startswith("ds"):
            self._strings[string[1]] = self.shown(string[2])
            return
        name, _, rest = line[1:].lstrip(" \t").replace("\t", " ").partition(" ")
        if name.startswith('\\"'):
            yield "comment", line.partition('"')[2]
        elif name:
            yield name, rest.lstrip()

    def shown(self, text: str) -> str:
        """A text with its escapes written out."""
        if "\\" not in text:
            return text
        text = _ESCAPE.sub(self._escape, text)
        if _UP in text or _DOWN in text:
            text = _MOVED.sub(_on_the_line, text).replace(_UP, "").replace(_DOWN, "")
        return text

    def _escape(self, match: re.Match[str]) -> str:
        if (name := match["two"] or match["long"]) is not None:
            return _character(name)
        string = match["string2"] or match["string"] or match["string1"]
        if string is not None:
            return self._growth.checked(self._strings.get(string, ""))
        if match["quoted"] is not None:
            kind = match[0].lstrip("\\z")[:1]
            if kind == "v" and any(sign in match["quoted"] for sign in "123456789"):
                return _UP if match["quoted"].startswith("-") else _DOWN
            return _character(match["quoted"]) if kind == "C" else match["quoted"] if kind == "Z" else ""
        return _ONE.get(match["one"] or "", "")


def _on_the_line(match: re.Match[str]) -> str:
    before, above, below = match.groups()
    return f"{before}{lowered(before, below) if above is None else raised(before, above)}"


def arguments(rest: str) -> list[str]:
    """The arguments of a request: words, or in quotes, with "" for a quote."""
    rest = rest.partition('\\"')[0].rstrip(" \t") if '\\"' in rest else rest
    return [quoted.replace('""', '"') or word for quoted, word in _ARGUMENT.findall(rest)]


def _holds(test: str) -> bool:
    """Whether a condition holds where a page is shown on a terminal that knows Unicode."""
    negated = test.startswith("!")
    bare = test.lstrip("!").strip()
    if bare[:1] in ("'", '"'):
        parts = bare.split(bare[0])
        known = parts[1] == parts[2] if len(parts) >= 3 else False
    elif bare.startswith("\\n"):
        known = bool(re.match(r"\\n(?:\(\.g|\[\.g\])", bare))  # groff
    else:
        known = bare[:1] in ("n", "o", "c") or bare == "1"
    return known is not negated


def _character(name: str) -> str:
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    if re.fullmatch(r"u[0-9A-Fa-f]{4,6}(?:_[0-9A-Fa-f]{4,6})*", name):
        codes = [int(part, 16) for part in name[1:].split("_")]
        return "".join(chr(code) for code in codes if code < 0x110000 and not 0xD800 <= code < 0xE000)
    if len(name) == 2 and name[0] in _ACCENTS and name[1].isalpha():
        import unicodedata

        return unicodedata.normalize("NFC", name[1] + _ACCENTS[name[0]])
    if match := re.fullmatch(r"char(\d{1,6})", name):
        return chr(int(match[1])) if 31 < int(match[1]) < 0xD800 else ""
    return ""
