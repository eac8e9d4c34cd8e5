"""Files that are in their place completely or not at all, whatever ends their writing."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".fastsum-"
"""What the names of files begin with that a kill left behind."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, beside `path`; left without an error it is on the disk in that place, else nothing has changed.

    It has the permissions of the file it replaces, or those of any new file of this user. Raises OSError where the
    folder is missing, and where the disk is full or refuses.
    """
    beside = path.with_name(UNFINISHED + secrets.token_hex(8))
    with beside.open("xb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileNotFoundError):
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)  # it is in its place already where a stop came just then
            raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have what was renamed in a folder outlast a loss of power."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
