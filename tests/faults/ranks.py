"""Processes that train together, of which one ends too early.

Usage: ranks.py FOLDER. Prints one JSON object a line: the case, each process's exit code and output, and the seconds
from the first end to the last.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from fastsum.model import checkpoint_folder
from fastsum.training.gradients import Gradients
from tests.faults.forked import before, fork, stored, train

FOLDER = Path(sys.argv[1])
PATIENCE = 120.0


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def crash() -> None:
    raise ValueError("a fault of the program")


CASES = {  # processes, which of them, and what befalls it when
    "the second is killed": (2, 1, (Gradients, "_backward", 4), kill),
    "the first is killed": (2, 0, (Gradients, "_backward", 4), kill),
    "the third of three is killed": (3, 2, (Gradients, "_backward", 4), kill),
    "the disk is full": (2, 0, (checkpoint_folder, "_write", 8), full),
    "the second crashes": (2, 1, (Gradients, "_backward", 4), crash),
}


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def together(name: str, size: int, work: Callable[[int], object]) -> None:
    """Fork so many processes and report how they ended."""
    meeting = {"WORLD_SIZE": str(size), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port()}

    def run(rank: int) -> None:
        os.environ.update(meeting | {"RANK": str(rank), "LOCAL_RANK": str(rank)})
        work(rank)

    running = {fork(lambda rank=rank: run(rank), FOLDER / f"log{rank}"): rank for rank in range(size)}
    ends: dict[int, int] = {}
    first, begun = 0.0, time.monotonic()
    while running and time.monotonic() < begun + PATIENCE:
        process, status = os.waitpid(-1, os.WNOHANG)
        if process:
            ends[running.pop(process)] = os.waitstatus_to_exitcode(status)
            first = first or time.monotonic()
        time.sleep(0.01)
    seconds = time.monotonic() - first
    for process in running:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    printed = [(FOLDER / f"log{rank}").read_text() for rank in range(size)]
    print(json.dumps({"case": name, "codes": [ends.get(rank) for rank in range(size)], "printed": printed,
                      "seconds": seconds}))  # fmt: skip


def main() -> None:
    for name, (size, which, place, action) in CASES.items():

        def work(rank: int) -> None:
            if rank == which:  # noqa: B023 - run before the next
                before(*place, action)  # noqa: B023
            train(FOLDER / name)  # noqa: B023

        together(name, size, work)
    killed, whole = FOLDER / "the second is killed", FOLDER / "undisturbed"
    together("resumed", 2, lambda rank: train(killed, resume=True))
    together("undisturbed", 2, lambda rank: train(whole))
    assert stored(killed) == stored(whole)


main()
