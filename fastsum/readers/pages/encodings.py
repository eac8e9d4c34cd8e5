"""Characters that the fonts of a PDF name wrongly: signs of formulas, halves of ligatures, one letter for another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from fastsum.readers.pages.words import Word

# Fonts of 3B2 and "Mathematical Pi" have signs of formulas at the places of other characters. Where those are as wide
# as the sign (a share of the height) they are the sign: a figure 2 or a comma is never that wide.
# The decimal point and the comma of one of them go by the names of colon and semicolon.
_PI_FONT = re.compile(r"(?:\A|\+)(?:Adv|Math(?:ematical)?[ -]?Pi|Universal[\w-]*Pi)")
PI_SIGNS = {
    0x32: ("−", 0.75, 1.2),
    0x2C: ("<", 0.75, 1.2),
    0x2E: (">", 0.75, 1.2),
    0xA3: ("×", 0.62, 1.2),
    0xBC: ("=", 0.75, 1.2),
    0xF0: ("(", 0.2, 0.42),
    0xDE: (")", 0.2, 0.42),
    0xFE: ("+", 0.75, 1.2),
    0x3A: (".", 0.0, 1.0),
    0x3B: (",", 0.0, 1.0),
}
_STOPS = frozenset((0x3A, 0x3B))
_STOP_FONT = re.compile(r"(?:\A|\+)AdvP4C4E\w+\Z")
_QUARTER = 0xBC  # directly after a figure it is itself: 1¼

# A letter that stands for a ligature it ends is as wide as the ligature, against the letter itself.
LIGATURES = {0x66: ("ff", 1.5, 1.9), 0x69: ("fi", 1.75, 2.6), 0x6C: ("fl", 1.75, 2.6), 0x68: ("Th", 1.8, 2.4)}
_LETTERS = 5  # of one kind, from which the usual width of a letter is known
_USUALLY = 0.6  # of them are the letter itself

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


def sign_of(code: int, width: float, before: int, font: Callable[[], str]) -> str | None:
    """The sign of a formula that a character, a key of PI_SIGNS, is; None if it is itself.

    `width` is a share of its height, `before` the code of the character before it. `font` gives the name of its font.
    """
    sign, least, most = PI_SIGNS[code]
    if not least < width < most or (code == _QUARTER and chr(before).isdecimal()):
        return None
    fonts = _STOP_FONT if code in _STOPS else _PI_FONT
    return sign if fonts.search(font()) else None


class Letters:
    """The letters of a page that can stand for a ligature, with their widths."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], list[tuple[float, list[str], int]]] = defaultdict(list)

    def add(self, code: int, font: str, width: float, text: list[str]) -> None:
        """Note a letter, a key of LIGATURES, that is the last character of `text`; `width` is a share of its height."""
        self._seen[font, code].append((width, text, len(text) - 1))

    def spell_ligatures(self) -> None:
        """Write the ligature in place of each letter that stands for one, in the texts that were given to `add`."""
        for (_, code), seen in self._seen.items():
            ligature, least, most = LIGATURES[code]
            usual, count = Counter(round(width, 1) for width, _, _ in seen).most_common(1)[0]
            if len(seen) < _LETTERS or count < _USUALLY * len(seen) or not usual:
                continue
            near = [width for width, _, _ in seen if abs(width - usual) <= 0.05]
            width_of_letter = sum(near) / len(near)
            for width, text, place in seen:
                if least < width / width_of_letter < most and (ligature != "Th" or place == 0):
                    text[place] = ligature


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
