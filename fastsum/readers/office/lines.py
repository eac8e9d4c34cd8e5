"""What the readers of office formats share: lines with raised text, tables, and headings by those who use no styles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fastsum.readers.blocks import Block, Omissions, count_letters, is_prose
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
_FORM_COLUMNS = 2  # a table with more is one of data, whose short cells say what only its head explains
_CELL_WORDS = 8  # from which on a cell of a table of data is read, where most of the text is in tables
_NAME_WORDS = 8  # of what a row of a form is about, at most
_TEXT_LETTERS = 0.6  # of the characters of a table's cells; tables of figures have fewer
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


class Table(NamedTuple):
    """A table, read in the two ways that it can be: only cells with sentences, or all that is text in it."""

    prose: list[Block]
    lost: str
    """The cells that are not in `prose`."""
    text: list[Block]
    """Of a form each row as a line, and of a table of data the long cells; empty where it has too many figures."""
    rest: str
    """The cells that are not in `text`."""

    @property
    def gain(self) -> int:
        """How many letters more there are in `text` than in `prose`."""
        text, prose = (sum(count_letters(block.text) for block in blocks) for blocks in (self.text, self.prose))
        return text - prose


def table(rows: Iterable[Sequence[Sequence[Block]]]) -> Table:
    """The table that has these rows of cells of blocks."""
    prose: list[Block] = []
    lines: list[Block] = []
    long: list[Block] = []
    lost: list[str] = []
    short: list[str] = []
    columns = 0
    for row in rows:
        for block in (block for cell in row for block in cell):
            if block.level or is_prose(block.text):
                prose.append(block)
                long.append(block)
                continue
            lost.append(block.text)
            if len(block.text.split()) >= _CELL_WORDS:
                long.append(block._replace(item=True))
            else:
                short.append(block.text)
        columns = max(columns, len(row))
        lines += _row(row)
    is_form = columns <= _FORM_COLUMNS
    if (not is_form and len(long) == len(prose)) or not _is_text(lines):
        return Table(prose, " ".join(lost), [], "")
    return Table(prose, " ".join(lost), lines if is_form else long, "" if is_form else " ".join(short))


def with_tables(parts: Sequence[Block | Table], omissions: Omissions) -> list[Block]:
    """The blocks of a document. All text of its tables is read if that is most of it, otherwise only sentences."""
    read = [block for part in parts for block in (part.prose if isinstance(part, Table) else [part])]
    kept = sum(count_letters(block.text) for block in read if not block.level)
    gain = sum(part.gain for part in parts if isinstance(part, Table))
    blocks: list[Block] = []
    for part in parts:
        if not isinstance(part, Table):
            blocks.append(part)
        elif part.text and gain > kept:
            blocks += part.text
            omissions.add("tables", part.rest)
        else:
            blocks += part.prose
            omissions.add("tables", part.lost)
    return blocks


def _row(cells: Sequence[Sequence[Block]]) -> list[Block]:
    """A row of a form: "Begin: June, if the board agrees", or the blocks of its cells where they have no name in front.

    They are items, since a form's lines need not be sentences any more than a list's.
    """
    filled = [blocks for blocks in cells if blocks]
    if len(filled) == _FORM_COLUMNS and len(filled[0]) == 1 and len(filled[0][0].text.split()) <= _NAME_WORDS:
        label = filled[0][0].text.rstrip(":")
        answer = " ".join(block.text for block in filled[1])
        return [Block(f"{label}{'' if label.endswith('?') else ':'} {answer}", item=True)]
    return [block._replace(item=not block.level) for blocks in filled for block in blocks]


def _is_text(rows: list[Block]) -> bool:
    """Whether a table has text, and no figures."""
    text = " ".join(row.text for row in rows)
    return sum(map(str.isalpha, text)) >= _TEXT_LETTERS * len(text)


def prose_of_table(blocks: Iterable[Block], omissions: Omissions) -> Iterator[Block]:
    """The headings and sentences among the blocks of a table's cells; the rest is added to what is left out."""
    rest = []
    for block in blocks:
        if block.level or is_prose(block.text):
            yield block
        else:
            rest.append(block.text)
    omissions.add("tables", " ".join(rest))
