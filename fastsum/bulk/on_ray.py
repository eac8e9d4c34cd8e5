"""An engine on a Ray cluster: Ray Data streams chunks to workers on its machines, and replaces those that die.

One task reads the table; Ray pauses it while the workers are behind. A chunk is a block, so that it goes to whichever
worker is free. If the reader or a worker is lost, Ray repeats its work: chunks and parts depend on the table alone, and
a part made twice replaces itself.
"""

from __future__ import annotations

import functools
import logging
import os
import pickle
import signal
import threading
from collections.abc import Collection, Generator, Iterator
from typing import Any

from fastsum.bulk.chunks import Chunk
from fastsum.bulk.parts import Part
from fastsum.bulk.worker import Job, RowRange, Worker
from fastsum.device import keep_freed_memory
from fastsum.errors import FastsumError, require

_READER_CORES = 0  # the workers may have all cores when it must be repeated; and Ray joins only steps of equal needs

_Batch = dict[str, Any]
"""One row with one column: a pickled object; a string is an error message."""


def run(job: Job, done: Collection[RowRange], device: str, workers: int | None) -> Generator[Part, None, None]:
    """Run the rest of a job on a cluster: the one that RAY_ADDRESS names or that runs here, else a new one.

    There is a worker for each core, or for each GPU where `device` is "cuda" or "auto" and the cluster has GPUs.

    Raises:
        FastsumError: Ray is not installed; `device` names one GPU; what a reader or a worker raised.
    """
    require("ray", "tables on a Ray cluster", "ray")
    import ray.data

    if device not in ("auto", "cpu", "cuda"):
        raise FastsumError(f"device {device!r} is of one machine; with the engine ray choose cpu, cuda or auto")
    ours = not ray.is_initialized()
    if ours:
        _connect(ray)
    try:
        resources = ray.cluster_resources()
        cuda = device == "cuda" or (device == "auto" and resources.get("GPU", 0) > 0)
        count = workers or max(1, int(resources.get("GPU" if cuda else "CPU", 0)))
        chunks = ray.data.from_items([0])
        chunks.context.target_max_block_size = 1  # a chunk a block
        chunks.context.enable_progress_bars = False
        made = chunks.map_batches(functools.partial(_read, job=job, done=done), num_cpus=_READER_CORES).map_batches(
            _RayWorker,
            fn_constructor_args=(job, "cuda" if cuda else "cpu"),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=count),
            num_cpus=None if cuda else 1,
            num_gpus=1 if cuda else None,
        )
        for batch in made.iter_batches(batch_size=1):
            answer = _unpack(batch)
            if isinstance(answer, str):
                raise FastsumError(answer)
            yield answer
    finally:
        if ours:
            ray.shutdown()


def _connect(ray: Any) -> None:
    handler = signal.getsignal(signal.SIGTERM)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # documents and statistics about them stay here
    ray.init(logging_level=logging.ERROR, log_to_driver=False)  # errors of the run are raised here
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    if threading.current_thread() is threading.main_thread():  # then Ray has put a handler of its own there
        signal.signal(signal.SIGTERM, handler)


def _read(batch: _Batch, *, job: Job, done: Collection[RowRange]) -> Iterator[_Batch]:
    try:
        yield from map(_pack, job.remaining(done))
    except FastsumError as error:
        yield _pack(error.message)


class _RayWorker:
    """A `Worker` in an actor; errors are returned, since Ray would repeat a chunk that raises."""

    def __init__(self, job: Job, device: str) -> None:
        keep_freed_memory()
        self._worker = Worker(job, device)

    def __call__(self, batch: _Batch) -> _Batch:
        answer = _unpack(batch)
        if isinstance(answer, Chunk):
            try:
                answer = self._worker(answer)
            except FastsumError as error:
                answer = error.message
        return _pack(answer)


def _pack(value: Chunk | Part | str) -> _Batch:
    return {"pickled": [pickle.dumps(value)]}


def _unpack(batch: _Batch) -> Any:
    return pickle.loads(batch["pickled"][0])
