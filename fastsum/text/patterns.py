"""Regular expressions that are compiled when they are first used, and the case that they ignore.

Compiling all those of this folder takes 25 ms, and a document needs few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self._source = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        """A method of the compiled pattern; from then on it is an attribute, found without asking here."""
        found = getattr(re.compile(*self._source), name)
        setattr(self, name, found)
        return found


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` returns, but compiled when it is first used."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


def fold(text: str) -> str:
    """The text in lower case, with a character for each, so that what `re.IGNORECASE` finds in it as words of a to z is
    there as these words: it takes the long s for an "s"."""
    if not text.isascii():
        text = text.replace("İ", "i").replace("ı", "i").replace("ſ", "s")
    return text.lower()
