"""Peak memory of one call of an attention mechanism, without the memory in use before it."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

import torch

from fastsum.benchmark.mechanisms import AttentionSettings, Pass, action, build
from fastsum.device import is_out_of_memory, resident
from fastsum.errors import FastsumError


def release(device: torch.device) -> None:
    """Free the memory of an abandoned call."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def peak_on_cuda(run: Callable[[], None], device: torch.device) -> int:
    """Peak memory of a call in bytes, without what was in use before it."""
    torch.cuda.synchronize(device)
    torch.cuda.reset_peak_memory_stats(device)
    before = torch.cuda.memory_allocated(device)
    run()
    torch.cuda.synchronize(device)
    return torch.cuda.max_memory_allocated(device) - before


class OverTimeError(Exception):
    """A call takes far longer than the limit."""


def peak_on_cpu(name: str, work: Pass, length: int, settings: AttentionSettings, dtype: torch.dtype) -> int:
    """Peak resident memory of one call in a fresh process, in bytes, without what was in use before it.

    Raises MemoryError if the process runs out of memory, and `OverTimeError` if it takes far longer than the limit.
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
    except EOFError:  # the process ended
        process.join()
        if process.exitcode != -signal.SIGKILL:  # which is how the system ends a process that takes too much memory
            raise FastsumError(f"measuring the memory of {name} failed; its error is above") from None
        found = None
    finally:
        process.kill()
        process.join()
    if found is None:
        raise MemoryError
    return found


def _report_peak(
    sender: Connection,
    name: str,
    work: Pass,
    length: int,
    settings: AttentionSettings,
    dtype: torch.dtype,
    threads: int,
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
