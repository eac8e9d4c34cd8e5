"""Clean text: what every document and summary becomes before anything else."""

from __future__ import annotations

import re
from collections import Counter

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00a0\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff\ufffe\uffff]"
)

_NUMBERS = re.compile(r"\d+")
_PAGE_BREAK = re.compile(  # blank lines, a footer, a form feed, a header, blank lines; each may be missing
    r"\n(?:[ \t]*\n){0,9}(?:([^\n\f]{1,120})\n(?:[ \t]*\n){0,9})?\f[ \t]*\n?"
    r"(?:([^\n\f]{1,120})\n(?:[ \t]*\n){1,9})?(?:[ \t]*\n)*"
)


def clean(text: str) -> str:
    """The text with a space in place of each character that cannot be read (NUL, control, zero width) and of carriage
    returns, and of what a page break puts between two lines; its length and its other line breaks are kept, so that
    offsets into it are offsets into the original."""
    if "\f" in text:
        text = _without_page_breaks(text)
    return _CONTROL.sub(" ", text)


def _without_page_breaks(text: str) -> str:
    """The text with spaces in place of the footer and header at each form feed, as RFCs and printed manuals have them,
    so that a sentence goes on over the break: lines that stand alone and come back, but for their numbers."""
    breaks = list(_PAGE_BREAK.finditer(text))
    seen = Counter(_NUMBERS.sub("#", line.strip()) for found in breaks for line in found.groups() if line)
    parts = []
    done = 0
    for found in breaks:
        if not any(line and seen[_NUMBERS.sub("#", line.strip())] > 1 for line in found.groups()):
            continue
        # The line breaks that stay tell what a reader would see without the page: one where a sentence goes on.
        goes_on = text[found.end() : found.end() + 80].lstrip()[:1].islower()
        kept = "\n" if goes_on else "\n\n"
        parts += [text[done : found.start()], " " * (found.end() - found.start() - len(kept)), kept]
        done = found.end()
    return "".join([*parts, text[done:]])
