"""Clean text, its sentences, and a sentence as a reader wants to see it.

    raw text --clean--> natural text --sentences--> character spans --present--> what is shown

Two forms come in. Natural text keeps its length in cleaning, so that offsets into the clean text are offsets into the
original. Tokenised text (the Penn Treebank's form, as in CNN/DailyMail: `-lrb- cnn -rrb- he did n't .`, or the PubMed
form of Cohan et al. 2018: `( vte ) one - third of patients .`) is turned back into natural text, one sentence a line.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

MAX_SENTENCE_WORDS = 200
MAX_SENTENCE_CHARACTERS = 3000
MAX_HEADING_WORDS = 12
MAX_WRAPPED_WIDTH = 200  # characters; a text with longer lines has one paragraph a line


class Sentence(NamedTuple):
    """Characters `start` to `end` of the clean text; `heading` marks what is no prose (headings, rules)."""

    start: int
    end: int
    heading: bool


# ---------------------------------------------------------------------------------------------------------------- clean

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
_SAYS = re.compile(rf"\s*(?:[\w'.-]+ ){{0,3}}?{_SPEECH}", re.IGNORECASE)
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
        ("'" in close or '"' in close) and ("?" in stop or "!" in stop) and _SAYS.match(after)
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


# ------------------------------------------------------------------------------------------------------------ sentences

_CLOSERS = "\"'”’»)\\]"
# Bounded on every side and tried only at the start of a run of stops, so that no text makes the search quadratic.
_CANDIDATE = re.compile(
    rf"(?<![.?!…])(?P<stop>[.?!…]{{1,40}})(?P<close>(?:[{_CLOSERS}]{{1,4}}(?: [\"”](?= ))?)?)"
    rf"(?P<note>(?:\d{{1,3}}(?:[,–-]\d{{1,3}}){{0,9}})?)\s+(?=(?P<next>\S{{1,40}}))|[。！？][」』”]{{0,3}}"
)
_OPENERS = "\"'“‘«([`*_"
_ATX = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_SETEXT = re.compile(r"\s{0,3}(?:=+|-{2,})\s*")
_ITEM = re.compile(r"\s*(?:[-*+•‣◦▪·–—]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s+(?=\S)|\s*\||\s*>|\s*(?:```|~~~)")
_CLOSED = re.compile(rf"[.?!…:;。！？][{_CLOSERS}*_]*\Z")
_ENDED = re.compile(rf"[.?!…;,。！？][{_CLOSERS}*_]*\Z")
_NUMERAL = re.compile(r"\s*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})")
_ZERO = re.compile(r"(?<![\d.,])0\Z")
_NUMBERED = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,4})\.\s+[A-Z]\S*(?:\s+\S+){0,5}\s*")
_LETTER = re.compile(r"[^\W\d_]")


def sentences(text: str) -> list[Sentence]:
    """The sentences of a clean text in order: never empty, no white space at either end, covering all else.

    Blank lines, Markdown headings, list items and lines broken on purpose are boundaries; within a paragraph Punkt
    decides (Kiss and Strunk 2006). Linear in the length of the text; a sentence of over 200 words or 3,000 characters
    comes in pieces.
    """
    lower = _is_lower(text)
    found: list[Sentence] = []
    for start, end, heading in _blocks(text):
        cuts = [] if heading else _cuts(text, start, end, lower)
        for left, right in zip([start, *cuts], [*cuts, end], strict=True):
            found.extend(Sentence(*span, heading) for span in _pieces(text, left, right))
    return found


def is_heading(line: str) -> bool:
    """Whether a line that stands alone is a heading: marked with #, or at most 12 words without closing punctuation."""
    if _ATX.match(line):
        return True
    return (
        len(line) < 30 * MAX_HEADING_WORDS
        and 0 < len(line.split()) <= MAX_HEADING_WORDS
        and _LETTER.search(line) is not None
        and (not _ITEM.match(line) or _NUMBERED.fullmatch(line) is not None)
        and not _ENDED.search(line.rstrip()[-4:])
    )


