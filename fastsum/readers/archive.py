"""The ZIP archives of DOCX, PPTX, OpenDocument and EPUB, with limits that a decompression bomb exceeds."""

from __future__ import annotations

import io
import zipfile
import zlib

from fastsum.readers.blocks import Unreadable

MAX_MEMBERS = 20_000
MAX_SIZE = 1 << 30  # bytes of all members, unpacked: enough for a document with many pictures
MAX_GROWTH = 200  # times its packed size: markup grows 10 to 40 times, decompression bombs 1000 times
UNQUESTIONED = 10_000_000  # bytes of all members, unpacked, that are accepted whatever the growth
MAX_MARKUP = 100_000_000  # bytes of one member that is parsed: twenty times War and Peace


class Archive:
    """The members of a ZIP archive. Raises Unreadable where it is damaged or encrypted, or would unpack to too much."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise _damaged(error) from None
        members = self._zip.infolist()
        size = sum(member.file_size for member in members)
        if len(members) > MAX_MEMBERS or size > MAX_SIZE:
            raise Unreadable(f"would unpack to over {MAX_SIZE >> 30} GiB or {MAX_MEMBERS:,} files and is not unpacked.")
        if size > max(MAX_GROWTH * len(content), UNQUESTIONED):
            raise Unreadable(f"would unpack to over {MAX_GROWTH} times its size and is not unpacked.")
        if any(member.flag_bits & 1 for member in members):
            raise Unreadable("is encrypted. Save it without a password first.")
        self.names = frozenset(member.filename for member in members)

    def read(self, name: str) -> bytes:
        """The content of a member. Raises KeyError where there is none, Unreadable where it is too large or damaged."""
        if self._zip.getinfo(name).file_size > MAX_MARKUP:
            raise Unreadable(f"holds {name} of over {MAX_MARKUP // 1_000_000} MB, which is not unpacked.")
        try:
            return self._zip.read(name)  # stops at the declared size; a wrong one fails the checksum
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
            raise _damaged(error) from None


def _damaged(error: Exception) -> Unreadable:
    return Unreadable(f"is damaged or cut off ({error}). Download or save it again.")
