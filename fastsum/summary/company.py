"""Sentences that are not understood without others: each is chosen with them or not at all.

Worth (docs/experiments/2026-11-29-reading-well.md): -0.1 to +0.2 ROUGE-1, and no sentence left of those it is for.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from fastsum.summary.introductions import Introductions
from fastsum.text.language import Standing
from fastsum.text.lists import is_part, leads_of
from fastsum.text.source import Source

# A question, or who asked it behind its marks: “Why?” she said.
_ASKED = re.compile(r"\?(?:[\"”’'»)]{1,3}(?:\s+[^.?!\"“”]{1,40}\.?)?)?\s*\Z")
_ASKED_WITHIN = 60  # characters from its end
_QUOTES = frozenset("\"“«‘'")


class Company:
    """What the sentences of a document need beside them, given those that are chosen."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._chosen: set[int] = set()
        self._standings: dict[int, Standing] = {}
        self._leads = leads_of(source)
        self._introductions = Introductions(source)

    def add(self, sentence: int) -> None:
        """Note that a sentence is chosen."""
        self._chosen.add(sentence)
        self._introductions.add(sentence)

    def of(self, sentence: int, within: Container[int] | None = None) -> Sequence[int] | None:
        """The sentences that must be chosen with one and are not yet: its neighbour; for an item of a list what
        announces it, with what announces that; and what introduces those whom it names by the last name alone. None
        where it says nothing, and where its neighbour or an introduction would not do.

        Of a section of an outline, `within`, only its own sentences can be: who is introduced elsewhere stays so, and a
        sentence that needs another one from there has None."""
        others = self._neighbour(sentence)
        if others is None:
            return None
        needed = set(others)
        for each in (sentence, *others):
            while (lead := self._lead(each)) is not None and lead not in needed:
                needed.add(lead)
                each = lead
        beside = tuple(needed)
        for first in {one for each in (sentence, *others) for one in self._introductions.needed(each, beside)}:
            if self._source.sentences[first].is_prose and (within is None or first in within):
                if self._standing(first) is not Standing.ALONE:
                    return None
                needed.add(first)
        missing = needed - self._chosen - {sentence}
        return tuple(sorted(missing)) if within is None or all(one in within for one in missing) else None

    def _neighbour(self, sentence: int) -> Sequence[int] | None:
        """The sentence before one that points back, the one behind one that asks or announces, the one in its paragraph
        that says whose words it is; else none. None where it says nothing, and where its neighbour would not do.

        A question is shown with its short answer and needs nothing else, and it is what points back to that needs."""
        standing = self._standing(sentence)
        if standing <= Standing.LEANS_BACK and self._source.is_said(sentence):
            return self._of_said(sentence)
        if standing is Standing.ALONE or short_answer(self._source, sentence) is not None:
            return ()
        if standing is Standing.SAYS_NOTHING:
            return None
        other = sentence - 1 if standing is Standing.LEANS_BACK else sentence + 1
        if standing is Standing.LEANS_BACK and other > 0 and short_answer(self._source, other - 1) == other:
            return () if other - 1 in self._chosen else (other - 1,)
        if other in self._chosen or other < 0:
            return ()
        if other == len(self._source.sentences) or not self._source.sentences[other].is_prose:
            return None
        if standing is Standing.LEADS_ON:
            return None if self._standing(other) >= Standing.LEADS_ON else (other,)
        return (other,) if self._standing(other) is Standing.ALONE else None

    def _lead(self, sentence: int) -> int | None:
        """What announces an item that is not understood without it."""
        lead = self._leads.get(sentence)
        if lead is not None and not is_part(self._source, sentence):
            del self._leads[sentence]
            return None
        return lead

    def _of_said(self, sentence: int) -> Sequence[int] | None:
        """The neighbour that says who says a sentence: `"We wrote again," said Moira Cullen. "Nobody answered."`."""
        for other in (sentence - 1, sentence + 1):
            if 0 <= other < len(self._source.sentences) and not self._is_apart(min(sentence, other)):
                if other in self._chosen:
                    return ()
                if self._source.sentences[other].is_prose and not self._source.is_said(other):
                    return (other,) if self._standing(other) is Standing.ALONE else None
        return None

    def _is_apart(self, sentence: int) -> bool:
        """Whether a paragraph ends behind a sentence."""
        first, second = self._source.sentences[sentence : sentence + 2]
        return "\n\n" in self._source.text[first.end : second.start]

    def _standing(self, sentence: int) -> Standing:
        if sentence not in self._standings:
            self._standings[sentence] = self._source.language.standing(self._source.written(sentence))
        return self._standings[sentence]


def short_answer(source: Source, index: int) -> int | None:
    """The sentence behind a question that does nothing but answer it, which alone would say nothing: "Never."."""
    after = index + 1
    if after >= len(source.sentences) or not _ASKED.search(source.written(index)[-_ASKED_WITHIN:]):
        return None
    question, answer = source.sentences[index], source.sentences[after]
    text = source.written(after)
    quoted = text[:1] in _QUOTES
    if answer.is_heading or (answer.is_prose and not quoted) or not source.language.is_answer(text):
        return None
    if source.turns and source.turn(index) != source.turn(after):
        return after if source.label(after) not in ("", source.label(index)) else None  # nobody answers himself
    apart = "\n\n" in source.text[question.end : answer.start]
    return None if apart and not quoted else after
