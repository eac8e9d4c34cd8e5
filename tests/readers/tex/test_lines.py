"""Formulas in TeX on one line."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from fastsum.readers.tex.lines import line_of_tex


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"10^6", "10^6"),
        (r"10^{-3}\,\mathrm{m}", "10^−3 m"),
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
def test_a_formula_is_one_line(source: str, shown: str) -> None:
    assert line_of_tex(source) == shown


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "source", [r"\foo{x}", r"\begin{matrix}1\end{matrix}", "{" * 1000, "x" * 100_000, r"\def\a{\a\a}\a"]
)
def test_what_is_not_known_is_not_guessed(source: str) -> None:
    assert line_of_tex(source) is None
