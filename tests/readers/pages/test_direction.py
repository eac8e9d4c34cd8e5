"""Letters that run from right to left, placed as PDFs place them."""

from __future__ import annotations

import pytest

from fastsum.readers.pages.direction import turned_words
from fastsum.readers.pages.layout import lines_in_order
from fastsum.readers.pages.words import Word

HEBREW = "הנמל נסגר ביוני עד שהקיר החדש יושלם."
WIDE = 6.0


def word(text: str, x: float, width: float) -> Word:
    return Word(text, x, x + width, 700.0, 10.0, 400, False, 1)


def letters(text: str, right: float = 500.0) -> list[Word]:
    """Each letter of a line as a word of its own, from the right; numbers and Latin words as one."""
    placed = []
    for part in text.split():
        for piece in [part] if part.isascii() else part:
            width = WIDE * len(piece)
            placed.append(word(piece, right - width, width))
            right -= width
        right -= 3.0
    return placed


def read(words: list[Word]) -> str:
    return "\n".join(line.text for line in lines_in_order([turned_words(words, set())]))


@pytest.mark.parametrize("backwards", [False, True])
def test_letters_become_words_in_the_order_of_reading(backwards: bool) -> None:
    placed = letters(HEBREW)
    assert read(placed[::-1] if backwards else placed) == HEBREW


def test_numbers_and_latin_words_keep_their_own_direction() -> None:
    placed = [
        *letters("העיר", 500.0),
        word("York", 430.0, 24.0),
        word("New", 405.0, 18.0),
        *letters("נוסדה ב 1624", 400.0),
    ]
    assert read(placed) == "העיר New York נוסדה ב 1624"


def test_on_a_page_in_english_only_the_hebrew_words_are_turned() -> None:
    placed = [
        word("Harbour", 50.0, 42.0),
        word("means", 96.0, 30.0),
        *letters("נמל ישן", 170.0),
        word("here.", 175.0, 30.0),
    ]
    assert read(placed) == "Harbour means נמל ישן here."


def test_forms_of_letters_for_print_become_letters() -> None:
    placed = [word(letter, 500.0 - WIDE * place, WIDE) for place, letter in enumerate("ﻛﺘﺎﺏ")]
    assert read(placed) == "كتاب"
