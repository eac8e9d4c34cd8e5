"""The messages of a text: where each begins, who wrote it and when, and which of its lines are the mail's and not the
writer's: header lines, quotations of other messages, greeting, closing, signature, and notices of programs and lists.

A text is taken for mail where it has the header lines of a message, or quotes one under a line such as "On Monday Ada
wrote:". Everything else passes after a look for these words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fastsum.text.language import Language
from fastsum.text.patterns import lazy

_PRE = r"[ \t>]{0,20}[*_]{0,2}"
_FIELDS = (
    "from|to|cc|bcc|date|sent|subject|reply-to|sender|message-id|in-reply-to|references|importance|attachments?|name"
    "|email|x-[a-z-]{2,30}|organization|newsgroups|list-[a-z]{2,12}|von|an|gesendet|betreff|datum|de|à|envoyé|objet"
    "|para|asunto|enviado|fecha|received|return-path|mime-version|content-[a-z-]{2,20}|delivered-to|user-agent"
)
_FIELD = lazy(rf"{_PRE}({_FIELDS})[*_]{{0,2}}[ \t]?:[*_]{{0,2}}(?:\s+(.*)|(\".*|<.*)?)\Z", re.IGNORECASE)
_FROM = frozenset(("from", "name", "von", "de", "sender"))
_ABOUT = frozenset(("subject", "betreff", "objet", "asunto"))
_TO = frozenset(("to", "an", "à", "para", "newsgroups", "email", "cc"))
_WHEN = frozenset(("date", "sent", "gesendet", "datum", "envoyé", "enviado", "fecha"))
_MOST_FOLDED = 5  # lines of a header field that was folded without white space
_BEFORE_COLONS = ("From", "FROM", "from", "Subject", "wrote", "writes")
_MARKS = ("From*", "schrieb", "écrit", "escribió", "Original Mess")
_ARCHIVED = lazy(r"\s*\S{1,80}(?:@| at )\S{1,80} \(([^()]{2,80})\)\s*\Z")  # jo at example.org (Jo Example)
_ADDRESS = lazy(r"[<(\[]?(?:mailto:)?[^\s<>()\[\]]{1,80}@[^\s<>()\[\]]{1,80}[>)\]]?")
_ATTRIBUTION = lazy(
    r"[ \t>]{0,20}(?:On|Am|Le|El|At|In)\s.{4,200}\b(?:wrote|writes|schrieb|a écrit|escribió)\b.{0,80}:\s*\Z"
    r"|[ \t>]{0,20}[^\s>].{0,120}\b(?:wrote|writes|schrieb|a écrit)\s?(?:to \S{1,60} )?:\s*\Z"
    r"|[ \t>]{0,20}\d{4}-\d\d-\d\d \d{1,2}:\d\d .{0,120}<\S{1,80}@\S{1,80}>:\s*\Z"
    r"|[ \t>]{0,20}On \w{3,9}, .{4,90}\d{4}.{0,60},\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_WRITER = lazy(
    r"(?:.*\b\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[AaPp][Mm])?(?:\s*\(?[+-]?[A-Z0-9:]{3,6}\)?)?|.*\b(?:19|20)\d\d"
    r"|\s*(?:On|Am|Le|At|In)\b[^,]*)?[,\s]*(?:schrieb\s+)?"
    r"(?P<name>[^\s,].*?)\s*(?:<[^<>]*>|\[[^\[\]]*\]|\([^()]*\)|&lt;.*?&gt;)?\s*(?:wrote|writes|a écrit|schrieb"
    r"|:\s*\Z)",
    re.DOTALL,
)
_STATED_DATE = lazy(
    r"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\d{1,2}\.? [A-Z][a-z]{2,8}\.?,? \d{4}"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})(?:(?:,? at|,| um)? \d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp][Mm])?)?"
)
_SEPARATOR = lazy(
    r"[ \t>]{0,20}(?:-{2,20} ?(?:Original Message|Forwarded (?:message|by .{1,80})|Ursprüngliche Nachricht"
    r"|Message d'origine|Weitergeleitete Nachricht) ?-{0,20}|_{20,80}|Begin forwarded message:|={20,80}|-{20,80})\s*\Z",
    re.IGNORECASE,
)
_QUOTED = lazy(r"[ \t]{0,3}(?:[A-Za-z]{1,4})?>")
_QUOTE_MARKS = lazy(r"(?:[ \t]{0,3}>){1,20} ?")
_SIGNATURE = lazy(r"--[ \t]*\Z")
_FOOTER = lazy(r"[_=*-]{20,80}[ \t]*\Z")
_MOST_SIGNED = 15  # lines below the mark of a signature
_MOST_BEHIND_CLOSING = 7  # lines with the writer's name, post and telephone
_SHORT = 60  # characters of such a line
_STOPS = (".", "?", "!")


class Message(NamedTuple):
    """One message; its words are on the lines from `first` to the next message."""

    start: int
    """The line, from 0, on which its header or the line that names its writer begins."""
    first: int
    writer: str
    time: str


class Mail(NamedTuple):
    """The messages of a text, and what in its lines is not theirs."""

    messages: list[Message]
    apparatus: set[int]
    """Lines, from 0."""
    quoted: dict[int, int]
    """Lines whose words count although they are quoted: how many characters the marks of the quotation take."""
    replies: set[int]
    """Lines that are quoted from other messages, and whose words do not count."""
    around: set[int]
    """Lines of greetings, closings, signatures and notices."""


def read_messages(text: str, lines: list[str], language: Language) -> Mail | None:
    """The messages of a text that is mail; None where it is not. Linear in its length."""
    if not _may_be_mail(text):
        return None
    found = _headed(lines)
    apparatus = {number for message in found for number in range(message.start, message.first)}
    attributions = _attributions(lines, apparatus, is_mail=bool(found))
    if not found and not attributions:
        return None
    for number, (until, writer, time) in attributions.items():
        apparatus.update(range(number, until))
        behind = _next_with_words(lines, until)
        if behind < len(lines) and behind not in apparatus and not _QUOTED.match(lines[behind]) and found:
            found.append(Message(number, until, writer, time))
    found.sort()
    above = lines[: found[0].start] if found else [_STOPS[0]]
    if any(line.rstrip().endswith(_STOPS) for line in above):  # somebody's words, and not only a title
        found.insert(0, Message(0, 0, "", ""))
    mail = Mail(found, apparatus, {}, set(), set())
    for message, end in zip(found, [*(after.start for after in found[1:]), len(lines)], strict=True):
        _read_body(lines, message, end, mail, language)
    return mail


def lines_left_out(text: str, language: Language) -> dict[str, list[str]]:
    """The lines of a text that is mail whose words count for nothing, by kind; {} for any other text."""
    lines = text.split("\n") if _may_be_mail(text) else []
    mail = read_messages(text, lines, language)
    if mail is None:
        return {}
    kinds = {"quoted lines of mail": mail.replies, "greetings, signatures and notices of mail": mail.around}
    return {kind: [lines[number] for number in sorted(numbers)] for kind, numbers in kinds.items() if numbers}


def _may_be_mail(text: str) -> bool:
    *before_colons, _ = text.split(":")  # faster than a search for each word
    return any(part.endswith(_BEFORE_COLONS) for part in before_colons) or any(mark in text for mark in _MARKS)


def _headed(lines: list[str]) -> list[Message]:
    """The messages that begin with header lines."""
    found: list[Message] = []
    number = 0
    while number < len(lines):
        if ":" not in lines[number][:32] or not (field := _FIELD.match(lines[number])):
            number += 1
            continue
        start, quoted = number, lines[number].lstrip().startswith(">")
        fields: dict[str, str] = {}
        while number < len(lines) and field:
            fields.setdefault(field[1].lower(), (field[2] or field[3] or "").strip())
            number += 1
            number, field = _next_field(lines, number)
        names = fields.keys()
        parts = [bool(names & group) for group in (_FROM, _ABOUT, _TO, _WHEN)]
        if quoted or not (parts[0] or parts[1]) or sum(parts) < (2 if parts[0] and parts[1] else 3):
            number = max(start + 1, number)
            continue
        writer = next((fields[name] for name in fields if name in _FROM and fields[name]), "")
        time = next((fields[name] for name in fields if name in _WHEN), "")
        while start and _SEPARATOR.match(lines[start - 1]):
            start -= 1
        found.append(Message(start, number, name_of(writer), time.strip("*_ ")))
    return found


def _next_field(lines: list[str], number: int) -> tuple[int, re.Match[str] | None]:
    """The line after one field and its folded lines, and the field that begins there if one does."""
    for ahead in range(number, min(number + _MOST_FOLDED, len(lines))):
        line = lines[ahead]
        if not line.strip():
            after = lines[ahead + 1] if ahead + 1 < len(lines) else ""
            double = ahead == number and _FIELD.match(after)  # some programs put a blank line between fields
            return (ahead + 1, double) if double else (number, None)
        if field := _FIELD.match(line):
            return ahead, field
        if line[0] in " \t":
            number = ahead + 1
    return number, None


def name_of(address: str) -> str:
    """The name in an address, or the address itself: "Ada" of "Ada <ada@example.org>"."""
    if archived := _ARCHIVED.match(address):
        return " ".join(archived[1].split()).strip("\"'")
    bare = _ADDRESS.sub(" ", address).strip(" \t\"'*_<>[]();,")
    bare += ")" * (bare.count("(") - bare.count(")"))
    first = _ADDRESS.search(address)  # of "ada@example.org" <ada@example.org>
    return " ".join(bare.split()) or (first[0] if first else address).strip(" \t\"'*_<>[]();,").removeprefix("mailto:")


def _attributions(lines: list[str], taken: set[int], *, is_mail: bool) -> dict[int, tuple[int, str, str]]:
    """The lines that say who wrote what follows: by their first line, the line behind, the writer and the time.

    In a text without header lines only a quotation below shows that it is one: novels too say who wrote.
    """
    found: dict[int, tuple[int, str, str]] = {}
    for number, line in enumerate(lines):
        bare = line.rstrip()
        if not bare.endswith((":", ",")) or number in taken:
            continue
        first = number
        whole = bare
        if not _ATTRIBUTION.match(whole):
            above = lines[number - 1].lstrip(" >") if number else ""
            if bare.endswith(",") or not above.startswith(("On ", "Am ", "Le ", "El ")):
                continue
            first = number - 1
            whole = f"{lines[first].rstrip()} {bare.lstrip(' >')}"
            if first in taken or not _ATTRIBUTION.match(whole):
                continue
        if bare.endswith(",") and not _QUOTED.match(lines[min(_next_with_words(lines, number + 1), len(lines) - 1)]):
            continue
        behind = _next_with_words(lines, number + 1)
        quotes = behind < len(lines) and _QUOTED.match(lines[behind]) is not None
        if quotes or (is_mail and ("@" in whole or _STATED_DATE.search(whole))):
            date = _STATED_DATE.search(whole)
            writer = _WRITER.match(whole.lstrip(" \t>"))
            found[first] = (number + 1, name_of(writer["name"]) if writer else "", date[0] if date else "")
    return found


def _next_with_words(lines: list[str], number: int) -> int:
    while number < len(lines) and not lines[number].strip():
        number += 1
    return number


def _read_body(lines: list[str], message: Message, end: int, mail: Mail, language: Language) -> None:
    """Add what in a message's lines is apparatus."""
    first = message.first
    own = [number for number in range(first, end) if lines[number].strip() and number not in mail.apparatus]
    quotes = [number for number in own if _QUOTED.match(lines[number])]
    taken = set(quotes)
    polite: set[int] = set()  # lines of the greeting and the closing
    signed = 0  # lines that a signature still may have
    closed = 0
    opened = False
    for number in range(first, end):
        line = lines[number].strip()
        if number in mail.apparatus or number in taken:
            signed = closed = 0
        elif signed:
            signed -= 1
            taken.add(number)
        elif _SIGNATURE.match(lines[number]) or _FOOTER.match(lines[number]) or _SEPARATOR.match(lines[number]):
            taken.add(number)
            ends = _SIGNATURE.match(lines[number]) or _rest_is_short(lines, number + 1, end)
            signed = _MOST_SIGNED if ends else 0
        elif not line:
            continue
        elif not opened and language.is_greeting(line):
            taken.add(number)
            polite.add(number)
        elif closed and len(line) < _SHORT and not line.endswith(_STOPS):
            closed -= 1
            taken.add(number)
        elif language.is_closing(line) or _signs(line, message.writer):
            closed = _MOST_BEHIND_CLOSING
            taken.add(number)
            polite.add(number)
        else:
            closed = 0
        opened = opened or (bool(line) and number not in taken)
    _take_notices(lines, [number for number in own if number not in taken], taken, language)
    if quotes and not any(any(map(str.isalnum, lines[number])) for number in own if number not in taken):
        taken -= set(quotes)  # all that it says is quoted
        mail.quoted.update((number, marks.end()) for number in quotes if (marks := _QUOTE_MARKS.match(lines[number])))
    if not quotes and taken.issuperset(own):
        taken -= polite  # all that it says is "Hello"
    filled = {number for number in taken if lines[number].strip()}
    mail.apparatus.update(filled)
    mail.replies.update(filled.intersection(quotes))
    mail.around.update(filled.difference(quotes))


def _rest_is_short(lines: list[str], number: int, end: int) -> bool:
    return sum(bool(line.strip()) for line in lines[number:end]) <= _MOST_SIGNED


def _signs(line: str, writer: str) -> bool:
    """Whether a line is only the writer's name: "Ada", "-Ada", "--Ada Example"."""
    bare = line.lstrip("-–—* ").rstrip(" .,*")
    if not writer or not bare or len(bare) > _SHORT:
        return False
    return all(word.casefold() in writer.casefold() for word in bare.split()) and bare[0].isalpha()


def _take_notices(lines: list[str], own: list[int], taken: set[int], language: Language) -> None:
    """Take the paragraphs that are notices of a program or a list."""
    paragraph: list[int] = []
    for number in [*own, -1]:
        if paragraph and number != paragraph[-1] + 1:
            if language.is_notice("\n".join(lines[each] for each in paragraph)):
                taken.update(paragraph)
            paragraph = []
        paragraph.append(number)
