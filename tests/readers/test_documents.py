"""Bytes of every kind to text, or to one clear sentence."""

from __future__ import annotations

import hashlib
import io
import random
import sys
import types
from pathlib import Path

import pytest

from fastsum.errors import FastsumError
from fastsum.readers.documents import Document, read_document

ENGLISH = "The café said “no” – it’s £10.\nNobody could naïvely disagree with that.\n" * 5


def written(folder: Path, content: bytes) -> Path:
    path = folder / "story.txt"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_english_is_read_in_every_common_encoding(tmp_path: Path, encoding: str) -> None:
    document = read_document(written(tmp_path, ENGLISH.encode(encoding)))
    assert document.text == ENGLISH
    assert [warning for warning in document.warnings if "cp1252" not in warning] == []
    assert bool(document.warnings) == (encoding == "cp1252")  # a guess is owned up to


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Правительство решило построить новую школу рядом с театром, где дети будут учиться. ", "koi8-r"),
        ("政府は来週、新しい学校を開くと発表した。子どもたちはそこで言語を学ぶ予定です。", "shift_jis"),
        ("政府は来週、新しい学校を開くと発表した。子どもたちはそこで言語を学ぶ予定です。", "utf-16-le"),
        ("政府宣布将于下周开设一所新学校，孩子们将在那里学习语言和文学。", "gbk"),
    ],
)
def test_other_encodings_are_detected(tmp_path: Path, text: str, encoding: str) -> None:
    assert read_document(written(tmp_path, (text * 8).encode(encoding))).text == text * 8


def test_one_accent_in_ascii_is_western(tmp_path: Path) -> None:
    assert read_document(written(tmp_path, b"It closed on the 5th, did the caf\xe9.")).text.endswith("café.")
    assert read_document(written(tmp_path, b"It closed on the 5th, did the caf\xe9")).text.endswith("café")


def test_damaged_utf8_stays_utf8_and_says_so(tmp_path: Path) -> None:
    slip = read_document(written(tmp_path, ENGLISH.encode() + b"\xff end"))
    assert slip.text == ENGLISH + "� end"
    assert "UTF-8" in slip.warnings[0]
    assert f"byte {len(ENGLISH.encode())}" in slip.warnings[0]
    cut = read_document(written(tmp_path, "One sentence “quoted”".encode()[:-1]))
    assert cut.text == "One sentence “quoted�"
    assert len(cut.warnings) == 1


def test_stray_nuls_become_spaces_and_lines_end_in_newlines(tmp_path: Path) -> None:
    document = read_document(
        written(tmp_path, b"A line with\0a NUL in the middle of it.\r\nAnother.\rA third, after that.")
    )
    assert document.text == "A line with a NUL in the middle of it.\nAnother.\nA third, after that."
    assert document.warnings == []
    assert read_document(written(tmp_path, b"A\0short\0one.")).text == "A short one."


def test_a_replacement_character_of_its_own_is_no_damage(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, "Bad � before.".encode()))
    assert document[:5] == ("Bad � before.", str(tmp_path / "story.txt"), [], None, ())
    assert document.digest == hashlib.sha256("Bad � before.".encode()).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + b"text " * 100,
        b"\xd0\xcf\x11\xe0" + b"text " * 100,
        b"\x7fELF" + bytes(1000),
        bytes(1000),
        random.Random(0).randbytes(4000),
        b"\x01\x00\x05\x00" * 300,
    ],
)
def test_a_binary_is_refused(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    with pytest.raises(FastsumError, match=r"is not text.*(?:Convert it to text|Save it as|Name a)") as error:
        read_document(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n ", b"\xef\xbb\xbf", "\u00a0\u2003".encode()])
def test_a_document_without_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FastsumError, match=r"story\.txt has no text in it"):
        read_document(written(tmp_path, content))


def test_a_document_that_has_only_what_is_left_out_is_refused_with_what_that_is(tmp_path: Path) -> None:
    path = tmp_path / "prices.rtf"
    path.write_bytes(rb"{\rtf1 \trowd\intbl 12\cell 34\cell 56\cell\row\pard\par}")
    with pytest.raises(FastsumError, match=r"prices\.rtf has no text in it beside tables: 1 \(6 letters\)\. Name"):
        read_document(path)


def test_a_word_below_a_table_of_figures_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "prices.rtf"
    rows = rb"\trowd\intbl 1234\cell 5678\cell\row" * 20
    path.write_bytes(rb"{\rtf1 " + rows + rb"\pard n (%)\par}")
    with pytest.raises(FastsumError, match="has no text in it beside tables: 1 "):
        read_document(path)
    path.write_bytes(rb"{\rtf1 " + rows + rb"\pard The prices are in pounds.\par}")
    assert read_document(path).text == "The prices are in pounds."


def test_what_is_no_readable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FastsumError, match=r"There is no file .*nowhere"):
        read_document(tmp_path / "nowhere")
    with pytest.raises(FastsumError, match="is a folder"):
        read_document(tmp_path)
    with pytest.raises(FastsumError, match="cannot be read"):
        read_document("a\0b")


def test_an_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)  # the superuser may read every file, so chmod would not do
    with pytest.raises(FastsumError, match=r"story\.txt cannot be read: permission denied"):
        read_document(tmp_path / "story.txt")


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(ENGLISH.encode("utf-16"))))
    assert read_document("-")[:5] == (ENGLISH, "standard input", [], None, ())
    with pytest.raises(FastsumError, match="standard input has no text"):
        read_document("-")


def test_a_megabyte_on_one_line_is_read_whole(tmp_path: Path) -> None:
    text = "Words and naïve words again. " * 36_000
    assert read_document(written(tmp_path, text.encode("cp1252"))).text == text


def test_what_is_left_out_is_noted_where_it_is_much(tmp_path: Path) -> None:
    front = "<front><article-meta><title-group><article-title>Quay</article-title></title-group></article-meta></front>"
    section = "<sec><title>Walls</title><p>The wall is old and will be replaced in June.</p></sec>"
    path = tmp_path / "paper.xml"

    def read(reference: str) -> Document:
        references = f"<sec><title>References</title><p>{reference}</p></sec>"
        path.write_text(f"<article>{front}<body>{section}{references}</body></article>")
        return read_document(path)

    document = read("Example, A. Walls of old quays. 2004.")
    assert [(part.what, part.number, part.letters) for part in document.left_out] == [("references", 1, 31)]
    assert document.warnings == [f"{path}: 39% of it was left out: references: 1 (31 letters)."]
    assert read("A.").warnings == []


def test_bytes_as_python_shows_them_are_read_as_what_they_say(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(rb"""b'<ada> It\'s 5 \xc2\xb5g, \xe2\x80\x9cnot\xe2\x80\x9d 5 g.'""")
    assert read_document(path).text == "<ada> It's 5 µg, “not” 5 g."
    path.write_bytes(rb"""b'<ada> It\'s shut.'b"<ben> I can't see it." """)
    assert read_document(path).text == "<ada> It's shut.\n<ben> I can't see it."
