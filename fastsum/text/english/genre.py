"""Which of the shipped models a document is for: a paper is told by how researchers write, everything else is "news".

Words and a pattern are counted in the document's beginning. Words of research ("observed", "whereas") and its habits
(citations, "Table 1", "p < 0.05", "this study", a heading "Methods") count for a paper; words of reporting ("said",
"Monday"), of telling and talking ("you", "went"), of contracts and of manuals against it. Most words belong to no
one subject, and none needs a capital, so that natural, tokenised and lower-cased papers of any field are told alike.
News is the default: the stories that its model learnt from are the more varied, so it also gets what is neither, or too
short to tell.
"""

from __future__ import annotations

import re

NEWS, PAPER = "news", "paper"
GENRES = (NEWS, PAPER)
"""One model ships for each."""

_READ = 30_000  # characters; a paper has shown itself by then
_SHARE = 0.0175  # of the words, from which on the evidence is a paper's
_FEWEST = 200  # words that a shorter document counts as, so that one line is no paper
_HABIT = 2  # words that a habit is worth

_RESEARCH = frozenset(
    """
    algorithm algorithms analysed analyses analysis analyzed assess assessed associated association asymptotic
    baseline calculated caused causes characterised characterized coefficient coefficients cohort collected commonly
    compared comparison composed concentration conclusions consistent correlated correlation criteria data dataset
    datasets demonstrate demonstrated demonstrates denote denoted denotes detected determine determined differences
    effect effects empirical equation estimate estimated estimates evaluated evaluation evidence examined experiment
    experimental experiments factor factors findings formation frequency furthermore hence higher however hypotheses
    hypothesis identified increase increased indicate indicated indicates induced influence interactions investigate
    investigated lemma levels literature lower mainly measured measurement measurements mechanism mechanisms method
    methods model models nevertheless nonlinear observation observations observed obtained occur occurs outcome
    outcomes parameters participants performed population populations potential predict predicted presence previous
    previously probability proof proposed quantitative range ratio reduced reduction regression related respectively
    response responses results revealed role sample samples significance significant significantly similarly
    simulation simulations statistical statistically studied studies study suggest suggested suggests tested theorem
    theoretical therefore thus trials uncertainty underlying validated values variables variance variation versus
    whereas worldwide

    acid activity acute anterior bacteria bacterial bilateral brain cancer cell cells chronic clinical complications
    cortical ct diagnosed diagnosis disease diseases dna dose enzyme enzymes gene genes genetic genome hormone
    imaging immune infection lateral lesion lesions metabolism mice molecular mri mutations pathogens patients
    physiological posterior protein proteins receptor receptors serum species spinal surgical symptoms syndrome
    therapy tissue tissues treatment tumor tumors tumour tumours vascular vitro vivo
    """.split()  # noqa: SIM905 - a list of a hundred quoted words cannot be read
)
_TELLING = frozenset(
    """
    say saying tell ask me my you your he him his she her hers mr mrs yesterday today tonight week night police
    officials people
    shall must please will would get got getting go going went gone came come want wanted think thought knew know look
    looked feel felt really never again away about back down just what why so now do did last

    agreement click command configuration copyright default directory install installed license licence package
    warranty
    """.split()  # noqa: SIM905 - a list of a hundred quoted words cannot be read
)
_REPORTING = frozenset(
    "said says told asked monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905 - as above
)
_WORD = re.compile(r"[^\W\d_]+")
_HABITS = re.compile(
    r"""
      \bet\ al\b | \bdoi\b
    | \[\s?\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\s?\]                             # [3-5], [ 2 , 3 ]
    | ,\s(?:19|20)\d\d[a-z]?\s?[;)]                                         # (Moura, 2011; Obi, 2014)
    | \bfig(?:ure)?s?\s?\.?\s?[\d<] | \btables?\s(?:[\d<]|[ivx]+\b)         # fig . 2, table <dig>, Table IV
    | \b(?:theorem|lemma|proposition|corollary)\s\d
    | \bp\s?[<=>≤]\s?0?\s?\.\s?\d
    | \b(?:this|present)\s(?:article|paper|review|study)\b
    | \bwe\s(?:then\s|also\s|therefore\s)?(?:analy[sz]|assess|assum|calculat|compar|conduct|demonstrat|describ|estimat
        |evaluat|examin|hypothesi|identif|introduc|investigat|measur|observ|perform|present|propos|report|show)
    | ^[^a-z\n]{0,12}(?:abstract|introduction|background|(?:materials\sand\s)?methods?|results|discussion|conclusions?
        |references|acknowledge?ments)[^\w\n]{0,4}$
    """,
    re.MULTILINE | re.VERBOSE,
)


def genre_of(text: str) -> str:
    """The name of the shipped model that fits a text, natural or tokenised: "paper" for a scientific article, else
    "news"."""
    text = text[:_READ].lower()
    words = _WORD.findall(text)
    balance = sum((word in _RESEARCH) - (word in _TELLING) for word in words)
    balance += _HABIT * (sum(1 for _ in _HABITS.finditer(text)) - sum(word in _REPORTING for word in words))
    return PAPER if balance > _SHARE * max(len(words), _FEWEST) else NEWS
