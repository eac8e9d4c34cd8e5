"""Letters in EML and MBOX files."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from fastsum.errors import FastsumError
from fastsum.readers.blocks import Unreadable
from fastsum.readers.documents import read_document
from fastsum.readers.mail import read

DATE = "Mon, 02 Mar 2026 17:40:00 +0100"
HEAD = f"From: Ada Example <ada@example.org>\nDate: {DATE}\nSubject: The wall\n\n"


def letter(
    text: str | None = None, writer: str = "Ada Example <ada@example.org>", subject: str = "The wall"
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Date"] = writer, "b@example.org", subject, DATE
    message["Received"] = "from mx.example.net (mx.example.net [192.0.2.7])"
    if text is not None:
        message.set_content(text)
    return message


def raw(head: str, body: str) -> bytes:
    return f"From: a@example.org\nSubject: x\nMIME-Version: 1.0\n{head}\n\n{body}".encode("latin-1")


def body(content: bytes) -> str:
    return read(content).text.partition("\n\n")[2]


def test_a_letter_is_its_writer_date_subject_and_text(tmp_path: Path) -> None:
    path = tmp_path / "letter"
    path.write_bytes(
        bytes(letter("Dear Ben,\n\nthe wall – it is old – falls.\n", subject="Re: Closing – vote by Friday"))
    )
    document = read_document(path)
    assert (
        document.text
        == HEAD.replace("The wall", "Re: Closing – vote by Friday") + "Dear Ben,\n\nthe wall – it is old – falls."
    )
    assert document.title == "Closing – vote by Friday"
    assert document.left_out == ()


def test_all_inline_texts_are_read_in_order_and_attachments_are_named() -> None:
    message = letter("Before the picture.\n")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="wall.png")
    message.add_attachment("Behind the picture.\n", disposition="inline")
    message.add_attachment("name,price\nwall,2\n", subtype="csv", filename="costs.csv")
    reading = read(bytes(message))
    assert reading.text == f"{HEAD}Before the picture.\n\nBehind the picture."
    ((what, count, letters, where),) = reading.left_out
    assert (what, count, letters, where) == ("attachments", 2, 16, "costs.csv")


@pytest.mark.parametrize(
    ("plain", "html", "found"),
    [
        ("The wall is old.", "<p>The <b>wall</b> is old.</p>", "The wall is old."),
        ("", "<p>The wall is old.</p><p>It falls.</p>", "The wall is old.\n\nIt falls."),
        ("See the HTML part.", f"<p>{'The wall is old. ' * 9}</p>", ("The wall is old. " * 9).strip()),
    ],
    ids=["the same", "no plain text", "a pointer"],
)
def test_of_two_forms_of_a_text_the_plain_one_is_read_if_it_has_the_words(plain: str, html: str, found: str) -> None:
    message = letter(plain)
    message.add_alternative(html, subtype="html")
    assert body(bytes(message)) == found


def test_html_keeps_paragraphs_lines_of_a_signature_and_marks_quotations() -> None:
    message = letter()
    message.set_content(
        "<style>p {}</style><h2>Costs</h2><p>The wall is<br>old, and nobody who saw it fall has ever been asked of it,"
        "<br>which is a pity.</p><p>Ben wrote:</p><blockquote type=cite><p>It is new.</p><blockquote><p>Is it?</p>"
        "</blockquote></blockquote><ul><li>It is old.</li></ul><p>Kind regards<br>Ada</p>",
        subtype="html",
    )
    assert body(bytes(message)).split("\n\n") == [
        "## Costs",
        "The wall is",
        "old, and nobody who saw it fall has ever been asked of it, which is a pity.",
        "Ben wrote:",
        "> It is new.",
        "> Is it?",
        "- It is old.",
        "Kind regards",
        "Ada",
    ]


def enclosing() -> EmailMessage:
    message = letter("Please read this.\n", subject="Fwd: The boats")
    message.add_attachment(letter("The boats go in June.\n", "Ben <ben@example.org>", "The boats"))
    return message


def test_messages_within_a_message_are_messages() -> None:
    assert read(bytes(enclosing())).text.split("\n\n") == [
        HEAD.strip().replace("The wall", "Fwd: The boats"),
        "Please read this.",
        f"From: Ben <ben@example.org>\nDate: {DATE}\nSubject: The boats",
        "The boats go in June.",
    ]


def test_an_mbox_is_parted_where_a_letter_begins_and_nowhere_else(tmp_path: Path) -> None:
    mark = b"From ada@example.org Mon Mar  2 17:40:00 2026\n"
    first = letter("The wall is old.\n\n>From then on it fell.\n\nFrom here on 2 boats go in 2026\n")
    path = tmp_path / "box"
    path.write_bytes(
        mark + bytes(first) + b"\n" + mark + bytes(letter("It is new.\n", "Ben <ben@example.org>", "Re: The wall"))
    )
    document = read_document(path)
    assert document.text.split("\n\n") == [
        HEAD.strip(),
        "The wall is old.",
        "From then on it fell.",
        "From here on 2 boats go in 2026",
        f"From: Ben <ben@example.org>\nDate: {DATE}\nSubject: Re: The wall",
        "It is new.",
    ]
    assert document.title == "The wall"


@pytest.mark.parametrize(
    ("head", "text", "found"),
    [
        (
            "Content-Type: text/plain; charset=x-none",
            "Das Caf\xe9 schlie\xdft, niemand wei\xdf warum.",
            "Das Café schließt",
        ),
        ("Content-Type: text/plain", "Das Caf\xe9 schlie\xdft, niemand wei\xdf warum.", "Das Café schließt"),
        ("Content-Type: text/plain; charset=iso-8859-1", "It costs \x80 5 \x96 or less.", "It costs € 5 – or less."),
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
            "F=\nive =E2=82=AC",
            "Five €",
        ),
        (
            "Content-Type: text/html",
            "<meta charset=koi8-r><p>\xf3\xd4\xc5\xce\xc1 \xd3\xd4\xc1\xd2\xc1\xd1.</p>",
            "Стена старая.",
        ),
    ],
)
def test_the_charset_is_the_one_that_is_named_or_the_likeliest(head: str, text: str, found: str) -> None:
    assert body(raw(head, text)).startswith(found)


def test_flowed_lines_are_joined_and_a_signature_is_not() -> None:
    text = "The wall \nis old.\n> It \n> is new.\n>> Is \n>> it?\n From here on.\n-- \nAda\n"
    assert body(raw("Content-Type: text/plain; format=flowed", text)) == (
        "The wall is old.\n> It is new.\n>> Is it?\nFrom here on.\n-- \nAda"
    )
    assert body(raw("Content-Type: text/plain; format=flowed; delsp=yes", "The wa \nll.\n")) == "The wall."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (raw("Content-Type: application/pdf", "%PDF"), "attachments alone"),
        (raw('Content-Type: multipart/encrypted; boundary="x"', "--x\nContent-Type: a/b\n\nx\n--x--"), "encrypted"),
        (
            b"".join(raw(f'Content-Type: multipart/mixed; boundary="{n}"', f"--{n}\n") for n in range(400)),
            "too deep|alone",
        ),
        (b"".join(raw("Content-Type: message/rfc822", "") for n in range(3000)), "too deep|alone"),
    ],
)
def test_what_has_no_text_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(content)


@pytest.mark.parametrize(
    "text",
    [
        "From: Ada\nTo: Ben\nDate: Monday\nSubject: The wall\n\nIt is old.\n",  # pasted: its lines are the file's
        "Title: The wall\nDate: 2026-03-02\n\nIt is old.\n",
        "From here to there: a walk\n\nIt is long.\n",
        "Content-Type: what it means\n\nIt is a field.\n",
    ],
)
def test_text_is_not_taken_for_a_file_of_mail(text: str, tmp_path: Path) -> None:
    path = tmp_path / "text.eml"
    path.write_text(text, encoding="utf-8")
    assert read_document(path).text == text


def test_a_letter_that_cannot_be_read_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.eml"
    path.write_bytes(raw("Content-Type: image/png", ""))
    with pytest.raises(FastsumError, match=r"letter\.eml is mail without text"):
        read_document(path)


def test_the_first_line_of_a_box_may_have_no_date(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(b"From ada@example.org\n" + bytes(letter("The wall is old.\n\nFrom here\nOn: it falls.\n")))
    assert read_document(path).text == HEAD + "The wall is old.\n\nFrom here\nOn: it falls."


def test_a_letter_in_another_kind_of_text_is_read() -> None:
    head = HEAD.rstrip().encode() + b"\nContent-Type: text/markdown\n\n"
    assert read(head + b"The wall *stands*.\n").text.endswith("The wall *stands*.")


def test_a_patch_behind_a_letter_is_code() -> None:
    patch = "---\n quay.c | 2 +-\n\ndiff --git a/quay.c b/quay.c\n--- a/quay.c\n+++ b/quay.c\n-int x;\n+int y;\n"
    reading = read(bytes(letter(f"The wall is old, so y replaces x.\n\n{patch}")))
    assert reading.text.endswith("The wall is old, so y replaces x.")
    assert [part.what for part in reading.left_out] == ["code"]


def test_a_charset_that_cannot_write_the_text_is_not_trusted() -> None:
    content = HEAD.rstrip().encode() + b"\nContent-Type: text/plain; charset=idna\n\nThe w\xc3\xa4ll. It stands.\n"
    assert read(content).text.endswith("The wäll. It stands.")


def test_a_letter_before_the_mark_of_another_is_read() -> None:
    other = HEAD.rstrip().encode() + b"\n\nThe bridge is shut.\n"
    content = bytes(letter("The wall is old.\n")) + b"\n\nFrom 17@xxx Mon Dec 05 17:09:55 +0000 2022\n" + other
    text = read(content).text
    assert text.index("The wall is old.") < text.index("The bridge is shut.")


def test_a_letter_that_tables_lay_out_is_read() -> None:
    cells = "".join(f"<tr><td>{cell}</td></tr>" for cell in ("Ada has joined", "Meeting 869", "Time 11:00"))
    page = f"<table>{cells}</table><p>All rights reserved.</p>"
    head = HEAD.rstrip().encode() + b"\nContent-Type: text/html\n\n"
    assert read(head + page.encode()).text.split("\n\n")[1:] == [
        "Ada has joined",
        "Meeting 869",
        "Time 11:00",
        "All rights reserved.",
    ]
