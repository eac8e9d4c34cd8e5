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
        "There were 10^3 owls in a km2, or of them. They were:",
        "- old birds, ringed;",
        "- some of them twice;",
        "- young birds.",
        "I never saw so many.",
    ]


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
    ("prolog", "body"),
    [
        ('<!ENTITY secret SYSTEM "file:///etc/hostname">', "&secret;"),
        ('<!ENTITY % far SYSTEM "http://nowhere.invalid/x.dtd"> %far;', ""),
        ('<!ENTITY owl "Not seen.">', "&owl;"),
    ],
)
def test_entities_are_neither_expanded_nor_fetched(prolog: str, body: str) -> None:
    assert jats.read(HARM.format(prolog, body).encode()).text == "Seen."


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
    with pytest.raises(Unreadable, match="damaged or cut off"):
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
