"""Rows: documents with their summaries, or texts with their labels, from a data set's name, a file or a folder.

The rule for splits, in one place:

* A folder's splits are its files named `train*`, `val*` or `dev*`, and `test*`; a split may be in several files.
* A folder without a validation split, or a single file, holds out a share of the training rows for `validation`: those
  whose id's hash falls below the share, and the first, so that there is one. `train` is then the others.
* `test` of a single file is all of it, and so is `validation` of a file named `val*` or `dev*`. Of labelled texts a
  share is held out for `test` too.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from fastsum.data.forms import LABELS, SUMMARIES, Form
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
REJECTS_NAMED = 5

_ID, _KIND = "id", "kind"

_JOINS = "+"  # between the names of columns whose texts are joined
_NESTED = ("data", *(config for _, config in HUB.values()))  # where the hub's own copies keep their files


class Row(NamedTuple):
    """A document and its summary (or label), natural text; the id is the data's own, or says which row it is."""

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
    joined: Sequence[str]
    """The columns that `document_column` stands for."""
    form: Form


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
        dealt: bool,
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
        self._dealt = dealt

    def __iter__(self) -> Iterator[Row]:
        self.rejected = 0
        self.rejects = []
        count = 0
        for row in itertools.islice(self._usable(), self._limit):
            count += 1
            yield row
        if not count and self._limit != 0:
            way_out = "Give more rows, or a folder with a file for each split." if self._dealt else ""
            raise FastsumError(
                " ".join(filter(None, (f"There is no usable row in {self.origin}.", self.describe_rejects(), way_out)))
            )
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
    form: Form = SUMMARIES,
) -> Rows:
    """The rows of a split of `data`: a name that `form` knows, a file, or a folder of files named by split.

    `data_dir` is a local copy of a named data set; columns not named are looked for among the form's; a field that is a
    list of strings is their lines. `others` are further columns that each row brings along. At most `limit` rows are
    read. Raises FastsumError at once for what can be seen without reading all rows: missing files, splits and columns,
    unknown formats, a data set that cannot be loaded.
    """
    if split not in SPLITS:
        raise FastsumError(f"There is no split {split!r}; the splits are {', '.join(SPLITS)}.")
    resolve = functools.partial(
        _resolve_columns, document_column=document_column, summary_column=summary_column, form=form
    )
    named = (*form.hub, *form.local)
    if data in form.local and data_dir is None:
        raise FastsumError(f"{data} is not on the hub: get {form.local[data]} and name your copy with --data-dir.")
    if data in form.hub and data_dir is None:
        tables, dealt = _hub_table(data, split, resolve, others, form)
        names = f"the {'train' if dealt else split} split of {data}"
    else:
        if data_dir is not None and data not in named:
            raise FastsumError(f"--data-dir is a local copy of {' or '.join(named)}; give {data} alone, without it.")
        if data_dir is not None and not data_dir.exists():
            raise FastsumError(f"--data-dir: there is no file or folder {data_dir}; name a local copy of {data}.")
        try:
            files, dealt = _files(data_dir or Path(data), split, form)
        except FastsumError as error:
            raise FastsumError(f"--data-dir: {error.message}" if data_dir else error.message) from None
        names = ", ".join(file.name for file in files[:3]) + (", ..." if len(files) > 3 else "")
        tables = [_file_table(file, resolve, others, form) for file in files]
    fractions = {"validation": validation_fraction, "test": form.test_fraction}
    shares = {name: fractions[name] for name in dealt}
    share = f"the {shares[split]:.0%} held back" if split in shares else "the rows not held back"
    origin = f"{share} of {names}" if dealt else names

    def keep(row_id: str, first: bool) -> bool:
        return not shares or _side(row_id, first, shares) == split

    # Without a share for the test the key is as it has always been: caches made before stay in use.
    held = [split, *shares.values()] if shares else None
    key = json.dumps([[table[:4] for table in tables], held, limit, strict])
    return Rows(origin, tables, key=key, keep=keep, strict=strict, limit=limit, dealt=bool(dealt))


def _file_table(
    file: Path, resolve: Callable[[str, Sequence[str]], tuple[str, str]], others: Sequence[str], form: Form
) -> _Table:
    present = columns_of(file)
    first, second = resolve(file.name, present)
    _check_columns(file.name, others, present)
    read = functools.partial(read_records, file, (*_joined(first, present), second, _ID, _KIND, *others))
    return _Table(file.name, _version(file), first, second, others, read, _joined(first, present), form)


def _joined(column: str, present: Sequence[str]) -> list[str]:
    """The columns that a name stands for: itself, or those that a + joins."""
    return [column] if column in present else column.split(_JOINS)


