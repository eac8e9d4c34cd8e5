"""Shortened forms of a sentence, for a summary that has no room for all of it."""

from __future__ import annotations

from collections.abc import Iterator

from fastsum.text.english import rules as english
from fastsum.text.language import Language
from fastsum.text.presentation import present

_LEAST_WORDS = 6  # of a shortened form


def shortened(sentence: str, language: Language = english) -> Iterator[str]:
    """Shorter forms of a sentence as a reader sees it, each whole and as true, if it has any; no two are equal."""
    given = {sentence}
    for text in language.shorter(sentence):
        form = present(text, language) if text not in given else ""
        if form and form not in given and len(form.split()) >= _LEAST_WORDS:
            given.add(form)
            yield form
