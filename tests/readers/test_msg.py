"""Letters saved by Outlook; python-oxmsg reads the file itself."""

from __future__ import annotations

import codecs
import importlib.util
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest

from fastsum.readers import msg
from fastsum.readers.blocks import Unreadable
from fastsum.readers.formats import format_of_bytes

SENT = datetime(2026, 3, 2, 17, 40, tzinfo=timezone.utc)


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
    with pytest.raises(Unreadable, match="without text"):
        read(monkeypatch)


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
