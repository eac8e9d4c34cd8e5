"""A file or standard input, in any format and encoding, to text."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import sys
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fastsum.errors import FastsumError, NotADocument, UsageError
from fastsum.readers.blocks import LeftOut, Reading, count_letters
from fastsum.readers.formats import FORMATS, IN_PLACE, OF_BYTES, format_of_bytes, format_of_text
from fastsum.readers.gutenberg import without_licence
from fastsum.readers.isolation import read_apart
from fastsum.readers.markdown import read_markdown

if TYPE_CHECKING:
    from fastsum.readers.isolation import Run

STDIN = "-"

_TO_TEXT = "Convert it to text first."

# Byte order marks, the longer ones first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (  # what files begin with, what they are, the way out, and whether they hold a document
    (b"\xd0\xcf\x11\xe0", "an old office document", "Save it as DOCX or PDF first.", True),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first.", False),
    (b"BZh", "a bzip2 archive", "Unpack it first.", False),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first.", False),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first.", False),
    (b"Rar!", "a RAR archive", "Unpack it first.", False),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "Unpack it first.", False),
    (b"\x89PNG", "an image", _TO_TEXT, False),
    (b"\xff\xd8\xff", "an image", _TO_TEXT, False),
    (b"GIF8", "an image", _TO_TEXT, False),
    (b"II*\0", "an image", _TO_TEXT, False),
    (b"MM\0*", "an image", _TO_TEXT, False),
    (b"RIFF", "a picture, a sound or a film", _TO_TEXT, False),
    (b"ID3", "a sound", _TO_TEXT, False),
    (b"OggS", "a sound or a film", _TO_TEXT, False),
    (b"fLaC", "a sound", _TO_TEXT, False),
    (b"\x1aE\xdf\xa3", "a film", _TO_TEXT, False),
    (b"\x7fELF", "a program", "Name a document.", False),
    (b"MZ\x90\0", "a program", "Name a document.", False),
    (b"\xcf\xfa\xed\xfe", "a program", "Name a document.", False),
    (b"\xca\xfe\xba\xbe", "a program", "Name a document.", False),
    (b"\0asm", "a program", "Name a document.", False),
    (b"SQLite format 3\0", "a database", "Save its rows as CSV and name the column with --column.", False),
    (b"PAR1", "a table in Parquet", "Name the column with its documents: --column.", False),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
# A tenth of compressed or random bytes are control characters, and they are hardly ever UTF-8. Text has almost none,
# except for stray NULs.
_MOST_CONTROLS = 0.03
_MOST_CONTROLS_IN_UTF8 = 0.2
_MUCH = 0.1  # of a document's letters left out, which is then said
_FEWEST_WORDS, _REST = 4, 0.05  # of a document with a table: fewer words and a smaller share of its letters are no text
_DETECTED_BYTES = 200_000  # the detector reads about 1 MB/s
_URL = re.compile(r"(?:https?|ftps?)://?|www\.[\w-]+\.\w", re.IGNORECASE)  # a Path has one slash
_LITERAL = re.compile(rb"\s*b(['\"])(.*)['\"]\s*", re.DOTALL)  # a text that a program wrote as bytes
_NEXT_LITERAL = re.compile(rb"(?<!\\)['\"]\s*b['\"](?=\S)")  # another right behind it
_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|[nrt'\"\\])")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_DECLARED = re.compile(rb"\s*<[^\0]{0,1024}?(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})")


class Document(NamedTuple):
    """A document's text, its name in messages, and how it was read."""

    text: str
    source: str
    warnings: list[str]
    """What was unusual in reading it: complete messages."""
    title: str | None = None
    """From the format, or from a heading."""
    pages: tuple[int, ...] = ()
    """The offset in `text` at which each page of a PDF begins, the first page included; () for other formats."""
    digest: str = ""
    """SHA-256 of the file's bytes, in hexadecimal."""
    left_out: tuple[LeftOut, ...] = ()
    """What is not in the text, by kind."""

    def page(self, character: int) -> int | None:
        """The page, from 1, that has the character at an offset in the text; None where there are no pages."""
        return max(1, bisect_right(self.pages, character)) if self.pages else None


