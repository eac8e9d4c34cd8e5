"""Characters that a PDF's fonts name wrongly."""

from __future__ import annotations

import pytest

from fastsum.readers.pages.encodings import PI_SIGNS, Letters, sign_of, with_letters_of_calibri
from fastsum.readers.pages.words import Word


@pytest.mark.parametrize(
    ("char", "width", "before", "font", "sign"),
    [
        ("2", 0.92, " ", "ABCDEF+AdvPS7DA6", "−"),
        ("2", 0.5, " ", "ABCDEF+AdvPS7DA6", None),
        ("2", 0.92, " ", "Helvetica-Extended", None),
        (",", 0.92, " ", "AdvPS7DA6", "<"),
        (",", 0.25, "a", "AdvPS7DA6", None),
        ("£", 0.69, " ", "AdvPS7CFD", "×"),
        ("£", 0.5, " ", "AdvTimes", None),
        ("¼", 0.85, " ", "AdvMathSymb", "="),
        ("¼", 0.85, "1", "AdvMathSymb", None),
        ("ð", 0.35, "t", "AdvMathSymb", "("),
        ("ð", 0.5, "i", "AdvOT863180fb", None),
        (":", 0.3, "0", "AdvP4C4E51", "."),
        (":", 0.3, "s", "AdvPS405B6", None),
        ("3", 0.92, " ", "AdvP414BFB", "×"),
        ("3", 0.51, " ", "AdvP7627", None),
        ("5", 0.92, " ", "AdvP414BFB", "="),
        ("<", 0.89, " ", "AdvP7DB7", "≈"),
        ("<", 0.89, " ", "AdvP4C4E51", None),
        ("m", 0.6, " ", "CNDFNK+AdvP43B38B", "µ"),
        ("m", 0.6, " ", "CNDFNK+AdvP705F", None),
    ],
)
def test_signs_of_formulas_go_by_the_names_of_other_characters(
    char: str, width: float, before: str, font: str, sign: str | None
) -> None:
    assert ord(char) in PI_SIGNS
    assert sign_of(ord(char), width, ord(before), lambda: font) == sign


def spelt(words: list[str], ligatures: dict[tuple[int, int], float], fonts: dict[int, str] | None = None) -> list[str]:
    """Words whose letters are as wide as usual, but those at (word, letter), which have a width of their own."""
    letters = Letters()
    texts = [list(word) for word in words]
    for index, word in enumerate(words):
        for place, char in enumerate(word):
            if char in "filh":
                width = ligatures.get((index, place), {"h": 0.5}.get(char, 0.25))
                letters.add(ord(char), "Garamond", width, texts[index][: place + 1], index)
                letters._latest[-1] = letters._latest[-1]._replace(text=texts[index])
    letters.spell_ligatures(lambda index: (fonts or {}).get(index, "Garamond"))
    return ["".join(text) for text in texts]


def test_a_letter_as_wide_as_a_ligature_is_one() -> None:
    words = ["hill", "fill", "hifi", "lilith", "fifth", "half", "irst", "luctuate", "difer", "he", "this"]
    wide = {(6, 0): 0.52, (7, 0): 0.5, (8, 2): 0.41, (9, 0): 1.05}
    assert spelt(words, wide)[6:] == ["first", "fluctuate", "differ", "The", "this"]


def test_a_wide_letter_of_another_font_is_itself() -> None:
    words = ["hill", "fill", "hifi", "lilith", "fifth", "(writes"]
    assert spelt(words, {(5, 3): 0.52}, {5: "Courier"})[-1] == "(writes"


def test_letters_that_share_the_place_of_a_ligature_are_named_right() -> None:
    letters = Letters()
    texts = [list("i") for _ in range(6)]
    for text in texts:
        letters.add(ord("i"), "Garamond", 0.25, text, 0)
    cut = ["f"]
    letters.add(ord("f"), "Garamond", 0.5, cut, 0)
    cut.append("i")
    letters.drop(cut)
    letters.spell_ligatures(lambda index: "Garamond")
    assert cut == ["f", "i"]


def word(text: str, font: str) -> Word:
    return Word(text, 72.0, 100.0, 700.0, 10.0, 400, False, 1, font=font)


def test_the_letters_of_calibri_are_read_where_other_names_stand_for_them() -> None:
    page = [word(text, "AAAAAA+Calibri") for text in ("piǆŵap’s", "CoŶstƌuĐtoƌ", "Ŷow", "ƌeƋuiƌes", "ϭϮ.", "aƩeŶƟoŶ")]
    other = [word("Đakovo", "Times"), word("Ŵynne", "Times")]
    (read,) = with_letters_of_calibri([[*page, *other]])
    expected = ["pixmap’s", "Constructor", "now", "requires", "12.", "attention", "Đakovo", "Ŵynne"]
    assert [one.text for one in read] == expected


def test_a_font_whose_capitals_have_other_names_too_cannot_be_read() -> None:
    ((read, sign),) = with_letters_of_calibri([[word("dŚĞƌĞƐƵůƚ", "AAAAAA+Calibri"), word("–", "AAAAAA+Calibri")]])
    assert read.text == "\ufffd" * 9
    assert sign.text == "–"
