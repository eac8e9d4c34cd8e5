import pytest

from fastsum.readers.signs import fraction, lowered, raised


@pytest.mark.parametrize(
    ("before", "text", "shown"),
    [
        ("10", "6", "^6"),
        ("10", "−3", "^−3"),
        ("25 m", "2", "^2"),
        ("x", "n+1", "^(n+1)"),
        ("Ca", "2+", "^2+"),
        (")", "2", "^2"),
        ("the 1", "st", "st"),
        ("Name", "TM", "TM"),
        ("a ", "14", "14"),
        ("", "14", "14"),
        ("10", " ", " "),
    ],
)
def test_raised(before: str, text: str, shown: str) -> None:
    assert raised(before, text) == shown


@pytest.mark.parametrize(
    ("before", "text", "shown"),
    [
        ("H", "2", "2"),
        ("CO", "2", "2"),
        ("x", "1", "_1"),
        ("t", "max", "_max"),
        ("10", "2", "_2"),
        ("x", "i,j", "_(i,j)"),
    ],
)
def test_lowered(before: str, text: str, shown: str) -> None:
    assert lowered(before, text) == shown


@pytest.mark.parametrize(("over", "under", "shown"), [("1", "2", "1/2"), ("a + b", "c", "(a + b)/c")])
def test_fraction(over: str, under: str, shown: str) -> None:
    assert fraction(over, under) == shown
