"""What Word and RTF have in common: fields of formulas, EQ \\f(1,2), on one line, and of signs; raised text."""

from __future__ import annotations

import re

from fastsum.readers.signs import fraction, mixed

RAISED_FROM = 4  # half-points by which text is moved up or down
SYMBOL_FIELD = re.compile(r'\s*SYMBOL\s+(0x[0-9A-Fa-f]{1,6}|\d{1,7})(?:.*?\\f\s+"?([^"\\]+))?', re.DOTALL)
_FRACTION = re.compile(r"\\f\s*\(([^(),;\\]{1,40})[,;]([^(),;\\]{1,40})\)", re.IGNORECASE)
_ROOT = re.compile(r"\\r\s*\((?:\s*[,;])?([^(),;\\]{1,40})\)", re.IGNORECASE)
_FIELD = re.compile(r"\s*EQ\b\s*")
_SWITCH = re.compile(r"\\[^\W\d_]")


def equation(instruction: str, before: str) -> str | None:
    """What a field EQ shows behind the text `before`, if it has fractions and roots of plain text; None for others."""
    field = _FIELD.match(instruction)
    if field is None:
        return None
    text = _FRACTION.sub(lambda of: fraction(of[1], of[2]), instruction[field.end() :])
    text = _ROOT.sub(lambda of: f"√{of[1].strip()}" if of[1].strip().isalnum() else f"√({of[1].strip()})", text)
    if _SWITCH.search(text):
        return None
    last = before[-1:]
    return mixed(last + text.strip())[len(last) :]
