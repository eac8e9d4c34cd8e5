"""Formulas on one line: each number, letter and operator of the formula, and what is above and below what."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from lxml import etree

from fastsum.readers.formulas import formula


def mathml(inside: str) -> str:
    return formula(etree.fromstring(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{inside}</math>'))


def omml(inside: str) -> str:
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    return formula(etree.fromstring(f'<m:oMath xmlns:m="{namespace}">{inside}</m:oMath>'))


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


X, TWO, SUM = "<mi>x</mi>", "<mn>2</mn>", "<mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow>"


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        (f"<msup><mn>10</mn><mn>6</mn></msup><mo>=</mo>{X}", "10^6 = x"),
        ("<msup><mn>10</mn><mrow><mo>-</mo><mn>3</mn></mrow></msup>", "10^−3"),
        ("<msup><mn>2</mn><mi>a</mi></msup>", "2^a"),
        (f"<mfrac><mn>1</mn>{TWO}</mfrac>", "1/2"),
        (f"<mfrac>{SUM}<mi>c</mi></mfrac>", "(a + b)/c"),
        (f'<mfrac linethickness="0"><mi>n</mi>{TWO}</mfrac>', "n choose 2"),
        (f"<msup>{SUM}{TWO}</msup>", "(a + b)^2"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i^2"),
        ("<msub><mi>CO</mi><mn>2</mn></msub>", "CO2"),
        (
            f"<msqrt>{X}</msqrt><mo>−</mo><mroot>{X}<mn>3</mn></mroot><mo>&lt;</mo><msqrt>{SUM}</msqrt>",
            "√x − ∛x < √(a + b)",
        ),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"
            "<msub><mi>x</mi><mi>i</mi></msub>",
            "∑_(i = 1)^n x_i",
        ),
        (f"<mover>{X}<mo>¯</mo></mover><mo>±</mo><mn>0.5</mn>", "x\u0304 ± 0.5"),
        (f"<mo>-</mo>{X}", "−x"),
        ("<msup><mn>25</mn><mo>∘</mo></msup><mtext>C</mtext>", "25°C"),
        ("<mi>f</mi><mo>\u2061</mo><mfenced><mi>x</mi><mi>y</mi></mfenced>", "f(x, y)"),
        (f"<mi>log</mi><mo>\u2061</mo><mfrac>{X}<mi>y</mi></mfrac>", "log x/y"),
        (f"<msub><mi>log</mi>{TWO}</msub>{X}<mo>+</mo><mi>ln</mi><mn>5</mn>", "log2 x + ln 5"),
        (f"<semantics><mrow>{X}</mrow><annotation encoding='application/x-tex'>y</annotation></semantics>", "x"),
        ("<mmultiscripts><mi>C</mi><mprescripts/><none/><mn>14</mn></mmultiscripts>", "14C"),
        ("<msup/><mfrac/><mroot/>", "()/()√()"),
    ],
)
def test_mathml(inside: str, shown: str) -> None:
    assert mathml(inside) == shown


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        (f"<m:sSup><m:e>{run('10')}</m:e><m:sup>{run('6')}</m:sup></m:sSup>", "10^6"),
        (f"<m:f><m:num>{run('1')}</m:num><m:den>{run('2')}</m:den></m:f>", "1/2"),
        (
            f"<m:f><m:fPr><m:type m:val='noBar'/></m:fPr><m:num>{run('n')}</m:num><m:den>{run('k')}</m:den></m:f>",
            "n choose k",
        ),
        (f"<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/><m:e>{run('a+b')}</m:e></m:rad>", "√(a + b)"),
        (f"<m:rad><m:deg>{run('n')}</m:deg><m:e>{run('x')}</m:e></m:rad>", "x^(1/n)"),
        (
            f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{run('i=1')}</m:sub><m:sup>{run('n')}</m:sup>"
            f"<m:e>{run('i')}</m:e></m:nary>{run('≤5')}",
            "∑_(i = 1)^n i ≤ 5",
        ),
        (f"{run('f')}<m:d><m:e>{run('x')}</m:e></m:d>", "f(x)"),
        (f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=''/></m:dPr><m:e>{run('x')}</m:e></m:d>", "[x"),
        (f"<m:sSubSup><m:e>{run('x')}</m:e><m:sub>{run('i')}</m:sub><m:sup>{run('2')}</m:sup></m:sSubSup>", "x_i^2"),
        (f"<m:acc><m:accPr><m:chr m:val='̂'/></m:accPr><m:e>{run('p')}</m:e></m:acc>", "p̂"),
        (f"<m:func><m:fName>{run('sin')}</m:fName><m:e>{run('x')}</m:e></m:func>", "sin x"),
        (
            f"<m:m><m:mr><m:e>{run('1')}</m:e><m:e>{run('0')}</m:e></m:mr><m:mr><m:e>{run('0')}</m:e></m:mr></m:m>",
            "1, 0; 0",
        ),
        ("<m:sSup/><m:f/><m:nary/><m:acc/>", "()/()∫"),
    ],
)
def test_formulas_of_word(inside: str, shown: str) -> None:
    assert omml(inside) == shown


def test_formulas_below_each_other_stay_apart() -> None:
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    lines = "".join(f"<m:oMath>{run(text)}</m:oMath>" for text in ("a=b", "c=d"))
    element = etree.fromstring(f'<m:oMathPara xmlns:m="{namespace}"><m:oMathParaPr/>{lines}</m:oMathPara>')
    assert formula(element) == "a = b; c = d"


def test_a_formula_that_is_nested_deeply_is_read_flat() -> None:
    assert mathml(f"<mrow>{'<mrow>' * 200}{X}{'</mrow>' * 200}</mrow>") == "x"
