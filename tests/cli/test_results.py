"""A folder of results: each is complete or absent, and made again only if it is out of date."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import fastsum.cli.results
from fastsum import FastsumError
from fastsum.cli.results import JOURNAL, Results, results_in
from fastsum.files import RefusedError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.txt"
    path.write_text("A dog barked.")
    return path


def is_current(folder: Path, source: Path, **settings: object) -> bool:
    with Results.opened(folder, settings) as results:
        return results.is_current(Path("a/x.txt"), source)


def make(folder: Path, source: Path | None, *, force: bool = False, **settings: object) -> None:
    digest = hashlib.sha256(source.read_bytes()).hexdigest() if source else ""
    with Results.opened(folder, settings) as results:
        results.write(Path("a/x.txt"), "It barked.\n", source, digest, force=force)


def test_a_result_is_current_while_nothing_it_depends_on_changes(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out"
    assert not is_current(folder, source, words=3)
    make(folder, source, words=3)
    assert (folder / "a" / "x.txt").read_text() == "It barked.\n"
    assert is_current(folder, source, words=3)
    assert not is_current(folder, source, words=4)
    source.write_text("A cat barked.")
    assert not is_current(folder, source, words=3)
    make(folder, source, words=3)
    assert is_current(folder, source, words=3)
    (folder / "a" / "x.txt").unlink()
    assert not is_current(folder, source, words=3)
    make(folder, None, words=3, force=True)
    assert not is_current(folder, source, words=3)
    source.unlink()
    assert not is_current(folder, source, words=3)


def test_a_document_that_changed_while_it_was_read_is_made_again(tmp_path: Path, source: Path) -> None:
    read = hashlib.sha256(source.read_bytes()).hexdigest()
    source.write_text("A cat barked.")
    with Results.opened(tmp_path / "out", {}) as results:
        results.write(Path("a/x.txt"), "It barked.\n", source, read)
    assert not is_current(tmp_path / "out", source)


def test_what_is_not_a_result_of_the_document_is_not_overwritten(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "x.txt").write_text("mine")
    with pytest.raises(RefusedError, match="was not made by fastsum; .* --force"):
        make(folder, source)
    assert (folder / "a" / "x.txt").read_text() == "mine"
    make(folder, source, force=True)
    other = tmp_path / "other.txt"
    other.write_text("A cat.")
    with pytest.raises(RefusedError, match=f"was made from another document, {source}"):
        make(folder, other)
    assert is_current(folder, source)
    assert results_in(folder) == {str(folder / "a" / "x.txt")}
    assert results_in(tmp_path / "nowhere") == set()


def test_an_impossible_path_costs_only_its_own_result(tmp_path: Path, source: Path) -> None:
    with Results.opened(tmp_path / "out", {}) as results:
        (tmp_path / "out" / "folder").mkdir()
        for name in ("x" * 300, "folder"):
            with pytest.raises(RefusedError, match="already exists|cannot be written"):
                results.write(Path(name), "x", source, "")
        results.write(Path("y"), "x", source, "")


def test_a_kill_before_a_result_is_written_leaves_its_name_reserved(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(path: Path, text: str) -> None:
        path.parent.mkdir()
        path.write_text("half")  # worse than any kill
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fastsum.cli.results, "write_whole", killed)
        with pytest.raises(KeyboardInterrupt):
            make(tmp_path / "out", source)
    assert not is_current(tmp_path / "out", source)
    make(tmp_path / "out", source)
    assert is_current(tmp_path / "out", source)


def test_what_a_kill_leaves_is_cleaned_up(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out"
    make(folder, source)
    with (folder / JOURNAL).open("a") as journal:
        journal.write('{"result": "cut')
    (folder / "a" / ".fastsum-left").touch()
    assert is_current(folder, source)
    assert not (folder / "a" / ".fastsum-left").exists()
    make(folder, source, words=9)
    assert is_current(folder, source, words=9)


def test_a_journal_of_nonsense_has_no_results(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "out"
    make(folder, source)
    (folder / JOURNAL).write_bytes(b'\xff\xfe[]\n7\n{"made": 1}\n{"result": [], "made": {}}\n')
    assert not is_current(folder, source)


def test_two_runs_in_one_folder(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with Results.opened(tmp_path, {}), pytest.raises(FastsumError, match="Another run is writing"):  # noqa: SIM117
        with Results.opened(tmp_path, {}):
            pass


def test_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FastsumError, match="cannot be written"), Results.opened(tmp_path / "file", {}):
        pass
