"""Clean text: what every document and summary becomes before anything else."""

from __future__ import annotations

import re

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00a0\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The text with a space in place of each character that cannot be read (NUL, control, zero width) and of carriage
    returns; its length and its other line breaks are kept, so that offsets into it are offsets into the original."""
    return _CONTROL.sub(" ", text)
