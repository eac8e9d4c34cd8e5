"""English, as `text.language.Language` describes a language: the functions of this folder in one place."""

from fastsum.text.english.boilerplate import (
    is_apparatus,
    is_back_matter,
    is_boilerplate,
    is_fragment,
    is_link,
    lost_its_subject,
)
from fastsum.text.english.casing import is_small_word, with_capital_pronouns
from fastsum.text.english.citations import cites, without_citations
from fastsum.text.english.connectives import without_connective
from fastsum.text.english.datelines import without_dateline
from fastsum.text.english.punkt import continues_quotation, ends_sentence, is_abbreviation, is_personal_title
from fastsum.text.english.shortening import least_words, shorter
from fastsum.text.english.titles import is_title, reports_research
from fastsum.text.english.wording import closing, final, free, is_word, opening, transitions

__all__ = [
    "cites", "closing", "continues_quotation", "ends_sentence", "final", "free", "is_abbreviation", "is_apparatus",
    "is_back_matter", "is_boilerplate", "is_fragment", "is_link", "is_personal_title", "is_small_word", "is_title",
    "is_word", "least_words", "lost_its_subject", "opening", "reports_research", "shorter", "transitions",
    "with_capital_pronouns", "without_citations", "without_connective", "without_dateline",
]  # fmt: skip
