"""PDFs, made here: reading order, what is left out, pages, and files that cannot be read."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("pypdfium2")
pytest.importorskip("reportlab")
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from fastsum.errors import FastsumError
from fastsum.readers import isolation, pdf
from fastsum.readers.blocks import Reading, Unreadable
from fastsum.readers.isolation import read_apart

WIDTH, HEIGHT = A4
BODY, SIZE, PITCH = "Times-Roman", 10.0, 12.0

# A bar marks where a word may be cut.
INTRODUCTION = (
    "Barn owls hunt at night over rough grass|land, and they find their prey by ear alone. The ears of an owl sit at "
    "different heights, so that a sound from below reaches one ear be|fore the other. This small dif|ference tells the "
    "bird how high the mouse is, and the diff|erence in time tells it where to turn. We asked whether noise from a "
    "motor|way makes this harder, and how far from the road an owl must fly to hunt as well as in a quiet val|ley."
)
METHODS = (
    "We followed eleven owls in two val|leys for three winters. Each bird carried a light|weight log|ger that wrote "
    "down its place every ten seconds. One valley has a motor|way, and the other has only farm tracks. A long-|term "
    "record of mice in traps told us how much there was to eat. In both of the valleys the grass was cut once a year, "
    "in late summer, and the mar|gins were left standing for the mice to live in until spring."
)
RESULTS = (
    "Owls near the motor|way caught a third fewer mice in an hour than owls else|where. The loss was great|est within "
    "two hundred metres of the road, and it was gone beyond a kilo|metre. On windy nights the two val|leys did not "
    "differ, since wind hides the sound of a mouse as well as traffic does. No bird moved away from the road for good."
)
FOLLOWING = (
    "This paragraph goes on over the end of a page, for it is long enough that its last lines no longer fit, and a "
    "reader who turns the page expects to find the rest of the sentence there and not a running head or a number."
)


def wrapped(text: str, width: float, font: str = BODY, size: float = SIZE) -> list[str]:
    """Lines of a maximum width in points; words that do not fit are divided at bars."""
    lines = [""]
    for word in text.split():
        pieces = word.split("|")
        while pieces:
            start = f"{lines[-1]} " if lines[-1] else ""
            for count in range(len(pieces), 0, -1):
                piece = "".join(pieces[:count])
                shown = piece if count == len(pieces) or piece.endswith("-") else f"{piece}-"
                if stringWidth(start + shown, font, size) <= width:
                    lines[-1] = start + shown
                    pieces = pieces[count:]
                    break
            if pieces:
                lines.append("")
    return [line for line in lines if line]


def made(draw: Callable[[Canvas], None], **options: object) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, **options)
    draw(canvas)
    canvas.save()
    return content.getvalue()


def column(canvas: Canvas, lines: list[str], x: float, y: float, font: str = BODY, size: float = SIZE) -> float:
    """Draw lines downwards; the baseline below the last."""
    for line in lines:
        canvas.setFont(font, size)
        canvas.drawString(x, y, line)
        y -= PITCH * size / SIZE
    return y


LEFT, RIGHT, COLUMN = 60.0, 310.0, 225.0


def two_columns(canvas: Canvas) -> None:
    """Two pages of a paper whose producer wrote both columns' lines by turns, from the top of the page down."""
    for number in (1, 2):
        canvas.setFont(BODY, 8)
        canvas.drawString(LEFT, HEIGHT - 40, "Journal of Night Birds 12 (3)")
        canvas.drawRightString(WIDTH - LEFT, HEIGHT - 40, f"page {number}")
        canvas.drawCentredString(WIDTH / 2, 30, str(number))
        if number == 1:
            canvas.setFont("Times-Bold", 17)
            canvas.drawCentredString(WIDTH / 2, HEIGHT - 90, "Owls and the noise of roads")
            canvas.setFont(BODY, 11)
            canvas.drawCentredString(WIDTH / 2, HEIGHT - 115, "Ann Field and Bo Marsh")
            left = [("Times-Bold", 12.0, "1 Introduction"), *body(INTRODUCTION), *body("")]
            right = [("Times-Bold", 12.0, "2 Methods"), *body(METHODS), *body(FOLLOWING)[:2]]
            left += [(BODY, 8.0, "1"), (BODY, 8.0, "* Both authors did the same amount of work.")][1:]
            tops = HEIGHT - 160, HEIGHT - 166
        else:
            left = [*body(FOLLOWING)[2:], ("Times-Bold", 12.0, "3 Results"), *body(RESULTS)]
            left += [(BODY, 8.0, "Figure 1. Mice caught in an hour, by distance from the road.")]
            right = [
                ("Times-Bold", 12.0, "References"),
                *body("[1] Field, A. (1999). Owls that hear. Bird Notes 3, 4–9."),
            ]
            right += [
                *body("[2] Marsh, B. (2004). Mice in the margins. Grass 17, 1–20."),
                ("Times-Bold", 12.0, "Appendix"),
            ]
            right += body("The log|gers were made by a pupil of the village school in her summer holidays.")
            tops = HEIGHT - 80, HEIGHT - 86
        places = list(tops)
        for pair in zip(padded(left, right), padded(right, left), strict=True):
            for side, line in enumerate(pair):
                if line is None:
                    continue
                font, size, text = line
                above = 10.0 if font == "Times-Bold" or size < SIZE else 0.0
                places[side] -= above
                canvas.setFont(font, size)
                canvas.drawString((LEFT, RIGHT)[side], places[side], text)
                places[side] -= PITCH
        canvas.showPage()


