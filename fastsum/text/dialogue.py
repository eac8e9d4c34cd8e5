"""Which lines of a text begin a turn: one line that looks like a label proves nothing ("Note: ...", "9:15 Coffee"),
many that agree do.

Times before words, names that recur and take turns, words that speak to somebody: each form of label needs its own
evidence, more where ordinary documents have lines of that form too.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from fastsum.text.labels import Form, Label
from fastsum.text.language import Language
from fastsum.text.patterns import lazy

_CHARACTERS_A_LABEL = 2500  # a text with fewer labels is prose that has some lines of this form
_LEAST_LABELS = 3
_LEAST_CUES = 4
_SPOKEN_SHARE = 0.2  # of the turns, which speak to somebody
_WORDED_SHARE = 0.3  # of the turns, which have a sentence
_SAME_SHARE = 0.25  # of lines of capitals, which name the one that the line before named
_LONG = 40  # characters of what is taken for a sentence without a stop
_RISING_SHARE = 0.7  # of the times, which do not go back
_TIMES_SHARE = 0.25  # of the lines, which begin with a time, where no name is with them
_LEAST_NUMBERED = 4  # lines
_NUMBERED_SHARE = 0.7  # of the lines, which have a number
_IN_STEP_SHARE = 0.8  # of the numbers, one more than that above, or one less than that below
_LINE_NUMBER = lazy(r"[ \t]{0,12}(\d{1,2})(?=[ \t]|\Z)")
_NUMBER = re.compile(r"\d+")
_SURE_TIME = re.compile(r"\d:\d\d:\d\d|[AaPp]\.?[Mm]|^00?:|[.,]\d{2,3}$")
_STOPS = (".", "?", "!", "…", "。", "？", "！", '"', "”", "—", "-")


class Labelled(NamedTuple):
    """A line, from 0, and what may be its label."""

    line: int
    label: Label


def accepted(candidates: list[Labelled], lines: list[str], language: Language) -> list[Labelled]:
    """Those of the candidates that begin turns, in order; [] where the text is no conversation."""
    by_form: dict[Form, list[Labelled]] = {form: [] for form in Form}
    others: list[Labelled] = []  # words before a colon that are nobody's name in most texts, but may be here
    for one in candidates:
        name = one.label.speaker
        if not name or one.label.form is Form.TESTIMONY or language.can_speak(name):
            by_form[one.label.form].append(one)
        elif one.label.form is Form.NAMED:
            others.append(one)
    dated, timed, named = by_form[Form.DATED], by_form[Form.TIMED], by_form[Form.NAMED]
    times = [*by_form[Form.TIME], *by_form[Form.TIME_ALONE]]
    filled = sum(bool(line.strip()) for line in lines)
    chosen = _dated(dated, filled)
    is_chat = bool(chosen)
    if 2 * len(others) >= len(named):
        named = by_form[Form.NAMED] = []
    if chosen or _are_timed(timed, filled, lines):
        chosen = [*chosen, *timed, *times]
        # In a chat, where each message has its date, "Name: ..." and "Phone: ..." are lines of messages.
        counts = Counter(one.label.speaker for one in (*timed, *dated, *([] if is_chat else [*named, *others])))
        chosen += [one for one in (*named, *others) if counts[one.label.speaker] > (not is_chat)]
    elif _are_times(times, filled, lines):
        chosen = [*times, *dated]  # the only one who spoke on that day
        if _are_named(named, lines, language, len(times)):
            chosen += [*named, *others]
    else:
        chosen = _untimed(by_form, lines, language)
        if any(one.label.form is Form.NAMED for one in chosen):
            chosen += others  # what "ID: ..." says, nobody else has said
        speakers = {one.label.speaker for one in chosen}
        chosen += [one for one in (*timed, *dated) if one.label.speaker in speakers]
    return sorted(set(chosen))


def unnumbered(lines: list[str]) -> list[str]:
    """Lines with spaces in place of their numbers, which transcripts of courts have; the same if there are none."""
    found = [
        (number, match)
        for number, line in enumerate(lines)
        if line[:12].lstrip()[:1].isdigit() and (match := _LINE_NUMBER.match(line))
    ]
    if len(found) < max(_LEAST_NUMBERED, _NUMBERED_SHARE * sum(bool(line.strip()) for line in lines)):
        return lines
    numbers = [0, *(int(match[1]) for _, match in found), 0]
    follows = [after == before + 1 for before, after in pairwise(numbers)]
    # A number of the text itself, where a line has none of its own, is in step with neither neighbour.
    in_step = [one for at, one in enumerate(found) if follows[at] or follows[at + 1]]
    if len(in_step) < _IN_STEP_SHARE * len(found):
        return lines
    bare = list(lines)
    for number, match in in_step:
        bare[number] = " " * match.end() + lines[number][match.end() :]
    return bare


def _dated(labels: list[Labelled], filled: int) -> list[Labelled]:
    return labels if len(labels) > 1 and 4 * len(labels) >= filled**0.5 else []


def _are_timed(labels: list[Labelled], filled: int, lines: list[str]) -> bool:
    """Whether names with times are those of people who talk: a time of day can be in a programme, and a chapter and
    verse of a book looks like a time."""
    sure = sum(_is_sure(one, lines[one.line]) for one in labels)
    if len(labels) < 2 or not _rise([one.label.time for one in labels]):
        return len(labels) == filled == sure == 1
    counts = Counter(one.label.speaker for one in labels)
    return 2 * sure >= len(labels) or sum(count > 1 for count in counts.values()) > 1


def _are_times(labels: list[Labelled], filled: int, lines: list[str]) -> bool:
    """Whether lines that begin with a time, and name nobody, are captions: times of day in a report are its own."""
    if not labels:
        return False
    sure = [one for one in labels if _is_mark_of_captions(one, lines[one.line])]
    if len(sure) < len(labels) or not _rise([one.label.time for one in labels]):
        return False
    return len(labels) == filled or (len(labels) >= _LEAST_LABELS and len(labels) >= _TIMES_SHARE * filled)


def _is_mark_of_captions(one: Labelled, line: str) -> bool:
    parts = len(_NUMBER.findall(one.label.time))
    if _is_bracketed(line) or parts > 2:
        return True
    return one.label.form is Form.TIME_ALONE and "m" not in one.label.time.lower()


def _is_bracketed(line: str) -> bool:
    return any(mark in line[:_LONG] for mark in "[(")


def _untimed(by_form: dict[Form, list[Labelled]], lines: list[str], language: Language) -> list[Labelled]:
    named, testimony = by_form[Form.NAMED], by_form[Form.TESTIMONY]
    if _are_testimony(testimony, lines):
        return [*testimony, *named]
    if _are_named(named, lines, language):
        return named
    for form in (Form.CUE, Form.STAGE):
        counts = Counter(one.label.speaker for one in by_form[form])
        recurring = [one for one in by_form[form] if counts[one.label.speaker] > 1 and _heads_words(one, lines)]
        if len(recurring) >= _LEAST_CUES and _alternate(recurring) and _are_named(recurring, lines, language):
            return [one for one in by_form[form] if _heads_words(one, lines)]
    return []


def _heads_words(one: Labelled, lines: list[str]) -> bool:
    """Whether words follow a label: below it, if it is a line of its own, not another line of capitals."""
    if one.label.form is not Form.CUE:
        return True
    below = next((line for line in lines[one.line + 1 : one.line + 3] if line.strip()), "")
    return any(map(str.islower, below)) and not below.startswith("#")


def _alternate(labels: list[Labelled]) -> bool:
    """Whether hardly any name follows itself, as that of a letter's writer does."""
    same = sum(one.label.speaker == after.label.speaker for one, after in pairwise(labels))
    return same <= _SAME_SHARE * len(labels)


