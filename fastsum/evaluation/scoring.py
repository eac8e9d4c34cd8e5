"""ROUGE of a model on rows with reference summaries, beside baselines: leading sentences, LexRank, the greedy oracle;
where rows have a question, also the summary without it, and BM25.

Everything is scored in one form, one sentence a line. The sentences of the baselines are the document's as the model
splits it, shown as an extractive summary shows them.
"""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from fastsum.config import DecodingConfig
from fastsum.data.rows import Row
from fastsum.errors import FastsumError
from fastsum.evaluation.baselines import BM25, LEAD, LEXRANK, ORACLE, Baselines, Bm25
from fastsum.evaluation.outputs import Outputs
from fastsum.summary.limits import SummaryOptions, limits_for
from fastsum.summary.result import Summary
from fastsum.summary.summarizer import Summarizer
from fastsum.text.rouge import Interval, Scores, interval, paired_interval, score, stems
from fastsum.text.source import Source, read_source, reference_sentences

if TYPE_CHECKING:
    from typing_extensions import Unpack

SYSTEM = "system"
WHOLE = "whole"
"""The model's summary of the whole document, where the system's is about a question."""
_BATCH = 128  # rows in memory at once


@dataclass(frozen=True)
class ScoredRow:
    """A row's summary and baselines, with their scores."""

    id: str
    mode: str
    summary: str
    reference: str
    lead: str
    oracle: str
    lexrank: str | None
    """None without LexRank."""
    about: str | None
    """The question that the summary is about, if it is about one."""
    whole: str | None
    """The summary without the question, if there is one,"""
    bm25: str | None
    """and the sentences that BM25 finds with it."""
    sources: list[list[int]]
    """For each sentence of the summary, the numbers of the document's sentences that it comes from."""
    kind: str
    """"" where the data has no kinds."""
    others: dict[str, str]
    """What other systems wrote, by their names."""
    scores: dict[str, Scores]
    """By system, whole, bm25, lead, oracle, lexrank and the other systems' names."""


@dataclass(frozen=True)
class Evaluation:
    """Scores of a model on some rows."""

    outputs: list[ScoredRow]
    decoding: DecodingConfig
    """The settings that the summaries were made with; with several models those of most rows."""
    lead: int
    """Number of leading sentences in the Lead baseline; 0 where it has as many words as the summary may have."""
    lexrank: int
    """Number of sentences in the LexRank baseline; 0 without it, or where it has so many words."""
    budgets: dict[str, int]
    """Words of a summary and of every baseline, by the rows' kind, where they follow the references; else empty."""
    seconds: float
    """Time spent on summarizing."""
    skipped: list[str]
    """Ids of rows whose document, reference or question has no word."""
    intervals: dict[str, dict[str, Interval]]
    """By system, lead, oracle, lexrank and other systems, then by score: means over the rows with 95 % bootstrap
    intervals."""
    differences: dict[str, dict[str, Interval]]
    """By lead, lexrank and other systems, then by score: system minus the other, paired by row."""

    @property
    def kinds(self) -> dict[str, list[ScoredRow]]:
        """The rows of each kind, in the order of the kinds' names; empty where the data has no kinds."""
        found: dict[str, list[ScoredRow]] = {}
        for output in sorted(self.outputs, key=lambda output: output.kind):
            found.setdefault(output.kind, []).append(output)
        return found if any(found) else {}

    @property
    def documents_per_second(self) -> float:
        """Speed of summarizing, without reading rows and scoring."""
        return len(self.outputs) / max(self.seconds, 1e-9)

    def as_dict(self) -> dict[str, Any]:
        """Everything except the rows, for `json.dumps`."""
        return {
            "rows": len(self.outputs),
            "skipped": self.skipped,
            "lead_sentences": self.lead,
            "lexrank_sentences": self.lexrank,
            "words_like_reference": self.budgets,
            "decoding": dataclasses.asdict(self.decoding),
            "scores": _plain(self.intervals),
            "system_minus": _plain(self.differences),
            "kinds": {kind: {"rows": len(rows), "scores": mean_scores(rows)} for kind, rows in self.kinds.items()},
            "seconds": self.seconds,
            "documents_per_second": self.documents_per_second,
        }


