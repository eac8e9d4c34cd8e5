"""Where a sentence ends: Punkt (Kiss and Strunk 2006), trained with NLTK, decided without it; verbs of saying.

text --train_punkt--> punkt.json --ends_sentence--> yes or no for the two words around a full stop

Worth (docs/experiments/2026-11-29-rules.md; summaries that are better by it, of those read): Punkt 24 of 30, the
abbreviations written by hand 21 of 30, and those of biology among them 14 of 17 (21 of 300 summaries of papers change).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from fastsum.text.patterns import lazy

# What training data of any size leaves out. Titles are always followed by what they belong to.
_TITLE_WORDS = """
    mr mrs ms dr prof rev hon gen sen sens rep reps gov lt col capt cmdr sgt cpl pvt maj adm supt fig figs eq eqs
"""
_ABBREVIATION_WORDS = """
    jr sr jnr st ste ave blvd rd mt ft inc corp ltd co bros dept univ assn vs v etc e.g i.e cf ca al ref refs no nos vol
    pp p ed eds approx resp viz ver cit comp jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n u.s.a e.u d.c
    a.m p.m b.c a.d ph.d m.d min max sp spp subsp ssp var cv cvs pv pvs supp suppl dis temp conc chr ie eg
"""
_PERSONAL_TITLES = frozenset(_TITLE_WORDS.split())
# A quoted question or exclamation does not end the sentence where a verb of saying follows it.
_SPEECH = (
    r"(?:asked|asks|said|says|wrote|writes|told|tells|added|adds|replied|replies|recalled|shouted|yelled|screamed|cried"
    r"|exclaimed|wondered|joked|tweeted|chanted|chanting|reads?|quipped|responded|posted|remarked|according|on|and|or)\b"
)
_SAYS = lazy(rf"\s*(?:[\w'.-]+ ){{0,3}}?{_SPEECH}", re.IGNORECASE)
# A line that ends with one of these goes on. Not "in" or "on": a menu has "Log in".
_LEADING_ON_WORDS = """
    a an and as at be because but by for from if into is are its nor of or our than that the their to was were when
    whether which while with your
"""
_LEADING_ON = frozenset(_LEADING_ON_WORDS.split())
_ONLY_SMALL = frozenset(("cv", "cvs", "pv", "pvs", "ssp", "conc", "ie", "eg"))  # CV, PV and IE are no abbreviations
_ABBREVIATIONS = _PERSONAL_TITLES | frozenset(_ABBREVIATION_WORDS.split())


def train_punkt(texts: Iterable[str]) -> dict[str, list[str]]:
    """Punkt parameters from natural text, as shipped in punkt.json: abbreviations, frequent sentence starters,
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
    """What `train_punkt` learned."""

    abbreviations: frozenset[str]
    starters: frozenset[str]
    collocations: frozenset[str]
    ordinary: frozenset[str]


@cache
def _punkt() -> _Punkt:
    import json

    data = json.loads(Path(__file__).with_name("punkt.json").read_text(encoding="utf-8"))
    return _Punkt(**{name: frozenset(words) for name, words in data.items()})


@cache
def _special() -> frozenset[str]:
    """The words of which Punkt learned something that matters where they stand before a full stop."""
    punkt = _punkt()
    return punkt.abbreviations.union(pair.partition(" ")[0] for pair in punkt.collocations)


def is_abbreviation(word: str) -> bool:
    """Whether a word is written with a full stop of its own."""
    return _is_written_short(word) or (len(word) == 1 and word.isalpha())


def _is_written_short(word: str) -> bool:
    small = word.lower()
    return small in _punkt().abbreviations and not (small in _ONLY_SMALL and word.isupper())


_PUNKT_MARK = r"[)\";}\]*:@'({\[‘’“”«»?!]"
_PUNKT_RUN = r"-{2,}|\.{2,}"
_PUNKT_END = rf"\s|$|{_PUNKT_MARK}|{_PUNKT_RUN}"
_PUNKT_WORD = lazy(  # as NLTK's PunktLanguageVars cuts words
    rf"{_PUNKT_RUN}|[^\s(\"`{{\[:;&#*@)}}\]\-,]\S*?(?={_PUNKT_END}|,(?:{_PUNKT_END}))|\S"
)
_PUNKT_NUMBER = lazy(r"-?[.,]?\d[\d,.-]*")
_INITIAL = lazy(r"[^\W\d]")


def is_personal_title(word: str) -> bool:
    """Whether a word before a full stop is always followed by what it belongs to: "Dr", "Fig"; not "MS"."""
    return word.lower() in _PERSONAL_TITLES and not word.isupper()


def continues_quotation(text: str) -> bool:
    """Whether what follows a quoted question or exclamation is still its sentence: `"Why?" she asked`."""
    return _SAYS.match(text) is not None


def leads_on(word: str) -> bool:
    """Whether no sentence, heading or item ends with a word: "of", "the"."""
    return word in _LEADING_ON


def ends_sentence(word: str, after: str) -> bool:
    """Whether the full stop between two words ends a sentence, as Punkt's second pass decides (Kiss and Strunk 2006,
    section 4). Written out, because NLTK, which trains it, takes a third of a second to import."""
    if len(word) > 1 and word.isalpha() and word.lower() not in _special():
        return True  # a word of letters that is no abbreviation, no initial and in no collocation
    return _punkt_decides(word, after)


@lru_cache(maxsize=1 << 12)
def _punkt_decides(word: str, after: str) -> bool:
    punkt = _punkt()
    written = _PUNKT_WORD.findall(f"{word}.")[-1][:-1]
    last = written.lower()
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
    abbreviation = _is_written_short(written) or _is_written_short(written.rpartition("-")[2])
    initial = _INITIAL.fullmatch(last) is not None
    ordinary = upper and next_word in punkt.ordinary
    if abbreviation and not initial and (ordinary or (upper and next_word in punkt.starters)):
        return True
    if (initial or _PUNKT_NUMBER.fullmatch(last)) and (never_starts or (initial and upper and not ordinary)):
        return False
    return not abbreviation
