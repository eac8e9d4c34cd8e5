"""The sentences of a clean text, as character spans.

No sentence crosses a boundary of `segments`. Within a segment a stop is judged by what closes and follows it, and a
full stop between two words by Punkt (Kiss and Strunk 2006). What depends on the language is asked of a `Language`.

What the special cases are worth (docs/experiments/2026-11-29-rules.md; summaries that are better by it, of those read):

wrapped lines joined                     8 of 10; e-mails
a quoted question and who asked          8 of 15
a space after every point                4 of 9; 11 of 162 papers of PMC, all of one data set, cut at "H3." without it
abbreviated genus, "S.A."                4 of 5
a note behind a full stop                3 of 4
the world No.1 spot                      3 of 3
a person's title, a bracket follows      1 of 4; the two worse ones took "MS." for Ms., which is fixed
the page p. 12; (L.) P. Beauvois; 0. 03  1 of 2; 1 of 2; 1 of 1
numerals of sections and items           0 of 10, none worse: the number of a section is no sentence
Chinese and Japanese stops               not in these rows; without them such a text is one sentence
"""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

from fastsum.text.english import rules as english
from fastsum.text.language import Language
from fastsum.text.patterns import lazy
from fastsum.text.pieces import CHARACTERS_OF_STOP, MOST_UNSTOPPED_WORDS, pieces
from fastsum.text.segments import LETTER, Segment, segments
from fastsum.text.wrapping import CLOSERS, ITEM, OPENERS, SPLIT_NUMBER, has_ended

MAX_LINK_CHARACTERS = 300
MAX_TITLE_WORDS = 20  # of a figure's title, or of a heading among long paragraphs
LONG_PARAGRAPH = 400  # characters
_HEAD_WORDS = 6  # of a line without a stop that no mark makes a heading: longer ones may be the beginning of a sentence


class Kind(IntEnum):
    """What a sentence is for: only prose belongs in a summary."""

    PROSE = 0
    HEADING = 1
    """A line that heads prose."""
    BOILERPLATE = 2
    """Rules, page furniture, captions, bylines, what follows a paper's end, and pieces of no meaning."""


class Sentence(NamedTuple):
    """Characters `start` to `end` of the clean text."""

    start: int
    end: int
    kind: Kind

    @property
    def is_prose(self) -> bool:
        """Whether a summary may have it."""
        return self.kind is Kind.PROSE

    @property
    def is_heading(self) -> bool:
        """Whether the sentences that follow are its section."""
        return self.kind is Kind.HEADING


