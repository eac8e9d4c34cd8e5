"""Texts with hardly any words of prose, in any language of programs: counted words and signs, without their comments.

Of 1,136 files of code, settings and data with 45 suffixes, `codelines` and `refusals` know 780 by their lines, and this
175 more. Of 915 documents and texts from packages and repositories it refuses 42: lists of requirements, tables of
numbers, output of programs, macros, and 3 templates of pages without a sentence.
"""

from __future__ import annotations

import re

from fastsum.readers.detection.recognition import without_fences

_FEW = 3  # lines
_LEAST_SURE = 8  # lines: fewer need more signs
_MANY_SIGNS, _FEW_PLAIN = 0.1, 0.6  # where there are so few: of the characters, and of what stands between spaces
_SIGNS = 0.08
_ENDS = 0.4  # of the lines, which end as no sentence does
_NO_WORDS, _MOST_WORDS = 0.02, 0.06  # of all words, which only prose has
_PLAIN, _PLAIN_WITH_WORDS = 0.75, 0.7  # of what stands between spaces, which are words of letters alone
_PROSE, _PROSE_WITH_WORDS = 0.05, 0.12  # of the characters, in lines with two such words or more
_PROSE_LINE = 6  # words
_MOST_FOREIGN = 0.2  # of the letters: of texts in other scripts these words say nothing
_MOST_TIMES = 0.25  # of the lines, in a chat or a log
_PROSE_WORDS = """
    the of to that it with was be by on this which have has will would can they he she his her you we our who there been
    were are a an i my me is as but so
"""
_WORDS = frozenset(_PROSE_WORDS.split())  # of prose, and of no language of programs
_BLOCK_COMMENT = re.compile(
    r"(?sm)/\*.*?\*/|\"\"\".*?\"\"\"|'''.*?'''|<!--.*?-->|\{-.*?-\}|\(\*.*?\*\)|^=(?:pod|head\d|begin|item)\b.*?^=cut\b"
    r"|^<#.*?#>|^%\{.*?^%\}"
)
_LINE_COMMENT = re.compile(
    r"(?mi)^[ \t]*(?://|--|;+|#|%+|!|\"(?=[ \t])|'(?=[ \t])|@?rem\b|dnl\b|\*(?=[ \t]|$)|::)[^\n]*$"
)
_SIGN = re.compile(r"[{}()\[\];=<>$@\\|&_#%^~*+]|(?<!\d)/|/(?!\d)|:(?!\s|\Z)")
_END = re.compile(r"[{};,(\[\])=:\\|>+&]\s*$")
_PLAIN_WORD = re.compile(r"[\"'(“‘]?[^\W\d_]+(?:['’-][^\W\d_]+)*[.,;:!?)\"'”’]*")
_AROUND = ".,;:!?()\"'"
_TIME = re.compile(r"\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}|\d{2}[/.-]\d{2}[/.-]\d{2,4}")
_TIME_WITHIN = 40  # characters
_OF_DOCUMENTS = re.compile(  # headings, items and links of Markdown and reStructuredText, HTML in Markdown
    r"(?m)^#{2,6} \w|^\w.*\n(?:={4,}|-{4,})$|^[-*] \w|\w[`*_]{0,2}\]\((?:https?:|#|\.{0,2}/|[\w./-]+\.\w+\))"
    r"|^<(?:details|h[1-6]|p)\b"
)


def lacks_prose(text: str) -> bool:
    """Whether a text has hardly a word that only prose has, and the signs or the line ends of code or data."""
    raw = [line for line in text.split("\n") if line.strip()]
    lines = [line for line in _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub("", text)).split("\n") if line.strip()]
    if len(raw) < _FEW or len(lines) < 2:
        return False
    signs = sum(len(_SIGN.findall(line)) for line in lines) / sum(len("".join(line.split())) for line in lines)
    ends = sum(_END.search(line[-8:]) is not None for line in lines) / len(lines)
    if (signs < _SIGNS and ends < _ENDS) or (len(lines) < _LEAST_SURE and signs < _MANY_SIGNS):
        return False
    rows = [line.split() for line in lines]
    counts = [sum(word.strip(_AROUND).lower() in _WORDS for word in row) for row in rows]
    total = sum(map(len, rows))
    words = sum(counts) / total
    plain = sum(_PLAIN_WORD.fullmatch(word) is not None for row in rows for word in row) / total
    in_prose = sum(
        len(line)
        for line, row, count in zip(lines, rows, counts, strict=True)
        if count >= 2 and len(row) >= _PROSE_LINE
    )
    prose = in_prose / sum(map(len, lines))
    if len(lines) < _LEAST_SURE and plain > _FEW_PLAIN:
        return False
    bare = words <= _NO_WORDS and plain <= _PLAIN and prose <= _PROSE
    mixed = words <= _MOST_WORDS and plain <= _PLAIN_WITH_WORDS and prose <= _PROSE_WITH_WORDS and signs >= _SIGNS
    return (bare or mixed) and not _may_be_document(text, raw)


def _may_be_document(text: str, lines: list[str]) -> bool:
    letters = sum(map(str.isalpha, text))
    foreign = letters - sum(map(str.isalpha, text.encode("ascii", "ignore").decode("ascii")))
    timed = sum(_TIME.search(line[:_TIME_WITHIN]) is not None for line in lines)
    return (
        foreign > _MOST_FOREIGN * letters
        or timed > _MOST_TIMES * len(lines)
        or _OF_DOCUMENTS.search(text) is not None
        or len(without_fences(text)) < len(text)
    )
