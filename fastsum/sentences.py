"""The sentences of a clean text, as character spans.

Blank lines, Markdown headings, list items and lines broken on purpose are hard boundaries; within a paragraph a stop
is looked at together with what closes and follows it, and a full stop between two words is Punkt's to decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from fastsum.punkt import TITLES, ends_sentence, is_abbreviation
from fastsum.text import SAYS

MAX_SENTENCE_WORDS = 200
MAX_SENTENCE_CHARACTERS = 3000
MAX_HEADING_WORDS = 12
MAX_WRAPPED_WIDTH = 200  # characters; a text with longer lines has one paragraph a line


class Sentence(NamedTuple):
    """Characters `start` to `end` of the clean text; `heading` marks what is no prose (headings, rules)."""

    start: int
    end: int
    heading: bool


_CLOSERS = "\"'”’»)\\]"
# Bounded on every side and tried only at the start of a run of stops, so that no text makes the search quadratic.
_CANDIDATE = re.compile(
    rf"(?<![.?!…])(?P<stop>[.?!…]{{1,40}})(?P<close>(?:[{_CLOSERS}]{{1,4}}(?: [\"”](?= ))?)?)"
    rf"(?P<note>(?:\d{{1,3}}(?:[,–-]\d{{1,3}}){{0,9}})?)\s+(?=(?P<next>\S{{1,40}}))|[。！？][」』”]{{0,3}}"
)
_OPENERS = "\"'“‘«([`*_"
_ATX = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_SETEXT = re.compile(r"\s{0,3}(?:=+|-{2,})\s*")
_ITEM = re.compile(r"\s*(?:[-*+•‣◦▪·–—]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s+(?=\S)|\s*\||\s*>|\s*(?:```|~~~)")
_CLOSED = re.compile(rf"[.?!…:;。！？][{_CLOSERS}*_]*\Z")
_ENDED = re.compile(rf"[.?!…;,。！？][{_CLOSERS}*_]*\Z")
_NUMERAL = re.compile(r"\s*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})")
_ZERO = re.compile(r"(?<![\d.,])0\Z")
_NUMBERED = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,4})\.\s+[A-Z]\S*(?:\s+\S+){0,5}\s*")
_LETTER = re.compile(r"[^\W\d_]")


def sentences(text: str) -> list[Sentence]:
    """The sentences of a clean text in order: never empty, no white space at either end, covering all else.

    Blank lines, Markdown headings, list items and lines broken on purpose are boundaries; within a paragraph Punkt
    decides (Kiss and Strunk 2006). Linear in the length of the text; a sentence of over 200 words or 3,000 characters
    comes in pieces.
    """
    lower = _is_lower(text)
    found: list[Sentence] = []
    for start, end, heading in _blocks(text):
        cuts = [] if heading else _cuts(text, start, end, lower)
        for left, right in zip([start, *cuts], [*cuts, end], strict=True):
            found.extend(Sentence(*span, heading) for span in _pieces(text, left, right))
    return found


def is_heading(line: str) -> bool:
    """Whether a line that stands alone is a heading: marked with #, or at most 12 words without closing punctuation."""
    if _ATX.match(line):
        return True
    return (
        len(line) < 30 * MAX_HEADING_WORDS
        and 0 < len(line.split()) <= MAX_HEADING_WORDS
        and _LETTER.search(line) is not None
        and (not _ITEM.match(line) or _NUMBERED.fullmatch(line) is not None)
        and not _ENDED.search(line.rstrip()[-4:])
    )


