"""What the readers of all formats share: a document's blocks, and the text that is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

_MAX_LEVEL = 6
# Sections that list other works: nothing in them belongs in a summary.
REFERENCE_LISTS = frozenset(
    (
        "references",
        "references and notes",
        "references cited",
        "reference list",
        "list of references",
        "notes and references",
        "literature cited",
        "works cited",
        "bibliography",
        "selected bibliography",
        "further reading",
        "external links",
        "web links",
        "weblinks",
        "sources cited",
        "endnotes",
    )
)
# Headings of such sections only where a list of them follows: notes are taken of a meeting, and rivers have sources.
ALSO_REFERENCE_LISTS = frozenset(
    ("citations", "footnotes", "notes", "sources", "sources and further reading", "links", "literature")
)
_WORKS_CITED = re.compile(r"works cited (?:by|in) .{1,80}")
# An item of a list of references: "^ a b "The quay". Retrieved 5 May 2021."
_REFERENCE_ITEM = re.compile(
    r"[\s*+\d.)-]{0,6}\^ ?[\w\"“'(]|.*\b(?:Retrieved (?:on )?(?:\d|[A-Z][a-z]+ \d)|Archived from the original\b)"
)
_NAMES_SOURCE = re.compile(
    r"\A\W*\^|\A\W*[A-Z][\w'’-]+, [A-Z]\.|\((?:1[5-9]|20)\d\d[a-z]?\)|, (?:1[5-9]|20)\d\d[.;]?(?:\Z| ?\d)|https?:|www\."
    r"|\bpp?\. ?\d|\bet al\b|\b(?:doi|ISBN|Retrieved|Archived|Ibid)\b"
)
_CONTENTS = re.compile(r"(?:table of )?contents|list of (?:figures|tables)|index")
NUMBER = re.compile(r"(?:(?:\d{1,2}|[IVXLC]{1,6}|[A-Z])(?:\.\d{1,2}){0,3}[.):]?\s+)?")  # of a heading, if any
_PROSE_WORDS = 8
_LONGEST_TERM, _LEAST_OF_MEANING = 8, 3  # words
_GROWTH = 4  # times the length of a document that is written out
_LITTLE = 200_000
_LEAST_WRAPPED = 8  # pairs of paragraphs that are lines
_WRAPPED = 0.4  # of them, which go on in lower case
_FILLED_LINE, _LONGEST_LINE = 36, 100  # characters
_ENDS_OF_LINES = (".", "?", "!", ":", ";")
_PROSE_END = re.compile(r"[.?!…][\"”’»)\]]*\Z")


class Unreadable(Exception):
    """A file cannot be read. The message says why and what to do, and follows the file's name."""


class Growth:
    """How much longer a text may become where names in it stand for text, and that for other names."""

    def __init__(self, length: int) -> None:
        """`length` is that of the document, in characters."""
        self._room = _GROWTH * length + _LITTLE

    def checked(self, text: str) -> str:
        """A text that a name stands for. Raises Unreadable where all of them together have become too long."""
        self._room -= len(text)
        if self._room < 0:
            raise Unreadable(
                f"has names that stand for over {_GROWTH} times as much text as it has. Save its text alone."
            )
        return text


class Block(NamedTuple):
    """A heading, a paragraph or an item of a list."""

    text: str
    level: int = 0
    """1 (the highest) to 6 for a heading; 0 for anything else."""
    item: bool = False
    pages: tuple[tuple[int, int], ...] = ()
    """(offset in the text, page from 1) for the block's beginning and that of each further page; () without pages."""
    term: bool = False
    """Whether it is a term, or an option, whose meaning the next block begins to tell."""


class LeftOut(NamedTuple):
    """What a reader did not take into the text, of one kind."""

    what: str
    """The kind, in the plural: "tables", "references", "pages without text"."""
    number: int
    letters: int
    """Characters other than white space; 0 where nobody can count them."""
    where: str = ""
    """Where, if it can be said: "pages 3 and 7"."""


class Omissions:
    """A reader's account of what it leaves out."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._where: dict[str, str] = {}

    def add(self, what: str, text: str = "", *, count: int = 1, letters: int = 0, where: str = "") -> None:
        """Count something left out, whose size is that of `text`, or `letters` where its text is not known.

        What has no letters is not counted unless `letters` or `where` is given.
        """
        size = letters or count_letters(text)
        if size or where:
            counts = self._counts.setdefault(what, [0, 0])
            counts[0] += count
            counts[1] += size
            if where:
                self._where[what] = where

    def found(self) -> tuple[LeftOut, ...]:
        """What was left out, one entry for each kind, in the order of the first of each."""
        return tuple(
            LeftOut(what, count, letters, self._where.get(what, "")) for what, (count, letters) in self._counts.items()
        )


def count_letters(text: str) -> int:
    """The characters of a text other than white space."""
    return sum(map(len, text.split()))


class Reading(NamedTuple):
    """A document as its reader returns it."""

    text: str
    title: str | None = None
    pages: tuple[int, ...] = ()
    """The offset in the text at which each page begins, the first page included; () without pages."""
    warnings: tuple[str, ...] = ()
    """What was unusual; each follows the file's name in a message."""
    left_out: tuple[LeftOut, ...] = ()
    """What is not in the text, by kind."""


