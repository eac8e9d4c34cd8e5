"""Turns: who says each sentence of a transcript, a chat, captions or mail, and when.

A document is sections, turns and sentences. Turns are found in the clean text, whatever format it came from: by labels
that recur or have times (`labels`), and by the headers of mail (`messages`). Sentences are then found in a text of the
same length in which white space stands for labels, and each turn is a paragraph; so no sentence has a label in it or
belongs to two turns, and offsets stay. In prose without turns nothing changes.

Who speaks is never guessed: where a turn may have ended, what follows has no speaker.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from fastsum.text.dialogue import Labelled, accepted, unnumbered
from fastsum.text.labels import Form, Label, is_name, label_of
from fastsum.text.language import Language
from fastsum.text.messages import Mail, read_messages
from fastsum.text.patterns import lazy
from fastsum.text.sentences import Kind, Sentence, sentences
from fastsum.text.wrapping import MIN_WRAPPED_WIDTH

_TIME_WITHIN = lazy(r"\\?[\[(](?:\d{1,2}:)?\d{1,2}:\d\d(?:\.\d{1,3})?\\?[\])]")
_EVENT_MARK = lazy(r"\s*(?:-->|<--|==>|<==|\*{3}|-!-|---)")
_ACTION = lazy(r"\*\s+(?=[^\W\d])")  # * ada waves
_DIRECTION = lazy(r"\[[^\[\]]{1,1500}\]\s*")
_MARK = "\u200e"  # of left-to-right text; WhatsApp sets it before labels and what it says itself
_INDENT = " " * 4
_ONE_PARAGRAPH = (Form.STAGE, Form.CUE)
_LONGEST_NAME = 48  # characters, on a line of its own
_LONG_TURNS = 4  # where at least one turn in so many has several paragraphs, paragraphs without a label continue one


class Turn(NamedTuple):
    """What somebody says at once, or one message; it ends where the next one begins."""

    start: int
    """Its first character in the clean text, of the label if it has one."""
    body: int
    """Where its words begin."""
    speaker: str
    """"" where the document does not say who speaks."""
    time: str
    """As the document has it; "" where it has none."""
    is_message: bool
    """Whether it is a message of mail."""


@dataclass(frozen=True)
class Turns:
    """The turns of a text, in order."""

    turns: tuple[Turn, ...] = ()
    hidden: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """What is no turn's words, such as headers and quotations: spans of whole lines, in order."""
    apart: frozenset[int] = field(default=frozenset(), repr=False)
    """Where lines begin that do not go on from the one above."""

    def __bool__(self) -> bool:
        return bool(self.turns)

    def at(self, offset: int) -> Turn | None:
        """The turn that has a character of the text."""
        index = bisect_right(self._starts, offset)
        return self.turns[index - 1] if index else None

    def hides(self, offset: int) -> bool:
        """Whether a character is in a line that is nobody's words."""
        index = bisect_right(self.hidden, offset, key=lambda span: span[0])
        return index > 0 and offset < self.hidden[index - 1][1]

    def label(self, offset: int) -> str:
        """What is shown before a sentence: "Ben: ", or "" where nobody is named or nobody else speaks."""
        turn = self.at(offset) if self._are_several else None
        return f"{turn.speaker}: " if turn is not None and turn.speaker else ""

    @cached_property
    def are_all_named(self) -> bool:
        """Whether it is known of every turn whose it is."""
        return all(turn.speaker for turn in self.turns)

    @cached_property
    def _starts(self) -> list[int]:
        return [turn.start for turn in self.turns]

    @cached_property
    def _are_several(self) -> bool:
        return len({turn.speaker for turn in self.turns}) > 1


NO_TURNS = Turns()


