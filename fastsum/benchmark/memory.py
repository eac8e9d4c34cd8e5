"""How much memory a process takes; free of torch, so that programs without it can be measured too."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def resident(peak: bool = False) -> int:
    """Bytes of this process in memory now, or at most so far; without /proc always the latter."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage may count the process that started this one too
        field = "VmHWM:" if peak else "VmRSS:"
        line = next(line for line in status.read_text().splitlines() if line.startswith(field))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
