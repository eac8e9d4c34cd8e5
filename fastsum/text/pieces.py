"""A stretch between stops in pieces, where it is too long to be a sentence or its text has no stops.

Speech recognition writes no stops. Such a text is cut where a clause begins ("so", "but", "and then we"), into pieces
of 15 to 30 words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastsum.text.language import Language
from fastsum.text.patterns import lazy

MAX_SENTENCE_WORDS = 200
MAX_SENTENCE_CHARACTERS = 3000
CHARACTERS_OF_STOP = 300  # a text with fewer stops than one for so many characters has no sentences to go by
LEAST_UNSTOPPED_WORDS, MOST_UNSTOPPED_WORDS = 15, 30

_PAUSE = lazy(r"[,;:–—]\Z|\A(?:-{1,2}|–|—|\.{2,}|…)\Z|[\])]\Z")
_WORD = re.compile(r"\S+")


def pieces(text: str, start: int, end: int, unstopped: bool, language: Language) -> Iterator[tuple[int, int]]:
    """A stretch without the white space around it, cut where it is too long to be a sentence; `unstopped` says that
    the text has hardly any stops."""
    stretch = text[start:end].rstrip()
    end = start + len(stretch)
    start = end - len(stretch.lstrip())
    if unstopped and end - start > 2 * MOST_UNSTOPPED_WORDS:
        yield from _clauses(text, start, end, language)
        return
    if end - start >= 2 * MAX_SENTENCE_WORDS:  # for so many words with spaces between them
        too_long = end - start > MAX_SENTENCE_CHARACTERS or len(stretch.split()) > MAX_SENTENCE_WORDS
        if too_long:
            yield from _cut_long(text, start, end)
            return
    if start < end:
        yield start, end


def _clauses(text: str, start: int, end: int, language: Language) -> Iterator[tuple[int, int]]:
    """Pieces of 15 to 30 words, begun where a clause begins or somebody pauses, of the shortest rest."""
    spans = [match.span() for match in _WORD.finditer(text, start, end)]
    words = [text[left:right] for left, right in spans]
    lower = [word.lower().strip(",;:") for word in words]
    first = 0
    while len(words) - first > MOST_UNSTOPPED_WORDS:
        last = min(first + MOST_UNSTOPPED_WORDS, len(words) - LEAST_UNSTOPPED_WORDS // 3)
        best, cut = -1.0, last
        for number in range(first + LEAST_UNSTOPPED_WORDS, last + 1):
            after = lower[number + 1] if number + 1 < len(lower) else ""
            rank = 2.0 * language.opens_clause(lower[number - 1], lower[number], after)
            rank += 3.0 * (_PAUSE.search(words[number - 1]) is not None)
            rank += number / len(words)  # of equals the last one
            if rank > best:
                best, cut = rank, number
        yield from _bounded(text, spans[first][0], spans[cut - 1][1])
        first = cut
    yield from _bounded(text, spans[first][0], end)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece, or its parts if its words are too long to be any."""
    if end - start > MAX_SENTENCE_CHARACTERS:
        yield from _cut_long(text, start, end)
    else:
        yield start, end


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        window = text[start : min(end, start + MAX_SENTENCE_CHARACTERS)]
        words = list(re.finditer(r"\S+", window))
        if not words:
            return
        start += words[0].start()
        window = window[words[0].start() :]
        if len(words) > MAX_SENTENCE_WORDS:
            size = words[MAX_SENTENCE_WORDS].start() - words[0].start()
        else:
            size = len(window)
        if start + size < end:
            half = size // 2
            for mark in ("; ", ", ", " ", "\n"):
                found = window.rfind(mark, half, size)
                if found >= 0:
                    size = found + 1
                    break
        piece = window[:size].rstrip()
        if piece:
            yield start, start + len(piece)
        start += size
