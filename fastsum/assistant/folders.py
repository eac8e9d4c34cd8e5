"""Files below some folders, and no others: what an assistant names is opened only if it is a document's file in them.

Whoever asks may have been talked into asking by a document. So a path is resolved first, links included, and must then
be below a folder; it is opened part by part from that folder, following no link, so that nothing exchanged in between
leads out; and what is no regular file, or belongs to the system (/proc, /sys), is not opened. A path that leads out is
refused in the same words whether there is a file or not.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from fastsum.errors import FastsumError, UsageError

_LISTED = 20  # names of files in a message
_SHOWN = 300  # characters of a path in a message
_BELOW = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
_MOUNTS = Path("/proc/self/mountinfo")  # of Linux
# File systems whose files are made by the kernel when they are read, or talk to it.
_OF_THE_SYSTEM = frozenset((
    "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "efivarfs", "fusectl", "hugetlbfs",
    "mqueue", "nsfs", "proc", "pstore", "rpc_pipefs", "securityfs", "selinuxfs", "sysfs", "tracefs",
))  # fmt: skip


class OpenFile(NamedTuple):
    """A file below one of the folders, open for reading."""

    descriptor: int
    name: str
    """As it was asked for, on one line, to name it in messages."""
    size: int
    """Bytes, when it was opened."""
    stamp: tuple[int, ...]
    """The same as long as the file is unchanged."""

    def read(self, most: int) -> bytes:
        """Its bytes. Raises FastsumError where there are more than `most`, now or once they are read."""
        if self.size <= most:
            with open(self.descriptor, "rb", closefd=False) as file:
                content = file.read(most + 1)
            if len(content) <= most:
                return content
        raise FastsumError(
            f"{self.name} has more than the {most / 1e6:,.0f} MB that are read at once. Name a part of it, saved as a "
            "file of its own."
        )


class Folders:
    """The folders that may be read."""

    def __init__(self, roots: Sequence[str | Path]) -> None:
        """Raises UsageError where a root is not a folder that can be read."""
        self.roots: list[str] = []
        for root in roots:
            try:
                resolved = os.path.realpath(root)
                os.close(os.open(resolved, os.O_RDONLY | os.O_DIRECTORY))
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or error
                raise UsageError(f"{root} cannot be a root: {reason}. Name a folder that you can read.") from None
            self.roots.append(resolved)

    @contextlib.contextmanager
    def open(self, path: str) -> Iterator[OpenFile]:
        """A file by its path: absolute, a file: URI, or relative to one of the folders, the first that has it.

        Raises FastsumError where the path leads out of the folders, there is no such file, or it is no regular file.
        """
        name = _shown(path)
        root, parts = self._located(path, name)
        with contextlib.ExitStack() as opened:
            try:
                above = opened.enter_context(_closing(os.open(root, _BELOW | os.O_DIRECTORY)))
                for part in parts[:-1]:
                    above = opened.enter_context(_closing(os.open(part, _BELOW | os.O_DIRECTORY, dir_fd=above)))
                descriptor = self._opened(parts[-1], above, name) if parts else os.dup(above)
                opened.enter_context(_closing(descriptor))
                found = os.fstat(descriptor)
                if stat.S_ISDIR(found.st_mode):
                    raise FastsumError(_of_folder(name, descriptor))
            except OSError as error:
                raise _refusal(name, error) from None
            _check_regular(found, name)
            stamp = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            yield OpenFile(descriptor, name, found.st_size, stamp)

    def _located(self, path: str, name: str) -> tuple[str, list[str]]:
        """The folder that a path is in, and the parts below it, free of links when this looked."""
        if "://" in path and not path.startswith("file://"):
            raise FastsumError(
                f"{name} is an address, and nothing is fetched. Save the page, and give the file's path."
            )
        given = unquote(urlsplit(path).path) if path.startswith("file://") else os.path.expanduser(path)
        if "\0" in given:
            raise FastsumError(f"{name} has a NUL in it. Check the path.")
        listed = ", ".join(self.roots)
        leads_out = False
        for root in self.roots:
            resolved = os.path.realpath(os.path.join(root, given))
            folder = next((one for one in self.roots if os.path.commonpath((one, resolved)) == one), None)
            leads_out = leads_out or folder is None
            if folder is not None and os.path.lexists(resolved):
                below = os.path.relpath(resolved, folder)
                return folder, [] if below == os.curdir else below.split(os.sep)
        if leads_out:
            raise FastsumError(f"{name} is not below a folder that may be read. Name a file below {listed}.")
        raise FastsumError(f"There is no file {name} below {listed}. Check the path.")

    @staticmethod
    def _opened(part: str, above: int, name: str) -> int:
        found = os.stat(part, dir_fd=above, follow_symlinks=False)
        if not stat.S_ISDIR(found.st_mode):
            _check_regular(found, name)  # opening a device can do something
        return os.open(part, _BELOW | os.O_NONBLOCK, dir_fd=above)


@contextlib.contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _check_regular(found: os.stat_result, name: str) -> None:
    """Raise FastsumError for what is not a regular file on a file system that holds files."""
    if not stat.S_ISREG(found.st_mode):
        raise FastsumError(f"{name} is not a regular file but a link, pipe, socket or device. Name a document.")
    if _file_system(found.st_dev) in _OF_THE_SYSTEM:
        raise FastsumError(f"{name} is a file of the system, not a document. Name a document.")


def _file_system(device: int) -> str | None:
    """The type of the file system with a device number, on Linux; None where that is not known."""
    number = f"{os.major(device)}:{os.minor(device)}"
    with contextlib.suppress(OSError):
        for line in _MOUNTS.read_text("utf-8", "replace").splitlines():
            before, _, after = line.partition(" - ")
            if before.split()[2] == number:
                return after.split()[0]
    return None


def _refusal(name: str, error: OSError) -> FastsumError:
    if error.errno in (errno.ELOOP, errno.ENOENT, errno.ENOTDIR):
        # Exchanged for a link after the path was resolved, or a link to itself; or it has gone meanwhile.
        return FastsumError(f"{name} cannot be read: it changed, or has a link in it that leads nowhere. Try again.")
    return FastsumError(f"{name} cannot be read ({error.strerror}). Check its permissions.")


def _of_folder(name: str, descriptor: int) -> str:
    """What to say of a folder: the files in it, to choose from."""
    with os.scandir(descriptor) as entries:
        seen = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries if entry.name[0] != "."]
    names = sorted(f"{entry}/" if is_folder else entry for entry, is_folder in seen)
    if not names:
        return f"{name} is a folder with no file in it. Name a file."
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return f"{name} is a folder. Name a file in it; it has {', '.join(map(_shown, names[:_LISTED]))}{more}."


def _shown(path: str) -> str:
    """A path on one line, of limited length, without control codes."""
    cut = path if len(path) <= _SHOWN else f"{path[:_SHOWN]} ..."
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut) or "''"