_MARKS = ".?!…。！？»"  # where a candidate begins
_CLOSERS = re.escape(CLOSERS) + "*_"
# Bounded on every side and tried only at the start of a run of stops, so that no text makes the search quadratic. The
# groups: stop, what closes behind it, a note, the next word; a link's mark.
_CANDIDATE = re.compile(
    rf"(?<![.?!…])([.?!…]{{1,40}})((?:[{_CLOSERS}]{{1,4}}(?: [\"”](?= ))?)?)"
    r"((?:\d{1,3}(?:[,–-]\d{1,3}){0,9}|[¹²³⁴-⁹]{1,3}|\[\d{1,3}(?:[,–-] ?\d{1,3}){0,9}\])?)\s+(?=(\S{1,40}))"
    r"|[。！？][」』”]{0,3}|(»)(?!\S)[ .]*"
)
_NUMERAL = lazy(r"\s*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})")
_NUMBERED = lazy(r"\s*[A-Z][A-Za-z]{2,11}\.? \d{1,3}")  # Theorem 2. Let x be
_NAMED = lazy(r"(?<![^\W\d_])([^\W\d_]+) [A-Z]\Z")  # what a letter belongs to
_INITIALS = lazy(r"[A-Z]\.")
_SMILEY = lazy(r"[:;=]-?[()DP/](?=\s|\Z)")
_ASIDE = lazy(r"\[[A-Za-z][a-z][^][.?!]{1,60}\]\s+(?=[A-Z\"“—\d])")  # Great. [applause] No
_NO_SPACE = lazy(r"[.?!][\"”’)]?[\"“‘(]?([A-Z][a-z]*)(?=[ \n,’'])")
_WORD_BEFORE = lazy(r"(?:\A|[\s\"“‘(-])([A-Za-z]?[a-z]+)\Z")
_ZERO = lazy(r"(?<![\d.,])0\Z")
_GENUS = lazy(r"(?:\A|[-,/(])[A-Z][^\W\d_]{0,2}\Z")  # Ae. aegypti, rice-M. oryzae
_DOTTED = lazy(r"[^\W\d_]\.[^\W\d_]{1,2}\Z")  # Petrobras S.A. was fined
_SMALL_WORD = lazy(r"[a-z]+\b(?!-)")  # not a name such as p53 or mRNA
_BLANK_LINE = lazy(r"\n[^\S\n]*\n")
# "(ii) Outliers", an item, and what continues or calls.
_NO_TITLE = lazy(rf"\A\(?[ivxIVX]{{1,4}}\)|[?!:;,][{_CLOSERS}]*\Z")
_POINT = re.compile(r"\.\d(?<=\d\.\d)")  # begun with the point, it is searched ten times as fast
_SPACED_POINT = lazy(r"\d\. \d")
_YEAR = lazy(r"\b(?:19|20)\d\d\Z")
_AUTHOR = lazy(r"\([A-Z]\Z")  # Setaria italica (L.) P. Beauvois
_PANELS = tuple(
    (lazy(rf"\s*{one}"), lazy(rf"\s{two}"))
    for one, two in ((r"\( ?[Aa] ?\) ", r"\( ?[Bb]\b"), (r"A\. [A-Z]", r"B\. [A-Z]"))
)
_CAPITALS, _SMALL_LETTERS = bytes(range(65, 91)), bytes(range(97, 123))  # A to Z, a to z


def sentences(text: str, language: Language = english, apart: frozenset[int] = frozenset()) -> list[Sentence]:
    """The sentences of a clean text in order: never empty, without white space at their ends, covering everything else.

    Blank lines, Markdown headings, list items and lines broken on purpose are boundaries; within a paragraph Punkt
    decides (Kiss and Strunk 2006). Lines that begin at the offsets `apart` begin a paragraph. Linear in the length of
    the text; a sentence of over 200 words or 3,000 characters comes in pieces.
    """
    lower = is_lower(text)
    spaced = _has_spaced_points(text)
    found_segments = segments(text, language, apart)
    has_titles = not lower and _has_titles(text, found_segments, language)
    last = found_segments[-1].end if found_segments else 0  # no text follows it
    marks = _positions(text)
    unstopped = _is_unstopped(text)
    found: list[Sentence] = []
    unended = -1  # where the paragraph above ended in a word, without a stop
    finished = False  # whether the paper is over and thanks, interests or references have begun
    for start, end, heading in found_segments:
        block = text[start:end].strip()
        if heading:
            furniture = LETTER.search(block) is None or language.is_boilerplate(block)
            finished = (2 * start > len(text) and language.is_back_matter(block)) or (finished and furniture)
            whole = Kind.BOILERPLATE if furniture else Kind.HEADING
        else:
            whole = Kind.BOILERPLATE if finished or language.is_apparatus(block) else Kind.PROSE
        # Mail is often written without capitals: "anyway. do i need to bring anything? let me know."
        small = lower or (block[0].islower() and len(block) > 80 and block == block.lower())
        # The rest of a sentence that a display or the end of a column parts from its beginning says nothing by itself.
        is_rest = (
            not small
            and not apart  # who writes messages may begin them in small letters
            and unended >= 0
            and _SMALL_WORD.match(block) is not None
            and _BLANK_LINE.search(text, unended, start + 1) is not None
        )
        is_head = heading and (block[0] == "#" or block.count(" ") < _HEAD_WORDS)
        unended = start + len(text[start:end].rstrip()) if block[-1].isalnum() and not is_head else -1
        cuts = [] if heading else _cuts(text, start, end, marks, small, spaced, language)
        may_be_prose = whole is Kind.PROSE
        kind = whole  # of its sentences, where each by itself is prose
        if has_titles and may_be_prose and end < last:
            kind = _kind_of_title(block, text[start : cuts[0] if cuts else end].strip(), language)
        for left, right in zip([start, *cuts], [*cuts, end], strict=True):
            follows = left > start  # a sentence of the same paragraph
            for span in pieces(text, left, right, unstopped, language):
                piece = text[span[0] : span[1]]
                no_prose = may_be_prose and (
                    language.is_fragment(piece)
                    or language.is_boilerplate(piece)
                    or (follows and not lower and language.lost_its_subject(piece))
                    or (is_rest and left == start)
                )
                found.append(Sentence(*span, Kind.BOILERPLATE if no_prose else kind))
                follows = False
    return found


