"""A reader run in a process of its own, with limits on time and memory.

The libraries that read these formats are large, partly written in C, and read untrusted files. When one crashes, runs
forever or fills the memory, only its own process ends, and the document is reported as unreadable.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastsum.errors import FastsumError
from fastsum.readers.blocks import LeftOut, Reading, Unreadable

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    Run = Callable[..., CompletedProcess[bytes]]
    """Does what `subprocess.run` does with a command, `input`, `capture_output` and `timeout`."""

MEMORY = 2 << 30  # bytes, in addition to the file's size
SECONDS = 60.0  # of processor time; a megabyte of PDF takes about one second
SECONDS_PER_MEGABYTE = 5.0
_MAX_WARNINGS = 10
_MAX_MESSAGE = 500  # characters
_WAITING = 10  # times that long by the clock, since other programs may use the processor

# Isolated mode (-I) has only Python's own path; it gets the path of this process without the current folder.
_START = "import sys; sys.path[:] = sys.argv[4:]; from fastsum.readers.isolation import serve; serve(*sys.argv[1:4])"
_DAMAGED = "cannot be read: it may be damaged, or built to be unreadable. Save it again with the program that made it."


def read_apart(format_name: str, content: bytes, source: str, run: Run | None = None) -> Reading:
    """The result of `fastsum.readers.<format_name>.read` for these bytes, from a process of its own.

    `run` starts that process and waits for it, in place of `subprocess.run`, where it may have to be ended early.
    Raises FastsumError, which names `source`, where the reader raises Unreadable or its process fails.
    """
    import subprocess  # not at the top: the process that reads the document has no use for it

    seconds = SECONDS + SECONDS_PER_MEGABYTE * len(content) / 1e6
    limits = [str(int(seconds) + 1), str(MEMORY + 2 * len(content))]
    try:
        done = (run or subprocess.run)(
            [sys.executable, "-I", "-c", _START, format_name, *limits, *_path()],
            input=content,
            capture_output=True,
            timeout=_WAITING * seconds,
        )
    except subprocess.TimeoutExpired:
        raise FastsumError(f"{source} {_DAMAGED}") from None
    if done.returncode:
        raise FastsumError(f"{source} {_DAMAGED}")
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise FastsumError(f"{source} {_shown(answer['problem'])}")
    warnings = tuple(map(_shown, answer["warnings"][:_MAX_WARNINGS]))
    left_out = tuple(LeftOut(what, count, size, _shown(where)) for what, count, size, where in answer["left_out"])
    return Reading(answer["text"], answer["title"], tuple(answer["pages"]), warnings, left_out)


def _path() -> list[str]:
    """`sys.path` without the current folder, where files beside a document could be imported as modules.

    The current folder is kept if fastsum itself is in it.
    """
    if _is_current(os.path.join(os.path.dirname(__file__), "..", "..")):
        return sys.path
    return [folder for folder in sys.path if not _is_current(folder)]


def _is_current(folder: str) -> bool:
    try:
        return os.path.samefile(folder or os.curdir, os.curdir)
    except OSError:  # the folder may not exist
        return False


def _shown(message: str) -> str:
    """A message on one line, of limited length, without terminal control codes that names in a file can contain."""
    cut = message if len(message) <= _MAX_MESSAGE else f"{message[:_MAX_MESSAGE]} ..."
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)


def serve(format_name: str, seconds: str, memory: str) -> None:
    """Read a document from standard input within the limits, and write the Reading to standard output as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    with contextlib.suppress(ValueError, OSError):  # macOS refuses this one
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    try:
        reading = importlib.import_module(f"fastsum.readers.{format_name}").read(sys.stdin.buffer.read())
        answer = reading._asdict()
    except Unreadable as problem:
        answer = {"problem": str(problem)}
    sys.stdout.write(json.dumps(answer))
