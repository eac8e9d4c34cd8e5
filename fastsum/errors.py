"""Errors that a person caused and can act on: as exceptions, and as a value where others are not to be held up."""

from __future__ import annotations

import importlib.util
import sys
from typing import NamedTuple


class FastsumError(Exception):
    """Bad input. The message names what was wrong, where, and the remedy; the command line prints it, exits 1."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotADocument(FastsumError):
    """A file that is no document: source code, data, a picture, an archive. In a folder of documents it is skipped."""


class UsageError(FastsumError):
    """A setting that is impossible whatever the input is; the command line exits 2."""

    exit_code = 2


def require(module: str, what: str, extra: str = "train") -> None:
    """Raise FastsumError, with the install command, where a package that an extra brings is not installed.

    Args:
        what: needs it, in the plural: "summaries that are rewritten".
    """
    if sys.modules.get(module) is None and importlib.util.find_spec(module) is None:
        raise FastsumError(f"{what} need {module}, which is not installed. Run: pip install 'fastsum[{extra}]'")


class Failed(NamedTuple):
    """Takes the place of a result that could not be made, so that the work on others continues."""

    message: str
    """What was wrong, and the remedy, as in FastsumError."""
    is_document: bool = True
    """False where there was nothing to summarize: the file is no document."""