def _is_lower(text: str) -> bool:
    """Whether the text has given up capitals, so that they cannot tell where a sentence begins."""
    capitals = len(re.findall(r"[A-Z]", text))
    return capitals * 200 < len(re.findall(r"[a-z]", text))


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether a heading of what lies between hard boundaries."""
    lines = []
    start = 0
    for raw in text.split("\n"):
        lines.append((start, raw))
        start += len(raw) + 1
    joins = _line_joiner([raw for _, raw in lines])
    blocks: list[tuple[int, int, bool, bool]] = []  # start, end, looks like a heading, marked as one
    first = 0
    for number, (offset, raw) in enumerate(lines):
        if number + 1 < len(lines) and joins(number):
            continue
        begin, end = lines[first][0], offset + len(raw)
        single = first == number
        first = number + 1
        if not text[begin:end].strip():
            continue
        if single and blocks and _SETEXT.fullmatch(raw):
            if blocks[-1][1] + 1 == begin and not blocks[-1][3]:
                blocks[-1] = (*blocks[-1][:2], True, True)
            blocks.append((begin, end, True, True))
            continue
        marked = single and (_ATX.match(raw) is not None or not re.search(r"\w", raw))
        blocks.append((begin, end, marked or (single and is_heading(raw)), marked))
    # Short lines without a full stop are headings only where there is prose for them to head.
    prose = any(not heading for _, _, heading, _ in blocks)
    for position, (begin, end, heading, marked) in enumerate(blocks):
        last = position + 1 == len(blocks)
        yield begin, end, marked or (heading and prose and not last)


def _line_joiner(lines: list[str]) -> Callable[[int], bool]:
    """Whether line i runs on into line i + 1: the text is hard-wrapped and the next word no longer fitted."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(lengths) < 2:
        return lambda _: False
    width = lengths[int(0.9 * (len(lengths) - 1))] if len(lengths) >= 10 else lengths[-1]
    followed = [line for line, after in pairwise(lines) if line.strip() and after.strip()]
    closed = sum(_CLOSED.search(line.rstrip()[-4:]) is not None for line in followed)
    if width > MAX_WRAPPED_WIDTH or 2 * closed > len(followed):
        return lambda _: False
    structural = [not line.strip() or bool(_ATX.match(line) or _SETEXT.fullmatch(line)) for line in lines]

    def joins(number: int) -> bool:
        after = lines[number + 1]
        if structural[number] or structural[number + 1] or _ITEM.match(after):
            return False
        return len(lines[number].rstrip()) + 1 + len(after.split(maxsplit=1)[0]) > width

    return joins


def _cuts(text: str, start: int, end: int, lower: bool) -> list[int]:
    """Where in a block a new sentence begins."""
    cuts = []
    for match in _CANDIDATE.finditer(text, start, end):
        if match["stop"] is None or _ends(match, start, lower):
            cuts.append(match.end())
    return cuts


def _ends(match: re.Match[str], start: int, lower: bool) -> bool:
    """Whether the stop of a candidate ends a sentence of the block that begins at `start`."""
    stop, close, note, after = match.group("stop", "close", "note", "next")
    if after[0] == ".":
        return False
    head = match.string[max(start, match.start() - 40) : match.start()]
    word = "" if head[-1:].isspace() else (head.split() or [""])[-1].lstrip(_OPENERS)
    if note and not (word[-1:].isalpha() or close):
        return False  # 3.5, not a note at a word's end
    bare = after.lstrip(_OPENERS)
    begins_lower = bare[:1].islower()
    if "?" in stop or "!" in stop:
        quoted = any(mark in close for mark in "\"'”’»")
        if quoted and _SAYS.match(match.string[match.end() : match.end() + 60]):
            return False
        return lower or not begins_lower
    if begins_lower and not lower and (close or len(stop) > 1):
        return False
    if len(stop) > 1 or stop == "…":
        return not lower or len(stop) > 3
    if close or note:
        return True
    if word.lower() in _TITLES or (after[0] in "([" and _is_abbreviation(word)):
        return False
    if match.start() - start <= 4 and _NUMERAL.fullmatch(head):
        return False  # the number of a section or an item
    if bare[:1].isdigit() and _ZERO.search(word):
        return False  # a decimal set apart: p < 0. 001
    if lower and word[-1:].isdigit():
        return True
    return _punkt_breaks(word, bare or after)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch without the white space around it, cut where it is too long to be a sentence."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    if end - start > MAX_SENTENCE_WORDS:  # characters, an upper bound of words
        words = [start + match.start() for match in re.finditer(r"\S+", text[start:end])]
        if len(words) > MAX_SENTENCE_WORDS or end - start > MAX_SENTENCE_CHARACTERS:
            yield from _cut_long(text, start, end)
            return
    if start < end:
        yield start, end


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        window = text[start : min(end, start + MAX_SENTENCE_CHARACTERS)]
        words = list(re.finditer(r"\S+", window))
        if not words:
            return
        start += words[0].start()
        window = window[words[0].start() :]
        if len(words) > MAX_SENTENCE_WORDS:
            size = words[MAX_SENTENCE_WORDS].start() - words[0].start()
        else:
            size = len(window)
        if start + size < end:
            half = size // 2
            for mark in ("; ", ", ", " ", "\n"):
                place = window.rfind(mark, half, size)
                if place >= 0:
                    size = place + 1
                    break
        piece = window[:size].rstrip()
        if piece:
            yield start, start + len(piece)
        start += size


