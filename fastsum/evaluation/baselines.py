"""The baselines that a model's summaries are compared with: leading sentences, LexRank, and the greedy oracle.

Their sentences are the document's as the model splits it, shown as an extractive summary shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastsum.errors import FastsumError
from fastsum.summary.selection import select
from fastsum.text.rouge import greedy_oracle, stems
from fastsum.text.source import Source

LEAD, ORACLE, LEXRANK = "lead", "oracle", "lexrank"
BM25 = "bm25"
INSTALL_BM25 = "pip install bm25s"


class Baselines:
    """Lead, the oracle and, if asked for, LexRank."""

    def __init__(self, lead: int, lexrank: int, *, by_words: bool, asked: bool = False) -> None:
        """Of `lead` and `lexrank` sentences (0: no LexRank) or, `by_words`, with both and of as many words as are asked
        for with each document; where questions are `asked`, which LexRank does not read, without it. Raises
        FastsumError where LexRank needs sumy and that is not installed."""
        self._lead = lead
        self._lexrank = lexrank
        self._by_words = by_words
        self._ranking = _lexrank_ranking() if lexrank or (by_words and not asked) else None

    def texts(self, source: Source, reference: Sequence[str], words: int) -> dict[str, str]:
        """The summary of each baseline, one sentence a line.

        Args:
            reference: the stems of the reference summary's words, for the oracle.
            words: the most words of each, if the baselines are of words.
        """
        prose = [number for number, sentence in enumerate(source.sentences) if sentence.is_prose]
        candidates = [stems(source.encodings[number].words) for number in prose]
        rankings = {LEAD: prose}
        if self._ranking is not None:
            rankings[LEXRANK] = self._ranking(source)
        if self._by_words:
            sizes = [len(source.shown(number).split()) for number in prose]
            best = greedy_oracle(candidates, reference, words=words, sizes=sizes)
            chosen = {name: _fitting(source, ranked, words) for name, ranked in rankings.items()}
        else:
            best = greedy_oracle(candidates, reference)
            counts = {LEAD: self._lead, LEXRANK: self._lexrank}
            chosen = {
                name: "\n".join(map(source.shown, sorted(ranked[: counts[name]]))) for name, ranked in rankings.items()
            }
        return chosen | {ORACLE: "\n".join(source.shown(prose[index]) for index in best)}


class Bm25:
    """Sentences by BM25 with a question (Robertson and Zaragoza 2009), by the package bm25s with its default settings.

    Words are Porter stems, as ROUGE's. No stop words are left out: BM25 finds better sentences with them (24.5 / 5.1
    ROUGE-1 / -2 on QMSum's validation questions, 22.8 / 4.3 without the package's 33). Raises FastsumError where the
    package is not installed.
    """

    def __init__(self) -> None:
        try:
            import bm25s
        except ImportError:
            raise FastsumError(f"comparing answers with BM25 needs bm25s: {INSTALL_BM25}") from None
        self._make = bm25s.BM25
        self._indexed: tuple[Source | None, list[int], Any] = (None, [], None)

    def text(self, source: Source, question: str, words: int) -> str:
        """The best sentences with at most so many words in total, one a line, in their order in the document."""
        if self._indexed[0] is not source:
            prose = [number for number, sentence in enumerate(source.sentences) if sentence.is_prose]
            terms = [stems(source.encodings[number].words) for number in prose]
            index = self._make() if any(terms) else None  # it indexes nothing without a word
            if index is not None:
                index.index(terms, show_progress=False)
            self._indexed = (source, prose, index)
        _, prose, index = self._indexed
        asked = stems(source.tokenizer.split(question))
        scores = index.get_scores(asked) if index is not None and asked else [0.0] * len(prose)
        ranked = sorted(range(len(prose)), key=lambda one: (-scores[one], one))
        return _fitting(source, [prose[one] for one in ranked], words)


def _fitting(source: Source, ranked: Sequence[int], words: int) -> str:
    """Sentences in the order of a ranking, as many as fit; the first is cut where none does."""
    found = select(ranked, lambda index: [source.shown(index)], sentences=0, words=words, block_ngrams=0, exact=True)
    return "\n".join(one.text for one in found)


def _lexrank_ranking() -> Callable[[Source], list[int]]:
    from fastsum.evaluation.peers import INSTALL, lexrank_ranking, version

    if version() is None:
        raise FastsumError(f"comparing with LexRank needs sumy: {INSTALL}")
    ranking = lexrank_ranking()
    return lambda source: ranking(source.text, source.sentences)
