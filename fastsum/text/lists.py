"""Lists: which sentence announces an item, as "The Secretary shall—" does "(2) report to Congress".

An item is known by its number, letter or bullet, and belongs to the list in which it is the next; a list begins with
its first item, and a sentence before that which ends with a colon or a dash announces it. Lists may be nested. An item
that is a sentence of its own, "(2) The quay is full.", is understood without it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fastsum.text.source import Source

_MARKER = re.compile(r"\s*(?:(?:\((\d{1,3}|[A-Za-z]{1,5})\)|(\d{1,3}|[A-Za-z]|[ivx]{2,4})[.)])|([-*•◦▪‣·–]))\s")
_LONGEST_MARKER = 12  # characters
_ANNOUNCES = (":", "—", "–", "--")
_HEADS = (".--", ".—")  # "(a) In general.--" is a heading
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class _List(NamedTuple):
    """A list that may go on: the sentence that announces it, if any does, and the number of its last item."""

    lead: int | None
    last: int


def leads_of(source: Source) -> dict[int, int]:
    """For each item of a list that is announced, the sentence that announces it; that may be an item itself."""
    found: dict[int, int] = {}
    open_lists: dict[str, _List] = {}
    for index, sentence in enumerate(source.sentences):
        start = sentence.start
        marker = _MARKER.match(source.text, start, min(start + _LONGEST_MARKER, sentence.end))
        if marker is None:
            if sentence.is_heading and not _announces(source, index):
                open_lists.clear()
            elif "bullet" in open_lists and "\n" in source.text[source.sentences[index - 1].end : start]:
                del open_lists["bullet"]
            continue
        kind, number = _place(marker, open_lists)
        before = open_lists.get(kind)
        if kind == "bullet" and before is not None:
            lead = before.lead
        elif number == 1:
            lead = index - 1 if index and _announces(source, index - 1) else None
        elif before is not None and before.last + 1 == number:
            lead = before.lead
        else:
            lead = None
        open_lists[kind] = _List(lead, number)
        if lead is not None:
            found[index] = lead
    return found


def is_part(source: Source, item: int) -> bool:
    """Whether an item only ends the sentence that announces it: "report to Congress", "A report to Congress"."""
    text = _MARKER.sub("", source.written(item), count=1).lstrip()
    return not text[:1].isupper() or source.language.is_title(" ".join(text.split()))


def _announces(source: Source, index: int) -> bool:
    text = source.written(index).rstrip()
    return text.endswith(_ANNOUNCES) and not text.endswith(_HEADS) and any(map(str.isalnum, text))  # no rule


def _place(marker: re.Match[str], open_lists: dict[str, _List]) -> tuple[str, int]:
    """To which kind of list an item belongs, and its number there. "(i)" and "(v)" may be letters or numerals: the list
    in which it would be the next decides, else it is a numeral."""
    label = marker[1] or marker[2]
    if not label:
        return "bullet", 1
    if label.isdigit():
        return "number", int(label)
    case = "upper" if label.isupper() else "lower"
    letter = (f"{case} letter", ord(label.lower()) - ord("a") + 1) if len(label) == 1 else None
    numeral = (f"{case} numeral", _value(label.lower())) if set(label.lower()) <= _VALUES.keys() else None
    for one in (numeral, letter):
        if one is not None and one[0] in open_lists and open_lists[one[0]].last + 1 == one[1]:
            return one
    if numeral is not None and (letter is None or numeral[1] == 1):
        return numeral
    return letter or ("word", 0)


def _value(numeral: str) -> int:
    """The value of a Roman numeral."""
    values = [_VALUES[letter] for letter in numeral]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
