"""Rewriting in English: what may be left out of a sentence without changing what the rest says.

A rewritten sentence is a sentence of the document without some whole constituents that are closed by marks: a
parenthesis behind the subject, a relative clause, a participle's or another clause at the end, a day. What is left
keeps its subject and verb, its negation, its modality, its conditions, who says it and how much of what. There is no
parser here: a constituent is known by closed lists of words and by verbs' forms, and where they leave a doubt the
sentence stands as it is. Words are a tokenizer's: lower-cased, "n't" and "'s" apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastsum.text.language import Transitions


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DETERMINERS = _words("a an the his her its their my our your this that these those each every some any no")
_PRONOUNS = _words("he she it they we i you")
_STOPS = _words(". ? !")
_PREPOSITIONS = _words(
    """about above across after against along alongside amid among around as at before behind below beneath beside
    besides between beyond by despite down during except for from in inside into like near of off on onto out outside
    over past per since than through throughout to toward towards under until unlike up upon via with within without"""
)
_SUBORDINATORS = _words(
    """after although as because before despite given how if lest once provided since that though unless until what
    when whenever where whereas whether while whilst who whom whose why with without"""
)
# Finite by themselves, with a subject before them.
_AUXILIARIES = _words(
    """am are can could did do does had has have is may might must shall should was were will would wo ca 'd 'll 'm 're
    've"""
)
_PASTS = _words(
    """ate beat became began bought broke brought built came caught chose did dealt drew drove fell felt fled flew
    forgot fought found froze gave got grew had heard held hid hit kept knew led left lost made meant met overcame paid
    put quit ran rang rejoined rode rose said sank sang sat saw sent set shook shot shut sold spent spoke spread stole
    stood struck stuck swam swept swore taught threw told took thought understood underwent was went were withdrew woke
    won wore wound wrote"""
)
_NO_PASTS = _words("hundred indeed need red bed shed speed seed feed weed breed greed united kindred sacred led wed")


def _forms(stems: str) -> frozenset[str]:
    """The forms of regular verbs."""
    found = set()
    for stem in stems.split():
        base = stem.removesuffix("e")
        past = stem[:-1] + "ied" if stem.endswith("y") else base + "ed"
        present = stem[:-1] + "ies" if stem.endswith("y") else stem + "s"
        found |= {stem, present, past, base + "ing", stem + "es"}
    return frozenset(found)


