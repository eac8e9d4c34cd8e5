"""Captions: what is said in SRT, WebVTT and SBV files, with who says it where they tell, and when.

Cues are joined to sentences: a cue is what fits on a screen. Each sentence that begins with a cue is a line with its
time, "[00:00:08] Ada: ...", as in a transcript, which `text.turns` reads. Rolling captions repeat the line before; it
is kept once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from fastsum.readers.blocks import Omissions, Reading, Unreadable

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_CLOCK}(?:\s*-->\s*|,){_CLOCK}(?:\s.*)?\Z")
_HINTS = ("WEBVTT", "NOTE", "STYLE", "REGION")
_TAG = re.compile(
    r"</?(?:[cibu]|lang|ruby|rt|font|span)(?:[.\s][^<>]{0,200})?>|<\d{1,3}:\d\d(?::\d\d)?[.,]\d{1,3}>"
    r"|\{\\[^{}]{0,100}\}|</v>",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]+([^<>]{1,100})>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_NAME_WORD = r"[^\W\d_a-zß-ÿ][\w.'’&-]{0,30}"
_LABEL = re.compile(rf"((?:{_NAME_WORD}|\d{{1,2}})(?: (?:{_NAME_WORD}|\d{{1,2}})){{0,4}}) ?:\s+(?=\S)")
_CHANGE = re.compile(r"(?:>{2,3}|[-–—‐])\s*(?=\S)")  # somebody else speaks
_SOUND = re.compile(r"[\[(][^\[\]()]{1,200}[\])]\W*|[♪♫#\s]+")
_NOTES = re.compile(r"[♪♫]+")
_ENDS = re.compile(r"[.?!…。！？][\"'”’»)\]]{0,3}\Z")
_STOPPED_SHARE = 0.1  # of the cues, which end as sentences do; with fewer, nothing shows where one ends
_PAUSE = 1.5  # seconds after which a caption without stops begins a new line
_LINE_WORDS = 30  # of such a line
_MOST_WORDS = 120  # of a line that has no end
_OVERLAP = 3  # words that a rolling caption repeats at least, where it repeats no whole line


class _Cue(NamedTuple):
    start: float
    end: float
    lines: list[str]


class _Said(NamedTuple):
    """What one voice says in one cue."""

    start: float
    end: float
    speaker: str
    changes: bool
    """Whether it is somebody else who speaks, though nobody is named."""
    text: str


def read(content: bytes) -> Reading:
    """The text of captions in UTF-8. Raises Unreadable where they say nothing."""
    omissions = Omissions()
    said = list(_said(_once(_cues(content.decode("utf-8", "replace"), omissions)), omissions))
    if not said:
        raise Unreadable("has no captions in it, only times. Name a file with text.")
    return Reading("\n\n".join(_lines(said)), left_out=omissions.found())


def _cues(text: str, omissions: Omissions) -> Iterator[_Cue]:
    """The cues in order: a line with times, and what follows up to the number of the next."""
    cue: _Cue | None = None
    for block in re.split(r"\n[ \t]*\n+", text.strip("\ufeff\n ")):
        lines = block.strip("\n").split("\n")
        if lines[0].startswith(_HINTS):
            if cue is not None:
                yield cue
            cue = None
            if not lines[0].startswith("WEBVTT"):
                omissions.add("notes and styles of captions", block)
            lines = lines[next((at for at, line in enumerate(lines) if _TIMING.match(line)), len(lines)) :]
        for number, line in enumerate(lines):
            if timing := _TIMING.match(line):
                if cue is not None:
                    yield cue
                cue = _Cue(_seconds(timing.groups()[:4]), _seconds(timing.groups()[4:]), [])
            elif cue is not None and not _numbers_next(lines, number):
                cue.lines.append(line)
    if cue is not None:
        yield cue


def _numbers_next(lines: list[str], number: int) -> bool:
    """Whether a line is the number or the name of the cue that begins on the next one."""
    is_mark = number == 0 or lines[number].strip().isdigit()
    return is_mark and number + 1 < len(lines) and _TIMING.match(lines[number + 1]) is not None


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _once(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """The cues without what the cue before showed already, as rolling captions do."""
    shown: list[str] = []
    words: list[str] = []
    ended = -1.0
    for cue in cues:
        lines = [line for raw in cue.lines if (line := " ".join(_plain(raw).split()))]
        bare = [_VOICE.sub("", line).split() for line in lines]
        own = [word for line in bare for word in line]
        keys = [" ".join(line) for line in bare]
        repeated = 0
        if cue.start <= ended + 0.2 and own:
            whole = max((k for k in range(1, min(len(keys), len(shown)) + 1) if shown[-k:] == keys[:k]), default=0)
            repeated = sum(len(line) for line in bare[:whole])
            if not whole:
                most = max((k for k in range(1, min(len(own), len(words)) + 1) if words[-k:] == own[:k]), default=0)
                repeated = most if most >= _OVERLAP or most == len(words) else 0
        if own:
            shown, words, ended = keys, own, cue.end
        yield cue._replace(lines=_without_words(lines, repeated))


def _without_words(lines: list[str], count: int) -> list[str]:
    """The lines without so many words at their beginning; the marks of voices stay."""
    left = []
    for line in lines:
        voice = _VOICE.match(line)
        words = line[voice.end() if voice else 0 :].split()
        dropped = min(count, len(words))
        count -= dropped
        if rest := " ".join(words[dropped:]):
            left.append((voice[0] if voice else "") + rest)
    return left


def _plain(line: str) -> str:
    line = _TAG.sub("", line) if "<" in line or "{" in line else line
    return _ENTITY.sub(lambda found: html.unescape(found[0]), line) if "&" in line else line


def _said(cues: Iterator[_Cue], omissions: Omissions) -> Iterator[_Said]:
    """What each voice says, cue by cue, without descriptions of sounds."""
    for cue in cues:
        speaker, changes, parts = "", False, list[str]()
        for line in [*cue.lines, ""]:
            voices = _VOICE.split(line)  # words, name, words, name, words ...
            for at, piece in enumerate(voices):
                words = _NOTES.sub(" ", piece).strip()
                change = _CHANGE.match(words) if at % 2 == 0 else None
                label = _LABEL.match(words, change.end() if change else 0) if at % 2 == 0 else None
                if (at % 2 or change or label or not line) and parts:
                    text = " ".join(parts)
                    if _SOUND.fullmatch(text):
                        omissions.add("descriptions of sounds", text)
                    else:
                        yield _Said(cue.start, cue.end, speaker, changes, text)
                    parts = []
                if at % 2:
                    speaker, changes = words.replace(":", " "), False
                elif words:
                    if label or change:
                        speaker, changes = label[1] if label else "", change is not None
                    rest = words[label.end() if label else change.end() if change else 0 :]
                    parts += [rest] if rest else []


def _lines(said: list[_Said]) -> Iterator[str]:
    """The lines of the transcript: a sentence or more each, with the time at which it begins."""
    stopped = sum(_ENDS.search(one.text) is not None for one in said) >= _STOPPED_SHARE * len(said)
    parts: list[str] = []
    first = before = said[0]
    size = 0
    for one in said:
        if parts:
            other = (
                one.speaker != before.speaker if one.speaker else (one.changes or (before.speaker and _ended(before)))
            )
            pause = one.start - before.end > _PAUSE or size >= _LINE_WORDS
            if other or (_ended(before) if stopped else pause) or size >= _MOST_WORDS:
                yield _line(first, parts)
                parts, size = [], 0
        if not parts:
            first = one
        parts.append(one.text)
        size += len(one.text.split())
        before = one if one.speaker or not parts[:-1] else one._replace(speaker=before.speaker)
    yield _line(first, parts)


def _ended(one: _Said) -> bool:
    return _ENDS.search(one.text) is not None


def _line(first: _Said, parts: list[str]) -> str:
    minutes, seconds = divmod(int(first.start), 60)
    label = f"{first.speaker}: " if first.speaker else ""
    return f"[{minutes // 60:02}:{minutes % 60:02}:{seconds:02}] {label}{' '.join(parts)}"
