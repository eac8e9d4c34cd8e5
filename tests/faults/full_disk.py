"""Training on a small disk of its own until that is full, and on after room has been made.

Usage: full_disk.py FOLDER, where a file system can be mounted: under `unshare --mount`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from fastsum.errors import FastsumError
from tests.faults.forked import ended, fork, stored
from tests.training.trainers import build, make_data

FOLDER = Path(sys.argv[1])
DISK, BALLAST = FOLDER / "disk", FOLDER / "disk" / "ballast"
RUN = ("training.save_every=1", "training.validate_every=10000", "training.validate_rows=1")


def fill() -> None:
    with BALLAST.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def train(name: Path, resume: bool, full_from: int) -> None:
    trainer = build(make_data(FOLDER / "cache"), name, *RUN)
    if resume:
        trainer.resume()
    save = trainer._save_latest

    def filling() -> None:
        if trainer.state.position.update == full_from:
            fill()
        save()

    trainer._save_latest = filling  # type: ignore[method-assign]
    try:
        trainer.run()
    except FastsumError as error:
        print(error.message)
        sys.exit(1)


def main() -> None:
    DISK.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", DISK], check=True)
    assert ended(fork(lambda: train(FOLDER / "whole", False, -1), FOLDER / "log")) == 0, (FOLDER / "log").read_text()
    assert ended(fork(lambda: train(DISK / "run", False, 4), FOLDER / "log")) == 1
    assert stored(DISK / "run")[0] == 3
    assert os.listdir(DISK / "run") == ["latest"]
    BALLAST.unlink()
    assert ended(fork(lambda: train(DISK / "run", True, -1), FOLDER / "log2")) == 0, (FOLDER / "log2").read_text()
    assert stored(DISK / "run") == stored(FOLDER / "whole")
    print((FOLDER / "log").read_text())


main()
