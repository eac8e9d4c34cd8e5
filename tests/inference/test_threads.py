"""Work over threads, and BLAS kept at one."""

from __future__ import annotations

import threading
import time

import pytest
from threadpoolctl import threadpool_limits

from fastsum.errors import FastsumError
from fastsum.inference.threads import Threads, _controller, default_threads, one_blas_thread


def blas_threads() -> int:
    return max(one["num_threads"] for one in _controller().info() if one["internal_api"] == "openblas")


@pytest.mark.parametrize("count", [1, 2, 5])
def test_results_come_in_order(count: int) -> None:
    def work(item: int) -> int:
        time.sleep((7 - item) / 500)
        return item * item

    assert list(Threads(count).map(work, range(7))) == [item * item for item in range(7)]


def test_an_error_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        list(Threads(2).map(lambda item: 1 // item, [2, 1, 0, 1]))


def test_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3,2")
    assert Threads().count == 3
    for wrong in ("", "0", "many"):
        monkeypatch.setenv("OMP_NUM_THREADS", wrong)
        assert default_threads() >= 1
    with pytest.raises(FastsumError, match="above 0, not 0"):
        Threads(0)


def test_blas_has_one_thread_while_anyone_computes() -> None:
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with one_blas_thread():
            inside.set()
            leave.wait(10)

    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        with one_blas_thread():
            assert blas_threads() == 1
        assert blas_threads() == before
        thread = threading.Thread(target=other)
        thread.start()
        inside.wait(10)
        with one_blas_thread():
            assert blas_threads() == 1
        assert blas_threads() == 1  # the other thread is still inside
        leave.set()
        thread.join()
