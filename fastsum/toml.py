"""Parse TOML, and suggest corrections of misspelt keys."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def parse(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises ValueError, with what is wrong and where, for any other text."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def suggestion(name: str, known: Iterable[str]) -> str:
    """In brackets, the known name that is most similar to `name`, or all known names if none is similar."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f" (did you mean {close[0]}?)" if close else f" (known: {', '.join(names) or 'none'})"
