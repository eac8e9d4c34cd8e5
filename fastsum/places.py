"""Where a user's own files are: the defaults of the command line, and what is kept between runs."""

from __future__ import annotations

import os
from pathlib import Path


def defaults_file() -> Path:
    """The TOML file of defaults, there or not: FASTSUM_CONFIG, or config.toml in the user's configuration folder."""
    if file := os.environ.get("FASTSUM_CONFIG"):
        return Path(file)
    return _user_folder("XDG_CONFIG_HOME", ".config") / "config.toml"


def cache_folder() -> Path:
    """Where tokenised examples are kept: FASTSUM_CACHE, or the user's cache folder."""
    if folder := os.environ.get("FASTSUM_CACHE"):
        return Path(folder)
    return _user_folder("XDG_CACHE_HOME", ".cache")


def _user_folder(variable: str, usual: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / usual) / "fastsum"
