"""One update under a memory limit, beside the same update without one.

Usage: memory.py FOLDER. Prints JSON: the bytes that the gradients take to compute, the limit set for them, the parts
that it came to, and what was said.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

import torch

from tests.faults.forked import checkpoint, ended, fork
from tests.training.trainers import build, make_data

FOLDER = Path(sys.argv[1])
# Every sample row in one batch, wide enough that what the backward pass keeps outweighs all else.
RUN = (
    "model.width=128", "model.feedforward=1024", "model.dropout=0.0", "training.batch_tokens=100000",
    "training.steps=1", "training.validate_rows=1",
)  # fmt: skip


def size(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) * 1024


def update(name: str, limit: int) -> None:
    trainer = build(make_data(FOLDER / "cache"), FOLDER / name, *RUN)
    trainer.gradients._backward(
        trainer.gradients._collate([0]), [1.0] * 3, 0
    )  # loads the libraries that torch loads late
    trainer.state.optimizer.zero_grad()
    begun, before = size("VmSize:"), resource.getrlimit(resource.RLIMIT_AS)
    accumulate = trainer.gradients._accumulate

    def limited(*arguments: Any) -> Any:
        resource.setrlimit(resource.RLIMIT_AS, (begun + limit if limit else before[0], before[1]))
        try:
            return accumulate(*arguments)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)

    trainer.gradients._accumulate = limited  # type: ignore[method-assign]
    trainer._update()
    (FOLDER / f"{name}.json").write_text(json.dumps({"parts": trainer.state.splits, "bytes": size("VmPeak:") - begun}))
    trainer._save_latest()


def run(name: str, limit: int = 0) -> dict[str, int]:
    code = ended(fork(lambda: update(name, limit), FOLDER / f"{name}.log"))
    assert code == 0, (FOLDER / f"{name}.log").read_text()
    return json.loads((FOLDER / f"{name}.json").read_text())


def main() -> None:
    free = run("free")
    limit = int(0.7 * free["bytes"])
    tight = run("tight", limit)
    moments = [checkpoint.load_training(FOLDER / name / "latest").tensors for name in ("free", "tight")]
    names = [name for name in moments[0] if name.startswith("exp_avg.")]  # a tenth of the gradients
    largest = max(float(moments[0][name].abs().max()) for name in names)
    for name in names:
        torch.testing.assert_close(moments[1][name], moments[0][name], rtol=1e-4, atol=1e-5 * largest, msg=name)
    print(json.dumps({"bytes": free["bytes"], "limit": limit, "parts": tight["parts"],
                      "said": (FOLDER / "tight.log").read_text()}))  # fmt: skip


main()
