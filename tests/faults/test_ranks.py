"""A data-parallel process that ends too early ends the others soon, and they say why.

Over gloo, on the processor. `tests/test_distributed.py` has what processes compute together.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.scripts import printed_by
from tests.training.trainers import ROWS, SETTINGS

SOON = 30.0  # seconds, 10 of which the others have to answer

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """How the processes of each case ended; the script itself checks that a resumed pair equals the undisturbed one."""
    folder = tmp_path_factory.mktemp("ranks")
    found = {end["case"]: end for end in map(json.loads, printed_by("ranks.py", folder).splitlines())}
    print({case: round(end["seconds"], 1) for case, end in found.items()})
    return found


@pytest.mark.parametrize(
    ("case", "codes", "printed"),
    [
        ("the second is killed", [1, -9], ["process 1 does not answer"]),
        ("the first is killed", [-9, 1], ["", "process 0, or the torchrun that started it, was killed"]),
        ("the third of three is killed", [1, 1, -9], ["process 2 does not answer"] * 2),
        ("the disk is full", [1, 1], ["No space left on device", "process 0 ended ("]),
        ("the second crashes", [1, 70], ["process 1 ended (ValueError: a fault of the program)"]),
    ],
)
def test_the_others_end_soon_and_name_the_cause(
    ends: dict[str, dict[str, Any]], case: str, codes: list[int], printed: list[str]
) -> None:
    end = ends[case]
    assert end["codes"] == codes, end["printed"]
    assert end["seconds"] < SOON
    for code, words, found in zip(codes, printed, end["printed"], strict=False):
        assert words in found
        assert code != 1 or "Traceback" not in found


def test_a_pair_can_be_resumed(ends: dict[str, dict[str, Any]]) -> None:
    assert ends["resumed"]["codes"] == ends["undisturbed"]["codes"] == [0, 0]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_under_torchrun_too(tmp_path: Path) -> None:
    settings = [part for setting in (*SETTINGS, "training.steps=100000") for part in ("--set", setting)]
    options = ["--output", str(tmp_path / "run"), "--cache", str(tmp_path / "cache"), "--device", "cpu"]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    with (tmp_path / "log").open("w+") as log:
        run = subprocess.Popen(
            [*command, "-m", "fastsum", "train", str(ROWS), *settings, *options],
            stdout=log, stderr=log, cwd=Path(__file__).parents[2], env={**os.environ, "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(tmp_path / "run" / "latest", run)
            begun = time.monotonic()
            os.kill(_process_of_rank(1, run.pid), signal.SIGKILL)
            assert run.wait(timeout=60) != 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
        seconds = time.monotonic() - begun
        log.seek(0)
        printed = log.read()
    print(f"torchrun: {seconds:.1f} s")
    assert "process 1 does not answer" in printed
    assert seconds < 40  # torchrun's own time of grace is 30 s


def _wait_for(path: Path, run: subprocess.Popen[Any]) -> None:
    end = time.monotonic() + 200
    while not path.exists():
        assert run.poll() is None
        assert time.monotonic() < end
        time.sleep(0.1)


def _process_of_rank(rank: int, parent: int) -> int:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # ended meanwhile
            continue
        if above == parent and f"RANK={rank}".encode() in environment:
            return int(folder.name)
    raise AssertionError(f"no process of rank {rank}")
