"""RTF: words, signs and code pages, what is hidden or left out, headings, lists, tables and damage."""

from __future__ import annotations

import pytest

from fastsum.readers import rtf
from fastsum.readers.blocks import Reading, Unreadable

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fcharset204{\*\falt Arial}Arial"
    r" Cyr;}{\f2\fcharset128 MS Mincho;}{\f3\froman\fcharset2{\*\panose 0505}Symbol;}{\f4\fcharset2 Secret Signs;}}"
    r"{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0\b heading 1;}{\s2 Heading 2;}"
    r"{\s3\outlinelevel2 Clause;}{\s4 Title;}{\s5 caption;}{\s6 toc 1;}{\*\cs9 Default;}}"
    r"{\info{\title The owls of the Mell}{\author A. Field}}"
)
REPORT = (
    HEAD + r"{\header\pard Parish of Mell\par}{\footer\pard Page \chpgn\par}\pard\plain\s4 Owls\par"
    "\n"
    r"\pard\plain\s6 Findings\tab 1\par\pard\plain\s1\outlinelevel0 Findings\par"
    r"\pard\plain The owls are {\b well}, and caf\'e9s sell {\f1\'f1\'ee\'e2\'fb} at \u8364?12.50.{\super\chftn"
    r"{\footnote\pard\plain{\super\chftn} Counted by hand.}} We saw 10{\super 6} of them.\par"
    r"\pard\plain\s2 By night\par\pard\plain\s3 In the barn\par"
    r"{\listtext\pard\plain\f3\'b7\tab}\pard\fi-360\ls1 One owl\par\pard {\pntext\f3\'b7\tab}Two owls\par"
    r"\pard\plain\s5 Figure 1: an owl\par"
    r"\trowd\cellx100\cellx200\pard\intbl Year\cell Owls\cell\row"
    r"\trowd\cellx100\cellx200\pard\intbl In the north of the valley there were more owls than in the south.\cell 3"
    r"\cell\row\pard The end.\par}"
)


def text_of(body: str) -> str:
    return rtf.read(f"{HEAD}{body}}}".encode("latin-1")).text


def left_out(reading: Reading) -> dict[str, int]:
    return {part.what: part.letters for part in reading.left_out}


def test_a_report_is_read_in_order_with_headings_marked() -> None:
    reading = rtf.read(REPORT.encode("latin-1"))
    assert reading.text.split("\n\n") == [
        "# Owls",
        "# Findings",
        "The owls are well, and cafés sell совы at €12.50. We saw 10^6 of them.",
        "## By night",
        "### In the barn",
        "- One owl",
        "- Two owls",
        "In the north of the valley there were more owls than in the south.",
        "The end.",
    ]
    assert reading.title == "Owls"
    assert left_out(reading) == {"entries of contents": 9, "notes": 14, "captions": 13, "tables": 9}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (r"It cost \u8364?12.50.", "It cost €12.50."),
        (r"It cost \u8364\'8012.50.", "It cost €12.50."),
        (r"{\uc2\u8364 EU12.50}", "€12.50"),
        (r"{\uc0\u8364 12.50}", "€12.50"),
        (r"\u8217\rquote s {\u233?}?", "’s é?"),
        (r"\u-10179?\u-8704? laughs", "😀 laughs"),
        (r"An \lquote owl\rquote  \emdash  so\~it \'93is\'94 \{1\\2\}", "An ‘owl’ — so it “is” {1\\2}"),
        (r"non\_stop hy\-phen", "non-stop hyphen"),
        ("over\nlines", "overlines"),
        (r"{\f2\'82\'a0\'83A} is two letters", "あア is two letters"),
        (r"{\f1\'e4\'e0} but {\f0\'e4\'e0}", "да but äà"),
        (r"{\f3 a\'b3}0 and {\f3\u-3999?}", "α≥0 and α"),
        (r'{\field{\*\fldinst SYMBOL 97 \\f "Symbol" \\s 10}{\fldrslt\f3 a}} decay', "α decay"),
        (r'{\field{\*\fldinst{ HYPERLINK "http://nowhere" }}{\fldrslt{\ul the page}}}', "the page"),
        (r"m{\super 2}, Ca{\super 2+}, H{\sub 2}O, x{\dn6\fs16 1}, 3{\up6\fs16 rd}", "m^2, Ca^2+, H2O, x_1, 3rd"),
        (r"shown before.{\super 12} Then", "shown before. Then"),
        (r"seen{\v hidden} and{\deleted gone} \v not\v0 read", "seen and read"),
        (
            r"So {\mmath{\*\moMath{\mf{\mnum{\mr\mscr0 a}}{\mden{\mr b}}}{\mr +}{\msSup{\msSupPr{\*\mctrlPr\b x}}"
            r"{\me{\mr c}}{\msup{\mr 2}}}{\md{\mdPr{\mbegChr [}{\mendChr ]}}{\me{\mr {\f0 d}}}}}} grows.",
            "So a/b + c^2[d] grows.",
        ),
        (r"seen {\strike not }{\striked1 not }\strike0 and read", "seen and read"),
        (r"seen {\fs2 ___}and read", "seen and read"),
        (r"{\b0\*\cs7 read}", "read"),
        (r"{\upr{Caf? up}{\*\ud{Caf\u233? up}}}", "Café up"),
        (r"{\*\unknown words}{\*\bkmkstart a}kept", "kept"),
        (r"{\pict\pngblip 89504e47}{\pict\bin4 }{}\ud}a picture", "a picture"),
        (r"{\object\objemb{\*\objdata 0105}{\result{\pard Some cells\par}}}an object", "an object"),
        (r"2 {\field{\*\fldinst EQ \\f(1,2)}{\fldrslt }} cups", "2 1/2 cups"),
        (r"one\line two\line\line three", "one two\n\nthree"),
    ],
)
def test_words_and_signs(words: str, text: str) -> None:
    assert text_of(rf"\pard\plain {words}\par") == text


