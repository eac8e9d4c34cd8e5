"""Faithfulness: numbers and names of a summary that are not in its document, found by comparing the two texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PIECE = re.compile(r"\w+(?:[.,:/'-]\w+)*")  # 10,000  4:30  2-1  20-year-old
_WORD = re.compile(r"[^\W_](?:[\w'-]*\w)?")
_SAME = str.maketrans({"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "‐": "-", "‑": "-"})


class Evidence:
    """A document's text, to check whether a summary says more."""

    def __init__(self, document: str) -> None:
        self._text = _folded(document)
        self._lower = self._text.lower()

    def unsupported_numbers(self, summary: str) -> list[str]:
        """The words with a digit in a summary that are not in the document; case is ignored.

        Only whole numbers count: neither 21,000 nor 1,000.5 contains 1,000.
        """
        pieces = _PIECE.findall(_folded(summary).lower())
        return [piece for piece in pieces if any(map(str.isdigit, piece)) and not _occurs(piece, self._lower)]

    def unsupported_names(self, summary: str) -> list[str]:
        """The names in a summary that are not in the document with the same capitals.

        Capitalized words in a row are one name. The first word of a sentence may be capitalized only because it comes
        first: it is enough that the document has it in lower case, and the rest of the name.
        """
        missing = []
        for line in summary.splitlines():
            for name, begins in _names(_folded(line)):
                if _occurs(name, self._text):
                    continue
                first, _, rest = name.partition(" ")
                known = begins and _occurs(first.lower(), self._lower) and (not rest or _occurs(rest, self._text))
                if not known:
                    missing.append(name)
        return missing


def _names(line: str) -> Iterator[tuple[str, bool]]:
    """Runs of words with a capital, and whether each begins a sentence."""
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(line), None]:
        if run and (word is None or not word[0][0].isupper() or line[run[-1].end() : word.start()] != " "):
            before = line[: run[0].start()].rstrip(" \"'“‘([")
            yield line[run[0].start() : run[-1].end()], not before or before[-1] in '.?!:…"”'
            run = []
        if word is not None and word[0][0].isupper():
            run.append(word)


def _folded(text: str) -> str:
    return " ".join(text.translate(_SAME).split())


def _occurs(piece: str, text: str) -> bool:
    whole = re.compile(rf"(?<!\w)(?<!\d[.,:]){re.escape(piece)}(?!\w)(?![.,:]\d)")
    position = text.find(piece)  # much faster through a long text than the pattern
    while position >= 0 and not whole.match(text, position):
        position = text.find(piece, position + 1)
    return position >= 0
