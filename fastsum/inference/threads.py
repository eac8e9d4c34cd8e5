"""Work divided over threads, with the products of matrices at one thread each.

A block of rows goes through a layer in the cache of one core, so blocks are divided over threads, and BLAS divides
nothing: OpenBLAS's threads wait by spinning, and beside other programs a product of 0.4 ms then takes 16 ms. Results
do not depend on the number of threads, since every block is computed alone and results are added in their order.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from fastsum.device import cores
from fastsum.errors import FastsumError

T = TypeVar("T")
R = TypeVar("R")


def default_threads() -> int:
    """As many threads as OMP_NUM_THREADS says, which torch follows too, or else one for each core."""
    asked = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(asked) if asked.isdecimal() and int(asked) > 0 else cores()


class Threads:
    """A number of threads; none is started before there is work for more than one."""

    def __init__(self, count: int | None = None) -> None:
        if count is not None and count < 1:
            raise FastsumError(f"threads must be a whole number above 0, not {count!r}")
        self.count = count or default_threads()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    @property
    def description(self) -> str:
        """Device, threads, precision and library in words."""
        return f"cpu, {self.count} thread{'s' * (self.count != 1)}, float32, numpy"

    def map(self, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """The results for the items in their order, as they are ready."""
        if self.count == 1 or len(items) < 2:
            return map(work, items)
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.count, thread_name_prefix="fastsum")
        return self._pool.map(work, items)


_limit_lock = threading.Lock()
_users = 0
_limits: Any = None  # what restores the numbers of before


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep BLAS, numpy's library of products, at one thread; it has its threads again when no one is inside."""
    global _users, _limits
    with _limit_lock:
        # Also where another thread has set it: in some builds of OpenBLAS a thread keeps the number that it set itself.
        limits = _controller().limit(limits=1, user_api="blas")
        if not _users:
            _limits = limits
        _users += 1
    try:
        yield
    finally:
        with _limit_lock:
            _users -= 1
            if not _users and _limits is not None:
                _limits.restore_original_limits()
                _limits = None


def _controller() -> Any:
    global _found
    if _found is None:
        from threadpoolctl import ThreadpoolController

        _found = ThreadpoolController()  # looks at all loaded libraries: a millisecond
    return _found


_found: Any = None
