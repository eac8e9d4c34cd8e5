"""The output of a run in parts, so that neither a kill nor a full disk loses finished work.

    corpus.out.parquet.parts/
        run.json                            the settings of the run; a running process holds a lock on it
        0000000001-0000000128-0.parquet     rows 1 to 128, none of which failed

Parts are written atomically. When all are there they are joined, the output is renamed to its name, and the folder is
removed.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fastsum.bulk.formats import Format, OutputRow
from fastsum.errors import FastsumError
from fastsum.files import replacing, sync_folder, try_lock

RUN = "run.json"

_PART = re.compile(r"(\d{10,})-(\d{10,})-(\d+)\.\w+")


class Part(NamedTuple):
    """Finished rows."""

    first: int
    last: int
    failed: int
    """Rows without a summary."""

    @property
    def rows(self) -> int:
        """Rows from the first to the last."""
        return self.last - self.first + 1


class Parts:
    """The parts of one output file, and the file, which are both in `format`."""

    def __init__(self, output: Path, format: Format) -> None:
        self.output = output
        self.folder = output.with_name(f"{output.name}.parts")
        self._format = format

    @contextlib.contextmanager
    def reserved(self, run: Mapping[str, Any], *, force: bool = False) -> Iterator[None]:
        """Lock the parts for one run, identified by `run` (anything that JSON can hold).

        With `force` an existing output is overwritten in the end, and the parts of another run are dropped.

        Raises:
            FastsumError: where the output exists, another process writes it, or there are parts of another run; then
                the keys that differ are named.
        """
        if self.output.exists() and not self.folder.exists() and not force:
            raise FastsumError(f"{self.output} already exists. Move it away, name another output, or use --force.")
        with self._writing():
            self.folder.mkdir(exist_ok=True)
            file = (self.folder / RUN).open("a+", encoding="utf-8")
        with file:
            if not try_lock(file.fileno()):
                raise FastsumError(f"Another run is writing {self.output}. Wait for it, or stop it.")
            with self._writing():
                for left in self.folder.glob(".*"):  # by a kill, or a full disk
                    left.unlink()
            file.seek(0)
            changed = _changed(file.read(), run)
            if changed and force:
                with self._writing():
                    for part in self.finished():
                        self._path(part).unlink()
            if done := self.finished():
                if changed:
                    raise FastsumError(
                        f"{self.folder} holds {sum(part.rows for part in done)} rows of a run that differs in "
                        f"{', '.join(changed)}. Repeat that run's command to finish it, or use --force to start again."
                    )
            else:
                with self._writing():
                    file.truncate(0)
                    json.dump(run, file)
                    file.flush()
                    os.fsync(file.fileno())
            try:
                yield
            finally:
                if self.folder.exists() and not self.finished():
                    self._remove()

    def finished(self) -> list[Part]:
        """The finished parts, in order."""
        found = (_PART.fullmatch(name) for name in os.listdir(self.folder))
        return sorted(Part(*map(int, match.groups())) for match in found if match)

    def write(self, part: Part, rows: Sequence[OutputRow]) -> None:
        """Write a part atomically. Raises FastsumError where the disk is full or refuses."""
        with self._writing(), replacing(self._path(part)) as file:
            file.write(self._format.pack(rows))

    def join(self) -> list[Part]:
        """Join the parts into the output and remove them; returns them.

        Raises FastsumError where one is missing, and where the disk is full or refuses.
        """
        parts = self.finished()
        for before, part in itertools.pairwise([Part(0, 0, 0), *parts]):
            if part.first != before.last + 1:
                raise FastsumError(
                    f"{self.folder}: after row {before.last} comes row {part.first}. Remove the folder to start again."
                )
        with self._writing():
            with (self.folder / "joined").open("wb") as file:
                self._format.join([self._path(part) for part in parts], file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(file.name, self.output)
            sync_folder(self.output.parent)
            self._remove()
        return parts

    def _remove(self) -> None:
        """Remove the folder; run.json, which identifies the run, goes last, since a kill may leave some of the rest."""
        for path in self.folder.iterdir():
            if path.name != RUN:
                path.unlink()
        shutil.rmtree(self.folder)

    def _path(self, part: Part) -> Path:
        return self.folder / f"{part.first:010d}-{part.last:010d}-{part.failed}{self.output.suffix.lower()}"

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FastsumError(
                f"{self.folder} cannot be written ({error.strerror or error}). Make room or correct the permissions; "
                "then run the same command to continue."
            ) from error


def _changed(stored: str, run: Mapping[str, Any]) -> list[str]:
    """The settings in which an earlier run differs from this one."""
    try:
        earlier = json.loads(stored)
    except ValueError:
        earlier = {}
    return [name for name in sorted({*earlier, *run}) if earlier.get(name) != run.get(name)]
