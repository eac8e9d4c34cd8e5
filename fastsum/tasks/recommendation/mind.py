"""MIND as published: `news.tsv` and `behaviors.tsv` of the splits train and dev, and what in them cannot be used.

The format is that of Wu et al., "MIND: A Large-scale Dataset for News Recommendation" (ACL 2020): lines of fields with
tabs between them, without a header and without quoting. Shape suffixes: K clicks of a history, C candidates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.data.tables import damage_named
from fastsum.errors import FastsumError

NEWS = ("news id", "category", "subcategory", "title", "abstract", "url", "title entities", "abstract entities")
BEHAVIORS = ("impression id", "user id", "time", "history", "impressions")
"""The columns of the two files."""
SPLITS = {
    "train": ("train", "MINDsmall_train", "MINDlarge_train"),
    "dev": ("dev", "valid", "MINDsmall_dev", "MINDlarge_dev"),
}
"""Names of the folders of each split."""

_TITLE = NEWS.index("title")


class Impression(NamedTuple):
    """The news that a user was shown at once, and those clicked before."""

    history_K: NDArray[np.int32]
    """The user's earlier clicks, oldest first, as indices of titles."""
    candidates_C: NDArray[np.int32]
    """The news shown, as indices of titles."""
    clicked_C: NDArray[np.bool_]
    """Which of them were clicked: at least one, and not all."""


class Rejects:
    """What was left out, counted by kind, with the first place of each kind.

    Args:
        strict: raise FastsumError at the first instead.
    """

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.counts: dict[str, int] = {}
        self._first: dict[str, str] = {}

    def add(self, kind: str, where: str, detail: str) -> None:
        """Count one of a kind, which is a plural ("lines with missing columns"); `detail` says what this one is."""
        if self.strict:
            raise FastsumError(f"{where}: {detail}. Correct or remove it, or omit --strict to leave such out.")
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self._first.setdefault(kind, f"{where}: {detail}")

    def describe(self) -> str:
        """One sentence on all of them; "" if there are none."""
        if not self.counts:
            return ""
        kinds = (f"{kind} ({n:,}, the first in {self._first[kind]})" for kind, n in self.counts.items())
        return f"Left out: {'; '.join(kinds)}."


class Mind(NamedTuple):
    """The usable news and impressions of a MIND folder."""

    titles: list[str]
    """Of the news of both splits."""
    train: list[Impression]
    dev: list[Impression]
    rejects: Rejects
    digest: str
    """Identifies what was read."""


def read_mind(folder: Path, *, strict: bool = False, limit: int | None = None) -> Mind:
    """Read both splits of a MIND folder.

    Left out and counted are lines with missing columns, news without a title, candidates and clicks whose news no
    `news.tsv` has, and impressions without a click or with nothing but clicks, which say nothing about an order.

    Args:
        strict: raise at the first of them.
        limit: impressions to read of each split at most.

    Raises:
        FastsumError: a file is missing or damaged, a split has no usable impression, or, if strict, anything is to be
            left out.
    """
    if not folder.is_dir():
        raise FastsumError(f"There is no folder {folder}. Name the one in which MIND's archives are unpacked.")
    folders = {split: _split_folder(folder, split) for split in SPLITS}
    rejects = Rejects(strict)
    index: dict[str, int] = {}
    titles: list[str] = []
    for path in folders.values():
        for where, name, title in _read_news(path / "news.tsv", rejects):
            known = index.setdefault(name, len(titles))
            if known == len(titles):
                titles.append(title)
            elif titles[known] != title:
                rejects.add("second titles of a news id", where, f"{name} had another title before")
    found = {split: _read_split(path / "behaviors.tsv", index, rejects, limit) for split, path in folders.items()}
    digest = hashlib.sha256("\n".join(titles).encode())
    for impressions in found.values():
        for impression in impressions:
            for part in impression:
                digest.update(len(part).to_bytes(4, "little") + part.tobytes())
    return Mind(titles, found["train"], found["dev"], rejects, digest.hexdigest())


def _split_folder(folder: Path, split: str) -> Path:
    names = SPLITS[split]
    for name in names:
        if (folder / name).is_dir():
            return folder / name
    raise FastsumError(
        f"{folder} has no folder of the split {split}; unpack MIND's archive there as {' or '.join(names)}, with "
        "news.tsv and behaviors.tsv in it"
    )


def _lines(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The place of each line that is not empty, and its fields."""
    with damage_named(path), path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            # Bytes that are not UTF-8 become a mark: a title can be read without them.
            if text := line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n"):
                yield f"{path}, line {number}", text.split("\t")


def _read_news(path: Path, rejects: Rejects) -> Iterator[tuple[str, str, str]]:
    """The place, id and title of each."""
    for where, fields in _lines(path):
        if len(fields) != len(NEWS):
            rejects.add(
                "lines with missing columns", where, f"{len(fields)} columns where MIND's news have {len(NEWS)}"
            )
        elif not fields[_TITLE].strip():
            rejects.add("news without a title", where, f"{fields[0]} has no title")
        else:
            yield where, fields[0], fields[_TITLE].strip()


def _read_split(path: Path, index: dict[str, int], rejects: Rejects, limit: int | None) -> list[Impression]:
    found: list[Impression] = []
    for where, fields in _lines(path):
        if limit is not None and len(found) >= limit:
            break
        if len(fields) != len(BEHAVIORS):
            rejects.add(
                "lines with missing columns",
                where,
                f"{len(fields)} columns where MIND's behaviors have {len(BEHAVIORS)}",
            )
        elif impression := _impression(fields, where, index, rejects):
            found.append(impression)
    if not found:
        raise FastsumError(f"There is no usable impression in {path}. {rejects.describe()}".rstrip())
    return found


def _impression(fields: Sequence[str], where: str, index: dict[str, int], rejects: Rejects) -> Impression | None:
    history = _known(fields[3].split(), where, index, rejects)
    items = fields[4].split()
    if unlabelled := next((item for item in items if not item[:-2] or item[-2:] not in ("-0", "-1")), None):
        rejects.add("impressions without labels", where, f"{unlabelled!r} does not end in -0 or -1, as in N1-0 N2-1")
        return None
    names, labels = [item[:-2] for item in items], [item[-1] == "1" for item in items]
    candidates = _known(names, where, index, rejects)
    clicked = [label for name, label in zip(names, labels, strict=True) if name in index]
    if not any(clicked):
        rejects.add("impressions without a click", where, "no known news was clicked")
        return None
    if all(clicked):
        rejects.add("impressions with clicks alone", where, "all known news were clicked")
        return None
    return Impression(history, candidates, np.asarray(clicked))


def _known(names: Sequence[str], where: str, index: dict[str, int], rejects: Rejects) -> NDArray[np.int32]:
    for name in names:
        if name not in index:
            rejects.add("news ids that are in no news.tsv", where, f"{name} is in no news.tsv")
    return np.asarray([index[name] for name in names if name in index], dtype=np.int32)
