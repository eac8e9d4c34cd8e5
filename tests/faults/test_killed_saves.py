"""Kills at random moments of saving cost no checkpoint, and no bit of the training.

`tests/test_checkpoint.py` kills a save at each of its system calls besides.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.faults.scripts import printed_by

KILLS = 50


@pytest.mark.faults
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_50_kills_leave_50_checkpoints_and_resumed_runs_that_match(tmp_path: Path) -> None:
    printed = printed_by("killed_saves.py", tmp_path, KILLS)
    print(printed)
    figures = json.loads(printed)
    assert figures["kills"] == KILLS
    assert figures["within a save"] > KILLS / 3  # the others came in the update after it
