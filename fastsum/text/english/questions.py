"""Questions: which of their words say what is asked about, and what the forms of a word have in common.

Words of asking were found on the 1,095 training questions of QMSum: sentences near "discuss" answer a question that has
the word no better than others do (1.02 times as well), sentences near "recognition" do (1.4 times). Subjects that only
meetings have worn out, such as "presentation" (0.9), are not among them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fastsum.text.english.casing import is_small_word
from fastsum.text.patterns import fold, lazy

_ASKING = """
according agree agreed agreement am ask asked asks said anybody anyone anything again against around being between
conclude conclusion concerning decide decided decision decisions describe described detail details did disagree
disagreed discuss discussed discussing discussion discussions document does doing done else ever everybody everyone
everything explain explained favourite find found get give given giving got group had idea ideas include including
know let main many may me meeting mention mentioned might much must myself nobody of off onto opinion opinions ours
overview own particular please propose proposed reason reasons regard regarding regards related same say saying says
shall show someone something speaker speakers specific suggest suggested summarise summarised summarize summarized
summary talk talked talking talks team tell tells text thing things think thinking thinks thought too toward towards
upon us very view views want wanted way ways whatever whom whose within without yours
"""
_ASKING_WORDS = frozenset(_ASKING.split())

_COUNT = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|half|third|quarter|dozen"
    "|hundred|thousand|million|billion|none|nobody"
)
_MONTH = "january|february|march|april|june|july|august|september|october|november|december"
_DAY = "mon|tues|wednes|thurs|fri|satur|sun"
# What is asked for, in lower case, and what its answer has, in the document's case: the first that fits.
_KINDS = (
    (
        lazy(r"how much\b.*\b(?:money|paid|pay|spend|spent|cost|worth|earn)|\bhow expensive\b|\bwhat price\b|\bcosts?\b"
             r"|\bprices?\b|\bfees?\b|\bfares?\b|\bsalar(?:y|ies)\b|\bsubsid(?:y|ies)\b|\bbudget\b"),
        lazy(r"[$£€¥]\s?\d|\d\s?[€£¢]|\d(?:\s(?:million|billion|thousand))?\s(?:dollars?|euros?|pounds?|cents?|pence)\b"
             r"|\b(?:USD|EUR|GBP)\b|\b[Ff]ree of charge\b"),
    ),
    (
        lazy(r"\A\W*(?:since |by |until |and )?when\b|\b(?:what|which|on what|in which) (?:date|day|month|year)\b"),
        lazy(rf"\b(?:1[5-9]|20)\d\d\b|\b(?:{_MONTH})\b|\bmay \d|\d may\b|\b(?:{_DAY})day\b|\b\d{{1,2}}:\d\d\b",
             re.IGNORECASE),
    ),
    (
        lazy(r"\bhow (?:many|much|long|old|often|far|fast|big|large|high|tall|deep|wide|heavy|hot|cold)\b"
             r"|\bwhat (?:share|percentage|proportion|number|fraction|rate|amount|age|size)\b"),
        lazy(rf"\d|\b(?:{_COUNT})\b", re.IGNORECASE),
    ),
    (
        lazy(r"\A\W*(?:and )?who(?:m|se)?\b"),
        lazy(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Sir|Lady)\b|\b[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+"),
    ),
)  # fmt: skip

# Tried in this order: endings of number, tense and person, then of kinds of words. "i" stands for "y".
_INFLECTED = (("eed", "ee"), ("ies", "i"), ("ied", "i"), ("ings", ""), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))
_DERIVED = (
    ("ations", ""), ("ation", ""), ("ators", ""), ("ator", ""), ("ate", ""), ("at", ""), ("ional", ""), ("ion", ""),
    ("ments", ""), ("ment", ""), ("ness", ""), ("ly", ""), ("al", ""), ("ers", ""), ("er", ""), ("or", ""), ("e", ""),
    ("y", "i"),
)  # fmt: skip
_VOWELS = frozenset("aeiouy")
_LEAST, _LEAST_DERIVED = 3, 4  # letters that are left of a word
_ION = 5  # and before "ion": station is no state


def is_asking(word: str) -> bool:
    """Whether a lower-cased word of a question says only that or how something is asked: "what", "discuss"."""
    return word in _ASKING_WORDS or is_small_word(word)


def answers(question: str) -> re.Pattern[str] | None:
    """What a sentence has that answers a question for an amount of money, a time, a number or a person; None of any
    other question."""
    small = fold(question)
    return next((answer for asked, answer in _KINDS if asked.search(small)), None)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """What the forms of a lower-cased word have in common: "cost" of "costs" and "costing".

    A light stemmer: an ending of inflection goes, then up to two of derivation.
    """
    if not word.isalpha():
        return word
    return _derived(_derived(_inflected(word)))


def _inflected(word: str) -> str:
    """A word without its ending of number, tense or person."""
    for ending, instead in _INFLECTED:
        left = word.removesuffix(ending)
        if len(left) == len(word):
            continue
        if ending == "es" and (len(left) < _LEAST or not left.endswith(("s", "x", "z", "ch", "sh"))):
            continue  # price|s
        if len(left) < _LEAST or _VOWELS.isdisjoint(left) or (ending == "s" and word.endswith(("ss", "us", "is"))):
            return word  # bus, thing, speed
        if ending in ("ed", "ing", "ings"):
            if left[-1] == left[-2] and left[-1] not in "lsz":
                return left[:-1]  # plan|ned
            if [letter in _VOWELS for letter in left] == [False, True, False] and left[-1] not in "wxy":
                return left + "e"  # hir|ing
        return left + instead
    return word


def _derived(word: str) -> str:
    """A word without an ending that makes another kind of word."""
    for ending, instead in _DERIVED:
        left = word.removesuffix(ending)
        least = _ION if ending == "ion" else _LEAST_DERIVED
        if least <= len(left) < len(word) and not _VOWELS.isdisjoint(left):
            return left + instead
    return word
