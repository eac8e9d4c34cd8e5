"""The tables of the fonts of symbols."""

from __future__ import annotations

import unicodedata

import pytest

from fastsum.readers.symbol import in_symbols, is_symbol_font, symbol


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Symbol", 0x6D, "μ"),
        ("Symbol", 0xF06D, "μ"),
        ("Symbol", 0xF0B3, "≥"),
        ("Symbol", 0xF0A3, "≤"),
        ("Symbol", 0xB1, "±"),
        ("Symbol", 0x2D, "−"),
        ("Symbol", 0xB4, "×"),
        ("Symbol", 0x44, "Δ"),
        ("Symbol", 0xFE, "⎭"),
        ("Symbol", 0xF0, ""),
        ("Symbol", 0x80, ""),
        ("Symbol", 0x2264, "≤"),
        ("Wingdings", 0xF0E0, "→"),
        ("Wingdings", 0xFC, "✓"),
        ("Wingdings 2", 0x50, "✓"),
        ("Wingdings 3", 0x67, "→"),
        ("Bookshelf Symbol 7", 0xF0B3, ""),
        ("Symbol", 0xD800, ""),
        ("Symbol", 0x7FFFFFFF, ""),
    ],
)
def test_symbol(font: str, code: int, shown: str) -> None:
    assert symbol(font, code) == shown


def test_the_table_of_symbol_has_each_greek_letter_once() -> None:
    table = [symbol("Symbol", code) for code in range(0x20, 0xFF)]
    assert sum(map(bool, table)) == 189
    names = [unicodedata.name(sign, "") for sign in table if sign]
    assert sum(name.startswith("GREEK CAPITAL LETTER") for name in names) == 24
    assert sum(name.startswith("GREEK SMALL LETTER") for name in names) == 25  # with the final sigma


def test_text_in_a_font_of_symbols() -> None:
    assert is_symbol_font("symbol")
    assert not is_symbol_font("Times New Roman")
    assert in_symbols("Symbol", "a \uf0b3 5") == "α ≥ 5"
