"""Boilerplate: sentences of a page or paper that do not belong to its text, known by their wording alone.

News pages have links, invitations and credits among their sentences, papers have legends, reference lists and
declarations. A rule names a whole kind of such lines, and nothing that a story or a finding would be told in.

What each group is worth (docs/experiments/2026-11-29-rules.md: summaries that are better by it, of those that it
changes), and the sentences that it alone marked in 2,704 documents:

links of a page             5 of 6 changed summaries better; 122 marked
invitations                 1 of 2; 353 marked, most of them e-mail headers
credits, dates and notes    1 of 1; 129 marked before names of outlets were taken out
match reports               1 of 1; 117 marked, and 5 of 600 summaries of 12 sentences are better
declarations of a paper     none changed, 69 marked; kept for papers read from PDF
phrases anywhere            "contributed to this report" and its like: none changed, 378 marked
numbered captions           none changed, 39 marked; kept for papers read from PDF
reference lists, addresses  none changed, 1 marked; kept for papers read from PDF
links that end in an arrow  2 of 11; in 45 % of older CNN stories
one word, ends of brackets  1 of 1; 4,509 marked
cut-off cross-references    4 of 4; 169 marked
pointers to figures         13 of 14; 501 marked
formulas                    4 of 4; 164 marked
back matter                 none changed; kept for papers read from PDF
lost subjects               4 of 5
"""

from __future__ import annotations

import re

