"""Who is named in full once and by the last name from then on: which sentence introduces whom.

Only capitals tell: "Dadayev" in one sentence, "Zaur Dadayev" where the document has the name first, and "dadayev"
nowhere. What an article stands before is no person: "the Board" of a statute.

Worth (docs/experiments/2026-11-30-company.md): of 300 news summaries 4 instead of 32 name somebody so and leave out the
sentence that introduces them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from fastsum.text.source import Source

_NAME = re.compile(r"[A-Z][\w.'’-]*(?:\s+(?:(?:de|del|der|van|von|al|bin|ibn|la|le) ){0,2}[A-Z][\w.'’-]*)*")
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_LEAST_LETTERS = 3  # of a last name


class Introductions:
    """The sentences that introduce those whom others name by the last name alone."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._starts = [sentence.start for sentence in source.sentences]
        self._firsts: dict[str, int | None] = {}
        self._found: dict[int, list[str]] = {}
        self._named: set[str] = set()  # words of the sentences that are chosen

    def add(self, sentence: int) -> None:
        """Note that a sentence is chosen: whom it names needs no introduction any more."""
        self._named.update(self._words(sentence))

    def needed(self, sentence: int, others: Iterable[int]) -> set[int]:
        """The sentences before one that introduce whom it names by the last name alone, unless those that are chosen or
        `others`, which would be with it, name them too. None in a conversation, where labels name those who speak."""
        if self._source.turns:
            return set()
        found = set()
        for name in self._alone(sentence):
            first = None if name in self._named else self._introduction(name)
            if first is not None and first < sentence and not any(name in self._words(other) for other in others):
                found.add(first)
        return found

    def _alone(self, sentence: int) -> list[str]:
        """The names of one word in a sentence that has them in no longer one."""
        if sentence not in self._found:
            self._found[sentence] = self._find_alone(sentence)
        return self._found[sentence]

    def _find_alone(self, sentence: int) -> list[str]:
        runs = list(self._runs(sentence))
        longer = {word for run in runs if len(run) > 1 for word in run}
        alone = dict.fromkeys(run[0] for run in runs if len(run) == 1)
        return [name for name in alone if name not in longer and len(name) >= _LEAST_LETTERS and _is_plain(name)]

    def _runs(self, sentence: int) -> Iterator[list[str]]:
        """The words of each name in a sentence, but for those behind an article and the capital of its first word."""
        text, language = self._source.written(sentence), self._source.language
        for match in _NAME.finditer(text):
            before, words = text[: match.start()].split(), [_bare(word) for word in match[0].split()]
            if not any(map(str.isalnum, "".join(before))) and len(words) > 1 and language.is_ordinary(words[0]):
                before, words = words[:1], words[1:]
            if not (before and language.is_before_things(before[-1].lower())):
                yield words

    def _introduction(self, name: str) -> int | None:
        """The sentence that has a name first, if it has it in full and the name is no ordinary word."""
        if name not in self._firsts:
            self._firsts[name] = self._find(name)
        return self._firsts[name]

    def _find(self, name: str) -> int | None:
        first = self._places.get(name)
        if first is None or name.lower() in self._places:
            return None
        index = bisect_right(self._starts, first) - 1
        introduces = index >= 0 and any(len(run) > 1 and name in run for run in self._runs(index))
        return index if introduces else None

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where the text has each of its words first: to search it for each name would take long in a long text."""
        found: dict[str, int] = {}
        for word in _WORD.finditer(self._source.readable or self._source.text):
            found.setdefault(word[0], word.start())
        return found

    def _words(self, sentence: int) -> list[str]:
        return _WORD.findall(self._source.written(sentence))


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word.rstrip("."))


def _is_plain(name: str) -> bool:
    """Whether a name is of letters, and no abbreviation."""
    return name.isalpha() and not name.isupper()
