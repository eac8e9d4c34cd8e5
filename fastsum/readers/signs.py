"""Raised and lowered text and fractions on one line, in the one form that all readers use: 10^6, H2O, 1/2."""

from __future__ import annotations

import re

# What stands raised and is no exponent: 1st, 2nd, 10th, N°, trademarks.
_NOT_EXPONENT = re.compile(r"st|nd|rd|th|er|e|ème|o|os|a|as|º|ª|°|TM|SM|™|®|℠|©|['’′″]+", re.IGNORECASE)
_SIMPLE = re.compile(r"[-+−–]?\w+|\w*[-+−]|[*†‡§¶#]+")


def raised(before: str, text: str) -> str:
    """A raised text behind `before`, as it is written on the line: 10^6, m^2, x^(n+1), Ca^2+; ordinals stay 1st.

    Where nothing stands before it that it could belong to, it is returned as it is. A mark of a note looks the same:
    whether it is one is for the reader to decide before.
    """
    bare = text.strip()
    if not bare or _NOT_EXPONENT.fullmatch(bare) or not (before[-1:].isalnum() or before[-1:] in tuple(")]}|%°µΩ")):
        return text
    return f"^{bare}" if _SIMPLE.fullmatch(bare) else f"^({bare})"


def lowered(before: str, text: str) -> str:
    """A lowered text behind `before`, as it is written on the line: H2O, CO2; x_1 and t_max after a single letter."""
    bare = text.strip()
    joined = re.search(r"\w*\Z", before)
    name = joined[0] if joined else ""
    if not bare or not name:
        return text
    simple = bare if _SIMPLE.fullmatch(bare) else f"({bare})"
    # Formulas of chemistry are written without a mark, and so are figures; between letters or after a figure the mark
    # is needed, else the two would be read as one.
    glued = bare.isdigit() and not name[-1].isdigit() and not (len(name) == 1 and name.islower())
    return bare if glued else f"_{simple}"


def fraction(over: str, under: str) -> str:
    """A fraction on one line: 1/2, (a + b)/c."""
    return "/".join(
        part if re.fullmatch(r"[\w.,%]+|\(.*\)", part) else f"({part})" for part in (over.strip(), under.strip())
    )
