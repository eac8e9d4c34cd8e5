"""A run into a folder of results, stopped at random moments: each is whole or absent, and the next run completes."""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fastsum.cli.results import JOURNAL

DOCUMENTS = 60
EXITS = {signal.SIGINT: {130, -2, 0}, signal.SIGTERM: {-15, 0}, signal.SIGKILL: {-9, 0}}
"""What a run may end with: 0 if it was done before, -2 if it was done and ending."""
SLOW_DISK = """
import os, signal, time
from fastsum.cli.app import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background, it is ignored
replace = os.replace
def slow(*paths):
    time.sleep(0.005)
    replace(*paths)
os.replace = slow
main()
"""
"""The command where each file takes its time, so that signals come among the results however busy the machine is."""

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


def results(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.txt")}


def without_figures(folder: Path) -> dict[str, str]:
    """The pages without saliences and shades: these can round differently in another batch, which a stop leads to."""
    figures = re.compile(r' title="salience [0-9.]+"| class="w[0-9]"')
    return {path.name: figures.sub("", path.read_text("utf-8")) for path in folder.rglob("*.html")}


def test_a_run_stopped_at_any_moment_is_completed_by_the_next(tiny_checkpoint: Path, tmp_path: Path) -> None:
    generator = random.Random(5)
    for number in range(DOCUMENTS):
        path = tmp_path / "in" / str(number % 3) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        words = ["dog", "cat", "barked", "slept", "harbour", "froze", "town", "council", "night", "school"]
        path.write_text(" ".join(f"{' '.join(generator.sample(words, 7)).capitalize()}." for _ in range(20 + number)))
    command = [sys.executable, "-c", SLOW_DISK, "summarize", str(tmp_path / "in"), "--model", str(tiny_checkpoint),
               "--device", "cpu", "--html", str(tmp_path / "pages"), "--output"]  # fmt: skip
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True)
    whole = results(tmp_path / "whole")
    pages = without_figures(tmp_path / "pages")
    assert len(whole) == len(pages) == DOCUMENTS
    stopped = within = 0
    for attempt in range(12):
        number = list(EXITS)[attempt % 3]
        out = tmp_path / f"out{attempt // 3}"  # each is stopped three times before it is completed
        before = len(results(out))
        with subprocess.Popen([*command, str(out)], stderr=subprocess.PIPE, text=True) as run:
            wanted = generator.randint(before, DOCUMENTS - 1) if before < DOCUMENTS else before
            while run.poll() is None and len(list(out.rglob("*.txt"))) < wanted:
                time.sleep(0.001)
            time.sleep(generator.uniform(0, 0.05))
            run.send_signal(number)
            _, said = run.communicate()
        assert run.returncode in EXITS[number], said
        assert "Traceback" not in said
        found = results(out)
        assert found.items() <= whole.items()
        stopped += run.returncode != 0
        within += before < len(found) < DOCUMENTS
        if attempt % 3 == 2:
            subprocess.run([*command, str(out)], check=True, capture_output=True)
            assert results(out) == whole
            assert not list(out.rglob(".fastsum-*"))
            again = subprocess.run([*command, str(out)], check=True, capture_output=True, text=True)
            assert f"0 summarized, {DOCUMENTS} unchanged" in again.stderr
    assert without_figures(tmp_path / "pages") == pages
    entries = [json.loads(line) for line in (tmp_path / "out0" / JOURNAL).read_text().splitlines() if line]
    assert {entry["result"] for entry in entries} == set(whole)
    print(f"{stopped} of 12 runs stopped by a signal, {within} of them among the results")
    assert stopped >= 8
    assert within >= 1
