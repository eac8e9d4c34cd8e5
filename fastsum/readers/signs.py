"""Raised and lowered text and fractions on one line, in the one form that all readers use: 10^6, H2O, 1/2.

Marks of notes are raised too; `NoteMarks` tells them from exponents.
"""

from __future__ import annotations

import re

_ALWAYS_PLAIN = re.compile(
    r"TM|SM|℠|[™®©°º′″'’]+|[\s.,;:()\[\]/]*", re.IGNORECASE
)  # raised by custom, and no exponents
_ORDINAL = re.compile(r"st|nd|rd|th|er|ère|re|e|ème|o|os|a|as", re.IGNORECASE)  # behind a number
_ABBREVIATIONS = frozenset(
    ("Co", "Dr", "Jr", "Mlle", "Mme", "Mr", "Mrs", "Ms", "Mt", "No", "Nos", "Sr", "St", "Ste", "Wm", "no", "nos")
)
_SIMPLE = re.compile(r"[-+−–]?\w+(?:\.\d+)?|\w*[-+−–]|[-+−–]/[-+−–]|[*†‡§¶#]+|\([^()]*\)")
_LOWERED_NUMBER = re.compile(r"\d+(?:\.\d+)?[a-z]?")
_LAST_WORD = re.compile(r"\w+\Z")
_BASES = frozenset(")]}|%°µΩ′")  # what has exponents, beside letters and digits

_MARK = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*,?|[*†‡§¶#]+|\((?:\d{1,3}|[a-z*†‡])\)")
_BRACKETED_MARK = re.compile(r"\[[^\[\]]{1,24}\](?:\s*,?\s*\[[^\[\]]{1,24}\])*")
_STOPS = frozenset('.,;:!?…"”’»')
_MARKED_WORD = re.compile(r"(?<![\w/=*^·×])[^\W\d_]{4,}\Z")
_MARKED_YEAR = re.compile(r"(?:\A|[^\W\d_] |[,;(–-] ?)(?:1[5-9]|20)\d\d\Z")  # "in 1901", and no "= 1901"
_LONG_UNITS = ("inch", "inches", "foot", "feet", "yard", "yards", "mile", "miles", "metre", "metres", "meter", "meters")
_WITH_EXPONENTS = frozenset((*_LONG_UNITS, "sinh", "cosh", "tanh"))


class NoteMarks:
    """Which raised texts of a document are marks of notes, where the format does not say it."""

    def __init__(self) -> None:
        self._last = 0  # the number of the last mark

    def __call__(self, before: str, text: str) -> bool:
        """Whether `text`, raised behind `before`, is the mark of a note: behind a stop, a word that is no unit, a year.

        Behind a word, 2 and 3 can be squares and cubes: they are marks only where the marks have come that far.
        """
        bare = text.strip()
        if _BRACKETED_MARK.fullmatch(bare):
            return True
        if not _MARK.fullmatch(bare):
            return False
        number = int(first[0]) if (first := re.match(r"\d+", bare)) else 0
        if before[-1:] in _STOPS:
            # A decimal point or a thousands separator can be cut from its number.
            is_mark = not (before[-1:] in ".," and before[-2:-1].isdigit() and not bare.isdigit())
        else:
            word = _MARKED_WORD.search(before[-40:])
            is_mark = word is not None and word[0].casefold() not in _WITH_EXPONENTS
            is_mark = is_mark or _MARKED_YEAR.search(before[-8:]) is not None
            if bare in ("2", "3") and self._last != number - 1:
                is_mark = False
        if is_mark and number:
            self._last = number
        return is_mark


_FRACTION = "\ue00f"  # a private character, in front of a fraction


def raised(before: str, text: str) -> str:
    """A raised text behind `before`, as it is written on the line: 10^6, m^2, x^(n+1), Ca^2+; ordinals stay 1st.

    Where nothing stands before it that it could belong to, it is returned as it is. A mark of a note looks the same:
    whether it is one is for the reader to decide before.
    """
    bare = text.strip()
    base = before[-1:]
    if _ALWAYS_PLAIN.fullmatch(bare):
        return text
    if base.isspace() and re.fullmatch(r"[-+−–]?\d+", bare) and before.rstrip()[-1:].isdigit():
        return f"^{bare}{_space_behind(text)}"  # "10 6" would be two numbers
    if not (base.isalnum() or base in _BASES) or not base:
        return text
    if base.isdigit() and _ORDINAL.fullmatch(bare):
        return "°" if bare in ("o", "O") else text  # in English, degrees
    word = _LAST_WORD.search(before[-12:])
    if word and bare.isalpha() and word[0] + bare in _ABBREVIATIONS:
        return f"º{text[1:]}" if word[0] in "Nn" and bare == "o" else text  # "no 5" would be a negation
    return exponent(bare) + _space_behind(text)


def exponent(text: str) -> str:
    """An exponent behind what it belongs to: ^6, ^(n+1)."""
    return f"^{_grouped(text)}"


def lowered(before: str, text: str) -> str:
    """A lowered text behind `before`, as it is written on the line: H2O, PM2.5, HbA1c, log2; x_1, C_max, 10_2.

    Formulas of chemistry are written without a mark. Between letters, after a figure and after a small letter alone
    the mark is needed, else the two would be read as one.
    """
    bare = text.strip()
    joined = _LAST_WORD.search(before[-40:])
    name = joined[0] if joined else ""
    if not name or not any(map(str.isalnum, bare)):
        return text
    is_glued = (
        _LOWERED_NUMBER.fullmatch(bare) is not None
        and not name[-1].isdigit()
        and not (len(name) == 1 == name.islower())
    )
    return (bare if is_glued else f"_{_grouped(bare)}") + _space_behind(text)


def fraction(over: str, under: str) -> str:
    """A fraction on one line: 1/2, (a + b)/c, 1/(2x).

    One that begins with a figure has a mark before it, which `mixed` reads: two and a half is 2 1/2, not 21/2.
    """
    over, under = (
        part if re.fullmatch(r"-?[\w.,%^]+|[√∂Δd]\w+|\([^()]*\)", part) else f"({part})"
        for part in (over.strip().lstrip(_FRACTION), under.strip().lstrip(_FRACTION))
    )
    under = f"({under})" if re.match(r"\d+[^\W\d]", under) else under  # 1/2x would be half of x
    return f"{_FRACTION if over[:1].isdigit() else ''}{over}/{under}"


def mixed(text: str) -> str:
    """A formula with a space between a number and the fraction behind it."""
    return re.sub(rf"(?<=\w){_FRACTION}", " ", text).replace(_FRACTION, "") if _FRACTION in text else text


def _grouped(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _space_behind(text: str) -> str:
    return " " * text[-1].isspace()