def body(text: str) -> list[tuple[str, float, str]]:
    return [(BODY, SIZE, line) for line in wrapped(text, COLUMN)]


def padded(lines: list[tuple[str, float, str]], other: list[object]) -> Iterator[tuple[str, float, str] | None]:
    yield from lines
    yield from [None] * (len(other) - len(lines))


@pytest.fixture(scope="module")
def paper() -> Reading:
    return pdf.read(made(two_columns, pageCompression=1))


def whole(text: str) -> str:
    return text.replace("|", "")


def test_columns_are_read_one_after_the_other_and_cut_words_joined(paper: Reading) -> None:
    for part in (INTRODUCTION, METHODS, RESULTS):
        assert whole(part) in paper.text.split("\n\n")
    places = [paper.text.index(whole(part)) for part in (INTRODUCTION, METHODS, FOLLOWING, RESULTS)]
    assert places == sorted(places)


def test_a_hyphen_of_the_word_itself_is_kept(paper: Reading) -> None:
    assert "long-term record" in paper.text


def test_a_paragraph_goes_on_over_columns_and_pages(paper: Reading) -> None:
    assert whole(FOLLOWING) in paper.text.split("\n\n")


def test_headings_are_marked_by_their_rank(paper: Reading) -> None:
    assert paper.text.startswith("# Owls and the noise of roads\n\n")
    headings = [line for line in paper.text.splitlines() if line.startswith("#")]
    assert headings[1:] == ["## 1 Introduction", "## 2 Methods", "## 3 Results", "## Appendix"]
    assert paper.title == "Owls and the noise of roads"


@pytest.mark.parametrize(
    "gone", ["Night Birds", "page 1", "page 2", "same amount", "Figure 1", "Mice caught", "Bird Notes"]
)
def test_what_interrupts_the_text_is_left_out(paper: Reading, gone: str) -> None:
    assert gone not in paper.text


def test_the_list_of_references_ends_where_the_appendix_begins(paper: Reading) -> None:
    assert "References" not in paper.text
    assert paper.text.endswith("The loggers were made by a pupil of the village school in her summer holidays.")


def test_every_page_has_its_place_in_the_text(paper: Reading) -> None:
    first, second = paper.pages
    assert first == 0
    last_of_the_first_page = wrapped(FOLLOWING, COLUMN)[1]
    assert paper.text[:second].rstrip().endswith(last_of_the_first_page)
    assert paper.text[second:].startswith(wrapped(FOLLOWING, COLUMN)[2])
    assert paper.warnings == ()


def test_a_page_in_one_column_is_not_parted() -> None:
    text = " ".join([whole(INTRODUCTION), whole(METHODS)])

    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(text, 450), 72, 750)

    assert pdf.read(made(draw)).text == text


