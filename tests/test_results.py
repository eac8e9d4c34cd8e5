"""A folder of results: whole or absent, and made again only where that is needed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fastsum import FastsumError
from fastsum.results import JOURNAL, Results, write_whole


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.txt"
    path.write_text("A dog barked.")
    return path


def holds(folder: Path, source: Path, **settings: object) -> bool:
    with Results.opened(folder, settings) as results:
        return results.holds(Path("a/x.txt"), source)


def make(folder: Path, source: Path | None, **settings: object) -> None:
    with Results.opened(folder, settings) as results:
        results.write(Path("a/x.txt"), "It barked.\n", source)


def test_a_result_holds_while_nothing_it_depends_on_changes(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out"
    assert not holds(folder, source, words=3)
    make(folder, source, words=3)
    assert (folder / "a" / "x.txt").read_text() == "It barked.\n"
    assert holds(folder, source, words=3)
    assert not holds(folder, source, words=4)
    source.write_text("A cat barked.")
    assert not holds(folder, source, words=3)
    make(folder, source, words=3)
    assert holds(folder, source, words=3)
    (folder / "a" / "x.txt").unlink()
    assert not holds(folder, source, words=3)
    make(folder, None, words=3)
    source.unlink()
    assert not holds(folder, source, words=3)


def test_what_a_kill_leaves_is_mended(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out"
    make(folder, source)
    with (folder / JOURNAL).open("a") as journal:
        journal.write('{"result": "cut')
    (folder / "a" / ".fastsum-left").touch()
    assert holds(folder, source)
    assert not (folder / "a" / ".fastsum-left").exists()
    make(folder, source, words=9)
    assert holds(folder, source, words=9)


def test_a_journal_of_nonsense_holds_nothing(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out"
    make(folder, source)
    (folder / JOURNAL).write_bytes(b'\xff\xfe[]\n7\n{"made": 1}\n{"result": [], "made": {}}\n')
    assert not holds(folder, source)


def test_two_runs_in_one_folder(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with Results.opened(tmp_path, {}), pytest.raises(FastsumError, match="Another run is writing"):  # noqa: SIM117
        with Results.opened(tmp_path, {}):
            pass


def test_a_file_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_files_have_the_permissions_of_any_other(tmp_path: Path) -> None:
    write_whole(tmp_path / "made", "x")
    (tmp_path / "other").touch()
    assert (tmp_path / "made").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FastsumError, match="cannot be written"), Results.opened(tmp_path / "file", {}):
        pass
    with pytest.raises(FastsumError, match="cannot be written"):
        write_whole(tmp_path / "file" / "below", "x")
