"""Formulas of TeX on one line, and numbers with units."""

from __future__ import annotations

import pytest

from fastsum.readers.tex.formulas import formula, known_formula
from fastsum.readers.tex.siunitx import listed, number, quantity, unit


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"10^{6}", "10^6"),
        (r"\frac12 + \dfrac{a+b}{c}", "1/2 + (a + b)/c"),
        (r"1.5\times10^{-3}", "1.5 × 10^-3"),
        (r"e^{-x^2}", "e^(-x^2)"),
        (r"x_i^2 + y_{max}", "x_i^2 + y_max"),
        (r"p \leq 0.05", "p ≤ 0.05"),
        (r"x \not= y \neq z", "x ≠ y ≠ z"),
        (r"\{x \in \mathbb{R} \mid x>0\}", "{x ∈ R | x > 0}"),
        (r"\left(\frac{a}{b}\right)^2", "(a/b)^2"),
        (r"\sqrt{n} + \sqrt{n+1}", "√n + √(n + 1)"),
        (r"30^{\circ}\mathrm{C}", "30°C"),
        (r"\mathcal{O}(n \log n)", "O(n log n)"),
        (r"\text{if } x", "if x"),
        (r"\foo{a}", "foo a"),
        (r"a^{2}b_{1}c", "a^2 b_1 c"),
        (r"\log_2 n + \lim_{x \to 0} f", "log2 n + lim_(x → 0) f"),
        (r"\operatorname{dom}f = \operatorname{rank}_k A(\operatorname{dom}(x))", "dom f = rank_k A(dom(x))"),
        (r"\int_0^1 x", "∫_0^1 x"),
        (r"(x+y)_2", "(x + y)_2"),
        ("10^-3", "10^-3"),
    ],
)
def test_a_formula_is_written_on_one_line(tex: str, shown: str) -> None:
    assert formula(tex) == shown


def test_what_stands_before_a_formula_decides_how_it_is_written() -> None:
    assert [formula("_2", "CO"), formula("^{6}", "10"), formula("^{th}", "5")] == ["2", "^6", "th"]


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\metre\per\second\squared", "m/s^2"),
        (r"\kilo\gram\square\metre", "kg·m^2"),
        (r"\per\cubic\centi\metre", "1/cm^3"),
        (r"\joule\per\mole\per\kelvin", "J/(mol·K)"),
        (r"\metre\tothe{4}", "m^4"),
        ("mg~L^{-1}", "mg·L^-1"),
        (r"\degreeCelsius", "°C"),
        (r"\foo", "foo"),
    ],
)
def test_units(tex: str, shown: str) -> None:
    assert unit(tex) == shown


def test_numbers_and_quantities() -> None:
    assert [number("1.5e-3"), number("-3"), number("10(2)")] == ["1.5 × 10^-3", "-3", "10(2)"]
    assert [quantity("50", r"\percent"), quantity("45", r"\degree")] == ["50 %", "45°"]
    assert listed("1;2;3", r"\m") == "1 m, 2 m and 3 m"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"10^6", "10^6"),
        (r"10^{-3}\,\mathrm{m}", "10^-3 m"),
        (r"\frac{1}{2}", "1/2"),
        (r"\dfrac{a+b}{c} \leq 5\%", "(a + b)/c ≤ 5%"),
        (r"\sqrt{x^2+1}, \sqrt[3]{8}", "√(x^2 + 1), ∛8"),
        (r"\sum_{i=1}^{n} x_i^2", "∑_(i = 1)^n x_i^2"),
        (r"{\displaystyle E=mc^{2}}", "E = mc^2"),
        (r"\left(\frac{x}{y}\right)^2", "(x/y)^2"),
        (r"x_{\text{max value}}", "x_(max value)"),
        (r"\mathrm{CO}_2", "CO2"),
        (r"25^\circ\text{C}", "25°C"),
        (r"\bar{x} \pm 3 \times \alpha", "x\u0304 ± 3 × α"),
        (r"$p<0.05$", "p < 0.05"),
        (r"\documentclass{minimal}\begin{document}$$x^{2}$$\end{document}", "x^2"),
    ],
)
def test_a_formula_of_a_page_is_one_line(source: str, shown: str) -> None:
    assert known_formula(source) == shown


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "source", [r"\foo{x}", r"\begin{matrix}1\end{matrix}", "{" * 1000, "x" * 100_000, r"\def\a{\a\a}\a"]
)
def test_what_is_not_known_is_not_guessed(source: str) -> None:
    assert known_formula(source) is None
