"""What a word is: how text is normalized, and the pattern that cuts it as the Penn Treebank does (do|n't, john|'s).

tokenizer.json describes both to the library `tokenizers`, which is not needed here: Python's `re` applies the same
definitions to nearly every text 15 times as fast, and the package `regex` to one with a character outside of
`_COVERED`. They differ from the library in characters that its tables, or Python's, are too old to know.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

# The full stop belongs to the word.
_ABBREVIATIONS = (
    "mr|mrs|ms|dr|prof|st|sen|sens|gen|gov|rep|reps|lt|col|capt|cmdr|sgt|cpl|maj|adm|rev|jr|sr|inc|corp|ltd|vs|etc|al"
)


def _word(letter: str, letter_or_stop: str, digit: str, alphanumeric: str, inside: str) -> str:
    """The pattern of a word in the classes of a regular expression engine; `inside` is a character of a longer word."""
    # Tried in this order at each character; anything else that is not white space is a token of its own.
    return "|".join(
        (
            rf"(?:{letter}\.){{2,}}",  # u.s., a.m.
            rf"(?<!{alphanumeric})(?:{_ABBREVIATIONS})\.(?!{letter})",
            rf"(?<!{alphanumeric}){letter}\.(?=\s+{letter}{letter_or_stop})",  # an initial: j. smith
            rf"(?:{alphanumeric}+\.)+(?:com|org|net|gov|edu|co\.uk|tv)(?!{alphanumeric})",
            rf"{digit}+(?:[.,:]{digit}+)+",  # 10,000  3.5  4:30
            rf"can(?=not(?!{letter}))",
            rf"{letter}+(?=n't(?!{letter}))",
            rf"n't(?!{letter})",
            rf"'(?:s|m|d|re|ve|ll)(?!{alphanumeric})",
            rf"(?<!{alphanumeric}){letter}{{1,2}}'{letter}{{3,}}",  # o'neill
            rf"{inside}+",
            r"\.\.\.",
            r"--",
            r"[^\s]",
        )
    )


# Applied in this order to text in NFKC, before it is lower-cased.
_REPLACEMENTS = (
    (r"[‘’‛′`´]", "'"),
    (r"''|[“”„‟″«»]", '"'),
    (r"(?<=\s)[-‐‑‒–−](?=\s)|[—―]", "--"),
    (r"[‐‑‒–−]", "-"),
    ("⁄", "/"),
    (r"-{3,}", "--"),
    (r"\.(?:\s?\.)+", "..."),
    (r"[\u00ad\u200b-\u200f\ufe0f\ufeff]", ""),
)

NORMALIZER: dict[str, Any] = {
    "type": "Sequence",
    "normalizers": [
        {"type": "NFKC"},
        *(
            {
                "type": "Replace",
                "pattern": {"String" if len(pattern) == 1 else "Regex": pattern},
                "content": content,
            }
            for pattern, content in _REPLACEMENTS
        ),
        {"type": "Lowercase"},
    ],
}
"""The normalizer, as in tokenizer.json."""
PRE_TOKENIZER: dict[str, Any] = {
    "type": "Split",
    "pattern": {"Regex": _word(r"\p{L}", r"[\p{L}.]", r"\p{N}", r"[\p{L}\p{N}]", r"[\p{L}\p{M}\p{N}_]")},
    "behavior": "Removed",
    "invert": True,
}
"""What finds words in normalized text, as in tokenizer.json."""

# Characters that Python's `re` treats as the library does: Latin, Greek and Cyrillic letters, signs and emoji. Left out
# are what only Python takes for white space, numbers that NFKC leaves as they are ("➀", a letter to `\w`), all
# combining marks but the commonest, and scripts of many letters, which would make this slow to compile.
_COVERED = (
    r"\x00-\x1b -~\u00a1-\u0377\u037a-\u037f\u0384-\u03ff\u0400-\u0482\u048a-\u0527\u1e00-\u1eff\u2000-\u2064"
    r"\u2070-\u209c\u20a0-\u20bf\u2100-\u217f\u2190-\u23ff\u2460-\u24ea\u2500-\u2775\u2794-\u2b73\u3000-\u3006"
    r"\u3008-\u3020\uf000-\uf0ff\ufb00-\ufb06\ufe0f\ufe30-\ufe44\ufeff\uff01-\uff9d\ufffd"
    r"\U0001d400-\U0001d6a5\U0001d6a8-\U0001d7cb\U0001d7ce-\U0001d7ff\U0001f300-\U0001f64f"
)
_UNCOVERED = re.compile(f"[^{_COVERED}]")
_MARKS = r"\u0300-\u036f"
_PYTHON_REPLACEMENTS = [(re.compile(pattern), content) for pattern, content in _REPLACEMENTS]
# Where a text of ASCII has none of these, nothing in it is replaced, and it has no white space of Python's own.
_CHANGING = re.compile(r"[\x1c-\x1f`'.\-](?:(?<=[\x1c-\x1f`])|(?<=')'|(?<=\s-)|(?<=-)--|(?<=\.)\s?\.)")

# Most words are one of these, and the pattern would find the same: after letters, only what `inside` has, a stop or an
# apostrophe can make them more or less than one word, unless they are "cannot".
_COMMON = (r"[a-z]+(?=[ ,;:)/-])(?<!cannot)", rf"\d+(?![\w.,:{_MARKS}])", rf"[^\w\s.'\-{_MARKS}]")
_WORD = _word(r"[^\W\d_]", r"(?:[^\W\d_]|\.)", r"\d", r"[^\W_]", rf"[\w{_MARKS}]")
_NEXT_WORD = re.compile(rf"\s*({'|'.join(_COMMON)}|{_WORD})")


def split_words(text: str) -> list[str]:
    """The normalized words of a text."""
    if text.isascii() and not _CHANGING.search(text):
        text = text.lower()
    elif _UNCOVERED.search(text):
        replacements, word = _unicode_patterns()
        return list(word.findall(_normalized(text, replacements)))
    else:
        text = _normalized(text, _PYTHON_REPLACEMENTS)
    return _NEXT_WORD.findall(text.rstrip())  # each space at the end would be tried with all after it


def _normalized(text: str, replacements: Iterable[tuple[Any, str]]) -> str:
    text = unicodedata.normalize("NFKC", text)
    for pattern, content in replacements:
        text = pattern.sub(content, text)
    return text.replace("Σ", "σ").lower()  # of itself Python has another small letter at the end of a word


@cache
def _unicode_patterns() -> tuple[list[tuple[Any, str]], Any]:
    """The replacements and the pattern of a word with the classes of all of Unicode."""
    import regex

    replacements = [(regex.compile(pattern), content) for pattern, content in _REPLACEMENTS]
    return replacements, regex.compile(PRE_TOKENIZER["pattern"]["Regex"])
