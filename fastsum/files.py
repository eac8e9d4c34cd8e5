"""Files on disk: atomic writes, locks for one writer at a time, and where a user's own files are."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from fastsum.errors import FastsumError

UNFINISHED = ".fastsum-"
"""The beginning of the names of unfinished files, which a kill leaves behind."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


class RefusedError(FastsumError):
    """This file cannot be written; others may."""


def write_whole(path: Path, text: str) -> None:
    """Write a text file atomically, and make the folders above it. Characters that UTF-8 cannot hold are escaped.

    Raises RefusedError where the path is impossible, FastsumError where the disk is full or cannot be written.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(text.encode("utf-8", "backslashreplace"))


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an OSError raised inside into a message about `path`.

    Raises RefusedError where the path is impossible, FastsumError where the disk is full or cannot be written.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        if getattr(error, "errno", None) in _NO_ROOM:
            raise FastsumError(f"{path} cannot be written ({reason}). Make room, or name another path.") from error
        raise RefusedError(f"{path} cannot be written ({reason}). Name another path.") from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """An atomic write: a new file beside `path`, which is renamed to `path` when the block ends without an error.

    It has the permissions of the file it replaces, or those of any new file of this user. Raises OSError where the
    folder is missing, or the disk is full or cannot be written.
    """
    beside = path.with_name(UNFINISHED + os.urandom(8).hex())
    with beside.open("xb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileNotFoundError):
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)  # missing if the interruption came just after the rename
            raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Write a folder's entries to the disk, so that a rename survives a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed, however the process ends; False where another process has the lock.

    On a file system without locks it is True, and other writers are not kept out.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def defaults_file() -> Path:
    """The path of the TOML file of defaults: FASTSUM_CONFIG, or config.toml in the user's configuration folder."""
    if file := os.environ.get("FASTSUM_CONFIG"):
        return Path(file)
    return _user_folder("XDG_CONFIG_HOME", ".config") / "config.toml"


def cache_folder() -> Path:
    """The folder of tokenized examples: FASTSUM_CACHE, or the user's cache folder."""
    if folder := os.environ.get("FASTSUM_CACHE"):
        return Path(folder)
    return _user_folder("XDG_CACHE_HOME", ".cache")


def _user_folder(variable: str, usual: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / usual) / "fastsum"
