"""Columns side by side that are no text: tables of words, forms, the boxes of a diagram."""

from __future__ import annotations

import re
from itertools import pairwise

from fastsum.readers.pages.words import BASELINE, SAME_LINE, Segment, row_text, rows_of

_ROWS = 3  # that two columns have in common
_COMMON = 0.5  # of the rows of the shorter column
_SENTENCE = 350  # characters: text has more than one end of a sentence in so many, even in a narrow column
_NAMES = 0.3  # of the words: as few small ones are in names and addresses, whatever stops these have
_LINE = 20  # characters, on average: shorter lines are names, whether they fill their column or not
_FULL = 0.85  # of the width of its column: most lines of text are as long
_MOSTLY = 0.6  # of the lines
_LISTED = 2  # bullets that make a list of a column
_END = re.compile(r"[^\W\d_]{2}[\"”’)\]]*[.?!][\"”’)\]]*(?=\s+[A-Z“\"(•]|\Z)|\d[.?!](?=\s+[A-Z])")
_ITEM = re.compile(r"\s*(?:[^\w\s(\[“\"'$€£<>=+-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PARTIES = re.compile(r"\b(?:v|vs|V|VS)\.(?:\s|\Z)")  # those of a lawsuit stand in boxes


def groups_of(columns: list[list[Segment]]) -> list[int]:
    """For each column of a page, in reading order, the number of the table that it is one of, from 1; 0 where it is
    text."""
    groups = [0] * len(columns)
    first = number = 0
    for index in range(1, len(columns) + 1):
        if index < len(columns) and _is_beside(columns[index - 1], columns[index]):
            continue
        if index - first > 1 and _is_table(columns[first:index]):
            number += 1
            groups[first:index] = [number] * (index - first)
        first = index
    return groups


def has_sentences(text: str) -> bool:
    """Whether the text of some lines has as many ends of sentences as prose has, and not only names."""
    words = _WORD.findall(text)
    small = sum(word.islower() for word in words)
    return small > _NAMES * len(words) and _SENTENCE * len(_END.findall(text)) > len(text)


def _is_beside(one: list[Segment], other: list[Segment]) -> bool:
    """Whether the second of two columns is to the right of the first, at the same height."""
    return (
        min(part.x0 for part in other) >= max(part.x1 for part in one)
        and min(part.y for part in one) < max(part.y for part in other)
        and min(part.y for part in other) < max(part.y for part in one)
    )


def _is_table(columns: list[list[Segment]]) -> bool:
    """Whether columns have rows in common, and none has sentences or items."""
    rows = [rows_of(column, SAME_LINE) for column in columns]
    for left, right in pairwise(rows):
        both = rows_of([row[0] for row in (*left, *right)], BASELINE)
        common = len(left) + len(right) - len(both)
        if common < max(_ROWS, _COMMON * min(len(left), len(right))):
            return False
    return all(map(_is_no_text, rows))


def _is_no_text(rows: list[list[Segment]]) -> bool:
    """Whether the rows of a column have neither sentences nor items, and are not filled as those of text are."""
    texts = [row_text(row) for row in rows]
    if sum(_ITEM.match(text) is not None for text in texts) >= _LISTED or any(map(_PARTIES.search, texts)):
        return False
    text = " ".join(texts)
    if has_sentences(text):
        return False
    if len(text) < _LINE * len(rows):
        return True
    edges = [(min(part.x0 for part in row), max(part.x1 for part in row)) for row in rows]
    width = max(right for _, right in edges) - min(left for left, _ in edges)
    return sum(right - left >= _FULL * width for left, right in edges) < _MOSTLY * len(rows)
