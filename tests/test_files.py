"""Atomic writes: a file is complete, or as it was before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fastsum.errors import FastsumError
from fastsum.files import RefusedError, replacing, write_whole


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "result.txt"
    with replacing(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert os.listdir(tmp_path) == ["result.txt"]


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt])
def test_the_old_file_survives_a_failure(tmp_path: Path, end: type[BaseException]) -> None:
    path = tmp_path / "result.txt"
    path.write_text("before")

    def fail() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise end

    with pytest.raises(end):
        fail()
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["result.txt"]


def test_an_interruption_just_after_the_rename_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def stopped(source: str, target: Path) -> None:
        replace(source, target)
        raise KeyboardInterrupt

    def write() -> None:
        with replacing(tmp_path / "result.txt") as file:
            file.write(b"whole")

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert (tmp_path / "result.txt").read_bytes() == b"whole"


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "result.txt"
    path.touch(0o600)
    with replacing(path) as file:
        file.write(b"whole")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_permissions_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with replacing(tmp_path / "result.txt") as file:
            file.write(b"whole")
    finally:
        os.umask(before)
    assert (tmp_path / "result.txt").stat().st_mode & 0o777 == 0o640


def test_a_text_file_is_complete_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.html"
    write_whole(path, "first \udce9")
    assert path.read_bytes() == b"first \\udce9"

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FastsumError, match=r"page.html cannot be written \(No space left on device\)"):
        write_whole(path, "second")
    assert os.listdir(tmp_path) == ["page.html"]
    assert path.read_bytes() == b"first \\udce9"


def test_files_have_the_usual_permissions(tmp_path: Path) -> None:
    write_whole(tmp_path / "made", "x")
    (tmp_path / "other").touch()
    assert (tmp_path / "made").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_an_impossible_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RefusedError, match="cannot be written"):
        write_whole(tmp_path / "file" / "below", "x")
