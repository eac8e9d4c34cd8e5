"""An engine of processes on this machine, each with a model of its own."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Collection, Generator, Iterator, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from fastsum.bulk.chunks import Chunk
from fastsum.bulk.parts import Part
from fastsum.bulk.worker import Job, RowRange, Worker
from fastsum.device import cores, keep_freed_memory, needs_torch, pick_device
from fastsum.errors import FastsumError


def run(job: Job, done: Collection[RowRange], device: str, workers: int | None) -> Generator[Part, None, None]:
    """Run the rest of a job; yields parts as they are finished, in any order.

    A worker computes in one thread. There is one for each core, or for each GPU where `device` is "cuda" or "auto" and
    there are GPUs; a single one works in this process. Each has one chunk at a time.

    Raises:
        FastsumError: what a worker raised, or that a worker died. Finished parts are kept, unfinished ones dropped.
    """
    devices = _devices(device, job.precision, workers)
    chunks = job.remaining(done)
    first = list(itertools.islice(chunks, len(devices)))
    everything = itertools.chain(first, chunks)
    if len(first) > 1:
        yield from _run_processes(job, devices[: len(first)], everything)
    elif first:
        yield from map(Worker(job, devices[0]), everything)


def _devices(device: str, precision: str, workers: int | None) -> list[str]:
    """The device of each worker."""
    if not needs_torch(device, precision):
        return ["cpu"] * (workers or cores())
    picked = pick_device(device)
    devices = [str(picked)]
    if picked.type == "cuda" and picked.index is None:
        import torch

        devices = [f"cuda:{index}" for index in range(torch.cuda.device_count())]
    count = workers or (cores() if devices == ["cpu"] else len(devices))
    return list(itertools.islice(itertools.cycle(devices), count))


class _WorkerProcess:
    """A worker process seen from outside: it reports when it is free and is given a chunk."""

    def __init__(self, number: int, job: Job, device: str) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy this process's threads' locks
        self.connection, theirs = context.Pipe()
        self._number = number
        self._chunk: Chunk | None = None
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, job, device), daemon=True)
        with _interrupts_blocked():
            self._process.start()
        theirs.close()  # so that the pipe ends with the process

    def give(self, chunk: Chunk) -> None:
        self._chunk = chunk
        try:
            self.connection.send(chunk)
        except OSError:
            raise self._died() from None

    def take(self) -> Part | None:
        """The worker's next message: a finished part, or None when it has started."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            raise self._died() from None
        if isinstance(answer, str):
            raise FastsumError(answer)
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()

    def _died(self) -> FastsumError:
        self._process.join()
        code = self._process.exitcode or 0
        end = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        work = "at rows {} to {}".format(*self._chunk.span) if self._chunk else "while it started"
        memory = " It is what happens when memory runs out: fewer workers need less." if code == -signal.SIGKILL else ""
        return FastsumError(
            f"Worker {self._number} (process {self._process.pid}) {end} {work}.{memory} What is finished is kept; "
            "run the same command to continue."
        )


def _run_processes(job: Job, devices: Sequence[str], chunks: Iterator[Chunk]) -> Generator[Part, None, None]:
    processes: dict[Any, _WorkerProcess] = {}  # by their end of the pipe
    try:
        for number, device in enumerate(devices, start=1):
            process = _WorkerProcess(number, job, device)
            processes[process.connection] = process
        while processes:
            for connection in wait(list(processes)):
                process = processes[connection]
                part = process.take()
                if (chunk := next(chunks, None)) is not None:
                    process.give(chunk)
                else:
                    processes.pop(connection).end()
                if part is not None:
                    yield part
    finally:
        for process in processes.values():
            process.end()


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Keep Ctrl-C from processes started here: the terminal sends it to them too, but only their parent handles it."""
    resource_tracker.ensure_running()  # or the first start would start it, and unblock SIGINT
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection, job: Job, device: str) -> None:
    """A worker process: sends None when it is ready, then a part for every chunk, or the message of a FastsumError."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    keep_freed_memory()
    try:
        worker = Worker(job, device)
        connection.send(None)
        while True:
            connection.send(worker(connection.recv()))
    except FastsumError as error:
        connection.send(error.message)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
