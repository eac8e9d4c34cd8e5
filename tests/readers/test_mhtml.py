"""Web pages saved in one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastsum.readers.blocks import Unreadable
from fastsum.readers.documents import read_document
from fastsum.readers.mhtml import read

PAGE = (
    "<html><head><title>The wall</title></head><body><p>The board voted to close the quay until the wall is finished –"
    " in June.</p><p>The contractor expects the work to take five months.</p></body></html>"
)


def saved(
    head: str = "From: <Saved by Blink>\nSnapshot-Content-Location: https://example.org/", page: str = PAGE
) -> bytes:
    coded = page.replace("=", "=3D").replace("–", "=E2=80=93").replace(" quay", " qu=\nay")
    return (
        f"{head}\nSubject: Saved\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--p"\n\n'
        "----p\nContent-Type: text/css\n\np {}\n----p\nContent-Type: text/html; charset=utf-8\n"
        f"Content-Transfer-Encoding: quoted-printable\n\n{coded}\n----p--\n"
    ).encode()


def test_the_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(saved())
    document = read_document(path)
    assert document.text == (
        "The board voted to close the quay until the wall is finished – in June.\n\n"
        "The contractor expects the work to take five months."
    )
    assert document.title == "The wall"


def test_a_letter_with_pictures_in_its_page_is_a_letter(tmp_path: Path) -> None:
    path = tmp_path / "letter"
    path.write_bytes(saved("From: Ada <ada@example.org>\nTo: ben@example.org\nMessage-ID: <1@example.org>"))
    assert read_document(path).text.startswith("From: Ada <ada@example.org>\nSubject: Saved\n\nThe board voted")


def test_a_file_without_a_page_is_refused() -> None:
    with pytest.raises(Unreadable, match="without a page"):
        read(saved().replace(b"text/html; charset", b"text/css; charset"))
