"""The directory of a checkpoint: atomic replacement of all its files, and consistent reads.

A save writes a complete sibling `.NAME.new`, then renames: NAME to `.NAME.old`, `.NAME.new` to NAME. Killed between the
two, NAME is missing, and the next read or save restores `.NAME.old`. SHA256SUMS is written last and removed first, so a
directory with that file is complete.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from fastsum.errors import FastsumError
from fastsum.files import sync_folder

SUMS = "SHA256SUMS"
_ATTEMPTS = 10
_SWAPPED_BACK = (errno.ENOTEMPTY, errno.EEXIST)

_Result = TypeVar("_Result")


def replace(target: Path, files: Mapping[str, bytes]) -> None:
    """Replace the directory's files by these, of which SHA256SUMS is the last. After an OSError nothing has changed."""
    new, old = _siblings(target)
    _restore(target)
    _remove(new)
    _remove(old)
    new.mkdir(parents=True)
    try:
        for name, data in files.items():
            _write(new / name, data)
        sync_folder(new)
        _swap(target, new, old)
    except BaseException:
        with contextlib.suppress(OSError):
            _restore(target)
            _remove(new)
        raise
    # The save has succeeded. If this fails, the old directory stays until the next save.
    with contextlib.suppress(OSError):
        sync_folder(target.parent)
        _remove(old)


def while_unchanged(directory: Path, read: Callable[[Path], _Result]) -> _Result:
    """The result of `read` on a directory that did not change meanwhile; an interrupted save is repaired first.

    Raises what `read` raises, and FastsumError if the directory changes at every attempt.
    """
    # A training run may replace the checkpoint while it is being read; then it is read again.
    for _ in range(_ATTEMPTS):
        with contextlib.suppress(OSError):
            _restore(Path(os.path.realpath(directory)))
        before = _identity(directory)
        try:
            result = read(directory)
        except FastsumError:
            if _identity(directory) == before:
                raise
        else:
            if _identity(directory) == before:
                return result
    raise FastsumError(f"{directory}: the checkpoint was replaced each time it was read; try again or copy it first")


def _identity(directory: Path) -> tuple[int, ...] | None:
    try:
        status = directory.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns


def _siblings(target: Path) -> tuple[Path, Path]:
    return target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")


def _restore(target: Path) -> None:
    """Restore the old checkpoint if a save was killed, or failed, between its two renames."""
    if target.exists():
        return
    old = _siblings(target)[1]
    if (old / SUMS).is_file():
        os.rename(old, target)


def _swap(target: Path, new: Path, old: Path) -> None:
    for attempt in range(_ATTEMPTS):
        if target.exists():
            os.rename(target, old)
        try:
            os.rename(new, target)
            return
        except OSError as error:
            # A process that loads between the two renames assumes that this one was killed, and restores the old one.
            if error.errno not in _SWAPPED_BACK or attempt == _ATTEMPTS - 1:
                raise


def _write(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _remove(directory: Path) -> None:
    if directory.exists():
        (directory / SUMS).unlink(missing_ok=True)
        shutil.rmtree(directory)
