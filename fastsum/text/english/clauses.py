"""Where a clause can begin in speech that was written down without stops: "so", "but", "and then we"."""

from __future__ import annotations

_STRONG_WORDS = "so but because well okay ok now anyway however then"
_SUBJECT_WORDS = """
    i i'm i've we we're we've you you're he he's she she's it it's they they're there there's this that that's these
    those the a an my our your his her their if when what so then um uh nobody everybody everyone somebody people
"""
_WEAK_WORDS = "which when where while if although though since until unless or"
_STRONG = frozenset(_STRONG_WORDS.split())
_SUBJECTS = frozenset(_SUBJECT_WORDS.split())
_WEAK = frozenset(_WEAK_WORDS.split())
_NEVER_BEFORE = frozenset(("so", "even", "just", "only", "and", "or", "but", "not", "as", "if", "is", "was", "are"))


def opens_clause(before: str, word: str, after: str) -> int:
    """How likely a lower-cased word begins a new statement, from 0 to 3, by its neighbours: "and we" 3, "and tea" 1."""
    if word in _STRONG:
        return 0 if before in _NEVER_BEFORE else 3
    if word == "and":
        return 3 if after in _SUBJECTS else 1
    return 2 if word in _WEAK and before not in _NEVER_BEFORE else 0
