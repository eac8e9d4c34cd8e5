"""The labels of turns: what stands before what somebody says, in the forms that transcripts and chats have.

    Ada: ...    **Ada:** [00:41] ...    Ada Example [00:41]: ...    [00:01:02] Ada: ...    Q. ...    SIR PETER. ...
    <ada> ...   2026-03-03 09:12:50 <ada> ...    [02.03.26, 09:15:01] Ada: ...    3/2/26, 9:15 AM - Ada: ...
    and on lines of their own: Ada Example  0:41, 0:41, ADA EXAMPLE, Ada Example -- Chief Executive Officer

A line is read by itself here; whether labels are labels is decided by all lines together, in `turns`.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from fastsum.text.patterns import lazy

_LONGEST = 160  # characters of a line in which a label ends
_HEAD = 60  # characters in which the mark of a label stands
_MOST_NAME = 48  # characters
_MOST_NAME_WORDS = 6

_CLOCK = r"(?:\d{1,2}:\d{1,2}:\d{1,2}\.\d{1,7}|\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?\s?[Mm]\b\.?)?)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d\d[-/.]\d\d|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    rf"|\d{{1,2}} {_MONTH} \d{{4}}|(?:Yesterday|Today|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day))"
)
_STAMP = rf"(?:{_DATE}(?:,? at|,|T)?\s{{0,2}})?{_CLOCK}Z?"
_TO = rf"(?:\s{{0,2}}(?:-->|[-–])\s{{0,2}}{_CLOCK})?"  # the end of a range
_OPEN, _CLOSE = r"\\?[\[(]", r"\\?[\])]"
_TIME = rf"(?:{_OPEN}({_STAMP}){_TO}{_CLOSE}|({_STAMP}){_TO})"
_BRACKETED = rf"{_OPEN}({_STAMP}){_TO}{_CLOSE}"
_PRE = r"[ \t]{0,40}(?:[-*•] )?(?:#{1,6} )?[*_]{0,3}"
_POST = r"[*_]{0,3}"
_NAME = rf"([^\s:<>\[\](){{}}|#*_\\\"“][^:<>\[\]{{}}|*\\\"“\n]{{0,{_MOST_NAME - 1}}}?)"
_ROLE = r"(?:\s{1,3}\([^()\n]{1,30}\))?"
_NICK = r"<([@+%&~ ]?[^\s<>]{1,30})>"

_DIGIT_FIRST = (  # a time, and perhaps a name
    lazy(rf"{_PRE}{_TIME}{_POST}\s{{0,3}}(?:[-–—]\s)?{_NICK}:?\s+"),
    lazy(rf"{_PRE}{_TIME}{_POST}:?\s{{0,3}}(?:[-–—]\s)?[*_]{{0,3}}{_NAME}{_ROLE}{_POST}\s?:{_POST}(?:\s+|\Z)"),
)
_NICK_FIRST = lazy(rf"[ \t]{{0,4}}{_NICK}:?\s+(?=\S)")
_NAME_TIME = (  # a name, and a time
    lazy(rf"{_PRE}{_NAME}{_ROLE}{_POST}\s{{0,3}}:?{_POST}\s{{0,3}}{_BRACKETED}{_POST}\s?:?{_POST}(?:\s+|\Z)"),
    lazy(rf"{_PRE}{_NAME}{_ROLE}{_POST}(?:\s{{1,8}}|,\s|\s?[|•·–—-]\s){_TIME}{_POST}:?{_POST}\s*\Z"),
)
_BRACKET_NAME_TIME = lazy(rf"\[([^\[\]<>:]{{2,48}})\]\s{{1,3}}({_STAMP})\s*\Z")
_ZOOM = lazy(r"From\s+(.+?)(?:\s+[Tt]o\s+\S.*)?\Z")  # From Ada Example to Everyone
_TIME_NAME_ALONE = lazy(rf"{_PRE}{_TIME}{_POST}\s{{1,4}}(?:[-–—]\s)?[*_]{{0,3}}{_NAME}{_ROLE}{_POST}\s*\Z")
_TIME_ALONE = lazy(rf"{_PRE}{_TIME}{_POST}:?\s*\Z")
_TIME_FIRST = lazy(rf"{_PRE}(?:{_BRACKETED}|({_STAMP}){_TO}\s(?:[-–—]\s)?){_POST}:?\s{{0,3}}(?=\S)")
_NAMED = lazy(rf"{_PRE}{_NAME}{_ROLE}{_POST}\s?:{_POST}(?:{_POST}\s+|\Z)")
_TESTIMONY = lazy(r"\s{0,30}([QA])(?:(?:\.|:|\.:)\s+|(?:  |\t)\s*)(?=\S)")
_CUE = lazy(rf"{_PRE}([A-Z][A-Z0-9'’. &-]{{1,30}}){_ROLE}{_POST}\s*\Z")
_TITLED = lazy(rf"{_PRE}{_NAME}{_POST} (?:--|—) [A-Z][^.?!\n]{{2,90}}\Z")
_STAGE = lazy(
    rf"{_PRE}((?:(?:MRS?|MS|DR|ST)\. )?[A-Z][A-Z'’-]+(?: [A-Z][A-Z'’-]+){{0,3}})"
    rf"(?:\s{{1,3}}[(\[][^()\[\]\n]{{1,60}}[)\]])?\.{_POST}\s+(?=\S)"
)
_NAME_WORD = re.compile(r"[^\W_]")
_SMALL_WORDS = "al and av bin da de del della den der des di dos du el en ibn la le of the van von y und zu &"
_SMALL = frozenset(_SMALL_WORDS.split())  # of a name
_ENDS_NAME = ",;?!"


class Form(Enum):
    """How a label is written."""

    DATED = "a date and a speaker, or a nickname in angle brackets"
    TIMED = "a time and a speaker"
    TIME = "a time before words"
    TIME_ALONE = "a time on a line of its own"
    NAMED = "a name and a colon"
    TESTIMONY = "Q. or A."
    CUE = "capitals on a line of their own, or a name and a title"
    STAGE = "capitals and a full stop"


class Label(NamedTuple):
    """What stands before the words of a turn."""

    form: Form
    speaker: str
    """"" where only a time stands."""
    time: str
    end: int
    """Where in its line the words begin; at the line's end where they begin on the next."""


