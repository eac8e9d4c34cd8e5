"""Capitals: the pronoun that always has one, and words whose capital only says that a sentence begins."""

from __future__ import annotations

from fastsum.text.patterns import lazy

_PRONOUN = lazy(r"(?<![\w.(-])i(?![\w.)-])")
# Words that carry a capital only because a sentence begins with them. Any other may be a name.
_SMALL_WORDS = """
a about after all also although an and another any are as at be because been before both but by can could did do does
during each even every few first for from had has have he her here him his how however if in into is it its just last
many more most much my no nor not now of on one only or other our out over she should since so some such than that the
their them then there these they this those though three through to today two under until up was we were what when
where whether which while who why with would yesterday yet you your
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_BEFORE_THINGS = frozenset(["a", "an", "any", "each", "every", "no", "our", "such", "that", "the", "this", "your"])


def with_capital_pronouns(sentence: str) -> str:
    """A lower-cased sentence with "I" for "i".

    Worth (docs/experiments/2026-11-29-rules.md): 8 of 8 summaries of lower-cased rows are better by it.
    """
    return _PRONOUN.sub("I", sentence)


def is_small_word(word: str) -> bool:
    """Whether a lower-cased word is never a name."""
    return word in _SMALL


def is_before_things(word: str) -> bool:
    """Whether a lower-cased word before a name says that it is a thing's or an office's: "the Board"."""
    return word in _BEFORE_THINGS
