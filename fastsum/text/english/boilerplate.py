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

from fastsum.text.patterns import fold, lazy

_LEAD = r"[\s\"'“”‘’(\[*_–—•|>-]{0,8}"  # marks before the first word
_SITE = r"(?:https?:|www\.|\S{1,60}\.(?:com|org|net|gov|edu|co\.uk|co/))"
_NETWORK = r"(?:twitter|facebook|instagram)"
# How such a sentence begins: patterns, each with the first three letters of all first words that it can have, by which
# the few that may match a sentence are found. Two more keys:
_NO_WORD = "-"  # what begins without a letter
_APOSTROPHE = "'"  # any first word that an apostrophe follows
_LINKS = {
    r"(?:video\W{0,3})?scroll down (?:for|to (?:watch|see|read|hear|listen|view|find))\b": "scr vid",
    r"(?:video|gallery|photos?|pictures?|in pictures|watch|listen|related|see also|also read|read more)\s*:": (
        "vid gal pho pic in wat lis rel see als rea"
    ),
    r"(?:read next|see more|live updates|more (?:from|on) [^:.]{1,60})\s*:": "rea see liv mor",
    r"(?:click|tap) (?:here|below|through|the (?:link|image)|on the (?:link|image|video|photo|map)s?)\b": "cli tap",
    r"(?:watch|see|view|hear|listen to|read|play|get) (?:the |our |a )?(?:full |original |entire |rest of the )?"
    r"(?:video|story|article|report|interview|clip|episode|trailer|transcript|gallery|slideshow|highlights|post)s?"
    r"(?: (?:here|below|above|now|at|on|from|in)\b.{0,80})?\W*\Z": "wat see vie hea lis rea pla get",
    r"(?:read|see|find out|learn) more (?:here|at|on|about|from)\b.{0,100}\Z": "rea see fin lea",
    r"(?:for|to find) (?:more|further|additional|full|the latest)\b(?! than)[^.]{0,80}"
    r"\b(?:click|visit|go to|log on|check out|e-?mail|contact)\b": "for to",
    rf"for (?:more|further) (?:information|details)\b.{{0,60}}{_SITE}": "for",
    rf"(?:please )?(?:visit|go to|check out) .{{0,60}}{_SITE}": "ple vis go che",
}
_INVITATIONS = {
    rf"(?:you can )?follow (?:@|(?:us|me|him|her|them|\w+(?:'s)?(?: \w+){{0,3}}) (?:on|at|via) (?:{_NETWORK}|@))": (
        "you fol"
    ),
    rf"(?:like|find|join) us on {_NETWORK}\b": "lik fin joi",
    r"e-?mail(?: (?:to a friend|us|me|your|the (?:author|editor))\b|\s*:| \S{1,60}@)": "e ema",
    r"share (?:this|your|with us)\b": "sha",
    r"(?:sign up|subscribe|register)\b.{0,80}\b(?:newsletters?|e-?mails?|alerts|magazine|podcast|channel|issue)\b": (
        "sig sub reg"
    ),
    r"get (?:all |our |the |updates|news)\b.{0,160}\b(?:newsletters?\b|(?:to|in) your inbox\b)": "get",
}
_NOTES = {  # credits, dates and notes of the editors
    r"(?:file )?(?:photo(?:graph)?|picture|image)(?: credit)?s?\s*:": "fil pho pic ima",
    r"(?:©|copyright)\W{0,3}(?:©|\(c\)|(?:19|20)\d\d|[\w ]{2,40}, (?:19|20)\d\d)": f"{_NO_WORD} cop",
    r"editor['’]?s['’]? note\s*:": "edi",
    r"please note that there may be a delay\b": "ple",  # until a transcript is there
    r"sorry,? we are not (?:currently )?accepting comments\b": "sor",
    r"(?:first published|last updated|last modified|published|updated|posted)\s*(?::|(?:on|at) \d)": (
        "fir las pub upd pos"
    ),
    r"\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\.?)?,?\s(?:est|edt|gmt|bst|et|pt|utc)\b.{0,40}\Z": _NO_WORD,
    # CNN's Jane Doe wrote from Lima.
    r"(?:(?-i:[A-Z]{2,5})['’]s|journalist|reporter|correspondent|producer)\b[^:]{0,200}"
    r"\b(?:also contributed|(?:reported|wrote) (?:and \w+ )?(?:this \w+ )?from\b).{0,200}\Z": (
        f"{_APOSTROPHE} jou rep cor pro"
    ),
}
_MATCHES = {  # the lists under a report of a match
    r"(?:subs|substitutes|subs(?:titutes)? not used|unused subs|scorers?|booked|bookings|sent off|yellow cards?"
    r"|red cards?|referee|ref|att(?:endance)?|man of the match|motm|kick-?off)\s*:": (
        "sub unu sco boo sen yel red ref att man mot kic"
    ),
}
_INTERESTS = r"(?:competing|conflicts? of|conflicting|financial|commercial) (?:or \w+ )?interests?"
_PAPER = {
    r"(?:key ?words?|abbreviations?|acknowledge?ments?|funding(?: (?:sources?|statement|information))?|disclosures?"
    rf"|(?:declaration of |potential )?{_INTERESTS}(?: (?:statement|disclosures?))?|authors?['’]? contributions?"
    r"|data availability(?: statement)?|availability of data[\w ]{0,30}|ethics (?:approval|statement)[\w ]{0,30}"
    r"|supplementary (?:materials?|data|information)|supporting information|additional files?|correspondence(?: to)?"
    r"|corresponding authors?|address for correspondence|how to cite[\w ]{0,20}|cite this article(?: as)?|edited by"
    r"|reviewed by|academic editor|pmc?id|doi|issn|isbn)\s*:": (
        "key abb ack fun dis dec pot com con fin aut dat ava eth sup add cor how cit edi rev aca pmi pmc doi iss isb"
    ),
    r"doi\b\W{0,3}10\.": "doi",
    r"(?:https?:|www\.)\S+\W*\Z": "htt www",
    r"(?:received|submitted)\b[^.]{0,40}\d[^.]{0,20}\b(?:accepted|revised|published)\b": "rec sub",
    r"(?:we|the authors?) (?:(?:would|also|gratefully|sincerely|wish|want|like|are|is|very|deeply|to) ){0,5}"
    r"(?:thank\b|grateful to\b|acknowledge (?:the )?(?:support|help|contribution|funding|financial)\b)": "we the",
    rf"(?:the authors?|none of the authors|no authors?)\b.{{0,60}}\b{_INTERESTS}\b": "the non no",
    r"the funders? (?:had|have|played)\b": "the",
    r"this is an open[- ]access article\b": "thi",
    r"this (?:work|study|research) (?:was|is|has been) (?:\w+ )?(?:supported|funded|sponsored) (?:in part )?by\b": (
        "thi"
    ),
}
_VERB = r"\b(?:is|was|are|were|has|have|had|will|would|said|says|can|could|may)\b"
_ADDRESS = {
    r"(?-i:(?:\d\s?)?"
    r"(?:Departments?|Dept|School|Institute|Faculty|Division|Cent(?:re|er)|College|Laborator(?:y|ies)|Unit)"
    rf" (?:of|for) (?![\s\S]*{_VERB})[^.]{{0,150}},[^.]{{0,150}},[^.]{{2,80}}\.?\Z)": (
        f"{_NO_WORD} dep sch ins fac div cen col lab uni"
    )
}
_ANYWHERE = (  # in lower case; each has one of the strings in _has_phrase
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

_CAPTIONS = {  # a number that a mark or a capital follows: "Figure 2 shows" is prose
    r"(?:supplement(?:ary|al) |additional |online |extended data )?"
    r"(?:fig(?:ure)?s?|tables?|scheme|chart|plate|box|movie|video|additional files?|appendix|exhibit|panel)\.? ?"
    r"(?:S?\d{1,3}(?:\.\d{1,2})?[A-Za-z]?|[IVX]{1,4}|<dig>)\s?(?:[.:|](?:\s|\Z)|[–—-]\s|\s(?-i:[A-Z][a-z]))": (
        "sup add onl ext fig tab sch cha pla box mov vid app exh pan"
    ),
    r"(?<=\[)illustrations?\b": "ill",  # [Illustration: The quay by night], as in transcribed books
}
RULES = _LINKS | _INVITATIONS | _NOTES | _MATCHES | _PAPER | _ADDRESS | _CAPTIONS
"""How boilerplate begins, in any case: patterns, and the keys by which a sentence is looked up."""
_FIRST_WORD = re.compile(rf"{_LEAD}([^\W\d_]+)")
_SITE_NAMED = lazy(rf"{_LEAD}[\w-]{{1,30}}\.com\s*:", re.IGNORECASE)  # Example.com: readers send their ships
_REFERENCE = lazy(  # Smith J, Doe AB. A title. J Foo 2010;3:1-9.
    r"\s*\[?(?:\d{1,3}[\].)]\s*)?[A-Z][\w'’-]{1,30},? (?:[A-Z]\.?[ -]?){1,3}(?:,| and|\.|;)(?=.*\b(?:19|20)\d\d\b)"
    r"(?=.*(?:\d\s?(?:\(\d+\))?\s?[:,;]\s?e?\d+|\bdoi\b|\bPress\b|https?:))"
)
_LINK = lazy(
    rf"{_LEAD}(?:watch|see|read|hear|learn|find|view|look|explore|check|take|listen|meet|tell|get|test|try|photos?|map|video"
    r"|gallery|interactive|full story|timeline)\b[^«»\n]{0,200}»\W*\Z",
    re.IGNORECASE,
)
_END_OF_BRACKET = re.compile(r"\W*\w{0,4}\d[^()]*\)\W*\Z")
_SHOWN_WORDS = (
    "shown", "presented", "given", "listed", "summarised", "summarized", "depicted", "illustrated", "provided",
    "displayed", "detailed", "described", "reported", "plotted",
)  # fmt: skip
_SHOWN = rf"(?:{'|'.join(_SHOWN_WORDS)})"
_LABEL_WORDS = 6
_IN_LIST = lazy(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_HANDLE = lazy(r"@[\w-]+|\([^()]{0,80}\)|<[^<>]{0,80}>|\[[^\[\]]{0,80}\]")
_PATH_OR_FILE = lazy(r"[\w.*+~-]*(?:/[\w.*+~-]+)+/?|[\w-]+\.(?:[a-z]{1,4}|[A-Z]{1,4})\d?")
_NAME = lazy(r"[^\W\d_a-z][\w'’.-]*|(?:van|von|de|del|der|den|la|le|du|da|di|bin|al|el|y|and|&)")
_MOST_NAME_WORDS = 5
_LONGEST_NAMED = 200  # characters
_LETTER = re.compile(r"[^\W\d_]")
_MARKS = " .,;:?!\"'”’)]"  # which end most sentences
_CROSS_REFERENCE = lazy(rf"\b(?:{_SHOWN}|found|seen) (?:in|by|below in)\W*\Z")
_FIGURE = (
    r"(?:the )?(?:(?:supplement(?:ary|al)|additional|online) )?(?:fig(?:ure)?s?|tables?|schemes?|files?)\b\.? ?"
    r"(?:<dig>|S?\d{1,3}[A-Za-z]?\b|(?-i:[A-Z]\d{0,2}|[IVX]{1,4})\b)"
)
_FIGURE_BEGINS = ("fig", "table", "scheme", "file", "the ", "supplement", "additional ", "online ")
_SHOWS = (
    r"(?:shows?|presents?|gives?|lists?|summari[sz]es?|depicts?|illustrates?|provides?|displays?|describes?|reports?"
    r"|plots?|compares?|contains?)"
)
_FINDING = lazy(
    r"\b(?:lower|higher|better|worse|more|less|longer|shorter|fell|falls?|rose|rises?|no|not|that|how|significant(?:ly)?"
    r"|differed|improved|declined|correlated|associated|as (?:is|are|was|were))\b|increas|decreas|reduc|\d\s?%",
    re.IGNORECASE,
)
_FIGURE_SHOWS = lazy(rf"{_FIGURE}(?: ?\([a-z]\))? {_SHOWS} ", re.IGNORECASE)
_SHOWN_IN_FIGURE = lazy(
    rf"\b(?:is|are|was|were) (?:\w+ly |also )?{_SHOWN}(?: \w+ly)? (?:in|by) (?i:{_FIGURE})[^.;:]{{0,40}}\W*\Z"
)
_CLAUSE_ENDS = lazy(r"[;:]|\.(?!\d)")
_MOST_POINTED_AT = 160  # characters of what is shown
_IN_BRACKETS = lazy(r"\([^()]*\)")
_EQUATES = lazy(r"[=~∼≈](?!\))")
_PLAIN_WORD = lazy(r"(?<!\S)[^\W\d_]{2,}(?=[,.;:]?(?:\s|\Z))")
_BACK_MATTER = lazy(
    rf"[\W\d]*(?:acknowledge?ments?|(?:declarations? of |potential )?{_INTERESTS}(?: (?:statement|disclosures?))?"
    r"|authors?['’]? contributions?|contributors?|references|bibliography|literature cited|works cited"
    r"|supplementary (?:materials?|data|information)|supporting information|additional files?|pre-publication history"
    r"|data availability(?: statement)?|availability of data(?: and materials?)?|consent (?:for|to) publication"
    r"|(?:ethics|ethical) approval(?: and consent to participate)?|publisher['’]?s note|financial support"
    r"|(?:study )?funding(?: (?:sources?|statement|information))?|sources? of (?:funding|support)"
    r"|declaration of patient consent|author information|about the authors?)\W*",
    re.IGNORECASE,
)
_NO_SUBJECT = lazy(  # a reference stood before it, and was lost: "[3] reported that", "Figure 2 shows"
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
        _begins_as(_STARTS, sentence)
        or _has_phrase(lower)
        or _is_reference(sentence)
        or ("://" in lower and _is_address_with_label(sentence))
        or (".com" in lower and _SITE_NAMED.match(sentence) is not None)
        or ("»" in sentence and is_link(sentence))
    )


def _is_address_with_label(sentence: str) -> bool:
    """Whether a sentence is an address of the web and what names it: "Slides: https://example.org/quay"."""
    words = [word for word in sentence.split() if any(map(str.isalnum, word))]
    addresses = sum("://" in word for word in words)
    return addresses > 0 and len(words) - addresses <= _LABEL_WORDS


def is_apparatus(paragraph: str) -> bool:
    """Whether a paragraph begins as a numbered legend ("Figure 3. Distribution of ...") or an entry of a reference list
    does: all of it is one then."""
    return _begins_as(_LEGENDS, paragraph) or _is_reference(paragraph)


def _is_reference(text: str) -> bool:
    return ("20" in text or "19" in text) and _REFERENCE.match(text) is not None


def _has_phrase(lower: str) -> bool:
    return (
        "contributed " in lower
        or "expressed in this" in lower
        or "rights reserved" in lower
        or "commons attribution" in lower
        or "\\documentclass" in lower
    ) and any(phrase in lower for phrase in _ANYWHERE)


def _by_key(rules: dict[str, str]) -> dict[str, list[re.Pattern[str]]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for rule, keys in rules.items():
        pattern = lazy(f"{_LEAD}(?:{rule})", re.IGNORECASE)
        for key in keys.split():
            found.setdefault(key, []).append(pattern)
    return found


_STARTS = _by_key(RULES)
_LEGENDS = _by_key(_CAPTIONS)


def keys_of(text: str) -> tuple[str, ...]:
    """The keys of the rules that a text may begin as."""
    first = _FIRST_WORD.match(text)
    if first is None:
        return (_NO_WORD,)
    key = fold(first[1][:3])
    return (key, _APOSTROPHE) if text.startswith(("'", "’"), first.end()) else (key,)


def _begins_as(rules: dict[str, list[re.Pattern[str]]], text: str) -> bool:
    for key in keys_of(text):
        for rule in rules.get(key, ()):
            if rule.match(text) is not None:
                return True
    return False


def is_link(sentence: str) -> bool:
    """Whether a sentence is a link as older news pages have them: "Watch the ship come in »"."""
    return sentence.rstrip(" .").endswith("»") and _LINK.match(sentence) is not None


_FIELD = lazy(r"[-*•\s]*\**[A-Z][A-Za-z]*(?: [A-Za-z]+){0,3}:\**\s+(?=\S*[#@]|\S*/\S*/|(?:19|20)\d\d-)[^\s,]+\.?")


def is_fragment(sentence: str) -> bool:
    """Whether a sentence says nothing by itself: no letters, one word, the end of a bracket, a formula, names or
    files alone, or where to look ("Table 2 lists the primers.", "Results are shown in.")."""
    return (
        _is_piece(sentence)
        or _is_named_alone(sentence)
        or _is_cross_reference(sentence)
        or _is_pointer(sentence)
        or _is_formula(sentence)
        or _is_field(sentence)
    )


def _is_field(sentence: str) -> bool:
    """Whether it only names an address, a file or a number: "RFC PR: harbour/rfcs#12."."""
    return ":" in sentence and _FIELD.fullmatch(sentence) is not None


def _is_piece(sentence: str) -> bool:
    beginning = sentence[:100]
    ends_bracket = ")" in sentence and _END_OF_BRACKET.match(sentence) is not None
    first = beginning.split(None, 2)
    if not ends_bracket and len(first) > 1 and first[0][0].isalpha() and first[1][0].isalpha():
        return False  # as most are: two words at least
    words = [word for word in beginning.split() if _LETTER.search(word)]
    return (
        not words
        or (len(words) == 1 and words[0].isascii())  # elsewhere words may stand without spaces
        or (len(words) <= 6 and ends_bracket)
    )


def _is_named_alone(sentence: str) -> bool:
    """Whether an item names somebody and says nothing ("- Ada Example @ada (chair)"), or a line has only files."""
    if sentence.rstrip()[-1:] in ".?!:":
        return False
    words = sentence.split()
    files = words[words[0].endswith(":") :] if words else []
    if files and ("/" in sentence or "." in sentence) and all(map(_PATH_OR_FILE.fullmatch, files)):
        return True
    item = _IN_LIST.match(sentence)
    if item is None or len(sentence) > _LONGEST_NAMED:
        return False
    bare = _HANDLE.sub(" ", sentence[item.end() :])
    names = [name for word in bare.split() if (name := word.strip("*_,;–—-"))]
    return 2 <= len(names) <= _MOST_NAME_WORDS and all(map(_NAME.fullmatch, names))


def _is_cross_reference(sentence: str) -> bool:
    """Whether it stops where a reference stood: "Results are shown in."."""
    bare = sentence.rstrip(_MARKS)
    if bare[-1:].isalnum() and not bare.endswith((" in", " by")):
        return False
    return _CROSS_REFERENCE.search(sentence[-40:]) is not None


def _is_pointer(sentence: str) -> bool:
    """Whether it tells what a figure shows, and not what is seen in it."""
    small = fold(sentence)
    if not ("fig" in small or "table" in small or "scheme" in small or "file" in small):
        return False
    if not small.startswith(_FIGURE_BEGINS) or _FIGURE_SHOWS.match(sentence) is None:
        shown = _SHOWN_IN_FIGURE.search(sentence) if any(word in sentence for word in _SHOWN_WORDS) else None
        if shown is None or shown.start() > _MOST_POINTED_AT or _CLAUSE_ENDS.search(sentence, 0, shown.start()):
            return False
    return _FINDING.search(sentence) is None


def _is_formula(sentence: str) -> bool:
    return (
        ("=" in sentence or "~" in sentence or "∼" in sentence or "≈" in sentence)  # few have one at all
        and _EQUATES.search(_IN_BRACKETS.sub("", sentence)) is not None
        and len(_PLAIN_WORD.findall(sentence)) <= 2
    )


def is_back_matter(heading: str) -> bool:
    """Whether what follows a heading of a paper is no longer the paper: thanks, interests, references."""
    return _BACK_MATTER.fullmatch(heading) is not None


def lost_its_subject(sentence: str) -> bool:
    """Whether a sentence that follows another in a cased text is only the end of one: "[3] reported that it fell."."""
    if not sentence.startswith("[") and not sentence[:1].islower():
        return False
    return _NO_SUBJECT.match(sentence) is not None and not sentence.endswith("?")
