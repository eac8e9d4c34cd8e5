"""Titles of a paper's figures and sections, known by their lack of a verb, and where to look for them.

Worth (docs/experiments/2026-11-29-rules.md): 56 of 300 summaries of papers change, +0.05 ROUGE-1 (±0.09); of 60 short
sentences that this alone keeps out of them 27 are titles. Panels after a title: 10 change, 6 of them for the better.
"""

from __future__ import annotations

import re
from itertools import islice

from fastsum.text.patterns import fold, lazy

_TELLS = lazy(  # in lower case: verbs that are nothing else, and the pronouns that have one
    r"\b(?:am|is|are|was|were|be|been|has|have|had|do|does|did|can(?:not)?|could|may|might|must|will|would|shall|should"
    r"|came|went|saw|found|took|made|gave|fell|rose|grew|knew|kept|left|lost|met|ran|said|says?|sat|spoke|stood|thought"
    r"|told|won|wrote|began|became|brought|built|bought|held|led|hit|sent|paid|sold|chose|sank|cut|spent|felt|drew|caught"
    r"|shows?|shown|suggests?|indicates?|remains?|reduces?|improves?|presents|reveals?"
    r"|underwent|makes?|affects?|outperforms?|predicts?|encodes?"
    r"|i|we|they|he|she|it|you|there|who|not|nothing|nobody|everyone)\b|n['’]t\b|\w['’](?:re|ve|ll|m)\b"
    r"|\b(?:that|here|what|let)['’]s\b"
)
_OPENS_PROSE = lazy(  # no title begins so
    r"(?:To|These|This|Our|Both|None|(?:Taken )?[Tt]ogether|Thus|Hence|Let|Note that|In (?:conclusion|summary|contrast"
    r"|addition))\b|(?:First|Second|Third|Finally|[A-Z][a-z]+ly),|(?:Aim|Objective|Hypothes[ie]s|Conclusion)s?:"
)
_TELLS_OF = lazy(  # a word in -s, a verb by what follows it: "outperforms the others"
    r"[^\W\d_]{2}s (?:the|an?|no|this|that|these|those|their|its|our|his|her|how|whether)\b"
)
_PAST = lazy(r"(?<=\s)[^\W\d_]+ed\b")  # not the first word: "Pooled estimates"
_ONLY_VERB = lazy(  # which are hardly ever participles of the noun before them
    r"(?:di|decreas|increas|improv|occurr|remain|result|dropp|declin|recover|differ|collaps|vari|rang|contribut"
    r"|appear|fail|last|seem|surviv|resolv|depend|peak|return|respond|doubl|persist)ed"
)
_PARTICIPLE_FOLLOWS = lazy(
    r"\b(?:the|an?|of|in|and|or|for|with|between|by|on|from|to|as|versus|vs\.?) (?:[\w-]+ly )?\Z"
)
_FOLLOWS_PARTICIPLE = lazy(
    r" (?:in|by|on|with|using|from|to|for|at|during|between|among|as|of|under|after|before|into|through|via|within|per"
    r"|and|or|according|than)\b"
)
_RESEARCH = lazy(  # a group is what nothing but a report of research has
    r"\b(?:(et al\b|p ?[<=>] ?0?\.\d)|(?:fig(?:ure)?s?|tables?)\b\.? ?(?:S?\d|(?-i:[IVX]{1,4})\b))|(\(n ?= ?\d)"
    r"|^[\d. ]{0,6}(?:((?:materials and |patients and )?methods|results)|introduction|discussion|conclusions?)$",
    re.IGNORECASE | re.MULTILINE,
)
_ET_AL = lazy(r"et al\b(?<=\bet al)")  # so begun, it is searched ten times as fast
_LEAST_MARKS = 3
_MOST_PER_THE = 500  # characters; English has "the" once in a hundred


def is_title(sentence: str) -> bool:
    """Whether a sentence names something and says nothing of it, for want of a verb: "Effect of rTMS on accuracy."

    A verb whose form is a noun's or a participle's too can go unnoticed ("Salt stress affects growth.", "Two ships
    collided in May."), so only what else looks like a title should be asked about.
    """
    if _OPENS_PROSE.match(sentence) or _TELLS.search(fold(sentence)) or _TELLS_OF.search(sentence):
        return False
    return all(
        _PARTICIPLE_FOLLOWS.search(sentence[: past.start()][-40:])
        or (_FOLLOWS_PARTICIPLE.match(sentence, past.end()) and not _ONLY_VERB.fullmatch(past[0]))
        for past in _PAST.finditer(sentence)
    )


def reports_research(text: str) -> bool:
    """Whether a text is English and has three marks of a report of research ("et al.", "p < 0.05", numbered figures,
    the usual sections), not only those that minutes and contracts have too."""
    if text.count(" the ") * _MOST_PER_THE <= len(text) or not _may_report(text):
        return False
    if len(list(islice(_ET_AL.finditer(text), _LEAST_MARKS))) == _LEAST_MARKS:
        return True
    certain = False
    for count, mark in enumerate(_RESEARCH.finditer(text), start=1):
        certain = certain or mark.lastindex is not None
        if certain and count >= _LEAST_MARKS:
            return True
    return False


def _may_report(text: str) -> bool:
    """Whether a text has one of the strings without which no group of `_RESEARCH` matches."""
    if "et al" in text or "(n" in text:
        return True
    small = fold(text)
    return any(
        needed in small for needed in ("et al", "(n", "p<", "p <", "p=", "p =", "p>", "p >", "methods", "results")
    )
