"""Clean text: what every document and summary becomes before anything else.

Two forms come in. Natural text keeps its length in cleaning, so that offsets into the clean text are offsets into the
original. Tokenised text (the Penn Treebank's form, as in CNN/DailyMail: `-lrb- cnn -rrb- he did n't .`, or the PubMed
form of Cohan et al. 2018: `( vte ) one - third of patients .`) is turned back into natural text, one sentence a line.
"""

from __future__ import annotations

import re

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00a0\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff\ufffe\uffff]"
)
_PTB_MARK = re.compile(r"-(?:[lr][rsc]b|[LR][RSC]B)-|(?<!\S)``(?!\S)|(?<!\S)''(?!\S)|(?<!\S)n't(?!\S)")
_SPACED = re.compile(r"\s(?:[.,;:]|'(?:s|re|ve|ll|m|d)|n't)(?=\s|$)")
_JOINED = re.compile(r"[^\s.,;:](?:[.,;:]|'(?:s|re|ve|ll|m|d)|n't)(?=\s|$)")

_BRACKETS = {"-lrb-": "(", "-rrb-": ")", "-lsb-": "[", "-rsb-": "]", "-lcb-": "{", "-rcb-": "}"}
_BRACKET = re.compile(r"-[lr][rsc]b-", re.IGNORECASE)
# A quoted question or exclamation does not end the sentence where a verb of saying follows it.
_SPEECH = (
    r"(?:asked|asks|said|says|wrote|writes|told|tells|added|adds|replied|replies|recalled|shouted|yelled|screamed|cried"
    r"|exclaimed|wondered|joked|tweeted|chanted|chanting|reads?|quipped|responded|posted|remarked|according|on|and|or)\b"
)
SAYS = re.compile(rf"\s*(?:[\w'.-]+ ){{0,3}}?{_SPEECH}", re.IGNORECASE)
_TOKENISED_END = re.compile(
    r"(?<=\S)[ \t]+(?P<stop>[.?!](?: ?[.?!])*)(?P<close>(?: +(?:''|'|\"|\)|\]))*)(?P<gap>[ \t]+(?![,;:.)])|$)", re.M
)
_SPLIT_WORDS = re.compile(r"\b(gon|wan) na\b|\b(got) ta\b|\b(lem|gim) me\b|\b(d) (?=ye\b)", re.IGNORECASE)


def clean(text: str) -> str:
    """Natural text: a tokenised text undone, one sentence a line; any other text with white space where a character
    cannot be read (NUL, control, zero width), its length and line breaks kept (a carriage return becomes a space)."""
    text = _CONTROL.sub(" ", text)
    return _undo_tokens(text) if _is_tokenised(text) else text


def _is_tokenised(text: str) -> bool:
    """Whether most punctuation and contractions stand apart from their words."""
    spaced = len(_SPACED.findall(text)) + 2 * len(_PTB_MARK.findall(text))
    return spaced > len(_JOINED.findall(text))


def _undo_tokens(text: str) -> str:
    treebank = _PTB_MARK.search(text) is not None
    text = _BRACKET.sub(lambda mark: _BRACKETS[mark[0].lower()], text.replace(r"\/", "/").replace(r"\*", "*"))
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r"(\w\.) \.(?= |$)", r"\1 \n", text, flags=re.M)  # "the u.s. ." wrote its point twice
    text = re.sub(r"([.?!](?: (?:''|'|\"|\)))+) \.(?= |$)", r"\1", text, flags=re.M)  # and so did "( no . ) ."
    text = re.sub(r" \.[ \n]+\.\.\.(?= |$)", " ....", text, flags=re.M)
    text = re.sub(r"(?<=\d) (?=\.\d)", "", text)
    text = _TOKENISED_END.sub(_end_line, text)
    text = re.sub(r"(^|[:(\[] ?)''(?= )", r"\1``", text, flags=re.M)  # opening quotes taken for closing ones
    text = re.sub(r"(?<!\S)`` ?", '"', text)
    text = re.sub(r"(?<!\S)` ?", "'", text)
    text = re.sub(r" ?''(?!\w)", '"', text)
    text = _pair_quotes(text)
    text = re.sub(r" (n't|'(?:s|re|ve|ll|m|d))(?!\w)", r"\1", text)
    text = re.sub(r" '(?= |$)", "'", text, flags=re.M)
    text = re.sub(r" (?=[,.;:?!%)\]}](?:[\s\"')\]},.;:?!]|$))", "", text)
    text = re.sub(r"([(\[{$£€]) (?=\S)", r"\1", text)
    text = re.sub(r"(?<!\S)# ?(?=\d)", "£", text)  # the Treebank's pound
    text = _SPLIT_WORDS.sub(lambda match: match[0].replace(" ", ""), text)
    if not treebank:
        text = re.sub(r"(?<=\w) ?([-/]) (?=\w)|(?<=\w) ([-/])(?=\w)", lambda mark: mark[1] or mark[2], text)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def _end_line(match: re.Match[str]) -> str:
    stop, close = match["stop"], match["close"]
    after = match.string[match.end() : match.end() + 60]
    ended = stop != "..." and not (
        ("'" in close or '"' in close) and ("?" in stop or "!" in stop) and SAYS.match(after)
    )
    return stop + close.replace("''", '"').replace(" ", "") + ("\n" if ended else match["gap"])


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
