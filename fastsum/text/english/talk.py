"""What is said without saying anything, and who can say it: fillers, greetings, closings and notices of mail, events of
a chat, and words before a colon that are no speaker."""

from __future__ import annotations

import re

from fastsum.text.patterns import lazy


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_LONGEST_FILLER = 100  # characters
_FILLERS = _words("""
    absolutely ah aha ahem alright amen amazing awesome bye cheers cool correct definitely er erm exactly
    excellent fair fantastic fine good goodbye gosh great haha hello hey hi hm hmm hmmm huh indeed interesting
    lol lovely mhm mm mmhmm mmm nice no nope oh ok okay ooh ouch perfect please precisely really right sorry
    sounds sure thank thanks true uh uhhuh uhm um welcome wonderful wow yay yeah yep yes yup you i i'm we it
    it's its is that that's thats this the a all and so very much for do did of well got see know think mean
    love agree gotcha guess point enough course bet like there too again then now just one
""")
# At least one of these, since the others also make sentences: "I see it", "That is enough for all of you."
_EMPTY = _words("""
    absolutely ah aha ahem alright amen amazing awesome bye cheers cool correct definitely er erm exactly
    excellent fantastic fine goodbye gosh great haha hello hey hi hm hmm hmmm huh indeed interesting lol
    lovely mhm mm mmhmm mmm nice nope oh ok okay ooh ouch perfect precisely really right sorry sure thank
    thanks uh uhhuh uhm um wonderful wow yay yeah yep yes yup gotcha
""")
_PHRASES = frozenset(
    (
        "i love that", "i love it", "i agree", "i see", "i know", "of course", "fair enough", "sounds good",
        "good point", "that's true", "that's right", "that is right", "that's great", "makes sense",
        "that makes sense", "no problem",
        "you know", "i mean", "i think so", "i guess so", "you're welcome", "got it", "good morning", "good afternoon",
        "good evening", "good night", "no", "true", "media omitted", "image omitted", "video omitted", "audio omitted",
        "sticker omitted", "gif omitted", "document omitted", "this message was deleted", "you deleted this message",
        "contact card omitted", "same here", "messages and calls are end to end encrypted", "me too", "so do i",
    )
)  # fmt: skip
_MAY_HESITATE = lazy(r"\b(?:[Uu](?:h|m)|[Ee]r)")
_HESITATION = r"(?:uh+m*|um+|erm+|er(?=,))"
# Before a name "Um" may be one, behind a number "um" is a unit, and "uh huh" is an answer.
_OPENING_HESITATION = lazy(
    r"(?:[Uu]h+m*|[Uu]m+|[Ee]rm+|[Ee]r(?=,))(?:, | (?=(?i:i|we|you|it|he|she|they|so|the|an?|and|but|or|then|yes|yeah"
    r"|no|well|okay|what|that|this|there|if|in|on|for|my|our|your|not|just|like|because|[ue][hmr]+)\b))"
)
_HESITATIONS = lazy(rf"(?<=[^\W\d_])(?:(,?)(?: {_HESITATION}(,?))+(?= )(?! huh\b)|,?(?: {_HESITATION},?)+(?=[.?!]))")
_NOISES = r"(?:laugh(?:s|ing|ter)?|laughs|applause|chuckles?|chuckling|music|sighs?|pause|silence|cheering|coughs?)"
_NOISE = lazy(
    rf"\\?[\[(](?:[a-z]+ ){{0,2}}{_NOISES}(?: [a-z]+){{0,2}}\\?[\])]"
    r"|<(?:attached: [^<>]{1,120}|media omitted|this message was edited)>",
    re.IGNORECASE,
)
_WORD = lazy(r"[^\W_]+(?:['’][^\W_]+)*")
_HAIL = r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings)"
_GREETING = lazy(
    rf"{_HAIL}(?: [^\s,?!:;]+){{0,5}}\s*[,!:]|{_HAIL}(?: [^\s,.?!:;]+){{0,2}}"
    r"|(?:ladies and gentlemen|to whom it may concern|all|folks|team|everyone|everybody)\s*[,:]",
    re.IGNORECASE,
)
_NAME_ALONE = lazy(r"[^\W\d_a-z][\w'’.-]*(?: [^\W\d_a-z][\w'’.-]*)?,")
_CLOSING = lazy(
    r"(?:(?:(?:with )?(?:my |our )?(?:very |all )?(?:best|kind|kindest|warm|warmest) )?(?:regards|wishes|greetings)"
    r"|all the best|(?:all )?best|cheers|sincerely|yours(?: (?:sincerely|truly|faithfully|ever))?"
    r"|(?:very )?(?:sincerely|truly|faithfully|cordially) yours|respectfully(?: (?:yours|submitted))?"
    r"|many thanks|thanks(?: (?:again|a lot|so much|in advance|and (?:best |kind )?regards))?|thank you(?: (?:again"
    r"|so much|very much|in advance))?|thx|ciao|take care|love|hope (?:this|that) helps|see you(?: \w+)?|rgds|br)"
    r"\s*[,.!-]{0,3}(?:\s*(?-i:[^\W\d_a-z])[\w'’.-]*){0,3}",
    re.IGNORECASE,
)
_NOTICE = (  # of mail, in lower case
    "intended recipient", "intended solely for", "intended only for", "received this e-mail in error",
    "received this email in error", "received this message in error", "received it in error", "received it in\nerror",
    "is confidential", "are confidential", "strictly confidential", "legally privileged", "before printing this",
    "checked for viruses", "scanned for viruses", "virus-free", "sent from my ", "sent from outlook", "get outlook for",
    "to unsubscribe", "unsubscribe from this", "you received this message because", "you are receiving this",
    "manage your subscription", "view this email in", "view this e-mail in", "view it on github",
    "attachment was scrubbed", "external email", "caution: this email originated", "registered in england",
)  # fmt: skip
_NUMERAL = lazy(r"[IVX]{2,5}")
_EVENT = lazy(
    r"(?:\S+ ){1,6}?\(?(?:has |have |was |were )?(?:joined|left|quit|parted|added|removed|kicked|disconnected"
    r"|reconnected|created (?:the |this )?group|changed (?:the |this |their |to )|set (?:the )?(?:topic|mode|channel)"
    r"|is now known as|pinned a message|started a (?:call|meeting)|ended the (?:call|meeting))\b"
    r"|.*\bend-to-end encrypt(?:ed|ion)\b|(?:mode|topic)[ /]|(?:missed|ended) (?:voice|video) call",
    re.IGNORECASE,
)
_NO_SPEAKERS = _words("""
    abstract action actions address advantage advantages age agenda aim aims aka analysis answers appendix
    article assumption assumptions author authors background benefits bonus case caution cause causes caveat
    chapter city claim class code color colour comment comments conclusion conclusions con cons contact
    context contents corollary corrections cost country credit credits data date deadline default definition
    description design details difficulty directions disadvantages disclaimer discussion distance due duration
    edit effect email end error errors evidence example examples exception exercise exhibit expected
    explanation fact facts fax figure file files findings fix format from function funding goal goals height
    hint history homepage however http https id idea image important importance impact implications info
    information input ingredients instructions intervention interventions introduction issue item items key
    keywords language lemma length lesson level license limitations link links list location main materials
    measure measures method methods mission mobile mode model motivation name names next nb note notes number
    objective objectives observation occupation option options outcome outcomes output outputs overview page
    parameters part participants patients path phone photo photos place point policy prerequisites price
    priority pro problem problems procedure process product proof property proposition pros ps purpose
    quantity quote question questions rating reason reasons recommendation recommendations reference
    references related remark remarks remedy requirements result results return returns review risk role rule
    rules scenario schedule scope section see setting settings setup sex since size solution source sources
    start status step steps strengths subject subjects sum summary support symptoms synopsis table tags target
    task tel telephone term terms test theorem theme time timeline tip tips title to todo tools topic topics
    total treatment type types update updates url usage use value values variables version video warning
    weaknesses weather website week weight when where who why width work year years advertisement debug trace
    critical fatal notice sec sect fig chap act scene art div abbr amendment int ext
""")
# "Key findings", and not a name such as "Ada Case"
_ENDS_OF_HEADINGS = _words("""
    advantages analysis answer answers background benefits conclusion conclusions data date details
    disadvantages discussion effects evidence examples facts factors features findings goal goals information
    instructions issues limitations list measures message methods name names note notes number objective
    objectives observation options outcome outcomes phase point points problem problems procedure purpose
    question questions reason reasons recommendation recommendations requirements result results section
    settings solution source sources statement status step steps strengths summary symptoms terms thing things
    time tip tips topic topics type types value values weaknesses
""")
_LONGEST_ANSWER = 3  # words
_YES_OR_NO = lazy(r"\W{0,2}(?:yes|no)\b", re.IGNORECASE)
_NUMBERED = lazy(r"(?:\w+ )?(?:\d+(?:\.\d+)*|[ivx]+)[a-z]?", re.IGNORECASE)
_SPOKEN = lazy(r"\b(?:I|you|we|me|us|my|your|our|let['’]s|yeah|okay|please|thank)\b|\?", re.IGNORECASE)


