"""The first signal asks for a stop, the second one ends the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from fastsum.training.monitor import Monitor
from fastsum.training.signals import Interrupted, StopRequest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_one_asks_for_a_stop(number: signal.Signals, capsys: pytest.CaptureFixture[str]) -> None:
    stop = StopRequest()
    before = signal.getsignal(number)
    with stop.on_signals():
        stop.check()
        os.kill(os.getpid(), number)
        with pytest.raises(Interrupted):
            stop.check()
    assert signal.getsignal(number) is before
    said = "fastsum: stopping after this batch, then saving; a second signal quits immediately\n"
    assert capsys.readouterr().err == said


def test_a_quiet_run_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Monitor(1, None, quiet=True) as monitor, (stop := StopRequest(monitor.say)).on_signals():
        os.kill(os.getpid(), signal.SIGINT)
    assert stop.received
    assert capsys.readouterr() == ("", "")


def test_the_second_one_quits_immediately() -> None:
    code = (
        "import os, signal\n"
        "from fastsum.training.signals import StopRequest\n"
        "stop = StopRequest()\n"
        "with stop.on_signals():\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    assert stop.received\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    print('still here')\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (130, "")
