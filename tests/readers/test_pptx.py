"""PowerPoint presentations: slides in order, shapes by place, runs, lists, formulas, and what is not shown."""

from __future__ import annotations

import io
import zipfile

import pytest

pytest.importorskip("lxml")
from fastsum.readers import pptx
from fastsum.readers.blocks import Unreadable

SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
BULLETED = '<p:txStyles><p:bodyStyle><a:lvl1pPr><a:buChar char="•"/></a:lvl1pPr></p:bodyStyle></p:txStyles>'


def run(text: str, settings: str = "") -> str:
    return f"<a:r><a:rPr {settings}/><a:t>{text}</a:t></a:r>"


def paragraph(inside: str) -> str:
    return f"<a:p>{inside if inside.startswith('<') else run(inside)}</a:p>"


def shape(*paragraphs: str, place: str = "", at: tuple[int, int, int, int] | None = None, named: str = "") -> str:
    box = "" if at is None else f'<a:xfrm><a:off x="{at[0]}" y="{at[1]}"/><a:ext cx="{at[2]}" cy="{at[3]}"/></a:xfrm>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="" {named}/><p:nvPr>{f"<p:ph {place}/>" if place else ""}</p:nvPr>'
        f"</p:nvSpPr><p:spPr>{box}</p:spPr><p:txBody><a:bodyPr/>{''.join(map(paragraph, paragraphs))}</p:txBody></p:sp>"
    )


def sheet(kind: str, *shapes: str, more: str = "", settings: str = "") -> str:
    tree = f"<p:cSld><p:spTree><p:nvGrpSpPr/><p:grpSpPr/>{''.join(shapes)}</p:spTree></p:cSld>"
    return f"<p:{kind} {SPACES} {settings}>{tree}{more}</p:{kind}>"


def relations(**targets: str) -> str:
    each = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}{target.partition(" ")[0]}" Target="{target.partition(" ")[2]}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'


def deck(*slides: str, title: str = "PowerPoint Presentation", missing: int = 0, **parts: str) -> bytes:
    """A presentation; `parts` are those that every slide refers to by the name."""
    count = len(slides) + missing
    ids = "".join(f'<p:sldId id="{256 + number}" r:id="rId{number}"/>' for number in range(count))
    members = {
        "[Content_Types].xml": "<Types/>",
        "docProps/core.xml": f'<c:p xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        "</c:p>",
        "ppt/presentation.xml": f"<p:presentation {SPACES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            **{f"rId{number}": f"slide slides/slide{9 - number}.xml" for number in range(count)}
        ),
        "ppt/slideLayouts/l.xml": sheet(
            "sldLayout",
            shape(place='type="title"', at=(0, 0, 900, 90)),
            shape("Click to edit", place='idx="1"', at=(0, 100, 400, 500)),
            shape("Click to edit", place='idx="2"', at=(500, 100, 400, 500)),
        ),
        "ppt/slideLayouts/_rels/l.xml.rels": relations(m="slideMaster ../slideMasters/m.xml"),
        "ppt/slideMasters/m.xml": sheet("sldMaster", shape("Master"), more=BULLETED),
    }
    for number, slide in enumerate(slides):
        members[f"ppt/slides/slide{9 - number}.xml"] = slide
        members[f"ppt/slides/_rels/slide{9 - number}.xml.rels"] = relations(
            layout="slideLayout ../slideLayouts/l.xml",
            **{name: f"{name} /ppt/parts/{name}.xml" for name in parts},
        )
    members |= {f"ppt/parts/{name}.xml": part for name, part in parts.items()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


TITLE = shape("Owls of the Mell", place='type="ctrTitle"')
REPORT = deck(
    sheet("sld", shape("A report to the parish", place='type="subTitle" idx="1"'), TITLE),
    sheet(
        "sld",
        shape("They hunt by night.", place='idx="2"'),
        shape("One owl", "Two owls", place='idx="1"'),
        shape("4", place='type="sldNum"'),
        shape("Findings", place='type="title"'),
    ),
    title="Owls",
)


def lines(content: bytes) -> list[str]:
    return pptx.read(content).text.split("\n\n")


def test_slides_are_read_in_the_order_of_the_presentation_with_titles_as_headings() -> None:
    reading = pptx.read(REPORT)
    assert reading.text.split("\n\n") == [
        "# Owls of the Mell",
        "A report to the parish",
        "## Findings",
        "- One owl",
        "- Two owls",
        "- They hunt by night.",
    ]
    assert reading.title == "Owls"
    assert pptx.read(deck(sheet("sld", TITLE))).title == "Owls of the Mell"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("The ow") + run("ls are ") + run("well", 'b="1"') + run("."), "The owls are well."),
        (run("10") + run("6", 'baseline="30000"') + run(" and H") + run("2", 'baseline="-25000"') + run("O"),
         "10^6 and H2O"),
        (run("seen ") + run("not ", 'strike="sngStrike"') + run("read", 'strike="noStrike"'), "seen read"),
        (run("one_x000B_two") + "<a:br/>" + run("three _x0041_"), "one two three A"),
        (run("Page ") + '<a:fld type="slidenum"><a:t>7</a:t></a:fld>'
         + '<a:fld type="datetime1"><a:t>1 May</a:t></a:fld>',
         "Page"),
        ('<a:fld type="TxLink"><a:t>12.5</a:t></a:fld>' + run(" per cent"), "12.5 per cent"),
        ('<a:r><a:rPr><a:latin typeface="Symbol"/></a:rPr><a:t>a</a:t></a:r>' + run(" is alpha"), "α is alpha"),
        ('<a:r><a:rPr><a:sym typeface="Wingdings"/></a:rPr><a:t>\uf0e0 B</a:t></a:r>', "→ B"),
        (
            run("So ")
            + '<mc:AlternateContent><mc:Choice Requires="a14"><a14:m><m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r>'
            "</m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></a14:m></mc:Choice><mc:Fallback>"
            "<a:r><a:t>picture</a:t></a:r></mc:Fallback></mc:AlternateContent>" + run(" grows."),
            "So x^2 grows.",
        ),
        (run("• Typed bullet"), "- Typed bullet"),
        ('<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>' + run("Numbered"), "- Numbered"),
    ],
)  # fmt: skip
def test_runs_of_a_paragraph(inside: str, text: str) -> None:
    assert lines(deck(sheet("sld", shape(inside)))) == [text]


