"""Word documents: headings, paragraphs and items in order, without notes, deleted text and tables of figures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

pytest.importorskip("docx")
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import parse_xml

from fastsum.readers import docx
from fastsum.readers.blocks import Unreadable


def made(fill: Callable[[DocumentObject], None]) -> bytes:
    document = Document()
    fill(document)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def paragraph(inside: str) -> object:
    return parse_xml(f"<w:p {NAMESPACES}>{inside}</w:p>")


def append(document: DocumentObject, element: object) -> None:
    document.element.body.insert(len(document.element.body) - 1, element)


def report(document: DocumentObject) -> None:
    document.core_properties.title = "final draft 2"
    document.add_heading("Owls of the Mell", level=0)
    document.add_paragraph("A report to the parish.", style="Subtitle")
    document.sections[0].header.paragraphs[0].text = "Running head"
    document.add_heading("Findings", level=1)
    text = document.add_paragraph("The owls are ")
    text.add_run("well").bold = True
    text.add_run(".")
    append(
        document, paragraph('<w:r><w:t>Counted</w:t><w:footnoteReference w:id="2"/></w:r><w:r><w:t> twice.</w:t></w:r>')
    )
    append(
        document,
        paragraph(
            '<w:del w:id="1"><w:r><w:delText>Gone. </w:delText></w:r></w:del>'
            '<w:ins w:id="2"><w:r><w:t>Inserted,</w:t><w:tab/><w:t>non</w:t></w:r></w:ins>'
            "<w:r><w:noBreakHyphen/><w:t>stop.</w:t></w:r>"
            "<w:r><w:instrText>PAGEREF _Toc</w:instrText></w:r>"
        ),
    )
    document.add_paragraph("One owl", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "Year"
    table.cell(0, 1).text = "Owls"
    table.cell(1, 0).text = "In the north of the valley there were more owls than in the south."
    inner = table.cell(1, 1).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "A table in a table may hold a sentence of some length as well."
    bold = document.add_paragraph()
    bold.add_run("What is next").bold = True
    document.add_paragraph("We shall count again.")
    document.add_paragraph("Figure 1: an owl", style="Caption")
    document.add_heading("References", level=1)
    document.add_paragraph("Field, A. Owls.")


def test_the_body_is_read_in_order_with_headings_marked() -> None:
    reading = docx.read(made(report))
    assert reading.title == "Owls of the Mell"
    assert reading.text.split("\n\n") == [
        "# Owls of the Mell",
        "## A report to the parish.",
        "# Findings",
        "The owls are well.",
        "Counted twice.",
        "Inserted, non-stop.",
        "- One owl",
        "In the north of the valley there were more owls than in the south.",
        "A table in a table may hold a sentence of some length as well.",
        "### What is next",
        "We shall count again.",
    ]


def test_footnotes_are_left_out() -> None:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = (
        f'<w:footnotes xmlns:w="{namespace}"><w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>'
    )
    content = io.BytesIO(made(report))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/footnotes.xml", f"{note}</w:footnotes>")
    assert "note" not in docx.read(content.getvalue()).text


def test_controls_and_text_boxes_are_read_and_contents_left_out() -> None:
    def fill(document: DocumentObject) -> None:
        control = (
            "<w:sdt {}><w:sdtPr>{}</w:sdtPr><w:sdtContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
        gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        append(document, parse_xml(control.format(NAMESPACES, gallery, "Findings 3")))
        append(document, parse_xml(control.format(NAMESPACES, "", "In a control.")))
        box = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
        append(
            document,
            paragraph(
                "<w:r><w:t>Anchor.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
                f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
                "</mc:AlternateContent></w:r>"
            ),
        )

    assert docx.read(made(fill)).text == "In a control.\n\nAnchor.\n\nIn a box."


def test_charts_and_diagrams_are_counted_once() -> None:
    def fill(document: DocumentObject) -> None:
        chart = '<w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/></w:drawing>'
        smart = '<w:drawing><d:relIds xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram"/></w:drawing>'
        append(document, paragraph(f"<w:r><w:t>Sales rose.</w:t></w:r><w:r>{chart}</w:r><w:r>{smart}</w:r>"))

    reading = docx.read(made(fill))
    assert reading.text == "Sales rose."
    assert {part.what: part.number for part in reading.left_out} == {"charts": 1, "diagrams": 1}


def test_an_initial_over_several_lines_is_part_of_its_word() -> None:
    def fill(document: DocumentObject) -> None:
        append(document, paragraph('<w:pPr><w:framePr w:dropCap="drop"/></w:pPr><w:r><w:t>O</w:t></w:r>'))
        document.add_paragraph("wls fly at night.")
        document.add_paragraph("They hear well.")

    assert docx.read(made(fill)).text == "Owls fly at night.\n\nThey hear well."


def test_a_style_based_on_a_heading_is_one() -> None:
    def fill(document: DocumentObject) -> None:
        style = document.styles.add_style("Chapter", 1)
        style.base_style = document.styles["Heading 2"]
        document.add_paragraph("The barn", style="Chapter")
        document.add_paragraph("Owls live there.")

    assert docx.read(made(fill)).text == "## The barn\n\nOwls live there."


@pytest.mark.parametrize(
    ("level", "text"), [("1", "## The barn"), ("9", "The barn"), ("", "The barn"), ("12", "The barn")]
)
def test_an_outline_level_is_one_digit(level: str, text: str) -> None:
    settings = f'<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>'

    def fill(document: DocumentObject) -> None:
        append(document, paragraph(f"{settings}<w:r><w:t>The barn</w:t></w:r>"))
        document.styles["Body Text"].element.append(parse_xml(settings.replace("<w:pPr", f"<w:pPr {NAMESPACES}")))
        document.add_paragraph("Owls live there.")

    assert docx.read(made(fill)).text == f"{text}\n\nOwls live there."


def test_the_properties_give_the_title_where_no_paragraph_does() -> None:
    def fill(document: DocumentObject) -> None:
        document.core_properties.title = "Owls"
        document.add_paragraph("Owls live there.")

    assert docx.read(made(fill)).title == "Owls"


@pytest.mark.parametrize("title", ["Word Document", "Untitled"])
def test_a_program_s_own_words_are_no_title(title: str) -> None:
    def fill(document: DocumentObject) -> None:
        document.core_properties.title = title
        document.add_paragraph("Owls hunt by night.")

    assert docx.read(made(fill)).title is None


def changed(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    changed_ = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(changed_, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, archive.read(name).replace(old, new) if name == member else archive.read(name))
    return changed_.getvalue()


def test_an_invalid_document_is_refused() -> None:
    content = made(report)
    with pytest.raises(Unreadable, match="damaged or cut off"):
        docx.read(changed(content, "word/document.xml", b"</w:body>", b""))
    with pytest.raises(Unreadable, match="not a valid DOCX.*save it again"):
        docx.read(changed(content, "word/document.xml", b"w:body>", b"w:head>"))
    with pytest.raises(Unreadable, match="damaged or cut off"):
        docx.read(content[: len(content) // 2])


def test_what_the_text_does_not_need_may_be_wrong() -> None:
    content = made(report)
    whole = docx.read(content)
    for member, old, new in (
        ("[Content_Types].xml", b"document.main+xml", b"template.main+xml"),
        ("[Content_Types].xml", b"document.main+xml", b"document.macroEnabled.main+xml"),
        ("_rels/.rels", b"officeDocument/2006/relationships/officeDocument", b"elsewhere"),
        ("word/_rels/document.xml.rels", b"styles.xml", b"NULL"),
        ("docProps/core.xml", b"</cp:coreProperties>", b""),
    ):
        assert docx.read(changed(content, member, old, new)) == whole


def test_strict_open_xml_is_read() -> None:
    content = made(report)
    whole = docx.read(content)
    for member in ("word/document.xml", "word/styles.xml"):
        content = changed(
            content,
            member,
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
    assert docx.read(content) == whole


def form(rows: list[tuple[str, ...]], *before: str) -> bytes:
    def fill(document: DocumentObject) -> None:
        document.add_heading("The offer", level=1)
        for text in before:
            document.add_paragraph(text)
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                table.cell(row, column).text = text

    return made(fill)


ROWS = [("Begin:", "June, if the board agrees"), ("Who pays?", "The parish"), ("Notes", "")]


def test_a_form_is_read_row_by_row() -> None:
    assert docx.read(form(ROWS)).text.split("\n\n") == [
        "# The offer",
        "- Begin: June, if the board agrees",
        "- Who pays? The parish",
        "- Notes",
    ]


def test_a_table_that_is_the_text_is_read_by_its_long_cells() -> None:
    rows = [
        ("Item", "What to report", "Page"),
        ("Sources", "Name all registers and archives that were searched or asked, with dates", "5"),
        ("Choice", "Say how many people read each report and whether they worked alone", "6"),
    ]
    reading = docx.read(form(rows))
    assert reading.text.split("\n\n") == [
        "# The offer",
        "- Name all registers and archives that were searched or asked, with dates",
        "- Say how many people read each report and whether they worked alone",
    ]
    assert reading.left_out[0][:3] == ("tables", 1, 35)


def test_bold_cells_are_headings_only_of_sentences() -> None:
    def fill(document: DocumentObject) -> None:
        document.add_paragraph("The ferry has three kinds of tickets, which are sold on the quay and on board.")
        table = document.add_table(rows=2, cols=2)
        for column, text in enumerate(("Kind", "Price")):
            table.cell(0, column).paragraphs[0].add_run(text).bold = True
        table.cell(1, 0).paragraphs[0].add_run("Weekly").bold = True
        table.cell(1, 0).add_paragraph("It is good for seven days from the first journey on.")

    assert docx.read(made(fill)).text.split("\n\n") == [
        "The ferry has three kinds of tickets, which are sold on the quay and on board.",
        "### Weekly",
        "It is good for seven days from the first journey on.",
    ]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<w:tab/><w:t>4</w:t><w:tab/><w:t>New members pay nothing.</w:t>", "- New members pay nothing."),
        ("<w:tab/><w:t>•</w:t><w:tab/><w:t>New members pay nothing.</w:t>", "- New members pay nothing."),
        ("<w:tab/><w:t>4</w:t><w:tab/><w:t>Field</w:t><w:tab/><w:t>12.5</w:t>", "4 Field 12.5"),
        ("<w:t>4</w:t><w:tab/><w:t>members left.</w:t>", "4 members left."),
    ],
)
def test_a_label_between_tabs_is_that_of_an_item(inside: str, shown: str) -> None:
    assert docx.read(made(lambda document: append(document, paragraph(f"<w:r>{inside}</w:r>")))).text == shown


def test_code_and_captions_by_pandoc_are_left_out_and_typed_bullets_are_items() -> None:
    def fill(document: DocumentObject) -> None:
        from docx.enum.style import WD_STYLE_TYPE

        for style in ("Source Code", "Image Caption", "Table Caption"):
            document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("• The owls were counted.")
        document.add_paragraph("count(owls) ## [1] 12", style="Source Code")
        document.add_paragraph("Figure 1: The owls of the valley.", style="Image Caption")
        document.add_paragraph("Table 1: Owls by year.", style="Table Caption")

    reading = docx.read(made(fill))
    assert reading.text == "- The owls were counted."
    assert [(part.what, part.number) for part in reading.left_out] == [("code", 1), ("captions", 2)]


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        (
            ROWS,
            ["The board has read the offer with care, and has asked for another one by the end of the month of May."],
        ),
        ([("2019", "3,104"), ("2020", "2,988")], []),
        ([("Flood", "Ada", "June"), ("Fire", "Ben", "July")], []),
    ],
)
def test_other_tables_are_left_out_and_counted(rows: list[tuple[str, ...]], before: list[str]) -> None:
    reading = docx.read(form(rows, *before))
    assert [part.what for part in reading.left_out] == ["tables"]
    assert reading.text == "\n\n".join(["# The offer", *before])


def test_inserted_documents_are_told() -> None:
    def fill(document: DocumentObject) -> None:
        document.add_paragraph("Owls sleep by day.")
        append(document, parse_xml(f'<w:altChunk {NAMESPACES} w:id="r9"/>'))

    reading = docx.read(made(fill))
    assert reading.text == "Owls sleep by day."
    assert "1 other documents inserted" in reading.warnings[0]


def test_a_hidden_style_hides_its_paragraphs() -> None:
    def fill(document: DocumentObject) -> None:
        style = document.styles.add_style("Aside", 1)
        style.font.hidden = True
        document.add_paragraph("Gone.", style="Aside")
        document.add_paragraph("Seen.")

    reading = docx.read(made(fill))
    assert reading.text == "Seen."
    assert reading.left_out[0][:2] == ("hidden text", 1)


def test_who_speaks_in_a_transcript_stands_on_a_line_of_its_own() -> None:
    def transcript(document: DocumentObject) -> None:
        runs = (
            '<w:r><w:t>Ada Example</w:t></w:r><w:r><w:t xml:space="preserve">   </w:t></w:r><w:r><w:t>0:08</w:t></w:r>'
        )
        append(document, paragraph(f"{runs}<w:r><w:br/><w:t>The quay is shut.</w:t></w:r>"))
        append(document, paragraph("<w:r><w:t>The wall</w:t><w:br/><w:t>stands.</w:t></w:r>"))

    lines = docx.read(made(transcript)).text.split("\n\n")
    assert lines[-3:] == ["Ada Example 0:08", "The quay is shut.", "The wall stands."]
