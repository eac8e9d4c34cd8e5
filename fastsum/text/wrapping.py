"""Hard-wrapped text: which lines go on in the next one.

Two kinds of evidence join lines. A line that has no stop at its end goes on in one that begins in lower case, whatever
its length. A line goes on in one with a capital where the next word did not fit, if the text is wrapped at all.
Neither joins what the layout keeps apart: items, terms and what they mean, rows of tables, verse, code, quotes of
another depth. The rules look at a run of lines without a blank one, so that a file may be wrapped at several widths.
In a text with verse, lines that begin with capitals and are not filled go on until a sentence ends.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from fastsum.text.language import Language
from fastsum.text.patterns import lazy

MAX_WRAPPED_WIDTH = 200  # characters; a longer line is a paragraph
MIN_WRAPPED_WIDTH = 50  # in a text that has such lines too; shorter ones are headings and the like
WORDS_OF_ITEMS = 4  # a line on average, where lines without any stop are a list of words
FILLED_WIDTH = 60  # from this width on, lines that are filled are prose even if many begin with capitals

_LONG_WORD = 24  # characters
_LEAST_VERSE = 6  # lines that end in a comma
_VERSE_SHARE = 0.2  # of the lines of runs in which most begin with capitals
_VERSE_WIDTH = 80
_INDENTS_OF_VERSE = 16  # columns, by which lines of a stanza stand in
_WITHIN_VERSE = (",", ";")

CLOSERS = "\"'”’»)]"
"""Quotes and brackets that can follow the stop of a sentence."""
OPENERS = "\"'“‘«([`*_"
_BEHIND_STOPS = f"{CLOSERS}*_`"
_STOPS = ".?!…:;。！？"
ITEM = re.compile(r"\s*(?:[-*+•‣◦▪·–—]|o(?= )|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s+(?=\S)|\s*[|│┃]|\s*>|\s*(?:```|~~~)")
ATX = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
SETEXT = re.compile(r"\s{0,3}(?:=+|-{2,})\s*")
_QUOTE = re.compile(r"\s{0,3}(?:>\s?)+")
_GAP = lazy(r"(?<=[^\s.?!:])\s+(?=\S)")  # not the wider one behind a sentence
_FIELD = lazy(r"[A-Z][A-Za-z]*(?:[- ][A-Z]?[A-Za-z]+)?:(?:\s|\Z)")  # License: MIT
_LEAST_FIELDS = 2  # lines of a run
_WIDE_GAP = lazy(r"(?<=\S) {3,}(?=\S)")
_LEAST_COLUMNS = 2
_CODE = lazy(r"[{}\\]\s*\Z|[\w)]\);\Z|=.*;\Z|\A[$%]\s")
_SIGN = lazy(r"[^\w\s,.'\"’]")
_OPTION = lazy(r"-{1,2}\w")
_SCALE = r"(?:million|billion|trillion|per ?cent|percent)\b"
SPLIT_NUMBER = lazy(  # "$56.\n9 million", "by 3.\n5 per cent": converters break lines so
    rf"(?:(?<=[$€£¥])|(?<=\bby )|(?<=\bof )|(?<=\bto )|(?<=\bat )|(?<=\bfrom )|(?<=\bthan ))"
    rf"(\d{{1,3}}\.)[ \t]*\n[ \t]*(\d{{1,3}})(?= ?%|[ \n]{_SCALE})"
)
"""A number that a line end divides at its point; its two parts are the groups."""
_INITIAL = lazy(r"[A-Z]\. [A-Z]")
_HYPHEN = lazy(r"[^\W\d_][-‐]\Z")


class _Line(NamedTuple):
    """A line that is not blank."""

    body: str
    """Without the marks of a quote before it, and white space at its ends."""
    depth: int
    """How many marks of a quote are before it."""
    indent: int
    """Characters before the body, tabs expanded; behind the marks of a quote."""
    width: int
    """Characters with the indent."""
    fitting: int
    """The width without a long word at its end, such as an address, for which there was no other place."""
    whole: str
    """The line with its tabs expanded, without the marks of a quote."""


def has_ended(line: str, stops: str = ".?!…;,。！？") -> bool:
    """Whether one of these stops is at the end of a line, or behind it only quotes, brackets and Markdown's marks: no
    more than three, the white space at its end not counted."""
    last = line.rstrip()[-4:].rstrip(_BEHIND_STOPS)[-1:]
    return last != "" and last in stops


def continued(lines: list[str], language: Language) -> list[bool]:
    """Which lines of a text go on in the next one."""
    joined = [False] * len(lines)
    runs: list[tuple[int, list[_Line]]] = []  # where each begins
    any_long = False
    for first, last in _runs(lines):
        too_long = any(
            len(line) > MAX_WRAPPED_WIDTH and len(line.rstrip()) > MAX_WRAPPED_WIDTH for line in lines[first:last]
        )
        any_long = any_long or too_long
        if not too_long:
            runs.append((first, [_read(line) for line in lines[first:last]]))
    lengths = sorted(line.fitting for _, run in runs for line in run)
    if len(lengths) < 2:
        return joined
    width = lengths[int(0.9 * (len(lengths) - 1))] if len(lengths) >= 10 else lengths[-1]
    followed = [line for _, run in runs for line in run[:-1]]
    closed = sum(has_ended(line.body, _STOPS) for line in followed)
    # Where most lines end in a stop each is a paragraph; among paragraphs of one line, short ones are headings.
    wrapped = not (any_long and width < MIN_WRAPPED_WIDTH) and 2 * closed <= len(followed)
    verse = _has_verse([run for _, run in runs])
    for first, run in runs:
        if len(run) > 1:
            joined[first : first + len(run) - 1] = _joined(run, width, wrapped, verse, language)
    return joined


def _has_verse(runs: list[list[_Line]]) -> bool:
    """Whether a text has verse: short lines with capitals at their beginnings, many of which end in a comma."""
    every = found = 0
    for run in runs:
        pairs = list(pairwise(run)) if max(line.width for line in run) <= _VERSE_WIDTH else []
        capitals = sum(not _begins_lower(b.body) for _, b in pairs)
        if capitals and 10 * capitals >= 7 * len(pairs):
            every += len(pairs)
            found += sum(a.body.endswith(_WITHIN_VERSE) for a, _ in pairs)
    return found >= _LEAST_VERSE and found >= _VERSE_SHARE * every


def _runs(lines: list[str]) -> list[tuple[int, int]]:
    """Where runs of lines without a blank one begin and end."""
    found = []
    first = None
    for number, line in enumerate([*lines, ""]):
        blank = not line or line.isspace() or line.strip() == "."  # which divides paragraphs in Debian's files
        if blank and first is not None:
            found.append((first, number))
            first = None
        elif not blank and first is None:
            first = number
    return found


def _read(line: str) -> _Line:
    whole = line.rstrip()
    if "\t" in whole:
        whole = whole.expandtabs()
    depth = 0
    if ">" in whole[:4] and (quote := _QUOTE.match(whole)):
        depth = quote[0].count(">")
        whole = whole[quote.end() :]
    body = whole.lstrip()
    head, _, last = body.rpartition(" ")
    fitting = len(whole) - len(last) - 1 if head and len(last) > _LONG_WORD else len(whole)
    return _Line(body, depth, len(whole) - len(body), len(whole), fitting, whole)


def _joined(run: list[_Line], width: int, wrapped: bool, verse: bool, language: Language) -> list[bool]:
    """Which lines of a run but its last go on in the next one."""
    own = max(line.fitting for line in run)
    if len(run) >= 4 and own >= MIN_WRAPPED_WIDTH:
        width = min(width, own)
    pairs = list(pairwise(run))
    fields = [_FIELD.match(line.body) is not None for line in run]
    has_fields = sum(fields) >= _LEAST_FIELDS
    filled = [a.width + 1 + len(b.body.split(None, 1)[0]) > width if b.body else False for a, b in pairs]
    lower = [_begins_lower(b.body) for _, b in pairs]
    # Verse, addresses and headers: lines that begin with capitals and are not filled.
    capitals = len(pairs) - sum(lower)
    loose = len(pairs) - sum(filled)
    apart = len(pairs) > 1 and 10 * capitals >= 7 * len(pairs) and (own < FILLED_WIDTH or 3 * loose > len(pairs))
    if apart and verse:
        return [not has_ended(a.body, ".?!…。！？") and _are_of_a_stanza(a, b) for a, b in pairs]
    # A list of words: no line ends or begins as a sentence does.
    words = (
        _begins_lower(run[0].body)
        and capitals == 0
        and sum(len(line.body.split()) for line in run) < WORDS_OF_ITEMS * len(run)
        and not any(has_ended(line.body) for line in run)
    )
    found: list[bool] = []
    for number, (a, b) in enumerate(pairs):
        begins = number == 0 or not found[-1]  # whether a is the first line of a paragraph
        if a.body[-1:] == "." and b.body[:1].isdigit() and SPLIT_NUMBER.search(f"{a.body[-20:]}\n{b.body[:20]}"):
            found.append(True)
            continue
        last = a.body.rsplit(None, 1)[-1] if a.body else ""
        titled = last[-1:] == "." and language.is_personal_title(last[:-1].lstrip(OPENERS))  # "Mr." goes on in the name
        leads = titled or _HYPHEN.search(a.body) is not None or language.leads_on(last)
        full = filled[number] or (
            lower[number] and (a.width >= MIN_WRAPPED_WIDTH or (number == 0 and a.indent > b.indent))
        )
        kept = apart or words
        within = leads or (not begins and not kept)
        found.append(
            not (has_fields and fields[number + 1])
            and not _are_apart(a, b, begins, full, leads)
            and _goes_on(a, b, lower[number] and not words, filled[number] and wrapped and not kept, within, titled)
        )
    return found


def _goes_on(a: _Line, b: _Line, lower: bool, filled: bool, within: bool, titled: bool) -> bool:
    """Whether a line goes on in the next one, which the layout does not keep apart from it."""
    if filled:
        return True
    if has_ended(a.body, _STOPS) and not titled:
        return lower and a.body[-1] == "." and a.indent == b.indent  # an abbreviation, or a name such as "e.g."
    if lower or within:
        return True
    # In capitals only: "THERE IS NO WARRANTY".
    return a.body.isupper() and b.body.isupper() and a.width >= MIN_WRAPPED_WIDTH


def _are_apart(a: _Line, b: _Line, begins: bool, full: bool, leads: bool) -> bool:
    """Whether the layout keeps two lines apart: marks of structure, indents, columns, code."""
    if a.depth != b.depth or not a.body or not b.body:
        return True
    if ATX.match(a.whole) or ATX.match(b.whole) or SETEXT.fullmatch(a.whole) or SETEXT.fullmatch(b.whole):
        return True
    if (ITEM.match(b.body) and not (leads and _INITIAL.match(b.body))) or (
        _OPTION.match(b.body) and not (full or leads)
    ):
        return True
    further = b.indent - a.indent
    if further > 1:
        if not _hangs(a, b) and not (full and further <= 8):
            return True
    elif further < -1 and not (begins and full):
        return True
    if _are_rows(a.whole, b.whole):
        return True
    return not leads and (_has_cells(b.body) or _is_code(a.body) or _is_code(b.body))


def _are_of_a_stanza(a: _Line, b: _Line) -> bool:
    same = a.depth == b.depth and abs(a.indent - b.indent) <= _INDENTS_OF_VERSE
    marked = ITEM.match(b.body) or any(sign.match(line.whole) for sign in (ATX, SETEXT) for line in (a, b))
    return same and not marked and not any(_has_cells(line.body) or _is_code(line.body) for line in (a, b))


def _has_cells(body: str) -> bool:
    """Whether a line is a row of a table or of a table of contents: with a wide gap, and no justified text."""
    if "...." in body or ". . ." in body:
        return True
    if "   " not in body:
        return False
    gaps = [len(gap) for gap in _GAP.findall(body)]
    wide = sum(gap > 1 for gap in gaps)
    justified = len(gaps) >= 4 and 2 * wide >= len(gaps) and min(gaps) < 3 and max(gaps) <= 5
    return max(gaps, default=0) >= 3 and not justified


def _are_rows(one: str, other: str) -> bool:
    """Whether two lines have cells below each other: words behind wide gaps, in the same columns."""
    if "   " not in one.lstrip() or "   " not in other.lstrip():
        return False
    columns, others = ({gap.end() for gap in _WIDE_GAP.finditer(line)} for line in (one, other))
    return len(columns & others) >= _LEAST_COLUMNS


def _is_code(body: str) -> bool:
    return _CODE.search(body) is not None or 4 * len(_SIGN.findall(body)) > len(body)


def _hangs(a: _Line, b: _Line) -> bool:
    """Whether a line begins under the text of an item, or of what a term means: "-a  shows all"."""
    if ITEM.match(a.body):
        return True
    column = a.whole[: b.indent]
    return len(a.whole) > b.indent and column.endswith("  ") and not a.whole[b.indent].isspace()


def _begins_lower(body: str) -> bool:
    return body.lstrip(OPENERS)[:1].islower()
