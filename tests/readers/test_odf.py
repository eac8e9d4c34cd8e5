"""OpenDocument: the text of a document and of slides, fields, styles, what is hidden, and damage."""

from __future__ import annotations

import io
import zipfile

import pytest

pytest.importorskip("lxml")
from fastsum.readers import odf
from fastsum.readers.blocks import Reading, Unreadable

NAMES = ("office", "text", "table", "style", "drawing", "presentation", "meta", "manifest")
SPACES = " ".join(
    [
        *(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES),
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"',
        'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"',
        'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:m="http://www.w3.org/1998/Math/MathML"',
    ]
)


def style(name: str, settings: str = "", parent: str = "", family: str = "paragraph", more: str = "") -> str:
    above = f'style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="{family}" {above} {more}>'
        f"<style:text-properties {settings}/></style:style>"
    )


STYLES = "".join(
    (
        '<style:font-face style:name="Sym" svg:font-family="&apos;Symbol&apos;"/>',
        style("Heading_20_2"),
        style("Title"),
        style("Subtitle"),
        style("Clause", more='style:default-outline-level="3"'),
        style("Figure", parent="Caption"),
        style("Caption"),
        style("P1", parent="Title"),
        style("P2", parent="Figure"),
        style("Gone", 'text:display="none"'),
        style("Up", 'style:text-position="33% 58%"', family="text"),
        style("Up2", parent="Up", family="text"),
        style("Down", 'style:text-position="sub 58%"', family="text"),
        style("Flat", 'style:text-position="0% 100%"', family="text"),
        style("Bold", 'fo:font-weight="bold"', family="text"),
        style("Unseen", 'text:display="none"', family="text"),
        style("Struck", 'style:text-line-through-style="solid"', family="text"),
        style("Greek", 'style:font-name="Sym"', family="text"),
        style("Loop", parent="Loop"),
        '<style:style style:name="dp1" style:family="drawing-page"><style:drawing-page-properties'
        ' presentation:visibility="hidden"/></style:style>',
    )
)


def document(body: str, kind: str = "text", title: str = "", **members: str) -> bytes:
    files = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {SPACES}><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {SPACES}>{STYLES}</office:document-styles>",
        "meta.xml": f"<office:document-meta {SPACES}><office:meta><dc:title>{title}</dc:title></office:meta>"
        "</office:document-meta>",
    } | {name.replace("__", "/").replace("_", "."): text for name, text in members.items()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def lines(body: str) -> list[str]:
    return odf.read(document(body)).text.split("\n\n")


def left_out(reading: Reading) -> dict[str, int]:
    return {part.what: part.letters for part in reading.left_out}


def p(inside: str, name: str = "Standard") -> str:
    return f'<text:p text:style-name="{name}">{inside}</text:p>'


REPORT = document(
    "<text:tracked-changes><text:changed-region><text:deletion>" + p("Deleted.") + "</text:deletion>"
    "</text:changed-region></text:tracked-changes>"
    + p("Owls of the Mell", "P1")
    + "<text:table-of-content><text:index-body>" + p("Findings 1") + "</text:index-body></text:table-of-content>"
    '<text:h text:outline-level="1">Findings</text:h>'
    + p("The <text:span>owls</text:span> are<text:s text:c='3'/>well<text:note><text:note-citation>1"
        "</text:note-citation><text:note-body>" + p("By hand.") + "</text:note-body></text:note>,<text:tab/>all"
        "<text:line-break/>of them"
        "<office:annotation>" + p("Why?") + "</office:annotation>.")
    + p("By night", "Heading_20_2") + p("In the barn", "Clause")
    + "<text:list><text:list-item>" + p("One owl") + "<text:list><text:list-item>" + p("Its nest")
    + "</text:list-item></text:list></text:list-item></text:list>"
    + "<table:table><table:table-row><table:table-cell>" + p("12")
    + "</table:table-cell><table:table-cell>"
    + p("In the north of the valley there were more owls than in the south.")
    + "</table:table-cell></table:table-row></table:table>"
    + p("Figure 1: an owl", "P2"),
    title="Stated",
)  # fmt: skip


def test_a_document_is_read_in_order_with_headings_marked() -> None:
    reading = odf.read(REPORT)
    assert reading.text.split("\n\n") == [
        "# Owls of the Mell",
        "# Findings",
        "The owls are well, all of them.",
        "## By night",
        "### In the barn",
        "- One owl",
        "- Its nest",
        "In the north of the valley there were more owls than in the south.",
    ]
    assert reading.title == "Owls of the Mell"
    assert left_out(reading) == {
        "deleted text": 8, "entries of contents": 9, "notes": 7, "comments": 4, "tables": 2, "captions": 13
    }  # fmt: skip
    assert odf.read(document(p("Words."), title="Stated")).title == "Stated"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ('10<text:span text:style-name="Up2">6</text:span> of H<text:span text:style-name="Down">2</text:span>O',
         "10^6 of H2O"),
        ('so<text:span text:style-name="Flat">2</text:span>', "so2"),
        ('seen<text:span text:style-name="Unseen"> not</text:span> read', "seen read"),
        ('seen<text:span text:style-name="Struck"> not</text:span> read', "seen read"),
        ('<text:span text:style-name="Greek">\uf061</text:span> decay', "α decay"),
        ('On <text:date>1 May</text:date>, <text:author-name>A. Field</text:author-name> and '
         '<text:a xlink:href="x">others</text:a>', "On 1 May, A. Field and others"),
        ('see <text:sequence-ref>3</text:sequence-ref>', "see 3"),
        ('so <text:hidden-text text:is-hidden="true">it is </text:hidden-text>that', "so that"),
        ('<text:ruby><text:ruby-base>base</text:ruby-base><text:ruby-text>gloss</text:ruby-text></text:ruby> word',
         "base word"),
        ('so <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame> grows', "so x^2 grows"),
        ('<text:span text:style-name="Bold">Summary</text:span>', "### Summary"),
        ('<draw:frame svg:x="1cm"><draw:text-box>' + p("In a box.") + "</draw:text-box><svg:desc>alt</svg:desc>"
         "</draw:frame>Anchor.", "Anchor.\n\nIn a box."),
    ],
)  # fmt: skip
def test_what_stands_in_a_paragraph(inside: str, text: str) -> None:
    power = "<m:math {}><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup></m:math>".format(
        'xmlns:m="http://www.w3.org/1998/Math/MathML"'
    )
    content = document(p(inside), **{"Object 1__content_xml": power})
    assert odf.read(content).text == text


