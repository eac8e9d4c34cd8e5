"""Children that the scripts beside this fork and watch: torch is imported once for all of them.

A script that imports this leaves all computing to them, for what threads were doing is lost in a fork.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
import torch.distributed

from fastsum.cli.app import main
from fastsum.model import checkpoint
from tests.training.trainers import ROWS, SETTINGS

for late in ("nltk", "rouge_score.rouge_scorer", "safetensors.torch", "torch._dynamo"):
    importlib.import_module(late)  # else each child loads them anew, which takes longer than all it does besides
torch.set_num_threads(1)
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started this may have had it ignored


def fork(work: Callable[[], object], log: Path) -> int:
    """The process id of a child that works and ends, what it prints in a file; 70 is its code after a traceback."""
    process = os.fork()
    if process:
        return process
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    code: object = 70
    try:
        work()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def ended(process: int, seconds: float = 300) -> int:
    """The exit code of a child, minus the signal that killed it; a child that goes on for longer is killed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)
    raise TimeoutError(f"a child was still running after {seconds} s")


def command(*arguments: object) -> None:
    """Do what the command line does, and end as it ends, by SystemExit."""
    sys.argv = ["fastsum", *map(str, arguments)]
    main()


def train(directory: Path, *overrides: str, resume: bool = False) -> None:
    """Train a tiny model by the command line."""
    settings = [part for setting in (*SETTINGS, *overrides) for part in ("--set", setting)]
    places = ["--output", directory, "--cache", directory.parent / "cache", "--device", "cpu"]
    command("train", ROWS, *settings, *places, *["--resume"] * resume)


def before(owner: object, name: str, call: int, action: Callable[[], object]) -> None:
    """Do something just before the given call of a function, the first being 1."""
    original = getattr(owner, name)
    calls = 0

    def wrapped(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            action()
        return original(*arguments, **named)

    setattr(owner, name, wrapped)


def digest(*tables: Mapping[str, torch.Tensor]) -> str:
    """Tells one set of tensors from another, to the bit."""
    hashed = hashlib.sha256()
    for table in tables:
        for name, tensor in sorted(table.items()):
            hashed.update(name.encode() + tensor.detach().contiguous().numpy().tobytes())
    return hashed.hexdigest()


def stored(directory: Path) -> tuple[int, str]:
    """The updates that a run's latest checkpoint has behind it, and the digest of all its tensors."""
    found, training = checkpoint.load(directory / "latest"), checkpoint.load_training(directory / "latest")
    return training.values["place"][0], digest(found.weights, training.tensors)