def is_filler(sentence: str) -> bool:
    """Whether a sentence of a conversation only shows that somebody listens: "Right, right.", "[laughter]"."""
    if len(sentence) > _LONGEST_FILLER:
        return False
    bare = _NOISE.sub(" ", sentence) if "[" in sentence or "(" in sentence else sentence
    words = [word.replace("’", "'") for word in _WORD.findall(bare.lower())]
    if not words or " ".join(words) in _PHRASES:
        return True
    return len(words) <= 6 and all(word in _FILLERS for word in words) and any(word in _EMPTY for word in words)


def is_answer(sentence: str) -> bool:
    """Whether a sentence is so short that it says something only behind a question: "Never.", "£40,000.", "Yes."."""
    words = sentence.split(None, _LONGEST_ANSWER)
    if len(words) > _LONGEST_ANSWER or not any(map(str.isalnum, sentence)):
        return False
    return _YES_OR_NO.match(sentence) is not None or not is_filler(sentence)


def without_noises(text: str) -> str:
    """The text with spaces in place of what was heard and not said: "[laughter]"."""
    return _NOISE.sub(lambda found: " " * len(found[0]), text)


def without_hesitations(sentence: str) -> str:
    """A sentence of a conversation without "uh" and "um", but not in a quotation, nor behind a number: "5 um".

    Worth: meetings +0.27 / +0.15 / +0.25 (docs/experiments/2026-11-30-choice-with-history.md).
    """
    if _MAY_HESITATE.search(sentence) is None or any(mark in sentence for mark in '"“”«»'):
        return sentence
    rest = sentence
    while opening := _OPENING_HESITATION.match(rest):
        rest = rest[opening.end() :]
    # Two commas enclose only the hesitation; one before it is the sentence's own.
    return _HESITATIONS.sub(lambda found: "" if found[2] else found[1] or "", rest)


