"""Whether a sentence can stand in a summary by itself: what leans on the one before or leads to the next, and what says
nothing there.

Worth (docs/experiments/2026-11-29-reading-well.md): -0.1 to +0.2 ROUGE-1, and no sentence left of those it is for.
"""

from __future__ import annotations

import re

from fastsum.text.english.connectives import without_connective, words
from fastsum.text.english.punkt import leads_on
from fastsum.text.english.talk import is_spoken
from fastsum.text.language import Standing
from fastsum.text.patterns import fold, lazy

_OPENERS = "\"'“‘«([*_-–— "
_CLOSERS = "\"'”’»)]*_ \n"
_PRONOUNS = words(
    "he she they them him his her hers their theirs it its he's she's they're they've they'd it's it'd he'd"
)
_POINTING = words("this that these those that's such")
_OPENS = _PRONOUNS | _POINTING | words("the both neither another others one some many most all each none few")
# "It is not clear whether", "It seems that": nothing that was named before.
_EXPLETIVE = lazy(
    r"it(?:['’]s| (?:(?:has|have|had|will|would|may|might|could|can|should|must) )?(?:not |also |now |still |long )?"
    r"(?:is|was|be|been|became|becomes|remains|seems?|seemed|appears?|appeared|turns?|turned|follows|takes|took))\b"
    r"(?: [^\s.,;:]+){0,7}? (?:that|to|whether|how|why|who|when|where|if|what|which|as)\b"
)
# Whose words a quotation is, told by a pronoun: "Most people would stay," he says.
_SPEAKER = lazy(r"[\"“‘']?[^\"“”]*[,.?!…–—-][\"”’'],?\s+(?:he|she|they)\s")
# What names the text itself or the time, and what says whom it means.
_ITSELF = lazy(
    r"(?:this|these|that) (?:\w+ )?(?:paper|study|studies|work|article|report|review|act|bill|section|subsection|title"
    r"|thesis|chapter|book|application|invention|disclosure|patent|agreement|contract|policy|law|survey|analysis|trial"
    r"|experiments?|results|findings|data|observations|analyses|country|house|court|committee|subcommittee|commission"
    r"|call|conference|presentation|release|transcript|page|document|guide|standard|specification|morning|afternoon"
    r"|evening|night|day|week|weekend|month|quarter|season|year|spring|summer|autumn|winter|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|days)\b"
    r"|(?:that|those) (?:who|with|in|of|to|which|whose|from|the|an?)\b|such (?:as|is)\b"
)
_OTHERS = lazy(
    r"the (?:latter|former|pair|duo|trio|two(?! [a-z])|move|incident)\b"
    r"|both (?!(?:[^\s,]+ ){1,6}and\b)|neither (?!(?:[^\s,]+ ){1,6}nor\b)|(?:another|others)\b"
    r"|(?:one|some|many|most|all|each|none|few) of (?:them|these|those|this|which)\b"
)
_ITEM_GOES_ON = lazy(r";\s*(?:and|or)\W*\Z|\A\([A-Za-z\d]{1,5}\) .*,\s*(?:and|or)\W*\Z", re.DOTALL)
_NEVER_ENDS = words("and or nor the a an our their its your than because if unless")
_ABBREVIATED = frozenset(("e.g", "i.e", "cf", "viz"))
# "In the standard theory of star formation.": no pronoun, no auxiliary, nothing in -s or -ed that could be its verb.
_PREPOSITIONS = words("in on at for of with by from under over during after before between within prior due without")
_MAY_BE_VERB = lazy(
    r"\w(?:ed|n['’]t|['’](?:re|ve|ll|m|d))\b|\b(?:i|we|you|they|who|he|she|it|is|was|has|does|am|are|were|be|been|have|had"
    r"|do|did|can|could|may|might|must|will|would|shall|should|came|went|saw|found|took|made|gave|fell|rose|grew|knew|kept"
    r"|left|lost|met|ran|said|sat|spoke|stood|told|won|wrote|began|became|brought|built|bought|held|led|hit|sent|paid|sold"
    r"|cut|set|put|lay|lie|come|go|let|see|note|thought|felt|drew|caught|underwent|meant|sought|taught|broke|chose)\b"
    r"|\b(?!(?:this|its|his|as|thus|various|analysis|process|class|less|plus|across|versus)\b)\w+s\b"
)
_ROADMAP = lazy(
    r"(?:[^.]{0,60} )?sections? (?:\d|[ivx]+\b)[^.]{0,120}\b(?:describe|present|discuss|introduce|review|give|conclude"
    r"|contain|evaluate|outline|show)(?:s|es)?\b"
    r"|(?:[^.]{0,60} )?(?:in|see) sections? (?:\d|[ivx]+\b),? we\b"
    r"|(?:the )?(?:rest|remainder|outline|structure) of (?:this|the) (?:paper|article|work|chapter|report|section)\b"
    r"|(?:in|the) (?:this|the next|the following) (?:sub)?section\b|[^.]{0,60}\bis organi[sz]ed as follows"
)
_BULLET = lazy(r"[-*+•–]\s+(?:\[[ xX]\]\s+)?(?=\S)")
_LONGEST_FRAGMENT = 9  # words with the bullet
_LONGEST_STUMP = 120  # characters
_NOTICES = (  # of a call, in lower case
    "this call is being recorded", "being webcast", "concludes our prepared", "concludes my prepared",
    "concludes our call", "concludes today's", "concludes the question", "forward-looking statements",
    "differ materially from", "non-gaap financial measures", "non-gaap information",
)  # fmt: skip
_HANDING_OVER = (  # where somebody speaks
    "turn the call over", "turn it over to", "hand the call over", "turn the call back", "turn it back to",
    "hand it over to", "hand over to you", "pass it back to", "pass the call", "turn today's call", "turn the floor",
    "question comes from", "question is from", "questions from the line", "go ahead with your question",
    "please go ahead", "your line is open", "your line is now open", "you may now disconnect", "thank you for joining",
    "thanks for joining", "thank you for participating", "thank you for your participation", "thanks for taking",
    "thank you for taking", "thank you for standing by", "to take questions", "take your questions",
    "question-and-answer session", "available on our website", "mute your", "can you hear me", "can everybody hear",
)  # fmt: skip
_POLITE = lazy(
    r"(?:thank you|thanks|many thanks|good (?:morning|afternoon|evening|day)|welcome(?: back)?|hello|hi|greetings)"
    r"(?:,? (?:very much|so much|a lot|again|all|for (?:that|the question|your (?:question|time)|coming|having)|indeed"
    r"|and|you|everyone|everybody|operator|chair|ladies and gentlemen|good (?:morning|afternoon|evening|day)"
    r"|thank you|thanks|welcome(?: back)?|mr\.?|mrs\.?|ms\.?|mister|minister|here|today|sir|madam))*"
    r"(?:,? (?:[a-z][\w'’-]*)){0,3}\W*"
)


