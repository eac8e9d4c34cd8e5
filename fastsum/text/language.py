"""The seam for a second language: all functions that depend on the language of a text.

`english.rules` implements them for English; a module with the same functions is another language. `read_source` takes
one and keeps it in `Source.language`, where selection and rewriting find it. docs/contributing.md has a recipe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple, Protocol


class Transitions(NamedTuple):
    """What may be written of a sentence when it is rewritten, by the indices of its words."""

    starts: list[bool]
    """Words that may come first."""
    follows: list[list[int]]
    """The words that may follow each, in order."""
    closes: list[bool]
    """Words that may come last."""


class Citing(NamedTuple):
    """By which marks a text cites. Each can be something else too: an index, a clause, an age, a place and a year."""

    spaced: bool = False
    """Numbers in square brackets behind a space: "widen [12]"."""
    attached: bool = False
    """The same without a space: "widen[12]"."""
    rounded: bool = False
    """Numbers in round brackets: "widen (1, 2)"."""
    noted: bool = False
    """Numbers behind the last full stop: "rare.12"."""
    dated: bool = False
    """Names and years in brackets: "(Doe, 2010)"."""


class Standing(IntEnum):
    """How far a sentence stands by itself in a summary."""

    ALONE = 0
    LEANS_BACK = 1
    """It points to the sentence before: "They were found on Monday."."""
    LEADS_ON = 2
    """It needs the sentence behind it: a question, or what a list follows."""
    SAYS_NOTHING = 3
    """Nobody misses it: a greeting, or what was left of a sentence."""


class Language(Protocol):
    """The functions of one language."""

    # Where sentences end ------------------------------------------------------------------------------------------

    def ends_sentence(self, word: str, after: str) -> bool:
        """Whether the full stop after `word`, with `after` next, ends a sentence."""

    def is_abbreviation(self, word: str) -> bool:
        """Whether a word before a full stop is abbreviated."""

    def is_cut_short(self, word: str) -> bool:
        """Whether a word before a full stop and a word in lower case is abbreviated: "14 yrs. of", "esp. in"."""

    def is_ordinary(self, word: str) -> bool:
        """Whether a word carries a capital only because a sentence begins with it."""

    def is_personal_title(self, word: str) -> bool:
        """Whether a word before a full stop is always followed by what it belongs to: "Dr", "Fig"."""

    def takes_letter(self, word: str) -> bool:
        """Whether a letter behind a word belongs to it and can end a sentence: "World War I.", "vitamin C."."""

    def continues_quotation(self, text: str) -> bool:
        """Whether what follows a quoted question or exclamation is still its sentence: `"Why?" she asked`."""

    def leads_on(self, word: str) -> bool:
        """Whether no sentence, heading or item ends with a word, so that a line that ends with it goes on: "of"."""

    def opens_clause(self, before: str, word: str, after: str) -> int:
        """How likely a lower-cased word between two others begins a new statement, from 0 to 3."""

    # What is no prose ---------------------------------------------------------------------------------------------

    def is_boilerplate(self, sentence: str) -> bool:
        """Whether a sentence is page furniture, a caption, a reference or a declaration."""

    def is_apparatus(self, paragraph: str) -> bool:
        """Whether a whole paragraph is a numbered legend or an entry of a reference list."""

    def is_link(self, sentence: str) -> bool:
        """Whether a sentence is a link of a news page: "Watch the ship come in »"."""

    def is_fragment(self, sentence: str) -> bool:
        """Whether a sentence says nothing by itself."""

    def is_back_matter(self, heading: str) -> bool:
        """Whether a heading begins the acknowledgements, declarations or references of a paper."""

    def lost_its_subject(self, sentence: str) -> bool:
        """Whether a sentence is only the end of one: "[3] reported that it fell."."""

    def reports_research(self, text: str) -> bool:
        """Whether a text is in this language and reports research, so that `is_title` should be asked."""

    def is_title(self, sentence: str) -> bool:
        """Whether a sentence only names something, for want of a verb: "Effect of rTMS on accuracy."."""

    def division(self, heading: str) -> tuple[int, bool] | None:
        """The rank that words give a heading, from 1 (a volume) over 4 (a chapter) to 5 (a section), and whether it has
        only a number besides: "Chapter 4". 0 for what is as high as a chapter, but not counted: "Preface". None where
        they give it none."""

    # Who says what -------------------------------------------------------------------------------------------------

    def can_speak(self, label: str) -> bool:
        """Whether the words before a colon can be a speaker's name: "Ada", not "Note"."""

    def is_spoken(self, text: str) -> bool:
        """Whether a text speaks to somebody: "I", "you", or a question."""

    def is_filler(self, sentence: str) -> bool:
        """Whether a sentence of a conversation only shows that somebody listens: "Right, right."."""

    def is_answer(self, sentence: str) -> bool:
        """Whether a sentence is so short that it says something only behind a question: "Never."."""

    def without_noises(self, text: str) -> str:
        """A text with spaces in place of what was heard and not said: "[laughter]"."""

    def without_hesitations(self, sentence: str) -> str:
        """A sentence of a conversation without "uh" and "um"."""

    def is_event(self, line: str) -> bool:
        """Whether a line of a chat tells who comes and goes."""

    def is_greeting(self, line: str) -> bool:
        """Whether a line only begins a letter: "Dear members,"."""

    def is_closing(self, line: str) -> bool:
        """Whether a line only ends a letter: "Best regards,"."""

    def is_notice(self, paragraph: str) -> bool:
        """Whether a paragraph of a letter is a disclaimer, or a note of the program or list that sent it."""

    # What is asked about --------------------------------------------------------------------------------------------

    def is_asking(self, word: str) -> bool:
        """Whether a lower-cased word of a question says only that or how something is asked: "what", "discuss"."""

    def stem(self, word: str) -> str:
        """What the forms of a lower-cased word have in common: "cost" of "costs"."""

    def answers(self, question: str) -> re.Pattern[str] | None:
        """What a sentence has that answers a question for money, a time, a number or a person; None of any other."""

    # How a sentence is shown --------------------------------------------------------------------------------------

    def without_dateline(self, sentence: str) -> str:
        """A sentence without the place and agency, or the heading, at its beginning."""

    def cites(self, text: str) -> Citing:
        """By which marks a whole text cites."""

    def without_citations(self, sentence: str, citing: Citing) -> str:
        """A sentence without citations, as far as the text cites by such marks, and references to figures."""

    def without_connective(self, sentence: str) -> str:
        """A sentence without a connective at its beginning that points to the sentence before."""

    def with_capital_pronouns(self, sentence: str) -> str:
        """A lower-cased sentence with the pronouns that always have a capital: "I"."""

    def shorter(self, sentence: str) -> Iterator[str]:
        """Shorter forms of a sentence that say the same."""

    def least_words(self, sentence: str) -> int:
        """A lower bound of the words of a sentence as it and its shorter forms are shown; 0 where none is known."""

    # What stands beside what in a summary -----------------------------------------------------------------------------

    def standing(self, sentence: str) -> Standing:
        """How far a sentence of the document stands by itself."""

    # How a sentence is rewritten ----------------------------------------------------------------------------------

    def transitions(self, words: Sequence[str], offsets: Sequence[tuple[int, int]], text: str) -> Transitions:
        """Which words of a sentence may follow which; `offsets` are those of the words in its text."""

    def is_word(self, word: str) -> bool:
        """Whether a token is more than a mark."""

    def is_small_word(self, word: str) -> bool:
        """Whether a lower-cased word is never a name, so that a capital at a sentence's beginning is dropped."""

    # Who is meant ---------------------------------------------------------------------------------------------------

    def is_before_things(self, word: str) -> bool:
        """Whether a lower-cased word before a name says that it is a thing's or an office's: "the"."""