def _is_lower(text: str) -> bool:
    """Whether the text has given up capitals, so that they cannot tell where a sentence begins."""
    capitals = len(re.findall(r"[A-Z]", text))
    return capitals * 200 < len(re.findall(r"[a-z]", text))


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether a heading of what lies between hard boundaries."""
    lines = []
    start = 0
    for raw in text.split("\n"):
        lines.append((start, raw))
        start += len(raw) + 1
    joins = _line_joiner([raw for _, raw in lines])
    blocks: list[tuple[int, int, bool, bool]] = []  # start, end, looks like a heading, marked as one
    first = 0
    for number, (offset, raw) in enumerate(lines):
        if number + 1 < len(lines) and joins(number):
            continue
        begin, end = lines[first][0], offset + len(raw)
        single = first == number
        first = number + 1
        if not text[begin:end].strip():
            continue
        if single and blocks and _SETEXT.fullmatch(raw):
            if blocks[-1][1] + 1 == begin and not blocks[-1][3]:
                blocks[-1] = (*blocks[-1][:2], True, True)
            blocks.append((begin, end, True, True))
            continue
        marked = single and (_ATX.match(raw) is not None or not re.search(r"\w", raw))
        blocks.append((begin, end, marked or (single and is_heading(raw)), marked))
    # Short lines without a full stop are headings only where there is prose for them to head.
    prose = any(not heading for _, _, heading, _ in blocks)
    for position, (begin, end, heading, marked) in enumerate(blocks):
        last = position + 1 == len(blocks)
        yield begin, end, marked or (heading and prose and not last)


def _line_joiner(lines: list[str]) -> Callable[[int], bool]:
    """Whether line i runs on into line i + 1: the text is hard-wrapped and the next word no longer fitted."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(lengths) < 2:
        return lambda _: False
    width = lengths[int(0.9 * (len(lengths) - 1))] if len(lengths) >= 10 else lengths[-1]
    followed = [line for line, after in pairwise(lines) if line.strip() and after.strip()]
    closed = sum(_CLOSED.search(line.rstrip()[-4:]) is not None for line in followed)
    if width > MAX_WRAPPED_WIDTH or 2 * closed > len(followed):
        return lambda _: False
    structural = [not line.strip() or bool(_ATX.match(line) or _SETEXT.fullmatch(line)) for line in lines]

    def joins(number: int) -> bool:
        after = lines[number + 1]
        if structural[number] or structural[number + 1] or _ITEM.match(after):
            return False
        return len(lines[number].rstrip()) + 1 + len(after.split(maxsplit=1)[0]) > width

    return joins


def _cuts(text: str, start: int, end: int, lower: bool) -> list[int]:
    """Where in a block a new sentence begins."""
    cuts = []
    for match in _CANDIDATE.finditer(text, start, end):
        if match["stop"] is None or _ends(match, start, lower):
            cuts.append(match.end())
    return cuts


def _ends(match: re.Match[str], start: int, lower: bool) -> bool:
    """Whether the stop of a candidate ends a sentence of the block that begins at `start`."""
    stop, close, note, after = match.group("stop", "close", "note", "next")
    if after[0] == ".":
        return False
    head = match.string[max(start, match.start() - 40) : match.start()]
    word = "" if head[-1:].isspace() else (head.split() or [""])[-1].lstrip(_OPENERS)
    if note and not (word[-1:].isalpha() or close):
        return False  # 3.5, not a note at a word's end
    bare = after.lstrip(_OPENERS)
    begins_lower = bare[:1].islower()
    if "?" in stop or "!" in stop:
        quoted = any(mark in close for mark in "\"'”’»")
        if quoted and SAYS.match(match.string[match.end() : match.end() + 60]):
            return False
        return lower or not begins_lower
    if begins_lower and not lower and (close or len(stop) > 1):
        return False
    if len(stop) > 1 or stop == "…":
        return not lower or len(stop) > 3
    if close or note:
        return True
    if word.lower() in TITLES or (after[0] in "([" and is_abbreviation(word)):
        return False
    if match.start() - start <= 4 and _NUMERAL.fullmatch(head):
        return False  # the number of a section or an item
    if bare[:1].isdigit() and _ZERO.search(word):
        return False  # a decimal set apart: p < 0. 001
    if lower and word[-1:].isdigit():
        return True
    return ends_sentence(word, bare or after)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch without the white space around it, cut where it is too long to be a sentence."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    if end - start > MAX_SENTENCE_WORDS:  # characters, an upper bound of words
        words = [start + match.start() for match in re.finditer(r"\S+", text[start:end])]
        if len(words) > MAX_SENTENCE_WORDS or end - start > MAX_SENTENCE_CHARACTERS:
            yield from _cut_long(text, start, end)
            return
    if start < end:
        yield start, end


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        window = text[start : min(end, start + MAX_SENTENCE_CHARACTERS)]
        words = list(re.finditer(r"\S+", window))
        if not words:
            return
        start += words[0].start()
        window = window[words[0].start() :]
        if len(words) > MAX_SENTENCE_WORDS:
            size = words[MAX_SENTENCE_WORDS].start() - words[0].start()
        else:
            size = len(window)
        if start + size < end:
            half = size // 2
            for mark in ("; ", ", ", " ", "\n"):
                place = window.rfind(mark, half, size)
                if place >= 0:
                    size = place + 1
                    break
        piece = window[:size].rstrip()
        if piece:
            yield start, start + len(piece)
        start += size
