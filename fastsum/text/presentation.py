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

from fastsum.text.english import rules as english
from fastsum.text.language import Language
from fastsum.text.patterns import lazy
from fastsum.text.wrapping import CLOSERS

_MARKS_BEFORE = lazy(r"(?:\s*(?:#{1,6}|[-*+•‣◦▪·>–—]|--|\d{1,3}[.)])\s+)+(?=\S)")
_QUOTE_MARKS = lazy(r"\n[ \t]{0,3}(?:>[ \t]?){1,9}")  # of the lines of a quoted sentence
_LINK = lazy(r"!?\[([^\[\]]{1,300})\]\([^()\s]{0,500}\)")
_EMPHASIS = lazy(r"(\*{1,3}|(?<!\w)_{1,3}|`)(?=\S)([^*_`]{1,300}?)(?<=\S)\1(?!\w)")
_HASHES_BEHIND = lazy(r"\s+#+\s*\Z")
_APART = lazy(r"(?<=....\d)\. (?=\d)")  # the H3. 3 cells, but not the number of an item
_SIGN = lazy(r"(\b[A-Za-z]\w{0,4}|\))\s?([<>=≤≥])\s?(?=[-−]?\.?\d)")  # p<0.05
_PER_CENT = lazy(r"(?<=\d) %")
_IN_BRACKET = lazy(r"(?<=[(\[]) +| +(?=[)\]])")
_DOTS = lazy(r"(?<=[a-z]) \.\.\. (?=[a-z])")
_SPACE_BEFORE = lazy(r"\s+(?=[,;:?!]|\.(?![\w.]))")
_WORD = re.compile(r"\w+")
_CAPITAL = re.compile(r"[A-Z\d]")
_COMMA_BEFORE_END = lazy(r"[,;:]\s*(?=[.?!]\Z)")
_STOPS = ".?!…。！？"
_ITEM = lazy(r"(?:.*[\s:;,])?(?:\d{1,2}|[a-z]|[ivx]{2,4})\) ")  # whose bracket stands alone: "i) to assess"
_PAIRS = {")": "(", "]": "[", "}": "{", "”": "“", "»": "«"}
_PAIRED = re.compile(r"[()\[\]{}“”«»\"]")
_QUOTED_LETTER = lazy(r"['‘][A-Za-z]")
_ERA = lazy(r"\d+s")
_QUOTE_ENDS = lazy(r"\w['’.,?!](?:\W|\Z)|[.,?!]['’]")


def present(sentence: str, language: Language = english) -> str:
    """One sentence as a reader wants to see it, by itself: white space folded, Markdown marks, dateline, citations,
    references to figures, connectives at its beginning and lone quotes and brackets taken away, a capital at its
    beginning and a full stop at its end. "" where nothing readable remains."""
    # Most patterns find nothing in most sentences: each is tried only where the sentence has a mark that it needs.
    if "\n" in sentence and ">" in sentence:
        sentence = _QUOTE_MARKS.sub("\n", sentence)
    shown = _without_markdown(" ".join(sentence.split()))
    shown = language.without_dateline(shown)
    if shown == shown.lower():
        shown = language.with_capital_pronouns(shown)
    shown = language.without_citations(_spaced(shown))
    if " ," in shown or " ." in shown or " ;" in shown or " :" in shown or " ?" in shown or " !" in shown:
        shown = _SPACE_BEFORE.sub("", shown)
    return _finish(language.without_connective(shown))


def _without_markdown(text: str) -> str:
    if not text[:1].isalpha():
        marks = _MARKS_BEFORE.match(text)
        if marks and marks.end() < len(text):
            text = text[marks.end() :]
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text or "`" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return _HASHES_BEHIND.sub("", text) if "#" in text else text


def _spaced(text: str) -> str:
    """With the spaces that belong around signs and in numbers."""
    if ". " in text:
        text = _APART.sub(".", text)
    if "=" in text or "<" in text or ">" in text or "≤" in text or "≥" in text:
        text = _SIGN.sub(r"\1 \2 ", text)
    if " %" in text:
        text = _PER_CENT.sub("%", text)
    if "( " in text or " )" in text or "[ " in text or " ]" in text:
        text = _IN_BRACKET.sub("", text)
    return _DOTS.sub("... ", text) if " ... " in text else text


def _finish(text: str) -> str:
    text = _balanced(text).lstrip(" ,;:").rstrip()
    first = _WORD.search(text)
    if not first:
        return ""
    if first.start() <= 3 and not _CAPITAL.search(first[0]):
        text = text[: first.start()] + text[first.start()].upper() + text[first.start() + 1 :]
    if not text[-2:-1].isalnum():
        text = _COMMA_BEFORE_END.sub("", text)
    if text.rstrip(CLOSERS)[-1:] not in _STOPS:
        text = text.rstrip(",;:-–— ")
        text = f"{text[:-1].rstrip(',;:')}.{text[-1]}" if text[-1:] in '"”' else f"{text}."
    return text


def _balanced(text: str) -> str:
    """The text without quotes and brackets that have no partner in it."""
    drop: list[int] = []
    opened: list[int] = []
    quotes: list[int] = []
    for found in _PAIRED.finditer(text):
        index, mark = found.start(), found[0]
        if mark == '"':
            quotes.append(index)
        elif mark not in _PAIRS:
            opened.append(index)
        elif opened and text[opened[-1]] == _PAIRS[mark]:
            opened.pop()
        elif mark != ")" or not _ITEM.fullmatch(text[max(0, index - 5) : index + 2]):
            drop.append(index)
    if len(quotes) % 2:
        drop.append(quotes[-1] if quotes[-1] == len(text) - 1 else quotes[0])
    if text.startswith(("'", "‘")) and _QUOTED_LETTER.match(text) and not _QUOTE_ENDS.search(text[1:].rstrip(".?!")):
        drop.append(0)
    if not (drop or opened):
        return text
    gone = sorted({*drop, *opened})
    return "".join(text[start + 1 : end] for start, end in pairwise([-1, *gone, len(text)]))


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
