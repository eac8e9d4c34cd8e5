"""The versions of installed packages."""

from __future__ import annotations

from importlib import metadata


def version_of(package: str) -> str | None:
    """The version installed; None where there is none, as of fastsum itself when it runs from a bare source tree."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
