"""Rewriting in English: which words of a sentence may be left out, and which may follow which.

A rewritten sentence copies words of a sentence of the document in their order and leaves others out. What may be left
out: phrases that begin with a preposition, a conjunction or a comma and end where another begins, adverbs, and
adjectives behind an article. So numbers keep their units, names their surnames and verbs their "not", no clause changes
its subject, and none stops at "of the". Words are a tokenizer's: lower-cased, "n't" and "'s" apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from fastsum.text.language import Transitions


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARTICLES = _words("a an the")
_POSSESSIVES = _words("his her its their my our your")
_DETERMINERS = _ARTICLES | _POSSESSIVES | _words("each every no any some this that these those such")
_PREPOSITIONS = _words(
    """about above across against along alongside amid among around as at before behind below beneath beside between
    beyond by despite during except for from in inside into like near of off on onto out outside over past per than
    through throughout to toward towards under until up upon via with within without"""
)
_CONJUNCTIONS = _words(
    """after although and because but how if lest nor or since that though unless what when whenever where whereas
    whether which while whilst who whom whose why yet"""
)
_AUXILIARIES = _words(
    """'d 'll 'm 're 's 've am are be been being ca can could did do does had has have having is may might must n't
    never not shall should was were will wo would"""
)
_PRONOUNS = _words("he i it she they we you")
_ADVERBS = _words(
    "almost also already both either even just least less more most neither now only quite so still too very"
)
_OPEN = _DETERMINERS | _PREPOSITIONS | _CONJUNCTIONS | _AUXILIARIES | _PRONOUNS | _ADVERBS
# No sentence ends with one of these even where the document pauses.
_ALWAYS_OPEN = _words("a an the his its their my our your every and or nor but of from into with than if whether per")
# What begins with one of these can be left out behind a noun or a verb.
_BREAKS = _words(
    """about above across after against along alongside amid among around as at before behind below beneath beside
    between beyond by despite during except for from in inside into near on onto outside over since through throughout
    toward towards under until upon via with within without
    although and because but or though unless when where whereas which while whilst who
    again earlier today tomorrow tonight yesterday ( ["""
)
_RELATIVES = _words("who which whose whom")
_SUBORDINATORS = _words(
    """after although as because before despite during if in once since though unless until when whenever where while
    whilst with without"""
)
_CLAUSES = _words("after and as because but when while")  # behind which a sentence of its own may begin
_PAUSES = _words('. , ; : ? ! ) ] } " -- ...')
_STOPS = _words(". ? !")
_ENDS = _STOPS | _words("\" ' ) ] } ...")
_QUOTES = _words("( [ { \" '")
_SIGNS = _words("$ £ € # @")
_NUMBERS = _words(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion
    dozen"""
)
_UNITS = _words("hundred thousand million billion trillion dozen per percent cent % am pm a.m. p.m. km kg mph")
_MONTHS = _words("january february march april may june july august september october november december")
_TITLES = _words("mr mr. mrs mrs. ms ms. dr dr. prof prof. sir sen. rep. gov. gen. rev. st st. lt. sgt. capt. col.")
_NEGATIONS = _words("never no nobody none nor not n't nothing without neither")
# What follows one of these in its clause says something else without it.
_QUALIFIERS = _NEGATIONS | _words(
    """alleged allegedly almost apparently barely ca can could hardly if likely may might must nearly possible possibly
    reported reportedly shall should suspected unless unlikely whether will wo would"""
)
_SAYING = _words("say says said")
_PARTICLES = _words("down off out over up")
_FREE = (
    _ARTICLES
    | _SAYING
    | _STOPS
    | _words(", of in on at to for from with by as after and but is are was were be been has have had")
)


def free(word: str) -> bool:
    """Whether a word may be written that is not read: it names nothing and counts nothing."""
    return word in _FREE


def opening(word: str) -> bool:
    """Whether a sentence may begin with a word that is not read."""
    return word in _ARTICLES


def closing(word: str) -> bool:
    """Whether a mark ends a sentence."""
    return word in _STOPS


def final(word: str) -> bool:
    """Whether a sentence may end with a word that is not read."""
    return word in _STOPS or word in _SAYING


def is_word(word: str) -> bool:
    """Whether a word is more than a mark."""
    return word[:1].isalnum() or word == "%"


def transitions(words: Sequence[str], offsets: Sequence[tuple[int, int]], text: str) -> Transitions:
    """What may be written of a sentence; its words, and where each stands in its text."""
    return _Sentence(words, offsets, text).transitions()


class _Sentence:
    def __init__(self, words: Sequence[str], offsets: Sequence[tuple[int, int]], text: str) -> None:
        self.words = words
        self.count = len(words)
        self.first = next((index for index, word in enumerate(words) if is_word(word)), 0)
        self.pauses = [word in _PAUSES for word in words]
        self.bound = [False] * self.count  # with the next index: neither comes without the other
        self.held = [False] * self.count  # the next index comes behind it, if anything does
        touches = [left[1] >= right[0] for left, right in pairwise(offsets)]
        self.quoted = [False] * (self.count + 1)  # with the next index: both or none, and nothing between them
        for left, right in _quotations(words, touches):
            self.quoted[left:right] = [True] * (right - left)
        capital = [text[start:end][:1].isupper() for start, end in offsets]
        for index, (word, after) in enumerate(pairwise(words)):
            touching = touches[index]
            if after == '"' and not touching:
                self.pauses[index + 1] = False  # a quotation that opens
            joined = touching and _one_piece(word, after)
            measured = _is_number(word) and after in _UNITS
            denied = word in _NEGATIONS and not self.pauses[index + 1]
            self.bound[index] = (joined and after != "'s") or measured or denied or word == "per"
            self.held[index] = (
                (_is_number(word) and is_word(after) and after not in _OPEN)
                or after in ("not", "never", "n't")
                or (word in _MONTHS and after[:1].isdigit())
                or (word in _TITLES and is_word(after))
                or (capital[index] and capital[index + 1] and (index != self.first or word not in _OPEN))
            )

    def transitions(self) -> Transitions:
        positions = range(self.count)
        starts = [self._starts(index) for index in positions]
        follows = [self._follows(index) for index in positions]
        loose = [not (self.bound[index] or self.held[index]) for index in positions]
        return Transitions(starts, follows, loose, self._closes())

    def _starts(self, index: int) -> bool:
        word = self.words[index]
        if index == 0:
            return True
        if index <= self.first:
            return is_word(word)
        if not (is_word(word) or word in _SIGNS) or self._inside(index) or word in ("of", "than", "'s", "n't"):
            return False
        if word in _RELATIVES | _AUXILIARIES or word.endswith(("ed", "ing")):
            return False
        before = self.words[index - 1]
        if self.pauses[index - 1] or before in _CLAUSES:
            return before not in ('"', ")")
        skipped = self.words[self.first : index]  # no more than what describes the first name
        described = not any(w in _OPEN | _SAYING or not is_word(w) or _is_number(w) for w in skipped)
        verbs = any(w.endswith("ed") for w in skipped[1:])
        return len(skipped) <= 4 and described and not verbs and word not in _OPEN and not self._lost(-1, index)

    def _follows(self, index: int) -> list[int]:
        words, after = self.words, index + 1
        if after == self.count:
            return []
        if self.bound[index] or self.held[index] or self.quoted[index]:
            return [after]
        found = set(self._behind_adverb(index)) | set(self._behind_adjectives(index))
        if is_word(words[index]) and words[index] not in _OPEN:
            found |= set(self._behind_aside(index)) | set(self._behind_phrase(index))
        return [after, *sorted(later for later in found if not self._inside(later) and not self._lost(index, later))]

    def _behind_adverb(self, index: int) -> Iterator[int]:
        words = self.words[index : index + 3]
        if len(words) == 3 and all(map(is_word, words)) and (words[1].endswith("ly") or words[1] in _ADVERBS):
            yield index + 2

    def _behind_adjectives(self, index: int) -> Iterator[int]:
        word = self.words[index]
        if word not in _ARTICLES | _POSSESSIVES and word != "'s":
            return
        for later in range(index + 2, min(index + 4, self.count)):
            described = self.words[index + 1 : later + 1]
            fits = word not in ("a", "an") or (described[-1][0] in "aeiou") == (word == "an")
            if fits and all(w.isalpha() and w not in _OPEN for w in described):
                yield later

    def _behind_aside(self, index: int) -> Iterator[int]:
        """Behind what stands between two commas, dashes or brackets."""
        if self.pauses[index + 1] or self.words[index + 1] == "(":
            # the bracket's or a quotation's own end, but nothing inside them
            ends = (p for p in range(index + 3, self.count) if self.pauses[p] and not self.quoted[p])
            end = next(ends, self.count)
            if end + 1 < self.count and self.words[end] not in _STOPS:
                yield end + 1

    def _behind_phrase(self, index: int) -> Iterator[int]:
        """Behind a phrase that a preposition or conjunction begins."""
        if self.words[index + 1] not in _BREAKS | _PREPOSITIONS | _RELATIVES:
            return
        for later in range(index + 2, self.count):
            if self.pauses[later] or self.words[later] in _BREAKS | _AUXILIARIES:
                yield later
            if self.pauses[later] or self.words[later] in _AUXILIARIES | _RELATIVES:
                return

    def _inside(self, index: int) -> bool:
        """Whether a index is reached only from the one before it."""
        return self.bound[index - 1] or self.held[index - 1] or self.words[index] == "'s" or self.quoted[index - 1]

    def _lost(self, index: int, later: int) -> bool:
        """Whether something is left out between two positions that would turn what comes at the second."""
        for between in range(later - 1, index, -1):
            if self.pauses[between]:
                return False
            if self.words[between] in _QUALIFIERS:
                return True
        return False

    def _closes(self) -> list[bool]:
        closes = [self._may_close(index) for index in range(self.count)]
        for left, right in self._asides():
            for index in range(left, right):
                closes[index] = False
        return closes

    def _may_close(self, index: int) -> bool:
        word = self.words[index]
        if index + 1 == self.count or word in _STOPS:
            return True
        after, pause = self.words[index + 1], self.pauses[index + 1]
        if self.bound[index] or self.held[index] or self.quoted[index]:
            return False
        if not is_word(word):
            return word in _ENDS and (pause or after in _BREAKS)
        if pause:
            return word not in _ALWAYS_OPEN
        if _is_number(word) and word not in _UNITS and not (word.isdigit() and len(word) == 4):
            return False  # "2 or 3 million"; but a year
        return after in _BREAKS and word not in _OPEN - _PARTICLES

    def _asides(self) -> list[tuple[int, int]]:
        """Stretches in the middle of which no sentence can end, for what they belong to comes behind them."""
        pauses = [index for index, pause in enumerate(self.pauses) if pause]
        found = []
        if pauses and self.words[self.first] in _SUBORDINATORS and self.words[pauses[0]] not in _STOPS:
            found.append((self.first, pauses[0] + 1))
        for index in pauses:
            after = self.words[index + 1] if index + 1 < self.count else ""
            end = next((p for p in pauses if p > index + 1), self.count)
            last = end >= self.count - 1 or self.words[end] in _STOPS
            early = index - self.first <= 8  # behind the subject: no sentence without it, and none before its verb
            if not last and (after in _RELATIVES or self.words[index] == "--" or (after in _ARTICLES and early)):
                found.append((index - early, end + 1))
        return found


def _quotations(words: Sequence[str], touches: Sequence[bool]) -> list[tuple[int, int]]:
    """Where quotations and brackets begin and end; one that lacks its partner counts for nothing."""
    found = []
    opened: dict[str, int] = {}
    for index, word in enumerate(words):
        before = index > 0 and touches[index - 1]
        behind = index < len(touches) and touches[index]
        if word in _PARTNERS:
            opened.setdefault(_PARTNERS[word], index)
        elif word in opened and (before or word not in "\"'"):
            found.append((opened.pop(word), index))
        elif word in "\"'" and behind and not before:
            opened[word] = index
    return found


_PARTNERS = {"(": ")", "[": "]", "{": "}"}


def _one_piece(word: str, after: str) -> bool:
    """Whether two words that stand together without a space are parts of one, as in 20-year-old, $5m and don't."""
    return after not in _PAUSES and after != "'" and word not in _PAUSES and word not in _QUOTES


def _is_number(word: str) -> bool:
    return word in _NUMBERS or any(map(str.isdigit, word))