def _plain(tables: dict[str, dict[str, Interval]]) -> dict[str, dict[str, dict[str, float]]]:
    return {name: {key: value._asdict() for key, value in table.items()} for name, table in tables.items()}


def mean_scores(outputs: Sequence[ScoredRow]) -> dict[str, dict[str, float]]:
    """The mean scores of some rows, by system and score."""
    return {
        name: {key: fmean(getattr(row.scores[name], key) for row in outputs) for key in Scores._fields}
        for name in outputs[0].scores
    }


def reference_words(rows: Iterable[Row]) -> dict[str, int]:
    """For each kind of rows the mean number of words of its references, rounded: one budget a kind."""
    sizes: dict[str, list[int]] = {}
    for row in rows:
        if size := sum(len(sentence.split()) for sentence in reference_sentences(row.summary)):
            sizes.setdefault(row.kind, []).append(size)
    return {kind: round(fmean(found)) for kind, found in sizes.items()}


def default_lead(summary_column: str) -> int:
    """Size of the Lead baseline: 10 where the references are papers' abstracts, else 3."""
    return 10 if summary_column == "abstract" else 3


def evaluate(
    summarizer: Summarizer | Callable[[str], Summarizer],
    rows: Iterable[Row],
    *,
    lead: int = 3,
    lexrank: int = 0,
    budgets: Mapping[str, int] | None = None,
    others: Sequence[Outputs] = (),
    about_column: str | None = None,
    progress: Callable[[int], None] = lambda done: None,
    **options: Unpack[SummaryOptions],
) -> Evaluation:
    """Summarize rows and score the summaries. Rows are taken as needed and their documents not kept.

    Args:
        summarizer: the one for all documents, or what returns the one for a document's text.
        lead: number of leading sentences in the Lead baseline, without headings.
        lexrank: number of sentences of sumy's LexRank; 0 leaves this baseline out.
        budgets: by the rows' kind the number of words of the summary, Lead, LexRank and the oracle alike, in place of
            `lead`, `lexrank` and a length in `options`: whole sentences in the order of each ranking, as many as fit.
        others: outputs of other systems, to be scored beside.
        about_column: which of `Row.others` is the question that a summary is about. Beside it are then scored the
            summary without the question, and BM25's sentences, of as many words as `budgets` says, or as the summary
            has.
        progress: called with the number of rows done.

    Raises:
        FastsumError: for impossible options, where no row has words, for LexRank without sumy, BM25 without
            bm25s, and where an output of another system is missing.
    """
    pick = (lambda text: summarizer) if isinstance(summarizer, Summarizer) else summarizer
    limits_for(DecodingConfig(), **options)  # impossible ones are an error before anything is read
    decodings: Counter[DecodingConfig] = Counter()
    if lead < 1:
        raise FastsumError(f"lead must be a whole number above 0, not {lead}")
    baselines = Baselines(lead, lexrank, by_words=budgets is not None, asked=about_column is not None)
    bm25 = Bm25() if about_column else None
    outputs: list[ScoredRow] = []
    skipped: list[str] = []
    seconds = 0.0
    number = 0
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, _BATCH)):
        usable: list[_Usable] = []
        started = time.perf_counter()
        for row in batch:
            reference = reference_sentences(row.summary)
            chosen = pick(row.document)
            source = read_source(row.document, chosen.tokenizer)
            question = row.others[about_column] if about_column else None
            is_asked = question is None or any(map(str.isalnum, question))
            if reference and is_asked and any(map(str.isalnum, source.text)):
                # What is missing among them is said before the time of summarizing is spent.
                outputs_of_others = {one.name: one.of(number, row) for one in others}
                usable.append(_Usable(row, chosen, source, reference, outputs_of_others, question))
                decodings[limits_for(chosen.config.decoding, **options).decoding] += 1
            else:
                skipped.append(row.id)
            number += 1
        summaries = _summaries(usable, budgets, options)
        seconds += time.perf_counter() - started
        wholes: Sequence[Summary | None] = [None] * len(usable)
        if bm25 is not None:
            wholes = _summaries([one._replace(question=None) for one in usable], budgets, options)
        for one, summary, whole in zip(usable, summaries, wholes, strict=True):
            words = budgets[one.row.kind] if budgets is not None else 0
            answers = {}
            if bm25 is not None and one.question is not None:
                found = bm25.text(one.source, one.question, words or max(1, summary.words))
                answers = {WHOLE: str(whole), BM25: found}
            outputs.append(_output(one, summary, answers, baselines, words))
            progress(len(outputs) + len(skipped))
    if not outputs:
        raise FastsumError("no row has words in both document and summary; check the data and the columns read")
    intervals = _intervals([output.scores for output in outputs])
    sizes = (0, 0) if budgets is not None else (lead, lexrank)
    ((decoding, _),) = decodings.most_common(1)
    return Evaluation(outputs, decoding, *sizes, dict(budgets or {}), seconds, skipped, *intervals)


