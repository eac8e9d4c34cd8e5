"""TEI: editions and GROBID's papers, the reading that is chosen of two, breaks within words, and what is left out."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from fastsum.readers import tei
from fastsum.readers.blocks import Reading, Unreadable

HEADER = (
    '<teiHeader><fileDesc><titleStmt><title type="sub">A record</title><title type="main">The owls</title>'
    "<author>A. Field</author></titleStmt><sourceDesc><p>From a manuscript.</p></sourceDesc></fileDesc>{}</teiHeader>"
)


BODY = (
    "<front><titlePage><docTitle><titlePart>THE OWLS</titlePart></docTitle></titlePage>"
    '<div type="contents"><list><item>Book one 1</item></list></div><div><head>Preface</head><p>To all.</p></div>'
    "</front><body><div1><head>Book one</head><div2><head>Night</head><pb n='2'/><p>It rained.</p>"
    "<list><item>One owl</item></list><lg><l>The owl</l><l>in the night.</l></lg>"
    "<sp><speaker>Owl</speaker><p>Who?</p></sp><figure><head>An owl</head></figure>"
    "<table><row><cell>1</cell><cell>In the north of the valley there were more owls than in the south.</cell>"
    '</row></table></div2></div1></body><back><div type="notes"><p>On Monday.</p></div>'
    "<div><head>Sources</head><listBibl><bibl>Field</bibl></listBibl></div></back>"
)


def edition(body: str, profile: str = "") -> bytes:
    text = f'<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0">{HEADER.format(profile)}<text>{body}</text>'
    return f"{text}</TEI>".encode()


def lines(body: str) -> list[str]:
    return tei.read(edition(f"<body>{body}</body>")).text.split("\n\n")[1:]


def left_out(reading: Reading) -> dict[str, int]:
    return {part.what: part.letters for part in reading.left_out}


def test_an_edition_is_read_in_order_with_headings_by_the_nesting_of_its_divisions() -> None:
    reading = tei.read(edition(BODY))
    assert reading.text.split("\n\n") == [
        "# The owls",
        "## Preface",
        "To all.",
        "## Book one",
        "### Night",
        "It rained.",
        "- One owl",
        "The owl in the night.",
        "Owl",
        "Who?",
        "In the north of the valley there were more owls than in the south.",
        "## Sources",
    ]
    assert reading.title == "The owls"
    assert left_out(reading) == {"entries of contents": 8, "captions": 5, "tables": 1, "notes": 9, "references": 5}


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<choice><sic>teh</sic><corr>the</corr></choice> owl", "the owl"),
        ("<choice><orig>vpon</orig><reg>upon</reg></choice> a <choice><expan>Doctor</expan><abbr>Dr</abbr></choice>",
         "upon a Doctor"),
        ("It <del>snowed</del><add>rained</add> here", "It rained here"),
        ("so<note place='foot'>A note.</note> it is<ref type='noteAnchor'>1</ref>", "so it is"),
        ("an exam-<lb break='no'/>ple, one<lb/>line", "an example, one line"),
        ("a wo<pb n='3'/>rd and an end.<pb n='4'/>Next", "a word and an end. Next"),
        ("in <fw>THE OWLS 12</fw>the night", "in the night"),
        ("10<hi rend='superscript'>6</hi> H<hi rend='sub'>2</hi>O <hi rend='italic'>Strix</hi>", "10^6 H2O Strix"),
        ("He said <q>so</q> and “<q>thus</q>”.", "He said “so” and “thus”."),
        ("cost <hi rend='strikethrough'>30</hi> 40", "cost 40"),
        ("lost <gap reason='damage'/> here", "lost … here"),
        ("as <app><lem>one</lem><rdg>two</rdg></app> has", "as one has"),
        ("x is <formula><math><msup><mi>x</mi><mn>2</mn></msup></math></formula> so", "x is x^2 so"),
        ("x is <formula notation='TeX'>\\frac{1}{2}</formula> so", "x is 1/2 so"),
        ("known <ref type='bibr'>12</ref>, seen <ref type='bibr'>(Field, 2003)</ref>", "known, seen (Field, 2003)"),
        ("&eacute; &mdash; <unclear>so</unclear> <supplied>it</supplied> is", "é — so it is"),
    ],
)  # fmt: skip
def test_what_stands_in_a_paragraph(inside: str, text: str) -> None:
    assert lines(f"<p>{inside}</p>") == [text]


def test_blocks_in_a_paragraph_follow_it() -> None:
    quotation = "<quote><p>It rained.</p></quote>"
    assert lines(f"<p>He wrote {quotation}<list><item>one</item></list> so.</p>") == [
        "He wrote so.",
        "It rained.",
        "- one",
    ]
    assert lines("<quote>It snowed.</quote><div><head>A</head></div>") == ["It snowed.", "## A"]


def test_a_paper_of_grobid_is_read_with_its_abstract_and_numbered_sections() -> None:
    abstract = "<profileDesc><abstract><div><p>We counted owls.</p></div></abstract></profileDesc>"
    body = (
        '<body><div><head n="1">Introduction</head><p>They hunt <ref type="bibr" target="#b0">(Field, 2003)</ref>.</p>'
        '<formula xml:id="f0">E = m (1)</formula></div><div><head n="1.2">Methods</head><p>By hand.</p></div>'
        '<figure type="table"><head>Table 1</head><table><row><cell>1</cell></row></table></figure></body>'
        '<back><div type="acknowledgement"><div><p>To all.</p></div></div><div type="references"><listBibl>'
        "<biblStruct><title>Owls</title></biblStruct></listBibl></div></back>"
    )
    reading = tei.read(edition(body, abstract))
    assert reading.text.split("\n\n") == [
        "# The owls",
        "## Abstract",
        "We counted owls.",
        "## Introduction",
        "They hunt (Field, 2003).",
        "### Methods",
        "By hand.",
    ]
    assert set(left_out(reading)) == {"equations", "captions", "acknowledgements", "references"}


def test_all_documents_of_a_corpus_are_read() -> None:
    one = edition("<body><p>Words.</p></body>").partition(b"?>")[2]
    assert tei.read(b"<teiCorpus><teiHeader/>" + one + one + b"</teiCorpus>").text.count("Words.") == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (edition("<body><p>Words.</p></body>")[:300], "damaged or cut off"),
        (b"<teiCorpus/>", "without a document"),
        (edition("<div>" * 400), "damaged or cut off"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        tei.read(content)


def test_lines_of_a_speech_in_verse_are_one_paragraph_and_the_cast_is_left_out() -> None:
    cast = "<castList><castItem><role>Ada</role>, a widow</castItem></castList>"
    speech = "<sp><speaker>ADA</speaker><l>The wall that my own father built was</l><l>old, and fell.</l></sp>"
    reading = tei.read(edition(f"<front>{cast}</front><body>{speech}<stage>Exit Ada.</stage></body>"))
    assert reading.text.split("\n\n")[-3:] == [
        "ADA",
        "The wall that my own father built was old, and fell.",
        "Exit Ada.",
    ]
    assert "cast lists" in left_out(reading)
