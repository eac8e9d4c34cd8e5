"""A paper's apparatus within a sentence: citations and references to figures, which lead nowhere in a summary.

A number in brackets is also an index, a key or a clause ("ship[0]", "Press [3]", "the buyer [2] pays"). So marks that
can be something else are taken away only where the whole text shows that it cites by them (`cites`).

Worth (docs/experiments/2026-11-29-rules.md; summaries that are better by it, of those read):

citations and figures in brackets   29 of 30; 124 of 300 summaries of papers change, +0.15 ROUGE-1 (±0.07)
"as shown in Figure 3"              3 of 4; in 82 sentences of 312 papers
a note behind the last full stop    in 229 sentences of 99 official PubMed papers
what is left where a mark stood     12 of 12; 12 of 300 summaries change
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from fastsum.text.language import Citing
from fastsum.text.patterns import fold, lazy

_YEAR = r"(?:1[89]|20)\d\d[a-z]?"
_YEARS = rf"{_YEAR}(?:\s?(?:,|and|&|[-–])\s?(?:{_YEAR}|[a-z]\b))*"
_YEARS_ALONE = lazy(_YEARS)
_REVIEW = r"(?:,? (?:for|in) (?:a |an )?(?:\w+ )?reviews?)?[\s,.]*"
_SURNAME = r"[^\W\d][\w'’-]+"
_NAME = r"(?:[A-Z][\w'’.-]*|\[[A-Z]+\]|and|&|of|the|for|on)"
_REFERRING = lazy(
    r"(?:(?:see|also|e\.?g\.?|i\.?e\.?|cf\.?|but|for|an?|reviews?|reviewed|in|by|as|from|and|refs?\.?)\b[\s,.:]*)+(?=\S)",
    re.IGNORECASE,
)
_CITATION = lazy(
    rf"{_SURNAME}(?: [A-Z][\w'’.-]*)?(?:,? (?:and|&) {_SURNAME})?,?\s?{_YEARS}{_REVIEW}"  # Smith and Doe, 2010
    rf"|{_NAME}(?:,? {_NAME}){{0,9}},\s?{_YEARS}{_REVIEW}"  # World Health Organization [WHO], 2010
    r"|[A-Z][\w'’-]+(?:,? (?:and|&) [A-Z][\w'’-]+)?\s?,"  # the year was lost: "Hardy and Higgins,"
)
_PAIR = lazy(r"\b(?:and|&) [A-Z]")
_ET_AL = lazy(r"\bet\.? ?al\b")
_DATED = lazy(
    r"\W*(?:(?:jan|febr?)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|spring|summer|autumn|fall|winter"
    r"|early|mid|late|since|in|until|till|from|to|by|before|after|of|around|about|circa|ca?|born|died|established|founded)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 16  # of a citation
_RUN = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*"
_NUMBERS = lazy(_RUN)
_SQUARE = rf"\[ ?{_RUN} ?\]"
_MARKS = lazy(rf"(\s?){_SQUARE}(?:(?:\s?(?:[,;–-]|,? ?and|&)\s?|\s?){_SQUARE})*")  # [12], [3] and [5–7]
# A mark behind one of these is part of what is said: "as in [3]", "press [1]", "clause [2]". No citation ends in them.
_TAKES_NUMBER_WORDS = """
a an and any as at between both by clause clauses each enter equation equations for from in into item items key keys
like nor number numbers of on or paragraph paragraphs per press pressed pressing ref refs reference references rule
rules see section sections select step steps than the then through to type typing under use using via with within
chapter chapters line lines row rows column columns article articles eq eqs level levels option options choose hit
range interval array vector list index position offset bit bits byte bytes
"""
_TAKES_NUMBER = frozenset(_TAKES_NUMBER_WORDS.split())
_LAST_WORD = lazy(r"([^\W\d_]+)\.?\s*\Z")

_SHOWN_IN_WORDS = """
fig figs figure figures table tables tab tabs file files appendix eq eqs equation equations box boxes scheme movie
movies video videos section sections panel panels shown left right pictured above below inset centre center press
communication unpublished
"""
_REMAINING_WORDS = """
see also cf for in and or to as of from by ref refs review reviews reviewed respectively
"""
_POINTING_WORDS = """
the a an with at on not data supplement supplements supplementary supplemental source additional online extended
electronic material materials text information dataset far top bottom middle upper lower row rows column columns
first second third fourth this study personal observation observations results photo file image
"""
_SHOWN_IN = frozenset(_SHOWN_IN_WORDS.split())
_REMAINS = frozenset(_REMAINING_WORDS.split())
_POINTING = _SHOWN_IN | _REMAINS | frozenset(_POINTING_WORDS.split())
_LABEL = lazy(r"s?\d{1,3}[a-z]{0,3}|[a-z]|[ivx]{1,4}|[a-f]{2,4}")
_FIGURE_AT_END = lazy(
    r"[,;]\s*(?:see |supplementary |additional )*(?:fig(?:ure)?s?|tables?)\.?\s*S?\d\w{0,2}(?:\s?[,–-]\s?\w{1,3})*\Z",
    re.IGNORECASE,
)

_WORD_CHARACTER = lazy(r"\w")
_WORDS = lazy(r"[^\W_]+")
_THAT_IS = lazy(r"\b(?:i\.? ?e|e\.? ?g)\b\.?")
_MEASURE = lazy(r"[<>=≤≥±%]")
_BRACKETED = lazy(r"([(\[])([^()\[\]]{0,400}(?:\[[^()\[\]]{0,40}\][^()\[\]]{0,100})?)[)\]]")
_UNCLOSED = lazy(r"\s[(\[]([^()\[\]]{0,200}?)[\s.]*\Z")
_LABELLED = (  # Figures 2A, B and C; Table S3; Figure 1—figure supplement 2
    r"(?:the )?(?:supplement(?:ary|al) |additional )?(?:fig(?:ure)?s?|tables?)\b\.?\s?S?(?:\d{1,3}|<dig>)[A-Za-z]?"
    r"(?:\s?\([a-z]\))?(?:(?:\s?[–-]\s?|,? and |,\s?)(?:(?:fig(?:ure)?s?|tables?)\.? ?)?"
    r"(?:S?(?:\d{1,3}|<dig>)[A-Za-z]?|[A-H])\b){0,9}(?:—figure supplement \d)?"
)
_SHOWN = (
    r"(?:shown|seen|can be seen|illustrated|depicted|presented|demonstrated|displayed|listed|indicated|summari[sz]ed"
    r"|reported|described)"
)
_AS_SHOWN = rf"as (?:\w+ly |also )?{_SHOWN} (?:in|by|from)"
_AS_SHOWN_ANYWHERE = lazy(rf"as (?:\w+ly |also )?{_SHOWN}".replace(" ", r"\s+"))
_BEFORE_IT = (
    r"(?:(?:however|moreover|furthermore|in addition|also|indeed|overall|thus|therefore|similarly|interestingly"
    r"|finally), )?"
)
_REMARK = (  # of the figure, not of what it shows
    r"(?:(?:(?:in )?which|where|but|and|or|see|that is|inset|columns?|rows?|panels?"
    r"|left|right|upper|lower|top|bottom)\b|(?:[\w-]+ ){1,3}(?:columns?|rows?|panels?|lines?|bars?|curves?|insets?),)"
)
# "As shown in Figure 3, ", "However, as shown in and, "
_AS_SHOWN_FIRST = lazy(  # the whole list of labels or none: in "Table 1, 12 and 15 men died" its end is not told
    rf"\A({_BEFORE_IT}){_AS_SHOWN}(?: (?=(?P<labels>{_LABELLED}))(?P=labels)|(?: and)+)?\s?, (?!{_REMARK})(?=\w)",
    re.IGNORECASE,
)
_LATEST_AS = 18  # characters from the beginning to the end of that "as "
_AS_SHOWN_LAST = lazy(rf"\s?, {_AS_SHOWN} {_LABELLED}(?=[\s.]*\Z)", re.IGNORECASE)  # ", as shown in Table 2."
# a note behind the last full stop: "is rare.12,13"
_NOTE = lazy(r"(?<!\bfig)(?<!\bno)(?<!\bvol)(?<=[a-z)\]%])\.\d{1,3}(?:\s?[,–-]\s?\d{1,3})*(?=[\s.]*\Z)")
# what was left where a mark stood: "malignancy -.", "problems–.", "prognosis,."
_LONE_DASH = lazy(r"(?:(?<=[a-z]{3})\s+[-–—−]+|(?<=[a-z]{3})[–—]+)\s*(?=[.,;](?:\s|\Z))")
_LIST_OF_REFERENCES = lazy(  # a line
    r"[\s\d#*_.]{0,9}(?:(?:selected |cited )?(?:references|bibliography|literature)(?: (?:cited|and notes))?"
    r"|works cited|list of references|notes and references|reference list)[ \t:.*_#]{0,4}",
    re.IGNORECASE,
)
_LONGEST_OF_LISTS = 48  # characters of such a line
_ENDS = r"(?P<ends>[.,;:?!)]|\s*(?:\n|\Z))?"
# Begun with a mark, they are searched ten times as fast as if begun with what is before it.
_NUMBERED = lazy(rf"\[(?:(?<=[\w)%”’\"]( )\[)|(?<=[\w.,;:?!)%”’\"]\[)) ?(?P<run>{_RUN}) ?\] ?{_ENDS}")
_ROUNDED = lazy(rf" \((?<=[a-z] \() ?(?P<run>{_RUN}) ?\) ?{_ENDS}")
_NOTES = lazy(r"(?P<ends>\.)(?<=[a-z)\]%]\.)(?P<run>\d{1,3}(?:\s?[,–-]\s?\d{1,3})*)(?=\s|\Z)")
_TWO_AUTHORS = lazy(rf"\([^()]{{0,200}}?\b(?:and|&) {_SURNAME},? ?{_YEAR}[;,)]")
_INTEGER = lazy(r"\d+")
_STOPS = frozenset('.,;:?!”"')
_CLOSING = frozenset('”")’»%')
_LONE_COMMA = lazy(r"[,;:]+\s*(?=[.?!]\W*\Z)")


def cites(text: str) -> Citing:
    """By which marks a whole text cites: a list of references proves it, or the marks themselves, where they are many,
    rise from the first ones as they come, and stand at the ends of clauses."""
    listed = any(len(line) < _LONGEST_OF_LISTS and _LIST_OF_REFERENCES.fullmatch(line) for line in text.split("\n"))
    spaced: list[re.Match[str]] = []
    attached: list[re.Match[str]] = []
    rounded: list[re.Match[str]] = []
    if "[" in text:
        for mark in _NUMBERED.finditer(text):
            (spaced if mark[1] else attached).append(mark)
    if "(" in text:
        rounded = [mark for mark in _ROUNDED.finditer(text) if not _takes_number(text, mark.start())]
    notes = list(_NOTES.finditer(text))
    return Citing(
        spaced=_are_citations(spaced, listed),
        attached=_are_citations(attached, listed),
        rounded=_are_citations(rounded, listed, least=5),
        noted=_are_citations(notes, listed),
        dated=listed or "et al" in text or ("(" in text and _TWO_AUTHORS.search(text) is not None),
    )


def _are_citations(marks: list[re.Match[str]], listed: bool, least: int = 3) -> bool:
    """Whether marks cite; each has its numbers in the group "run" and what ends a clause in "ends"."""
    if not marks:
        return False
    numbers = [int(number) for mark in marks for number in _INTEGER.findall(mark["run"])]
    fresh = list(dict.fromkeys(numbers))
    at_ends = sum(mark["ends"] is not None or mark.string[mark.start() - 1] in ".,;:?!" for mark in marks)
    if 0 in fresh or 2 * at_ends < len(marks):
        return False
    if listed:
        return len(fresh) >= least - 1
    highest = 0
    rising = 0
    for number in fresh:
        rising += number > highest
        highest = max(highest, number)
    many = len(fresh) >= 2 * least
    return len(fresh) >= least and (many or min(fresh) <= 2) and (10 * rising >= 7 * len(fresh) or many)


def _takes_number(text: str, end: int) -> bool:
    """Whether the word before a mark needs it: "as in [3]"."""
    last = _LAST_WORD.search(text, max(0, end - 20), end)
    return last is not None and fold(last[1]) in _TAKES_NUMBER


def without_citations(sentence: str, citing: Citing) -> str:
    """A sentence, white space folded, without its citation marks ("[12]", "(Smith et al., 2010)", "rare.12,13"),
    references to figures and tables in brackets, at its beginning ("As shown in Table 2, ") or its end, and what is
    left where such marks were taken away before: "(reviewed in)", "( , )". Marks that can be something else go only
    where the text cites by them."""
    shown = sentence
    if "[" in shown:
        shown = _MARKS.sub(lambda mark: mark[0] if _stays(mark, citing) else "", shown)
    if "(" in shown or "[" in shown:
        shown = _without_unclosed(_without_bracketed(shown, citing), citing)
    # Each pattern is tried only where the sentence has a mark that it needs.
    beginning = fold(shown[:_LATEST_AS])
    if beginning.startswith("as ") or ", as " in beginning:
        shown = _AS_SHOWN_FIRST.sub(r"\1", shown)
    if (", a" in shown or ", A" in shown) and ", as " in fold(shown):
        shown = _AS_SHOWN_LAST.sub("", shown)
    if citing.noted and shown.rstrip(" .")[-1:].isdecimal():
        shown = _NOTE.sub(".", shown)
    if any(citing) and (" -" in shown or "–" in shown or "—" in shown or " −" in shown):
        shown = _LONE_DASH.sub(lambda dash: dash[0] if _takes_number(shown, dash.start()) else "", shown)
    if not shown[-2:-1].isalnum():
        shown = _LONE_COMMA.sub("", shown)
    return shown


def _stays(mark: re.Match[str], citing: Citing) -> bool:
    """Whether numbers in square brackets are no citation."""
    text, start = mark.string, mark.start()
    before = text[start - 1 : start]
    if not before or "0" in _INTEGER.findall(mark[0]):
        return True
    if not mark[1] and before in _STOPS:
        return not text[start - 2 : start - 1].isalnum() and text[start - 2 : start - 1] not in _CLOSING
    if mark[1] and before in ".?!":
        return not citing.spaced or text[mark.end() : mark.end() + 1] == " "  # "[2] The seller", a numbered clause
    if not (citing.spaced if mark[1] else citing.attached):
        return True
    return _takes_number(text, start)


def may_point_at_figure(sentence: str) -> bool:
    """Whether "as shown in Figure 3" may be taken away from a sentence, now or when some of its brackets are gone."""
    small = fold(sentence)
    return "as" in small and _AS_SHOWN_ANYWHERE.search(small) is not None


def _without_bracketed(sentence: str, citing: Citing) -> str:
    """Without the brackets, or the parts of them, that lead away; a space before a bracket goes with it."""
    parts: list[str] = []
    end = 0
    for match in _BRACKETED.finditer(sentence):
        start = match.start()
        if start > end and sentence[start - 1].isspace():
            start -= 1
        if (kept := _without_references(match, sentence[max(0, start - 1) : start], citing)) != match[0]:
            parts += (sentence[end : match.start() if kept else start], kept)
            end = match.end()
    return "".join([*parts, sentence[end:]]) if parts else sentence


def _without_unclosed(shown: str, citing: Citing) -> str:
    """Without a bracket at the end that is not closed, if it is empty or leads away."""
    opened = max(shown.rfind("("), shown.rfind("["))
    if opened < 1 or opened < max(shown.rfind(")"), shown.rfind("]")):
        return shown
    unclosed = _UNCLOSED.match(shown, opened - 1)
    if unclosed and (not unclosed[1] or _all_lead_away(unclosed[1].split(";"), citing)):
        return f"{shown[: unclosed.start()]}."
    return shown


def _without_references(match: re.Match[str], before: str, citing: Citing) -> str:
    """What stays of a bracket; `before` is the character before it and its space."""
    bracket, inside = match[1], match[2].strip()
    if not _WORD_CHARACTER.search(inside):
        return "" if _is_emptied(match, any(citing)) else match[0]
    if _NUMBERS.fullmatch(inside):
        after = match.string[match.end() : match.end() + 1]
        cited = bracket == "(" and citing.rounded and _cites(inside, before, after)
        return "" if cited and not _takes_number(match.string, match.start()) else match[0]
    parts = inside.split(";")
    kept = [part for part in parts if not _leads_away(part, citing)]
    if len(kept) == len(parts) == 1:
        shorter = _FIGURE_AT_END.sub("", inside)
        return match[0] if shorter == inside else match[0].replace(inside, shorter)
    if len(kept) == len(parts):
        return match[0]
    kept = [part for part in kept if not _YEARS_ALONE.fullmatch(part.strip())]
    return match[0].replace(inside, ";".join(kept).strip()) if kept else ""


def _is_emptied(match: re.Match[str], cited: bool) -> bool:
    """Whether marks were taken out of a bracket before: "( , )". "(-)", "(...)" and "main()" stay."""
    inside = match[2]
    if inside.strip(" ,;&"):
        return False
    apart = match.string[max(0, match.start() - 1) : match.start()].isspace()
    return apart and (cited or bool(inside.strip()))


def _cites(numbers: str, before: str, after: str) -> bool:
    """Whether numbers in round brackets are citation marks, not an age or a result."""
    values = [int(number) for number in _INTEGER.findall(numbers)]
    ends = after in ("", ".", ",", ";", ":")
    if len(values) == 1:
        return ends and before.islower()
    rising = all(low < high for low, high in pairwise(values))
    return rising and (ends or "-" not in numbers)


def _all_lead_away(parts: Iterable[str], citing: Citing) -> bool:
    return all(_leads_away(part, citing) for part in parts)


def _leads_away(part: str, citing: Citing) -> bool:
    """Whether a part of a bracket is a citation, a reference to a figure, or the remains of either."""
    plain = _THAT_IS.sub("see", part.lower()).replace("<dig>", "1")
    words = _WORDS.findall(plain)
    measured = _MEASURE.search(plain) is not None
    if not measured and all(word in _POINTING or _LABEL.fullmatch(word) for word in words):
        return any(word in _SHOWN_IN for word in words) or all(word in _REMAINS for word in words)
    if len(words) > _MOST_WORDS:
        return False
    if _ET_AL.search(part):
        return True
    name = part.strip()
    if referring := _REFERRING.match(name):
        name = name[referring.end() :]
    if not citing.dated and name[-1:].isalnum() and not _PAIR.search(name):
        return False  # it may be a place and a year
    return _CITATION.fullmatch(name) is not None and not _DATED.match(name)