class _Usable(NamedTuple):
    row: Row
    summarizer: Summarizer
    source: Source
    reference: list[str]
    others: dict[str, str]
    question: str | None


def _summaries(usable: Sequence[_Usable], budgets: Mapping[str, int] | None, options: SummaryOptions) -> list[Summary]:
    """The summaries of some rows, in batches of those with the same model and options."""
    alike: dict[tuple[Summarizer, int | None, str | None], list[int]] = {}
    for index, one in enumerate(usable):
        words = None if budgets is None else budgets[one.row.kind]
        alike.setdefault((one.summarizer, words, one.question), []).append(index)
    found: dict[int, Summary] = {}
    for (summarizer, words, question), chosen in alike.items():
        asked: SummaryOptions = {**options, "about": question}
        if words is not None:
            asked["words"] = words
        found |= zip(chosen, summarizer.summarize_sources((usable[i].source for i in chosen), **asked), strict=True)
    return [found[index] for index in range(len(usable))]


def _output(
    one: _Usable,
    summary: Summary,
    answers: Mapping[str, str],
    baselines: Baselines,
    words: int,
) -> ScoredRow:
    encodings = one.summarizer.tokenizer.encode_batch(one.reference)
    target = [stem for encoding in encodings for stem in stems(encoding.words)]
    texts = {SYSTEM: str(summary), **answers, **baselines.texts(one.source, target, words)}
    texts |= {name: "\n".join(reference_sentences(text)) for name, text in one.others.items()}
    lines = "\n".join(one.reference)
    return ScoredRow(
        one.row.id,
        summary.mode,
        texts[SYSTEM],
        lines,
        texts[LEAD],
        texts[ORACLE],
        texts.get(LEXRANK),
        one.question,
        texts.get(WHOLE),
        texts.get(BM25),
        [[span.sentence for span in sentence.sources] for sentence in summary.sentences],
        one.row.kind,
        {name: texts[name] for name in one.others},
        {name: score(text, lines) for name, text in texts.items()},
    )


def _intervals(
    scores: Sequence[dict[str, Scores]],
) -> tuple[dict[str, dict[str, Interval]], dict[str, dict[str, Interval]]]:
    columns = {name: {key: [getattr(row[name], key) for row in scores] for key in Scores._fields} for name in scores[0]}
    means = {name: {key: interval(values) for key, values in table.items()} for name, table in columns.items()}
    differences = {
        name: {key: paired_interval(columns[SYSTEM][key], values) for key, values in columns[name].items()}
        for name in columns
        if name not in (SYSTEM, ORACLE)
    }
    return means, differences
