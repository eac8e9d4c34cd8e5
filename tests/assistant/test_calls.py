"""Calls: at most some at once, ended when they are cancelled or take too long, and never holding up the others."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Coroutine

import pytest

anyio = pytest.importorskip("anyio", reason="needs anyio, of the extra mcp")

from fastsum.assistant.calls import Call, Calls, Stopped  # noqa: E402
from fastsum.errors import FastsumError  # noqa: E402

WAIT = 20.0  # seconds, at most


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


async def cancelled(work: Coroutine[None, None, object], after: Callable[[], bool]) -> None:
    """Start some work and cancel it once `after` is so."""
    task = asyncio.create_task(work)
    await asyncio.to_thread(until, after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_call_returns_or_raises_what_its_work_does() -> None:
    async def main() -> None:
        calls = Calls(1, WAIT)
        assert await calls.run(Call(), lambda call: 7) == 7
        with pytest.raises(ZeroDivisionError):
            await calls.run(Call(), lambda call: 1 / 0)
        assert await calls.run(Call(), lambda call: threading.current_thread().daemon)

    asyncio.run(main())


def test_some_work_at_once_and_others_wait() -> None:
    working, most = [], []
    met = threading.Barrier(2, timeout=WAIT)  # only two that work at once come together

    def work(call: Call) -> None:
        working.append(call)
        most.append(len(working))
        met.wait()
        working.remove(call)

    async def main() -> None:
        calls = Calls(2, WAIT)
        await asyncio.gather(*(calls.run(Call(), work) for _ in range(6)))

    asyncio.run(main())
    assert max(most) == 2


def test_the_loop_goes_on_while_calls_work() -> None:
    begun, end = threading.Event(), threading.Event()

    def work(call: Call) -> bool:
        begun.set()
        return end.wait(WAIT)

    async def main() -> None:
        calls = Calls(1, WAIT)
        task = asyncio.create_task(calls.run(Call(), work))
        await asyncio.to_thread(begun.wait, WAIT)
        for _ in range(100):
            await asyncio.sleep(0)
        end.set()  # by the loop, which the call does not block
        assert await task

    asyncio.run(main())


def test_cancelling_ends_the_process_that_reads() -> None:
    seen: list[BaseException] = []
    started = threading.Event()

    def work(call: Call) -> None:
        started.set()
        try:
            call.run(
                [sys.executable, "-c", "import time; time.sleep(600)"], input=b"", capture_output=True, timeout=600
            )
        except BaseException as error:
            seen.append(error)
            raise

    async def main() -> None:
        call = Call()
        await cancelled(Calls(1, WAIT).run(call, work), lambda: started.is_set() and call._process is not None)
        await asyncio.to_thread(until, lambda: bool(seen))

    begun = time.monotonic()
    asyncio.run(main())
    assert isinstance(seen[0], Stopped)
    assert time.monotonic() - begun < WAIT


def test_a_stopped_call_starts_no_process_and_reports_nothing() -> None:
    told: list[tuple[int, int]] = []
    call = Call(lambda done, total: told.append((done, total)))
    call.progress(1, 2)
    call.stop()
    with pytest.raises(Stopped):
        call.progress(2, 2)
    with pytest.raises(Stopped):
        call.run([sys.executable, "-c", "pass"], input=b"", capture_output=True, timeout=1)
    assert told == [(1, 2)]


def test_a_process_is_run_as_subprocess_does() -> None:
    command = [sys.executable, "-c", "import sys; print(sys.stdin.read()); sys.exit(3)"]
    done = Call().run(command, input=b"heard", capture_output=True, timeout=WAIT)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (3, b"heard", b"")


def test_what_cannot_be_ended_keeps_its_place() -> None:
    begun, end = threading.Event(), threading.Event()
    order: list[str] = []

    def deaf(call: Call) -> None:
        begun.set()
        end.wait(WAIT)
        order.append("deaf")

    async def main() -> None:
        calls = Calls(1, WAIT)
        await cancelled(calls.run(Call(), deaf), begun.is_set)
        second = asyncio.create_task(calls.run(Call(), lambda call: order.append("second")))
        await asyncio.sleep(0.1)
        assert order == []
        end.set()
        await second

    asyncio.run(main())
    assert order == ["deaf", "second"]


def test_a_call_that_waits_can_be_cancelled_and_takes_no_place() -> None:
    end = threading.Event()
    began: list[str] = []

    async def main() -> None:
        calls = Calls(1, WAIT)
        first = asyncio.create_task(calls.run(Call(), lambda call: end.wait(WAIT)))
        await asyncio.sleep(0.05)
        waiting = asyncio.create_task(calls.run(Call(), lambda call: began.append("waiting")))
        await asyncio.sleep(0.05)
        waiting.cancel()
        end.set()
        assert await first
        await calls.run(Call(), lambda call: began.append("third"))

    asyncio.run(main())
    assert began == ["third"]


def test_a_call_has_a_limit_of_time_its_waiting_included() -> None:
    end = threading.Event()
    stopped: list[Call] = []

    def work(call: Call) -> None:
        while not end.wait(0.005):
            try:
                call.check()
            except Stopped:
                stopped.append(call)
                end.wait(WAIT)

    async def main() -> None:
        calls = Calls(1, 0.2)
        for _ in range(2):  # the second waits for the place of the first, which has not ended
            with pytest.raises(FastsumError, match="The call was ended after 0 seconds. Ask again when less"):
                await calls.run(Call(), work)
        end.set()

    asyncio.run(main())
    assert len(stopped) == 1
