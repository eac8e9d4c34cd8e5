"""Cases that need processes of their own to fork: the scripts beside the tests, run to their end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def printed_by(
    script: str, *arguments: object, apart: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> str:
    """What a script of this folder printed, run with these arguments after the words `apart`; it must succeed."""
    command = [*apart, sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), **(environment or {})}
    run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
