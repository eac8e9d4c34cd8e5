"""A folder of results, one a document, that a rerun completes: what is there and still holds is not made again.

A journal in the folder, `.fastsum.jsonl`, says of each result which document it is of, and what it was made from and
how. It claims a result's place before the result is there; that is written under another name and renamed, and only
then entered as made. So a kill costs the one under way at most, and no file that is not fastsum's is written over.
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
    """Of the document's bytes and the settings; "" while the result is being written."""


class Results:
    """The results in a folder; `opened` makes one."""

    def __init__(self, folder: Path, how: str, journal: int) -> None:
        self.folder = folder
        self._how = how
        self._journal = journal
        self._entries: dict[str, _Entry] = {}

    @classmethod
    @contextlib.contextmanager
    def opened(cls, folder: Path, settings: Mapping[str, object]) -> Iterator[Results]:
        """Have a folder to oneself, made if need be. Results made with other `settings` (JSON) do not hold.

        Raises FastsumError where it cannot be written, or another process writes to it.
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
                for place in {results.path(Path(name)).parent for name in results._entries} | {folder}:
                    for left in place.glob(f"{UNFINISHED}*"):  # by a kill
                        left.unlink()
                if not _ends_line(folder):
                    os.write(journal, b"\n")
            yield results

    def path(self, result: Path) -> Path:
        """Where a result stands."""
        return self.folder / result

    def is_current(self, result: Path, source: Path) -> bool:
        """Whether a result is there and was made from the same bytes in the same way."""
        entry = self._entries.get(str(result))
        if entry is None or not entry.made or not self.path(result).is_file():
            return False
        with contextlib.suppress(OSError):
            return entry.made == self._made(_digest(source))
        return False

    def write(self, result: Path, text: str, source: Path | None, digest: str, *, force: bool = False) -> None:
        """Put a result in its place, completely or not at all.

        Args:
            source: the document's file; None where it has none, which is never taken for unchanged.
            digest: SHA-256 of the bytes it was read from, in hexadecimal.
            force: whether to write over what is there, whosever it is.

        Raises:
            RefusedError: where something is there that was not made from the same file, or the place is impossible.
            FastsumError: where the disk is full or refuses.
        """
        path, name = self.path(result), str(result)
        origin = "" if source is None else os.path.abspath(source)
        entry = self._entries.get(name)
        if not force and os.path.lexists(path) and (entry is None or entry.source != origin):
            whose = f"is of another document, {entry.source or 'a stream'}" if entry else "was not made by fastsum"
            raise RefusedError(f"{path} is there already and {whose}; name another folder, or use --force")
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
    """The absolute paths of the results that a folder's journal has; none where there is no journal."""
    with contextlib.suppress(OSError):
        return {os.path.abspath(folder / name) for name in _read(folder)}
    return set()


def _read(folder: Path) -> dict[str, _Entry]:
    entries = {}
    with contextlib.suppress(FileNotFoundError):
        for line in (folder / JOURNAL).read_bytes().split(b"\n"):
            with contextlib.suppress(ValueError, KeyError, TypeError):  # cut off by a kill
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
