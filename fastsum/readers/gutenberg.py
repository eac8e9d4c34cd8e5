"""The licence, notices and credits of Project Gutenberg around a book: longer than many a poem, and no part of it."""

from __future__ import annotations

import re

from fastsum.readers.blocks import LeftOut, Reading, count_letters

_HEAD = 40_000  # characters in which the book begins; the small print of old files has 13,000
_TAIL = 60_000  # characters behind the book; the licence has 19,000
_MOST_CREDITS = 3  # paragraphs
_BEGINS = re.compile(
    r"^\*{3} ?START OF (?:THE|THIS) PROJECT GUTENBERG (?:EBOOK|ETEXT)\b[^*]{0,400}\*{3}[ \t]*$"
    r"|^\*END[* ]?THE SMALL PRINT! FOR (?:PUBLIC DOMAIN|COPYRIGHTED?) ETEXTS?\b.*$"
    r"|^This eBook is for the use of anyone anywhere [^\n]{200,}$"  # a page's first paragraph, where the line is lost
    r"|^\*{3}These Etexts (?:Are|Were) Prepared By .*$",
    re.MULTILINE | re.IGNORECASE,
)
_ENDS = re.compile(
    r"^\*{3} ?END OF (?:THE|THIS) PROJECT GUTENBERG (?:EBOOK|ETEXT)\b"
    r"|^[ \t]*End of (?:the |this )?Project Gutenberg(?:['’]s|-tm)? [^\n]{3,200}$",
    re.MULTILINE | re.IGNORECASE,
)
_CREDITS = re.compile(
    r"\s*(?:(?:Produced|E-?text (?:prepared|produced|scanned)|Prepared|Transcribed|Scanned|This e-?(?:book|text) was"
    r" (?:produced|prepared|transcribed)) by|\(This (?:file|book) was produced|\[?Transcriber['’]s notes?:"
    r"|Note: Project Gutenberg)[^\n]*"
    r"(?:\n[^\n]*\S[^\n]*)*",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^Title: (.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)


def without_licence(reading: Reading) -> Reading:
    """The text at its length with spaces in place of what Project Gutenberg has put around it, which is counted; the
    same reading where there is none. Its title is the one that is stated there, if the format has none."""
    text = reading.text
    if "project gutenberg" not in text[:_HEAD].lower() and "project gutenberg" not in text[-_TAIL:].lower():
        return reading
    begins = list(_BEGINS.finditer(text, 0, _HEAD))
    ends = _ENDS.search(text, max(0, len(text) - _TAIL, begins[-1].end() if begins else 0))
    start, stop = begins[-1].end() if begins else 0, ends.start() if ends else len(text)
    for _ in range(_MOST_CREDITS if begins else 0):
        if (credit := _CREDITS.match(text, start, stop)) is None:
            break
        start = credit.end()
    around = text[:start] + text[stop:]
    if not around.strip() or not text[start:stop].strip():
        return reading
    stated = _TITLE.search(text, 0, start)
    title = reading.title or (" ".join(stated[1].split()) if stated else None)
    left_out = (*reading.left_out, LeftOut("notices of Project Gutenberg", 1, count_letters(around)))
    blank = re.sub(r"[^\n]", " ", text[:start])
    book = text[start:stop] + re.sub(r"[^\n]", " ", text[stop:])
    return reading._replace(text=blank + book, title=title, left_out=left_out)
