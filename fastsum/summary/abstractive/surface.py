"""Surface forms: the model reads and writes lower-cased words; the reader gets them cased as in the document."""

from __future__ import annotations

from collections.abc import Sequence

from fastsum.text.presentation import join_words, present
from fastsum.text.source import Source
from fastsum.text.tokenizer import Tokenizer

TokenPosition = tuple[int, int]
"""(sentence, token): where a word is in the document."""

_LOOSE = frozenset(".,;:?!\"'()[]{}")  # marks that are words of their own in joining: their spaces depend on partners


class SurfaceForms:
    """The cased forms of the words of a document."""

    def __init__(self, source: Source, tokenizer: Tokenizer) -> None:
        self._source = source
        self._tokenizer = tokenizer
        self._inside: dict[int, TokenPosition] = {}
        self._first: dict[int, TokenPosition] = {}
        self._starts = [
            next((t for t, word in enumerate(encoding.words) if any(map(str.isalnum, word))), 0)
            for encoding in source.encodings
        ]
        for sentence, ids in enumerate(source.ids):
            for token, number in enumerate(ids[: len(source.encodings[sentence].ids)]):
                positions = self._inside if self._shows_case((sentence, token)) else self._first
                positions.setdefault(number, (sentence, token))

    def text(self, numbers: Sequence[int], positions: Sequence[TokenPosition | None]) -> str:
        """Written words as a sentence, joined without a space where the document has none. "" for none."""
        words: list[str] = []
        last: TokenPosition | None = None
        for number, position in zip(numbers, positions, strict=True):
            form = self.form(number, position)
            form = "I" if form == "i" else form
            if words and self._joined(last, position):
                words[-1] += form
            else:
                words.append(form)
            last = position
        return present(join_words(words), self._source.language, self._source.manner)

    def _joined(self, left: TokenPosition | None, right: TokenPosition | None) -> bool:
        if left is None or right is None or right != (left[0], left[1] + 1):
            return False
        encoding = self._source.encodings[left[0]]
        if _LOOSE & {encoding.words[left[1]], encoding.words[right[1]]}:
            return False
        return encoding.offsets[left[1]][1] >= encoding.offsets[right[1]][0]

    def form(self, number: int, position: TokenPosition | None) -> str:
        """The form of a word where it was copied from; of any other word, the form it has elsewhere in the document.

        In a heading or at the beginning of a sentence a capital says nothing about the word: another position decides.
        """
        if position is None or not self._shows_case(position):
            position = self._inside.get(number, position or self._first.get(number))
        if position is None or not self._source.encodings[position[0]].ids:
            return self._tokenizer.word(number) if number < len(self._tokenizer) else ""
        form = self._source.surface(*position)
        return (
            form.lower()
            if not self._shows_case(position) and self._source.language.is_small_word(form.lower())
            else form
        )

    def _shows_case(self, position: TokenPosition) -> bool:
        return self._source.sentences[position[0]].is_prose and position[1] > self._starts[position[0]]