def read_turns(text: str, language: Language) -> tuple[Turns, str]:
    """The turns of a clean text, and the text of the same length in which sentences are found: itself if there are
    none."""
    plain = text.replace(_MARK, " ") if _MARK in text else text
    written = plain.split("\n")
    lines = unnumbered(written)
    mail = read_messages(text, lines, language)
    apparatus = mail.apparatus if mail else set()
    candidates = list(_candidates(lines, apparatus))
    labelled = accepted(candidates, lines, language) if candidates else []
    if not mail and not labelled:
        return NO_TURNS, text
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    hidden = set(apparatus)
    blanks: list[tuple[int, int]] = []
    turns = list(_turns_of_mail(mail, starts)) if mail else []
    if labelled:
        turns += _turns_of_talk(labelled, lines, starts, hidden, blanks, language)
        turns.sort()
    blanks += [(starts[number], starts[number] + len(lines[number])) for number in hidden]
    if mail:
        blanks += [(starts[number], starts[number] + size) for number, size in mail.quoted.items()]
    spans = sorted((starts[number], starts[number] + len(lines[number])) for number in hidden)
    readable = _blanked(plain if lines is written else "\n".join(lines), blanks)
    if labelled and ("[" in readable or "(" in readable or "<" in readable):
        readable = _TIME_WITHIN.sub(lambda found: " " * len(found[0]), language.without_noises(readable))
    if not turns:  # nobody says anything
        turns = [Turn(0, 0, "", "", False)]
    return Turns(tuple(turns), tuple(spans), frozenset(_typed(labelled, lines, starts, language))), readable


def _candidates(lines: list[str], apparatus: set[int]) -> Iterator[Labelled]:
    """The lines that may begin a turn; a name on the line above or below a time is with the time."""
    for number, line in enumerate(lines):
        label = label_of(line)
        if label is None or number in apparatus:
            continue
        yield Labelled(number, label)
        if label.form is Form.TIME_ALONE:
            for beside, after in ((number - 1, number + 1), (number + 1, number + 2)):
                name = lines[beside].strip() if beside >= 0 and after < len(lines) and lines[after].strip() else ""
                if name and len(name) < _LONGEST_NAME and is_name(name) and label_of(lines[beside]) is None:
                    yield Labelled(beside, Label(Form.TIMED, name, label.time, len(lines[beside])))
                    break


def sentences_of(text: str, language: Language) -> tuple[list[Sentence], Turns, str]:
    """The sentences of a clean text, its turns, and the text of the same length in which the sentences are read."""
    turns, readable = read_turns(text, language)
    found = sentences(readable, language, turns.apart)
    if not turns:
        return found, turns, readable
    settled = list(_settled(found, turns, readable, language))
    for start, end in turns.hidden:
        settled += [
            Sentence(start + one.start, start + one.end, Kind.BOILERPLATE)
            for one in sentences(text[start:end], language)
        ]
    return sorted(settled), turns, _restored(text, readable, turns.hidden)


def _settled(found: list[Sentence], turns: Turns, readable: str, language: Language) -> Iterator[Sentence]:
    """Sentences with their kinds as turns have them: no filler is prose, and what is said is no heading."""
    for one in found:
        turn = turns.at(one.start)
        kind = one.kind
        if turn is not None and kind is not Kind.BOILERPLATE:
            text = readable[one.start : one.end]
            said = turn.speaker or turn.body > turn.start
            if kind is Kind.HEADING and said and not turn.is_message and not text.startswith("#"):
                is_prose = not language.is_fragment(text) and not language.is_boilerplate(text)
                kind = Kind.PROSE if is_prose else Kind.BOILERPLATE
            if kind is Kind.PROSE and language.is_filler(text):
                kind = Kind.BOILERPLATE
        yield one._replace(kind=kind)


def _turns_of_mail(mail: Mail, starts: list[int]) -> Iterator[Turn]:
    for message in mail.messages:
        yield Turn(starts[message.start], starts[message.first], message.writer, message.time, True)


def _turns_of_talk(
    labelled: list[Labelled],
    lines: list[str],
    starts: list[int],
    hidden: set[int],
    blanks: list[tuple[int, int]],
    language: Language,
) -> Iterator[Turn]:
    """The turns that labels begin; adds what is no words of theirs to `hidden` (lines) and `blanks` (spans)."""
    chat = _is_chat(labelled, lines, language)
    ends = _ends(labelled, lines)
    speaker = ""
    after = [*(one.line for one in labelled[1:]), len(lines)]
    for (number, label), end, below in zip(labelled, ends, after, strict=True):
        line, size = lines[number], label.end
        rest = line[size:]
        if chat and _is_event(label, rest, language):
            hidden.add(number)
            continue
        if chat and not label.speaker and (action := _ACTION.match(rest)):
            size += action.end()
        speaker = speaker if label.form is Form.TIME_ALONE else label.speaker
        at = starts[number]
        blanks.append((at, at + size))
        alone = not line[size:].strip()
        yield Turn(at, starts[number + 1] if alone else at + size, speaker, label.time, False)
        if label.form in _ONE_PARAGRAPH:
            yield from _directions("\n".join(lines[number : min(end, below)]), at, size, speaker)
        if line.lstrip().startswith("**") and line.count("**") == 2 and line.rstrip().endswith("**") and not alone:
            blanks.append((at + len(line.rstrip()) - 2, at + len(line)))  # all of the turn is bold
        if end < len(lines):
            yield Turn(starts[end], starts[end], "", "", False)
            speaker = ""
    for number, line in enumerate(lines) if chat else ():
        if line.startswith("* ") and (action := _ACTION.match(line)):
            blanks.append((starts[number], starts[number] + action.end()))
            yield Turn(starts[number], starts[number] + action.end(), "", "", False)
        elif _EVENT_MARK.match(line) and language.is_event(line[3:].strip()):
            hidden.add(number)


