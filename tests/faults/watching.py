"""What a piece of code does to the world outside: files opened to be written, processes, connections, pickles."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ACTS = (
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod", "os.link", "os.symlink", "os.system",
    "os.exec", "os.fork", "os.posix_spawn", "os.startfile", "subprocess.Popen", "shutil.", "socket.connect",
    "socket.bind", "pickle.find_class", "tempfile.",
)  # fmt: skip
_seen: list[str] | None = None
_starting: tuple[Any, ...] = ()  # program and arguments of the process that subprocess is about to start


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    global _starting
    if _seen is None:
        return
    if event in ("subprocess.Popen", "os.posix_spawn"):
        program = (arguments[0], tuple(arguments[1]))
        known, _starting = _starting, program if event == "subprocess.Popen" else ()
        if event == "os.posix_spawn" and program == known:  # from Python 3.13 on, subprocess starts it so
            return
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, int):  # a pipe, or a file whose own opening was seen
            return
        if flags & _WRITES or set(str(mode or "")) & set("wax+"):
            _seen.append(f"open {path!r} {mode}")
    elif event.startswith(_ACTS):
        _seen.append(f"{event} {arguments!r}")


sys.addaudithook(_audit)  # it stays for the life of the process, as hooks do


@contextmanager
def acts() -> Iterator[list[str]]:
    """The list to which every such act is added, of Python code in this process, while the context lasts."""
    global _seen
    _seen = found = []
    try:
        yield found
    finally:
        _seen = None


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file under a folder with its content, and every folder."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}