def _check_columns(name: str, others: Sequence[str], present: Sequence[str]) -> None:
    if missing := [column for column in others if column not in present]:
        raise FastsumError(f"{name} has no column {missing[0]}; its columns are {', '.join(present)}.")


def _version(file: Path) -> str:
    """What changes when the file does."""
    status = file.stat()
    return f"{file.resolve()} {status.st_size} {status.st_mtime_ns}"


def _side(row_id: str, first: bool, shares: Mapping[str, float]) -> str:
    """Which split a row is dealt to: one that gets a share, else "train".

    By a hash of the id, not by position, so that a row stays on its side when others are added.
    """
    if first and shares.get("validation"):
        return "validation"
    digest = hashlib.blake2b(row_id.encode("utf-8", "replace"), digest_size=8).digest()
    place, end = int.from_bytes(digest, "big"), 0.0
    for name, share in shares.items():
        end += share
        if place < end * 2**64:
            return name
    return "train"


def _row(where: str, fields: Mapping[str, object] | str, table: _Table) -> Row:
    if isinstance(fields, str):
        raise ValueError(fields)
    document = natural(_text(fields, table))
    summary = table.form.second(fields, table.summary_column)
    own_id, kind = fields.get(_ID), fields.get(_KIND)
    others = {name: natural(text_of(fields, name)) for name in table.others}
    name = where if own_id is None or own_id == "" else str(own_id)
    return Row(name, document, summary, "" if kind is None else str(kind), others)


def _text(fields: Mapping[str, object], table: _Table) -> str:
    """The text of the document's column, or of those that are joined for it, without the empty ones."""
    if len(table.joined) > 1:
        parts = [text_of(fields, name) for name in table.joined if fields.get(name) not in (None, "")]
        fields = {table.document_column: "\n".join(parts)}
    return text_of(fields, table.document_column)


def _resolve_columns(
    name: str, columns: Sequence[str], *, document_column: str | None, summary_column: str | None, form: Form
) -> tuple[str, str]:
    for document, summary in form.columns:
        pair = document_column or document, summary_column or summary
        if {*_joined(pair[0], columns), pair[1]} <= set(columns):
            return pair
    asked = " and ".join(column for column in (document_column, summary_column) if column)
    missing = f"{asked} are not both there" if asked else "none of the known pairs of columns is there"
    if document_column is None or summary_column is None:
        missing += f" ({', '.join('/'.join(pair) for pair in form.columns)})"
    raise FastsumError(
        f"{name} has the columns {', '.join(columns)}: {missing}. Name the {form.nouns[0]}' and the "
        f"{form.nouns[1]}' column with {form.options[0]} and {form.options[1]}."
    )


def _hub_table(
    data: str,
    split: str,
    resolve: Callable[[str, Sequence[str]], tuple[str, str]],
    others: Sequence[str],
    form: Form,
) -> tuple[list[_Table], tuple[str, ...]]:
    """The table to read for a split, and the splits that get a share of its rows."""
    repository, config = form.hub[data]
    dealt = ("validation",) if form is LABELS and split != "test" else ()
    split = "train" if dealt else split
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
    columns = list(dataset.column_names)
    first, second = resolve(name, columns)
    return [_Table(name, version, first, second, others, read, _joined(first, columns), form)], dealt


def _files(path: Path, split: str, form: Form) -> tuple[list[Path], tuple[str, ...]]:
    """The files to read for a split, and the splits that get a share of their rows."""
    if path.is_file():
        check_format(path)
        named_for_it = path.name.startswith(SPLITS["validation"]) and split == "validation"
        if form.test_fraction and not named_for_it:
            return [path], ("validation", "test")
        return [path], () if split == "test" or named_for_it else ("validation",)
    if not path.is_dir():
        raise FastsumError(
            f"There is no file or folder {path}. DATA is {', '.join((*form.hub, *form.local))}, a file of "
            f"{FORMATS}, or a folder of such files named by split."
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
    without_test = bool(form.test_fraction) and not found["test"]
    dealt = (*(["validation"] if not found["validation"] else []), *(["test"] if without_test else []))
    if split not in ("train", *dealt):
        dealt = ()
    files = found["train" if dealt else split]
    if not files:
        present = ", ".join(name for name in found if found[name])
        raise FastsumError(f"The folder {path} has no {split} split, only {present}. Add a file whose name starts so.")
    if len({suffix_of(file) for file in files}) > 1:
        names = ", ".join(file.name for file in files)
        raise FastsumError(f"The folder {path} holds one split in several formats ({names}). Leave only one there.")
    return files, dealt
