"""English, as `text.language.Language` describes a language: the functions of this folder in one place."""

from fastsum.text.english.boilerplate import (
    is_apparatus,
    is_back_matter,
    is_boilerplate,
    is_fragment,
    is_link,
    lost_its_subject,
)
from fastsum.text.english.casing import is_before_things, is_small_word, with_capital_pronouns
from fastsum.text.english.citations import cites, without_citations
from fastsum.text.english.clauses import opens_clause
from fastsum.text.english.connectives import without_connective
from fastsum.text.english.datelines import without_dateline
from fastsum.text.english.divisions import division
from fastsum.text.english.punkt import (
    continues_quotation,
    ends_sentence,
    is_abbreviation,
    is_cut_short,
    is_ordinary,
    is_personal_title,
    leads_on,
    takes_letter,
)
from fastsum.text.english.questions import answers, is_asking, stem
from fastsum.text.english.shortening import least_words, shorter
from fastsum.text.english.standing import standing
from fastsum.text.english.talk import (
    can_speak,
    is_answer,
    is_closing,
    is_event,
    is_filler,
    is_greeting,
    is_notice,
    is_spoken,
    without_hesitations,
    without_noises,
)
from fastsum.text.english.titles import is_title, reports_research
from fastsum.text.english.wording import is_word, transitions

__all__ = [
    "answers", "can_speak", "cites", "continues_quotation", "division", "ends_sentence", "is_abbreviation",
    "is_answer", "is_apparatus", "is_asking", "is_back_matter", "is_before_things", "is_boilerplate", "is_closing",
    "is_cut_short",
    "is_event", "is_filler", "is_fragment", "is_greeting", "is_link", "is_notice", "is_ordinary", "is_personal_title",
    "is_small_word", "is_spoken", "is_title", "is_word", "leads_on", "least_words", "lost_its_subject", "opens_clause",
    "reports_research", "shorter", "standing", "stem", "takes_letter", "transitions", "with_capital_pronouns",
    "without_citations", "without_connective", "without_dateline", "without_hesitations", "without_noises",
]  # fmt: skip
