"""ROUGE of a model on rows with reference summaries, beside baselines: leading sentences, LexRank, the greedy oracle.

Everything is scored in one form, one sentence a line. The sentences of the baselines are the document's as the model
splits it, shown as an extractive summary shows them.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastsum.config import DecodingConfig
from fastsum.data.rows import Row
from fastsum.errors import FastsumError
from fastsum.files import write_whole
from fastsum.model.genre import genre_of
from fastsum.summary.limits import SummaryOptions, limits_for
from fastsum.summary.result import Summary
from fastsum.summary.summarizer import Summarizer
from fastsum.text.presentation import present
from fastsum.text.rouge import Interval, Scores, greedy_oracle, interval, paired_interval, score, stems
from fastsum.text.source import Source, read_source, reference_sentences
from fastsum.text.tokenizer import Tokenizer
from fastsum.versions import version_of

if TYPE_CHECKING:
    from rich.table import Table
    from typing_extensions import Unpack

SYSTEM, LEAD, ORACLE, LEXRANK = "system", "lead", "oracle", "lexrank"
RESULTS, OUTPUTS = "results.json", "outputs.jsonl"
_BATCH = 128  # rows in memory at once
_GENRE_ROWS = 15  # rows that decide the genre of all
_PACKAGES = ("fastsum", "torch", "numpy", "nltk", "rouge-score", "tokenizers")


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
    sources: list[list[int]]
    """For each sentence of the summary, the numbers of the document's sentences that it comes from."""
    scores: dict[str, Scores]
    """By system, lead, oracle and lexrank."""


@dataclass(frozen=True)
class Evaluation:
    """Scores of a model on some rows."""

    outputs: list[ScoredRow]
    decoding: DecodingConfig
    """The settings that the summaries were made with."""
    lead: int
    """Number of leading sentences in the Lead baseline."""
    lexrank: int
    """Number of sentences in the LexRank baseline; 0 without it."""
    seconds: float
    """Time spent on summarizing."""
    skipped: list[str]
    """Ids of rows whose document or reference has no word."""
    intervals: dict[str, dict[str, Interval]]
    """By system, lead, oracle and lexrank, then by score: means over the rows with 95 % bootstrap intervals."""
    differences: dict[str, dict[str, Interval]]
    """By lead and lexrank, then by score: system minus baseline, paired by row."""

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
            "decoding": dataclasses.asdict(self.decoding),
            "scores": _plain(self.intervals),
            "system_minus": _plain(self.differences),
            "seconds": self.seconds,
            "documents_per_second": self.documents_per_second,
        }


def _plain(tables: dict[str, dict[str, Interval]]) -> dict[str, dict[str, dict[str, float]]]:
    return {name: {key: value._asdict() for key, value in table.items()} for name, table in tables.items()}


def genre_of_rows(rows: Iterable[Row]) -> str:
    """The genre of most of the first rows' documents."""
    found = Counter(genre_of(row.document) for row in itertools.islice(rows, _GENRE_ROWS))
    return found.most_common(1)[0][0]


def default_lead(summary_column: str) -> int:
    """Size of the Lead baseline: 10 where the references are papers' abstracts, else 3."""
    return 10 if summary_column == "abstract" else 3


def evaluate(
    summarizer: Summarizer,
    rows: Iterable[Row],
    *,
    lead: int = 3,
    lexrank: int = 0,
    progress: Callable[[int], None] = lambda done: None,
    **options: Unpack[SummaryOptions],
) -> Evaluation:
    """Summarize rows and score the summaries. Rows are taken as needed and their documents not kept.

    Args:
        lead: number of leading sentences in the Lead baseline, without headings.
        lexrank: number of sentences of sumy's LexRank; 0 leaves this baseline out.
        progress: called with the number of rows done.

    Raises:
        FastsumError: for impossible options, where no row has words, and for LexRank without sumy.
    """
    decoding = limits_for(summarizer.config.decoding, **options).decoding
    if lead < 1:
        raise FastsumError(f"lead must be a whole number above 0, not {lead}")
    choose = _lexrank(lexrank) if lexrank else None
    outputs: list[ScoredRow] = []
    skipped: list[str] = []
    seconds = 0.0
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, _BATCH)):
        references = [reference_sentences(row.summary) for row in batch]
        started = time.perf_counter()
        usable = []
        for row, reference in zip(batch, references, strict=True):
            source = read_source(row.document, summarizer.tokenizer)
            if reference and any(map(str.isalnum, source.text)):
                usable.append((row, source, reference))
            else:
                skipped.append(row.id)
        summaries = list(summarizer.summarize_sources((source for _, source, _ in usable), **options))
        seconds += time.perf_counter() - started
        for (row, source, reference), summary in zip(usable, summaries, strict=True):
            ranked = choose(source) if choose else None
            outputs.append(_output(row.id, source, reference, summary, lead, ranked, summarizer.tokenizer))
            progress(len(outputs) + len(skipped))
    if not outputs:
        raise FastsumError("no row has words in both document and summary; check the data and the columns read")
    intervals = _intervals([output.scores for output in outputs])
    return Evaluation(outputs, decoding, lead, lexrank, seconds, skipped, *intervals)