def test_a_form_that_has_most_of_the_text_is_read_row_by_row() -> None:
    def row(*texts: str) -> str:
        cells = (f"<table:table-cell>{p(text)}</table:table-cell>" for text in texts)
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    rows = row("Begin", "June, if the board agrees") + row("Cost:", "two million")
    table = f"<table:table><table:table-header-rows>{rows}</table:table-header-rows></table:table>"
    assert lines(table) == ["- Begin: June, if the board agrees", "- Cost: two million"]


def test_what_is_hidden_is_counted() -> None:
    body = (
        p("Hidden by style.", "Gone")
        + '<text:section text:display="none">' + p("A section.") + "</text:section>"
        + p('<text:hidden-paragraph text:is-hidden="true"/>By field.')
        + '<table:table><table:table-row table:visibility="collapse"><table:table-cell>' + p("Row.")
        + "</table:table-cell></table:table-row></table:table>"
        + p("Seen.", "Loop")
    )  # fmt: skip
    reading = odf.read(document(body))
    assert (reading.text, left_out(reading)) == ("Seen.", {"hidden text": 14 + 9 + 8 + 4})


def frame(inside: str, place: str = "", at: tuple[int, int] = (0, 0), more: str = "") -> str:
    return (
        f'<draw:frame presentation:class="{place}" svg:x="{at[0]}cm" svg:y="{at[1]}cm" svg:width="9cm" svg:height="2cm"'
        f" {more}><draw:text-box>{inside}</draw:text-box></draw:frame>"
    )


def test_slides_are_read_by_place_with_titles_as_headings() -> None:
    items = f"<text:list><text:list-item>{p('One owl')}</text:list-item></text:list>"
    group = "<draw:g>" + frame(p("Second."), at=(0, 12)) + frame(p("First."), at=(0, 9)) + "</draw:g>"
    notes = f"<presentation:notes>{frame(p('Say this.'))}</presentation:notes>"
    body = (
        f"<draw:page>{frame(p('A report.'), 'subtitle', (0, 5))}{frame(p('Owls'), 'title')}"
        + frame(p("<text:page-number>&lt;number&gt;</text:page-number>")) + "</draw:page>"
        + "<draw:page>" + frame(p("Below."), at=(0, 18)) + group + frame(items, "outline", (0, 3))
        + frame(p("Findings"), "title") + frame(p("2"), "page-number") + notes
        + frame(p("Click"), "subtitle", more='presentation:placeholder="true"') + "</draw:page>"
        + f'<draw:page draw:style-name="dp1">{frame(p("Unseen."))}</draw:page>'
    )  # fmt: skip
    reading = odf.read(document(body, "presentation"))
    assert reading.text.split("\n\n") == [
        "# Owls", "A report.", "## Findings", "- One owl", "First.", "Second.", "Below."
    ]  # fmt: skip
    assert left_out(reading) == {"speaker notes": 8, "hidden slides": 7}


def test_one_file_of_xml_is_read() -> None:
    flat = f'<?xml version="1.0" encoding="UTF-16"?><office:document {SPACES}><office:meta><dc:title>Owls</dc:title>'
    flat += f"</office:meta><office:body><office:text>{p('Words.')}</office:text></office:body></office:document>"
    assert odf.read(flat.encode())[:2] == ("Words.", "Owls")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (document("", "spreadsheet"), "is a spreadsheet"),
        (document("").replace(b"content.xml", b"contend.xml"), "content.xml is missing"),
        (REPORT[: len(REPORT) // 2], "damaged or cut off"),
        (document("<text:p>"), "damaged or cut off"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        odf.read(content)


def test_a_document_with_a_password_is_refused() -> None:
    manifest = f"<manifest:manifest {SPACES}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    content = document("", **{"META-INF__manifest_xml": manifest})
    with pytest.raises(Unreadable, match="^is encrypted with a password"):
        odf.read(content)