def test_items_are_those_that_have_bullets() -> None:
    plain = "<a:pPr><a:buNone/></a:pPr>" + run("No bullet.")
    slide = sheet("sld", shape(plain, "Bullet", place='type="body" idx="1"'), shape("Text box.", at=(0, 700, 9, 9)))
    assert lines(deck(slide)) == ["No bullet.", "- Bullet", "Text box."]


def test_shapes_are_read_by_their_place_and_groups_as_one() -> None:
    inner = shape("Second.", at=(0, 50, 10, 10)) + shape("First.", at=(0, 0, 10, 10))
    box = '<p:grpSpPr><a:xfrm><a:off x="0" y="300"/><a:ext cx="100" cy="100"/></a:xfrm></p:grpSpPr>'
    group = f"<p:grpSp><p:nvGrpSpPr/>{box}{inner}</p:grpSp>"
    slide = sheet("sld", shape("Below.", at=(0, 600, 100, 50)), group, shape("Above.", at=(0, 100, 100, 50)))
    assert lines(deck(slide)) == ["Above.", "First.", "Second.", "Below."]


def test_what_is_not_read_is_counted() -> None:
    cells = "".join(
        f"<a:tc><a:txBody>{paragraph(text)}</a:txBody></a:tc>"
        for text in ("Year", "In the north of the valley there were more owls than in the south.")
    )
    frame = '<p:graphicFrame><p:xfrm/><a:graphic><a:graphicData uri="">{}</a:graphicData></a:graphic></p:graphicFrame>'
    slide = sheet(
        "sld",
        frame.format(f"<a:tbl><a:tr>{cells}</a:tr></a:tbl>"),
        frame.format('<c:chart r:id="chart"/>'),
        frame.format('<dgm:relIds r:dm="diagramData" r:lo="layout"/>'),
        shape("Not shown.", named='hidden="1"'),
    )
    reading = pptx.read(
        deck(
            slide,
            sheet("sld", shape("Hidden."), settings='show="0"'),
            chart=f"<c:chartSpace {SPACES}><c:v>12</c:v><a:t>Owls</a:t></c:chartSpace>",
            diagramData=f"<dgm:dataModel {SPACES}><a:t>Egg</a:t></dgm:dataModel>",
            notesSlide=sheet("notes", shape("Say this.", place='type="body"'), shape("3", place='type="sldNum"')),
        )
    )
    assert reading.text == "In the north of the valley there were more owls than in the south."
    assert [(part.what, part.number, part.letters) for part in reading.left_out] == [
        ("speaker notes", 2, 16),
        ("charts", 1, 6),
        ("diagrams", 1, 3),
        ("hidden text", 1, 9),
        ("hidden slides", 1, 7),
        ("tables", 1, 4),
    ]


def test_a_form_that_has_most_of_the_text_is_read_row_by_row() -> None:
    def row(*texts: str) -> str:
        cells = (f"<a:tc><a:txBody>{paragraph(text)}</a:txBody></a:tc>" for text in texts)
        return f"<a:tr>{''.join(cells)}</a:tr>"

    rows = row("Begin", "June, if the board agrees") + row("Cost:", "two million")
    frame = f"<p:graphicFrame><p:xfrm/><a:graphic><a:tbl>{rows}</a:tbl></a:graphic></p:graphicFrame>"
    assert lines(deck(sheet("sld", frame))) == ["- Begin: June, if the board agrees", "- Cost: two million"]


def test_a_missing_slide_is_said_and_a_deck_without_any_is_refused() -> None:
    assert pptx.read(deck(sheet("sld", TITLE), missing=1)).warnings == (
        "has no ppt/slides/slide8.xml, one of its slides.",
    )
    with pytest.raises(Unreadable, match=r"^is a damaged PPTX: ppt/slides/slide9.xml is missing"):
        pptx.read(deck(missing=2))


@pytest.mark.parametrize(
    "content", [REPORT[: len(REPORT) // 2], REPORT.replace(b"presentation.xml", b"presentment.xml")]
)
def test_a_damaged_presentation_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        pptx.read(content)
