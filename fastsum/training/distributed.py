"""Data-parallel training: one process a device, started by torchrun, their gradients summed.

A process that ends too early leaves word of the cause, and an alarm, in the store they met at. One that is killed
leaves neither: the next sum with it fails, and whoever that happens to raises the alarm. Then each says that it is
there, looks for the words of the others, and ends with the cause.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.rendezvous import rendezvous

from fastsum.device import pick_device
from fastsum.errors import FastsumError

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

_BUCKET = 1 << 22  # numbers summed in one call
_PATIENCE = timedelta(days=1)  # the others wait while the first tokenises the data or validates, which can take hours
_POLL = 1.0  # seconds between two looks for an alarm
_GRACE = 5.0  # seconds in which whoever is still there says so
_REMEDY = ". The last save stands: start all processes again with --resume"
_ALARM, _WORD, _READ = "fastsum alarm", "fastsum word", "fastsum read"


class Group(NamedTuple):
    """The processes that train one model together; a single process is a group of one."""

    rank: int = 0
    size: int = 1
    store: Store | None = None
    """Where the processes leave word for one another."""

    @property
    def leads(self) -> bool:
        """Whether this process validates, saves and reports."""
        return self.rank == 0

    def sum_(self, tensors: Iterable[Tensor]) -> None:
        """Replace each tensor by its sum over the processes. Raises FastsumError where another process has ended."""
        if self.size == 1:
            return
        bucket: list[Tensor] = []
        for tensor in tensors:
            bucket.append(tensor)
            if sum(map(Tensor.numel, bucket)) >= _BUCKET:
                self._sum_bucket(bucket)
                bucket = []
        if bucket:
            self._sum_bucket(bucket)

    def total(self, *numbers: float) -> list[float]:
        """Sums of plain numbers over the processes. Raises FastsumError where another process has ended."""
        if self.size == 1:
            return list(numbers)
        tensor = torch.tensor(numbers, dtype=torch.float64, device="cuda" if dist.get_backend() == "nccl" else "cpu")
        self._reduce(tensor)
        return tensor.tolist()

    def wait(self) -> None:
        """Return once every process has come here. Raises FastsumError where another process has ended."""
        self.total(0.0)

    def _sum_bucket(self, tensors: list[Tensor]) -> None:
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        self._reduce(flat)
        for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))

    def _reduce(self, tensor: Tensor) -> None:
        try:
            dist.all_reduce(tensor)
        except RuntimeError as error:  # of what type is the backend's affair
            raise FastsumError(_cause(self) or f"the processes lost one another ({_first_line(error)})") from error

    def _say(self, key: str, word: str) -> None:
        assert self.store is not None
        if not self.store.add(f"{key} flag {self.rank}", 0):  # the first word counts
            self.store.set(f"{key} {self.rank}", word)
            self.store.add(f"{key} flag {self.rank}", 1)

    def _hear(self, key: str, ranks: Sequence[int]) -> dict[int, str]:
        """What other processes have said under this key, as far as they say it within the time of grace."""
        assert self.store is not None
        heard: dict[int, str] = {}
        end = time.monotonic() + _GRACE
        while len(heard) < len(ranks) and time.monotonic() < end:
            for rank in ranks:
                if rank not in heard and self.store.add(f"{key} flag {rank}", 0):
                    heard[rank] = self.store.get(f"{key} {rank}").decode()
            time.sleep(0.05)
        return heard

    def _watch(self, left: threading.Event) -> None:
        """Wait for an alarm in a thread of its own and answer it; end the process if it is not `left` soon after.

        For what waits in a sum learns nothing there of a process that it does not itself exchange with.
        """
        assert self.store is not None
        while not left.wait(_POLL):
            try:
                alarm = self.store.add(_ALARM, 0) > 0
            except RuntimeError:
                alarm = True
            if alarm and (cause := _cause(self)):
                if not left.wait(_POLL):
                    print(f"fastsum: error: {cause}", file=sys.stderr, flush=True)
                    os._exit(FastsumError.exit_code)
                return


ALONE = Group()
"""A single process."""


@contextmanager
def process_group(device: str = "auto") -> Iterator[Group]:
    """Join the group that torchrun's environment names, if there is one, and leave it at the end.

    What is raised inside ends the other processes too, each with a FastsumError that names it.
    """
    if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
        yield ALONE
        return
    cuda = pick_device(device).type == "cuda"
    if cuda:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    store, rank, size = next(rendezvous("env://", timeout=_PATIENCE))
    store.set_timeout(_PATIENCE)
    dist.init_process_group("nccl" if cuda else "gloo", store=store, rank=rank, world_size=size, timeout=_PATIENCE)
    group, left = Group(rank, size, store), threading.Event()
    watch = threading.Thread(target=group._watch, args=(left,), daemon=True)
    watch.start()
    try:
        yield group
    except BaseException as error:
        with suppress(RuntimeError):  # no store any more
            group._say(_WORD, _first_line(error))
            store.add(_ALARM, 1)
        raise
    finally:
        left.set()
        watch.join()
        dist.destroy_process_group()
        with suppress(RuntimeError):
            group._say(_READ, "")
            if group.leads:  # it may keep the store, so it stays until the others have read the words there
                group._hear(_READ, range(1, size))


@functools.cache  # the store may be gone when a failed sum asks what the watch has asked before
def _cause(group: Group) -> str:
    """Which processes ended and why, in words; "" where all are there. Has the others ask themselves the same."""
    assert group.store is not None
    others = [rank for rank in range(group.size) if rank != group.rank]
    try:
        group._say(_WORD, "")  # still there, and not the cause
        group.store.add(_ALARM, 1)
        words = group._hear(_WORD, others)
        group._say(_READ, "")
    except RuntimeError:  # the store went with whoever kept it
        return "process 0, or the torchrun that started it, was killed or its machine lost" + _REMEDY
    causes = [f"process {rank} ended ({word})" for rank, word in words.items() if word]
    causes += [f"process {rank} gives no answer: killed, or its machine lost" for rank in others if rank not in words]
    return "; ".join(causes) and "; ".join(causes) + _REMEDY


def _first_line(error: BaseException) -> str:
    if isinstance(error, FastsumError):
        return error.message
    return f"{type(error).__name__}: {error}".partition("\n")[0]
