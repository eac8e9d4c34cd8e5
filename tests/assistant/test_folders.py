"""Files below the folders are opened, and nothing else is: hostile paths, links, and what is no document's file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from fastsum.assistant.folders import Folders
from fastsum.errors import FastsumError, UsageError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two folders that may be read, `inside` and `papers`, and a file beside them that may not."""
    for name in ("inside/deep", "papers", "outside", "inside-too"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("inside/a.txt", "inside/deep/b.txt", "papers/c.txt", "outside/secret.txt", "inside-too/secret.txt"):
        (tmp_path / name).write_text(f"This is {name}.")
    return tmp_path


@pytest.fixture
def folders(tree: Path) -> Folders:
    return Folders([tree / "inside", tree / "papers"])


def read(folders: Folders, path: str | Path, most: int = 1_000) -> str:
    with folders.open(str(path)) as file:
        return file.read(most).decode()


def refusal(folders: Folders, path: str | Path) -> str:
    with pytest.raises(FastsumError) as caught, folders.open(str(path)):
        pass
    return caught.value.message


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("{}/inside/a.txt", "inside/a.txt"),
        ("a.txt", "inside/a.txt"),
        ("./deep/../a.txt", "inside/a.txt"),
        ("deep/b.txt", "inside/deep/b.txt"),
        ("c.txt", "papers/c.txt"),  # the second folder has it
        ("file://{}/papers/c.txt", "papers/c.txt"),
        ("file://localhost{}/papers/%63.txt", "papers/c.txt"),
        ("../inside/a.txt", "inside/a.txt"),
    ],
)
def test_what_is_below_a_folder_is_opened(path: str, found: str, folders: Folders, tree: Path) -> None:
    assert read(folders, path.format(tree)) == f"This is {found}."


@pytest.mark.parametrize(
    "path",
    [
        "{}/outside/secret.txt",
        "../outside/secret.txt",
        "deep/../../outside/secret.txt",
        "missing/../../outside/secret.txt",
        "{}/inside/../outside/secret.txt",
        "{}/inside-too/secret.txt",  # begins like a folder that may be read
        "file://{}/outside/secret.txt",
        "file://{}/inside/%2e%2e/outside/secret.txt",
        "/etc/passwd",
        "~/secret.txt",
        "{}",
        "/",
    ],
)
def test_what_is_outside_is_refused_alike_whether_it_exists_or_not(path: str, folders: Folders, tree: Path) -> None:
    path = path.format(tree)
    said = refusal(folders, path)
    assert said.startswith(f"{path} is not below a folder that may be read. Name a file below {tree}/inside, ")
    missing = path.replace("secret", "missing") if "secret" in path else f"{path}/missing"
    assert refusal(folders, missing) == missing + said.removeprefix(path)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("outside/secret.txt", "link"),  # to a file
        ("outside/missing.txt", "link"),  # to nothing
        ("outside", "link/secret.txt"),  # of a folder in the path
        ("outside", "link/missing.txt"),
        ("outside", "link"),
        ("outside", "link/../outside/secret.txt"),
        (".", "link/outside/secret.txt"),  # to the folder above all of them
    ],
)
@pytest.mark.parametrize("relative", [True, False])
def test_links_out_are_refused_in_the_same_words(
    target: str, path: str, relative: bool, folders: Folders, tree: Path
) -> None:
    (tree / "inside/link").symlink_to(f"../{target}" if relative else tree / target)
    assert refusal(folders, path).startswith(f"{path} is not below a folder that may be read. Name a file below ")


def test_links_that_stay_inside_are_followed(folders: Folders, tree: Path) -> None:
    (tree / "inside/file").symlink_to("deep/b.txt")
    (tree / "inside/folder").symlink_to(tree / "papers")
    assert read(folders, "file") == "This is inside/deep/b.txt."
    assert read(folders, "folder/c.txt") == "This is papers/c.txt."


def test_a_root_can_be_a_link(tree: Path) -> None:
    (tree / "link").symlink_to("inside")
    assert read(Folders([tree / "link"]), tree / "link/a.txt") == "This is inside/a.txt."
    assert read(Folders([tree / "link"]), tree / "inside/a.txt") == "This is inside/a.txt."


@pytest.mark.parametrize("exchanged", ["deep", "deep/b.txt"])
def test_what_is_exchanged_for_a_link_after_the_check_is_not_followed(
    exchanged: str, folders: Folders, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "outside/b.txt").write_text("secret")
    located = Folders._located

    def late(self: Folders, path: str, name: str) -> tuple[str, list[str]]:
        found = located(self, path, name)
        (tree / "inside" / exchanged).rename(tree / "moved")
        (tree / "inside" / exchanged).symlink_to(tree / "outside" / exchanged.removeprefix("deep").lstrip("/"))
        return found

    monkeypatch.setattr(Folders, "_located", late)
    assert "secret" not in refusal(folders, "deep/b.txt")