def test_three_columns_below_a_headline() -> None:
    texts = [whole(text) for text in (INTRODUCTION, METHODS, RESULTS)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 24)
        canvas.drawString(50, 780, "Owls, mice and a motorway in three columns")
        for place, text in enumerate(texts):
            column(canvas, wrapped(text, 150), 50 + 170 * place, 740)

    assert pdf.read(made(draw)).text.split("\n\n")[1:] == texts


def test_paragraphs_are_detected_by_their_first_lines() -> None:
    def draw(canvas: Canvas) -> None:
        y = 750.0
        for text in (INTRODUCTION, METHODS):
            first, *rest = wrapped(whole(text), 430)
            column(canvas, [first], 92, y)
            y = column(canvas, rest, 72, y - PITCH)

    assert len(pdf.read(made(draw)).text.split("\n\n")) == 2


def test_bullets_are_items() -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(RESULTS), 430), 72, 750)
        for text in (
            "The first of three small findings.",
            "A second finding, no larger than that.",
            "And a third one.",
        ):
            y = column(canvas, [f"• {text}"], 80, y)

    assert pdf.read(made(draw)).text.split("\n\n")[1:3] == [
        "- The first of three small findings.",
        "- A second finding, no larger than that.",
    ]


def test_tables_leaders_and_formulas_are_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 430), 72, 750) - 20
        for row in (("Valley", "Owls", "Mice"), ("Mell", "6", "311"), ("Arn", "5", "420")):
            for place, cell in enumerate(row):
                canvas.drawString(72 + 120 * place, y, cell)
            y -= PITCH
        y = column(canvas, ["x = (a + b) / 2 = 17.3 (4)"], 150, y - 20)
        y = column(canvas, ["2.1 The owls of the valley . . . . . . . . . . . . 17"], 72, y - 20)
        column(canvas, wrapped(whole(METHODS), 430), 72, y - 20)

    assert pdf.read(made(draw)).text.split("\n\n") == [whole(INTRODUCTION), whole(METHODS)]


def test_raised_numbers_of_notes_are_taken_away_and_powers_kept() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(whole(INTRODUCTION), 430), 72, 750)
        text = canvas.beginText(72, 600)
        for size, rise, part in (
            (SIZE, 0, "Owls rest by day"),
            (6, 4, "3,4"),
            (SIZE, 0, ". There are 10"),
            (6, 4, "5"),
            (SIZE, 0, " mice, 10"),
            (6, 4, "–6"),
            (SIZE, 0, " owls for each min"),
            (6, 4, "–1"),
            (SIZE, 0, " in a km"),
            (6, 4, "2"),
            (SIZE, 0, " of grass."),
        ):
            text.setFont(BODY, size)
            text.setRise(rise)
            text.textOut(part)
        canvas.drawText(text)

    assert pdf.read(made(draw)).text.endswith(
        "Owls rest by day. There are 10^5 mice, 10^–6 owls for each min–1 in a km2 of grass."
    )


def test_references_without_a_heading_are_left_out_at_the_end() -> None:
    entries = [
        f"[{n}] A. Field and B. Marsh, Owls of the valley, part {n}, Bird Notes {n}, 10 (19{60 + n})."
        for n in range(1, 9)
    ]

    def draw(canvas: Canvas) -> None:
        y = 780.0
        for part in (INTRODUCTION, METHODS, RESULTS, FOLLOWING, INTRODUCTION, METHODS, RESULTS, FOLLOWING, RESULTS):
            y = column(canvas, wrapped(whole(part), 430), 72, y) - 10
        for entry in entries:
            y = column(canvas, [entry], 72, y)

    text = pdf.read(made(draw)).text
    assert "Bird Notes" not in text
    assert text.endswith(whole(RESULTS))


