"""The directory of a checkpoint: its files replaced all at once, and read as they are at one moment.

A save writes a complete sibling `.NAME.new`, then renames: NAME to `.NAME.old`, `.NAME.new` to NAME. Killed between the
two, NAME is missing, and whoever comes next puts `.NAME.old` back. SHA256SUMS is written last and removed first, so a
directory that has one is whole.
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
    """Put these files, SHA256SUMS the last, in the place of the directory's. Raises OSError, with nothing changed."""
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
    # The save has succeeded. Where even this fails, the old one lies about until the next save.
    with contextlib.suppress(OSError):
        sync_folder(target.parent)
        _remove(old)


def while_unchanged(directory: Path, read: Callable[[Path], _Result]) -> _Result:
    """What `read` makes of the directory; what a save broke off is put right first. Raises what `read` raises."""
    # A training run may put a new checkpoint in place while this one is read: then nothing read so far counts.
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
    """Put the old checkpoint back where a save was killed, or failed, between its two renames."""
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
            # Somebody who loads between the two renames takes us for killed and puts the old one back.
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