def _directions(words: str, at: int, first: int, speaker: str) -> Iterator[Turn]:
    """Of what somebody says in a play, which begins at `at`, the directions to the actors: nobody says them."""
    for found in _DIRECTION.finditer(words, first):
        for offset, name in ((found.start(), ""), (found.end(), speaker)):
            yield Turn(at + offset, at + offset, name, "", False)


def _is_chat(labelled: list[Labelled], lines: list[str], language: Language) -> bool:
    if any(label.form is Form.DATED or lines[number].lstrip().startswith("<") for number, label in labelled):
        return True
    events = sum(_is_event(label, lines[number][label.end :], language) for number, label in labelled)
    return 2 * events > len(labelled)  # a day on which hardly anybody spoke


def _is_event(label: Label, rest: str, language: Language) -> bool:
    """Whether a line of a chat tells who comes and goes: "*** ada has joined #quay"."""
    return not label.speaker and (_EVENT_MARK.match(rest) is not None or language.is_event(rest))


def _typed(labelled: list[Labelled], lines: list[str], starts: list[int], language: Language) -> Iterator[int]:
    """Where lines begin below one that its writer has ended, as in messages of a chat, which few programs wrap: they
    indent what goes on. A long line that goes on in lower case has been pasted from wrapped text."""
    clocks = any(label.time[-2:-1] in ("a", "A", "p", "P") for _, label in labelled)  # AM or PM
    if not (_is_chat(labelled, lines, language) or clocks):
        return
    for number in range(labelled[0].line + 1, len(lines)):
        line = lines[number]
        goes_on = line[:1].islower() and len(lines[number - 1]) >= MIN_WRAPPED_WIDTH
        if not goes_on and not line.startswith(_INDENT):
            yield starts[number]


def _ends(labelled: list[Labelled], lines: list[str]) -> list[int]:
    """For each label the line at which its turn ends before the next one begins; the number of lines where none does.

    A heading ends a turn, and so does the end of a block of code in Markdown. So does a blank line after one line of a
    nickname, and where hardly any turn has several paragraphs: what follows is then another's, a stage direction or the
    author's.
    """
    blanks: list[int] = []
    headings: list[int] = []
    for (number, label), after in zip(labelled, [*(one.line for one in labelled[1:]), len(lines)], strict=True):
        first = number + 1 if label.end >= len(lines[number].rstrip()) else number
        while first < after and not lines[first].strip():
            first += 1
        rest = range(first + 1, after)
        headings.append(next((at for at in rest if lines[at].startswith(("#", "```"))), after))
        gap = next((at for at in rest if not lines[at].strip()), after)
        blanks.append(next((at for at in range(gap, after) if lines[at].strip()), after))
    every = [one.line for one in labelled[1:]] + [len(lines)]
    several = sum(blank < after for blank, after in zip(blanks[:-1], every[:-1], strict=True))
    strict = 0 < several * _LONG_TURNS < len(labelled) or several == 0
    found = []
    for (number, label), blank, heading, after in zip(labelled, blanks, headings, every, strict=True):
        untimed = not label.time and label.form is not Form.DATED
        one = label.form in _ONE_PARAGRAPH or "<" in lines[number][: label.end]  # a nickname's line is all that it says
        end = min(blank, heading) if one or (untimed and strict) else heading
        found.append(end if end < after else len(lines))
    return found


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with white space in place of spans, each of which begins a paragraph."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if end > max(start, done):
            parts += [text[done:start], "\n", " " * (end - start - 1)]
            done = end
    return "".join([*parts, text[done:]])


def _restored(text: str, readable: str, spans: Iterable[tuple[int, int]]) -> str:
    """The readable text with what is hidden in its place again, for the sentences that it has."""
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += [readable[done:start], text[start:end]]
        done = end
    return "".join([*parts, readable[done:]])