_LEAD = r"[\s\"'“”‘’(\[*_–—•|>-]{0,8}"  # marks before the first word
_SITE = r"(?:https?:|www\.|\S{1,60}\.(?:com|org|net|gov|edu|co\.uk|co/))"
_NETWORK = r"(?:twitter|facebook|instagram)"
_LINKS = (
    r"(?:video\W{0,3})?scroll down (?:for|to (?:watch|see|read|hear|listen|view|find))\b",
    r"(?:video|gallery|photos?|pictures?|in pictures|watch|listen|related|see also|also read|read more)\s*:",
    r"[\w-]{1,30}\.com\s*:",
    r"(?:read next|see more|live updates|more (?:from|on) [^:.]{1,60})\s*:",
    r"(?:click|tap) (?:here|below|through|the (?:link|image)|on the (?:link|image|video|photo|map)s?)\b",
    r"(?:watch|see|view|hear|listen to|read|play|get) (?:the |our |a )?(?:full |original |entire |rest of the )?"
    r"(?:video|story|article|report|interview|clip|episode|trailer|transcript|gallery|slideshow|highlights|post)s?"
    r"(?: (?:here|below|above|now|at|on|from|in)\b.{0,80})?\W*\Z",
    r"(?:read|see|find out|learn) more (?:here|at|on|about|from)\b.{0,100}\Z",
    r"(?:for|to find) (?:more|further|additional|full|the latest)\b(?! than)[^.]{0,80}"
    r"\b(?:click|visit|go to|log on|check out|e-?mail|contact)\b",
    rf"for (?:more|further) (?:information|details)\b.{{0,60}}{_SITE}",
    rf"(?:please )?(?:visit|go to|check out) .{{0,60}}{_SITE}",
)
_INVITATIONS = (
    rf"(?:you can )?follow (?:@|(?:us|me|him|her|them|\w+(?:'s)?(?: \w+){{0,3}}) (?:on|at|via) (?:{_NETWORK}|@))",
    rf"(?:like|find|join) us on {_NETWORK}\b",
    r"e-?mail(?: (?:to a friend|us|me|your|the (?:author|editor))\b|\s*:| \S{1,60}@)",
    r"share (?:this|your|with us)\b",
    r"(?:sign up|subscribe|register)\b.{0,80}\b(?:newsletters?|e-?mails?|alerts|magazine|podcast|channel|issue)\b",
)
_NOTES = (  # credits, dates and notes of the editors
    r"(?:file )?(?:photo(?:graph)?|picture|image)(?: credit)?s?\s*:",
    r"(?:©|copyright)\W{0,3}(?:©|\(c\)|(?:19|20)\d\d|[\w ]{2,40}, (?:19|20)\d\d)",
    r"editor['’]?s['’]? note\s*:",
    r"please note that there may be a delay\b",  # until a transcript is there
    r"sorry,? we are not (?:currently )?accepting comments\b",
    r"(?:first published|last updated|last modified|published|updated|posted)\s*(?::|(?:on|at) \d)",
    r"\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\.?)?,?\s(?:est|edt|gmt|bst|et|pt|utc)\b.{0,40}\Z",
    # CNN's Jane Doe wrote from Lima.
    r"(?:(?-i:[A-Z]{2,5})['’]s|journalist|reporter|correspondent|producer)\b[^:]{0,200}"
    r"\b(?:also contributed|(?:reported|wrote) (?:and \w+ )?(?:this \w+ )?from\b).{0,200}\Z",
)
_MATCHES = (  # the lists under a report of a match
    r"(?:subs|substitutes|subs(?:titutes)? not used|unused subs|scorers?|booked|bookings|sent off|yellow cards?"
    r"|red cards?|referee|ref|att(?:endance)?|man of the match|motm|kick-?off)\s*:",
)
_INTERESTS = r"(?:competing|conflicts? of|conflicting|financial|commercial) (?:or \w+ )?interests?"
_PAPER = (
    r"(?:key ?words?|abbreviations?|acknowledge?ments?|funding(?: (?:sources?|statement|information))?|disclosures?"
    rf"|(?:declaration of |potential )?{_INTERESTS}(?: (?:statement|disclosures?))?|authors?['’]? contributions?"
    r"|data availability(?: statement)?|availability of data[\w ]{0,30}|ethics (?:approval|statement)[\w ]{0,30}"
    r"|supplementary (?:materials?|data|information)|supporting information|additional files?|correspondence(?: to)?"
    r"|corresponding authors?|address for correspondence|how to cite[\w ]{0,20}|cite this article(?: as)?|edited by"
    r"|reviewed by|academic editor|pmc?id|doi|issn|isbn)\s*:",
    r"doi\b\W{0,3}10\.",
    r"(?:https?:|www\.)\S+\W*\Z",
    r"(?:received|submitted)\b[^.]{0,40}\d[^.]{0,20}\b(?:accepted|revised|published)\b",
    r"(?:we|the authors?) (?:(?:would|also|gratefully|sincerely|wish|want|like|are|is|very|deeply|to) ){0,5}"
    r"(?:thank\b|grateful to\b|acknowledge (?:the )?(?:support|help|contribution|funding|financial)\b)",
    rf"(?:the authors?|none of the authors|no authors?)\b.{{0,60}}\b{_INTERESTS}\b",
    r"the funders? (?:had|have|played)\b",
    r"this is an open[- ]access article\b",
    r"this (?:work|study|research) (?:was|is|has been) (?:\w+ )?(?:supported|funded|sponsored) (?:in part )?by\b",
)
_STARTS = (*_LINKS, *_INVITATIONS, *_NOTES, *_MATCHES, *_PAPER)
_START = re.compile(rf"{_LEAD}(?:{'|'.join(_STARTS)})", re.IGNORECASE)
_ANYWHERE = (  # in lower case
    "all rights reserved",
    "contributed to this report",
    "contributed to this story",
    "contributed to this article",
    "contributed reporting",
    "opinions expressed in this",
    "views expressed in this",
    "creative commons attribution",
    "\\documentclass",
)

