"""A disk that is really full: an error that names the place, and nothing lost.

`tests/test_checkpoint.py` lets every single operation of a save find the disk full.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fastsum import FastsumError, Summarizer
from fastsum.data.rows import Row
from fastsum.evaluation.report import write
from fastsum.evaluation.scoring import evaluate
from fastsum.model import checkpoint
from tests.faults.scripts import printed_by
from tests.model.test_checkpoint import read_all, save


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The operating system refuses to let any file grow further."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_checkpoint_that_does_not_fit_leaves_the_old_one(tmp_path: Path) -> None:
    save(tmp_path / "model")
    largest = max(path.stat().st_size for path in (tmp_path / "model").iterdir())
    with files_of_at_most(largest - 1), pytest.raises(FastsumError, match="File too large"):
        save(tmp_path / "model", seed=1)
    assert os.listdir(tmp_path) == ["model"]
    assert read_all(tmp_path / "model")[0].card == "# Model 0\n"
    with files_of_at_most(largest):
        save(tmp_path / "model", seed=1)
    assert checkpoint.load(tmp_path / "model").card == "# Model 1\n"


def test_scores_that_do_not_fit_leave_no_half_a_file(tiny_checkpoint: Path, tmp_path: Path) -> None:
    summarizer = Summarizer.load(tiny_checkpoint, device="cpu", precision="fp32")
    found = evaluate(summarizer, [Row("a", "A dog barked. It was loud. Nobody slept.", "A dog barked.")])
    with files_of_at_most(100), pytest.raises(FastsumError, match="File too large"):
        write(tmp_path / "scores", found, {})
    assert list((tmp_path / "scores").iterdir()) == []


@pytest.mark.faults
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_training_on_a_full_disk_ends_with_a_sentence_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    apart = ["unshare", "--mount", *["--map-root-user"] * (os.geteuid() != 0)]
    probe = [*apart, "mount", "-t", "tmpfs", "none", str(tmp_path)]
    if not shutil.which("unshare") or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    printed = printed_by("full_disk.py", tmp_path, apart=apart)
    assert "the checkpoint could not be saved (No space left on device)" in printed
    assert "Traceback" not in printed
