"""How the text of one line goes on in the next: words and addresses that the end of a line divides."""

from __future__ import annotations

import re
from collections.abc import Set

_CUT = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-\Z")
_WORDS = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# First parts of compounds that keep their hyphen (long-term), and endings that make a single word of them (longest).
_COMPOUND = re.compile(
    "all|cross|ex|first|full|half|high|large|long|low|one|open|real|second|self|short|single|small|third|three|two|well"
)
_SUFFIX = re.compile("(?:age|ary|ened|er|est|fold|hand|ing|ish|ity|i[sz]e|ly|ment|ness|self|ton|way)[ds]?")

# What compounds with many first parts end in.
_PARTNER = re.compile(
    "(?:adjusted|based|dependent|driven|eligible|funded|oriented|owned|related|sized|specific|weighted)"
)
_PARTNER_LETTERS = 4  # of the first part: shorter ones may be prefixes

_ADDRESS = re.compile(r"(?:https?:|ftp:|www\.|doi:|[\w.+-]+@|\W*10\.\d{4,9}/)|(?:[\w-]+\.)+[a-z]{2,}/", re.IGNORECASE)
_BEGINNING = re.compile(r"(?:https?:|ftp:|www\.)", re.IGNORECASE)  # of an address of its own
_MAIL = re.compile(r"\W*[\w.+-]+@[\w.-]*\Z")
_OPEN_END = re.compile(r"[/@.\-_=&?#%~:+]\Z")
_MAIL_END = re.compile(r"[@.\-_]\Z")
# The rest of an address: it has a sign that words do not have, before the end of the sentence.
_REST = re.compile(r"[a-z\d](?:[\w%~+-]*[/_=&?#%~@.:]){1}[\w/]", re.IGNORECASE)
_SCHEME_END = re.compile(r"(?:https?|ftp|doi):?\Z", re.IGNORECASE)


def append(before: str, after: str, words: set[str]) -> tuple[str, int]:
    """A text followed by the next line's, and the offset at which that begins.

    Between them is a space, unless the first ends in a hyphen or within an address. A hyphen that only divides a word
    is taken away; `words` are the document's, in small letters.
    """
    if not before:
        return after, 0
    last = before[before.rfind(" ") + 1 :]
    if last[-1] == "-" and not _is_address(last):
        if only_divides(last, after, words):
            before = before[:-1]
        return before + after, len(before)
    if ("/" in last or "@" in last or "." in last or ":" in last or after[0] in "@/") and _goes_on(last, after):
        return before + after, len(before)
    return f"{before} {after}", len(before) + 1


def _is_address(text: str) -> bool:
    return ("/" in text or "@" in text or "www." in text) and _ADDRESS.search(text) is not None


def _goes_on(last: str, after: str) -> bool:
    """Whether the address in a line's last word, if there is one, goes on in the next line."""
    first = after.split(" ", 1)[0]
    if first[0] == "@":
        return re.fullmatch(r"[\w.+-]+", last) is not None and "." in first
    if _SCHEME_END.search(last):
        return first.startswith("//") or (last.lower().endswith("doi:") and first.startswith("10."))
    if not _is_address(last) or last[-1] in ',;)]>”"' or (_BEGINNING.match(first) and last[-1] != "/"):
        return False
    if _MAIL.match(last):
        return _MAIL_END.search(last) is not None and re.match(r"[a-z\d][\w-]*\.?\w|[a-z]{2,}\W*\Z", first) is not None
    if first[0] in "/?&=#%_~":
        return True
    if not (first[0].isdecimal() or first[0].islower() or (last[-1] in "/-_=" and first[0].isalpha())):
        return False
    if last[-1] == "." or last[-1].isalnum():
        return _REST.match(first) is not None
    return _OPEN_END.search(last) is not None


def only_divides(last: str, after: str, words: Set[str]) -> bool:
    """Whether the hyphen at the end of a line's last word only divides the word; `words` are the document's, in small
    letters."""
    cut = _CUT.search(last)
    rest = _WORDS.match(after)
    if cut is None or rest is None or not after[0].islower():
        return False
    head, tail = cut[1].lower(), rest[0].lower()
    if head + tail in words:
        return True
    if "-" in head:  # up-to-date is no "up-todate", but self-contained may be divided once more
        return head.rpartition("-")[2] + tail in words
    if len(head) >= _PARTNER_LETTERS and head != "inter" and _PARTNER.fullmatch(tail):
        return False
    return not (
        f"{head}-{tail}" in words
        or (_COMPOUND.fullmatch(head.rpartition("-")[2]) is not None and not _SUFFIX.fullmatch(tail))
    )
