"""Data-parallel training: one process per device, started by torchrun, with an all-reduce of their gradients.

A process that ends too early writes the cause, and an alarm, to the store they share. One that is killed writes
neither: the next sum with it fails, and the process where it fails raises the alarm. Then each process writes that it
is alive, reads what the others wrote, and ends with the cause.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
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

_BUCKET = 1 << 22  # numbers per all-reduce
_PATIENCE = timedelta(days=1)  # the others wait while the first tokenizes the data or validates, which can take hours
_POLL = 1.0  # seconds between two checks for an alarm
_GRACE = 5.0  # seconds that the processes have to write that they are alive
_REMEDY = ". The last checkpoint is intact: start all processes again with --resume"
_ALARM, _MESSAGE, _READ = "fastsum alarm", "fastsum message", "fastsum read"


class ProcessGroup(NamedTuple):
    """The processes that train one model together; a single process is a group of one."""

    rank: int = 0
    size: int = 1
    store: Store | None = None
    """Where the processes leave messages for one another."""

    @property
    def leads(self) -> bool:
        """Whether this process validates, saves and reports."""
        return self.rank == 0

    def sum_gradients(self, parameters: Sequence[Tensor]) -> None:
        """Replace each gradient by its sum over the processes. Raises FastsumError where another process has ended."""
        if self.size == 1:
            return
        holders = self.total(*(float(parameter.grad is not None) for parameter in parameters))
        bucket: list[Tensor] = []
        for parameter, count in zip(parameters, holders, strict=True):
            if not count:
                continue
            if parameter.grad is None:  # the batches of this process had nothing to write, those of another had
                parameter.grad = torch.zeros_like(parameter)
            bucket.append(parameter.grad)
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
        """Return once every process has called this. Raises FastsumError where another process has ended."""
        self.total(0.0)

    def _sum_bucket(self, tensors: list[Tensor]) -> None:
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        self._reduce(flat)
        for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))

    def _reduce(self, tensor: Tensor) -> None:
        try:
            dist.all_reduce(tensor)
        except RuntimeError as error:  # its type depends on the backend
            raise FastsumError(_cause(self) or f"the processes lost their connection ({_first_line(error)})") from error

    def _say(self, key: str, message: str) -> None:
        assert self.store is not None
        if not self.store.add(f"{key} flag {self.rank}", 0):  # the first message counts
            self.store.set(f"{key} {self.rank}", message)
            self.store.add(f"{key} flag {self.rank}", 1)

    def _hear(self, key: str, ranks: Sequence[int]) -> dict[int, str]:
        """What other processes wrote under this key, within the time of grace."""
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
        """Wait for an alarm in a thread and answer it; end the process if the group is not `left` soon after.

        A process that waits in an all-reduce does not notice the end of one that it exchanges nothing with.
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


ALONE = ProcessGroup()
"""A single process."""


@contextmanager
def process_group(device: str = "auto") -> Iterator[ProcessGroup]:
    """Join the process group of torchrun's environment, if there is one, and leave it at the end.

    An exception inside ends the other processes too, each with a FastsumError that names the cause.
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
    group, left = ProcessGroup(rank, size, store), threading.Event()
    watch = threading.Thread(target=group._watch, args=(left,), daemon=True)
    watch.start()
    try:
        yield group
    except BaseException as error:
        with suppress(RuntimeError):  # the store is gone
            group._say(_MESSAGE, _first_line(error))
            store.add(_ALARM, 1)
        raise
    finally:
        left.set()
        watch.join()
        dist.destroy_process_group()
        with suppress(RuntimeError):
            group._say(_READ, "")
            if group.leads:  # it may hold the store, so it stays until the others have read it
                group._hear(_READ, range(1, size))


@functools.cache  # the store may be gone when a failed sum asks what the watching thread has asked before
def _cause(group: ProcessGroup) -> str:
    """Which processes ended and why, as text; "" where all are alive. Raises the alarm in the others too."""
    assert group.store is not None
    others = [rank for rank in range(group.size) if rank != group.rank]
    try:
        group._say(_MESSAGE, "")  # alive, and not the cause
        group.store.add(_ALARM, 1)
        messages = group._hear(_MESSAGE, others)
        group._say(_READ, "")
    except RuntimeError:  # the store ended with the process that held it
        return "process 0, or the torchrun that started it, was killed, or its machine is unreachable" + _REMEDY
    causes = [f"process {rank} ended ({message})" for rank, message in messages.items() if message]
    silent = [rank for rank in others if rank not in messages]
    causes += [f"process {rank} does not answer: it was killed, or its machine is unreachable" for rank in silent]
    return "; ".join(causes) and "; ".join(causes) + _REMEDY


def _first_line(error: BaseException) -> str:
    if isinstance(error, FastsumError):
        return error.message
    return f"{type(error).__name__}: {error}".partition("\n")[0]
