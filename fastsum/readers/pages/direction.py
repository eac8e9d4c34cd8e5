"""Text that runs from right to left: letters to words, and words to the order in which they are read.

Letters are ordered by their places on the page, not by their order in the file: some programs write the letters of a
Hebrew or Arabic line from the left, some from the right, and PDFium turns both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from itertools import pairwise

from fastsum.readers.pages.words import BASELINE, Word, commonest, rows_of

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OWN_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")  # run from left to right
_DIGIT = re.compile("[A-Za-z\\d]")
_WORD_GAP = 0.25  # of the size, as between letters of other scripts
_MIXED_GAP = 0.1  # between such a letter and one of another script, or a sign


def is_right_to_left(text: str) -> bool:
    """Whether a text has a letter of a script that runs from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def turned_words(words: list[Word], after_gap: Set[int]) -> list[Word]:
    """The words of a page, with the single letters that run from right to left joined to words.

    `after_gap` has the indices of words that a space comes before. Where most of the page runs from right to left, x
    counts from the right.
    """
    places = {id(word): index for index, word in enumerate(words)}
    turned: list[Word] = []
    for row in rows_of(words, BASELINE):
        if any(is_right_to_left(word.text) for word in row):
            turned += _joined(row, places, after_gap)
        else:
            turned += row
    letters = sum(len(word.text) for word in turned if word.text.isalpha())
    inverse = 2 * sum(len(word.text) for word in turned if is_right_to_left(word.text)) > letters
    right = max(word.x1 for word in turned)
    return [
        word._replace(
            x0=right - word.x1 if inverse else word.x0,
            x1=right - word.x0 if inverse else word.x1,
            against=_runs_left(word.text) is not None and _runs_left(word.text) is not inverse,
        )
        for word in turned
    ]


def _runs_left(text: str) -> bool | None:
    """Whether a word runs to the left; None for a sign or number, which goes with the words around it."""
    if is_right_to_left(text) and not _OWN_DIGITS.fullmatch(text[:1]):
        return True
    return False if any(map(str.isalpha, text)) else None


def _joined(row: list[Word], places: dict[int, int], after_gap: Set[int]) -> list[Word]:
    """The words of one line, of which some are single letters that run from right to left."""
    letters = [word for word in row if not unicodedata.combining(word.text[0])]

    def middle(word: Word) -> float:
        x = (word.x0 + word.x1) / 2
        if unicodedata.combining(word.text[0]):  # a vowel sign goes with the letter it is on
            x = min(((abs(x - (base.x0 + base.x1) / 2), (base.x0 + base.x1) / 2) for base in letters), default=(0, x))[
                1
            ]
        return x

    # Of the letters of a ligature, which share one place, PDFium gives the last first.
    ordered = sorted(
        row, key=lambda word: (-round(middle(word), 1), bool(unicodedata.combining(word.text[0])), -places[id(word)])
    )
    groups: list[list[Word]] = [[ordered[0]]]
    for before, word in pairwise(ordered):
        one, other = sorted((places[id(before)], places[id(word)]))
        spaced = other == one + 1 and other in after_gap
        gap = min(part.x0 for part in groups[-1]) - word.x1
        letters_of_both = is_right_to_left(before.text), is_right_to_left(word.text)
        widest = _WORD_GAP if all(letters_of_both) else _MIXED_GAP
        if any(letters_of_both) and not spaced and gap <= widest * word.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_one(group) for group in groups]


def _one(group: list[Word]) -> Word:
    """The word of some letters and numbers, from right to left."""
    if len(group) == 1 and not is_right_to_left(group[0].text):
        return group[0]
    text = ""
    number = ""
    for part in group:
        if _DIGIT.fullmatch(part.text):
            number = part.text + number
        else:
            text += number + part.text
            number = ""
    look = commonest((((word.size, word.weight, word.italic, word.font), 1) for word in group), (0.0, 0, False, ""))
    return group[0]._replace(
        text=unicodedata.normalize("NFKC", text + number),
        x0=min(word.x0 for word in group),
        x1=max(word.x1 for word in group),
        size=look[0],
        weight=look[1],
        italic=look[2],
        font=look[3],
    )