def _are_testimony(labels: list[Labelled], lines: list[str]) -> bool:
    counts = Counter(one.label.speaker for one in labels)
    asked = sum("?" in " ".join(lines[one.line : one.line + 4]) for one in labels if one.label.speaker == "Q")
    return counts["Q"] > 1 and counts["A"] > 1 and 2 * asked >= counts["Q"]


def _are_named(labels: list[Labelled], lines: list[str], language: Language, others: int = 0) -> bool:
    """Whether names before colons are those of people who talk with each other."""
    names = [one.label.speaker for one in labels]
    counts = Counter(names)
    if len(labels) == len(counts) > 1 and sum(bool(line.strip()) for line in lines) == len(labels):
        return _is_exchange([_said(one, lines) for one in labels], language)
    recurring = sum(count for count in counts.values() if count > 1)
    if len(labels) < _LEAST_LABELS or len(counts) < 2 or 2 * recurring < len(labels):
        return False
    if (len(labels) + others) * _CHARACTERS_A_LABEL < sum(map(len, lines)):
        return False
    if len(counts) > 2 and _is_cyclic(names, len(counts)):
        return False  # records: "Name: ..., Age: ..., Post: ..."
    said = [_said(one, lines) for one in labels]
    worded = sum(text.endswith(_STOPS) or len(text) > _LONG for text in said)
    spoken = sum(language.is_spoken(text) for text in said)
    return worded >= _WORDED_SHARE * len(said) and spoken >= _SPOKEN_SHARE * len(said)


def _is_exchange(said: list[str], language: Language) -> bool:
    """Whether what each says once is a question and its answers."""
    asked = any(text.endswith("?") for text in said[:-1])
    spoken = sum(language.is_spoken(text) for text in said)
    return asked and 2 * spoken >= len(said) and all(text.endswith(_STOPS) for text in said)


def _said(one: Labelled, lines: list[str]) -> str:
    """The beginning of what follows a label."""
    own = lines[one.line][one.label.end :].strip()
    below = lines[one.line + 1 : one.line + 3]
    return own or " ".join(line.strip() for line in below).strip()


def _is_cyclic(names: list[str], period: int) -> bool:
    """Whether names come in the same order again and again, at least twice."""
    return len(names) >= 2 * period and all(name == names[at % period] for at, name in enumerate(names))


def _rise(times: list[str]) -> bool:
    """Whether most times are not before the one that stands before them."""
    keys = [tuple(map(int, _NUMBER.findall(time)))[-4:] for time in times]
    pairs = [(before, after) for before, after in pairwise(keys) if len(before) == len(after)]
    return sum(after >= before for before, after in pairs) >= _RISING_SHARE * len(pairs)


def _is_sure(one: Labelled, line: str) -> bool:
    """Whether a time can only be that of a turn."""
    alone = one.label.end >= len(line.rstrip())
    sure = _SURE_TIME.search(one.label.time)
    return _is_bracketed(line) or (sure is not None and (alone or "m" not in sure[0].lower()))