# A number that a mark or a capital follows: "Figure 2 shows" is prose.
_CAPTION = re.compile(
    rf"{_LEAD}(?:supplement(?:ary|al) |additional |online |extended data )?"
    r"(?:fig(?:ure)?s?|tables?|scheme|chart|plate|box|movie|video|additional files?|appendix|exhibit|panel)\.? ?"
    r"(?:S?\d{1,3}(?:\.\d{1,2})?[A-Za-z]?|[IVX]{1,4}|<dig>)\s?(?:[.:|](?:\s|\Z)|[–—-]\s|\s(?-i:[A-Z][a-z]))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(  # Smith J, Doe AB. A title. J Foo 2010;3:1-9.
    r"\s*\[?(?:\d{1,3}[\].)]\s*)?[A-Z][\w'’-]{1,30},? (?:[A-Z]\.?[ -]?){1,3}(?:,| and|\.|;)(?=.*\b(?:19|20)\d\d\b)"
    r"(?=.*(?:\d\s?(?:\(\d+\))?\s?[:,;]\s?e?\d+|\bdoi\b|\bPress\b|https?:))"
)
_ADDRESS = re.compile(
    rf"{_LEAD}(?:\d\s?)?(?:Departments?|Dept|School|Institute|Faculty|Division|Cent(?:re|er)|College|Laborator(?:y|ies)|Unit)"
    r" (?:of|for) [^.]{0,150},[^.]{0,150},[^.]{2,80}\.?\Z"
)
_VERB = re.compile(r"\b(?:is|was|are|were|has|have|had|will|would|said|says|can|could|may)\b")
_LINK = re.compile(
    rf"{_LEAD}(?:watch|see|read|hear|learn|find|view|look|explore|check|take|listen|meet|tell|get|test|try|photos?|map|video"
    r"|gallery|interactive|full story|timeline)\b[^«»\n]{0,200}»\W*\Z",
    re.IGNORECASE,
)
_END_OF_BRACKET = re.compile(r"\W*\w{0,4}\d[^()]*\)\W*\Z")
_SHOWN = (
    r"(?:shown|presented|given|listed|summari[sz]ed|depicted|illustrated|provided|displayed|detailed|described|reported"
    r"|plotted)"
)
_CROSS_REFERENCE = re.compile(rf"\b(?:{_SHOWN}|found|seen) (?:in|by|below in)\W*\Z")
_FIGURE = (
    r"(?:the )?(?:(?:supplement(?:ary|al)|additional|online) )?(?:fig(?:ure)?s?|tables?|schemes?|files?)\b\.? ?"
    r"(?:<dig>|S?\d{1,3}[A-Za-z]?\b|(?-i:[A-Z]\d{0,2}|[IVX]{1,4})\b)"
)
_SHOWS = (
    r"(?:shows?|presents?|gives?|lists?|summari[sz]es?|depicts?|illustrates?|provides?|displays?|describes?|reports?"
    r"|plots?|compares?|contains?)"
)
_FINDING = re.compile(
    r"\b(?:lower|higher|better|worse|more|less|longer|shorter|fell|falls?|rose|rises?|no|not|that|how|significant(?:ly)?"
    r"|differed|improved|declined|correlated|associated|as (?:is|are|was|were))\b|increas|decreas|reduc|\d\s?%",
    re.IGNORECASE,
)
_FIGURE_SHOWS = re.compile(rf"{_FIGURE}(?: ?\([a-z]\))? {_SHOWS} ", re.IGNORECASE)
_SHOWN_IN_FIGURE = re.compile(
    rf"\b(?:is|are|was|were) (?:\w+ly |also )?{_SHOWN}(?: \w+ly)? (?:in|by) (?i:{_FIGURE})[^.;:]{{0,40}}\W*\Z"
)
_CLAUSE_ENDS = re.compile(r"[;:]|\.(?!\d)")
_MOST_POINTED_AT = 160  # characters of what is shown
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_EQUATES = re.compile(r"[=~∼≈](?!\))")
_PLAIN_WORD = re.compile(r"(?<!\S)[^\W\d_]{2,}(?=[,.;:]?(?:\s|\Z))")
_BACK_MATTER = re.compile(
    rf"[\W\d]*(?:acknowledge?ments?|(?:declarations? of |potential )?{_INTERESTS}(?: (?:statement|disclosures?))?"
    r"|authors?['’]? contributions?|contributors?|references|bibliography|literature cited|works cited"
    r"|supplementary (?:materials?|data|information)|supporting information|additional files?|pre-publication history"
    r"|data availability(?: statement)?|availability of data(?: and materials?)?|consent (?:for|to) publication"
    r"|(?:ethics|ethical) approval(?: and consent to participate)?|publisher['’]?s note|financial support"
    r"|(?:study )?funding(?: (?:sources?|statement|information))?|sources? of (?:funding|support)"
    r"|declaration of patient consent|author information|about the authors?)\W*",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(  # a reference stood before it, and was lost: "[3] reported that", "Figure 2 shows"
    r"(?:\[\d{1,3}\] )?(?:also |further |recently |previously )?(?:shows?|showed|reports?|reported|illustrates?"
    r"|illustrated|summari[sz]es?|summari[sz]ed|presents?|presented|lists|depicts|displays|describes?|described|compares"
    r"|compared|found|demonstrates?|demonstrated|suggests?|suggested|proposes?|proposed|indicates?|observed|investigated"
    r"|examined|where) "
)


def is_boilerplate(sentence: str) -> bool:
    """Whether a sentence is page furniture (links, invitations, credits, notes of the editors), a caption with a
    number, an entry of a reference list, an address, or one of a paper's declarations."""
    lower = sentence.lower()
    return (
        _START.match(sentence) is not None
        or any(phrase in lower for phrase in _ANYWHERE)
        or is_apparatus(sentence)
        or (_ADDRESS.match(sentence) is not None and not _VERB.search(sentence))
        or is_link(sentence)
    )


def is_apparatus(paragraph: str) -> bool:
    """Whether a paragraph begins as a numbered legend ("Figure 3. Distribution of ...") or an entry of a reference list
    does: all of it is one then."""
    return _CAPTION.match(paragraph) is not None or _REFERENCE.match(paragraph) is not None


def is_link(sentence: str) -> bool:
    """Whether a sentence is a link as older news pages have them: "Watch the ship come in »"."""
    return sentence.rstrip(" .").endswith("»") and _LINK.match(sentence) is not None


def is_fragment(sentence: str) -> bool:
    """Whether a sentence says nothing by itself: no letters, one word, the end of a bracket, a formula, or where
    to look ("Table 2 lists the primers.", "Results are shown in.")."""
    words = re.findall(r"\S*[^\W\d_]\S*", sentence[:100])
    return (
        not words
        or (len(words) == 1 and words[0].isascii())  # elsewhere words may stand without spaces
        or (len(words) <= 6 and _END_OF_BRACKET.match(sentence) is not None)
        or _CROSS_REFERENCE.search(sentence[-40:]) is not None
        or _is_pointer(sentence)
        or _is_formula(sentence)
    )


def _is_pointer(sentence: str) -> bool:
    """Whether it tells what a figure shows, and not what is seen in it."""
    if _FIGURE_SHOWS.match(sentence) is None:
        shown = _SHOWN_IN_FIGURE.search(sentence)
        if shown is None or shown.start() > _MOST_POINTED_AT or _CLAUSE_ENDS.search(sentence, 0, shown.start()):
            return False
    return _FINDING.search(sentence) is None


def _is_formula(sentence: str) -> bool:
    return (
        _EQUATES.search(sentence) is not None  # few have one at all
        and _EQUATES.search(_IN_BRACKETS.sub("", sentence)) is not None
        and len(_PLAIN_WORD.findall(sentence)) <= 2
    )


def is_back_matter(heading: str) -> bool:
    """Whether what follows a heading of a paper is no longer the paper: thanks, interests, references."""
    return _BACK_MATTER.fullmatch(heading) is not None


def lost_its_subject(sentence: str) -> bool:
    """Whether a sentence that follows another in a cased text is only the end of one: "[3] reported that it fell."."""
    return _NO_SUBJECT.match(sentence) is not None and not sentence.endswith("?")
