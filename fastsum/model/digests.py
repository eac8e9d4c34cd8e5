"""The digests of a checkpoint's files, in SHA256SUMS, and the files read against them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection
from pathlib import Path

from fastsum.errors import FastsumError
from fastsum.model.checkpoint_folder import SUMS
from fastsum.model.genre import GENRES

_PIECE = 1 << 18  # bytes
# A plain file name, which cannot lead out of the directory.
_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_-][A-Za-z0-9._-]*)\n")


def read_sums(directory: Path, required: Collection[str]) -> dict[str, str]:
    """The digests of a checkpoint's files by name.

    Raises FastsumError where it is no checkpoint, a line is not as `sha256sum` writes it, one of the `required` files
    is not listed, or a listed one is missing.
    """
    path = directory / SUMS
    if not os.path.exists(directory):  # Path.exists raises if the name is too long or a parent cannot be read
        raise FastsumError(
            f"{directory}: no such checkpoint; name {', '.join(GENRES)} or a directory that training wrote"
        )
    if not directory.is_dir():
        raise FastsumError(f"{directory}: this is a file; name the directory of a checkpoint")
    if not path.exists():
        raise FastsumError(f"{directory}: not a checkpoint: it has no {SUMS}; name a directory that training wrote")
    sums: dict[str, str] = {}
    for number, line in enumerate(text(path, read(path)).splitlines(keepends=True), start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in sums:
            raise FastsumError(
                f"{path}, line {number}: must be a digest, two spaces and the name of a file in this directory, listed "
                "once; copy the checkpoint again"
            )
        sums[match[2]] = match[1]
    for name in required:
        if name not in sums:
            raise FastsumError(f"{path}: {name} is not listed; copy the checkpoint again, or name another")
    for name in sums:
        if not (directory / name).is_file():
            raise FastsumError(f"{directory / name}: the file is missing; copy the checkpoint again")
    return sums


def verified(path: Path, digest: str) -> bytes:
    """The content of a file. Raises FastsumError where its digest is another."""
    data = read(path)
    if hashlib.sha256(data).hexdigest() != digest:
        raise _damaged(path)
    return data


def verify(path: Path, digest: str) -> None:
    """Check the digest of a large file, a piece at a time."""
    found = hashlib.sha256()
    try:
        with open(path, "rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                found.update(piece)
    except OSError as error:
        raise _unreadable(path, error) from error
    if found.hexdigest() != digest:
        raise _damaged(path)


def _damaged(path: Path) -> FastsumError:
    return FastsumError(
        f"{path}: the file is damaged or was changed: its digest differs from the one in {SUMS}; "
        "copy the checkpoint again"
    )


def read(path: Path) -> bytes:
    """The content of a file. Raises FastsumError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> FastsumError:
    return FastsumError(f"{path}: {error.strerror}; copy the checkpoint again or change its permissions")


def text(path: Path, data: bytes) -> str:
    """The content of a file as text. Raises FastsumError where it is none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise FastsumError(f"{path}: not UTF-8 text; copy the checkpoint again") from None
