"""Extractive summarizers of other packages, called as a user of fastsum would: text in, sentences out.

sumy LexRank     Erkan and Radev 2004: centrality in a graph of similar sentences
sumy TextRank    Mihalcea and Tarau 2004: PageRank over shared words
sumy LSA         Steinberger and Jezek 2004: singular values of the word-by-sentence matrix
summa TextRank   the same as sumy's, with the similarity of Barrios et al. 2016
lede             rare words, position and length of a sentence, without a graph

The graphs compare every sentence with every other, so that time and memory grow with the square of the length or
faster; the decomposition's time grows faster still once the vocabulary no longer does. Lede's time grows linearly.

The text is cleaned by fastsum here too. For sumy it is also split into sentences by fastsum, and headings are never
selected, so that only the selection differs. Words are runs of letters, as sumy's own tokenizer keeps them, found by
one regular expression: NLTK, which sumy uses, needs a download and takes longer. Stemmer and stop words are sumy's for
English. Summa and lede take no sentences from outside: they split the text themselves, and the length of the summary is
words for summa and characters for lede.

A package is imported when a summarizer is made, not with this module, and torch is not needed at all.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Any

from fastsum.device import resident
from fastsum.text.cleaning import clean
from fastsum.text.sentences import Sentence, sentences

NAMES = ("LexRank", "TextRank", "LSA")
"""The summarizers of sumy."""
INSTALL = "pip install sumy"
PACKAGES = {**{f"sumy {name}": "sumy" for name in NAMES}, "summa TextRank": "summa", "lede": "lede"}
"""The package of each summarizer."""
SENTENCE_WORDS, SENTENCE_CHARACTERS = 25, 150
"""What stands for a sentence where a package counts words or characters."""

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['-])*")


class _Words:
    """The tokenizer that sumy's sentences need."""

    @staticmethod
    def to_words(sentence: str) -> tuple[str, ...]:
        return tuple(_WORD.findall(sentence))


def version(package: str = "sumy") -> str | None:
    """The version of a package that is installed; None where it cannot be imported."""
    try:
        importlib.import_module(package)
    except ImportError:
        return None
    return metadata.version(package)


def summarizer(name: str, count: int) -> Callable[[str], list[str]]:
    """The summarizer of that name in PACKAGES: from a text to about `count` of its sentences, in their order.

    Sumy's are as many, or fewer where the text has fewer.
    """
    if name == "summa TextRank":
        from summa.summarizer import summarize as by_words

        return lambda text: list(by_words(clean(text), words=count * SENTENCE_WORDS, split=True))
    if name == "lede":
        import lede

        return lambda text: [str(lede.summarize(clean(text), count * SENTENCE_CHARACTERS))]
    choose = chooser(name.removeprefix("sumy "), count)

    def summarize(text: str) -> list[str]:
        text = clean(text)
        return choose(text, sentences(text))

    return summarize


def chooser(name: str, count: int) -> Callable[[str, Sequence[Sentence]], list[str]]:
    """The summarizer of that name in NAMES, for a clean text whose sentences are known already."""
    rank = _sumy(name)

    def choose(text: str, found: Sequence[Sentence]) -> list[str]:
        with warnings.catch_warnings():
            # LSA warns of texts with fewer different words than sentences, as every long text has.
            warnings.simplefilter("ignore")
            return [str(sentence) for sentence in rank(_document(text, found), count)]

    return choose


def lexrank_ranking() -> Callable[[str, Sequence[Sentence]], list[int]]:
    """LexRank's ranking: from a clean text and its sentences to the numbers of those that are no headings, best first,
    the earlier of equal ones first, as sumy has them."""
    rank = _sumy("LexRank")

    def ranking(text: str, found: Sequence[Sentence]) -> list[int]:
        prose = [number for number, sentence in enumerate(found) if sentence.is_prose]
        ranked: list[int] = []

        def count(rated: Sequence[Any]) -> Sequence[Any]:  # sumy calls it with all sentences, best first
            ranked.extend(prose[one.order] for one in rated)
            return rated

        rank(_document(text, found), count)
        return ranked

    return ranking


def _sumy(name: str) -> Any:
    from sumy.nlp.stemmers import Stemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.lsa import LsaSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer
    from sumy.utils import get_stop_words

    kinds = {"LexRank": LexRankSummarizer, "TextRank": TextRankSummarizer, "LSA": LsaSummarizer}
    rank = kinds[name](Stemmer("english"))
    rank.stop_words = get_stop_words("english")
    return rank


def _document(text: str, found: Sequence[Sentence]) -> Any:
    from sumy.models.dom import ObjectDocumentModel, Paragraph
    from sumy.models.dom import Sentence as SumySentence

    return ObjectDocumentModel(
        [Paragraph([SumySentence(text[s.start : s.end], _Words, not s.is_prose) for s in found])]
    )


def peak() -> None:
    """Do the work described by the JSON on standard input, and print this process's peak memory in bytes."""
    asked = json.load(sys.stdin)
    summarize = summarizer(asked["tool"], asked["sentences"])
    for text in asked["texts"]:
        summarize(text)
    print(resident(peak=True))
