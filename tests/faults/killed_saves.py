"""A training whose saves are killed at random moments, again and again, and resumed each time.

Prints as JSON how many kills there were, and how many of them came within a save and not just after it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from fastsum.training.trainer import Trainer
from tests.faults.forked import checkpoint, digest, ended, fork, stored
from tests.training.trainers import build, make_data

FOLDER, KILLS = Path(sys.argv[1]), int(sys.argv[2])
RUN = (
    f"training.steps={3 * KILLS + 10}", "training.save_every=1", "training.validate_every=10000",
    "training.validate_rows=1",
)  # fmt: skip


def trainer(name: str, resume: bool) -> Trainer:
    made = build(make_data(FOLDER / "cache"), FOLDER / name, *RUN)
    if resume:
        made.resume()
    return made


def undisturbed() -> None:
    """Note the digest of the whole state at every save."""
    made = trainer("whole", resume=False)
    states: dict[int, str] = {}
    save = made._save_latest

    def noting() -> None:
        save()
        states[made.state.position.update] = digest(
            made.model.state_dict(), made.state.stored(1, made.task.digest).tensors
        )

    made._save_latest = noting  # type: ignore[method-assign]
    made.run()
    (FOLDER / "states.json").write_text(json.dumps(states))


def disturbed(resume: bool, nth: int, share: float, pipe: int) -> None:
    """Train, to be killed in the nth save after this share of the time that the save before it took."""
    original = checkpoint.save
    saves, lasted = 0, 0.0

    def save(*arguments: Any, **named: Any) -> None:
        nonlocal saves, lasted
        saves += 1
        if saves == nth:
            os.write(pipe, b"(")
            # The kernel ends the process when the timer runs out, as SIGKILL would: nobody handles this signal.
            signal.setitimer(signal.ITIMER_REAL, share * lasted)
        begun = time.perf_counter()
        original(*arguments, **named)
        lasted = time.perf_counter() - begun
        if saves == nth:
            os.write(pipe, b")")

    checkpoint.save = save
    trainer("parts", resume).run()


def kill_one(resume: bool, chance: random.Random) -> bool:
    """Whether the kill came within the save."""
    reader, writer = os.pipe()
    nth, share = chance.randint(2, 4), chance.uniform(0.01, 1.1)
    child = fork(lambda: disturbed(resume, nth, share, writer), FOLDER / "log")
    code = ended(child)
    os.close(writer)
    with open(reader, "rb") as pipe:
        marks = pipe.read()
    assert code == -signal.SIGALRM, (code, (FOLDER / "log").read_text())
    return marks == b"("


def main() -> None:
    assert ended(fork(undisturbed, FOLDER / "log")) == 0, (FOLDER / "log").read_text()
    states = json.loads((FOLDER / "states.json").read_text())
    chance = random.Random(5)
    within = 0
    for number in range(KILLS):
        within += kill_one(number > 0, chance)
        update, state = stored(FOLDER / "parts")
        assert state == states[str(update)], f"after kill {number + 1} the state of update {update} is another"
    assert ended(fork(lambda: trainer("parts", True).run(), FOLDER / "log")) == 0, (FOLDER / "log").read_text()
    assert stored(FOLDER / "parts") == stored(FOLDER / "whole")
    assert sorted(os.listdir(FOLDER / "parts")) == ["best", "latest"]
    print(json.dumps({"kills": KILLS, "within a save": within}))


main()
