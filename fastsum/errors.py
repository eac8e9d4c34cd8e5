"""The exceptions that a person caused and can act on."""

from __future__ import annotations


class FastsumError(Exception):
    """Bad input. The message names what was wrong, where, and the remedy; the command line prints it, exits 1."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(FastsumError):
    """A setting that is impossible whatever the input is; the command line exits 2."""

    exit_code = 2