def lacks_stops(text: str) -> bool:
    """Whether a clean text has paragraphs but hardly any stops, so that its sentences are pieces of `pieces`."""
    return _is_unstopped(text) and any(
        len(text[start:end].split()) > 2 * MOST_UNSTOPPED_WORDS for start, end, _ in segments(text)
    )


def _is_unstopped(text: str) -> bool:
    enough = len(text) / CHARACTERS_OF_STOP
    # Who writes semicolons writes stops too: statutes and old novels have long sentences, but these are sentences.
    return text.count(".") < enough and sum(map(text.count, _MARKS + ";")) < enough


def is_lower(text: str) -> bool:
    """Whether the text is lower-cased, so that capitals do not show where a sentence begins."""
    letters = text.encode("utf-8", "surrogatepass")  # bytes are counted faster, and no letter is among those of others
    capitals = 200 * (len(letters) - len(letters.translate(None, _CAPITALS)))
    return capitals < len(letters) and capitals < len(letters) - len(letters.translate(None, _SMALL_LETTERS))


def _has_spaced_points(text: str) -> bool:
    """Whether a conversion has put a space after every full stop: "2. 5 mg of H3. 3 from www. foo. org"."""
    return _POINT.search(text) is None and len(list(islice(_SPACED_POINT.finditer(text), 4))) == 4


def _is_point(match: re.Match[str]) -> bool:
    """Whether the stop of a candidate in such a text is within a number or a name."""
    if match[1] != "." or match[2]:
        return False
    before = match.string[max(0, match.start() - 5) : match.start()]
    in_number = before[-1:].isdigit() and match[4][0].isdigit() and _YEAR.search(before) is None
    return in_number or match[4][0].islower()


def _has_titles(text: str, parts: list[Segment], language: Language) -> bool:
    """Whether a short paragraph may be a figure's title or a long heading: most of the text is in long ones, and it
    reports research."""
    in_long = sum(end - start for start, end, _ in parts if end - start >= LONG_PARAGRAPH)
    return 2 * in_long > len(text) and language.reports_research(text)


def _kind_of_title(block: str, first: str, language: Language) -> Kind:
    """What a paragraph is, by its first sentence, where short ones can be titles: prose unless it is one."""
    short = len(first) < 30 * MAX_TITLE_WORDS and 0 < len(first.split()) <= MAX_TITLE_WORDS
    if not short or _NO_TITLE.search(first) or ITEM.match(first) or not language.is_title(first):
        return Kind.PROSE
    if first == block:
        heads = first[0].isupper() and not has_ended(first)
        return Kind.HEADING if heads else Kind.BOILERPLATE
    # "Model comparison. (A) The scores of the models. (B) ..." is a legend.
    panels = any(one.match(block, len(first)) and two.search(block, len(first)) for one, two in _PANELS)
    return Kind.BOILERPLATE if panels else Kind.PROSE


def _positions(text: str) -> list[int]:
    """Where the marks of a text are, in order: each is searched by itself, which is faster than for one of them all."""
    found = [match.start() for mark in _MARKS if mark in text for match in re.finditer(re.escape(mark), text)]
    return sorted(found)