def test_an_abstract_in_small_print_beside_its_keywords_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(FOLLOWING, 320, size=8.0), 220, 700, size=8.0)
        column(
            canvas, ["Keywords:", "Barn owls in valleys", "Noise of a motorway", "Hunting by ear"], 60, 700, size=8.0
        )
        y = column(canvas, wrapped(INTRODUCTION, 230), 60, 600)
        column(canvas, ["Address: The Owl Trust, 3 Barn Lane."], 60, y - PITCH, size=7.0)
        column(canvas, wrapped(METHODS, 230), 310, 600)

    text = pdf.read(made(draw)).text
    assert whole(FOLLOWING) in text
    assert text.index(whole(FOLLOWING)) < text.index(whole(INTRODUCTION)) < text.index(whole(METHODS))
    assert "Address" not in text  # a note, with no text below it


@pytest.mark.parametrize("x", [30, 570])
@pytest.mark.parametrize("step", [1, 3])
def test_numbers_of_lines_are_left_out(x: float, step: int) -> None:
    def draw(canvas: Canvas) -> None:
        lines = wrapped(
            f"{INTRODUCTION} {METHODS} {RESULTS} {INTRODUCTION} {METHODS} {RESULTS} In 1999 there were 12", 440
        )
        column(canvas, lines, 70, 700)
        for number in range(step, len(lines) + 1, step):
            canvas.drawString(x, 700 - (number - 1) * PITCH, str(number + 200))

    text = pdf.read(made(draw)).text
    assert whole(f"{INTRODUCTION} {METHODS} {RESULTS}") in text
    assert text.endswith("In 1999 there were 12")


@pytest.mark.parametrize("drop", [True, False])
def test_an_initial_over_several_lines_is_part_of_its_word(drop: bool) -> None:
    def draw(canvas: Canvas) -> None:
        lines = wrapped(METHODS.removeprefix("We"), 440)
        canvas.setFont(BODY, 30.0)
        canvas.drawString(60, 700 - PITCH, "W" if drop else " ")
        column(canvas, ["e" + lines[0].removeprefix("e")], 92, 700)
        column(canvas, lines[1:2], 92, 700 - PITCH)
        column(canvas, lines[2:], 60, 700 - 2 * PITCH)

    first = "We" if drop else "e"
    assert pdf.read(made(draw)).text == first + whole(METHODS).removeprefix("We").replace(" followed", "followed", 1)


def test_text_along_the_margin_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(whole(METHODS), 430), 72, 750)
        canvas.rotate(90)
        canvas.drawString(300, -20, "stamp:1234.5678 of an archive")

    assert pdf.read(made(draw)).text == whole(METHODS)


def test_a_page_on_its_side_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.rotate(90)
        column(canvas, wrapped(whole(METHODS), 430), 72, -72)

    assert pdf.read(made(draw)).text == whole(METHODS)


def test_varying_heads_in_one_place_are_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        for number, name in enumerate(("Owls", "Mice", "Grass", "Roads", "Winds"), start=1):
            canvas.setFont(BODY, SIZE)
            canvas.drawString(72, 800, f"On {name.lower()} and other things")
            column(canvas, wrapped(f"{name} are the subject of this page. {whole(METHODS)}", 430), 72, 760)
            canvas.drawString(290, 40, f"{number} of 5")
            canvas.showPage()

    reading = pdf.read(made(draw))
    assert "other things" not in reading.text
    assert "of 5" not in reading.text
    assert [reading.text[place:].split()[0] for place in reading.pages] == ["Owls", "Mice", "Grass", "Roads", "Winds"]


def test_a_title_may_begin_with_a_small_letter() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, ["grass – a class for papers about owls"], 60, 740, "Times-Roman", 16.0)
        column(canvas, wrapped(METHODS, 440), 60, 700)

    assert pdf.read(made(draw)).title == "grass – a class for papers about owls"


def test_the_title_of_the_properties_counts_if_the_page_shows_it() -> None:
    def draw(canvas: Canvas, stated: str) -> None:
        canvas.setTitle(stated)
        canvas.setFont("Times-Bold", 20)
        canvas.drawString(72, 790, "Field Station Reports")
        canvas.setFont("Times-Bold", 16)
        canvas.drawString(72, 750, "Owls of the Mell")
        column(canvas, wrapped(whole(METHODS), 430), 72, 720)

    assert pdf.read(made(lambda canvas: draw(canvas, "Owls of the Mell"))).title == "Owls of the Mell"
    assert pdf.read(made(lambda canvas: draw(canvas, "Microsoft Word - final2.doc"))).title == "Field Station Reports"


