"""Whether the packages that fastsum needs have wheels for a Python and a machine, and what is said where not."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from fastsum import platforms

LINUX: dict[str, Any] = {
    "python_implementation": "CPython",
    "python_version": "3.12.4",
    "system": "Linux",
    "machine": "x86_64",
    "libc_ver": ("glibc", "2.36"),
    "mac_ver": ("", ("", "", ""), ""),
    "maxsize": 2**63 - 1,
    "free_threaded": 0,
}
MAC: dict[str, Any] = {
    **LINUX,
    "system": "Darwin",
    "machine": "arm64",
    "libc_ver": ("", ""),
    "mac_ver": ("15.1", ("", "", ""), "arm64"),
}


INTEL_MAC = {**MAC, "machine": "x86_64", "mac_ver": ("13.0", ("", "", ""), "x86_64")}
ALPINE = {**LINUX, "libc_ver": ("", "")}


def problem(monkeypatch: pytest.MonkeyPatch, machine: dict[str, Any], training: bool = False) -> str:
    """What is found on such a machine."""
    found = dict(machine)
    version = (*map(int, found["python_version"].split(".")), "final", 0)
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(sys, "maxsize", found.pop("maxsize"))
    free_threaded = found.pop("free_threaded")
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: {"Py_GIL_DISABLED": free_threaded}[name])
    for name, value in found.items():
        monkeypatch.setattr(platforms.platform, name, lambda value=value: value)
    try:
        return platforms.problem(training)
    finally:
        monkeypatch.undo()


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(
    "machine",
    [
        *({**LINUX, "python_version": f"3.{minor}.0"} for minor in range(10, 15)),
        {**LINUX, "machine": "aarch64"},
        {**LINUX, "libc_ver": ("glibc", "2.28")},
        MAC,
        {**MAC, "mac_ver": ("14", ("", "", ""), "arm64")},
        {**MAC, "mac_ver": ("14.0", ("", "", ""), "arm64")},
    ],
)
def test_where_there_are_wheels_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, machine: dict[str, Any], training: bool
) -> None:
    assert problem(monkeypatch, machine, training) == ""


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(
    ("machine", "said", "remedy"),
    [
        (
            {**LINUX, "python_version": "3.9.18"},
            "CPython 3.10 to 3.14, and this is CPython 3.9.18",
            "PYTHON=python3.12",
        ),
        (
            {**LINUX, "python_version": "3.15.0"},
            "CPython 3.10 to 3.14, and this is CPython 3.15.0",
            "PYTHON=python3.12",
        ),
        ({**LINUX, "python_implementation": "PyPy"}, "this is PyPy 3.12.4", "PYTHON=python3.12"),
        ({**LINUX, "free_threaded": 1}, "free-threaded", "Install a usual one"),
        ({**LINUX, "maxsize": 2**31 - 1}, "this Python has 32", "Install a 64-bit Python"),
        ({**LINUX, "machine": "ppc64le"}, "for x86_64 or aarch64, and this Python is for ppc64le", "use a machine"),
        ({**LINUX, "libc_ver": ("glibc", "2.17")}, "glibc 2.28 or later, and this system has glibc 2.17", "container"),
        ({**MAC, "machine": "ppc"}, "for x86_64 or arm64, and this Python is for ppc", "Install one for x86_64"),
        ({**MAC, "mac_ver": ("12.7", ("", "", ""), "arm64")}, "macOS 13 or later, and this is 12.7", "Update it"),
        ({**LINUX, "system": "Windows", "machine": "AMD64"}, "and this is Windows", "use WSL"),
    ],
)
def test_where_there_are_none_it_says_why_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, machine: dict[str, Any], said: str, remedy: str, training: bool
) -> None:
    message = problem(monkeypatch, machine, training)
    assert said in message
    assert remedy in message


@pytest.mark.parametrize(
    ("machine", "said", "remedy"),
    [
        (ALPINE, "another C library (musl, if this is Alpine)", "Debian or Ubuntu"),
        ({**ALPINE, "libc_ver": ("musl", "1.2.5")}, "another C library (musl, if this is Alpine)", "Debian or Ubuntu"),
        (INTEL_MAC, "no wheels for Macs with Intel processors", "Use another machine to train"),
        ({**MAC, "mac_ver": ("13.6", ("", "", ""), "arm64")}, "macOS 14 or later, and this is 13.6", "Update it"),
    ],
)
def test_some_machines_can_summarize_but_not_train(
    monkeypatch: pytest.MonkeyPatch, machine: dict[str, Any], said: str, remedy: str
) -> None:
    assert problem(monkeypatch, machine) == ""
    message = problem(monkeypatch, machine, training=True)
    assert message.startswith("PyTorch")
    assert said in message
    assert remedy in message


def test_an_old_python_can_read_the_file() -> None:
    ast.parse(Path(platforms.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_stops_with_one_line_before_it_installs_anything(tmp_path: Path) -> None:
    """As where fastsum/platforms.py finds an old Python: one that says it is."""
    old = tmp_path / "python3"
    old.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{OLD}' \"$@\"\n")
    old.chmod(0o755)
    command = ["make", "demo", f"PYTHON={old}", f"VENV={tmp_path / 'environment'}"]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    first, *rest = done.stderr.splitlines()
    assert first.startswith("fastsum cannot be installed here: ")
    assert "this is CPython 3.9.18" in first
    assert len(rest) == 1  # make's own
    assert not (tmp_path / "environment").exists()


OLD = (
    'import platform, runpy, sys; sys.version_info = (3, 9, 18); platform.python_version = lambda: "3.9.18"; '
    'runpy.run_path(sys.argv[2], run_name="__main__")'
)
