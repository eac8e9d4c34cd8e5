"""One writer at a time, where the file system can tell."""

from __future__ import annotations

import fcntl


def try_lock(descriptor: int) -> bool:
    """Hold an open file's lock until it is closed, however the process ends; False where another process holds it.

    A file system without locks keeps nobody out.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
