"""Raised numbers and signs: marks of notes, powers, isotopes and the numerators of fractions."""

from __future__ import annotations

import re

_SMALL = 0.85  # of the size of the rest of the line
_RAISED = 0.15  # of that size
_NOTE = re.compile(r"[\d*∗†‡§¶‖][\d,–*∗†‡§¶‖]*")  # small and raised, these point to a note or a reference

_ELEMENTS = re.findall(  # by their number of protons
    "[A-Z][a-z]?",
    "HHeLiBeBCNOFNeNaMgAlSiPSClArKCaScTiVCrMnFeCoNiCuZnGaGeAsSeBrKrRbSrYZrNbMoTcRuRhPdAgCdInSn"
    "SbTeIXeCsBaLaCePrNdPmSmEuGdTbDyHoErTmYbLuHfTaWReOsIrPtAuHgTlPbBiPoAtRnFrRaAcThPaUNpPuAmCm",
)
_ISOTOPE = re.compile(r"[A-Z][a-z]?(?![a-z])")
_MASSES = 1.7, 2.7  # of the number of protons

# What a raised number after it is no exponent of: words and capitals, stops, and years, thousands and amounts of
# money. "$10", "2048" and "1536", the side of a grid, can have one.
_NOTED = re.compile(
    r"(?:[a-z]{3}|[A-Z]{3}|\b(?:of|to)|[.,;:?!)\]”’\"%]"
    r"|(?<![\d.,])(?!1536\Z)(?:1[5-9]\d|20[0-3])\d|\d,\d{3}|[$€£](?!10\Z)\d[\d.,]*)\Z"
)
_NAME = re.compile(r"[A-Z][a-z]{1,2}\Z")  # of a person, before the number of an institute
_POWERS = ("2", "3")  # of units with such letters (Pa, Hz)
_SLASHES = "⁄∕"


def is_raised_note(text: str, y: float, size: float, line_y: float, line_size: float) -> bool:
    """Whether a text is a small raised number or sign that points to a note."""
    return size < _SMALL * line_size and y > line_y + _RAISED * line_size and _NOTE.fullmatch(text) is not None


def is_isotope(number: str, text: str) -> bool:
    """Whether a raised number is part of the name of an isotope that the text begins with, as of carbon: 14 and C."""
    symbol = _ISOTOPE.match(text)
    if symbol is None or symbol[0] not in _ELEMENTS or not number.isdecimal():
        return False
    protons = _ELEMENTS.index(symbol[0]) + 1
    return int(number) > 9 and _MASSES[0] * protons <= int(number) <= _MASSES[1] * protons


def is_numerator(number: str, after: str) -> bool:
    """Whether a raised number is the upper part of a fraction, such as ¾, whose slash and lower part come after it."""
    return number.isdecimal() and after[:1] in _SLASHES and after[1:2].isdecimal()


def raised(number: str, before: str) -> str | None:
    """How a raised number behind the text of a word is written, as a power; None if it points to a note."""
    if _NOTED.search(before) or (number not in _POWERS and _NAME.fullmatch(before)):
        return None
    return f"^{number}" if before[-1].isdigit() else number
