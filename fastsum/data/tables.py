"""Tables in files: JSON Lines, JSON, CSV, TSV and Parquet as streams of records.

Only Parquet needs a package, pyarrow, which is imported with the first such file.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import gzip
import io
import itertools
import json
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

from fastsum.errors import FastsumError, require

MIND_NEWS = "news.tsv"
"""A file of this name is MIND's (Wu et al. 2020): tab-separated without a header and without quoting."""
_MIND_COLUMNS = ("id", "category", "subcategory", "title", "abstract", "url", "title_entities", "abstract_entities")

FORMATS = "JSON Lines (.jsonl, .json, also .gz), CSV, TSV (also .gz) or Parquet"
PARQUET = ".parquet"

# A record is where it is in the file ("line 17") and its fields, or what is wrong with it instead.
Record = tuple[str, "Mapping[str, object] | str"]


def suffix_of(path: Path) -> str:
    """The file's format by its name: its suffix, less .gz."""
    return Path(path.name.lower().removesuffix(".gz")).suffix


def check_format(path: Path) -> str:
    """The file's format; FastsumError where there is no reader for it, or that needs a package that is missing."""
    if (suffix := suffix_of(path)) not in READERS:
        raise FastsumError(f"{path} is in no known format by its name. Rows are read from {FORMATS}.")
    if suffix == PARQUET:
        require_parquet(path)
    return suffix


def require_parquet(path: Path) -> None:
    """Raise FastsumError where the package for Parquet files, of which `path` is one, is not installed."""
    require("pyarrow", f"Parquet files such as {path}", "tables")


def columns_of(path: Path) -> list[str]:
    """Names of a file's columns, of JSON's rows the first hundred's."""
    if check_format(path) == PARQUET:
        from fastsum.data import parquet

        with damage_named(path):
            return list(parquet.opened(path).schema_arrow.names)
    columns: dict[str, None] = {}
    problem = "it is empty"
    for where, fields in itertools.islice(read_records(path), 100):  # JSON's rows may each leave other fields out
        if isinstance(fields, str):
            problem = f"{where}: {fields}"
        else:
            columns.update(dict.fromkeys(fields))
    if not columns:
        raise FastsumError(f"There is no usable row in {path}: {problem}.")
    return list(columns)


def read_records(path: Path, columns: Collection[str] | None = None) -> Iterator[Record]:
    """A file's records, streamed; FastsumError where it is damaged.

    `columns` are those that are needed: of Parquet no others are read, or could be at fault. None is all.
    """
    reader = READERS[check_format(path)]
    if reader is _read_parquet:
        reader = functools.partial(_read_parquet, columns=columns)
    if path.name == MIND_NEWS:
        reader = _read_mind_news
    with damage_named(path):
        yield from reader(path)


def text_of(fields: Mapping[str, object], column: str) -> str:
    """A record's document or summary: text, or a list of its lines. Raises ValueError, which says what is wrong."""
    value = fields.get(column)
    if isinstance(value, (list, tuple)) and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{column!r} is not text but {type(value).__name__}")
    if value is None or not value.strip():
        raise ValueError(f"no text in {column!r}")
    try:
        value.encode()
    except UnicodeEncodeError:  # bytes that were not UTF-8, kept as surrogates until here, or half a surrogate pair
        raise ValueError(f"{column!r} is not valid UTF-8") from None
    return value


def label_of(fields: Mapping[str, object], column: str) -> str:
    """A record's label: a word, or a whole number as text. Raises ValueError, which says what is wrong."""
    value = fields.get(column)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return str(value)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{column!r} is not a label but {type(value).__name__}")
    if value is None or not value.strip():
        raise ValueError(f"no label in {column!r}")
    return text_of(fields, column).strip()


@contextlib.contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Turn what reading a damaged or closed file raises into a FastsumError that names it."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FastsumError(f"{path} is damaged or cut short ({error}). Fetch or write it again.") from error
    except OSError as error:
        reason = error.strerror or error
        raise FastsumError(f"{path} cannot be read ({reason}). Check the file and its permissions.") from error


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.name.lower().endswith(".gz") else path.open("rb")


def _read_json(path: Path) -> Iterator[Record]:
    """One object a line, or a file that is one list of objects."""
    with _open(path) as file:
        lines: Iterator[bytes] = iter(file)
        first = next(lines, b"").removeprefix(b"\xef\xbb\xbf")
        if first.lstrip().startswith(b"["):
            items = _json(first + file.read())
            if not isinstance(items, list):
                items = [items]
            for number, item in enumerate(items, start=1):
                yield f"row {number}", item if isinstance(item, (dict, str)) else "not a JSON object"
            return
        for number, line in enumerate(itertools.chain([first], lines), start=1):
            if line.strip():
                item = _json(line)
                yield f"line {number}", item if isinstance(item, (dict, str)) else "not a JSON object"


def _json(content: bytes) -> Any:
    """The value, or what is wrong with it as a string (a string is no row either)."""
    try:
        value = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        return "not valid UTF-8"
    except (ValueError, RecursionError) as error:
        return f"malformed JSON ({error})"
    return "not a JSON object" if isinstance(value, str) else value


def _read_csv(path: Path, *, delimiter: str = ",") -> Iterator[Record]:
    # The default limit is 128 KiB a field, less than a long document. It is global to the process.
    csv.field_size_limit(2**31 - 1)
    with _open(path) as file, io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="") as lines:
        # strict, because otherwise a quote that is never closed swallows the rest of the file into one field
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        header: list[str] | None = None
        while True:
            where = f"line {reader.line_num + 1}"
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield where, f"malformed CSV ({error})"
                continue
            if not fields:
                continue
            if header is None:
                header = [name.strip() for name in fields]
            elif len(fields) != len(header):
                yield where, f"{len(fields)} fields where the header has {len(header)}"
            else:
                yield where, dict(zip(header, fields, strict=True))


def _read_mind_news(path: Path) -> Iterator[Record]:
    with _open(path) as lines:
        for number, line in enumerate(lines, start=1):
            fields = line.decode("utf-8", "surrogateescape").rstrip("\r\n").split("\t")
            if len(fields) == len(_MIND_COLUMNS):
                yield f"line {number}", dict(zip(_MIND_COLUMNS, fields, strict=True))
            elif any(fields):
                yield f"line {number}", f"{len(fields)} fields where MIND's news have {len(_MIND_COLUMNS)}"


def _read_parquet(path: Path, columns: Collection[str] | None = None) -> Iterator[Record]:
    from fastsum.data import parquet

    return parquet.read(path, columns)


READERS: dict[str, Callable[[Path], Iterator[Record]]] = {
    ".jsonl": _read_json,
    ".ndjson": _read_json,
    ".json": _read_json,
    ".csv": _read_csv,
    ".tsv": functools.partial(_read_csv, delimiter="\t"),
    PARQUET: _read_parquet,
}
