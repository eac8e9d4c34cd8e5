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

from fastsum.text.english.casing import is_small_word
from fastsum.text.patterns import lazy

# What training data of any size leaves out. Titles are always followed by what they belong to.
_TITLE_WORDS = """
    mr mrs ms messrs mme mlle dr prof rev hon gen sen sens rep reps gov pres atty lt col capt cmdr sgt cpl pvt maj
    adm supt det insp msgr amb ald lieut cdr cpt brig asst assoc pfc spc frau fig figs eq eqs
"""
_ABBREVIATION_WORDS = """
    jr sr jnr st ste ave blvd rd mt ft inc corp ltd co bros dept univ assn vs v etc e.g i.e cf ca al ref refs no nos vol
    pp p ed eds approx resp viz ver cit comp jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n u.s.a e.u d.c
    a.m p.m b.c a.d ph.d m.d min max sp spp subsp ssp var cv cvs pv pvs supp suppl dis temp conc chr ie eg
"""
# Written short with a capital only: days, states, and the names of courts, reports and institutions.
_CAPITAL_WORDS = """
    mon tue tues wed weds thu thur thurs fri sat sun ala ariz ark calif colo conn fla kan ky md mich minn miss mont
    neb nev okla ore pa penn tenn tex va vt wash wis wyo adv agric amend atl auth bd bldg brit bus cas cir civ cnty
    cong const crim dec def dist div edn educ elec envtl evid exch fam fed fin geo hist hosp hous hum indus ins inst
    int intl invs jas jos chas wm thos kgs ft pkwy ln hts ont que alta sask prov terr lic pty pte lab liab litig
    mach mem metro mfg mgmt mun mut nat natl org pat pers phil phys pl proc prod prods prot pub rec reg regs rehab
    relig rts ry sav sch sci serv servs sess sol sq stip sys tech tel temp transp treas trib twp unif unempl util
    vet zool com coll cal ed eng econ ann app ct cl bhd ass sup gaz jud leg leb
"""
# Before a number, a sign of a section, or a letter, which it numbers: "Sec. II", "Rs. 300", "3 Wall. 88".
_NUMBERED_WORDS = """
    add ann app apps apt art arts bk br cap ch chap chaps chs cir cl cls cmt compl cor decl def dep dept div ex exs
    ext exx f ff fl flr fn fol fols hwy l lem lemm ll lot mem mk mm mod ms mss n nn op ord ph pl pls plt pp prob
    prop ps pt pts r reg regs rm rs rte s sch sched schs sec secs sect sects ser sess ss stat std ste subd subdiv
    subpara subsec supp suppl tab tabs tel thm thms tit tr treas wall pop alt avg lr para paras par pars ca mem circ
    nr nrs abs ziff rn rdnr kap bd anl anm
"""
_NUMBERED = frozenset(_NUMBERED_WORDS.split())
_NUMBER_OF_PART = lazy(r"[\d§¶#*£$€(\[]|[IVXLC]{1,5}(?![^\W_])|[A-Z](?![^\W_])|Part\b")
# Before a word in lower case: measures, and what explains.
_CUT_SHORT_WORDS = """
    yr yrs hr hrs mo mos wk wks min mins sec secs mi km cm mm kg mg lb lbs oz gal gals bbl bbls pct sq in cu pts
    cols avg esp incl excl std dev dim dims prob pop alt lat long deg mol wt vol max abbrev adj admin addr attn betw
    char colloq cont corresp def dict diff dir doc docs ea elev equiv est ext fem freq gen govt hon illus intro lang
    lit lim masc med meth mod neg neut obs orig para paras pers pl pos poss pref prep pres prob pron pt pub ref refs
    reg rel repr resp sci sect sing spec str subj sym syn temp tel trans transl univ usu util vars ver versus viz
    mtg pls thurs tues fri wed sat mon sun id ibid seq cit loc op passim et approx kcal rpm doz tsp tbsp oz yd yds
"""
_NEVER_LAST_WORDS = """
    approx cf esp excl incl viz
    bzw evtl exkl ggf inkl sog vgl zzgl abzgl bijv d.h d.w.z i.d.r m.b.t o.a o.ä s.o s.u u.a z.b z.t
"""  # before capitals too: "excl. VAT"; with German and Dutch ones, which quotations and names of laws have
_NEVER_LAST = frozenset(_NEVER_LAST_WORDS.split())
_LETTERED_WORDS = """
    war vitamin vitamins hepatitis type types plan team class grade group phase stage tier level schedule category
    option scenario part act title channel terminal platform zone bloc malcolm
"""
_LETTERED = frozenset(_LETTERED_WORDS.split())
_MONTH = lazy(r"(?:Januar|Jänner|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b")  # "am 3. Mai"
_NUMBERED_DEEDS = frozenset(("ser", "pat", "appl", "app", "publ", "pub", "reg"))  # Pat. No. 8,428,578
_NUMBERS = frozenset(("No.", "Nos."))
_CUT_SHORT = frozenset(_CUT_SHORT_WORDS.split())
# Often the last word of a sentence: a capital behind it begins the next one.
_LAST_WORDS = """
    etc a.m p.m p.a a.s.a.p i.i.d q.e.d no jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur
    thurs fri sat sun
"""
_LAST = frozenset(_LAST_WORDS.split())
_TIMES = lazy(  # what follows "8 a.m." in its sentence
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Eastern|Central|Pacific|Mountain"
    r"|Greenwich|Local|[A-Z]{2,4}\b)"
)
_HAS_DIGIT = lazy(r"\d")  # cat. no. E7885
_NO_VOWEL = lazy(r"[A-Za-z][b-df-hj-np-tv-xz]{1,5}")
_DOTTED = lazy(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")  # C.F.R, W.L.R, D.J
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
_CAPITALIZED = frozenset(_CAPITAL_WORDS.split())
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
    return (punkt.abbreviations | _ABBREVIATIONS | _CAPITALIZED | _NUMBERED).union(
        pair.partition(" ")[0] for pair in punkt.collocations
    )


def is_abbreviation(word: str) -> bool:
    """Whether a word is written with a full stop of its own."""
    return _is_written_short(word) or (len(word) == 1 and word.isalpha())


def _is_written_short(word: str) -> bool:
    small = word.lower()
    return small in _punkt().abbreviations and not (small in _ONLY_SMALL and word.isupper())


def _is_name_cut_short(word: str) -> bool:
    """Whether a word with a capital is abbreviated, or letters with points are: "Cir", "W.L.R"."""
    if word.istitle() and word.lower() in _CAPITALIZED:
        return True
    return "." in word and word.lower() not in _punkt().abbreviations and _DOTTED.fullmatch(word) is not None


def is_ordinary(word: str) -> bool:
    """Whether a word carries a capital only because a sentence begins with it."""
    return word.lower() in _punkt().ordinary or word.lower() in _punkt().starters or is_small_word(word.lower())


def is_cut_short(word: str) -> bool:
    """Whether a word before a full stop and a word in lower case is abbreviated: "14 yrs. of", "esp. in"."""
    return word.lower() in _CUT_SHORT or (_NO_VOWEL.fullmatch(word) is not None and not word[1:].isupper())


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


def takes_letter(word: str) -> bool:
    """Whether a letter or numeral behind a word belongs to it, and a full stop behind that can end a sentence: "World
    War I.", "vitamin C."."""
    return word.lower() in _LETTERED


def continues_quotation(text: str) -> bool:
    """Whether what follows a quoted question or exclamation is still its sentence: `"Why?" she asked`."""
    first = text.split(None, 1)[0] if text.strip() else ""
    if first[:1].isupper() and first != "I" and is_small_word(first.lower()):
        return False  # `"A dog?" He said nothing.`
    return _SAYS.match(text) is not None


def leads_on(word: str) -> bool:
    """Whether no sentence, heading or item ends with a word: "of", "the"."""
    return word.lower() in _LEADING_ON


def ends_sentence(word: str, after: str) -> bool:
    """Whether the full stop between two words ends a sentence, as Punkt's second pass decides (Kiss and Strunk 2006,
    section 4). Written out, because NLTK, which trains it, takes a third of a second to import."""
    if word.lower() in _NEVER_LAST or (after[:2] == "No" and after in _NUMBERS and word.lower() in _NUMBERED_DEEDS):
        return False
    if word == "z" and after.startswith("B."):
        return False
    if word.isdigit() and _MONTH.match(after):
        return False
    if len(word) > 1 and word.isalpha() and word.lower() not in _special():
        return True  # a word of letters that is no abbreviation, no initial and in no collocation
    if (
        word.lower() in _NUMBERED
        and (len(word) == 1 or not word.isupper() or after[0].isdigit())
        and _NUMBER_OF_PART.match(after)
    ):
        return False
    if word.lower() in _LAST:
        return after[0].isupper() and _TIMES.match(after) is None and not _HAS_DIGIT.search(after)
    if len(word) == 1 and word.islower() and word not in "degiv":
        return after[0].isupper()  # a variable
    if _is_name_cut_short(word):
        next_word = _PUNKT_WORD.findall(after)[0]
        return next_word[0].isupper() and (
            next_word.lower() in _punkt().ordinary or next_word.lower() in _punkt().starters
        )
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
