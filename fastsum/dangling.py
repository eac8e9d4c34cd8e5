"""Sentences out of their place: connectives that point back, and sentences that cannot stand alone. Wording decides."""

from __future__ import annotations

import re

_CONNECTIVE = re.compile(
    r"(?:(?:and|but|so|yet),? (?=however|moreover|therefore|thus|in addition|also))?"
    r"(?:however|moreover|furthermore|in addition|additionally|therefore|thus|hence|consequently|accordingly"
    r"|nevertheless|nonetheless|besides|meanwhile"
    r"|conversely|likewise|similarly|also|further|rather|so"
    r"|yet|still|as such|that said|(?:in|by) contrast|on the (?:other hand|contrary)|for (?:example|instance)"
    r"|as a (?:result|consequence)"
    r"|in (?:fact|conclusion|summary)|indeed|instead|briefly|collectively|taken together"
    r"|first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|lastly), (?=\w)"
    r"|(?:however|moreover|furthermore|meanwhile) (?=(?:the|it (?:is|was)|there|this|these|we)\b)"
    r"|(?:and|but),? (?!(?:for|so|then|not|also|still|only|yet)\b)(?=[\w\"“£$])",
    re.IGNORECASE,
)
_LEAST_WORDS = 3  # that must follow a connective, so that "But why?" stays

_THIRD = r"(?:he|she|they|it|his|her|hers|their|theirs|its|him|them)"
_THIS_TIME_OR_PAPER = (
    r" (?:\w+ )?(?:study|paper|article|review|work|report|trial|research|investigation|meta-analysis|survey|analysis"
    r"|case|week|year|month|morning|afternoon|evening|season|summer|winter|spring|autumn|weekend|time|century|country|world"
    r"|days)\b"
)
_NEEDY = re.compile(
    rf"{_THIRD}(?:['’]\w+)?\b|both\b(?!.{{1,60}}\band\b)|neither\b(?!.{{1,60}}\bnor\b)|such (?!as\b)"
    rf"|(?:this|that|these|those)(?:['’]s)?\b(?!{_THIS_TIME_OR_PAPER}| (?:results|findings|data|who|with|in)\b"
    r"| is the (?:first|moment)\b)|the (?:pair|duo|trio|latter)\b"
    r"|the (?:two|three|former|others?|same) (?:is|was|were|are|ha[sd]|have|will|would)\b"
    r"|(?:said|says|added|adding|told|nor|than|or|and|but)\b|(?:which|who|whose|whom)\b(?!.*\?)"
    rf"|(?:so|yet|because|then) {_THIRD}\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(  # "it is known that", "it took years to"
    r"it(?:['’]s|(?: has| had| will| would| may| might| can| could| should| must)?(?: also| now| not| still| only)?"
    r" (?:is|was|be|been|remains?|seems?|seemed|appears?|appeared|became|becomes?|takes?|took|turn(?:s|ed) out))\b"
    r".{0,60}?\b(?:that|to|whether|how|why|what|who|when|if)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    rf"(?:when|after|before|while|as|if|since|although|though|once|until|despite|during|with|without|in|on|at|by|for"
    rf"|from|of|like|unlike|asked|speaking) (?:\w+ ){{0,2}}{_THIRD}\b[^,]{{0,120}},\s*(?P<main>.*)",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"\b(?:said|says|told|added|adds|wrote|tweeted|asked|explained|insisted)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"(?:i(?![.)])|my|me|you|your)(?:['’]\w+)?\b(?! (?:and|or)\b)", re.IGNORECASE)
_QUOTES = "\"'“‘"


def without_connective(sentence: str) -> str:
    """A sentence without the connective at its beginning ("However, ", "In addition, ", "But "), which only the
    sentence before would explain. The capital of the next word is not set."""
    connective = _CONNECTIVE.match(sentence)
    if connective is None or len(sentence[connective.end() :].split()) < _LEAST_WORDS:
        return sentence
    return sentence[connective.end() :]


def dangles(sentence: str) -> bool:
    """Whether a sentence as it stands in its document leans on its neighbours: it begins with a pronoun or a pointing
    word that nothing in it explains ("he", "that may", "the latter", "in his first game, he"), is said by an "I"
    without a name, is a piece of another sentence, or announces what follows with a colon."""
    text = " ".join(sentence.split()).lstrip("-–—•*> ")
    if re.search(r":\W*\Z", text):
        return True
    quoted = text[:1] in _QUOTES
    text = without_connective(text.lstrip(f"{_QUOTES}([ "))
    if _FIRST_PERSON.match(text) and not _SPEAKER.search(text):
        return True
    if quoted:
        return sentence.count('"') % 2 == 1 and not _SPEAKER.search(text)
    if _NEEDY.match(text):
        return _EXPLETIVE.match(text) is None
    clause = _CLAUSE.match(text)
    if clause is None:
        return False
    if re.match(rf"{_THIRD}\b", clause["main"], re.IGNORECASE):
        return True
    # Whom the pronoun means may follow: "In his first game, Smith scored". Without capitals nobody can tell.
    return re.search(r"[A-Z]", text[1:]) is not None and re.search(r"\b[A-Z]", clause["main"]) is None
