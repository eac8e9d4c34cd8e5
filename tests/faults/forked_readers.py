"""Many documents read without loading a reader's libraries for each: every one in a fork of a process that has them.

The fork runs the code of a reader's command, within the limits that the command names. What only a process of its own
shows, such as how it starts and what it finds to import, needs `subprocess.run` itself.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from typing import IO, Any, NoReturn

_START = (
    "import sys; sys.path[:] = sys.argv[2:]; from tests.faults.forked_readers import serve_forks; "
    "serve_forks(sys.argv[1])"
)


class ForkedReaders:
    """Does what `subprocess.run` does with a reader's command; readers that were not started get a process for each."""

    def __init__(self) -> None:
        self.count = 0
        """How many documents forks have read."""
        self.seconds = 0.0
        """Of computing, that these took."""
        self._run = subprocess.run
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, format_name: str, sound: bytes) -> None:
        """Start the process whose forks read documents of a format, if there is none.

        It reads the document `sound` itself before the first fork, since libraries load much when they are first used.
        """
        if format_name in self._processes:
            return
        command = [sys.executable, "-I", "-c", _START, format_name, *sys.path]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdin
        _send(process.stdin, {}, sound)
        self._processes[format_name] = process

    def __call__(self, command: Sequence[str], **named: Any) -> subprocess.CompletedProcess[bytes]:
        code, format_name = command[3:5]
        if format_name not in self._processes:
            return self._run(command, **named)
        process = self._processes[format_name]
        assert process.stdin
        assert process.stdout
        asked = {"code": code, "arguments": command[4:], "timeout": named["timeout"], "folder": os.getcwd(),
                 "environment": dict(os.environ)}  # fmt: skip
        _send(process.stdin, asked, named["input"])
        answer, printed, said = _receive(process.stdout, 2)
        self.count += 1
        self.seconds += answer["seconds"]
        return subprocess.CompletedProcess(command, answer["code"], printed, said)

    def close(self) -> None:
        for process in self._processes.values():
            process.communicate()
        self._processes.clear()


def _send(file: IO[bytes], head: Mapping[str, Any], *parts: bytes) -> None:
    file.write(json.dumps({**head, "sizes": [len(part) for part in parts]}).encode() + b"\n")
    file.writelines(parts)
    file.flush()


def _receive(file: IO[bytes], count: int) -> tuple[Any, ...]:
    """What was sent: the head, and so many parts. Raises EOFError where the other process has ended."""
    line = file.readline()
    if not line:
        raise EOFError
    head = json.loads(line)
    assert len(head["sizes"]) == count
    return (head, *(file.read(size) for size in head["sizes"]))


def serve_forks(format_name: str) -> None:
    """Read one document here, and each that follows on standard input in a fork, until that is closed."""
    import tests.faults.watching  # noqa: F401 - what the command's code imports

    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    _, sound = _receive(given, 1)
    importlib.import_module(f"fastsum.readers.{format_name}").read(sound)
    with contextlib.suppress(EOFError):
        while True:
            asked, content = _receive(given, 1)
            with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
                process = os.fork()
                if not process:
                    os.dup2(printed.fileno(), 1)
                    os.dup2(said.fileno(), 2)
                    _run(asked, content)
                _, status, usage = os.wait4(process, 0)
                parts = []
                for file in (printed, said):
                    file.seek(0)
                    parts.append(file.read())
            seconds = usage.ru_utime + usage.ru_stime
            _send(answers, {"code": os.waitstatus_to_exitcode(status), "seconds": seconds}, *parts)


def _run(asked: Mapping[str, Any], content: bytes) -> NoReturn:
    """Run the command's code as Python would, with the document on standard input, and end."""
    code = 1
    try:
        os.chdir(asked["folder"])
        os.environ.update(asked["environment"])
        tempfile.tempdir = None
        signal.setitimer(signal.ITIMER_REAL, asked["timeout"])
        sys.argv = ["-c", *asked["arguments"]]
        sys.stdin = io.TextIOWrapper(io.BytesIO(content))
        exec(asked["code"], {"__name__": "__main__"})
        sys.stdout.flush()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os._exit(code)
