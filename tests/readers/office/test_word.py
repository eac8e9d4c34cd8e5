"""The text of a paragraph of a Word document."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from lxml import etree

from fastsum.readers.blocks import Omissions
from fastsum.readers.office.word import Line

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def read(inside: str) -> tuple[str, dict[str, int]]:
    """The text of a paragraph, and how many of each kind were left out."""
    omissions = Omissions()
    paragraph = etree.fromstring(f"<w:p {NAMESPACES}>{inside}</w:p>")
    text = Line({"Hidden"}, omissions).text(paragraph)
    return " ".join(text.split()), {what: number for what, number, _, _ in omissions.found()}


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


UP, DOWN = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'


def power(base: str, exponent: str) -> str:
    parts = f"<m:e><m:r><m:t>{base}</m:t></m:r></m:e><m:sup><m:r><m:t>{exponent}</m:t></m:r></m:sup>"
    return f"<m:oMath><m:sSup>{parts}</m:sSup></m:oMath>"


def symbol(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def field(code: str, result: str | None = None) -> str:
    """A field by its code, with or without what it showed when it was last updated."""
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{shown}{end}"


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        (run("10") + run("6", UP) + run(" cells in 25 m") + run("2", UP), "10^6 cells in 25 m^2"),
        (run("10") + run("−", UP) + '<w:proofErr w:type="x"/>' + run("3", UP) + run(" m"), "10^−3 m"),
        (run("CO") + run("2", DOWN) + run(", x") + run("i", DOWN) + run("2", UP), "CO2, x_i^2"),
        (run("the 1") + run("st", UP) + run(" Name") + run("®", UP), "the 1st Name®"),
        (run("3") + run("1", UP) + run("/") + run("2", DOWN) + run(" days"), "3 1/2 days"),
        (run("Owls sleep.") + run("4", UP) + run(" They do."), "Owls sleep. They do."),
        (run("10 ") + symbol("Symbol", "F06D") + run("g, ") + symbol("Symbol", "F0B3") + run(" 5"), "10 μg, ≥ 5"),
        (symbol("Wingdings", "F0E0") + run(" yes ") + symbol("Wingdings", "FC"), "→ yes ✓"),
        (run("a ") + symbol("Other", "FC") + symbol("Symbol", "x"), "a \ufffd\ufffd"),
        (run("10 ") + run("m", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + run("g"), "10 μg"),
        (run("5 ") + run("\uf0b1", '<w:rFonts w:ascii="Arial" w:hAnsi="Symbol"/>') + run(" 1"), "5 ± 1"),
        (run("A factor of ") + power("10", "6") + run("."), "A factor of 10^6."),
        (run("agree\xadment") + "<w:r><w:softHyphen/></w:r>", "agreement"),
        (f"<w:r><w:ruby><w:rt>{run('kan')}</w:rt><w:rubyBase>{run('字')}</w:rubyBase></w:ruby></w:r>", "字"),
        (f"<w:hyperlink>{run('A link')}</w:hyperlink><w:sdt><w:sdtContent>{run(' here')}</w:sdtContent></w:sdt>",
         "A link here"),
        (run("10") + run("5", '<w:position w:val="8"/>') + run(" of H") + run("2", '<w:position w:val="-6"/>'),
         "10^5 of H2"),
        (run("raised a little", '<w:position w:val="2"/>'), "raised a little"),
        (run("10 ") + field('SYMBOL 109 \\f "Symbol"', "m") + run("g"), "10 μg"),
        (run("10 ") + field('SYMBOL 109 \\f "Symbol"') + run("g"), "10 μg"),
        (run("2") + field("EQ \\f(1,2)", "") + run(" or ") + field("EQ \\r(,x)") + run(" m"), "2 1/2 or √x m"),
        ('<w:fldSimple w:instr=" EQ \\f(3,4) "/>', "3/4"),
        (run("page ") + field("PAGE", "7"), "page 7"),
    ],
)  # fmt: skip
def test_signs_are_kept(inside: str, shown: str) -> None:
    assert read(inside)[0] == shown


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        (run("Gone.", "<w:vanish/>"), "hidden text"),
        (run("Gone.", '<w:rStyle w:val="Hidden"/>'), "hidden text"),
        (run("Gone.", "<w:strike/>"), "struck-out text"),
        ("<w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del>", "deleted text"),
        ("<w:moveFrom><w:r><w:t>Gone.</w:t></w:r></w:moveFrom>", "deleted text"),
        (f"<m:oMathPara>{power('10', '6')}</m:oMathPara>", "formulas"),
        (field("EQ \\b\\bc\\[(\\a(1,2))"), "equations"),
    ],
)
def test_what_is_not_shown_is_left_out_and_counted(inside: str, what: str) -> None:
    assert read(inside) == ("", {what: 1})
    if what != "formulas":
        assert read(run("Seen. ") + inside + run("Too."))[0] == "Seen. Too."


def test_a_switch_that_is_off_hides_nothing() -> None:
    assert read(
        run("Seen.", '<w:vanish w:val="0"/>') + run(" Too.", '<w:rStyle w:val="Hidden"/><w:vanish w:val="false"/>')
    ) == (
        "Seen. Too.",
        {},
    )


def field(code: str, result: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{marks[1]}{result}{marks[2]}"


def test_fields_are_their_results_and_citations_are_left_out() -> None:
    text = run("See page ") + field(" PAGEREF x ", run("12")) + run(". Owls sleep")
    text += field(' ADDIN ZOTERO_ITEM CSL_CITATION {"id": 1} ', run("3,4", UP)) + run(" by day ")
    text += (
        field(" ADDIN EN.CITE ", run("[5]")) + run(", says ") + field(" ADDIN EN.CITE ", run("Field (2010)")) + run(".")
    )
    assert read(text) == ("See page 12. Owls sleep by day , says Field (2010).", {"citations": 2})