def is_greeting(line: str) -> bool:
    """Whether a line only begins a letter: "Dear members,", "Ben,"."""
    line = line.strip()
    if len(line) > _LONGEST_FILLER:
        return False
    return _GREETING.fullmatch(line) is not None or _NAME_ALONE.fullmatch(line) is not None


def is_closing(line: str) -> bool:
    """Whether a line only ends a letter: "Best regards,"."""
    line = line.strip()
    return 0 < len(line) <= _LONGEST_FILLER and _CLOSING.fullmatch(line) is not None


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph of a letter is a disclaimer, or a note of the program or the list that sent it."""
    lower = " ".join(paragraph.lower().split())
    return any(phrase in lower for phrase in _NOTICE)


def is_event(line: str) -> bool:
    """Whether a line of a chat without a speaker tells who comes and goes: "ada has joined #quay"."""
    return _EVENT.match(line) is not None


def can_speak(label: str) -> bool:
    """Whether the words before a colon can be a speaker's name: "Ada", "Speaker 2", not "Note" or "Step 2"."""
    words = label.lower().split()
    first, last = words[0], words[-1].rstrip(".")
    if _NUMERAL.fullmatch(label):  # of a stanza or a scene
        return False
    if first.rstrip(".") in ("int", "ext"):  # where a scene of a film is set
        return False
    if last in (_NO_SPEAKERS if len(words) == 1 else _ENDS_OF_HEADINGS):
        return False
    return _NUMBERED.fullmatch(label) is None or first in ("speaker", "participant", "witness", "interviewer", "caller")


def is_spoken(text: str) -> bool:
    """Whether a text speaks to somebody: "I", "you", "we", or a question."""
    return _SPOKEN.search(text) is not None
