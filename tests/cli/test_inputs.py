"""The files that names on the command line stand for."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from fastsum import FastsumError
from fastsum.cli.inputs import find_inputs, read_names


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b/two.txt", "b/one.txt", "b/deep/three.md", "b/.git/config", "b/.hidden", "c/four.txt", "a [1].txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*names: str, exclude: tuple[Path, ...] = ()) -> list[tuple[str, str]]:
    inputs, problems = find_inputs(names, {str(path) for path in exclude})
    assert not problems
    return [(one.name, one.path.as_posix()) for one in inputs]


def test_a_folder_s_files_are_sorted_and_hidden_ones_skipped(tree: Path) -> None:
    paths = ["one.txt", "two.txt", "deep/three.md"]
    assert found("b") == [(f"b/{path}", path) for path in paths]
    assert found(str(tree / "b")) == [(str(tree / "b" / path), path) for path in paths]


def test_paths_are_below_the_folder_that_all_have_in_common(tree: Path) -> None:
    assert found("b/deep", "c/four.txt") == [("b/deep/three.md", "b/deep/three.md"), ("c/four.txt", "c/four.txt")]
    assert found("b/one.txt") == [("b/one.txt", "one.txt")]
    assert found("../" + tree.name + "/b/one.txt", "c/four.txt")[0][1] == "b/one.txt"
    assert found("-") == [("-", "stdin")]
    assert found("b/one.txt", "-")[0][1] == "one.txt"


def test_patterns(tree: Path) -> None:
    assert [name for name, _ in found("b/*.txt")] == ["b/one.txt", "b/two.txt"]
    assert [name for name, _ in found("**/*.md")] == ["b/deep/three.md"]
    assert found("a [1].txt") == [("a [1].txt", "a [1].txt")]  # a file that looks like a pattern


def test_a_pattern_s_folders_stand_for_their_files(tree: Path) -> None:
    assert found("?") == [
        ("b/one.txt", "b/one.txt"), ("b/two.txt", "b/two.txt"), ("b/deep/three.md", "b/deep/three.md"),
        ("c/four.txt", "c/four.txt"),
    ]  # fmt: skip


def test_a_pattern_takes_no_file_twice(tree: Path) -> None:
    (tree / "c" / "loop").symlink_to(tree / "c", target_is_directory=True)
    assert [name for name, _ in found("c/**/*.txt")] == ["c/four.txt"]
    assert len(found("**")) == 5


def test_results_are_not_read_unless_they_are_named(tree: Path) -> None:
    made = (tree / "b" / "one.txt",)
    assert [name for name, _ in found("b", exclude=made)] == ["b/two.txt", "b/deep/three.md"]
    assert [name for name, _ in found("b/*.txt", exclude=made)] == ["b/two.txt"]
    assert [name for name, _ in found("b/one.txt", exclude=made)] == ["b/one.txt"]


def test_names_that_stand_for_nothing_are_errors_and_the_others_are_kept(tree: Path) -> None:
    (tree / "hollow").mkdir()
    inputs, problems = find_inputs(["hollow", "*.pdf", "b/one.txt", "missing.txt"])
    assert [one.name for one in inputs] == ["b/one.txt", "missing.txt"]
    assert ["hollow" in problems[0].message, "*.pdf" in problems[1].message] == [True, True]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_and_links_to_folders_are_skipped(tree: Path) -> None:
    os.mkfifo(tree / "c" / "pipe")
    (tree / "c" / "loop").symlink_to(tree / "c", target_is_directory=True)
    (tree / "c" / "link.txt").symlink_to(tree / "b" / "one.txt")
    assert [name for name, _ in found("c")] == ["c/four.txt", "c/link.txt"]


def test_lists_of_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = tmp_path / "names"
    names.write_bytes(b"a b.txt\r\n\nc.txt")
    assert read_names(str(names)) == ["a b.txt", "c.txt"]
    names.write_bytes(b"a\nb.txt\0c.txt\0")
    assert read_names(str(names)) == ["a\nb.txt", "c.txt"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9\n")))
    assert os.fsencode(read_names("-")[0]) == b"caf\xe9"
    with pytest.raises(FastsumError, match="cannot be read"):
        read_names(str(tmp_path))


def test_what_is_found_in_folders_and_by_patterns_is_not_named(tree: Path) -> None:
    named = {
        one.name: one.is_named for one in find_inputs(["b/deep", "c/*.txt", "b/one.txt", "a [1].txt", "-", "none"])[0]
    }
    assert named == {
        "b/deep/three.md": False, "c/four.txt": False, "b/one.txt": True, "a [1].txt": True, "-": True, "none": True,
    }  # fmt: skip
