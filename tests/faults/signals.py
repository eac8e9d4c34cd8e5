"""The command line, sent a signal at a chosen moment, and a loss that is not finite.

Usage: signals.py FOLDER. Prints one JSON object a line: the case, the exit code and what was printed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from fastsum.evaluation import scoring
from fastsum.model import checkpoint_folder
from fastsum.training import validation
from fastsum.training.gradients import Gradients
from tests.faults.forked import ROWS, before, command, ended, fork, stored, train

FOLDER = Path(sys.argv[1])
MOMENTS = {
    "training": (Gradients, "_backward", 3),
    "validation": (validation, "rouge", 1),
    "saving": (checkpoint_folder, "_write", 3),
    "scoring": (scoring, "_output", 2),
    "writing": (os, "fsync", 2),
}


def end(case: str, work: Callable[[], object]) -> int:
    log = FOLDER / "log"
    code = ended(fork(work, log))
    print(json.dumps({"case": case, "code": code, "printed": log.read_text()}))
    return code


def signalled(number: signal.Signals, moment: str, work: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        before(*MOMENTS[moment], lambda: os.kill(os.getpid(), number))
        work()

    return run


def trained(number: signal.Signals, moment: str) -> None:
    folder = FOLDER / f"{number.name} {moment}"
    end(folder.name, signalled(number, moment, lambda: train(folder)))
    assert stored(folder)[0] < 8
    assert end("resumed", lambda: train(folder, resume=True)) == 0
    assert stored(folder) == stored(FOLDER / "whole")


def evaluated(number: signal.Signals, moment: str) -> None:
    folder = FOLDER / f"{number.name} {moment}"
    best = FOLDER / "whole" / "best"
    work = lambda: command("evaluate", ROWS, "--model", best, "--device", "cpu", "--output", folder)  # noqa: E731
    end(folder.name, signalled(number, moment, work))
    for path in folder.glob("*.json*"):  # whatever has its name is whole
        for text in path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]:
            json.loads(text)


def main() -> None:
    assert end("whole", lambda: train(FOLDER / "whole")) == 0
    for number in (signal.SIGINT, signal.SIGTERM):
        for moment in ("training", "validation", "saving"):
            trained(number, moment)
        for moment in ("scoring", "writing"):
            evaluated(number, moment)
    end("not finite", lambda: train(FOLDER / "nan", "training.learning_rate=1e30", "training.save_every=1"))
    assert stored(FOLDER / "nan")[0] >= 1


main()