def test_an_image_among_the_pages_is_a_warning() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(3):
            if number == 1:
                canvas.rect(100, 100, 300, 300, fill=1)
            else:
                column(canvas, wrapped(whole(METHODS), 430), 72, 750)
            canvas.showPage()

    reading = pdf.read(made(draw))
    assert reading.warnings == ("has no text on page 2: blank, or an image.",)
    assert reading.pages[1] == reading.pages[2]


def test_of_many_pages_without_text_the_first_ten_are_named() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, wrapped(whole(METHODS), 430), 72, 750)
        for _ in range(11):
            canvas.showPage()
            canvas.rect(100, 100, 300, 300, fill=1)

    pages = "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ..."
    assert pdf.read(made(draw)).warnings == (f"has no text on pages {pages}: blank, or an image.",)


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"


def scanned() -> bytes:
    return made(lambda canvas: canvas.rect(100, 100, 300, 300, fill=1))


def plain(canvas: Canvas) -> None:
    column(canvas, wrapped(whole(METHODS), 430), 72, 750)


def by_hand(*objects: bytes) -> bytes:
    """A PDF of numbered objects, without a table of where they are: PDFium finds them itself."""
    body_ = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body_ + b"trailer\n<< /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1)


def test_what_cannot_be_read_is_an_error_with_a_remedy() -> None:
    for content, expected in (
        (scanned(), r"no text in it.*images.*ocrmypdf"),
        (made(plain, encrypt="secret"), r"encrypted with a password.*qpdf"),
        (b"%PDF-1.7\n" + b"no objects at all\n" * 50, r"damaged or cut off PDF"),
        (made(plain)[:300], r"damaged or cut off PDF"),
        (
            by_hand(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
            "damaged|no page",
        ),
    ):
        with pytest.raises(Unreadable, match=expected):
            pdf.read(content)


def test_a_pdf_without_its_end_is_read_with_a_warning() -> None:
    content = made(plain, pageCompression=1)
    reading = pdf.read(content[: content.index(b"startxref")])
    assert reading.text == whole(METHODS)
    assert reading.warnings == ("has no end marker: it may be cut off.",)


def test_fonts_without_unicode_are_refused() -> None:
    stream = b"BT /F 12 Tf 72 700 Td (" + bytes(range(0x21, 0x28)) * 30 + b") Tj ET"
    maps = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange"
    maps += b" 1 beginbfrange <00> <ff> <e000> endbfrange endcmap"
    content = by_hand(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /ToUnicode 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(maps), maps),
    )
    with pytest.raises(Unreadable, match="do not say which letters"):
        pdf.read(content)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (
            b"The \x1crst e\x1bort was su\x1ecient, and the \x1dow di\x1bered.",
            "The first effort was sufficient, and the flow differed.",
        ),
        (b"The \x0crst e\x0bort was su\x0ecient.", "The first effort was sufficient."),
        (b"The \x1brst e\x1dort was o\x1cered.", "The \ufffdrst e\ufffdort was o\ufffdered."),  # of another encoding
    ],
)
def test_ligatures_in_the_places_of_tex_are_spelt_out(shown: bytes, expected: str) -> None:
    stream = b"BT /F 12 Tf 72 700 Td (" + shown + b") Tj ET"
    names = b"/ff /fi /fl /ffi /ffl".replace(b"/", b"/unnamed")
    content = by_hand(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding << /Differences [11 %s 27 %s] >> >>"
        % (names, names),
    )
    assert pdf.read(content).text == expected


