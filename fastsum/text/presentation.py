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

from fastsum.text.english import rules as english
from fastsum.text.language import Language
from fastsum.text.segments import CLOSERS

_MARKDOWN = (
    (re.compile(r"(?:\s*(?:#{1,6}|[-*+•‣◦▪·>–—]|--|\d{1,3}[.)])\s+)+(?=\S)"), ""),
    (re.compile(r"!?\[([^\[\]]{1,300})\]\([^()\s]{0,500}\)"), r"\1"),
    (re.compile(r"(\*{1,3}|(?<!\w)_{1,3}|`)(?=\S)([^*_`]{1,300}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\s+#+\s*\Z"), ""),
)
_ITEM = re.compile(r"(?:.*[\s:;,])?(?:\d{1,2}|[a-z]|[ivx]{2,4})\) ")  # whose bracket stands alone: "i) to assess"
_PAIRS = {")": "(", "]": "[", "}": "{", "”": "“", "»": "«"}


def present(sentence: str, language: Language = english) -> str:
    """One sentence as a reader wants to see it, by itself: white space folded, Markdown marks, dateline, citations,
    references to figures, connectives at its beginning and lone quotes and brackets taken away, a capital at its
    beginning and a full stop at its end. "" where nothing readable remains."""
    shown = " ".join(sentence.split())
    for pattern, kept in _MARKDOWN:
        shown = pattern.sub(kept, shown) if kept else _without(pattern, shown)
    shown = language.without_dateline(shown)
    if shown == shown.lower():
        shown = language.with_capital_pronouns(shown)
    for pattern, spaced in _SPACING:
        shown = pattern.sub(spaced, shown)
    shown = language.without_citations(shown)
    shown = re.sub(r"\s+(?=[,;:?!]|\.(?![\w.]))", "", shown)
    return _finish(language.without_connective(shown))


_SPACING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=....\d)\. (?=\d)"), "."),  # the H3. 3 cells, but not the number of an item
    (re.compile(r"(\b[A-Za-z]\w{0,4}|\))\s?([<>=≤≥])\s?(?=[-−]?\.?\d)"), r"\1 \2 "),  # p<0.05
    (re.compile(r"(?<=\d) %"), "%"),
    (re.compile(r"(?<=[(\[]) +| +(?=[)\]])"), ""),
    (re.compile(r"(?<=[a-z]) \.\.\. (?=[a-z])"), "... "),
)


def _without(pattern: re.Pattern[str], text: str) -> str:
    """Without the mark at the text's beginning, or wherever the pattern is tied to the end."""
    if pattern.pattern.endswith(r"\Z"):
        return pattern.sub("", text)
    match = pattern.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def _finish(text: str) -> str:
    text = _balanced(text).lstrip(" ,;:").rstrip()
    if not re.search(r"\w", text):
        return ""
    first = re.search(r"\w+", text)
    if first and first.start() <= 3 and not re.search(r"[A-Z\d]", first[0]):
        text = text[: first.start()] + text[first.start()].upper() + text[first.start() + 1 :]
    text = re.sub(r"[,;:]\s*(?=[.?!]\Z)", "", text)
    if not re.search(rf"[.?!…。！？][{CLOSERS}]*\Z", text):
        text = text.rstrip(",;:-–— ")
        text = f"{text[:-1].rstrip(',;:')}.{text[-1]}" if text[-1:] in '"”' else f"{text}."
    return text


def _balanced(text: str) -> str:
    """The text without quotes and brackets that have no partner in it."""
    drop: list[int] = []
    opened: list[int] = []
    for index, mark in enumerate(text):
        if mark in _PAIRS.values():
            opened.append(index)
        elif mark in _PAIRS:
            if opened and text[opened[-1]] == _PAIRS[mark]:
                opened.pop()
            elif mark != ")" or not _ITEM.fullmatch(text[max(0, index - 5) : index + 2]):
                drop.append(index)
    quotes = [index for index, mark in enumerate(text) if mark == '"']
    if len(quotes) % 2:
        drop.append(quotes[-1] if quotes[-1] == len(text) - 1 else quotes[0])
    if re.match(r"['‘][A-Za-z]", text) and not re.search(r"\w['’.,?!](?:\W|\Z)|[.,?!]['’]", text[1:].rstrip(".?!")):
        drop.append(0)
    gone = {*drop, *opened}
    return "".join(mark for index, mark in enumerate(text) if index not in gone) if gone else text


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
            era = word == "'" and re.fullmatch(r"\d+s", after) is not None
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