def compose(
    blocks: Iterable[Block],
    title: str | None = None,
    page_count: int = 0,
    warnings: Sequence[str] = (),
    omissions: Omissions | None = None,
) -> Reading:
    """The text of a document: each block is a line, with blank lines between, and headings and items as in Markdown.

    Lists of references and of contents are left out and added to `omissions`; blocks without a letter or digit are
    left out. Lines of a text that somebody has wrapped, each of which is a paragraph, are one block up to an empty one.
    """
    omissions = omissions or Omissions()
    blocks = _with_terms(_without_wrapping(list(blocks)))
    lines: list[str] = []
    starts: dict[int, int] = {}
    length = 0
    for block in _without_lists([block for block in blocks if any(map(str.isalnum, block.text))], omissions):
        mark = "#" * min(block.level, _MAX_LEVEL) + " " if block.level else "- " * block.item
        for offset, page in block.pages:
            starts.setdefault(page, length + (len(mark) + offset if offset else 0))
        lines.append(mark + block.text)
        length += len(lines[-1]) + 2
    text = "\n\n".join(lines)
    pages: list[int] = []
    following = len(text)
    for page in range(page_count, 0, -1):  # a page without text begins where the next page does
        following = min(following, starts.get(page, following))
        pages.append(following)
    return Reading(text, title or None, tuple(reversed(pages)), tuple(warnings), omissions.found())


def _without_wrapping(blocks: list[Block]) -> list[Block]:
    """The blocks; where most go on in lower case in the next one, those between empty ones are lines of one block."""
    pairs = [(a.text, b.text) for a, b in pairwise(blocks) if _is_line(a) and _is_line(b)]
    if len(pairs) < _LEAST_WRAPPED:
        return blocks
    going_on = sum(len(a) >= _FILLED_LINE and b[:1].islower() and not a.endswith(_ENDS_OF_LINES) for a, b in pairs)
    if going_on < _WRAPPED * len(pairs):
        return blocks
    found: list[Block] = []
    for is_line, run in groupby(blocks, key=_is_line):
        paragraph = list(run)
        found += [Block("\n".join(block.text for block in paragraph))] if is_line else paragraph
    return found


def _with_terms(blocks: list[Block]) -> list[Block]:
    """The blocks; a short term stands in front of the sentence that tells its meaning, which has no subject without
    it: "Quay – A wall for ships."."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else Block("")
        is_meaning = not (block.level or block.term) and len(block.text.split()) >= _LEAST_OF_MEANING
        if before.term and is_meaning and len(before.text.split()) <= _LONGEST_TERM and before.text[-1:] not in ".?!;":
            mark = "" if before.text[-1:] in ":–—" else " –"
            found[-1] = Block(f"{before.text}{mark} {block.text}", item=True)
        else:
            found.append(block)
    return found


def _is_line(block: Block) -> bool:
    return not (block.level or block.item or block.pages) and 0 < len(block.text) <= _LONGEST_LINE


def is_reference_heading(text: str, item: str = "") -> bool:
    """Whether a heading, numbered or not, is the one of a list of references; `item` is the first of the list that
    follows it, if one does: a list below "Notes" or "Sources" is one of references if that names a source."""
    name = NUMBER.sub("", text.strip(), count=1).rstrip(".:").casefold()
    if name in ALSO_REFERENCE_LISTS:
        return _NAMES_SOURCE.search(item) is not None
    return name in REFERENCE_LISTS or bool(_WORKS_CITED.fullmatch(name))


def is_reference_item(text: str) -> bool:
    """Whether an item of a list is an entry of a list of references, as web pages have them."""
    return ("^" in text or "Retrieved " in text or "Archived from" in text) and bool(_REFERENCE_ITEM.match(text))


def is_prose(text: str) -> bool:
    """Whether a table's cell has sentences, as in a table that is used to lay out a page."""
    return len(text.split()) >= _PROSE_WORDS and _PROSE_END.search(text[-8:]) is not None


def _without_lists(blocks: list[Block], omissions: Omissions) -> list[Block]:
    kept = []
    left_out: list[tuple[str, str]] = []
    inside = 0  # the level of the heading whose section is being left out
    contents = False
    for block, after in zip(blocks, [*blocks[1:], None], strict=False):
        if block.level and (not inside or block.level <= inside):
            item = after.text if after is not None and after.item else ""
            inside = block.level if is_reference_heading(block.text, item) else 0
        if block.level or is_prose(block.text):
            contents = block.level > 0 and _CONTENTS.fullmatch(block.text.strip(" .:").casefold()) is not None
        cited = block.item and is_reference_item(block.text)
        if not inside and not contents and not cited:
            kept.append(block)
        elif not block.level:
            left_out.append(("references" if inside or cited else "entries of contents", block.text))
    if not any(not block.level for block in kept):
        return blocks
    for what, text in left_out:
        omissions.add(what, text)
    return kept