# Who says, thinks or doubts it.
_SAYING = (
    _words(
        """say says said saying tell tells told telling write writes wrote written hear hears heard read reads think
        thinks thought thinking find finds found know knows knew known according understand understands understood see
        sees saw feel feels felt hold holds held show shows showed shown put puts reply swear swears swore testimony
        estimate opinion view words"""
    )
    | _forms(
        """accept accuse acknowledge add admit agree allege announce argue assert assume assure believe blame caution
        charge cite claim comment complain concede conclude confirm consider contend declare describe disclose dispute
        doubt emphasize emphasise estimate expect explain fear forecast guess hint hope imply indicate inform insist
        intend maintain mention note observe opine pledge predict presume promise propose protest quote reason recall
        reckon report reveal rumour rumor signal speculate state stress suggest suppose suspect testify threaten tweet
        urge vow warn wonder worry remember remark request recommend calculate learn demand advise"""
    )
    | _words("denied deny denies denying replies replied")
)
_NEGATIONS = _words(
    "never no nobody none nor not n't nothing nowhere without neither cannot hardly barely scarcely rarely seldom few"
)
# What says how far, how often or on what condition a statement holds.
_LIMITS = _words(
    """all alone almost always any anyone anything apart approximately around aside assuming barring because both
    but can can't ca could depending each either else especially even ever every everybody everyone everything except
    excepting excluding exclusively first generally if instead just last largely least less likely mainly may maybe
    might mostly more most must nearly often once one only other ought partly perhaps planned plans possible possibly
    potential potentially primarily probably provided rather roughly same shall should so solely some sometimes
    somewhat subject than then though too unless unlike unlikely until usually versus wants whether will wo would yet
    'd 'll"""
)
_DOUBTS = _words(
    """alleged allegedly apparent apparently attempted cancelled canceled contrary contested debunked discredited
    erroneously exception failed fake false falsely forged hoax incorrect incorrectly inaccurate invalid mistake
    mistaken mistakenly myth nonexistent overturned poor provisional purported purportedly quashed refuted reportedly
    retracted reversed ruled seem seemed seemingly seems so-called suspected unconfirmed unfounded unproven untrue
    unverified void wrong wrongly withdrawn supposed supposedly appears appeared"""
)
_GUARDS = _SAYING | _NEGATIONS | _LIMITS | _DOUBTS
_RELATIVES = _words("who which whose whom")
_OUTCOMES = _words(
    """leaving killing injuring wounding causing destroying damaging forcing sparking prompting triggering
    bringing including"""
)
_POINTING = _words("former latter first second third last one ones other others another this that these those same two")
_TIMES = _words(
    """after afterwards ago away before century day decade earlier evening hence hour instant later minute moment month
    morning next night previous quarter second time week weekend while year"""
)
_DAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
_HOURS = _words("morning afternoon evening night")
_EVENTS = _words("arrested born buried convicted fined found injured jailed killed released rescued sentenced shot")
_TELLING = _words("said announced confirmed reported declared warned")
_PICTURED = _words("pictured left right above below centre center inset")
_SPEECH = _words("i me my mine myself we us our ours ourselves you your yours")
_PRESENT = _words("am are can do does has have is may might must shall should will would")
_ASIDES = _words("( ) [ ] { } -- - ; : ...")
_MOST_SUBJECT = 8  # words of a subject before what is between two commas
_LEAST_KEPT = 5  # words of what is left


def is_word(word: str) -> bool:
    """Whether a word is more than a mark."""
    return word[:1].isalnum() or word == "%"


def transitions(words: Sequence[str], offsets: Sequence[tuple[int, int]], text: str) -> Transitions:
    """What may be written of a sentence; its words, and where each stands in its text."""
    count = len(words)
    starts = [index == 0 for index in range(count)]
    follows = [[index + 1] if index + 1 < count else [] for index in range(count)]
    closes = [index + 1 == count for index in range(count)]
    for left, right in sorted(set(_Sentence(words, offsets, text).spare())):
        if left == 0:
            starts[right] = True
        else:
            follows[left - 1].append(right)
    return Transitions(starts, [sorted(set(later)) for later in follows], closes)


