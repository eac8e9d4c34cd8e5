"""Rows: documents and their summaries, streamed from a data set's name, a file or a folder.

The rule for splits, in one place:

* A folder's splits are its files named `train*`, `val*` or `dev*`, and `test*`; a split may be in several files.
* A folder without a validation split, or a single file, holds out a share of the training rows for `validation`: those
  whose id's hash falls below the share, and the first, so that there is one. `train` is then the others.
* `test` of a single file is all of it, and so is `validation` of a file named `val*` or `dev*`.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from fastsum.data.hub import HUB
from fastsum.data.tables import (
    FORMATS,
    READERS,
    Record,
    check_format,
    columns_of,
    damage_named,
    read_records,
    suffix_of,
    text_of,
)
from fastsum.data.treebank import natural
from fastsum.errors import FastsumError, require

SPLITS = {"train": ("train",), "validation": ("val", "dev"), "test": ("test",)}
COLUMNS = (("article", "highlights"), ("article", "abstract"), ("document", "summary"), ("text", "summary"))
REJECTS_NAMED = 5

_ID, _KIND = "id", "kind"

_NESTED = ("data", *(config for _, config in HUB.values()))  # where the hub's own copies keep their files


class Row(NamedTuple):
    """A document and its summary, natural text; the id is the data's own, or says which row it is."""

    id: str
    document: str
    summary: str
    kind: str = ""
    """Of the document, from the column `kind` if there is one: scores are reported for each kind too."""
    others: Mapping[str, str] = {}
    """Further columns that were asked for, natural text."""


class _Table(NamedTuple):
    name: str
    version: str
    document_column: str
    summary_column: str
    others: Sequence[str]
    read: Callable[[], Iterator[Record]]


class Rows:
    """One split's usable rows; every iteration reads them again.

    `origin` describes what is read, and `key` differs whenever other rows would be read. `size` is the number of rows,
    known once all were read. `rejected` counts the rows that the latest iteration skipped, `rejects` names the first
    few of them. An iteration raises FastsumError where no row is usable, a file is damaged or, if strict, at the first
    unusable row.
    """

    def __init__(
        self,
        origin: str,
        tables: Sequence[_Table],
        *,
        key: str,
        keep: Callable[[str, bool], bool],
        strict: bool,
        limit: int | None,
    ) -> None:
        self.origin = origin
        self.key = key
        self.size: int | None = None
        self.rejected = 0
        self.rejects: list[str] = []
        self._tables = tables
        self._keep = keep
        self._strict = strict
        self._limit = limit

    def __iter__(self) -> Iterator[Row]:
        self.rejected = 0
        self.rejects = []
        count = 0
        for row in itertools.islice(self._usable(), self._limit):
            count += 1
            yield row
        if not count and self._limit != 0:
            raise FastsumError(f"There is no usable row in {self.origin}. {self.describe_rejects()}".rstrip())
        self.size = count

    @property
    def summary_column(self) -> str:
        """The column that the summaries come from."""
        return self._tables[0].summary_column

    def describe_rejects(self) -> str:
        """One sentence on the rows left out so far, naming the first few; "" if there are none."""
        if not self.rejected:
            return ""
        more = "; ..." if self.rejected > len(self.rejects) else ""
        return f"Left out {self.rejected} unusable row{'s'[: self.rejected > 1]}: {'; '.join(self.rejects)}{more}."

    def _usable(self) -> Iterator[Row]:
        first = True
        for table in self._tables:
            for record, fields in table.read():
                where = f"{table.name}, {record}"
                try:
                    row = _row(where, fields, table)
                except ValueError as problem:
                    self._reject(f"{where}: {problem}")
                    continue
                if self._keep(row.id, first):
                    yield row
                first = False

    def _reject(self, reason: str) -> None:
        if self._strict:
            raise FastsumError(f"{reason}. Correct or remove the row, or omit --strict to skip such rows.")
        self.rejected += 1
        if len(self.rejects) < REJECTS_NAMED:
            self.rejects.append(reason)


def open_rows(
    data: str,
    split: str,
    *,
    data_dir: Path | None = None,
    document_column: str | None = None,
    summary_column: str | None = None,
    others: Sequence[str] = (),
    strict: bool = False,
    limit: int | None = None,
    validation_fraction: float = 0.05,
) -> Rows:
    """The rows of a split of `data`: a name in HUB, a file, or a folder of files named by split.

    `data_dir` is a local copy of a named data set; columns not named are looked for among COLUMNS; a field that is a
    list of strings is their lines. `others` are further columns that each row brings along. At most `limit` rows are
    read. Raises FastsumError at once for what can be seen without reading all rows: missing files, splits and columns,
    unknown formats, a data set that cannot be loaded.
    """
    if split not in SPLITS:
        raise FastsumError(f"There is no split {split!r}; the splits are {', '.join(SPLITS)}.")
    resolve = functools.partial(_resolve_columns, document_column=document_column, summary_column=summary_column)
    if data in HUB and data_dir is None:
        tables, origin, held_back = [_hub_table(data, split, resolve, others)], f"the {split} split of {data}", False
    else:
        if data_dir is not None and data not in HUB:
            raise FastsumError(f"--data-dir is a local copy of {' or '.join(HUB)}; give {data} alone, without it.")
        if data_dir is not None and not data_dir.exists():
            raise FastsumError(f"--data-dir: there is no file or folder {data_dir}; name a local copy of {data}.")
        try:
            files, held_back = _files(data_dir or Path(data), split)
        except FastsumError as error:
            raise FastsumError(f"--data-dir: {error.message}" if data_dir else error.message) from None
        names = ", ".join(file.name for file in files[:3]) + (", ..." if len(files) > 3 else "")
        share = f"the {validation_fraction:.0%} held back" if split == "validation" else "the rows not held back"
        origin = f"{share} of {names}" if held_back else names
        tables = [_file_table(file, resolve, others) for file in files]

    def keep(row_id: str, first: bool) -> bool:
        return not held_back or _is_held_back(row_id, first, validation_fraction) == (split == "validation")

    held = [split, validation_fraction] if held_back else None
    key = json.dumps([[table[:4] for table in tables], held, limit, strict])
    return Rows(origin, tables, key=key, keep=keep, strict=strict, limit=limit)


