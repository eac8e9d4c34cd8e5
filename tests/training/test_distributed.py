"""Two gloo processes train as one process does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from fastsum.model import checkpoint
from fastsum.training.distributed import ProcessGroup, process_group

ROWS = Path(__file__).parents[2] / "data" / "samples" / "rows"
SCRIPT = """
import json
import os
import sys
from pathlib import Path
from tests.faults.forked import ended, fork
from tests.training.trainers import SETTINGS
from fastsum.config import Config
from fastsum.training.distributed import process_group
from fastsum.training.experiment import train
from fastsum.training.monitor import Monitor
from fastsum.data.rows import open_rows

folder, rows = Path(sys.argv[1]), sys.argv[2]

def work(name, variables, settings):
    os.environ.update(variables)
    config = Config.load(None, (*SETTINGS, "model.dropout=0.0", "training.steps=2", *settings))
    with process_group() as group, Monitor(2, None, quiet=True) as monitor:
        train(config, lambda split: open_rows(rows, split), folder / name,
              monitor=monitor, group=group, device="cpu", cache=folder / "cache")

for together in json.loads(sys.argv[3]):
    logs = [folder / f"log{number}" for number in range(len(together))]
    ranks = [fork(lambda: work(*one), log) for one, log in zip(together, logs)]
    codes = [ended(rank, 240) for rank in ranks]
    assert not any(codes), [log.read_text() for log in logs]
"""
"""Trains in forks, those of one list together, each with a folder, variables of the environment and settings: torch is
loaded once for all."""


def test_one_process_is_a_group_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RANK", raising=False)
    with process_group() as group:
        assert group == ProcessGroup(0, 1)
        weight = torch.ones(3, requires_grad=True)
        weight.sum().backward()
        group.sum_gradients([weight, torch.ones(2)])
        assert weight.grad is not None
        assert weight.grad.tolist() == [1, 1, 1]
        assert group.total(1.5, 2) == [1.5, 2]


@pytest.mark.parametrize("data", ["samples", "every other summary shares nothing"])
def test_two_ranks_update_as_one_process_with_both_batches(data: str, tmp_path: Path) -> None:
    rows, settings = ROWS, ["model.word_counts=true"]
    if data != "samples":  # a batch of one such document trains no decoder
        rows = tmp_path / "rows.jsonl"
        lines = (ROWS / "train.jsonl").read_text("utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        changed = [row | {"highlights": "Zyx."} if number % 2 else row for number, row in enumerate(found)]
        rows.write_text("".join(json.dumps(row) + "\n" for row in changed), "utf-8")
        settings = ["training.batch_tokens=1", "training.steps=6"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    meeting = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    alone = ["one", {}, [*settings, "training.accumulate=2"]]
    ranks = [["two", {"RANK": str(rank), "LOCAL_RANK": str(rank), **meeting}, settings] for rank in range(2)]
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), str(rows), json.dumps([[alone], ranks])]
    ran = subprocess.run(command, env=_environment(), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    one = checkpoint.load_training(tmp_path / "one" / "latest").tensors
    two = checkpoint.load_training(tmp_path / "two" / "latest").tensors
    assert one.keys() == two.keys()
    # The first moments are a fixed mixture of the two updates' gradients.
    for name in one:
        torch.testing.assert_close(one[name], two[name], rtol=1e-4, atol=1e-7, msg=name)


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("RANK", "WORLD_SIZE")}
    return kept | {"PYTHONPATH": str(Path(__file__).parents[2])}
