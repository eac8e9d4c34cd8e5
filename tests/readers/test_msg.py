"""Letters saved by Outlook; python-oxmsg reads the file itself."""

from __future__ import annotations

import codecs
import importlib.util
import struct
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest

from fastsum.readers import msg
from fastsum.readers.blocks import Unreadable
from fastsum.readers.documents import read_document
from fastsum.readers.formats import format_of_bytes

_LAST, _NONE = 0xFFFFFFFE, 0xFFFFFFFF
HEAD = 'From: "Ada" <ada@example.org>\nSubject: The wall\n\n'
SENT = datetime(2026, 3, 2, 17, 40, tzinfo=timezone.utc)


def outlook(*, loop: bool = False, **fields: bytes) -> bytes:
    """A letter of Outlook with these properties, named as in MS-OXMSG: a compound file with one short folder.

    With `loop`, the last sector of the list of sectors of its largest stream is followed by the first.
    """
    of_root = struct.pack("<8x4I8x", 0, 0, 0, 0)
    properties = of_root + b"".join(
        struct.pack("<HHIII", int(name[5:], 16), int(name[1:5], 16), 6, len(value) + 2, 0)
        for name, value in fields.items()
    )
    streams = {"__properties_version1.0": properties, **{f"__substg1.0_{name[1:]}": fields[name] for name in fields}}
    sectors: list[bytes] = []
    follows: list[int] = []

    def placed(content: bytes) -> int:
        first, parts = len(sectors), [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        sectors.extend(parts)
        follows.extend(range(first + 1, first + len(parts)))
        follows.append(first if loop and len(parts) > 8 else _LAST)
        return first

    small, small_follows, places = b"", list[int](), dict[str, int]()
    for name, content in streams.items():
        if len(content) < 4096:
            places[name] = len(small_follows)
            count = max(1, -(-len(content) // 64))
            small += content.ljust(64 * count, b"\0")
            small_follows += [*range(places[name] + 1, places[name] + count), _LAST]
        else:
            places[name] = placed(content)
    entries = [_entry("Root Entry", 5, 1, placed(small), len(small))]
    for number, (name, content) in enumerate(streams.items(), start=2):
        entries.append(_entry(name, 2, number if number <= len(streams) else _NONE, places[name], len(content)))
    entries += [bytes(128)] * (-len(entries) % 4)
    folder = placed(b"".join(entries))
    small_list = placed(struct.pack(f"<{len(small_follows)}I", *small_follows).ljust(512, b"\xff"))
    small_sectors = len(sectors) - small_list
    count = next(each for each in range(1, 110) if each * 128 >= len(sectors) + each)
    table = [*follows, *[0xFFFFFFFD] * count]
    table += [_NONE] * (count * 128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, count, folder, 0, 4096, small_list, small_sectors, _LAST, 0)
    head += struct.pack("<109I", *range(len(sectors), len(sectors) + count), *[_NONE] * (109 - count))
    return head + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, beside: int, first: int, size: int) -> bytes:
    """An entry of the folder; the root is above the others, each of which has the next on its right."""
    coded = (name + "\0").encode("utf-16-le")
    right, below = (_NONE, beside) if kind == 5 else (beside, _NONE)
    head = coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded), kind, 1, _NONE, right, below)
    return head + bytes(36) + struct.pack("<IQ", first, size)


def letter(text: str) -> bytes:
    fields = {"_0037001F": "The wall", "_0C1A001F": "Ada", "_0C1F001F": "ada@example.org", "_1000001F": text}
    return outlook(**{name: value.encode("utf-16-le") for name, value in fields.items()})


def read(monkeypatch: pytest.MonkeyPatch, **fields: object) -> str:
    oxmsg = pytest.importorskip("oxmsg")
    given = {
        "sender": "Ada <ada@example.org>",
        "sent_date": SENT,
        "subject": "The wall",
        "body": None,
        "html_body": None,
    }
    files = (SimpleNamespace(file_name="offer.pdf"),)
    monkeypatch.setattr(
        oxmsg.Message, "load", lambda file: SimpleNamespace(**{**given, "attachments": files, **fields})
    )
    reading = msg.read(b"")
    assert [part.where for part in reading.left_out if part.what == "attachments"] == ["offer.pdf"]
    return reading.text


def test_a_letter_is_as_one_of_any_other_format(monkeypatch: pytest.MonkeyPatch) -> None:
    head = "From: Ada <ada@example.org>\nDate: Mon, 02 Mar 2026 17:40:00 +0000\nSubject: The wall\n\n"
    assert read(monkeypatch, body="It is old.\r\nIt falls.") == f"{head}It is old.\nIt falls."
    assert (
        read(monkeypatch, body=" ", html_body="<p>It is old.</p><p>It falls.</p>") == f"{head}It is old.\n\nIt falls."
    )
    assert read(monkeypatch, sender="=?UTF-8?B?w4l2YQ==?= <eva@example.org>", body="It fell.").startswith(
        "From: Éva <eva@example.org>\n"
    )
    nought = datetime(1601, 1, 1, tzinfo=timezone.utc)
    assert "Date" not in read(monkeypatch, body="It is old.", sent_date=nought)
    with pytest.raises(Unreadable, match="without text"):
        read(monkeypatch)


def test_a_file_is_read(tmp_path: Path) -> None:
    pytest.importorskip("oxmsg")
    path = tmp_path / "letter"
    path.write_bytes(letter("The wall is old – it falls.\r\n" * 2))
    document = read_document(path)
    assert document.text == HEAD + "The wall is old – it falls.\n" * 2
    assert document.title == "The wall"
    path.write_bytes(letter("The wall is old. " * 300))
    assert read_document(path).text == HEAD + "The wall is old. " * 300


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_damaged_file_is_refused_with_a_reason(place: float) -> None:
    pytest.importorskip("oxmsg")
    whole = letter("The wall is old. " * 300)
    with pytest.raises(Unreadable, match="damaged"):
        msg.read(whole[: int(len(whole) * place)])


def test_code_pages_have_the_names_of_python() -> None:
    found = msg._code_page("windows_950")
    assert found is not None
    assert found.name == codecs.lookup("cp950").name
    assert msg._code_page("utf_8") is None


def test_the_format_shows_in_the_bytes() -> None:
    content = b"\xd0\xcf\x11\xe0" + bytes(600) + "__properties_version1.0".encode("utf-16-le")
    assert format_of_bytes(content, "letter") == "msg"


def test_without_the_package_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delitem(__import__("sys").modules, "oxmsg", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Unreadable, match=r"fastsum\[mail\]"):
        msg.read(b"")
