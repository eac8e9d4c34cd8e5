"""A folder with one result for each document. Running again makes only the results that are missing or out of date.

A journal in the folder, `.fastsum.jsonl`, records which document each result is of, and from which bytes and settings
it was made. An entry without the latter reserves the file name; then the result is written atomically, and a complete
entry follows. So a kill loses at most the result that is being written, and only files of fastsum are overwritten.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from fastsum.errors import FastsumError
from fastsum.files import UNFINISHED, RefusedError, try_lock, write_whole, writing

JOURNAL = ".fastsum.jsonl"


class _Entry(NamedTuple):
    source: str
    made: str
    """SHA-256 of the document's digest and the settings; "" while the result is being written."""


class Results:
    """The results in a folder; `opened` opens one."""

    def __init__(self, folder: Path, how: str, journal: int) -> None:
        self.folder = folder
        self._how = how
        self._journal = journal
        self._entries: dict[str, _Entry] = {}

    @classmethod
    @contextlib.contextmanager
    def opened(cls, folder: Path, settings: Mapping[str, object]) -> Iterator[Results]:
        """Open a folder for this process alone, and make it if it is missing.

        Results that were made with other `settings` (anything that JSON can hold) are out of date. Raises FastsumError
        where the folder cannot be written, or another process is writing to it.
        """
        how = json.dumps(settings, sort_keys=True)
        with contextlib.ExitStack() as stack:
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
                journal = os.open(folder / JOURNAL, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
                stack.callback(os.close, journal)
            if not try_lock(journal):
                raise FastsumError(f"Another run is writing to {folder}. Wait for it, or end it.")
            results = cls(folder, how, journal)
            with writing(folder):
                results._entries = _read(folder)
                for parent in {results.path(Path(name)).parent for name in results._entries} | {folder}:
                    for unfinished in parent.glob(f"{UNFINISHED}*"):  # left behind by a kill
                        unfinished.unlink()
                if not _ends_line(folder):
                    os.write(journal, b"\n")
            yield results

    def path(self, result: Path) -> Path:
        """The path of a result's file."""
        return self.folder / result

    def is_current(self, result: Path, source: Path) -> bool:
        """Whether a result exists and was made from the same bytes with the same settings."""
        entry = self._entries.get(str(result))
        if entry is None or not entry.made or not self.path(result).is_file():
            return False
        with contextlib.suppress(OSError):
            return entry.made == self._made(_digest(source))
        return False

    def write(self, result: Path, text: str, source: Path | None, digest: str, *, force: bool = False) -> None:
        """Write a result atomically.

        Args:
            source: the document's file; None for a stream, whose result is never current.
            digest: SHA-256 of the bytes that the document was read from, in hexadecimal.
            force: whether to overwrite any file, even one that was not made from this document.

        Raises:
            RefusedError: where there is a file that was not made from this document, or the path is impossible.
            FastsumError: where the disk is full or cannot be written.
        """
        path, name = self.path(result), str(result)
        origin = "" if source is None else os.path.abspath(source)
        entry = self._entries.get(name)
        if not force and os.path.lexists(path) and (entry is None or entry.source != origin):
            why = "was not made by fastsum"
            if entry is not None:
                why = f"was made from another document, {entry.source or 'a stream'}"
            raise RefusedError(f"{path} already exists and {why}; name another folder, or use --force")
        self._enter(name, _Entry(origin, ""))
        write_whole(path, text)
        if source is not None:
            self._enter(name, _Entry(origin, self._made(digest)))

    def _enter(self, name: str, entry: _Entry) -> None:
        line = json.dumps({"result": name, **entry._asdict()}) + "\n"
        with writing(self.folder):
            os.write(self._journal, line.encode())
        self._entries[name] = entry

    def _made(self, digest: str) -> str:
        return hashlib.sha256(f"{digest} {self._how}".encode()).hexdigest()


def results_in(folder: Path) -> set[str]:
    """The absolute paths of the results in a folder's journal; empty where there is no journal."""
    with contextlib.suppress(OSError):
        return {os.path.abspath(folder / name) for name in _read(folder)}
    return set()


def _read(folder: Path) -> dict[str, _Entry]:
    entries = {}
    with contextlib.suppress(FileNotFoundError):
        for line in (folder / JOURNAL).read_bytes().split(b"\n"):
            with contextlib.suppress(ValueError, KeyError, TypeError):  # an incomplete line, left by a kill
                found = json.loads(line)
                entries[str(found["result"])] = _Entry(str(found["source"]), str(found["made"]))
    return entries


def _ends_line(folder: Path) -> bool:
    content = (folder / JOURNAL).read_bytes()
    return not content or content.endswith(b"\n")


def _digest(source: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
