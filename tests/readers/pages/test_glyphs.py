"""Words that are drawn more than once."""

from __future__ import annotations

import pytest

pytest.importorskip("reportlab")
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fastsum.readers import pdf
from fastsum.readers.blocks import Unreadable
from tests.readers.test_pdf import BODY, INTRODUCTION, METHODS, SIZE, column, made, whole, wrapped


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.9])
def test_bold_print_made_by_drawing_twice_is_read_once(shift: float) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        for offset in (0.0, shift):
            canvas.drawString(72 + offset, 700, "The gauge of the quay stood 11 cm too low in 2000, and the committee")
            canvas.drawString(72 + offset, 688, "was told by Mississippi Otto all of it in 1122 letters.")

    expected = (
        "The gauge of the quay stood 11 cm too low in 2000, and the committee was told by Mississippi Otto all of it"
    )
    assert pdf.read(made(draw)).text == f"{expected} in 1122 letters."


def test_a_word_of_a_heading_does_not_hide_one_of_the_text() -> None:
    def draw(canvas: Canvas) -> None:
        for size, x, y in ((14.35, 275.2323, 314.8268), (10.9091, 209.5855, 237.3948)):
            canvas.setFont(BODY, size)
            canvas.drawString(x, y, "Tidy")
        canvas.drawString(209.5855, 222.0, "data are those that the program reads and writes in one form.")

    assert pdf.read(made(draw)).text.count("Tidy") == 2


def test_letters_that_are_each_drawn_twice_in_turn_are_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        x = 72.0
        for letter in "The gauge stood 1122 cm too low.":
            for offset in (0.0, 0.4):
                canvas.drawString(x + offset, 700, letter)
            x += stringWidth(letter, BODY, SIZE)

    assert pdf.read(made(draw)).text == "The gauge stood 1122 cm too low."


@pytest.mark.parametrize(
    ("before", "raised", "after", "expected"),
    [
        ("It is of TIMP", "1", " and no other.", "It is of TIMP and no other."),
        ("It rose in 1901", "3", " and fell.", "It rose in 1901 and fell."),
        ("It was 15%", "4", " of all.", "It was 15% of all."),
        ("It was $9", "12", " a head.", "It was $9 a head."),
        ("There are 12,500", "3", " owls.", "There are 12,500 owls."),
        ("They speak of", "2", " owls.", "They speak of owls."),
        ("By B. Wu", "1", " and others.", "By B. Wu and others."),
        ("There are 10", "3", " mice.", "There are 10^3 mice."),
        ("It was $10", "6", " in all.", "It was $10^6 in all."),
        ("It was $100", "6", " in all.", "It was $100 in all."),
        ("A grid of 2048", "3", " cells.", "A grid of 2048^3 cells."),
        ("There are 2", "32", " names.", "There are 2^32 names."),
        ("It is 4 MPa", "2", " in all.", "It is 4 MPa2 in all."),
        ("So AB", "2", " is less.", "So AB2 is less."),
        ("It is at", "2", " after all.", "It is at2 after all."),
        ("They used ", "14", "C to date it.", "They used 14C to date it."),
        ("The dose of ", "137", "Cs was low.", "The dose of 137Cs was low."),
        ("The dose was low ", "3", "That is all.", "The dose was low That is all."),
    ],
)
def test_raised_numbers_are_notes_powers_or_isotopes(before: str, raised: str, after: str, expected: str) -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(72, 700)
        for size, rise, part in ((SIZE, 0, before), (6, 4, raised), (SIZE, 0, after)):
            text.setFont(BODY, size)
            text.setRise(rise)
            text.textOut(part)
        canvas.drawText(text)

    assert pdf.read(made(draw)).text == expected


def test_turned_text_is_counted() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        canvas.drawString(72, 700, "The gauge of the quay stood 11 cm too low in 2000.")
        canvas.rotate(90)
        canvas.drawString(300, -20, "stamp of an archive")

    reading = pdf.read(made(draw))
    assert "stamp" not in reading.text
    assert [(entry.what, entry.letters) for entry in reading.left_out] == [("turned text", 16)]


