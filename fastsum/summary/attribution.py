"""Who is named before the sentences of a summary: "Ben: ", once for all that he says in a row.

Worth on validation rows, at as many words as the references have (docs/experiments/2026-11-30-choice-with-history.md):
meetings +0.6 / +0.1 / +0.5, e-mail threads +0.7 / +0.2 / +0.9; 45 % of the names said again what the line above said.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable


class Attribution:
    """The names before the sentences of a selection, kept in document order.

    Args:
        label: what names the speaker of a sentence: "Ben: ", or "" where nobody is named.
        last: whose words end a text that is shown of a sentence, as `label` has it; without it the speaker's own.
        once: whether a name is left out where the words before it are the same speaker's.
    """

    def __init__(
        self,
        label: Callable[[int], str] = lambda sentence: "",
        last: Callable[[int, str], str] | None = None,
        *,
        once: bool = False,
    ) -> None:
        self._label = label
        self._last = last or (lambda sentence, text: label(sentence))
        self._once = once
        self._sentences: list[int] = []
        self._speakers: list[tuple[str, str]] = []  # of the first and of the last words of each

    def copy(self) -> Attribution:
        """One that goes on from here by itself."""
        other = Attribution(self._label, self._last, once=self._once)
        other._sentences, other._speakers = self._sentences.copy(), self._speakers.copy()
        return other

    def words(self, sentence: int, text: str) -> int:
        """How many words of names a further sentence adds, or takes away from the sentence behind it."""
        position = bisect_left(self._sentences, sentence)
        first, last = self._label(sentence), self._last(sentence, text)
        added = _count(self._shown(position, first))
        if position < len(self._sentences):
            behind = self._speakers[position][0]
            after = "" if self._once and behind == last else behind
            added += _count(after) - _count(self._shown(position, behind))
        return added

    def add(self, sentence: int, text: str) -> None:
        """Add a sentence to the selection, as `text`."""
        position = bisect_left(self._sentences, sentence)
        self._sentences.insert(position, sentence)
        self._speakers.insert(position, (self._label(sentence), self._last(sentence, text)))

    def labels(self) -> Iterable[str]:
        """What is shown before each of the sentences, in document order."""
        return [self._shown(position, first) for position, (first, _) in enumerate(self._speakers)]

    def _shown(self, position: int, label: str) -> str:
        """What is shown of a label behind the first `position` sentences."""
        return "" if self._once and position and self._speakers[position - 1][1] == label else label


def _count(label: str) -> int:
    return len(label.split())
