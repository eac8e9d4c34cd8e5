"""SIGINT and SIGTERM at any moment end a command in order; a loss that is not finite ends training in order.

`tests/training/` has the cases that need no process of their own: a stop between two batches of one update, the
second signal, poisoned losses and gradients.
"""

from __future__ import annotations

import json
import os

import pytest

from tests.faults.scripts import printed_by

SIGNALS = ("SIGINT", "SIGTERM")

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """Exit code and output of each case; the script itself checks that resumed runs equal the undisturbed one."""
    folder = tmp_path_factory.mktemp("signals")
    ended = map(json.loads, printed_by("signals.py", folder).splitlines())
    return {end["case"]: (end["code"], end["printed"]) for end in ended}


@pytest.mark.parametrize("moment", ["training", "validation", "saving"])
@pytest.mark.parametrize("name", SIGNALS)
def test_training_saves_and_says_how_to_go_on(ends: dict[str, tuple[int, str]], name: str, moment: str) -> None:
    code, printed = ends[f"{name} {moment}"]
    assert code == 130
    assert "stopped and saved in" in printed
    assert "--resume" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("moment", ["scoring", "writing"])
@pytest.mark.parametrize("name", SIGNALS)
def test_evaluation_ends_without_half_a_file(ends: dict[str, tuple[int, str]], name: str, moment: str) -> None:
    code, printed = ends[f"{name} {moment}"]
    assert code in ({130} if name == "SIGINT" else {-15, 143})
    assert "Traceback" not in printed


def test_a_loss_that_is_not_finite_ends_training_with_a_sentence(ends: dict[str, tuple[int, str]]) -> None:
    code, printed = ends["not finite"]
    assert code == 1
    assert "is not finite" in printed
    assert "Traceback" not in printed
