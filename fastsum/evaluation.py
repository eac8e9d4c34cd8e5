"""A model's ROUGE on rows with reference summaries, beside the leading sentences and the greedy oracle.

Everything scored has one form: one sentence a line, tokenised text undone. The leading and the oracle's sentences are
the document's as the model splits it, shown as an extractive summary shows them.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastsum.config import DecodingConfig
from fastsum.errors import FastsumError
from fastsum.rouge import Interval, Scores, greedy_oracle, interval, paired_interval, score, stems
from fastsum.rows import Row
from fastsum.source import Source, read_source, reference_sentences
from fastsum.summarizer import Summarizer
from fastsum.summary import Summary
from fastsum.tokenizer import Tokenizer

if TYPE_CHECKING:
    from rich.table import Table

SYSTEM, LEAD, ORACLE = "system", "lead", "oracle"
RESULTS, OUTPUTS = "results.json", "outputs.jsonl"
_BATCH = 128  # rows summarized at once and then forgotten
_PACKAGES = ("fastsum", "torch", "numpy", "nltk", "rouge-score", "tokenizers")


@dataclass(frozen=True)
class Output:
    """What became of one row."""

    id: str
    mode: str
    summary: str
    reference: str
    lead: str
    oracle: str
    sources: list[list[int]]
    """For each sentence of the summary, the numbers of the document's sentences that it is or was written from."""
    scores: dict[str, Scores]
    """By system, lead and oracle."""


@dataclass(frozen=True)
class Evaluation:
    """Scores of a model on some rows."""

    outputs: list[Output]
    decoding: DecodingConfig
    """All settings the summaries were made with."""
    lead: int
    """Sentences of the leading ones taken."""
    seconds: float
    """Time spent on summarizing."""
    skipped: list[str]
    """Ids of rows whose document or reference turned out to hold no word."""
    intervals: dict[str, dict[str, Interval]]
    """By system, lead and oracle, then by score: means over the rows with 95 % bootstrap intervals."""
    difference: dict[str, Interval]
    """By score: of system less lead, paired by row."""

    @property
    def documents_per_second(self) -> float:
        """Speed of summarizing; reading rows and scoring not counted."""
        return len(self.outputs) / max(self.seconds, 1e-9)

    def as_dict(self) -> dict[str, Any]:
        """All but the outputs, as `json.dumps` takes it."""
        return {
            "rows": len(self.outputs),
            "skipped": self.skipped,
            "lead_sentences": self.lead,
            "decoding": dataclasses.asdict(self.decoding),
            "scores": {
                name: {key: value._asdict() for key, value in table.items()} for name, table in self.intervals.items()
            },
            "system_minus_lead": {key: value._asdict() for key, value in self.difference.items()},
            "seconds": self.seconds,
            "documents_per_second": self.documents_per_second,
        }


def default_lead(summary_column: str) -> int:
    """Leading sentences to compare with: 10 where the references are papers' abstracts, else 3."""
    return 10 if summary_column == "abstract" else 3


def evaluate(
    summarizer: Summarizer,
    rows: Iterable[Row],
    *,
    lead: int = 3,
    mode: str | None = None,
    sentences: int | None = None,
    words: int | None = None,
    beam: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Evaluation:
    """Summarize rows and score the summaries.

    Rows are taken as needed and their documents not kept. What of mode, sentences, words and beam is left out is as the
    checkpoint's configuration has it.

    Args:
        lead: how many of the document's leading sentences to compare with, headings not counted.
        progress: called with the number of rows done.

    Raises:
        FastsumError: for impossible settings, and where no row holds words.
    """
    decoding = summarizer.settings(mode, sentences, words, beam)
    if lead < 1:
        raise FastsumError(f"lead must be a whole number above 0, not {lead}")
    outputs: list[Output] = []
    skipped: list[str] = []
    seconds = 0.0
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, _BATCH)):
        usable = []
        for row in batch:
            source = read_source(row.document, summarizer.tokenizer)
            reference = reference_sentences(row.summary)
            if reference and any(map(str.isalnum, source.text)):
                usable.append((row, source, reference))
            else:
                skipped.append(row.id)
        started = time.perf_counter()
        documents = [row.document for row, _, _ in usable]
        summaries = list(summarizer.summarize_many(documents, mode, sentences, words, beam=beam))
        seconds += time.perf_counter() - started
        for (row, source, reference), summary in zip(usable, summaries, strict=True):
            outputs.append(_output(row.id, source, reference, summary, lead, summarizer.tokenizer))
            progress(len(outputs) + len(skipped))
    if not outputs:
        raise FastsumError("no row has words in both document and summary; check the data and the columns read")
    return Evaluation(outputs, decoding, lead, seconds, skipped, *_intervals([output.scores for output in outputs]))


def _output(
    row_id: str, source: Source, reference: Sequence[str], summary: Summary, lead: int, tokenizer: Tokenizer
) -> Output:
    prose = [number for number, sentence in enumerate(source.sentences) if not sentence.heading]
    candidates = [stems(source.encodings[number].words) for number in prose]
    target = [stem for encoding in tokenizer.encode_batch(list(reference)) for stem in stems(encoding.words)]
    best = [prose[place] for place in greedy_oracle(candidates, target)]
    texts = {
        SYSTEM: str(summary),
        LEAD: "\n".join(map(source.shown, prose[:lead])),
        ORACLE: "\n".join(map(source.shown, best)),
    }
    lines = "\n".join(reference)
    return Output(
        row_id,
        summary.mode,
        texts[SYSTEM],
        lines,
        texts[LEAD],
        texts[ORACLE],
        [[span.sentence for span in sentence.sources] for sentence in summary.sentences],
        {name: score(text, lines) for name, text in texts.items()},
    )


def _intervals(scores: Sequence[dict[str, Scores]]) -> tuple[dict[str, dict[str, Interval]], dict[str, Interval]]:
    columns = {
        name: {key: [getattr(row[name], key) for row in scores] for key in Scores._fields}
        for name in (SYSTEM, LEAD, ORACLE)
    }
    means = {name: {key: interval(values) for key, values in table.items()} for name, table in columns.items()}
    return means, {key: paired_interval(columns[SYSTEM][key], columns[LEAD][key]) for key in Scores._fields}


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
        ORACLE: "greedy oracle",
    }
    for key, name in names.items():
        table.add_row(name, *(_cell(value, "") for value in evaluation.intervals[key].values()))
    difference = (_cell(value, "+") for value in evaluation.difference.values())
    table.add_row(f"{names[SYSTEM]} - {names[LEAD]}", *difference)
    return table


def _cell(value: Interval, sign: str) -> str:
    return f"{value.mean:{sign}.2f} ({value.low:{sign}.2f} to {value.high:{sign}.2f})"


def write(folder: Path, evaluation: Evaluation, about: Mapping[str, Any]) -> None:
    """Write the outputs as JSON Lines and the scores, with `about` and the versions used, as JSON.

    Each file is replaced whole or not at all. Raises FastsumError where the folder cannot be written to.
    """
    lines = [json.dumps(_record(output), ensure_ascii=False) + "\n" for output in evaluation.outputs]
    results = {**about, **evaluation.as_dict(), "versions": _versions()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / OUTPUTS, "".join(lines))
        _replace(folder / RESULTS, json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise FastsumError(f"{folder}: {error.strerror}; name a folder that can be written") from None


def _record(output: Output) -> dict[str, Any]:
    scores = {name: found._asdict() for name, found in output.scores.items()}
    return {**dataclasses.asdict(output), "scores": scores}


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # fastsum itself, run from a source tree that was not installed
            found[package] = "unknown"
    return found