class _Sentence:
    """The constituents that a sentence can do without, as the indices of their first words and of those behind."""

    def __init__(self, words: Sequence[str], offsets: Sequence[tuple[int, int]], text: str) -> None:
        self.words = list(words)
        self.count = len(words)
        self.forms = [text[start:end] for start, end in offsets]
        self.first = next((index for index, word in enumerate(words) if is_word(word)), 0)
        self.commas = [index for index, word in enumerate(words) if word == ","]
        self.quoted = _quoted(words, offsets)

    def spare(self) -> Iterator[tuple[int, int]]:
        if self.count < _LEAST_KEPT + 2 or self.quoted is None or self.words[-1] != ".":
            return
        for left, right in self._all():
            kept = self.words[:left] + self.words[right:]
            if not any(self.quoted[left:right]) and sum(map(is_word, kept)) >= _LEAST_KEPT:
                yield left, right

    def _all(self) -> Iterator[tuple[int, int]]:
        words = set(self.words)
        if "(" in words:
            yield from self._brackets()
        if words & _SPEECH:  # it may be of a quotation that began before it
            return
        if self.commas:
            yield from self._behind_subject()
            yield from self._at_the_end()
            yield from self._at_the_beginning()
        if words & _DAYS:
            yield from self._days()

    def _brackets(self) -> Iterator[tuple[int, int]]:
        """An abbreviation of the words before it, or where somebody is in a picture."""
        for index in range(1, self.count - 2):
            if self.words[index] != "(":
                continue
            end = index + 1
            while end < self.count and is_word(self.words[end]) and end - index <= 3:
                end += 1
            if end == self.count or self.words[end] != ")" or not is_word(self.words[index - 1]):
                continue
            inside = self.words[index + 1 : end]
            form = self.forms[index + 1]
            initials = "".join(word[0] for word in self.words[max(0, index - len(form) - 3) : index])
            short = len(inside) == 1 and len(form) > 1 and form.isupper() and _is_within(inside[0], initials)
            if short or (inside[:1] == ["pictured"] and _PICTURED.issuperset(inside)):
                yield index, end + 1

    def _behind_subject(self) -> Iterator[tuple[int, int]]:
        """What stands between two commas, behind the sentence's first subject and before its verb."""
        left = self.commas[0]
        right = self.commas[1] if len(self.commas) > 1 else self.count
        subject = self.words[self.first : left]
        if right >= self.count - 2 or self.first or not self._is_subject(subject) or not self._goes_on(right + 1):
            return
        inside = self.words[left + 1 : right]
        if self._is_age(inside) or (self._is_plain(inside) and self._is_aside(inside)):
            yield left, right + 1

    def _is_subject(self, subject: Sequence[str]) -> bool:
        if not 0 < len(subject) <= _MOST_SUBJECT or not all(map(is_word, subject)):
            return False
        if subject[0] in _PREPOSITIONS | _SUBORDINATORS | _PRONOUNS or set(subject) & (_SUBORDINATORS | _SAYING):
            return False
        last = subject[-1]
        if last in _POINTING:
            return False
        return not any(map(_is_finite, subject)) and not last.endswith("ly") and last not in _PREPOSITIONS

    def _is_age(self, inside: Sequence[str]) -> bool:
        return len(inside) == 1 and inside[0].isdigit() and len(inside[0]) <= 2

    def _is_aside(self, inside: Sequence[str]) -> bool:
        head, last = inside[0], inside[-1]
        if head in _RELATIVES:
            return (any(map(_is_finite, inside[1:])) and not _is_finite(last)) or last.endswith("ed")
        if head in ("including", "of", "from") or head == "aged":
            return not any(map(_is_finite, inside))
        if head in ("a", "an", "the"):
            named = len(inside) > 1 and not last.endswith(("s", "ly")) and not _TIMES & set(inside)
            return named and not any(map(_is_finite, inside))
        return False

    def _goes_on(self, index: int) -> bool:
        """Whether the verb of a subject stands here."""
        word, after = self.words[index], self.words[index + 1]
        if word in _AUXILIARIES:
            return not word.startswith("'")
        plain = all(comma < index for comma in self.commas) and not _AUXILIARIES & set(self.words[index:])
        if word in _SAYING:
            return plain and after in _PRONOUNS | {"that"}
        if not plain or not _is_finite(word):
            return False
        return word in _PASTS or after not in _PREPOSITIONS

    def _at_the_end(self) -> Iterator[tuple[int, int]]:
        """What the last comma divides from a statement that is whole without it."""
        left, end = self.commas[-1], self.count - 1
        inside = self.words[left + 1 : end]
        if len(inside) < 2 or not self._is_plain(inside) or not self._is_statement(left):
            return
        head, before = inside[0], self.words[self.first : left]
        if head in _RELATIVES or head == "where":
            cleft = before[:1] == ["it"] or {"those", "there"} & set(before)
            rule = head == "where" and set(before) & _PRESENT
            fits = any(map(_is_finite, inside[1:])) and not cleft and not rule and not _NEGATIONS & set(before)
        elif head in _OUTCOMES:
            fits = not any(word.endswith("ing") for word in before[-4:])
        elif head == "and":
            fits = inside[1] in _PRONOUNS and len(inside) > 3 and _is_finite(inside[2])
        else:
            fits = head in ("alongside", "amid", "following") and not any(map(_is_finite, inside))
        if fits:
            yield left, end

    def _is_statement(self, end: int) -> bool:
        """Whether what comes before an index is a statement by itself."""
        before = self.words[self.first : end]
        if not before or before[0] in _SUBORDINATORS | _PREPOSITIONS | {"not", "either", "neither", "both", "had"}:
            return False
        if set(before) & {"only", "either", "neither", "whether", "if", "unless", "both"}:
            return False
        opened = before[: before.index(",")] if "," in before else before
        return any(_is_finite(word) for word in opened[1:]) and before[-1] not in _DETERMINERS | _PREPOSITIONS

    def _at_the_beginning(self) -> Iterator[tuple[int, int]]:
        """A day or a concession before the sentence's own subject and verb."""
        comma = self.commas[0]
        inside = self.words[self.first : comma]
        if self.first or not inside or not self._is_clause(comma + 1):
            return
        day = inside[0] == "on" and self._day(1) == comma and self._is_one_event(comma + 1)
        conceded = inside[0] in ("although", "though", "despite") and self._is_plain(inside[1:])
        named = any(form[:1].isupper() for form in self.forms[1:comma])
        if day or (conceded and not named):
            yield 0, comma + 1

    def _is_clause(self, start: int) -> bool:
        """Whether a subject that names something and its auxiliary stand here, with nothing between."""
        if self.words[start] not in ("a", "an", "the", "two", "three") and not self.forms[start][:1].isupper():
            return False
        for index in range(start, min(start + _MOST_SUBJECT, self.count)):
            word = self.words[index]
            if _is_finite(word):
                return index > start
            if not is_word(word) or word in _SUBORDINATORS or word in _PRONOUNS | _DAYS or word[0].isdigit():
                return False
        return False

    def _days(self) -> Iterator[tuple[int, int]]:
        """The day of an announcement or an event."""
        for index in range(2, self.count - 2):
            end = self._day(index + 1) if self.words[index] == "on" else 0
            if not end:
                continue
            before, after = self.words[index - 1], self.words[end]
            told = before in _TELLING and (after in _PRONOUNS | {"that"} or end == self.count - 1)
            happened = end == self.count - 1 and before in _EVENTS and self.words[index - 2] in ("was", "were")
            if (told and self.words[index - 2] not in _AUXILIARIES) or (happened and self._is_one_event(0)):
                yield index, end

    def _day(self, index: int) -> int:
        """The end of a day that begins here, 0 where there is none."""
        if self.words[index] not in _DAYS:
            return 0
        return index + 2 if self.words[index + 1] in _HOURS else index + 1

    def _is_one_event(self, start: int) -> bool:
        """Whether it is told once, of the past."""
        rest = set(self.words[start:])
        general = _NEGATIONS | _words("all always any each every first if last most only often unless usually when")
        return bool(rest & _PASTS) and not rest & (general | _PRESENT)

    def _is_plain(self, inside: Sequence[str]) -> bool:
        """Whether something can go with all that it says: no condition, doubt, denial, limit or voice."""
        if not inside or any(word in _ASIDES or word in _STOPS or word == "," for word in inside):
            return False
        return not _GUARDS & set(inside) and not any(word.endswith("n't") for word in inside)


def _is_finite(word: str) -> bool:
    return word in _AUXILIARIES or word in _PASTS or (word.endswith("ed") and word not in _NO_PASTS and len(word) > 3)


def _is_within(short: str, initials: str) -> bool:
    """Whether an abbreviation's letters are initials, in order."""
    rest = iter(initials)
    return all(letter in rest for letter in short)


def _quoted(words: Sequence[str], offsets: Sequence[tuple[int, int]]) -> list[bool] | None:
    """Which words stand in a quotation, with its marks; None where a mark lacks its partner."""
    found = [False] * len(words)
    opened = -1
    for index, word in enumerate(words):
        if word not in ('"', "'") or (opened >= 0 and word != words[opened]):
            continue
        if opened >= 0:
            found[opened : index + 1] = [True] * (index + 1 - opened)
            opened = -1
        elif word == '"' or index == 0 or offsets[index - 1][1] < offsets[index][0]:  # the boats' owner
            opened = index
    return None if opened >= 0 else found
