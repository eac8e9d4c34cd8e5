"""The code pages, signs and destinations of RTF 1.9.1."""

from __future__ import annotations

import codecs

from fastsum.readers.symbol import in_symbols, is_symbol_font, symbol

_CHARSETS = {  # of a font, and Python's name of the code page
    77: "mac_roman", 78: "shift_jis", 79: "euc_kr", 80: "gb2312", 81: "big5", 83: "mac_greek", 85: "mac_turkish",
    88: "mac_latin2", 89: "mac_cyrillic", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_PAGES = {
    708: "iso8859_6", 936: "gbk", 1361: "johab", 10000: "mac_roman", 10001: "shift_jis", 10006: "mac_greek",
    10007: "mac_cyrillic", 10029: "mac_latin2", 10081: "mac_turkish", 65001: "utf-8",
}  # fmt: skip
_ANSI = "cp1252"
KINDS = {"ansi": _ANSI, "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
"""Words at the beginning of a file that name its code page."""
_ANSI_CHARSET, _SYMBOL_CHARSET = 0, 2

SIGNS = {
    "bullet": "•", "column": " ", "emdash": "—", "emspace": " ", "endash": "–", "enspace": " ",
    "ldblquote": "“", "line": "\v", "lquote": "‘", "page": " ", "qmspace": " ", "rdblquote": "”",
    "rquote": "’", "tab": " ", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
"""Words that stand for a character; "line" is a line break."""
SYMBOLS = {
    b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"_": "-", b"\t": " ", b"\r": "\n", b"\n": "\n",
}  # fmt: skip
"""Signs behind a backslash that stand for a character; a line end is the end of a paragraph."""

_NO_TEXT = """
    aftncn aftnsep aftnsepc atnauthor atndate atnicn atnid atnparent atnref atntime atrfend atrfstart background
    bkmkend bkmkstart blipuid buptim colorschememapping colortbl datafield datastore docvar falt fchars ffdata
    filetbl footer footerf footerl footerr ftncn ftnsep ftnsepc generator gridtbl header headerf headerl headerr
    info keycode latentstyles lchars levelnumbers leveltext listname listoverridetable listpicture liststylename
    listtable nesttableprops nonesttables nonshppict objalias objclass objdata objname objsect panose passwordhash
    picprop pict pn pnseclvl pntxta pntxtb private protusertbl revtbl rsidtbl rxe shppict shprslt sp tc template
    themedata userprops wgrffmtfilter xe xmlnstbl
"""
DROPPED = frozenset(_NO_TEXT.split())
"""Destinations that are no part of the text."""
COUNTED = {
    "footnote": "notes", "annotation": "comments", "object": "objects",
}  # fmt: skip
"""Destinations that are left out and counted, and under what."""

LEFT_OUT_STYLES = (
    ("toc", "entries of contents"),
    ("table of", "entries of contents"),
    ("index", "entries of contents"),
    ("caption", "captions"),
    ("bibliography", "references"),
)
"""The beginning of a style's name, and what its paragraphs are."""
LEFT_OUT_FIELDS = {"TOC": "entries of contents", "INDEX": "entries of contents", "BIBLIOGRAPHY": "references"}
"""Fields whose result is left out, and under what it is counted."""
MARK_FIELDS = frozenset(("NOTEREF", "PAGE", "NUMPAGES", "SECTIONPAGES"))
"""Fields whose result is a mark or the number of a page."""


def code_page(number: int) -> str:
    """Python's name of a code page; that of Western Windows where the number is unknown."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return _ANSI


def is_utf8(content: bytes) -> bool:
    """Whether a file, against the specification, has UTF-8 in it."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class Fonts:
    """The fonts of a document, which say what characters its bytes are."""

    def __init__(self) -> None:
        self.page = _ANSI  # of the document
        self._fonts: dict[int, tuple[str, int]] = {}  # name and character set
        self._pages: dict[int, str] = {}

    def add(self, font: int, name: str, charset: int) -> None:
        """Add a font with its character set, -1 where it has none."""
        self._fonts[font] = (name, charset)

    def decoded(self, text: bytes, font: int) -> str:
        """The characters that bytes in a font stand for; \ufffd for those that are not known."""
        name, charset = self._fonts.get(font, ("", -1))
        if charset == _SYMBOL_CHARSET or is_symbol_font(name):
            return in_symbols(name, text.decode("latin-1"))
        return text.decode("ascii" if text.isascii() else self._page_of(font, charset), "replace")

    def character(self, code: int, font: int) -> str:
        """The character of a Unicode code, which in a font of symbols can be a private one."""
        name = self._fonts.get(font, ("", -1))[0]
        if 0xF000 <= code <= 0xF0FF and is_symbol_font(name):
            return symbol(name, code)
        return chr(code) if 0 < code < 0x110000 else "\ufffd"

    def _page_of(self, font: int, charset: int) -> str:
        if font not in self._pages:
            page = _charset_page(charset)
            # Word gives fonts the character set of their letters. Where no font has that of the document's code page,
            # another program wrote it, to which 0 means the document's own.
            own = {_charset_page(other) for _, other in self._fonts.values()}
            if page is None or (charset == _ANSI_CHARSET and self.page not in own):
                page = self.page
            self._pages[font] = page
        return self._pages[font]


def _charset_page(number: int) -> str | None:
    """Python's name of the code page of a font's character set; None for that of the document."""
    return _ANSI if number == _ANSI_CHARSET else _CHARSETS.get(number)
