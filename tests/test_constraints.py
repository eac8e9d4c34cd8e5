"""The pinned versions: one for every requirement on every supported Python and platform, and no two that conflict.

The tests marked `registry` ask the package registry, for metadata alone, and are left to `make test-constraints`. They
need none of the Pythons that they ask about, and no GPU: on Linux, torch is resolved as the registry serves it there,
with CUDA's libraries, whichever build is installed here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from fastsum import platforms, toml

ROOT = Path(__file__).parents[1]
PYTHONS = [f"3.{minor}" for minor in range(platforms.OLDEST[1], platforms.NEWEST[1] + 1)]
PLATFORMS = {
    "x86_64-manylinux_{}_{}".format(*platforms.GLIBC): ("linux", "x86_64"),
    "aarch64-manylinux_{}_{}".format(*platforms.GLIBC): ("linux", "aarch64"),
    "aarch64-apple-darwin": ("darwin", "arm64"),
}
WITHOUT_TORCH = {
    "x86_64-unknown-linux-musl": ("linux", "x86_64"),
    "aarch64-unknown-linux-musl": ("linux", "aarch64"),
    "x86_64-apple-darwin": ("darwin", "x86_64"),
}
"""Platforms that have wheels of what summarizing needs alone."""
SOURCES_ALONE = ("breadability", "docopt", "rouge-score", "summa")
"""Packages that their authors publish no wheels of: pure Python."""


def pinned() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


def project() -> dict[str, Any]:
    return toml.parse((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def environment(python: str, platform: str) -> dict[str, str]:
    """The markers' values there."""
    system, machine = (PLATFORMS | WITHOUT_TORCH)[platform]
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",  # as uv takes it
        "sys_platform": system,
        "platform_system": system.capitalize(),
        "platform_machine": machine,
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def pins(python: str, platform: str) -> dict[str, list[str]]:
    """By package the versions allowed there."""
    found: dict[str, list[str]] = {}
    for pin in pinned():
        if pin.marker is None or pin.marker.evaluate(environment(python, platform)):
            (version,) = pin.specifier
            assert version.operator == "=="
            found.setdefault(pin.name, []).append(version.version)
    return found


def uv(*arguments: str, macos: int) -> str:
    """What uv prints."""
    # The Python that runs this test builds what has its metadata in its sources alone.
    python = ["--python", sys.executable]
    command = [sys.executable, "-m", "uv", "pip", "compile", "--no-header", "--no-annotate", *python, *arguments]
    settings = {"UV_PYTHON_DOWNLOADS": "never", "MACOSX_DEPLOYMENT_TARGET": f"{macos}.0"}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stderr}\nOther pins: make constraints"
    return done.stdout


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_requirement_has_one_version_that_fits_it(python: str, platform: str) -> None:
    table = project()["project"]
    lines = [*table["dependencies"], *(line for extra in table["optional-dependencies"].values() for line in extra)]
    found = pins(python, platform)
    assert {name: versions for name, versions in found.items() if len(versions) > 1} == {}
    for line in map(Requirement, lines):
        if line.name == table["name"]:
            continue  # an extra that has another
        if line.marker is None or line.marker.evaluate(environment(python, platform)):
            assert line.name in found, f"{line} has no pin for Python {python} on {platform}: make constraints"
            assert found[line.name][0] in line.specifier, line


def test_torch_and_what_it_brings_have_the_same_version_everywhere() -> None:
    for name in ("torch", "triton"):
        versions = {version for p in PYTHONS for s in PLATFORMS for version in pins(p, s).get(name, [])}
        assert len(versions) == 1, f"{name}: {versions}; one release of torch is named in pyproject.toml, tool.uv"


def test_the_supported_pythons_are_the_same_in_every_list() -> None:
    table = project()
    named = [line.rpartition(" ")[2] for line in table["project"]["classifiers"] if "Python :: 3." in line]
    assert named == PYTHONS
    assert table["project"]["requires-python"] == f">={PYTHONS[0]}"
    after = f"python_version < '3.{platforms.NEWEST[1] + 1}'"
    assert table["tool"]["uv"]["required-environments"] == [
        f"{after} and sys_platform == '{system}' and platform_machine == '{machine}'"
        for system, machine in PLATFORMS.values()
    ]
    for file in ("README.md", "Makefile"):
        assert f"{PYTHONS[0]} to {PYTHONS[-1]}" in (ROOT / file).read_text(encoding="utf-8")


def resolved(python: str, platform: str, *options: str, macos: int) -> dict[str, str]:
    """By package the version that would be installed there, which is the one that is pinned."""
    printed = uv(
        "--python-version", python, "--python-platform", platform, "--only-binary=:all:", *options, "--constraints",
        "constraints.txt", "pyproject.toml", macos=macos,
    )  # fmt: skip
    chosen = dict(line.split("==") for line in printed.splitlines())
    found = pins(python, platform)
    assert {name: version for name, version in chosen.items() if found.get(name) != [version]} == {}
    return chosen


@pytest.mark.registry
@pytest.mark.parametrize("platform", [*PLATFORMS, *WITHOUT_TORCH])
@pytest.mark.parametrize("python", PYTHONS)
def test_the_pins_of_what_summarizing_needs_can_be_installed(python: str, platform: str) -> None:
    chosen = resolved(python, platform, macos=platforms.MACOS[0])
    assert {"numpy", "pypdfium2"} < set(chosen)
    assert not {"torch", "pyarrow", "datasets", "nltk"} & set(chosen)


@pytest.mark.registry
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_all_pins_can_be_installed(python: str, platform: str) -> None:
    sources = [f"--no-binary={name}" for name in SOURCES_ALONE]
    chosen = resolved(python, platform, *sources, "--all-extras", macos=platforms.TRAINING_MACOS[0])
    if platform.startswith("x86_64"):
        assert "nvidia-cublas" in chosen, "the registry asked serves another torch than the one with CUDA"


@pytest.mark.registry
@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_the_file_is_what_make_constraints_writes(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    subprocess.run(["make", "constraints", f"VENV={sys.prefix}"], cwd=tmp_path, check=True)
    written = (tmp_path / "constraints.txt").read_text(encoding="utf-8")
    assert written == (ROOT / "constraints.txt").read_text(encoding="utf-8")
