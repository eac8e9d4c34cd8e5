"""Surface forms: the model reads and writes lower-cased words, the reader gets them as the document has them."""

from __future__ import annotations

from collections.abc import Sequence

from fastsum.text.presentation import join_words, present
from fastsum.text.source import Source
from fastsum.text.tokenizer import Tokenizer

Place = tuple[int, int]
"""A sentence of the document and a token of it."""

# Words that carry a capital only because a sentence begins with them. Any other may be a name.
_SMALL_WORDS = """
a about after all also although an and another any are as at be because been before both but by can could did do does
during each even every few first for from had has have he her here him his how however if in into is it its just last
many more most much my no nor not now of on one only or other our out over she should since so some such than that the
their them then there these they this those though three through to today two under until up was we were what when
where whether which while who why with would yesterday yet you your
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_LOOSE = frozenset(".,;:?!\"'()[]{}")  # marks that are words of their own in joining: their spaces depend on partners


class Forms:
    """The forms that words have in a document, which the model reads in lower case."""

    def __init__(self, source: Source, tokenizer: Tokenizer) -> None:
        self._source = source
        self._tokenizer = tokenizer
        self._inside: dict[int, Place] = {}
        self._first: dict[int, Place] = {}
        self._starts = [
            next((t for t, word in enumerate(encoding.words) if any(map(str.isalnum, word))), 0)
            for encoding in source.encodings
        ]
        for sentence, ids in enumerate(source.ids):
            for token, number in enumerate(ids[: len(source.encodings[sentence].ids)]):
                places = self._inside if self._tells((sentence, token)) else self._first
                places.setdefault(number, (sentence, token))

    def text(self, numbers: Sequence[int], places: Sequence[Place | None]) -> str:
        """Written words as a sentence; what stands without a space in the document does so here. "" for none."""
        words: list[str] = []
        last: Place | None = None
        for number, place in zip(numbers, places, strict=True):
            form = self.form(number, place)
            form = "I" if form == "i" else form
            if words and self._joined(last, place):
                words[-1] += form
            else:
                words.append(form)
            last = place
        return present(join_words(words))

    def _joined(self, left: Place | None, right: Place | None) -> bool:
        if left is None or right is None or right != (left[0], left[1] + 1):
            return False
        encoding = self._source.encodings[left[0]]
        if _LOOSE & {encoding.words[left[1]], encoding.words[right[1]]}:
            return False
        return encoding.offsets[left[1]][1] >= encoding.offsets[right[1]][0]

    def form(self, number: int, place: Place | None) -> str:
        """The form of a word at the place it was copied from; of any other, the form it has elsewhere in the document.

        A capital that a heading or the beginning of a sentence gives tells nothing of the word: another place is asked.
        """
        if place is None or not self._tells(place):
            place = self._inside.get(number, place or self._first.get(number))
        if place is None or not self._source.encodings[place[0]].ids:
            return self._tokenizer.word(number) if number < len(self._tokenizer) else ""
        form = self._source.surface(*place)
        return form.lower() if not self._tells(place) and form.lower() in _SMALL else form

    def _tells(self, place: Place) -> bool:
        return self._source.sentences[place[0]].is_prose and place[1] > self._starts[place[0]]
