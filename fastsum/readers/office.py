"""What the readers of office formats share: lines with raised text, tables, and headings by those who use no styles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fastsum.readers.blocks import Block, Omissions, is_prose
from fastsum.readers.signs import NoteMarks, lowered, raised

RAISED = 1
LOWERED = -1
LINE_BREAK = "\v"
BOLD_LEVEL = 3
"""The level of a short paragraph that is all bold."""

_EMPTY_LINE = re.compile(r"\v\s*\v")
_BULLET = re.compile(r"[•·▪▫◦‣⁃●○■□➢✓]\s+(?=\S)")  # typed in place of a list
_BOLD_HEADING_WORDS = 12
_ENDED = re.compile(r"[.?!;,…:]\W*\Z")
_CONTEXT = 40  # characters that decide how a raised text is written


class Line:
    """The text of a paragraph, put together from its runs."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, list[str]]] = []
        self._is_bold: bool | None = None

    def add(self, text: str, script: int = 0, *, bold: bool = False) -> None:
        """Add a run; `script` is RAISED, LOWERED or 0."""
        if not self._runs or self._runs[-1][0] != script:
            self._runs.append((script, []))
        self._runs[-1][1].append(text)
        if not text.isspace():
            self._is_bold = bold and self._is_bold is not False

    def texts(self, marks: NoteMarks) -> list[str]:
        """The text, folded and with raised figures as 10^6, without marks of notes; an empty line divides it."""
        before = ""
        parts = []
        for script, run in self._runs:
            text = "".join(run)
            if script == RAISED:
                text = "" if marks(before, text) else raised(before, text)
            elif script == LOWERED:
                text = lowered(before, text)
            parts.append(text)
            before = (before + text)[-_CONTEXT:]
        folded = (" ".join(part.split()) for part in _EMPTY_LINE.split("".join(parts)))
        return [text for text in folded if text]

    def is_bold_heading(self, text: str) -> bool:
        """Whether the line, whose text this is, is short and all bold: a heading by someone who uses no styles."""
        return bool(self._is_bold) and len(text.split()) <= _BOLD_HEADING_WORDS and not _ENDED.search(text)


def before_mark(text: str, following: str) -> str:
    """The text before a mark of a note that is dropped: without the space at its end, if a stop follows the mark."""
    return text.rstrip() if following[:1] in tuple(".,;:!?)") else text


def without_bullet(block: Block) -> Block:
    """A paragraph that begins with a typed bullet as an item of a list."""
    bullet = None if block.level else _BULLET.match(block.text)
    return block._replace(text=block.text[bullet.end() :], item=True) if bullet else block


def prose_of_table(blocks: Iterable[Block], omissions: Omissions) -> Iterator[Block]:
    """The headings and sentences among the blocks of a table's cells; the rest is added to what is left out."""
    rest = []
    for block in blocks:
        if block.level or is_prose(block.text):
            yield block
        else:
            rest.append(block.text)
    omissions.add("tables", " ".join(rest))