# -------------------------------------------------------------------------------------------------------------- reading

_AGENCY = (
    r"\((?:CNN|Reuters|AP|AFP|UPI|PA|Bloomberg|Xinhua|WIRED|EW\.com|Mashable|Health\.com|[A-Z]\w+\.com)\b[^()]{0,30}\)"
)
_DATELINE = re.compile(rf"(?:{_AGENCY}|(?:[^\s(]+ ){{1,5}}{_AGENCY}(?=\s*(?:-|–|—)))\s*(?:--?|–|—)?\s*", re.IGNORECASE)
_MARKDOWN = (
    (re.compile(r"(?:\s*(?:#{1,6}|[-*+•‣◦▪·>]|\d{1,3}[.)])\s+)+(?=\S)"), ""),
    (re.compile(r"!?\[([^\[\]]{1,300})\]\([^()\s]{0,500}\)"), r"\1"),
    (re.compile(r"(\*{1,3}|(?<!\w)_{1,3}|`)(?=\S)([^*_`]{1,300}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\s+#+\s*\Z"), ""),
)
_PAIRS = {")": "(", "]": "[", "}": "{", "”": "“", "»": "«"}


def present(sentence: str) -> str:
    """One sentence as a reader wants to see it: white space folded, Markdown marks, dateline and lone quotes and
    brackets taken away, a capital at its beginning and a full stop at its end. "" where nothing readable remains."""
    shown = " ".join(sentence.split())
    for pattern, kept in _MARKDOWN:
        shown = pattern.sub(kept, shown) if kept else _without(pattern, shown)
    shown = _without(_DATELINE, shown)
    return _finish(re.sub(r"\s+(?=[,;:?!]|\.(?![\w.]))", "", shown))


def _without(pattern: re.Pattern[str], text: str) -> str:
    """Without the mark at the text's beginning, or wherever the pattern is tied to the end."""
    if pattern.pattern.endswith(r"\Z"):
        return pattern.sub("", text)
    match = pattern.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def _finish(text: str) -> str:
    text = _balanced(text).strip()
    if not re.search(r"\w", text):
        return ""
    first = re.search(r"\w+", text)
    if first and first.start() <= 3 and not re.search(r"[A-Z\d]", first[0]):
        text = text[: first.start()] + text[first.start()].upper() + text[first.start() + 1 :]
    if not re.search(rf"[.?!…。！？][{_CLOSERS}]*\Z", text):
        text = text.rstrip(",;:-–— ")
        text = f"{text[:-1].rstrip(',;:')}.{text[-1]}" if text[-1:] in '"”' else f"{text}."
    return text


def _balanced(text: str) -> str:
    """The text without quotes and brackets that have no partner in it."""
    drop: list[int] = []
    opened: list[int] = []
    for place, mark in enumerate(text):
        if mark in _PAIRS.values():
            opened.append(place)
        elif mark in _PAIRS:
            if opened and text[opened[-1]] == _PAIRS[mark]:
                opened.pop()
            else:
                drop.append(place)
    quotes = [place for place, mark in enumerate(text) if mark == '"']
    if len(quotes) % 2:
        drop.append(quotes[-1] if quotes[-1] == len(text) - 1 else quotes[0])
    if re.match(r"['‘][A-Za-z]", text) and not re.search(r"\w['’.,?!](?:\W|\Z)|[.,?!]['’]", text[1:].rstrip(".?!")):
        drop.append(0)
    gone = {*drop, *opened}
    return "".join(mark for place, mark in enumerate(text) if place not in gone) if gone else text


_NO_SPACE_BEFORE = ", . ; : ? ! % ) ] } ... - / n't 's 'm 'd 're 've 'll"
_NO_SPACE_AFTER = "( [ { $ £ € # @ - /"
_TIGHT_LEFT, _TIGHT_RIGHT = frozenset(_NO_SPACE_BEFORE.split()), frozenset(_NO_SPACE_AFTER.split())


def join_words(words: list[str]) -> str:
    """Words of a tokenizer, in lower case or their surface forms, as a sentence: spaced, quotes paired, "i" a capital,
    finished as `present` finishes one."""
    parts: list[str] = []
    glue = True  # the next word follows without a space
    opened: set[str] = set()
    for place, word in enumerate(words):
        last = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
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


# ---------------------------------------------------------------------------------------------------------------- Punkt

