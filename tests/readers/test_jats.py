"""Papers in JATS: sections kept, what surrounds and interrupts them left out, and XML that is out to do harm."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from fastsum.readers import jats
from fastsum.readers.blocks import Unreadable

PAPER = """\
<?xml version="1.0" encoding="utf-16"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS 1.2//EN" "http://nowhere.invalid/JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML">
<front><journal-meta><journal-title>Night Birds</journal-title></journal-meta>
<article-meta>
  <title-group><article-title>Owls and the <italic>noise</italic> of roads<xref ref-type="fn">*</xref></article-title>
  </title-group>
  <contrib-group><contrib><name><surname>Field</surname></name></contrib></contrib-group>
  <abstract><p>Noise makes hunting harder for owls.</p></abstract>
  <abstract abstract-type="graphical"><p>A picture of an owl.</p></abstract>
  <kwd-group><kwd>owls</kwd></kwd-group>
</article-meta></front>
<body>
<p>Owls were heard before they were counted.</p>
<sec><label>1</label><title>Introduction</title>
<p>Owls hunt by ear [<xref ref-type="bibr" rid="r1">1</xref>, <xref ref-type="bibr" rid="r2">2</xref>] and rarely
miss<sup><xref ref-type="bibr" rid="r3">3</xref>,<xref ref-type="bibr" rid="r4">4</xref></sup>. Others agree (see
<xref ref-type="bibr" rid="r1">Field, 1999</xref>; <xref ref-type="bibr" rid="r2">Marsh et al., 2004</xref>).
<xref ref-type="bibr" rid="r5">Reed (2010)</xref> did not. See <xref ref-type="fig" rid="f1">Fig. 1</xref>.</p>
<fig id="f1"><label>Figure 1</label><caption><p>An owl in a box.</p></caption></fig>
</sec>
<sec><title>Methods</title>
<sec><title>Birds</title>
<p>There were 10<sup>3</sup> owls in a km<sup>2</sup>, or
<inline-formula><alternatives><tex-math>\\frac{a}{b}</tex-math><mml:math><mml:mi>a</mml:mi></mml:math></alternatives>
</inline-formula> of them<disp-formula id="e1"><tex-math>x = 1</tex-math></disp-formula>. They were:
<list><list-item><p>old birds, ringed;</p><list><list-item><p>some of them twice;</p></list-item></list></list-item>
<list-item><p>young birds.</p></list-item></list></p>
<table-wrap><caption><p>Birds by year.</p></caption><table><tr><td>1999 was a good year for all of the owls here.</td>
</tr></table></table-wrap>
<disp-quote><p>I never saw so many.</p></disp-quote>
</sec></sec>
<sec sec-type="supplementary-material"><title>Supplement</title><p>A file.</p></sec>
</body>
<back><ack><p>We thank the owls.</p></ack><ref-list><title>References</title><ref id="r1"><mixed-citation>Field 1999
</mixed-citation></ref></ref-list></back>
<sub-article><front-stub/><body><p>A review of the paper.</p></body></sub-article>
</article>
"""


def test_a_paper_is_its_title_abstract_and_sections() -> None:
    reading = jats.read(PAPER.encode())
    assert reading.title == "Owls and the noise of roads"
    assert reading.text.split("\n\n") == [
        "# Owls and the noise of roads",
        "## Abstract",
        "Noise makes hunting harder for owls.",
        "Owls were heard before they were counted.",
        "## Introduction",
        "Owls hunt by ear and rarely miss. Others agree. Reed (2010) did not. See Fig. 1.",
        "## Methods",
        "### Birds",
        "There were 10^3 owls in a km^2, or a of them. They were:",
        "- old birds, ringed;",
        "- some of them twice;",
        "- young birds.",
        "I never saw so many.",
    ]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("Owls hunt\n <sup>\n <xref ref-type='bibr' rid='r1'>1</xref>\n </sup>\n , and see.", "Owls hunt, and see."),
        ("about <inline-formula><tex-math>\\frac{1}{2}</tex-math></inline-formula> of them", "about 1/2 of them"),
        ("the <abbrev>WHO<def><p>World Health</p></def></abbrev> says", "the WHO says"),
        ("by <inline-formula><tex-math>\\unknown{1}</tex-math></inline-formula> of them", "by of them"),
    ],
)
def test_signs_in_a_line(inside: str, shown: str) -> None:
    assert jats.read(f"<article><body><p>{inside}</p></body></article>".encode()).text == shown


def test_several_papers_in_a_file_follow_each_other() -> None:
    paper = "<article><front><article-meta><title-group><article-title>{0}</article-title></title-group></article-meta>"
    paper += "</front><body><p>{0} is here.</p></body></article>"
    reading = jats.read(f"<set>{paper.format('One')}{paper.format('Two')}</set>".encode())
    assert reading.text == "# One\n\nOne is here.\n\n# Two\n\nTwo is here."
    assert reading.title == "One"


def test_names_of_a_namespace_are_understood() -> None:
    text = '<j:article xmlns:j="https://jats.nlm.nih.gov/ns"><j:body><j:p>Words.</j:p></j:body></j:article>'
    assert jats.read(text.encode()).text == "Words."


HARM = "<!DOCTYPE article [{}]><article><body><p>Seen.{}</p></body></article>"


@pytest.mark.parametrize(
    ("prolog", "body", "shown"),
    [
        ('<!ENTITY secret SYSTEM "file:///etc/hostname">', " &secret;", "Seen. &secret;"),
        ('<!ENTITY % far SYSTEM "http://nowhere.invalid/x.dtd"> %far;', "", "Seen."),
        ('<!ENTITY owl "An owl.">', " &owl;", "Seen. An owl."),
    ],
)
def test_own_entities_are_known_and_nothing_is_fetched(prolog: str, body: str, shown: str) -> None:
    reading = jats.read(HARM.format(prolog, body).encode())
    assert reading.text == shown
    assert any("&secret;" in warning for warning in reading.warnings) == ("&secret;" in shown)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("prolog", "body"),
    [
        ("".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "owl " * 10}">' for n in range(12)), "&e11;"),
        ("", "<sec>" * 100_000),
        ("", "<p>Words that do not"),
    ],
)
def test_a_bomb_or_damaged_xml_is_refused(prolog: str, body: str) -> None:
    with pytest.raises(Unreadable, match="damaged or cut off|expand to over"):
        jats.read(HARM.format(prolog, body).encode())


BODY = "<article><front><article-meta/></front><body><p>Owls{}sleep.</p></body></article>"
CITATION = '<xref ref-type="bibr">1</xref>'


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (" " * 200_000, "Owls sleep."),
        (" <sup>2</sup>" * 50_000, "Owls" + " 2" * 50_000 + "sleep."),
        (" (" + "cf. refs. " * 10_000, "Owls (" + "cf. refs. " * 10_000 + "sleep."),
        (" (" + "cf. refs. " * 10 + CITATION + ") ", "Owls sleep."),
        ("\ue000" * 100_000, "Owlssleep."),
    ],
    ids=["spaces", "powers", "a bracket", "a citation", "marks"],
)
def test_repetition_takes_no_time_beyond_its_length(between: str, expected: str) -> None:
    assert jats.read(BODY.format(between).encode()).text == expected


def line(inside: str) -> str:
    """The text of a paragraph."""
    return jats.read(f"<article xmlns:mml='m'><body><p>{inside}</p></body></article>".encode()).text


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("25&ndash;30 caf&eacute;s, 3&times;, 5&thinsp;&percnt;", "25–30 cafés, 3×, 5 %"),
        ("10<sup>&minus;3</sup> m<sup>2</sup> s<sup>-1</sup>", "10^−3 m^2 s^-1"),
        ("CO<sub>2</sub>, PM<sub>2.5</sub>, <italic>x</italic><sub>i</sub><sup>2</sup>", "CO2, PM2.5, x_i^2"),
        ("the 1<sup>st</sup>, <sup>14</sup>C, CD4<sup>+</sup>", "the 1st, 14C, CD4^+"),
        ("3<sup>1</sup>/<sub>2</sub> days", "3 1/2 days"),
        ("as was found before.<sup>12</sup> Owls", "as was found before. Owls"),
        ("of <inline-formula><mml:math><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math>"
         "</inline-formula>.", "of 1/2."),
        ("of <inline-formula><italic>p</italic> = 5</inline-formula>.", "of p = 5."),
        ("<italic>x<bold><sup>2</sup></bold></italic>", "x^2"),
        ("cost <strike>10</strike> 12", "cost 12"),
    ],
)  # fmt: skip
def test_signs_of_the_text_are_kept(inside: str, shown: str) -> None:
    assert line(inside) == shown


def test_what_is_left_out_is_counted() -> None:
    left_out = {what: (number, letters) for what, number, letters, _ in jats.read(PAPER.encode()).left_out}
    assert left_out["references"] == (1, 19)
    assert left_out["formulas"][0] == 1
    assert left_out["tables"][0] == 1
    assert left_out["figures"] == (1, 19)
    assert {"back matter", "supplements"} <= set(left_out)
