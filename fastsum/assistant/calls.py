"""Calls: each works in a thread of its own, a few at a time, and ends early when it is cancelled or takes too long.

The thread that serves the protocol only waits, so it hears of a cancellation while a document is read or summarized. A
cancelled call ends the process that reads its document at once, and the computing of a long one at the next block; what
cannot be ended (a shorter document, in a second or two) runs to its end with its result thrown away, and keeps its
place among those at work, so that calls which are cancelled and repeated do not pile up.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import anyio

from fastsum.errors import FastsumError

T = TypeVar("T")


class Stopped(Exception):
    """The call was cancelled: nobody waits for its result."""


class Call:
    """What a call's work asks for and reports while it runs; `stop` can be called from another thread."""

    def __init__(self, report: Callable[[int, int], None] | None = None) -> None:
        """`report` gets the work done and all of the work, of a long document; it is called in the call's thread."""
        self._report = report
        self._lock = threading.RLock()  # stopped by a signal, perhaps while it is stopped already
        self._is_stopped = False
        self._process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """End the call's work as soon as possible."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                self._process.kill()

    def check(self) -> None:
        """Raise Stopped where the call was stopped."""
        if self._is_stopped:
            raise Stopped

    def progress(self, done: int, total: int) -> None:
        """Report progress; raises Stopped where the call was stopped."""
        self.check()
        if self._report is not None:
            self._report(done, total)

    def run(
        self, command: Sequence[str], *, input: bytes, capture_output: bool, timeout: float
    ) -> subprocess.CompletedProcess[bytes]:
        """As `subprocess.run`, for a process that `stop` kills. Raises Stopped where it was."""
        pipe = subprocess.PIPE if capture_output else None
        with self._lock:
            self.check()
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=pipe, stderr=pipe)
            self._process = process
        with process:
            try:
                stdout, stderr = process.communicate(input, timeout=timeout)
            except BaseException:
                process.kill()
                raise
            finally:
                self._process = None
        self.check()
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


class Calls:
    """Runs calls, at most some at a time."""

    def __init__(self, at_once: int, seconds: float) -> None:
        """`seconds` are those that a call may take, waiting for its turn included."""
        self._turns = anyio.Semaphore(at_once)
        self._seconds = seconds
        self._working: set[Call] = set()

    def stop(self) -> None:
        """Stop every call that is at work."""
        for call in [*self._working]:
            call.stop()

    async def run(self, call: Call, work: Callable[[Call], T]) -> T:
        """What `work` returns, done in a thread. Cancelling this stops the call.

        Raises FastsumError where the call takes too long, and what `work` raises.
        """
        with anyio.move_on_after(self._seconds):
            await self._turns.acquire()
            return await self._in_thread(call, work)
        raise FastsumError(
            f"The call was ended after {self._seconds:,.0f} seconds. Ask again when less is running, or name a smaller "
            "document, such as a chapter of it."
        )

    async def _in_thread(self, call: Call, work: Callable[[Call], T]) -> T:
        self._working.add(call)
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()

        def body() -> None:
            settle: Callable[[], None]
            try:
                settle = partial(result.set_result, work(call))
            except BaseException as error:
                settle = partial(result.set_exception, error)
            with contextlib.suppress(RuntimeError):  # the loop is closed: the server has ended
                loop.call_soon_threadsafe(finish, settle)

        def finish(settle: Callable[[], None]) -> None:
            self._turns.release()
            self._working.discard(call)
            if not result.done():
                settle()

        # A daemon, which is not waited for when the server ends.
        threading.Thread(target=body, daemon=True).start()
        try:
            return await result
        except asyncio.CancelledError:
            call.stop()
            raise