def _type_3(codes: bytes) -> bytes:
    """A page of text in a font without a name whose letters are drawings, a thousandth of the font's size each."""
    drawing = b"1000 0 0 0 750 750 d1 0 0 750 750 re f"
    stream = b"BT /F 0.1 Tf 72 700 Td <" + codes.hex().encode() + b"> Tj ET"
    names = b" ".join(b"/a%d" % code for code in range(128))
    procedures = b" ".join(b"/a%d 5 0 R" % code for code in range(128))
    widths = b" ".join(b"50" for _ in range(128))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 6 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 50 100]/FontMatrix[1 0 0 1 0 0]/FirstChar 0/LastChar 127/Widths[%s]"
        b"/Encoding<</Type/Encoding/Differences[0 %s]>>/CharProcs<<%s>>>>" % (widths, names, procedures),
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, part) for number, part in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 7>>"


def test_fonts_without_names_for_themselves_and_their_letters_are_refused() -> None:
    with pytest.raises(Unreadable, match="do not say which letters"):
        pdf.read(_type_3(bytes((1, 2, 33, 34, 3, 35, 36, 4, 37)) * 12))


def _saved_by_macos(codes: bytes, font: str) -> bytes:
    """A page of text in a font of TeX whose ligature ff, at 11, is said to be U+21B5, and ffi, at 14, to be nothing."""
    names = b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n1 beginbfrange <20> <7e> <0020> endbfrange\n"
    names += b"2 beginbfchar <0b> <21b5> <0e> <0000> endbfchar endcmap"
    drawn = b"BT /F 11 Tf 72 700 Td <" + codes.hex().encode() + b"> Tj ET"
    widths = " ".join("833" if code == 14 else "500" for code in range(11, 127))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        f"<</Type/Font/Subtype/Type1/BaseFont/{font}/FirstChar 11/LastChar 126/Widths[{widths}]/ToUnicode 6 0 R"
        "/FontDescriptor 7 0 R>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(names), names),
        f"<</Type/FontDescriptor/FontName/{font}/Flags 4/FontBBox[0 -250 1000 750]/ItalicAngle 0"
        "/Ascent 694/Descent -194/CapHeight 683/StemV 69>>".encode(),
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, part) for number, part in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 8>>"


@pytest.mark.parametrize(("font", "shown"), [("ABCDEF+CMR10", "ff"), ("CMMI10", "α"), ("Times-Roman", "↵")])
def test_what_macos_calls_an_arrow_is_what_the_font_of_tex_has_there(font: str, shown: str) -> None:
    assert pdf.read(_saved_by_macos(b"The gauges di\x0ber by 11 cm.", font)).text == f"The gauges di{shown}er by 11 cm."


def test_a_ligature_without_a_name_is_told() -> None:
    reading = pdf.read(_saved_by_macos(b"It is a di\x0ecult way, 11 km long.", "CMR10"))
    assert reading.text == "It is a di�cult way, 11 km long."
    assert any("do not name" in warning for warning in reading.warnings)


def test_what_is_beside_the_page_is_not_read() -> None:
    """A spread that was cut in two has the other half in each of its pages."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        for x, text in ((72, "The gauge stood 11 cm too low."), (-400, "The quay was shut for 9 days.")):
            canvas.drawString(x, 600, text)
        canvas.drawString(72, 900, "The harbour master kept all of it in a book.")

    assert pdf.read(made(draw)).text == "The gauge stood 11 cm too low."


def test_a_slanted_stamp_over_the_text_is_left_out() -> None:
    lines = wrapped(INTRODUCTION, 300)

    def draw(canvas: Canvas) -> None:
        column(canvas, lines, 72, 700)
        canvas.saveState()
        canvas.translate(90, 600)
        canvas.rotate(45)
        canvas.setFont(BODY, 30)
        canvas.drawString(0, 0, "DO NOT SEND")
        canvas.restoreState()

    reading = pdf.read(made(draw))
    assert reading.text == whole(INTRODUCTION)
    assert [(entry.what, entry.letters) for entry in reading.left_out] == [("turned text", 9)]


def test_lines_beside_a_large_sign_are_not_read_as_one() -> None:
    lines = wrapped(METHODS, 300)

    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, 48)
        canvas.drawString(50, 694, "“")
        column(canvas, lines, 80, 700)

    assert pdf.read(made(draw)).text.replace("“", "").split() == whole(METHODS).split()


def test_a_word_far_from_the_mark_of_a_note_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, 5)
        canvas.drawString(72, 664, "12")
        canvas.setFont(BODY, SIZE)
        canvas.drawString(120, 660, "Owls.")
        canvas.drawString(72, 700, "That is all that is said of the birds.")
        canvas.drawString(72, 620, "That is all that is said of them.")

    assert "Owls." in pdf.read(made(draw)).text
