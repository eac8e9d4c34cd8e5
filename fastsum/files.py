"""Files that are in their place completely or not at all, whatever ends their writing."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

UNFINISHED = ".fastsum-"
"""What the names of files begin with that a kill left behind."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, beside `path`; left without an error it is on the disk in that place, else nothing has changed.

    Raises OSError where the folder is missing, and where the disk is full or refuses.
    """
    mask = os.umask(0)
    os.umask(mask)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=UNFINISHED, delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o666 & ~mask)  # as any file of this user, where the temporary one is private
            os.replace(file.name, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):  # stopped when it was in its place already
                os.unlink(file.name)
            raise
