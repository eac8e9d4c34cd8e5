"""Longest common subsequences of sentences with those of a reference: what ROUGE-Lsum counts (Lin 2004)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

Tokens = Sequence[Hashable]


class Reference:
    """A reference summary's sentences, to be compared with many a document's."""

    def __init__(self, sentences: Sequence[Tokens]) -> None:
        self._sentences = sentences
        self._places: list[dict[Hashable, int]] = []
        for sentence in sentences:
            places: dict[Hashable, int] = {}
            for place, token in enumerate(sentence):
                places[token] = places.get(token, 0) | 1 << place
            self._places.append(places)

    def covered(self, sentence: Tokens) -> int:
        """The reference's tokens, a bit each from the lowest, that stand in the longest common subsequence of their
        sentence with this one. Where there are several it is the one that rouge-score takes, so that the bits of a
        summary's sentences, put together, are its union."""
        found = start = 0
        for reference, places in zip(self._sentences, self._places, strict=True):
            if not places.keys().isdisjoint(sentence):
                found |= _common(reference, places, sentence) << start
            start += len(reference)
        return found


def _common(reference: Tokens, places: dict[Hashable, int], sentence: Tokens) -> int:
    # All of a column of the usual table at once (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): bit i of
    # column j is 0 where the subsequence with the first j tokens is longer for the first i + 1 of the reference than
    # for the first i.
    full = (1 << len(reference)) - 1
    columns = [full]
    for token in sentence:
        column = columns[-1]
        same = column & places.get(token, 0)
        columns.append(((column + same) | (column - same)) & full)
    found, row, column = 0, len(reference), len(sentence)
    while row and column:
        if reference[row - 1] == sentence[column - 1]:
            row, column = row - 1, column - 1
            found |= 1 << row
        elif columns[column] >> (row - 1) & 1:
            row -= 1
        else:
            column -= 1
    return found
