"""Errors that a person caused and can act on: as exceptions, and as a value where others are not to be held up."""

from __future__ import annotations

from typing import NamedTuple


class FastsumError(Exception):
    """Bad input. The message names what was wrong, where, and the remedy; the command line prints it, exits 1."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(FastsumError):
    """A setting that is impossible whatever the input is; the command line exits 2."""

    exit_code = 2


class Failed(NamedTuple):
    """Takes the place of a result that could not be made, so that the work on others continues."""

    message: str
    """What was wrong, and the remedy, as in FastsumError."""
