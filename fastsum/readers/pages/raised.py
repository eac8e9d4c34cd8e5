"""Raised numbers and signs: marks of notes, powers, isotopes and the numerators of fractions."""

from __future__ import annotations

import re

from fastsum.readers.pages.words import Word

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
_SLASHES = "/⁄∕"
_BESIDE = 0.15  # of its size: a raised number this close to a word belongs to it


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


def is_note(word: Word, after: list[Word], y: float, size: float) -> bool:
    """Whether a word of a line with this baseline and size is a raised number or sign that can point to a note."""
    if not is_raised_note(word.text, word.y, word.size, y, size):
        return False
    return not (after and (is_isotope(word.text, after[0].text) or is_numerator(word.text, after[0].text)))


def without_notes(words: list[Word], y: float, size: float) -> list[Word]:
    """The words of a line without those that point to notes; powers and numerators are joined to their words."""
    kept: list[Word] = []
    upper: Word | None = None
    for index, word in enumerate(words):
        if is_raised_note(word.text, word.y, word.size, y, size):
            if is_numerator(word.text, words[index + 1].text if index + 1 < len(words) else ""):
                upper = word
                continue
            if is_note(word, words[index + 1 : index + 2], y, size):
                before = kept[-1] if kept and word.x0 - kept[-1].x1 < _BESIDE * word.size else None
                if before is not None and (power := raised(word.text, before.text)):
                    kept[-1] = before._replace(text=before.text + power, x1=word.x1)
                continue
        if upper is not None:
            word = word._replace(text=upper.text + word.text, x0=upper.x0)
            upper = None
        kept.append(word)
    return kept or words
