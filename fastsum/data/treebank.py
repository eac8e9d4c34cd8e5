"""Tokenised data sets as natural text: their documents and summaries, one sentence a line.

Two forms are undone: the Penn Treebank's, as in CNN/DailyMail (`-lrb- cnn -rrb- he did n't .`), and that of the PubMed
set of Cohan et al. 2018 (`( vte ) one - third of patients .`). NLTK's TreebankWordDetokenizer was tried. It does not
break lines between sentences, and 16 and 20 of 1,000 words of these sets come out worse: it glues dashes to the words
beside them, and keeps single back-ticks, "u.s. .", "one - third" and "mg / l".

Worth (docs/experiments/2026-11-29-rules.md): +0.54 ROUGE-1 (±0.54) on 199 tokenised rows, and 196 of their summaries
read as text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from fastsum.text.cleaning import clean
from fastsum.text.english.punkt import continues_quotation

# Each begins with a character to look for and then looks back; a search for white space first tries every space.
_PTB_MARKS = (
    re.compile(r"-(?:[lr][rsc]b|[LR][RSC]B)-"),
    re.compile(r"``(?<!\S``)(?!\S)"),
    re.compile(r"''(?<!\S'')(?!\S)"),
    re.compile(r"n't(?<!\Sn't)(?!\S)"),
)
_SPACED = (
    re.compile(r"[.,;:](?<=\s.)(?!\S)"),
    re.compile(r"'(?<=\s')(?:s|re|ve|ll|m|d)(?!\S)"),
    re.compile(r"n't(?<=\sn't)(?!\S)"),
)
_JOINED = re.compile(r"[^\s.,;:](?:[.,;:]|'(?:s|re|ve|ll|m|d)|n't)(?=\s|$)")

_BRACKETS = {"-lrb-": "(", "-rrb-": ")", "-lsb-": "[", "-rsb-": "]", "-lcb-": "{", "-rcb-": "}"}
_BRACKET = re.compile(r"-[lr][rsc]b-", re.IGNORECASE)
_TOKENISED_END = re.compile(
    r"(?<=\S)[ \t]+(?P<stop>[.?!](?: ?[.?!])*)(?P<close>(?: +(?:''|'|\"|\)|\]))*)(?P<gap>[ \t]+(?![,;:.)])|$)", re.M
)
# Words that no sentence ends with: a full stop after one of them marks where a line was broken ("he told the . court").
_RUNS_ON = re.compile(
    r"\b(?:the|an|and|my|your|their|than|because|which|or|every"
    r"|(?:in|of|to|for|with|at|as|is|was|on|by|from|using|into|like|has|had|have|been|be|after|that|over|about) a)\Z",
    re.IGNORECASE,
)
# Alone between two full stops, these are beginnings of the next.
_ALONE = re.compile(
    r"(?:\A|[.?!](?: ?['\")\]]{1,2})?\s|\n)(?:[`'\"]{1,2} ?)?(?:a|if|as|but|in|on|at|of|for|from|with|into"
    r"|to|it|he|she|they|we|i|you|his|her|its|these|those|when|while|since|after|before|during|despite|although|though|until|under|over|who|what|where|how)\Z"
)
_ABBREVIATED = re.compile(r"(?:\A|[\s(\[])(?:figs?|tabs?|nos?|ca|approx|refs?|eqs?|cat|vol|sp|spp|vs|st|dr|al)\Z")
_SUBJECT = re.compile(r"(?:\A|\n|[.?!]\s)\S+(?: (?:and|&) \S+)? et al\Z")
_AFTER_AL = re.compile(
    r"[\d(\[,;]|(?:and|or|in|for|with|of|found|reported|show(?:s|ed)|ha(?:s|ve|d)|who|which|also|done|demonstrated|described|suggested"
    r"|observed|used|conducted|studied|compared|noted|proposed|developed|concluded|stated|investigated|performed)\b"
)
_LINKED = re.compile(
    r"^((?:watch|see|read|hear|learn|find|view|look|explore|check|take|listen|meet|test|try|photos?|map|video|gallery"
    r"|interactive|timeline) [^\n`\"»]{3,200}?\w) ''(?= |$)",
    re.MULTILINE,
)
_SPLIT_WORDS = re.compile(r"\b(gon|wan) na\b|\b(got) ta\b|\b(lem|gim) me\b|\b(d) (?=ye\b)", re.IGNORECASE)


def natural(text: str) -> str:
    """A tokenised text as natural text, one sentence a line; any other text as it is. Linear in its length."""
    readable = clean(text)
    return _undo_tokens(readable) if _is_tokenised(readable) else text


def _is_tokenised(text: str) -> bool:
    """Whether most punctuation and contractions stand apart from their words."""
    spaced = _count(_SPACED, text) + 2 * _count(_PTB_MARKS, text)
    joined = itertools.islice(_JOINED.finditer(text), spaced)  # more need not be found
    return spaced > sum(1 for _ in joined)


def _count(patterns: Iterable[re.Pattern[str]], text: str) -> int:
    return sum(len(pattern.findall(text)) for pattern in patterns)


def _undo_tokens(text: str) -> str:
    treebank = any(mark.search(text) for mark in _PTB_MARKS)
    text = _BRACKET.sub(lambda mark: _BRACKETS[mark[0].lower()], text.replace(r"\/", "/").replace(r"\*", "*"))
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r"(\w\.) \.(?= |$)", r"\1 \n", text, flags=re.M)  # "the u.s. ." wrote its point twice
    text = re.sub(r"([.?!](?: (?:''|'|\"|\)))+) \.(?= |$)", r"\1", text, flags=re.M)  # and so did "( no . ) ."
    text = re.sub(r" \.[ \n]+\.\.\.(?= |$)", " ....", text, flags=re.M)
    text = re.sub(r"(?<=\d) (?=\.\d)", "", text)
    text = _TOKENISED_END.sub(_end_news_line if treebank else _end_line, text)
    text = _LINKED.sub(r"\1 »\n", text)  # older news pages end a link with an arrow
    text = re.sub(r"(^|[:(\[] ?)''(?= )", r"\1``", text, flags=re.M)  # opening quotes taken for closing ones
    text = re.sub(r"(?<!\S)`` ?", '"', text)
    text = re.sub(r" ?''(?!\w)", '"', text)
    text = _pair_quotes(text)
    text = "\n".join(map(_pair_single_quotes, text.split("\n")))
    text = re.sub(r" (n't|'(?:s|re|ve|ll|m|d))(?!\w)", r"\1", text)
    text = re.sub(r" (?='?[,.;:?!%)\]}](?:[\s\"')\]},.;:?!]|$))", "", text)
    text = re.sub(r"([(\[{]) (?=\S)|([$£€]) (?=[\d.])|(?<=\d) ([$£€])(?= [a-z])", _joined, text)
    text = re.sub(r"(?<!\S)# ?(?=\d)", "£", text)  # the Treebank's pound
    text = _SPLIT_WORDS.sub(lambda match: match[0].replace(" ", ""), text)
    if not treebank:
        text = re.sub(r"(?<=\w) ?([-/]) (?=\w)|(?<=\w) ([-/])(?=\w)", lambda mark: mark[1] or mark[2], text)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def _end_news_line(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    if match["gap"] and (match["stop"] + match["close"]) == "." and (_RUNS_ON.search(before) or _ALONE.search(before)):
        return match["gap"]
    return _end_line(match)


def _end_line(match: re.Match[str]) -> str:
    stop, close = match["stop"], match["close"]
    after = match.string[match.end() : match.end() + 60]
    before = match.string[max(0, match.start() - 40) : match.start()]
    abbreviated = stop == "." and not close and _ABBREVIATED.search(before) and _continues(before, after)
    ended = (
        stop != "..."
        and not abbreviated
        and not (("'" in close or '"' in close) and ("?" in stop or "!" in stop) and continues_quotation(after))
    )
    return stop + close.replace("''", '"').replace(" ", "") + ("\n" if ended else match["gap"])


def _continues(before: str, after: str) -> bool:
    """Whether a sentence goes on after an abbreviation and its full stop: "fig. 2", "smith et al. found"."""
    if before.endswith(" al"):
        return _SUBJECT.search(before) is not None or _AFTER_AL.match(after) is not None
    return re.match(r"\d{1,3}[a-h]?(?![a-z])", after) is not None or before.endswith(("st", "dr"))


def _pair_single_quotes(line: str) -> str:
    """Single quotes and apostrophes that stand alone, joined to the word that they belong to."""
    alone = list(re.finditer(r"(?<!\S)[`'](?!\S)", line))
    if not alone:
        return line
    paired = len(alone) % 2 == 0 and "`" not in line
    parts: list[str] = []
    done = 0
    opened = False
    for mark in alone:
        last = (line[max(0, mark.start() - 40) : mark.start()].split() or [""])[-1]
        possessive = last[-1:] == "s" and last != "'s"
        begins = not last or last[-1] in ":;(" or last in ("'s", "--")
        opens = mark[0] == "`" or (not opened and not possessive and (begins or paired))
        before = line[done : mark.start()]
        parts += [before if opens else before.rstrip(" "), "'"]
        done = mark.end() + opens  # an opening one loses the space after it
        opened = opens or (opened and possessive)
    return "".join([*parts, line[done:]])


def _joined(match: re.Match[str]) -> str:
    return "".join(filter(None, match.groups()))


def _pair_quotes(text: str) -> str:
    """Straight quotes that stand alone open and close by turns within their line."""
    if ' " ' not in text:
        return text

    def line(part: str) -> str:
        opening = iter([True, False] * (part.count('"') + 1))
        return re.sub(
            r'(?<!\S)" (?=\S)|(?<=\S) "(?!\S)|"', lambda m: m[0] if m[0] == '"' else _turn(next(opening)), part
        )

    return "\n".join(map(line, text.split("\n")))


def _turn(opening: bool) -> str:
    return ' "' if opening else '" '
