"""What stands within the lines of a page, as text: once, and as it is seen."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from lxml import etree

from fastsum.readers.web.markup import blocks_of_tree, prepare


def seen(inside: str) -> str:
    """The text of a page's body, its blocks joined by "|"."""
    source = f"<html><body>{inside}</body></html>".encode()
    tree = etree.fromstring(source, etree.HTMLParser(encoding="utf-8"))
    prepare(tree, source, set())
    return "|".join(
        piece.block.text for piece in blocks_of_tree(tree, lambda part, tag: None if tag == "script" else "")
    )


MATH = "<math><msup><mn>10</mn><mn>6</mn></msup></math>"
ANNOTATED = (
    "<math><semantics><msup><mn>10</mn><mn>6</mn></msup><annotation encoding='application/x-tex'>10^6</annotation>"
    "</semantics></math>"
)


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("10<sup>6</sup> cells in 25 m<SUP>2</SUP>", "10^6 cells in 25 m^2"),
        ("CO<sub>2</sub>, <i>x</i><sub>i</sub><sup>2</sup>, e<sup>x<sup>2</sup></sup>", "CO2, x_i^2, e^(x^2)"),
        ("<b>10</b><i><sup>−3</sup></i>, the 1<sup>st</sup>, Name<sup>®</sup>", "10^−3, the 1st, Name®"),
        ("3<sup>1</sup>/<sub>2</sub> and <sup>1</sup>&frasl;<sub>2</sub>", "3 1/2 and 1⁄2"),
        ("10<span style='vertical-align: super; font-size: 70%'>6</span> m<span class='sup'>2</span>", "10^6 m^2"),
        ("CO<span class=subscript>2</span>, a <span class='subtitle'>b</span>", "CO2, a b"),
        ("He said <q>no, <b>never</b></q>.", "He said “no, never”."),
        ("10 <font face=Symbol>m</font>g, <span style='font-family:Symbol'>\xb3</span> 5", "10 μg, ≥ 5"),
        ("a&shy;gree\u200bment", "agreement"),
    ],
)
def test_signs(inside: str, shown: str) -> None:
    assert seen(f"<p>{inside}</p>") == shown


@pytest.mark.parametrize(
    "inside",
    [
        MATH,
        ANNOTATED,
        f"<span class=katex><span class=katex-mathml>{ANNOTATED}</span>"
        "<span class=katex-html aria-hidden=true>106</span></span>",
        f"<span class=mwe-math-element><span style='display: none'>{MATH}</span><img alt='x' aria-hidden=true></span>",
        "<mjx-container><mjx-math aria-hidden=true>106</mjx-math>"
        f"<mjx-assistive-mml>{MATH}</mjx-assistive-mml></mjx-container>",
        "<span class=MathJax_Preview></span><span class=MathJax>106</span><script type='math/tex'>10^6</script>",
        f"<span class=MathJax><nobr aria-hidden=true>106</nobr><span class=MJX_Assistive_MathML>{MATH}</span></span>"
        "<script type='math/tex'>10^6</script>",
        "<img class=latex alt='10^{6}'>",
    ],
)
def test_a_formula_is_read_once(inside: str) -> None:
    assert seen(f"<p>There were {inside} cells.</p>") == "There were 10^6 cells."


@pytest.mark.parametrize(
    "inside",
    [
        f"<span class=katex-display><span class=katex>{MATH}</span></span>",
        f"{MATH.replace('<math', '<math display=block')}",
        "<script type='math/tex; mode=display'>10^6</script>",
    ],
)
def test_a_formula_on_its_own_line_is_left_out(inside: str) -> None:
    assert seen(f"<p>As in {inside} this.</p>") == "As in this."


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<p>Owls sleep.<sup><a href='#n1'>1</a>, <a href='#n2'>2</a></sup> They do.</p>", "Owls sleep. They do."),
        ("<p>Owls sleep<a href='#n1'><sup>1</sup></a>.</p><p id=n1><sup>1</sup> By day.</p>", "Owls sleep."),
        ("<p>Owls sleep<a href='#n1'>[1]</a>.</p><ol><li id=n1>By day.</li></ol>", "Owls sleep."),
        ("<p>Owls sleep.<sup>7</sup></p><div class='footnote'>7. By day.</div>", "Owls sleep."),
        ("<h2>Owls<a href='#owls'>¶</a></h2><section id=owls><p>By day.</p></section>", "Owls|By day."),
        ("<p>See chapter <a href='#c3'>3</a>.</p><div id=c3><p>By night.</p></div>", "See chapter 3.|By night."),
        ("<p>m<a href='/wiki/Area'><sup>2</sup></a>, 10<sup><a href='#p'>−3</a></sup></p>", "m^2, 10^−3"),
    ],
)
def test_notes_and_their_marks_are_gone(inside: str, shown: str) -> None:
    assert seen(inside) == shown


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "inside",
    ["<sup>2</sup>" * 50_000, "x<sup>" * 200, "<a href='#a'>1</a>" * 50_000, "<q>" * 200 + "x", f"<p>{MATH}" * 5000],
    ids=["sup", "nested sup", "marks", "quotes", "formulas"],
)
def test_many_take_no_time_beyond_their_number(inside: str) -> None:
    assert seen(f"<p>a {inside}</p>")
