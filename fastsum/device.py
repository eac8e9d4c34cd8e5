"""Which device computes, and in which precision."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import re
import resource
import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fastsum.errors import FastsumError, UsageError

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cuda", "mps", "cpu")
PRECISIONS = ("auto", "fp32", "bf16", "fp16")

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # as in glibc's malloc.h
# Messages of GPUs, of torch's CPU allocator, of CUDA's libraries and of C++.
_NO_MEMORY = ("out of memory", "can't allocate memory", "ALLOC_FAILED", "bad_alloc")
# The whole message of oneDNN; if an operation is not supported, the message is longer.
_NO_MEMORY_ONEDNN = (
    "could not create a primitive",
    "could not create a memory object",
    "could not execute a primitive",
)


def needs_torch(device: str, precision: str) -> bool:
    """Whether a summary on this device and in this precision needs torch: on everything but a CPU in float32, which is
    what "auto" means where there is no GPU. Torch is not imported for the answer.

    Raises UsageError for names that are unknown.
    """
    if not re.fullmatch(r"auto|(?:cuda|mps|cpu)(?::\d+)?", device):
        raise _unknown_device(device)
    if precision not in PRECISIONS:
        raise _unknown_precision(precision)
    return precision not in ("auto", "fp32") or (has_gpu() if device == "auto" else not device.startswith("cpu"))


def has_gpu() -> bool:
    """Whether torch is installed, can compute on a GPU, and may find one here. Torch is not imported for the answer."""
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return False
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    libraries = Path(found.origin).parent / "lib"
    if (libraries / "libtorch_cuda.so").exists():
        return _cuda_devices() > 0
    return (libraries / "libtorch_hip.so").exists() and os.path.exists("/dev/kfd")


def _cuda_devices() -> int:
    """CUDA devices that this process may use, by the driver itself."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
        count = ctypes.c_int(0)
        failed = driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count))
    except (OSError, AttributeError):
        return 0
    return 0 if failed else count.value


def pick_device(name: str = "auto") -> torch.device:
    """The device named "cpu", "mps", "cuda", "cuda:1"...; "auto" prefers CUDA to MPS and MPS to the CPU.

    Raises UsageError for a name that torch does not know, FastsumError for a device that this machine does not have.
    """
    import torch

    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
    except (RuntimeError, ValueError):
        device = None
    if device is None or device.type not in DEVICES:
        raise _unknown_device(name)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise FastsumError(f"device {name}: torch finds no CUDA device here; choose cpu or auto")
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise FastsumError(f"device {name}: torch finds no Apple GPU here; choose cpu or auto")
    count = torch.cuda.device_count() if device.type == "cuda" else 1
    if device.index is not None and device.index >= count:
        raise FastsumError(
            f"device {name}: there is no device with that number; the last one is {device.type}:{count - 1}"
        )
    return device


def _unknown_device(name: str) -> UsageError:
    return UsageError(f"device {name!r} is unknown; choose {', '.join(DEVICES[:-1])} or {DEVICES[-1]}")


def _unknown_precision(name: str) -> UsageError:
    return UsageError(f"precision {name!r} is unknown; choose {', '.join(PRECISIONS[:-1])} or {PRECISIONS[-1]}")


def pick_precision(name: str, device: torch.device) -> torch.dtype:
    """The type of "fp32", "bf16" or "fp16"; "auto" is bf16 if the device has bf16 arithmetic, otherwise float32.

    Raises UsageError for another name, FastsumError for fp16 on a CPU.
    """
    import torch

    if name not in PRECISIONS:
        raise _unknown_precision(name)
    if name == "auto":
        return torch.bfloat16 if _multiplies_bf16(device) else torch.float32
    if name == "fp16" and device.type == "cpu":
        raise FastsumError(
            "precision fp16 is for GPUs, since CPUs have little fp16 arithmetic; choose fp32, bf16 or auto"
        )
    return {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[name]


def autocast(device: torch.device, dtype: torch.dtype) -> AbstractContextManager[None]:
    """A context in which matrix products run in `dtype`."""
    import torch

    if dtype == torch.float32:
        return nullcontext()
    return torch.autocast(device.type, dtype=dtype)


def describe(device: torch.device, dtype: torch.dtype) -> str:
    """Device and precision in words, such as "cpu, 2 threads, float32"."""
    import torch

    if device.type == "cuda":
        name = f"{device} ({torch.cuda.get_device_name(device)})"
    elif device.type == "cpu":
        count = torch.get_num_threads()
        name = f"cpu, {count} thread{'s' * (count != 1)}"
    else:
        name = str(device)
    return f"{name}, {str(dtype).removeprefix('torch.')}"


def keep_freed_memory() -> None:
    """Make this process keep the memory that it frees, if its C library is glibc.

    By default glibc returns every large block to the system, and for a long document getting the pages of the next one
    takes longer than the arithmetic in them. Only a program should call this, not a library: it affects the process.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            libc = ctypes.CDLL("libc.so.6")
            libc.mallopt(_M_MMAP_THRESHOLD, 1 << 30)
            libc.mallopt(_M_TRIM_THRESHOLD, (1 << 31) - 1)


def release_freed_memory() -> None:
    """Return the memory that `keep_freed_memory` has kept: it fragments as blocks of new sizes are allocated."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that the device or the machine is out of memory; torch has no single type for it."""
    if isinstance(error, RuntimeError):
        return str(error) in _NO_MEMORY_ONEDNN or any(words in str(error) for words in _NO_MEMORY)
    return isinstance(error, MemoryError)


def cores() -> int:
    """Processor cores that this process may use; a container or a scheduler can allow fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    """The name of this machine's processor."""
    if (info := Path("/proc/cpuinfo")).exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def peak_memory(device: torch.device) -> float:
    """Peak memory so far in gigabytes, of the device or, on a CPU, of the process."""
    import torch

    return (torch.cuda.max_memory_allocated(device) if device.type == "cuda" else resident(peak=True)) / 1e9


def resident(peak: bool = False) -> int:
    """Resident memory of this process in bytes, now or its `peak` so far; without /proc always the peak."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage may include the process that started this one
        field = "VmHWM:" if peak else "VmRSS:"
        line = next(line for line in status.read_text().splitlines() if line.startswith(field))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _multiplies_bf16(device: torch.device) -> bool:
    import torch

    if device.type == "cuda":
        # Older cards emulate it, which `is_bf16_supported` counts as support.
        return torch.version.hip is not None or torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "cpu":
        # On other CPUs a bf16 product is up to ten times slower than a float32 one. These tests are private to torch.
        tests = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
        return any(getattr(torch.cpu, test, lambda: False)() for test in tests)
    return False