def label_of(line: str) -> Label | None:
    """What may be a label at the beginning of a line; None where there is none, which is soon known of prose."""
    head = line[:_HEAD].lstrip(" \t-*_#[(\\•")
    first = head[:1]
    if not first:
        return None
    line = line[:_LONGEST]
    if first.isdigit() or ":" not in head:
        return _stamped(line) if first.isdigit() and ":" in head else _unmarked(line, head)
    if "<" in head and (found := _NICK_FIRST.match(line)):
        return Label(Form.NAMED, found[1].strip("@+%&~ "), "", found.end())
    if line[0] == "[" and (found := _BRACKET_NAME_TIME.match(line)) and is_name(found[1]):
        return Label(Form.TIMED, _bare(found[1]), found[2], found.end())
    if first.isalpha() and (stamped := _stamped(line)):  # a day or a month first
        return stamped
    if (found := _TESTIMONY.match(line)) is not None:
        return Label(Form.TESTIMONY, found[1], "", found.end())
    for pattern in _NAME_TIME if any(map(str.isdigit, line)) else ():
        if (found := pattern.match(line)) and is_name(found[1]):
            return Label(Form.TIMED, _bare(found[1]), _time(found.groups()[1:]), found.end())
    if (found := _NAMED.match(line)) and is_name(found[1]):
        return Label(Form.NAMED, _bare(found[1]), "", found.end())
    return _unmarked(line, head)


def _stamped(line: str) -> Label | None:
    for pattern in _DIGIT_FIRST:
        if (found := pattern.match(line)) and (pattern is _DIGIT_FIRST[0] or _may_be_name(found[3])):
            time = _time(found.groups()[:2])
            form = Form.DATED if pattern is _DIGIT_FIRST[0] or is_dated(time) else Form.TIMED
            if form is Form.DATED or is_name(found[3]):
                return Label(form, _bare(found[3].lstrip("@%&~ ")), time, found.end())
    if found := _TIME_ALONE.match(line):
        return Label(Form.TIME_ALONE, "", _time(found.groups()), found.end())
    if (found := _TIME_NAME_ALONE.match(line)) and is_name(found[3]):
        return Label(Form.TIMED, _bare(found[3]), _time(found.groups()[:2]), found.end())
    if found := _TIME_FIRST.match(line):
        return Label(Form.TIME, "", _time(found.groups()), found.end())
    return None


def _unmarked(line: str, head: str) -> Label | None:
    """A label without a colon."""
    if "<" in head and (found := _NICK_FIRST.match(line)):
        return Label(Form.NAMED, found[1].strip("@+%&~ "), "", found.end())
    if not head[:1].isupper():
        return None
    if head[1:3] in (". ", ".\t", "  ") and (found := _TESTIMONY.match(line)):
        return Label(Form.TESTIMONY, found[1], "", found.end())
    if head[1:2].isupper() or not head[1:2].isalpha():
        if (found := _CUE.match(line)) and any(map(str.isalpha, found[1][1:])):
            return Label(Form.CUE, _bare(found[1]).rstrip("."), "", found.end())
        if found := _STAGE.match(line):
            return Label(Form.STAGE, _bare(found[1]), "", found.end())
    if (" -- " in head or " — " in head) and (found := _TITLED.match(line)) and is_name(found[1]):
        return Label(Form.CUE, _bare(found[1]), "", found.end())
    return None


def is_dated(time: str) -> bool:
    """Whether a time has its day with it."""
    return len(time) > 9 and (time[0].isalpha() or any(mark in time[:11] for mark in "-/. "))


def is_name(text: str) -> bool:
    """Whether words are written as a name is: each with a capital, or in a script without capitals."""
    words = text.split()
    if not 0 < len(words) <= _MOST_NAME_WORDS or text[-1] in _ENDS_NAME or not _may_be_name(text):
        return False
    return not words[0][0].islower() and all(
        not (letter := _NAME_WORD.search(word)) or not letter[0].islower() or word in _SMALL for word in words
    )


def _may_be_name(text: str) -> bool:
    return "?" not in text and "!" not in text and (text[0] == "+" or any(map(str.isalpha, text)))


def _bare(name: str) -> str:
    """A name without marks around it, and without whom a chat's line was sent to."""
    if name.startswith("From ") and (found := _ZOOM.match(name)):
        name = found[1]
    return name.strip(" \t*_,-–—")


def _time(groups: tuple[str | None, ...]) -> str:
    return next((group.strip() for group in groups if group), "")