def in_code_font(pages: list[bytes]) -> bytes:
    """Pages of which each has a line in Times and a line in a font whose codes name no letters."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = b" ".join(b"%d 0 R" % (5 + 2 * place) for place in range(len(pages)))
    objects.append(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)))
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>")
    names = b" ".join(b"/g%d" % code for code in range(1, 32))
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Codes /Encoding << /Differences [1 %s] >> >>" % names
    )
    for place, stream in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R /G 4 0 R >> >> >>" % (6 + 2 * place)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return by_hand(*objects)


CODES = b"".join(b"\\%03o" % code for code in (1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18, 19, 20)) * 4
CLEAR = b"BT /F 12 Tf 72 700 Td (The board has read the report on the gauge, and it tells here what it is about.) Tj ET"


def test_pages_whose_fonts_name_no_letters_are_named() -> None:
    dark = b"BT /F 16 Tf 72 740 Td (Findings) Tj ET BT /G 12 Tf 72 700 Td (" + CODES + b") Tj ET"
    reading = pdf.read(in_code_font([CLEAR, dark, CLEAR]))
    assert len(reading.warnings) == 1
    assert "page 2 is left out" in reading.warnings[0]
    assert reading.left_out[0].what == "letters that cannot be read"
    assert "\x01" not in reading.text
    with pytest.raises(Unreadable, match=r"do not say which letters they show, on pages 1, 2\."):
        pdf.read(in_code_font([dark, dark]))


def test_a_letter_that_a_font_does_not_name_is_shown_as_such() -> None:
    line = b" BT /F 12 Tf 72 640 Td (It was four) Tj /G 12 Tf (\\001\\002) Tj /F 12 Tf (C in the harbour.) Tj ET"
    some = CLEAR + line
    reading = pdf.read(in_code_font([some]))
    assert "It was four" in reading.text
    assert "\ufffd" in reading.text
    assert "page 1" in reading.warnings[0]


@pytest.mark.parametrize("begins", ["Mell", "45", "(once"])
def test_a_sentence_goes_on_at_the_next_page_whatever_it_goes_on_with(begins: str) -> None:
    first = wrapped(f"{whole(INTRODUCTION)} They hunt for as long as in the valley of the", 430)
    second = wrapped(f"{begins} and of the Arn a year ago. {whole(METHODS)}", 430)

    def draw(canvas: Canvas) -> None:
        canvas.setFont(BODY, SIZE)
        for lines in ([*first[:-1], f"{first[-1]} " + "old and wide river " * 3], second):
            column(canvas, lines, 72, 700)
            canvas.showPage()

    assert f"river {begins} and of the Arn" in pdf.read(made(draw)).text


def test_a_bold_heading_that_a_paragraph_begins_with_is_a_heading() -> None:
    def draw(canvas: Canvas) -> None:
        y = column(canvas, wrapped(whole(INTRODUCTION), 430), 72, 750)
        for heading, text in (("Study area.", METHODS), ("Catches in winter", RESULTS)):
            lines = wrapped("x" * (len(heading) + 1) + " " + whole(text), 430)
            column(canvas, [heading], 72, y, "Times-Bold")
            canvas.setFont(BODY, SIZE)
            canvas.drawString(75 + stringWidth(heading, "Times-Bold", SIZE), y, lines[0].split(" ", 1)[1])
            y = column(canvas, lines[1:], 72, y - PITCH)

    blocks = pdf.read(made(draw)).text.split("\n\n")
    # "Owls" could be the rest of a name in bold print: only a stop or a word that begins sentences shows a heading.
    assert blocks == [whole(INTRODUCTION), "# Study area", whole(METHODS), f"Catches in winter {whole(RESULTS)}"]


def bomb() -> bytes:
    """A page of a few kilobytes that shows tens of millions of letters."""
    stream = zlib.compress(b"BT /F 12 Tf 72 700 Td " + b"(aaaaaaaaaaaaaaaa) Tj " * 1_000_000 + b"ET", 9)
    return by_hand(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    )


@pytest.mark.parametrize("limits", [{"SECONDS": 0, "_WAITING": 1000}, {"_WAITING": 0}, {"MEMORY": 300 << 20}], ids=str)
def test_a_bomb_ends_with_its_process(monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]) -> None:
    pytest.importorskip("resource", reason="the system bounds no process")
    for name, value in limits.items():
        monkeypatch.setattr(isolation, name, value)
    with pytest.raises(FastsumError, match=r"^night\.pdf cannot be read.*Save it again"):
        read_apart("pdf", bomb(), "night.pdf")
