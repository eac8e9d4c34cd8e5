"""Quotations that go on over sentences: whose words a sentence is must be seen in it, wherever it is shown."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from fastsum.text.patterns import lazy

_MOST = 0.8  # of the text: dialogue is half of many a novel
_CLOSES = {"“": "”", "„": "“", "«": "»", "»": "«", '"': '"', "‘": "’", "'": "'"}
"""Each mark that opens a quotation, with the one that closes it."""
_DOUBLE = '"“”„«»'
_SINGLE = "‘'"
# Both begin with the character itself, so that the search goes from one to the next.
_MARK = lazy(r"[\"“”„«»\n](?:(?<!\n)|[ \t\r]*\n)")
_MARK_OR_SINGLE = lazy(
    r"[\"“”„«»‘’'\n](?:(?<=[\"“”„«»])|(?<=[‘'])(?<![\w’'].)(?=\w)|(?<=[\w.,!?…—–-][’'])(?!\w)|(?<=\n)[ \t\r]*\n)"
)
_ELISION = lazy(r"['‘](?:\d|(?:tis|twas|twere|twill|em|cause|til|till|bout|n|round|neath|kay)\b)", re.IGNORECASE)
_ENDS_ONLY = frozenset(",;:?!)]")  # none of them begins a quotation: tokenized, it closes in 'a " word ", he said'
_OPENS_BEFORE = " \t\n\r([{—–-/‘'“\""
_ENDS_BEHIND = frozenset(" \t\n\r.,;:?!)]}—–-/’'”\"")


def has_marks(text: str) -> bool:
    """Whether a text has marks that may open or close a quotation."""
    return (
        ('"' in text or " '" in text or "\n'" in text or text[:1] == "'")
        if text.isascii()
        else any(mark in text for mark in ('"', "“", "”", "‘", " '", "\n'", "«", "»", "„")) or text[:1] == "'"
    )


class Quotation(NamedTuple):
    """Characters `start` (its opening mark) to `end` (behind its closing one) of a text."""

    start: int
    end: int
    opening: str
    closing: str


class Quotations:
    """The quotations of a text: those that are closed in their paragraph, or go on in the next one that opens with the
    same mark, as a long speech does. A mark without a partner begins none: it may be a slip, or inches."""

    def __init__(self, text: str) -> None:
        self._found = _quotations(text) if has_marks(text) else []
        self._starts = [quotation.start for quotation in self._found]
        self._ends = [quotation.end for quotation in self._found]
        quoted = sum(end - start for start, end, *_ in self._found)
        self.are_most = quoted > _MOST * len(text)
        """Whether most of the text is quoted: then the text itself is what somebody says."""

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The opening mark of the quotation in which a sentence begins and the closing one of that in which it ends;
        "" where it begins or ends in none."""
        if not self._found:
            return "", ""
        return self._at(start, opening=True), self._at(end, opening=False)

    def hold(self, start: int, end: int) -> bool:
        """Whether one quotation has all of a sentence."""
        index = bisect_left(self._starts, start + 1) - 1
        return index >= 0 and end <= self._ends[index]

    def _at(self, place: int, opening: bool) -> str:
        """The mark of the quotation that has characters on both sides of a place."""
        index = bisect_left(self._starts, place) - 1  # of the last one that begins before it
        if index < 0 or self._ends[index] <= place:
            return ""
        return self._found[index].opening if opening else self._found[index].closing


def _quotations(text: str) -> list[Quotation]:
    """In order; none overlap."""
    singles = "‘" in text or " '" in text or "\n'" in text or text.startswith("'")
    found: list[Quotation] = []
    opened: re.Match[str] | None = None
    for match in (_MARK_OR_SINGLE if singles else _MARK).finditer(text):
        mark = match[0]
        if mark[0] == "\n":
            if opened is not None and text[match.end() : match.end() + 1] == opened[0]:
                found.append(Quotation(opened.start(), match.start(), opened[0], _CLOSES[opened[0]]))
            opened = None
        elif opened is not None and mark == _CLOSES[opened[0]] and (mark not in "\"'" or not _opens(match)):
            found.append(Quotation(opened.start(), match.end(), opened[0], mark))
            opened = None
        elif _opens(match) and (opened is None or mark == opened[0] or mark in _DOUBLE):
            opened = match
    return found


def _opens(match: re.Match[str]) -> bool:
    """Whether a mark can open a quotation: a word follows it, and none is before it."""
    text, at = match.string, match.start()
    mark = text[at]
    if mark in "”’":
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if mark in "“„«":
        return mark == "„" or not (before.isalnum() and after in _ENDS_BEHIND)
    apart = not before or before in _OPENS_BEFORE
    if not apart or not after or after.isspace() or (mark == '"' and after in _ENDS_ONLY):
        return False
    return mark not in _SINGLE or _ELISION.match(text, at) is None


def completed(sentence: str, opening: str = "", closing: str = "") -> str:
    """A sentence with both marks of every quotation in it: `opening` is the mark of the one in which it begins, and
    `closing` that of the one in which it ends, if any.

    A mark whose partner stands in a sentence before or after gets one. Marks of inches and minutes stay as they are.
    """
    before = opened = opening
    for match in _MARK_OR_SINGLE.finditer(sentence):
        mark, at = match[0], match.start()
        if opened and mark == _CLOSES[opened] and (mark not in "\"'" or not _opens(match)):
            opened = ""
        elif _opens(match):
            if not opened or mark in _DOUBLE:
                opened = mark
        elif (
            not before
            and mark in '”»"'
            and not _measures(match)
            and not _is_spaced(match)
            and not _MARK.search(sentence, 0, at)
        ):
            before = {"”": "“", "»": "«"}.get(mark, mark)
    if opened and opened in _SINGLE and not closing and not sentence.startswith(opened):
        opened = ""  # rock 'n' roll
    return before + sentence + (closing or (_CLOSES[opened] if opened else ""))


def _measures(match: re.Match[str]) -> bool:
    """Whether a mark means inches: 5"."""
    return match[0] == '"' and match.string[match.start() - 1 : match.start()].isdigit()


def _is_spaced(match: re.Match[str]) -> bool:
    """Whether a mark stands between spaces, as in tokenized text, so that it may as well open as close."""
    text, at = match.string, match.start()
    return text[at - 1 : at].isspace() and text[at + 1 : at + 2].isspace()
