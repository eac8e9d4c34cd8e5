"""Presentation: a sentence as a reader wants to see it, without what belonged to the page or to its neighbours.

Worth beside the rules of the language (docs/experiments/2026-11-29-rules.md; summaries that are better by it, of those
read):

Markdown's marks            14 of 14; 20 of 300 summaries of other kinds change
lone quotes and brackets    17 of 23; the 3 worse ones lost the bracket of "i) to assess", which now stays
spaces before punctuation   19 of 19; 56 of 1,000 CNN stories
spaces around signs         10 of 13
decimals set apart          4 of 4; "H3. 3"
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from fastsum.readers.pages.joining import only_divides
from fastsum.text.english import rules as english
from fastsum.text.language import Citing, Language
from fastsum.text.patterns import lazy
from fastsum.text.quotations import completed, has_marks
from fastsum.text.sentences import is_lower
from fastsum.text.wrapping import CLOSERS, SPLIT_NUMBER

_MARKS_BEFORE = lazy(r"(?:\s*(?:#{1,6}|[-*+•‣◦▪·>–—]|--|\d{1,3}[.)])\s+)+(?=\S)")
_QUOTE_MARKS = lazy(r"\n[ \t]{0,3}(?:>[ \t]?){1,9}")  # of the lines of a quoted sentence
_BROKEN = lazy(r"(?<=\w)[-‐\u00ad][ \t]*\n\s*(?=\w)")  # a word, at the end of a line
_HYPHENS = ("-", "‐", "\u00ad")
_HEAD = re.compile(r"\w+(?:[-‐]\w+)*\Z")
_TAIL = re.compile(r"\w+(?:[-’']\w+)*")
_LONGEST_WORD = 40
_CODE = lazy(r"(?<!`)(`{1,3})(?!`)(.{1,300}?)(?<!`)\1(?!`)")
_CODE_KEPT = 0x10F000  # private characters that stand for code while the rest is edited
_LINK = lazy(
    r"(?:!|(?<!\w))\[([^\[\]]{1,300})\]\([^()\s]{0,500}\)|\[([^\[\]]{1,300})\]\((?=[^()\s]*[/.#])[^()\s]{0,500}\)"
)
_EMPHASIS = lazy(
    r"(\*{1,3}|(?<!\w)_{1,3})(?=[^\s*_.,/\\=])(?!(?<=__)[a-z0-9]+__)([^*_`]{1,300}?)(?<=[^\s,/=])\1(?!\w|[./]\w)"
)
_LONE_EMPHASIS = lazy(r"\A(?:([\[(])_|_)(?=[A-Z][^_]*\Z)|(?<=[.?!,])_(?=[\])]?\Z)")  # goes on in the next sentence
_HASHES_BEHIND = lazy(r"\s+#+\s*\Z")
_APART = lazy(r"(?<=....\d)\. (?=\d)")  # the H3. 3 cells, but not the number of an item
_SIGN = lazy(r"(?<![^\s(\[,;])([A-Za-z]\d?|OR|HR|RR|CI|df)\s?([<>=≤≥])\s?(?=[-−]?\.?\d)")  # p<0.05
_PER_CENT = lazy(r"(?<=\d) %")
_IN_BRACKET = lazy(r"(?<=[(\[]) +| +(?=[)\]])")
_MARKS_LEFT = lazy(r"\A(?:[ ,;:]+\s|\s+)\s*")
_DOTS = lazy(r"(?<=[a-z]) \.\.\. (?=[a-z])")
_SPACE_BEFORE = lazy(r"\s+(?=[,;?!]|:(?!\w|\s+\d)|\.(?![\w.]))")
_WORD = re.compile(r"\w")
# The first word, where a capital changes nothing else: no path, option, name of a program, or symbol ("x = 3").
_LETTER = r"[^\W\d_A-Z]"
_PLAIN_FIRST = lazy(
    rf"(?:\.\.\. ?|[\"“«‘'(\[]){{0,3}}(?={_LETTER}{{2}}|[aio]\b)(?![b-df-hj-np-tv-xz]+\b){_LETTER}+(?:['’-]{_LETTER}+)*"
    r"[,;:.!?…\"”’)\]]*(?:\s(?![=<>≤≥:]|[-+*/] |--?\w)|\Z)"
)
_COMMA_BEFORE_END = lazy(r"[,;:]\s*(?=[.?!]\Z)")
_NOTES = "*†‡§"
_NOTE_BEHIND = lazy(rf"(?<=[.?!…])([\"”’)]?)[{_NOTES}]{{1,3}}\Z")  # "It closed in 1980.*"
_DASH_AT_END = lazy(  # before what follows: "shall—"
    r"(?:(?<=\S)—+|(?:(?<=[a-z]{2})|(?<=[a-z]{2}\.)|(?<=\w\)))(?:–+|--+))\Z"
)
_CLOSING_QUOTES = ('"', "”", "'", "’", "»")
_STOPS = ".?!…。！？"
_ITEM = lazy(r"(?:.*[\s:;,])?(?:\d{1,2}|[a-z]|[ivx]{2,4})\) ")  # whose bracket stands alone: "i) to assess"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_PAIRED = re.compile(r"[()\[\]{}]")
_INTERVAL = lazy(r"[\[(][^()\[\],;\s]{1,20} ?[,;] ?[^()\[\],;\s]{1,20}[\])]")  # [0, 1)
_LONE_QUOTE = lazy(r"(?:(?<=\s)|\A)\"(?:(?=\s)|\Z)")
_ERA = lazy(r"\d+s")


class Manner(NamedTuple):
    """What a whole text tells of its sentences."""

    lower: bool = True
    """Whether capitals do not show where its sentences begin."""
    citing: Citing = Citing()
    """By which marks it cites."""
    words: frozenset[str] = frozenset()
    """Its words in small letters, where ends of lines divide some."""


def manner(text: str, language: Language = english) -> Manner:
    """How the sentences of a text are to be shown."""
    divides = _has_hyphens(text) and _BROKEN.search(text) is not None
    words = frozenset(_TAIL.findall(text.replace("‐", "-").lower())) if divides else frozenset[str]()
    return Manner(is_lower(text), language.cites(text), words)


_BY_ITSELF = Manner()


def present(
    sentence: str,
    language: Language = english,
    shown_as: Manner = _BY_ITSELF,
    quotation: tuple[str, str] = ("", ""),
    *,
    talk: bool = False,
    spoken: bool = False,
) -> str:
    """One sentence as a reader wants to see it, by itself: white space folded, Markdown marks, dateline, citations,
    references to figures, connectives at its beginning and lone brackets taken away, both marks at every quotation, a
    capital at its beginning where one was taken away or the text has none, and a full stop at its end. "" where nothing
    readable remains.

    `quotation` has the marks of the quotations in which it begins and ends, if they go on in its neighbours. In a
    `talk` hesitations are taken away too; what is `spoken` by somebody who is named keeps the connective.
    """
    # Most patterns find nothing in most sentences: each is tried only where the sentence has a mark that it needs.
    if "\n" in sentence and ">" in sentence:
        sentence = _QUOTE_MARKS.sub("\n", sentence)
    if "\n" in sentence and _has_hyphens(sentence):
        sentence = _BROKEN.sub(lambda match: _joint(match, shown_as.words, language), sentence)
    if ".\n" in sentence:
        sentence = SPLIT_NUMBER.sub(r"\1\2", sentence)
    whole = " ".join(sentence.split())
    code: list[str] = []
    if "`" in whole:
        whole = _CODE.sub(lambda match: _put_aside(match[2], code), whole)
    shown = whole = _without_markdown(whole)
    shown = language.without_dateline(shown)
    if shown_as.lower and shown == shown.lower():
        shown = language.with_capital_pronouns(shown)
    shown = language.without_citations(_spaced(shown), shown_as.citing)
    if " ," in shown or " ." in shown or " ;" in shown or " :" in shown or " ?" in shown or " !" in shown:
        shown = _SPACE_BEFORE.sub("", shown)
    shown = language.without_hesitations(shown) if talk else shown
    shown = shown if spoken else language.without_connective(shown)
    begun = shown[:8] == whole[:8]  # as the text has it
    shown = _finish(shown, shown_as.lower, shown_as.lower or not begun, quotation)
    for index, part in enumerate(code):
        shown = shown.replace(chr(_CODE_KEPT + index), part)
    return shown if _WORD.search(shown) else ""


def _has_hyphens(text: str) -> bool:
    return any(mark in text for mark in _HYPHENS)


def _joint(match: re.Match[str], words: frozenset[str], language: Language) -> str:
    """What stands between the parts of a word that the end of a line divides: nothing, its hyphen, or what stood there.

    A plain hyphen may be the word's own, and goes only where the text has the word without it. Programs that write
    manuals set U+2010 for both, mostly to divide.
    """
    text, mark = match.string, match[0][0]
    head = _HEAD.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    tail = _TAIL.match(text, match.end(), match.end() + _LONGEST_WORD)
    if mark == "\u00ad":
        return ""
    if head is None or tail is None or language.leads_on(tail[0]) or (tail[0][0].isupper() and head[0][0].islower()):
        return match[0]
    first, second = head[0].replace("‐", "-").lower(), tail[0].lower()
    if mark == "-":
        divides = first + second in words and f"{first}-{second}" not in words
    else:
        divides = only_divides(f"{first}-", tail[0], words)
    return "" if divides else mark


def _put_aside(part: str, code: list[str]) -> str:
    code.append(part.strip() or part)
    return chr(_CODE_KEPT + len(code) - 1)


def _without_markdown(text: str) -> str:
    if not text[:1].isalpha():
        marks = _MARKS_BEFORE.match(text)
        if marks and marks.end() < len(text):
            if "#" in marks[0]:
                text = _HASHES_BEHIND.sub("", text)
            text = text[marks.end() :]
    if "](" in text:
        text = _LINK.sub(lambda match: match[1] or match[2], text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", text)
        text = _LONE_EMPHASIS.sub(lambda match: match[1] or "", text) if text.count("_") == 1 else text
    return text


def _spaced(text: str) -> str:
    """With the spaces that belong around signs and in numbers."""
    if ". " in text:
        text = _APART.sub(".", text)
    if "=" in text or "<" in text or ">" in text or "≤" in text or "≥" in text:
        text = _SIGN.sub(r"\1 \2 ", text)
    if " %" in text:
        text = _PER_CENT.sub("%", text)
    if ("( " in text and " )" in text) or ("[ " in text and " ]" in text):
        text = _IN_BRACKET.sub("", text)
    return _DOTS.sub("... ", text) if " ... " in text else text


def _finish(text: str, lower: bool = True, capital: bool = True, quotation: tuple[str, str] = ("", "")) -> str:
    text = _balanced(text, lower) if _PAIRED.search(text) else text
    if text[:1] in " ,;:":
        text = _MARKS_LEFT.sub("", text)
    text = text.rstrip()
    if any(quotation) or has_marks(text):
        text = completed(_LONE_QUOTE.sub("", text).strip() if text.count('"') % 2 else text, *quotation)
    if capital and _PLAIN_FIRST.match(text) and (first := _WORD.search(text)):
        text = text[: first.start()] + text[first.start()].upper() + text[first.start() + 1 :]
    if not text[-2:-1].isalnum():
        text = _COMMA_BEFORE_END.sub("", text)
    if text[-1:] in _NOTES:
        text = _NOTE_BEHIND.sub(r"\1", text)
    if text.rstrip(CLOSERS)[-1:] not in _STOPS:
        inside = text.endswith(_CLOSING_QUOTES)  # the mark behind 'it prints "true":' was no part of the quotation
        text = _DASH_AT_END.sub("", text.rstrip(",;: "))
        within = inside and not text[-2].isspace()  # not « as in French »
        if within:
            text = f"{text[:-1].rstrip(',;:')}.{text[-1]}"
        elif text[-1:] != ".":  # "In general.--"
            text = f"{text}."
    return text


def _balanced(text: str, lower: bool) -> str:
    """The text without brackets that have no partner in it; those that bound an interval stay, and those that stand
    apart, unless the text is lower-cased: then all marks may stand apart."""
    drop: list[int] = []
    opened: list[int] = []
    intervals = [match.span() for match in _INTERVAL.finditer(text)] if "," in text or ";" in text else []
    for found in _PAIRED.finditer(text):
        index, mark = found.start(), found[0]
        if any(start <= index < end for start, end in intervals):
            continue
        if mark not in _PAIRS:
            opened.append(index)
        elif opened and text[opened[-1]] == _PAIRS[mark]:
            opened.pop()
        elif mark != ")" or not _ITEM.fullmatch(text[max(0, index - 5) : index + 2]):
            drop.append(index)
    if not (drop or opened):
        return text
    gone = sorted(index for index in (*drop, *opened) if lower or not _stands_apart(text, index))
    return "".join(text[start + 1 : end] for start, end in pairwise([-1, *gone, len(text)]))


def _stands_apart(text: str, index: int) -> bool:
    """Whether a bracket is itself spoken of: "ends with }, and begins with {"."""
    return text[index - 1 : index] in ("", " ", '"', "'", "“", "‘") and not text[index + 1 : index + 2].isalnum()


_NO_SPACE_BEFORE = ", . ; : ? ! % ) ] } ... - / n't 's 'm 'd 're 've 'll"
_NO_SPACE_AFTER = "( [ { $ £ € # @ - / °"
_TIGHT_LEFT, _TIGHT_RIGHT = frozenset(_NO_SPACE_BEFORE.split()), frozenset(_NO_SPACE_AFTER.split())


def join_words(words: list[str]) -> str:
    """Words of a tokenizer, in lower case or their surface forms, as a sentence: spaced, quotes paired, "i" a capital,
    finished as `present` finishes one."""
    parts: list[str] = []
    glue = True  # the next word follows without a space
    opened: set[str] = set()
    for index, word in enumerate(words):
        last = words[index - 1] if index else ""
        after = words[index + 1] if index + 1 < len(words) else ""
        small = word.lower().replace("’", "'")
        left = glue or small in _TIGHT_LEFT or (small == "not" and last == "can")
        glue = small in _TIGHT_RIGHT
        if word in "\"'":
            era = word == "'" and _ERA.fullmatch(after) is not None
            possessive = word == "'" and word not in opened and last[-1:].lower() == "s"
            if word in opened or possessive:
                left, glue = True, False
                opened.discard(word)
            else:
                glue = True
                if not era:
                    opened.add(word)
        parts.append(("" if left else " ") + ("I" if word == "i" else word))
    return _finish("".join(parts).strip())