def _lexrank(count: int) -> Callable[[Source], str]:
    from fastsum.evaluation.peers import INSTALL, chooser, version

    if version() is None:
        raise FastsumError(f"comparing with LexRank needs sumy: {INSTALL}")
    choose = chooser("LexRank", count)
    return lambda source: "\n".join(map(present, choose(source.text, source.sentences)))


def _output(
    row_id: str,
    source: Source,
    reference: Sequence[str],
    summary: Summary,
    lead: int,
    lexrank: str | None,
    tokenizer: Tokenizer,
) -> ScoredRow:
    prose = [number for number, sentence in enumerate(source.sentences) if sentence.is_prose]
    candidates = [stems(source.encodings[number].words) for number in prose]
    target = [stem for encoding in tokenizer.encode_batch(list(reference)) for stem in stems(encoding.words)]
    best = [prose[index] for index in greedy_oracle(candidates, target)]
    texts = {
        SYSTEM: str(summary),
        LEAD: "\n".join(map(source.shown, prose[:lead])),
        ORACLE: "\n".join(map(source.shown, best)),
    }
    if lexrank is not None:
        texts[LEXRANK] = lexrank
    lines = "\n".join(reference)
    return ScoredRow(
        row_id,
        summary.mode,
        texts[SYSTEM],
        lines,
        texts[LEAD],
        texts[ORACLE],
        lexrank,
        [[span.sentence for span in sentence.sources] for sentence in summary.sentences],
        {name: score(text, lines) for name, text in texts.items()},
    )


def _intervals(
    scores: Sequence[dict[str, Scores]],
) -> tuple[dict[str, dict[str, Interval]], dict[str, dict[str, Interval]]]:
    columns = {name: {key: [getattr(row[name], key) for row in scores] for key in Scores._fields} for name in scores[0]}
    means = {name: {key: interval(values) for key, values in table.items()} for name, table in columns.items()}
    differences = {
        name: {key: paired_interval(columns[SYSTEM][key], values) for key, values in columns[name].items()}
        for name in (LEAD, LEXRANK)
        if name in columns
    }
    return means, differences


def as_table(evaluation: Evaluation, title: str) -> Table:
    """The scores as a table for a terminal: means with their intervals."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    table.add_column("")
    for heading in ("ROUGE-1", "ROUGE-2", "ROUGE-Lsum"):
        table.add_column(heading, justify="right", no_wrap=True)
    names = {
        SYSTEM: evaluation.decoding.mode,
        LEAD: f"Lead-{evaluation.lead}",
        LEXRANK: f"LexRank-{evaluation.lexrank}",
        ORACLE: "greedy oracle",
    }
    for key, name in names.items():
        if key in evaluation.intervals:
            table.add_row(name, *(_cell(value, "") for value in evaluation.intervals[key].values()))
    for key, difference in evaluation.differences.items():
        table.add_row(f"{names[SYSTEM]} - {names[key]}", *(_cell(value, "+") for value in difference.values()))
    return table


def _cell(value: Interval, sign: str) -> str:
    return f"{value.mean:{sign}.2f} ({value.low:{sign}.2f} to {value.high:{sign}.2f})"


def write(folder: Path, evaluation: Evaluation, about: Mapping[str, Any]) -> None:
    """Write the rows as JSON Lines and the scores, with `about` and the versions used, as JSON.

    Each file is written atomically. Raises FastsumError where the folder cannot be written to.
    """
    lines = [json.dumps(_record(output), ensure_ascii=False) + "\n" for output in evaluation.outputs]
    results = {**about, **evaluation.as_dict(), "versions": _versions()}
    write_whole(folder / OUTPUTS, "".join(lines))
    write_whole(folder / RESULTS, json.dumps(results, indent=2, ensure_ascii=False) + "\n")


def _record(output: ScoredRow) -> dict[str, Any]:
    scores = {name: found._asdict() for name, found in output.scores.items()}
    return {**dataclasses.asdict(output), "scores": scores}


def _versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {package: version_of(package) or "unknown" for package in _PACKAGES}