def test_a_form_that_has_most_of_the_text_is_read_row_by_row() -> None:
    row = r"\trowd\cellx100\cellx200\pard\intbl {}\cell {}\cell\row "
    text = text_of(row.format("Begin", "June, if the board agrees") + row.format("Cost:", "two million") + r"\pard\par")
    assert text == "- Begin: June, if the board agrees\n\n- Cost: two million"


def test_a_drop_cap_begins_the_next_paragraph() -> None:
    assert text_of(r"\pard\dropcapli3\dropcapt1 W\par\pard hen it rained.\par") == "When it rained."


def test_a_line_end_behind_a_backslash_ends_a_paragraph() -> None:
    content = b"{\\rtf1\\mac\\fonttbl\\f0\\fswiss Helvetica;}\\f0\\fs24 caf\\'8e one.\\\nTwo.}"
    assert rtf.read(content.replace(b"\\fonttbl", b"{\\fonttbl")).text == "café one.\n\nTwo."


def test_bold_short_paragraphs_are_headings() -> None:
    text = text_of(r"{\b Summary\par}{\b It is bold.\par}Plain\b  and bold\b0\par")
    assert text == "### Summary\n\nIt is bold.\n\nPlain and bold"


def test_text_boxes_follow_the_paragraph_that_they_are_anchored_in() -> None:
    shape = (
        r"{\shp{\*\shpinst\shpleft1{\sp{\sn fill}{\sv 1}}{\shptxt\pard In the box.\par Twice.}}"
        r"{\shprslt{\*\do\dptxbx{\dptxbxtext In the box.\par}}}}"
    )
    assert text_of(rf"\pard {shape}The anchor.\par After.\par") == "The anchor.\n\nIn the box.\n\nTwice.\n\nAfter."
    old = r"{\*\do\dobxcolumn\dptxbx{\dptxbxtext\pard An old box.\par}}"
    assert text_of(rf"\pard {old}The anchor.\par") == "The anchor.\n\nAn old box."


def test_what_is_not_seen_is_counted() -> None:
    body = (
        r"\pard Seen {\v hidden} {\deleted gone}{\*\annotation\pard Why so?}"
        r"{\field{\*\fldinst TOC \\o}{\fldrslt{\pard Findings\tab 1\par Ends\tab 2\par}}}\par"
    )
    reading = rtf.read(f"{HEAD}{body}}}".encode())
    assert reading.text == "Seen"
    assert left_out(reading) == {
        "comments": 6, "entries of contents": 14, "hidden text": 6, "deleted text": 4
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset0 Arial;}}\f0 \'e4\'e0", "да"),
        (rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}\f0 caf\'e9", "café"),
        (rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}\f0 \'e4\'e0", "да"),
        (rb"{\rtf1\pc \'82", "é"),
        (rb"{\rtf1\ansi\ansicpg65001 caf\'c3\'a9", "café"),
        ("{\\rtf1\\ansi café – so".encode(), "café – so"),
        (b"{\\rtf1\\ansi caf\xe9", "café"),
        (rb"{\rtf1\ansi\ansicpg99999 caf\'e9", "café"),
    ],
)
def test_bytes_are_read_in_the_code_page_that_they_are_in(head: bytes, text: str) -> None:
    assert rtf.read(head + rb"\par}").text == text


def test_bytes_outside_the_code_page_are_said() -> None:
    reading = rtf.read(rb"{\rtf1\ansi A\'81B\par}")
    assert (reading.text, len(reading.warnings)) == ("A\ufffdB", 1)


def test_letters_of_unknown_fonts_of_symbols_are_said() -> None:
    reading = rtf.read(f"{HEAD}{{\\f4 ab}} and c\\par}}".encode())
    assert (reading.text, len(reading.warnings)) == ("\ufffd\ufffd and c", 1)


def test_what_follows_the_document_is_not_read() -> None:
    assert rtf.read(rb"{\rtf1 One.\par}} Two {\par}" + b"\0\0").text == "One."


def test_a_missing_last_bracket_is_said() -> None:
    assert "may be cut off" in rtf.read(rb"{\rtf1 One.\par Two.\par" + b"\r\n").warnings[0]


@pytest.mark.parametrize("content", [rb"{\rtf1 One.\par Tw", rb"{\rtf1 One.\par {\b Two.", rb"{\rtf1 {\fonttbl"])
def test_a_document_that_is_cut_off_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^is cut off.*Download or save it again"):
        rtf.read(content)


def test_a_document_that_is_nested_too_deep_is_refused() -> None:
    assert rtf.read(rb"{\rtf1 " + b"{" * 500 + b"One." + b"}" * 501).text == "One."
    with pytest.raises(Unreadable, match="nested too deep"):
        rtf.read(rb"{\rtf1 " + b"{" * 2000 + b"One." + b"}" * 2001)


def test_lines_of_wrapped_text_that_are_paragraphs_each_go_on() -> None:
    lines = [
        "  The board of the quay met on the first day of the month and", "heard what had been done at the wall since",
        "the spring, when the gate was shut and all", "of the 12 ships that lay there had to go.", "",
        "  It was then said by those who knew the wall that",
        "no ship should come before the gate was", "mended, and that the cost of it was more",
        "than the town had, which is 40 pounds for", "each of the 12 ships of the quay in a year", "of peace.",
    ]  # fmt: skip
    text = rtf.read(rb"{\rtf1\ansi " + "\\\n".join(lines).encode() + b"}").text
    assert [part.count("\n") for part in text.split("\n\n")] == [3, 5]
