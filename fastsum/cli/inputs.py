"""The files that names on the command line stand for: files, folders, patterns, and lists of all these."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from fastsum.cli.results import JOURNAL, results_in
from fastsum.errors import FastsumError
from fastsum.readers.documents import STDIN, check_no_url


class Input(NamedTuple):
    """A document to read."""

    name: str
    """A path, or "-": what `read_document` takes."""
    path: Path
    """Its path below the folder that all inputs have in common; "stdin" for standard input."""
    is_named: bool = True
    """False for a file that was found in a folder or by a pattern: if it is no document, it is skipped."""
    format_name: str | None = None
    """The format to read it in; None where that is detected."""

    @property
    def file(self) -> Path | None:
        """The document's file; None for standard input and pipes, which cannot be read again."""
        return Path(self.name) if os.path.isfile(self.name) else None


def find_inputs(names: Iterable[str], exclude: Collection[str] = ()) -> tuple[list[Input], list[FastsumError]]:
    """The files that names stand for, in their order, and an error for each name that stands for none.

    A folder stands for all the files in it and below it, sorted; hidden files, links to folders and results of earlier
    runs are skipped. A name with *, ? or [ that is not a file is a pattern for files and folders; ** matches folders at
    any depth. Any other name is taken as a file, even if there is none. Files in folders and files that match a pattern
    are skipped if their absolute path is in `exclude`.
    """
    found: list[tuple[str, str, bool]] = []  # a file, the folder that it was asked for in, and whether by its own name
    problems: list[FastsumError] = []
    for name in names:
        try:
            check_no_url(name)
            is_named = name == STDIN or os.path.lexists(name) or not glob.has_magic(name)
            is_named = is_named and not os.path.isdir(name)
            found += ((*file, is_named) for file in _files(name, exclude))
        except FastsumError as problem:
            problems.append(problem)
    folders = {base for _, base, _ in found if base}
    root = os.path.commonpath(folders) if folders else ""
    inputs = [
        Input(name, Path(os.path.relpath(name, root) if base else "stdin"), is_named) for name, base, is_named in found
    ]
    return inputs, problems


def read_names(path: str) -> list[str]:
    """The names in a list: one on each line, or each ended by a NUL, as `find -print0` writes them.

    The list "-" is standard input.

    Raises FastsumError where the list cannot be read.
    """
    try:
        content = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except OSError as error:
        raise FastsumError(f"{path} cannot be read ({error.strerror or error}). Name a list of files.") from None
    names = content.split(b"\0") if b"\0" in content else content.splitlines()
    return [os.fsdecode(name) for name in names if name.strip()]


def _files(name: str, exclude: Collection[str]) -> Iterator[tuple[str, str]]:
    if name == STDIN:
        yield name, ""
    elif os.path.isdir(name):
        base = os.path.abspath(name)
        below = [(path, base) for path in _below(name, exclude)]
        if not below:
            raise FastsumError(
                f"There is no file to read in the folder {name}: hidden files and results are skipped. Name another."
            )
        yield from below
    elif glob.has_magic(name) and not os.path.lexists(name):
        found: dict[str, tuple[str, str]] = {}  # by real path, since links can form a circle
        for match in sorted(glob.glob(name, recursive=True)):
            base = os.path.dirname(os.path.abspath(match))
            for path in _below(match, exclude) if os.path.isdir(match) else [match]:
                if os.path.isfile(path) and os.path.abspath(path) not in exclude:
                    found.setdefault(os.path.realpath(path), (path, base))
        if not found:
            raise FastsumError(f"No file matches {name}. Check the pattern; ** matches folders at any depth.")
        yield from found.values()
    else:
        yield name, os.path.dirname(os.path.abspath(name))


def _below(folder: str, exclude: Collection[str]) -> Iterator[str]:
    excluded = {*exclude}
    for parent, folders, files in os.walk(folder):
        if JOURNAL in files:  # an earlier run has written results here
            excluded |= results_in(Path(parent))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (os.path.join(parent, file) for file in sorted(files) if not file.startswith("."))
        # isfile: reading a pipe that nobody writes to would never end
        yield from (path for path in paths if os.path.isfile(path) and os.path.abspath(path) not in excluded)