# What training data of any size leaves out. Titles are always followed by what they belong to.
_TITLE_WORDS = """
    mr mrs ms dr prof rev hon gen sen sens rep reps gov lt col capt cmdr sgt cpl pvt maj adm supt fig figs eq eqs
"""
_ABBREVIATION_WORDS = """
    jr sr jnr st ste ave blvd rd mt ft inc corp ltd co bros dept univ assn vs v etc e.g i.e cf ca al ref refs no nos vol
    pp p ed eds approx resp viz ver cit comp jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n u.s.a e.u d.c
    a.m p.m b.c a.d ph.d m.d min max sp spp subsp var supp suppl dis temp chr
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_ABBREVIATIONS = _TITLES | frozenset(_ABBREVIATION_WORDS.split())


def train_splitter(texts: Iterable[str]) -> dict[str, list[str]]:
    """Punkt parameters from natural text, as shipped in data/punkt.json: abbreviations, frequent sentence starters,
    collocations across a full stop ("word next"), and words that carry a capital only at a sentence's start."""
    from nltk.tokenize.punkt import PunktTrainer

    trainer = PunktTrainer()
    begins: Counter[str] = Counter()
    small: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for text in texts:
        trainer.train(text, finalize=False)
        begins.update(word.lower() for word in re.findall(r"[.?!]\s+([A-Z][a-z]*)\b", text))
        small.update(re.findall(r"(?<=[a-z,] )[a-z]+\b", text))
        inside.update(word.lower() for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]*\b", text))
    trainer.finalize_training()
    learned = trainer.get_params()
    seen = begins + small + inside
    # Learned ones without an inner point are as often rare words that happened to end sentences.
    abbreviations = {word for word in learned.abbrev_types if re.fullmatch(r"(?:[a-z]\.)+[a-z]{1,2}", word)}
    return {
        "abbreviations": sorted(abbreviations | _ABBREVIATIONS),
        "starters": sorted(learned.sent_starters),
        "collocations": sorted(" ".join(pair) for pair in learned.collocations if seen[pair[1]] and pair[0].isalpha()),
        "ordinary": sorted(
            word
            for word in begins
            if begins[word] >= max(20, 0.05 * small[word]) and small[word] >= max(5, 3 * inside[word])
        ),
    }


class _Punkt(NamedTuple):
    """What `train_splitter` learned."""

    abbreviations: frozenset[str]
    starters: frozenset[str]
    collocations: frozenset[str]
    ordinary: frozenset[str]


@lru_cache(maxsize=1)
def _punkt() -> _Punkt:
    data = json.loads(files("fastsum").joinpath("data/punkt.json").read_text(encoding="utf-8"))
    return _Punkt(**{name: frozenset(words) for name, words in data.items()})


def _is_abbreviation(word: str) -> bool:
    return word.lower() in _punkt().abbreviations or (len(word) == 1 and word.isalpha())


_PUNKT_MARK = r"[)\";}\]*:@'({\[‘’“”«»?!]"
_PUNKT_RUN = r"-{2,}|\.{2,}"
_PUNKT_END = rf"\s|$|{_PUNKT_MARK}|{_PUNKT_RUN}"
_PUNKT_WORD = re.compile(  # as NLTK's PunktLanguageVars cuts words
    rf"{_PUNKT_RUN}|[^\s(\"`{{\[:;&#*@)}}\]\-,]\S*?(?={_PUNKT_END}|,(?:{_PUNKT_END}))|\S"
)
_PUNKT_NUMBER = re.compile(r"-?[.,]?\d[\d,.-]*")


@lru_cache(maxsize=1 << 16)
def _punkt_breaks(word: str, after: str) -> bool:
    """Whether the full stop between two words ends a sentence, as Punkt's second pass decides (Kiss and Strunk 2006,
    section 4). Written out, because NLTK, which trains it, takes a third of a second to import."""
    punkt = _punkt()
    last = _PUNKT_WORD.findall(f"{word}.")[-1][:-1].lower()
    following, *more = _PUNKT_WORD.findall(after)
    next_word = following.lower()
    if next_word[-1] == "." and next_word[:-1] not in punkt.abbreviations:
        next_word = next_word[:-1]
        if more:
            return True  # `Marines."`: as in NLTK, a sentence that ends within the next word settles it
    if f"{last} {next_word}" in punkt.collocations:
        return False
    upper = following[0].isupper()
    never_starts = following[0].islower() or following in ";:,.!?"
    abbreviation = last in punkt.abbreviations or last.rpartition("-")[2] in punkt.abbreviations
    initial = re.fullmatch(r"[^\W\d]", last) is not None
    ordinary = upper and next_word in punkt.ordinary
    if abbreviation and not initial and (ordinary or (upper and next_word in punkt.starters)):
        return True
    if (initial or _PUNKT_NUMBER.fullmatch(last)) and (never_starts or (initial and upper and not ordinary)):
        return False
    return not abbreviation
