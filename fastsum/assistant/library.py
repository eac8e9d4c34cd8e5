"""Documents and models that calls share: a document is read once as long as its file is unchanged, a model loaded once.

An assistant asks for an outline, then for a section, then for another one. So the last documents are kept with their
sentences and sections, up to a number of characters.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fastsum.assistant.calls import Call
from fastsum.assistant.folders import Folders
from fastsum.assistant.reading import Read
from fastsum.errors import FastsumError
from fastsum.model.genre import genre_of
from fastsum.readers.documents import document_of

if TYPE_CHECKING:
    from fastsum.summary.summarizer import Summarizer

MOST_BYTES = 200_000_000
"""Of a file."""
MOST_CHARACTERS = 12_000_000
"""Of a document's text: two million words."""
_KEPT_CHARACTERS = 24_000_000
_TEXT = "the text"


class Library:
    """What is read and loaded for all calls; they may use it from several threads."""

    def __init__(self, folders: Folders, model: str | Path | None = None) -> None:
        """`model` reads every document; without it, the one that fits the document does."""
        self._folders = folders
        self._model = model
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._summarizers: dict[str, Summarizer] = {}
        self._kept: OrderedDict[object, Read] = OrderedDict()

    def read(self, call: Call, path: str | None, text: str | None) -> Read:
        """The document at a path below the folders, or that a text is.

        Raises FastsumError where not exactly one of the two is given, where the path leads out of the folders, and
        where the document cannot be read or is too large.
        """
        if (path is None) == (text is None):
            raise FastsumError("Give either path, the file of a document, or text, the document itself.")
        if text is not None:
            if len(text) > MOST_CHARACTERS:
                raise _too_long(_TEXT, len(text))
            content = text.encode("utf-8", "replace")
            return self._document(call, hashlib.sha256(content).digest(), _TEXT, lambda: content)
        with self._folders.open(path or "") as file:
            return self._document(call, (file.name, file.stamp), file.name, partial(file.read, MOST_BYTES))

    def load(self, name: str) -> Summarizer:
        """The model with a name. Raises FastsumError where it cannot be loaded."""
        with self._loading:
            if name not in self._summarizers:
                from fastsum.summary.summarizer import Summarizer

                self._summarizers[name] = Summarizer.load(name)
            return self._summarizers[name]

    def _document(self, call: Call, key: object, source: str, content: Callable[[], bytes]) -> Read:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        document = document_of(content(), source, run=call.run)
        if len(document.text) > MOST_CHARACTERS:
            raise _too_long(source, len(document.text))
        call.check()
        name = str(self._model or genre_of(document.text))
        read = Read(document, name, self.load(name))
        with self._lock:
            self._kept[key] = read
            while (
                len(self._kept) > 1 and sum(len(kept.document.text) for kept in self._kept.values()) > _KEPT_CHARACTERS
            ):
                self._kept.popitem(last=False)
        return read


def _too_long(source: str, characters: int) -> FastsumError:
    return FastsumError(
        f"{source} has {characters:,} characters of text, more than the {MOST_CHARACTERS:,} that are read at once. "
        "Name a part of it, saved as a file of its own."
    )