def read_document(path: str | Path, format_name: str | None = None) -> Document:
    """The text of a file, or of standard input for "-", as `document_of` reads its bytes.

    Raises FastsumError where the file cannot be read, and what `document_of` raises.
    """
    _check_format(format_name)  # before the file is read
    check_no_url(str(path))
    source = "standard input" if str(path) == STDIN else str(path)
    try:
        content = sys.stdin.buffer.read() if str(path) == STDIN else Path(path).read_bytes()
    except FileNotFoundError:
        raise FastsumError(f"There is no file {source}. Check the path.") from None
    except IsADirectoryError:
        raise FastsumError(f"{source} is a folder. Name the files in it, such as {source.rstrip('/')}/*.txt.") from None
    except PermissionError:
        raise FastsumError(f"{source} cannot be read: permission denied. Check its permissions.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise FastsumError(f"{source} cannot be read ({error}). Check the path.") from error
    return document_of(content, source, format_name)


def document_of(content: bytes, source: str, format_name: str | None = None, run: Run | None = None) -> Document:
    """The text of a file's bytes.

    The format is detected from the content, unless `format_name` says which of `formats.FORMATS` it is; headings are
    marked as in Markdown. The encoding is that of the byte order mark, otherwise UTF-8, otherwise the declared or the
    detected one. Lines end in a newline and NULs become spaces.

    Args:
        source: names the document in messages.
        run: as for `read_apart`.

    Raises:
        FastsumError: where the document cannot be read, is in another format, or has no text.
        NotADocument: where the bytes hold none.
        UsageError: for the name of an unknown format.
    """
    _check_format(format_name)
    warnings: list[str] = []
    name = format_name if format_name in OF_BYTES else None if format_name else format_of_bytes(content, source)
    if name:
        reading = read_apart(name, content, source, run)
    else:
        text, warnings = _decode(content, source)
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
        name = format_name or format_of_text(text, source)
        name = None if name in IN_PLACE else name
        reading = read_apart(name, text.encode("utf-8", "replace"), source, run) if name else read_markdown(text)
    reading = without_licence(reading)
    if _is_hardly_any(reading):
        beside = f" beside {list_left_out(reading.left_out)}" if reading.left_out else ""
        raise FastsumError(f"{source} has no text in it{beside}. Name a file with text.")
    warnings += [f"{source} {warning}" for warning in reading.warnings]
    if note := _much_left_out(reading.text, reading.left_out):
        warnings.append(f"{source}: {note}")
    digest = hashlib.sha256(content).hexdigest()
    return Document(reading.text, source, warnings, reading.title, reading.pages, digest, reading.left_out)


def _check_format(name: str | None) -> None:
    if name not in (None, *FORMATS):
        raise UsageError(f"There is no format {name!r}. Name one of these: {', '.join(FORMATS)}.")


def check_no_url(name: str) -> None:
    """Raise UsageError where a name is a web address and not that of a file."""
    if not _URL.match(name) or os.path.lexists(name):
        return
    raise UsageError(
        f"{name} is a web address, and fastsum reads files and opens no connection. Save the page first: in a browser "
        "with Ctrl+S, or with curl -L -o page.html ADDRESS; then name that file."
    )


def list_left_out(left_out: Sequence[LeftOut]) -> str:
    """What was left out, for a message: "tables: 3 (1,204 letters), pages without text: 2 (4 and 5)"."""
    parts = []
    for what, count, letters, where in left_out:
        details = [*([f"{letters:,} letters"] if letters else []), *([where] if where else [])]
        parts.append(f"{what}: {count:,}" + (f" ({', '.join(details)})" if details else ""))
    return ", ".join(parts)


def _much_left_out(text: str, left_out: Sequence[LeftOut]) -> str | None:
    """A note, if a tenth of a document's letters or more is not in the text."""
    letters = sum(part.letters for part in left_out)
    if not letters:
        return None
    share = letters / (letters + count_letters(text))
    return f"{share:.0%} of it was left out: {list_left_out(left_out)}." if share >= _MUCH else None


def _is_hardly_any(reading: Reading) -> bool:
    """Whether there is no text but numbers, or only a word or two beside what was left out, as below a table."""
    letters = sum(part.letters for part in reading.left_out)
    is_rest = len(reading.text.split()) < _FEWEST_WORDS and count_letters(reading.text) < _REST * letters
    return is_rest or not any(map(str.isalpha, reading.text))


def _decode(content: bytes, source: str) -> tuple[str, list[str]]:
    for start, kind, remedy, is_document in _BINARY:
        if content.startswith(start):
            message = f"{source} is not text but {kind}. {remedy}"
            raise FastsumError(message) if is_document else NotADocument(message)
    if content[4:8] == b"ftyp" or content[257:262] == b"ustar":
        kind, remedy = (
            ("an archive", "Unpack it first.") if content[4:8] != b"ftyp" else ("a picture or a film", _TO_TEXT)
        )
        raise NotADocument(f"{source} is not text but {kind}. {remedy}")
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return _replacing(content, marked, source)
    content = _without_escapes(content)
    text = content.decode("utf-8", "replace")
    is_utf8 = "\ufffd" not in text or text.encode() == content
    most_controls = _MOST_CONTROLS_IN_UTF8 if is_utf8 else _MOST_CONTROLS
    if len(content) - len(content.translate(None, _CONTROLS)) > most_controls * len(content):
        encoding = _detect(content, only=["utf_16_le", "utf_16_be"])  # in English text half of the bytes are NULs
        if encoding is None:
            raise NotADocument(f"{source} is not text: it is full of control characters. {_TO_TEXT}")
        return _replacing(content, encoding, source)
    declared = _DECLARED.match(content)
    if not is_utf8 and declared and (known := _known_encoding(declared[1].decode())):
        return _replacing(content, known, source)
    if is_utf8 or _is_damaged_utf8(content, text):
        return _replacing(content, "utf-8", source)
    encoding = _detect(content)
    if encoding is None:
        raise NotADocument(f"{source} is not text, or its encoding is unknown. Convert it to UTF-8 text first.")
    text, warnings = _replacing(content, encoding, source)
    return text, [f"{source} is not UTF-8 and was read as {encoding}, the most likely encoding.", *warnings]


def _without_escapes(content: bytes) -> bytes:
    """The bytes that a program has written as Python shows them: b'It\\'s 5 \\xc2\\xb5g.'"""
    literal = _LITERAL.fullmatch(content)
    if literal is None or not (b"\n" in literal[2] or _ESCAPE.search(literal[2])):
        return content

    def meant(found: re.Match[bytes]) -> bytes:
        sign = found[1]
        return bytes.fromhex(sign[1:].decode()) if len(sign) > 1 else _ESCAPED.get(sign, sign)

    return _ESCAPE.sub(meant, _NEXT_LITERAL.sub(b"\n", literal[2]))


def _known_encoding(declared: str) -> str | None:
    """Python's name of an encoding that markup declares, or None; Latin-1 means Windows-1252, as in browsers."""
    try:
        found = codecs.lookup(declared).name
        "".encode(found)  # LookupError for a codec that is not an encoding of text, such as base64
    except LookupError:
        return None
    return "cp1252" if found in ("iso8859-1", "ascii") else found


def _replacing(content: bytes, encoding: str, source: str) -> tuple[str, list[str]]:
    try:
        return content.decode(encoding), []
    except UnicodeDecodeError as error:
        name = error.encoding.upper()
        text = content.decode(encoding, "replace")
        if text.count("\ufffd") > len(text) / 4:
            raise FastsumError(f"{source} is not text: its bytes are not {name}. Convert it to text first.") from None
        return text, [f"{source} has bytes that are not {name}, the first at byte {error.start}; they became \ufffd."]


def _is_damaged_utf8(content: bytes, text: str) -> bool:
    """Whether invalid UTF-8 is UTF-8 with a few wrong bytes or a cut end, rather than another encoding."""
    bad = text.count("\ufffd")
    sound = sum(char > "\x7f" for char in text) - bad
    cut_off = bad == 1 and text.endswith("\ufffd") and content[-2:-1] >= b"\x80"
    return sound >= bad or cut_off


def _detect(content: bytes, only: list[str] | None = None) -> str | None:
    """The most likely encoding, of all or only of some; None where the bytes make sense in none."""
    from charset_normalizer import from_bytes

    sample = content[:_DETECTED_BYTES]
    if len(sample) < len(content):
        end = max(sample.rfind(b" "), sample.rfind(b"\n"))
        sample = sample[:end] if end > 0 else sample  # a character that is cut in two would exclude its encoding
    if only:
        sample = sample[: len(sample) // 2 * 2]
    matches = from_bytes(sample, cp_isolation=only, enable_fallback=False)
    best = matches.best()
    if best is None:
        return None
    # Western text makes as much sense in related code pages: on a tie, take the one that most files use.
    tied = any("cp1252" in match.could_be_from_charset and match.chaos <= best.chaos for match in matches)
    return "cp1252" if tied else best.encoding
