"""Data-parallel training: one process a device, started by torchrun, their gradients summed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor

from fastsum.device import pick_device

_BUCKET = 1 << 22  # numbers summed in one call


class Group(NamedTuple):
    """The processes that train one model together; a single process is a group of one."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process validates, saves and reports."""
        return self.rank == 0

    def sum_(self, tensors: Iterable[Tensor]) -> None:
        """Replace each tensor by its sum over the processes."""
        if self.size == 1:
            return
        bucket: list[Tensor] = []
        for tensor in tensors:
            bucket.append(tensor)
            if sum(map(Tensor.numel, bucket)) >= _BUCKET:
                _sum_bucket(bucket)
                bucket = []
        if bucket:
            _sum_bucket(bucket)

    def total(self, *numbers: float) -> list[float]:
        """Sums of plain numbers over the processes."""
        if self.size == 1:
            return list(numbers)
        tensor = torch.tensor(numbers, dtype=torch.float64, device="cuda" if dist.get_backend() == "nccl" else "cpu")
        dist.all_reduce(tensor)
        return tensor.tolist()

    def wait(self) -> None:
        """Return once every process has come here."""
        self.total(0.0)


ALONE = Group()
"""A single process."""


@contextmanager
def process_group(device: str = "auto") -> Iterator[Group]:
    """Join the group that torchrun's environment names, if there is one, and leave it at the end."""
    if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
        yield ALONE
        return
    cuda = pick_device(device).type == "cuda"
    if cuda:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    # The others wait while the leading process tokenises the data or validates, which can take hours.
    dist.init_process_group("nccl" if cuda else "gloo", timeout=timedelta(days=1))
    try:
        yield Group(dist.get_rank(), dist.get_world_size())
    finally:
        dist.destroy_process_group()


def _sum_bucket(tensors: list[Tensor]) -> None:
    flat = torch.cat([tensor.flatten() for tensor in tensors])
    dist.all_reduce(flat)
    for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
        tensor.copy_(part.view_as(tensor))
