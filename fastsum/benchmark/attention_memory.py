"""Peak memory of one call of an attention mechanism, beyond what is in use before it."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

import torch

from fastsum.benchmark.mechanisms import Pass, Settings, action, build
from fastsum.device import is_out_of_memory, resident
from fastsum.errors import FastsumError


def release(device: torch.device) -> None:
    """Give back what an abandoned call held."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def peak_on_cuda(run: Callable[[], None], device: torch.device) -> int:
    """Bytes that a call takes at most beyond those in use before it."""
    torch.cuda.synchronize(device)
    torch.cuda.reset_peak_memory_stats(device)
    before = torch.cuda.memory_allocated(device)
    run()
    torch.cuda.synchronize(device)
    return torch.cuda.max_memory_allocated(device) - before


class OverTimeError(Exception):
    """A call takes far longer than the limit."""


def peak_on_cpu(name: str, work: Pass, length: int, settings: Settings, dtype: torch.dtype) -> int:
    """Bytes by which one call in a fresh process raises its resident memory at most.

    Raises MemoryError where the process dies of it, and `OverTimeError` where it takes far longer than the limit.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])  # so that torch is imported once
    receiver, sender = context.Pipe(duplex=False)
    arguments = (sender, name, work, length, settings, dtype, torch.get_num_threads())
    process = context.Process(target=_report_peak, args=arguments, daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(2 * settings.limit + 60):
            raise OverTimeError
        found: int | None = receiver.recv()
    except EOFError:  # it died
        process.join()
        if process.exitcode != -signal.SIGKILL:  # as the system kills what takes too much
            raise FastsumError(f"measuring the memory of {name} failed; its error stands above") from None
        found = None
    finally:
        process.kill()
        process.join()
    if found is None:
        raise MemoryError
    return found


def _report_peak(
    sender: Connection, name: str, work: Pass, length: int, settings: Settings, dtype: torch.dtype, threads: int
) -> None:
    torch.set_num_threads(threads)
    module = build(name, settings)
    try:
        x_BND = torch.randn(settings.batch(length), length, settings.width, dtype=dtype)
        action(module, work, x_BND[:1, :64], settings, dtype)()  # loads the libraries that the call uses
        run = action(module, work, x_BND, settings, dtype)
        before = resident()
        run()
        sender.send(max(0, resident(peak=True) - before))
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        sender.send(None)
