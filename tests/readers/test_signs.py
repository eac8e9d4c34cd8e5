"""Raised and lowered text on one line."""

from __future__ import annotations

import pytest

from fastsum.readers.signs import NoteMarks, fraction, lowered, mixed, raised


@pytest.mark.parametrize(
    ("before", "text", "shown"),
    [
        ("10", "6", "^6"),
        ("10", "−3", "^−3"),
        ("10", "-3", "^-3"),
        ("10 ", "6", "^6"),
        ("10", "1.5", "^1.5"),
        ("25 m", "2", "^2"),
        ("25 m", "2 ", "^2 "),
        ("x", "n+1", "^(n+1)"),
        ("x", "(n)", "^(n)"),
        ("Ca", "2+", "^2+"),
        ("Apoe", "−/−", "^−/−"),
        ("X", "T", "^T"),
        ("x", "a", "^a"),
        (")", "2", "^2"),
        ("the 1", "st", "st"),
        ("the 20", "th", "th"),
        ("25", "o", "°"),
        ("N", "o", "º"),
        ("n", "o", "º"),
        ("D", "r", "r"),
        ("Name", "TM", "TM"),
        ("Name", "®", "®"),
        ("a ", "14", "14"),
        ("", "14", "14"),
        ("10", " ", " "),
        ("miss", ",", ","),
    ],
)
def test_raised(before: str, text: str, shown: str) -> None:
    assert raised(before, text) == shown


@pytest.mark.parametrize(
    ("before", "text", "shown"),
    [
        ("H", "2", "2"),
        ("CO", "2", "2"),
        ("CO", "2 ", "2 "),
        ("PM", "2.5", "2.5"),
        ("HbA", "1c", "1c"),
        ("log", "10", "10"),
        ("(NH4)", "2", "2"),
        ("x", "1", "_1"),
        ("x", "i", "_i"),
        ("σ", "2", "_2"),
        ("t", "max", "_max"),
        ("GABA", "A", "_A"),
        ("10", "2", "_2"),
        ("x", "i,j", "_(i,j)"),
        ("t", "1/2", "_(1/2)"),
        ("where", ":", ":"),
    ],
)
def test_lowered(before: str, text: str, shown: str) -> None:
    assert lowered(before, text) == shown


@pytest.mark.parametrize(
    ("over", "under", "shown"),
    [("1", "2", "1/2"), ("a + b", "c", "(a + b)/c"), ("(a)(b)", "c", "((a)(b))/c"), ("x^2", "2", "x^2/2")],
)
def test_fraction(over: str, under: str, shown: str) -> None:
    assert mixed(fraction(over, under)) == shown


@pytest.mark.parametrize(
    ("before", "text", "is_mark"),
    [
        ("The owls slept.", "1", True),
        ("the river", "4", True),
        ("the river", "1,4–6", True),
        ("the river", "[2]", True),
        ("the river", "(a)", True),
        ("the river", "*", True),
        ("she said,”", "12", True),
        ("it froze in 1901", "5", True),
        ("(1901–1905", "1", True),
        ("it froze in 1901", "2", False),
        ("x = 1901", "5", False),
        ("1.1901", "5", False),
        ("10", "6", False),
        ("25 km", "2", False),
        ("40 inches", "2", False),
        ("weight/height", "2", False),
        ("= width", "2", False),
        ("income", "2", False),
        ("A", "*", False),
        ("CYP2D6", "*", False),
        ("x", "(1)", False),
        ("s", "-1", False),
        ("", "1", False),
    ],
)
def test_marks_of_notes(before: str, text: str, is_mark: bool) -> None:
    assert NoteMarks()(before, text) is is_mark


def test_marks_are_counted_up() -> None:
    marks = NoteMarks()
    assert [marks("the river", number) for number in "1234"] == [True] * 4
    assert not marks("income", "2")


def test_a_number_and_a_fraction_are_apart() -> None:
    assert mixed(f"2{fraction('1', '2')}") == "2 1/2"
    assert mixed(f"2({fraction('1', '2')})") == "2(1/2)"
    assert mixed(fraction("1", "2x")) == "1/(2x)"
