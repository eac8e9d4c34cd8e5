"""Headings among the lines and paragraphs of a document, and those that paragraphs begin with."""

from __future__ import annotations

import re

from fastsum.readers.blocks import is_reference_heading
from fastsum.readers.pages.typography import BOLD, LARGE, WIDE_PITCH, Typography, is_bold
from fastsum.readers.pages.words import Line

# Sizes are shares of the usual font size of the document.
_TITLE = 1.35
_HEADING_SIZE = 0.85
_HEADING_LINES = 3
_HEADING_WORDS = 20
_CAPITAL_WORDS = 10
_LEAD_WORDS = 14
_LEAD_REST = 10  # characters
_SECTION = re.compile(r"(?:(?:\d{1,2}|[IVXLC]{1,6}|[A-Z])(?:\.\d{1,2}){0,3}[.)]?\s+)(?=[A-Z])")
_NAMED = re.compile(
    r"(?:abstract|summary|introduction|acknowledge?ments?|conclusions?|appendix(?: [A-Z\d])?)\Z", re.IGNORECASE
)
_FLOAT = re.compile(r"(?i:fig|tab|scheme|plate|box|listing|algorithm|supplementary|extended)")
_MOSTLY_WORDS = 0.5
_WORD = re.compile(r"[^\W\d_]{2}")
_ENDED = re.compile(r"[.?!:;…][\"”’»)\]]*\Z")
# Words that begin a sentence and no name: after bold words without a stop they show that these are a heading.
_OPENINGS = frozenset(
    (
        "A", "After", "All", "Although", "An", "As", "At", "Because", "Before", "Both", "By", "Each", "For", "From",
        "He", "How", "If", "In", "It", "Its", "Most", "No", "On", "One", "Our", "She", "Since", "Some", "That", "The",
        "Their", "There", "These", "They", "This", "Those", "Three", "To", "Two", "Under", "Until", "We", "What",
        "When", "Where", "While", "With", "You",
    )
)  # fmt: skip


def with_leads(flow: list[Line], usual: Typography) -> list[Line]:
    """The lines of a column; a bold heading that a paragraph begins with is a line of its own."""
    lines: list[Line] = []
    for line in flow:
        above = lines[-1] if lines else None
        if line.lead and (
            above is None
            or _ENDED.search(above.text)
            or is_bold(above, usual)
            or above.y - line.y > WIDE_PITCH * usual.pitch(line)
        ):
            lead, rest = line.text[: line.lead], line.text[line.lead + 1 :]
            if _is_run_in(lead, rest):
                heavy = usual.weight + BOLD
                lines.append(line._replace(text=lead.rstrip(". —–"), weight=heavy, lead=0))
                line = line._replace(text=rest, weight=usual.weight, lead=0, hang=0.0)
            elif len(rest) > _LEAD_REST:
                line = line._replace(weight=usual.weight)  # the line goes on, however bold most of it is
        lines.append(line)
    return lines


def _is_run_in(lead: str, rest: str) -> bool:
    """Whether the bold words at the beginning of a paragraph are its heading, and no name in bold print."""
    if not (lead[0].isupper() or lead[0].isdecimal()) or len(lead.split()) > _LEAD_WORDS or _FLOAT.match(lead):
        return False
    if sum(map(str.isalpha, lead)) < 3 or lead[-1] in ":,;" or not (rest[0].isupper() or rest[0] in '“"‘('):
        return False
    return lead[-1] in ".?!—–" or rest.split(" ", 1)[0] in _OPENINGS


def is_heading(text: str, lines: list[Line], usual: Typography) -> bool:
    words = text.split()
    if len(lines) > _HEADING_LINES or len(words) > _HEADING_WORDS or sum(map(str.isalpha, text)) < 3:
        return False
    bare = _SECTION.sub("", text, count=1)
    if is_reference_heading(text) or _NAMED.match(bare):
        return True
    if sum(_WORD.search(word) is not None for word in words) < _MOSTLY_WORDS * len(words):
        return False
    size = lines[0].size / usual.size
    if text[-1] in ".,;" or not (bare[0].isupper() or bare[0].isdigit() or size > _TITLE):
        return False
    if size > LARGE or (size > _HEADING_SIZE and is_bold(lines[0], usual)):
        return True
    short = len(lines) == 1 and len(words) <= _CAPITAL_WORDS and size > _HEADING_SIZE
    return short and (text.isupper() or (lines[0].italic and not usual.italic and text[-1] not in ":?!"))


def style(text: str, line: Line, usual: Typography) -> tuple[float, bool, bool, bool]:
    """A heading's level, as a key to sort by: larger, bold and upper-case headings are higher."""
    return round(2 * line.size) / 2, is_bold(line, usual), text.isupper(), not line.italic