def _cuts(
    text: str, start: int, end: int, marks: list[int], lower: bool, spaced: bool, language: Language
) -> list[int]:
    """Where in a block a new sentence begins."""
    cuts: list[int] = []
    read = start
    for at in marks[bisect_left(marks, start) : bisect_left(marks, end)]:
        match = _CANDIDATE.match(text, at, end) if at >= read else None
        if match is None:
            if at >= read and text[at - 1 : at].islower() and _lacks_space(text, at, end, language):
                cuts.append(at + 1)
                read = at + 1
            continue
        read = match.end()
        if match[5]:
            begun = cuts[-1] if cuts else start
            ends = read - begun < MAX_LINK_CHARACTERS and language.is_link(text[begun:read])
        else:
            ends = match[1] is None or (not (spaced and _is_point(match)) and _ends(match, start, lower, language))
        if ends:
            cuts.append(read)
            if text[read : read + 1] == "[" and (aside := _ASIDE.match(text, read, end)):
                cuts.append(aside.end())
    return cuts


def _lacks_space(text: str, at: int, end: int, language: Language) -> bool:
    """Whether the stop at `at` ends a sentence though no space is behind it: "It is done.The next"; no name of a file
    or of a part of a program."""
    found = _NO_SPACE.match(text, at, end)
    if found is None or (before := _WORD_BEFORE.search(text, max(0, at - 20), at)) is None:
        return False
    return language.ends_sentence(before[1], found[1]) and language.is_ordinary(found[1])


def _ends(match: re.Match[str], start: int, lower: bool, language: Language) -> bool:
    """Whether the stop of a candidate ends a sentence of the block that begins at `start`."""
    stop, close, note, after, _ = match.groups()
    if after[0] == ".":
        return False
    begun = match.start()
    if after[0].isdigit() and SPLIT_NUMBER.search(match.string, max(start, begun - 10), match.end() + 20):
        return False
    head = match.string[max(start, begun - 40) : begun]
    word = "" if not head or head[-1].isspace() else head.rsplit(None, 1)[-1].rpartition("—")[2].lstrip(OPENERS)
    bare = after.lstrip(OPENERS)
    if stop == "." and not (close or note):
        # The number of a section or an item.
        numeral = begun - start <= 24 and (_NUMERAL if begun - start <= 4 else _NUMBERED).fullmatch(head) is not None
        if len(word) == 1 and word.isupper() and bare[:1].isupper() and (named := _NAMED.search(head)):
            return not _INITIALS.match(after) and (
                language.takes_letter(named[1]) or language.ends_sentence(word, bare)
            )
        return not numeral and _full_stop_ends(word, bare, after, lower, language)
    if note and (not (note[0] == "[" or word[-1:].isalpha() or word[-1:] in ")]%" or close) or len(word) == 1):
        return False  # 3.5 or n.12, not a note at a word's end
    begins_lower = bare[:1].islower()
    if "?" in stop or "!" in stop:
        if after[0] in "—–-:(" and (close or after[0] != "("):
            follows = match.string[match.end() : match.end() + 4]
            if after[0] in ":(" or follows.lstrip("—–- ")[:1].islower():
                return False  # "Who feeds the cat?" - such things
        quoted = any(mark in close for mark in "\"'”’»")
        if quoted and language.continues_quotation(match.string[match.end() : match.end() + 60]):
            return False
        return lower or not begins_lower
    if begins_lower and not lower and (close or len(stop) > 1 or (note and _SMALL_WORD.match(bare))):
        return False  # also a name with a number: the world No.1 spot
    if len(stop) > 1 or stop == "…":
        return not lower or len(stop) > 3
    return not (close.startswith(")") and _AUTHOR.search(head))


def _full_stop_ends(word: str, bare: str, after: str, lower: bool, language: Language) -> bool:
    """Whether a full stop between `word` and `after`, which is `bare` without what opens it, ends a sentence."""
    if language.is_personal_title(word) or (after[0] in "([" and language.is_abbreviation(word)):
        return False
    if bare[:1].isdigit() and (_ZERO.search(word) or (not lower and len(word) == 1 and word.islower())):
        return False  # a decimal set apart: p < 0. 001; the page p. 12, the tomb t. 58
    if (
        not lower
        and bare[:1].islower()
        and ((after[0] not in "([" and _GENUS.search(word)) or _DOTTED.search(word) or language.is_cut_short(word))
    ):
        return False
    if after[0] in "§¶&=≤±:;" and (after[0] not in ":;" or _SMILEY.match(after)):
        return False
    if lower and word[-1:].isdigit():
        return True
    return language.ends_sentence(word, bare or after)