def standing(sentence: str) -> Standing:
    """How far a sentence of the document stands by itself."""
    bare = sentence.rstrip(_CLOSERS)
    if bare.endswith((".--", ".—")):  # the heading of a statute's paragraph
        return Standing.SAYS_NOTHING
    if bare.endswith(("?", ":", "—", "–", "--")):
        return Standing.LEADS_ON
    if _is_stump(sentence, bare) or _is_housekeeping(sentence) or _is_roadmap(sentence):
        return Standing.SAYS_NOTHING
    return Standing.LEANS_BACK if _leans_back(sentence) else Standing.ALONE


def _leans_back(sentence: str) -> bool:
    if _SPEAKER.match(sentence):
        return True
    bare = without_connective(sentence.lstrip(_OPENERS)).lstrip(_OPENERS)
    first = fold(bare[:24]).replace("’", "'").partition(" ")[0].rstrip(",.;:!")
    if first not in _OPENS:
        return False
    beginning = fold(" ".join(bare[:120].split()))
    if first in _PRONOUNS:
        return first not in ("it", "it's") or _EXPLETIVE.match(beginning) is None
    if first in _POINTING:
        return _ITSELF.match(beginning) is None
    return _OTHERS.match(beginning) is not None


def _is_stump(sentence: str, bare: str) -> bool:
    """Whether a sentence lacks its end, or its verb: "It is defined as", "was shown by .", "For isentropic EOS."."""
    kept = bare.rstrip(".;, ")
    last = fold(kept[-12:]).rpartition(" ")[2]
    stopped = bare[-1:] == "." and bare[-2:-1] not in " .;,"
    never_last = last in _NEVER_ENDS or last in _ABBREVIATED or (not stopped and leads_on(last))
    if never_last and _ITEM_GOES_ON.search(bare) is None:
        return True
    is_short_item = not stopped and len(kept.split()) <= _LONGEST_FRAGMENT and _BULLET.match(sentence) is not None
    if is_short_item and "http" not in kept and _MAY_BE_VERB.search(fold(kept)) is None:
        return True  # of a list of things
    if len(sentence) > _LONGEST_STUMP or bare[-1:] in "?!;:" or "," in sentence:
        return False
    small = fold(sentence)
    return small.partition(" ")[0] in _PREPOSITIONS and _MAY_BE_VERB.search(small) is None


def _is_roadmap(sentence: str) -> bool:
    """Whether it only tells where in a paper something stands: "Section 3 describes the boats."."""
    small = fold(sentence[:200])
    return ("section" in small or "of th" in small or "follows" in small) and _ROADMAP.match(small) is not None


def _is_housekeeping(sentence: str) -> bool:
    """Whether it only opens or closes a call, thanks, or hands over: "Thank you, operator, and good morning."."""
    small = fold(sentence).replace("’", "'")
    if small.startswith(("welcome to the", "welcome back to")) or any(phrase in small for phrase in _NOTICES):
        return True
    if any(phrase in small for phrase in _HANDING_OVER) and is_spoken(sentence):
        return True
    return small.startswith(("th", "good", "wel", "he", "hi", "gr", "many t")) and _POLITE.fullmatch(small) is not None
