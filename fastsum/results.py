"""A folder of results, one a document, that a rerun completes: what is there and still holds is not made again.

A journal in the folder, `.fastsum.jsonl`, says of each result what it was made from and how. A result is written under
another name and renamed, and enters the journal then, so that a kill at any moment costs the one under way.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from fastsum.errors import FastsumError

JOURNAL = ".fastsum.jsonl"
_UNFINISHED = ".fastsum-"


class Results:
    """The results in a folder; `opened` makes one."""

    def __init__(self, folder: Path, how: str, journal: int) -> None:
        self.folder = folder
        self._how = how
        self._journal = journal
        self._made: dict[str, str] = {}

    @classmethod
    @contextlib.contextmanager
    def opened(cls, folder: Path, settings: Mapping[str, object]) -> Iterator[Results]:
        """Have a folder to oneself, made if need be. Results made with other `settings` (JSON) do not hold.

        Raises FastsumError where it cannot be written, or another process writes to it.
        """
        how = json.dumps(settings, sort_keys=True)
        with contextlib.ExitStack() as stack:
            with _writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
                journal = os.open(folder / JOURNAL, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
                stack.callback(os.close, journal)
            _lock(journal, folder)
            results = cls(folder, how, journal)
            with _writing(folder):
                for left in folder.rglob(f"{_UNFINISHED}*"):  # by a kill
                    left.unlink()
                results._read()
            yield results

    def path(self, result: Path) -> Path:
        """Where a result stands."""
        return self.folder / result

    def holds(self, result: Path, source: Path) -> bool:
        """Whether a result is there and was made from the same bytes in the same way."""
        made = self._made.get(str(result))
        return made is not None and self.path(result).is_file() and made == self._key(source)

    def write(self, result: Path, text: str, source: Path | None) -> None:
        """Put a result in its place, completely or not at all; `source` None is never taken for unchanged.

        Raises FastsumError where the disk is full or refuses.
        """
        key = self._key(source)
        write_whole(self.path(result), text)
        if key is not None:
            line = json.dumps({"result": str(result), "made": key}) + "\n"
            with _writing(self.folder):
                os.write(self._journal, line.encode())
            self._made[str(result)] = key

    def _key(self, source: Path | None) -> str | None:
        """Of a document's bytes and the settings; None where there is no such file."""
        if source is None:
            return None
        digest = hashlib.sha256(self._how.encode())
        try:
            with source.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        except (OSError, ValueError):
            return None
        return digest.hexdigest()

    def _read(self) -> None:
        content = (self.folder / JOURNAL).read_bytes()
        for line in content.split(b"\n"):
            with contextlib.suppress(ValueError, KeyError, TypeError):  # cut off by a kill
                entry = json.loads(line)
                self._made[entry["result"]] = entry["made"]
        if content and not content.endswith(b"\n"):
            os.write(self._journal, b"\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file, and the folders above it, completely or not at all; what UTF-8 lacks becomes an escape.

    Raises FastsumError where it cannot be written.
    """
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        mask = os.umask(0)
        os.umask(mask)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_UNFINISHED, delete=False) as file:
            try:
                file.write(text.encode("utf-8", "backslashreplace"))
                file.flush()
                os.fsync(file.fileno())
                os.chmod(file.name, 0o666 & ~mask)  # as any file of this user, where the temporary one is private
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise


def _lock(journal: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FastsumError(f"Another run is writing to {folder}. Wait for it, or end it.") from None
    except OSError:  # a file system without locks
        return


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FastsumError(f"{path} cannot be written ({reason}). Make room, or name another place.") from error
