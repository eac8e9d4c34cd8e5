"""Training that runs out of memory splits its batches and makes the same update.

`tests/training/test_gradients.py` raises the error instead, everywhere it can happen.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.faults.scripts import printed_by


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "fork"), reason="limits the address space as Linux does")
def test_an_update_that_does_not_fit_is_made_in_parts(tmp_path: Path) -> None:
    # By default glibc keeps freed address space, and the limit counts that. A GPU's memory is returned by the program.
    returning = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
    printed = printed_by("memory.py", tmp_path, environment=returning)
    print(printed)
    found = json.loads(printed)
    assert found["parts"] >= 2
    assert f"out of memory in step 1: from now on every batch is computed in {found['parts']} parts" in found["said"]