def test_what_is_no_regular_file_is_not_opened(folders: Folders, tree: Path) -> None:
    os.mkfifo(tree / "inside/pipe")  # opening it would wait for a writer
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tree / "inside/socket"))  # a short path, as sockets need
        for name in ("pipe", "socket"):
            assert refusal(folders, name).startswith(
                f"{name} is not a regular file but a link, pipe, socket or device."
            )
    (tree / "inside/circle").symlink_to("circle")
    assert "circle" in refusal(folders, "circle")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs /dev")
def test_devices_are_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    folders = Folders(["/dev"])
    opened = []
    monkeypatch.setattr(os, "open", _recording(os.open, opened))
    assert "device" in refusal(folders, "zero")
    assert "zero" not in opened


@pytest.mark.skipif(not os.path.exists("/proc/self/environ"), reason="needs the /proc of Linux")
def test_files_of_the_system_are_refused() -> None:
    folders = Folders(["/proc/self"])
    for name in ("environ", "maps", "mountinfo"):
        assert refusal(folders, name) == f"{name} is a file of the system, not a document. Name a document."
    folders = Folders(["/"])
    for path in ("/proc/self/environ", "/proc/self/root/proc/self/environ", "/proc/self/fd/0"):
        assert "is a file of the system" in refusal(folders, path) or "not a regular file" in refusal(folders, path)


def test_a_folder_says_what_is_in_it(folders: Folders, tree: Path) -> None:
    (tree / "inside/.hidden").write_text("x")
    assert refusal(folders, ".") == ". is a folder. Name a file in it; it has a.txt, deep/."
    for number in range(40):
        (tree / f"inside/deep/{number:02}").write_text("x")
    said = refusal(folders, "deep")
    assert "00, 01, " in said
    assert said.endswith(" and 21 more.")
    (tree / "papers/c.txt").unlink()
    assert refusal(folders, tree / "papers").endswith("is a folder with no file in it. Name a file.")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("missing.txt", "There is no file missing.txt below "),
        ("a.txt/b", "There is no file a.txt/b below "),
        ("", "'' is a folder. Name a file"),
        ("x\0y", "x\\x00y has a NUL in it."),
        ("file:///x%00y", "file:///x%00y has a NUL in it."),
        ("https://example.org/a.pdf", "https://example.org/a.pdf is an address, and nothing is fetched. Save the page"),
        ("a\n\x1b[31m.txt", "There is no file a\\n\\x1b[31m.txt below "),
        ("x" * 5_000, f"There is no file {'x' * 300} ... below "),
    ],
)
def test_other_refusals(path: str, message: str, folders: Folders) -> None:
    assert refusal(folders, path).startswith(message)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(folders: Folders, tree: Path) -> None:
    (tree / "inside/a.txt").chmod(0)
    assert refusal(folders, "a.txt") == "a.txt cannot be read (Permission denied). Check its permissions."


def test_no_more_is_read_than_is_allowed(folders: Folders, tree: Path) -> None:
    (tree / "inside/large.txt").write_bytes(b"x" * 1_001)
    with pytest.raises(FastsumError, match="large.txt has more than the 0 MB that are read at once"):
        read(folders, "large.txt")
    with folders.open("a.txt") as file:
        (tree / "inside/a.txt").write_bytes(b"x" * 1_001)  # it grows after it was opened
        with pytest.raises(FastsumError, match="at once"):
            file.read(1_000)


def test_a_stamp_changes_with_the_file(folders: Folders, tree: Path) -> None:
    stamps = set()
    for content in ("one", "two", "three"):
        (tree / "inside/a.txt").write_text(content)
        os.utime(tree / "inside/a.txt", ns=(0, 0))  # as of a copy that keeps its times
        for _ in range(2):
            with folders.open("a.txt") as file:
                stamps.add(file.stamp)
    assert len(stamps) == 3


def test_nothing_stays_open(folders: Folders, tree: Path) -> None:
    before = os.listdir("/dev/fd")
    for path in ("deep/b.txt", "deep", "missing", "../outside/secret.txt", "a.txt/b", "."):
        try:
            with folders.open(path):
                pass
        except FastsumError:
            continue
    assert os.listdir("/dev/fd") == before


@pytest.mark.parametrize("root", ["missing", "inside/a.txt", "x\0y"])
def test_a_root_must_be_a_folder(root: str, tree: Path) -> None:
    with pytest.raises(UsageError, match="cannot be a root: .*. Name a folder that you can read."):
        Folders([str(tree / root)])


def _recording(function: object, names: list[str]) -> object:
    def record(path: str, *rest: object, **more: object) -> object:
        names.append(path)
        return function(path, *rest, **more)  # type: ignore[operator]

    return record
