"""Surface forms: the model reads and writes lower-cased words; the reader gets them cased as in the document."""

from __future__ import annotations

from collections.abc import Sequence

from fastsum.text.presentation import join_words, present
from fastsum.text.source import Source

TokenPosition = tuple[int, int]
"""(sentence, token): where a word is in the document."""

_LOOSE = frozenset(".,;:?!\"'()[]{}")  # marks that are words of their own in joining: their spaces depend on partners


class SurfaceForms:
    """The cased forms of the words of a document."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._inside: dict[int, TokenPosition] = {}
        self._starts = [
            next((t for t, word in enumerate(encoding.words) if any(map(str.isalnum, word))), 0)
            for encoding in source.encodings
        ]
        for sentence, ids in enumerate(source.ids):
            for token, number in enumerate(ids[: len(source.encodings[sentence].ids)]):
                if self._shows_case((sentence, token)):
                    self._inside.setdefault(number, (sentence, token))

    def text(self, positions: Sequence[TokenPosition]) -> str:
        """Copied words as a sentence, joined without a space where the document has none. "" for none."""
        words: list[str] = []
        last: TokenPosition | None = None
        for position in positions:
            form = self.form(position)
            form = "I" if form == "i" else form
            if last and self._joined(last, position):
                words[-1] += form
            else:
                words.append(form)
            last = position
        return present(join_words(words), self._source.language, self._source.manner)

    def _joined(self, left: TokenPosition, right: TokenPosition) -> bool:
        if right != (left[0], left[1] + 1):
            return False
        encoding = self._source.encodings[left[0]]
        if _LOOSE & {encoding.words[left[1]], encoding.words[right[1]]}:
            return False
        return encoding.offsets[left[1]][1] >= encoding.offsets[right[1]][0]

    def form(self, position: TokenPosition) -> str:
        """The form of a word where it was copied from.

        In a heading or at the beginning of a sentence a capital says nothing about the word: another position decides.
        """
        if not self._source.encodings[position[0]].ids:  # a sentence without words
            return ""
        if not self._shows_case(position):
            position = self._inside.get(self._source.ids[position[0]][position[1]], position)
        form = self._source.surface(*position)
        small = not self._shows_case(position) and self._source.language.is_small_word(form.lower())
        return form.lower() if small else form

    def _shows_case(self, position: TokenPosition) -> bool:
        return self._source.sentences[position[0]].is_prose and position[1] > self._starts[position[0]]
