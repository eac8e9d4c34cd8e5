"""Characters that the fonts of a PDF name wrongly: signs of formulas, halves of ligatures, one letter for another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from fastsum.readers.pages.words import Word, median

# Fonts of 3B2 and "Mathematical Pi" have signs of formulas at the places of other characters. Where those are as wide
# as the sign (a share of the height) they are the sign: a figure 2 or a comma is never that wide. Some of 3B2's have
# more: its names are the same in all files.
_PI_FONT = re.compile(r"(?:\A|\+)(?:Adv|Math(?:ematical)?[ -]?Pi|Universal[\w-]*Pi)")
_STOPS = re.compile(r"(?:\A|\+)AdvP4C4E\w+\Z")
_ALMOST = re.compile(r"(?:\A|\+)AdvP7DB7\Z")
_GREEK = re.compile(r"(?:\A|\+)AdvP43B38B\Z")
_FIGURE, _SIGN = (0.75, 1.2), (1.1, 1.5)
PI_SIGNS = {
    ord(char): (sign, least, most, fonts)
    for chars, signs, (least, most), fonts in (
        ("1235,.", "+−×=<>", _FIGURE, _PI_FONT),
        ("¼þ", "=+", _FIGURE, _PI_FONT),
        ("ðÞ", "()", (0.2, 0.42), _PI_FONT),
        ("£", "×", (0.62, 1.2), _PI_FONT),
        ("~{|", "=−×", _SIGN, _PI_FONT),
        ("<", "≈", _FIGURE, _ALMOST),
        (":;", ".,", (0.0, 1.0), _STOPS),
        ("abcdgjmnprstvw", "αβγδηξµνπρστωφ", (0.0, 1.0), _GREEK),
    )
    for char, sign in zip(chars, signs, strict=True)
}
_QUARTER = 0xBC  # directly after a figure it is itself: 1¼

# A letter that stands for a ligature it ends is as wide as the ligature, against the letter itself.
LIGATURES = {0x66: ("ff", 1.5, 1.9), 0x69: ("fi", 1.75, 2.6), 0x6C: ("fl", 1.75, 2.6), 0x68: ("Th", 1.8, 2.4)}
_LETTERS = 5  # of one kind, from which the usual width of a letter is known
_USUALLY = 0.6  # of them are the letter itself
_NEAR = 0.05  # of the height: widths of one letter differ by less

# Word writes the letters of Calibri that are also part of a ligature under these names.
_SHIFTED = str.maketrans(
    dict(
        zip(
            "ĂďĐĚĞĨŐŚŝũŬůŵŶŽƉƋƌƐƚƵǀǁǆǇǌϬϭϮϯϰϱϲϳϴϵ\u0355\u0358\u0357\u0356\u035b\u035e\u035f\u036c\u0372\u037f",
            "abcdefghijklmnopqrstuvwxyz0123456789,.:;’“”/-)",
            strict=True,
        )
    )
    | {"Į": "fi", "Ň": "fl", "ī": "ff", "ĸ": "ffi", "Ɵ": "ti", "Ʃ": "tt", "Ō": "ft"}
)
_RARE = frozenset("ƉƋƌƐƚƵǀǁǆǇǌϬϭϮϯϰϱϲϳϴϵŶ")  # no language has several of these
_KINDS = 2
_ANY_SHIFTED = re.compile(f"[{''.join(sorted(_RARE))}]")
_PLAIN = frozenset("aeio")
_PLAIN_SHARE = 0.1  # of a font's letters: with fewer, its capitals have other names too, which nobody knows


def is_pi(font: str) -> bool:
    """Whether a font is of a program whose fonts have signs at the places of other characters."""
    return _PI_FONT.search(font) is not None


def sign_of(code: int, width: float, before: int, font: Callable[[], str]) -> str | None:
    """The sign of a formula that a character, a key of PI_SIGNS, is; None if it is itself.

    `width` is a share of its height, `before` the code of the character before it. `font` gives the name of its font.
    """
    sign, least, most, fonts = PI_SIGNS[code]
    if not least < width < most or (code == _QUARTER and chr(before).isdecimal()):
        return None
    return sign if fonts.search(font()) else None


class _Letter(NamedTuple):
    width: float
    """A share of its height."""
    text: list[str]
    """The characters of a word, or of a part of one."""
    place: int
    """Its place in `text`."""
    on_page: int
    """Its place on the page."""


class Letters:
    """The letters of a page that can stand for a ligature, with their widths."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], list[_Letter]] = defaultdict(list)
        self._latest: list[_Letter] = []

    def add(self, code: int, font: str, width: float, text: list[str], index: int) -> None:
        """Note a letter, a key of LIGATURES, that is the last character of `text`.

        Args:
            code: the letter's.
            font: the name of the font in which the word begins.
            width: as a share of its height.
            text: the word's characters so far.
            index: the letter's place on the page.
        """
        self._latest = self._seen[font, code]
        self._latest.append(_Letter(width, text, len(text) - 1, index))

    def drop(self, text: list[str]) -> None:
        """Forget the letter before the last character of `text`: the two are a ligature that the font names right."""
        if self._latest and self._latest[-1].text is text and self._latest[-1].place == len(text) - 2:
            self._latest.pop()

    def spell_ligatures(self, font_of: Callable[[int], str]) -> None:
        """Write the ligature in place of each letter that stands for one, in the texts that were given to `add`.

        `font_of` gives the name of a letter's own font, by its place on the page.
        """
        for (font, code), seen in self._seen.items():
            if len(seen) < _LETTERS:
                continue
            ligature, least, most = LIGATURES[code]
            width = median(letter.width for letter in seen)
            if sum(abs(letter.width - width) <= _NEAR for letter in seen) < _USUALLY * len(seen):
                continue
            for letter in seen:
                if (
                    least * width < letter.width < most * width
                    and (ligature != "Th" or letter.place == 0)
                    and font_of(letter.on_page) == font
                ):
                    letter.text[letter.place] = ligature


def with_letters_of_calibri(pages: list[list[Word]]) -> list[list[Word]]:
    """The words with the letters that a font shows, where it names them as rare letters of other languages."""
    if not any(_ANY_SHIFTED.search(word.text) for page in pages for word in page):
        return pages
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for word in _all(pages):
        used[word.font].update(word.text)
    spelt: dict[str, bool] = {}
    for font, counts in used.items():
        if len(_RARE & counts.keys()) >= _KINDS:
            letters = sum(count for char, count in counts.items() if char.isalpha())
            spelt[font] = sum(counts[char] for char in _PLAIN) >= _PLAIN_SHARE * letters
    return [[_spelt(word, spelt) if word.font in spelt else word for word in page] for page in pages]


def _all(pages: list[list[Word]]) -> Iterable[Word]:
    return (word for page in pages for word in page)


def _spelt(word: Word, fonts: dict[str, bool]) -> Word:
    if fonts[word.font]:
        return word._replace(text=word.text.translate(_SHIFTED))
    return word._replace(text="".join("\ufffd" if char.isalnum() else char for char in word.text))
