"""What is said where a package of an extra is not installed."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from fastsum.errors import FastsumError, require


def test_a_package_that_is_not_installed_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(FastsumError) as caught:
        require("no_such_package", "plots of the moon", "plots")
    assert caught.value.message == (
        "plots of the moon need no_such_package, which is not installed. Run: pip install 'fastsum[plots]'"
    )


def test_one_that_is_there_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is wrong within it is not taken for its absence."""
    (tmp_path / "half_installed.py").write_text("import no_such_package")
    monkeypatch.syspath_prepend(tmp_path)
    require("half_installed", "tests")
    assert "half_installed" not in sys.modules
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        import half_installed  # noqa: F401


def test_one_that_is_imported_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "made_here", types.ModuleType("made_here"))
    require("made_here", "tests")
    monkeypatch.setitem(sys.modules, "made_here", None)  # as Python marks what must not be imported
    with pytest.raises(FastsumError, match="need made_here"):
        require("made_here", "tests")