def _file_table(file: Path, resolve: Callable[[str, Sequence[str]], tuple[str, str]], others: Sequence[str]) -> _Table:
    present = columns_of(file)
    columns = resolve(file.name, present)
    _check_columns(file.name, others, present)
    read = functools.partial(read_records, file, (*columns, _ID, _KIND, *others))
    return _Table(file.name, _version(file), *columns, others, read)


def _check_columns(name: str, others: Sequence[str], present: Sequence[str]) -> None:
    if missing := [column for column in others if column not in present]:
        raise FastsumError(f"{name} has no column {missing[0]}; its columns are {', '.join(present)}.")


def _version(file: Path) -> str:
    """What changes when the file does."""
    status = file.stat()
    return f"{file.resolve()} {status.st_size} {status.st_mtime_ns}"


def _is_held_back(row_id: str, first: bool, fraction: float) -> bool:
    """By a hash of the id, not by position, so that a row stays on its side when others are added."""
    if first:
        return fraction > 0
    digest = hashlib.blake2b(row_id.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") < fraction * 2**64


def _row(where: str, fields: Mapping[str, object] | str, table: _Table) -> Row:
    if isinstance(fields, str):
        raise ValueError(fields)
    document = natural(text_of(fields, table.document_column))
    summary = natural(text_of(fields, table.summary_column))
    own_id, kind = fields.get(_ID), fields.get(_KIND)
    others = {name: natural(text_of(fields, name)) for name in table.others}
    name = where if own_id is None or own_id == "" else str(own_id)
    return Row(name, document, summary, "" if kind is None else str(kind), others)


def _resolve_columns(
    name: str, columns: Sequence[str], *, document_column: str | None, summary_column: str | None
) -> tuple[str, str]:
    for document, summary in COLUMNS:
        pair = document_column or document, summary_column or summary
        if set(pair) <= set(columns):
            return pair
    asked = " and ".join(column for column in (document_column, summary_column) if column)
    missing = f"{asked} are not both there" if asked else "none of the known pairs of columns is there"
    if document_column is None or summary_column is None:
        missing += f" ({', '.join('/'.join(pair) for pair in COLUMNS)})"
    raise FastsumError(
        f"{name} has the columns {', '.join(columns)}: {missing}. Name the documents' and the summaries' column with "
        f"--document-column and --summary-column."
    )


def _hub_table(
    data: str, split: str, resolve: Callable[[str, Sequence[str]], tuple[str, str]], others: Sequence[str]
) -> _Table:
    repository, config = HUB[data]
    require("datasets", "data sets of the Hugging Face hub")
    import datasets  # takes a second, and only these two names need it

    try:
        dataset = datasets.load_dataset(repository, config, split=split)
    except Exception as error:  # the hub's client raises errors of five libraries, and all of them mean this
        first_line = (str(error).splitlines() or [""])[0].rstrip(".")
        raise FastsumError(
            f"Could not load the {split} split of {repository} from the Hugging Face hub ({type(error).__name__}: "
            f"{first_line}). Check the connection, or give a local copy with --data-dir."
        ) from error

    def read() -> Iterator[Record]:
        for number, fields in enumerate(dataset, start=1):
            yield f"row {number}", cast("Mapping[str, object]", fields)

    name = f"{data} {split}"
    _check_columns(name, others, dataset.column_names)
    version = f"{repository} {config} {getattr(dataset, '_fingerprint', len(dataset))}"
    return _Table(name, version, *resolve(name, list(dataset.column_names)), others, read)


def _files(path: Path, split: str) -> tuple[list[Path], bool]:
    """The files to read for a split, and whether part of their rows is held back for validation."""
    if path.is_file():
        check_format(path)
        named_for_it = path.name.startswith(SPLITS["validation"]) and split == "validation"
        return [path], split != "test" and not named_for_it
    if not path.is_dir():
        raise FastsumError(
            f"There is no file or folder {path}. DATA is {', '.join(HUB)}, a file of {FORMATS}, or a folder of such "
            f"files named by split."
        )
    for folder in (path, *(path / name for name in _NESTED)):
        with damage_named(folder):
            entries = sorted(folder.iterdir()) if folder.is_dir() else []
        found = {
            name: [file for file in entries if file.name.startswith(prefixes) and suffix_of(file) in READERS]
            for name, prefixes in SPLITS.items()
        }
        if any(found.values()):
            break
    else:
        raise FastsumError(
            f"The folder {path} holds no data: no file of {FORMATS} whose name starts with train, validation or test."
        )
    held_back = not found["validation"] and split != "test"
    files = found["train" if held_back else split]
    if not files:
        present = ", ".join(name for name in found if found[name])
        raise FastsumError(f"The folder {path} has no {split} split, only {present}. Add a file whose name starts so.")
    if len({suffix_of(file) for file in files}) > 1:
        names = ", ".join(file.name for file in files)
        raise FastsumError(f"The folder {path} holds one split in several formats ({names}). Leave only one there.")
    return files, held_back
