"""Which of the people who speak a question names: "What did Marketing think about ...?"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from fastsum.text.language import Language

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_LEAST_LETTERS = 3  # of a part of a name that stands for the whole, unless it is a capital at its end: "B" of "Grad B"


class Named(NamedTuple):
    """Whom a question names."""

    speakers: Mapping[str, float]
    """By name how surely: 1, or less where a part of a name is that of several."""
    words: frozenset[str]
    """The lower-cased words that name them."""


def speakers_named(question: str, speakers: Iterable[str], language: Language) -> Named:
    """The speakers whose name, or the longest part of it that is in the question, says who is meant."""
    asked = _WORD.findall(question)
    parts: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(set(speakers) - {""}):
        if part := _part_in(asked, name, language):
            parts.setdefault(part, []).append(name)
    # "Grad B" says that "Professor B" is not meant.
    longest = [part for part in parts if not any(set(part) < set(other) for other in parts)]
    found = {name: 1 / len(parts[part]) for part in longest for name in parts[part]}
    return Named(found, frozenset(word for part in parts for word in part))


def _part_in(asked: list[str], name: str, language: Language) -> tuple[str, ...]:
    """The longest run of a name's words that a question has, lower-cased; () if none names anybody."""
    words = _WORD.findall(name)
    small = [word.lower() for word in asked]
    for size in range(len(words), 0, -1):
        for first in range(len(words) - size + 1):
            run = words[first : first + size]
            part = tuple(word.lower() for word in run)
            places = [at for at in range(len(asked) - size + 1) if tuple(small[at : at + size]) == part]
            if size == 1 and len(words[first]) < _LEAST_LETTERS:
                is_initial = first == len(words) - 1 and run[0].isupper() and len(run[0]) == 1
                places = [at for at in places if at > 0 and is_initial and asked[at] == run[0]]
            elif all(language.is_small_word(word) or language.is_personal_title(word) for word in part):
                continue
            if places:
                return part
    return ()
