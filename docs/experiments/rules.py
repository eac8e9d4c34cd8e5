"""What each group of rules about text is worth: one ablation, each group switched off by itself.

    python docs/experiments/rules.py run --data FOLDER --output runs/rules
    python docs/experiments/rules.py table --output runs/rules

FOLDER holds cnn_dailymail/cased_validation.parquet (article, highlights), pubmed/validation.parquet and train.parquet
(article, abstract, source), other/validation.parquet (document, summary, kind) and the tokenized rows of
cnn_dailymail/validation.parquet and pubmed/official_validation.parquet. `run` writes one JSON line a row and resumes
where it stopped; `table` prints the differences and writes every changed summary, for reading, into `changed/`.

Extractive summaries by the shipped model that `genre_of` picks. A group is switched off by replacing patterns and
functions in the modules that use them. A document is weighed by the model again only where its sentences or headings
change; where only kinds or shown texts change, its saliences stay as they are. References are read with all rules on.
"""

from __future__ import annotations

import argparse
import inspect
import json
import math
import re
import textwrap
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import torch

from fastsum import Summarizer, genre_of
from fastsum.data import treebank
from fastsum.model.batching import pad_documents
from fastsum.model.unpadded import Unpadded
from fastsum.summary import extraction
from fastsum.summary.limits import Limits, limits_for
from fastsum.text import cleaning, presentation, segments, sentences
from fastsum.text.english import boilerplate, casing, citations, datelines, punkt, rules
from fastsum.text.rouge import Scores, score
from fastsum.text.sentences import Sentence
from fastsum.text.source import Source, reference_sentences
from fastsum.text.tokenizer import UNK, Tokenizer

Patch = tuple[ModuleType, str, Any]
DEAR = ("Punkt", "all hand-written abbreviations")
"""Groups that change nearly every paper's sentences; tried on the first rows of a set only."""
DEAR_ROWS = 60
NEVER = re.compile(r"(?!)()()")


def without_starts(*names: str) -> Patch:
    """`boilerplate._STARTS` without some of the groups that it is made of."""
    gone = {start for name in names for start in getattr(boilerplate, name)}
    kept = {start: keys for start, keys in boilerplate.RULES.items() if start not in gone}
    return boilerplate, "_STARTS", boilerplate._by_key(kept)


def rewritten(module: ModuleType, name: str, old: str, new: str) -> Patch:
    """A function with a piece of its source replaced."""
    source = textwrap.dedent(inspect.getsource(getattr(module, name)))
    if source.count(old) != 1:
        raise LookupError(f"{module.__name__}.{name} does not hold {old!r} once")
    space: dict[str, Any] = {}
    exec(
        compile("from __future__ import annotations\n" + source.replace(old, new), name, "exec"), module.__dict__, space
    )
    return module, name, space[name]


def without_abbreviations(gone: Callable[[str], bool]) -> list[Patch]:
    known = punkt._punkt()
    fewer = known._replace(abbreviations=frozenset(word for word in known.abbreviations if not gone(word)))
    special = fewer.abbreviations.union(pair.partition(" ")[0] for pair in fewer.collocations)
    return [
        (punkt, "_punkt", lambda: fewer),
        (punkt, "_special", lambda: special),
        (punkt, "_punkt_decides", punkt._punkt_decides.__wrapped__),
    ]


_BIOLOGY = frozenset(
    (
        "sp",
        "spp",
        "subsp",
        "ssp",
        "var",
        "cv",
        "cvs",
        "pv",
        "pvs",
        "conc",
        "chr",
        "supp",
        "suppl",
        "dis",
        "temp",
        "ie",
        "eg",
    )
)
_LEARNED = re.compile(r"(?:[a-z]\.)+[a-z]{1,2}")


def nothing(*_: Any) -> bool:
    return False


def without_chinese_stops(line: str, stops: str = ".?!…;,。！？", ended: Any = segments.has_ended) -> bool:
    return ended(line, stops.replace("。！？", ""))


def reading() -> dict[str, list[Patch]]:
    """Groups that decide what a sentence is and where it ends."""
    b, s = boilerplate, sentences
    fragment = (
        "not words\n"
        "        or (len(words) == 1 and words[0].isascii())  # elsewhere words may stand without spaces\n"
        "        or "
    )
    return {
        "ALL of what is no prose": [
            (rules, "is_boilerplate", nothing),
            (rules, "is_fragment", nothing),
            (rules, "is_apparatus", nothing),
            (rules, "is_back_matter", nothing),
            (s, "_has_titles", nothing),
            (rules, "lost_its_subject", nothing),
            (b, "_LINK", NEVER),
        ],
        "links of a page": [without_starts("_LINKS"), (b, "_SITE_NAMED", NEVER)],
        "invitations": [without_starts("_INVITATIONS")],
        "credits, dates, editors' notes": [without_starts("_NOTES")],
        "match reports": [without_starts("_MATCHES")],
        "declarations of a paper": [without_starts("_PAPER")],
        "phrases anywhere": [(b, "_ANYWHERE", ())],
        "numbered captions": [without_starts("_CAPTIONS"), (b, "_LEGENDS", {})],
        "entries of a reference list": [(b, "_REFERENCE", NEVER)],
        "addresses of institutes": [without_starts("_ADDRESS")],
        "links that end in an arrow": [(b, "_LINK", NEVER)],
        "no letters, one word": [rewritten(b, "_is_piece", fragment, "")],
        "ends of brackets": [(b, "_END_OF_BRACKET", NEVER)],
        "cut-off cross-references": [(b, "_CROSS_REFERENCE", NEVER)],
        "pointers to figures": [(b, "_is_pointer", nothing)],
        "formulas": [(b, "_is_formula", nothing)],
        "back matter": [(rules, "is_back_matter", nothing)],
        "titles of figures and sections": [(s, "_has_titles", nothing)],
        "panels after a title": [(s, "_PANELS", ())],
        "lost subjects": [(b, "_NO_SUBJECT", NEVER)],
        "a space after every point": [(s, "_has_spaced_points", nothing)],
        "wrapped lines joined": [(segments, "continued", lambda lines, language: [False] * len(lines))],
        "decimals set apart": [(s, "_ZERO", NEVER)],
        "the page p. 12": [
            rewritten(s, "_full_stop_ends", " or (not lower and len(word) == 1 and word.islower())", "")
        ],
        "abbreviated genus, S.A.": [(s, "_GENUS", NEVER), (s, "_DOTTED", NEVER)],
        "authors of species: (L.) P.": [(s, "_AUTHOR", NEVER)],
        "numerals of sections and items": [(s, "_NUMERAL", NEVER)],
        "a quoted question and who asked": [(punkt, "_SAYS", NEVER)],
        "notes behind a full stop": [
            (s, "_CANDIDATE", re.compile(s._CANDIDATE.pattern.replace(r"(?:\d{1,3}(?:[,–-]\d{1,3}){0,9})?", "", 1)))
        ],
        "No.1 spot": [(s, "_SMALL_WORD", NEVER)],
        "titles of persons; abbreviations before a bracket": [
            (punkt, "_PERSONAL_TITLES", frozenset()),
            (rules, "is_abbreviation", nothing),
        ],
        "Punkt": [(rules, "ends_sentence", lambda word, after: True)],
        "all hand-written abbreviations": without_abbreviations(
            lambda w: w in punkt._ABBREVIATIONS and not _LEARNED.fullmatch(w)
        ),
        "abbreviations of biology": without_abbreviations(_BIOLOGY.__contains__),
        "stops of Chinese": [
            (s, "_CANDIDATE", re.compile(s._CANDIDATE.pattern.replace("|[。！？][」』”]{0,3}", ""))),
            (segments, "has_ended", without_chinese_stops),
            (s, "has_ended", without_chinese_stops),
        ],
    }


def showing() -> dict[str, list[Patch]]:
    """Groups that decide how a sentence is shown."""
    c, p = citations, presentation
    return {
        "ALL of showing": [
            (p, "present", lambda text, language=rules: " ".join(text.split())),
            (extraction, "shortened", lambda text, language: ()),
        ],
        "citations and figures in brackets": [(c, "_BRACKETED", NEVER), (c, "_UNCLOSED", NEVER)],
        "as shown in Figure 3": [(c, "_AS_SHOWN_FIRST", NEVER), (c, "_AS_SHOWN_LAST", NEVER)],
        "notes behind the last word": [(c, "_NOTE", NEVER)],
        "left where a mark stood": [(c, "_LONE_DASH", NEVER), (c, "_LONE_COMMA", NEVER)],
        "Markdown's marks": [(p, "_without_markdown", lambda text: text)],
        "datelines": [(datelines, "_DATELINE", NEVER)],
        "spaces around signs and brackets": [
            (p, name, NEVER) for name in ("_SIGN", "_PER_CENT", "_IN_BRACKET", "_DOTS")
        ],
        "spaces before punctuation": [(p, "_SPACE_BEFORE", NEVER)],
        "i as I": [(casing, "_PRONOUN", NEVER)],
        "lone quotes and brackets": [(p, "_balanced", lambda text: text)],
        "connectives": [(rules, "without_connective", lambda text: text)],
        "shortening": [(extraction, "shortened", lambda text, language: ())],
    }


def cleaning_groups() -> dict[str, list[Patch]]:
    """Groups that undo tokenized text."""
    undo = "_undo_tokens"
    return {
        "ALL of undoing tokens": [(treebank, "_is_tokenised", nothing)],
        "undo: ends of sentences as lines": [
            rewritten(
                treebank, undo, "text = _TOKENISED_END.sub(_end_news_line if treebank else _end_line, text)", "pass"
            )
        ],
        "undo: lines broken within a sentence": [(treebank, "_end_news_line", treebank._end_line)],
        "undo: abbreviations of papers": [(treebank, "_ABBREVIATED", NEVER)],
        "undo: links of older pages": [(treebank, "_LINKED", NEVER)],
        "undo: single quotes paired": [(treebank, "_pair_single_quotes", lambda line: line)],
        "undo: double quotes paired": [(treebank, "_pair_quotes", lambda text: text)],
        "undo: split words (gon na)": [(treebank, "_SPLIT_WORDS", NEVER)],
        "undo: hyphens and slashes": [rewritten(treebank, undo, "if not treebank:", "if False:")],
    }


@cache
def groups() -> dict[str, tuple[str, list[Patch]]]:
    """Every group by name: "read", "show" or "clean", and what to replace."""
    stages = {"read": reading(), "show": showing(), "clean": cleaning_groups()}
    return {name: (stage, patches) for stage, found in stages.items() for name, patches in found.items()}


@contextmanager
def switched_off(patches: Sequence[Patch]) -> Iterator[None]:
    with ExitStack() as stack:
        for module, name, value in patches:
            stack.enter_context(patch.object(module, name, value))
        if any(name == "present" for _, name, _ in patches):
            from fastsum.text import source

            stack.enter_context(patch.object(source, "present", presentation.present))
        yield


class Document(NamedTuple):
    id: str
    kind: str
    text: str
    reference: str
    words: int | None
    """How many the summary should have; None is the model's own length."""


def documents(data: Path, wanted: str, count: int) -> Iterator[Document]:
    import pyarrow.parquet as pq

    def rows(name: str) -> list[dict[str, Any]]:
        return pq.read_table(data / name).to_pylist()

    if wanted == "cnn":
        for row in rows("cnn_dailymail/cased_validation.parquet")[:count]:
            yield Document(str(row["id"]), "cnn", row["article"], row["highlights"], None)
    elif wanted == "pmc":
        # validation has 162 rows of natural text; the first of training fill them up
        found = [*rows("pubmed/validation.parquet"), *rows("pubmed/train.parquet")]
        natural = [row for row in found if "sumpubmed" not in row["source"]]
        for row in natural[:count]:
            yield Document(str(row["id"]), "pmc", row["article"], row["abstract"], None)
    elif wanted == "other":
        kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows("other/validation.parquet"):
            kinds[row["kind"]].append(row)
        budgets = {kind: round(np.mean([len(r["summary"].split()) for r in found])) for kind, found in kinds.items()}
        turns = [row for rank in range(count) for found in kinds.values() if rank < len(found) for row in [found[rank]]]
        for row in turns[:count]:
            yield Document(str(row["id"]), row["kind"], row["document"], row["summary"], budgets[row["kind"]])
    elif wanted == "older":
        found = rows("cnn_dailymail/train.parquet")  # its validation rows are of the last year alone
        for row in found[:: len(found) // count][:count]:
            yield Document(str(row["id"]), "older", row["article"], row["highlights"], None)
    elif wanted == "news":
        for row in rows("cnn_dailymail/validation.parquet")[:count]:
            yield Document(str(row["id"]), "news", row["article"], row["highlights"], None)
    else:
        for row in rows("cnn_dailymail/validation.parquet")[: count // 2]:
            yield Document(str(row["id"]), "news", row["article"], row["highlights"], None)
        for row in rows("pubmed/official_validation.parquet"):
            yield Document(str(row["id"]), "official paper", row["article"], row["abstract"], None)


class Weighed(NamedTuple):
    source: Source
    salience: Sequence[float]
    expected: Mapping[int, float] | None


@cache
def model(genre: str) -> Summarizer:
    return Summarizer.load(genre, device="cpu", precision="fp32")


def read(text: str, spans: list[Sentence], tokenizer: Tokenizer) -> Source:
    encodings = tokenizer.encode_batch([text[s.start : s.end] for s in spans])
    ids, _ = tokenizer.extend(encodings)
    return Source(text, spans, encodings, [row or [UNK] for row in ids])


def weigh(summarizer: Summarizer, source: Source) -> Weighed:
    batch = pad_documents([Unpadded.of(source)], summarizer.config.model)
    with torch.inference_mode():
        encoded = summarizer.model.encode(batch)
        expected = None
        if summarizer.config.decoding.coverage > 0:
            words, rates = summarizer.model.expected_counts(batch, encoded)
            expected = words.by_document(rates.exp(), 1)[0]
        return Weighed(source, encoded.logits_BS[0].float().sigmoid().tolist(), expected)


def summary(weighed: Weighed, limits: Limits) -> list[str]:
    source = weighed.source
    found = extraction.extract(source, weighed.salience, limits.of(source.text), weighed.expected)
    return [sentence.text for sentence in found.sentences]


def record(document: Document, names: Sequence[str]) -> dict[str, Any]:
    """A row's summary, and those that other rules give it."""
    text = cleaning.clean(treebank.natural(document.text))
    summarizer = model(genre_of(document.text))
    limits = limits_for(summarizer.config.decoding, "extractive", words=document.words)
    before = weigh(summarizer, read(text, sentences.sentences(text), summarizer.tokenizer))
    shape = [(s.start, s.end, s.is_heading) for s in before.source.sentences]
    reference = "\n".join(reference_sentences(treebank.natural(document.reference)))
    lines = summary(before, limits)
    changes: dict[str, Any] = {}
    for name in names:
        stage, patches = groups()[name]
        with switched_off(patches):
            if stage == "show":
                after = before._replace(source=replace(before.source))
            else:
                other = cleaning.clean(treebank.natural(document.text)) if stage == "clean" else text
                if stage == "clean" and other == text:
                    continue
                spans = sentences.sentences(other)
                if other == text and spans == before.source.sentences:
                    continue
                if other == text and [(s.start, s.end, s.is_heading) for s in spans] == shape:
                    after = before._replace(source=replace(before.source, sentences=spans))
                else:
                    after = weigh(summarizer, read(other, spans, summarizer.tokenizer))
            shown = summary(after, limits)
        if shown != lines:
            changes[name] = {"summary": shown, "scores": score("\n".join(shown), reference)}
    scores = score("\n".join(lines), reference)
    return {"id": document.id, "kind": document.kind, "summary": lines, "scores": scores, "off": changes}


def run(data: Path, output: Path, sets: Sequence[str], count: int, only: Sequence[str]) -> None:
    output.mkdir(parents=True, exist_ok=True)
    for wanted in sets:
        clean = wanted == "tokenized"
        names = [
            name for name, (stage, _) in groups().items() if (stage == "clean") == clean and (not only or name in only)
        ]
        path = output / f"{wanted}.jsonl"
        done = len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0
        started = time.perf_counter()
        with path.open("a", encoding="utf-8") as file:
            for number, document in enumerate(documents(data, wanted, count), start=1):
                if number > done:
                    skipped = DEAR if number > DEAR_ROWS and wanted in ("pmc", "other") else ()
                    found = record(document, [name for name in names if name not in skipped])
                    file.write(json.dumps({**found, "skipped": skipped}, ensure_ascii=False) + "\n")
                    file.flush()
                if number % 20 == 0:
                    print(f"{wanted}: {number} rows, {time.perf_counter() - started:.0f} s", flush=True)


class Difference(NamedTuple):
    changed: int
    means: Scores
    """Of the rules as they are, less without the group."""
    errors: Scores
    """Half of the 95 % interval, by the standard error of paired differences."""


def difference(rows: Sequence[dict[str, Any]], name: str) -> Difference:
    """Over all rows; kinds weigh the same."""
    kinds: dict[str, list[list[float]]] = defaultdict(list)
    for row in rows:
        if name in row.get("skipped", ()):
            continue
        off = row["off"].get(name)
        kinds[row["kind"]].append(
            [a - b for a, b in zip(row["scores"], off["scores"], strict=True)] if off else [0.0] * 3
        )
    tables = [np.asarray(found) for found in kinds.values()]
    means = np.mean([table.mean(0) for table in tables], axis=0)
    variances = [table.var(0, ddof=1) / len(table) for table in tables if len(table) > 1] or [np.zeros(3)]
    errors = 1.96 * np.sqrt(np.sum(variances, axis=0)) / len(tables)
    return Difference(sum(name in row["off"] for row in rows), Scores(*means), Scores(*errors))


def table(output: Path) -> None:
    sets = {
        path.stem: [json.loads(line) for line in path.open(encoding="utf-8")] for path in sorted(output.glob("*.jsonl"))
    }
    for label, rows in sets.items():
        kinds = {row["kind"] for row in rows}
        means = np.mean([np.mean([r["scores"] for r in rows if r["kind"] == kind], axis=0) for kind in kinds], axis=0)
        print(f"{label}: {len(rows)} rows, {' / '.join(f'{mean:.2f}' for mean in means)}")
    natural = [label for label in ("cnn", "pmc", "other", "news", "older") if label in sets]
    for labels in (natural, [label for label in sets if label == "tokenized"]):
        print(f"\n| group | {' | '.join(labels)} |\n| --- |{' --- |' * len(labels)}")
        for name, (stage, _) in groups().items():
            if labels and (stage == "clean") == (labels == ["tokenized"]):
                print(f"| {name} | {' | '.join(cell(difference(sets[label], name)) for label in labels)} |")
    kinds_of = {row["kind"] for row in sets.get("other", [])}
    print("\nBy kind of other, rows changed and ROUGE-1 / 2 / Lsum:")
    for name in groups():
        parts = []
        for kind in sorted(kinds_of):
            found = difference([row for row in sets["other"] if row["kind"] == kind], name)
            if found.changed:
                parts.append(f"{kind}: {cell(found)}")
        if parts:
            print(f"- {name}: {'; '.join(parts)}")
    folder = output / "changed"
    folder.mkdir(exist_ok=True)
    for name in groups():
        changes = [change(label, row, name) for label, rows in sets.items() for row in rows if name in row["off"]]
        file = folder / f"{re.sub(r'[^a-zA-Z]+', '_', name)}.txt"
        file.write_text("\n".join(changes), encoding="utf-8")


def cell(found: Difference) -> str:
    if not found.changed:
        return "0"
    means = " / ".join(f"{mean:+.2f} ±{error:.2f}" for mean, error in zip(found.means, found.errors, strict=True))
    return f"{found.changed}: {means}"


def change(label: str, row: dict[str, Any], name: str) -> str:
    """The sentences in which two summaries differ: + with the rules, - without the group."""
    on, off = row["summary"], row["off"][name]["summary"]
    gain = math.fsum(a - b for a, b in zip(row["scores"], row["off"][name]["scores"], strict=True)) / 3
    lines = [f"  + {line}" for line in on if line not in off] + [f"  - {line}" for line in off if line not in on]
    return "\n".join([f"{label} {row['kind']} {row['id']} ({gain:+.1f})", *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description="What each group of rules about text is worth.")
    parser.add_argument("task", choices=("run", "table"))
    parser.add_argument("--data", type=Path, help="folder of the rows")
    parser.add_argument("--output", type=Path, required=True, help="folder of the results")
    parser.add_argument("--sets", default="cnn,pmc,other,news,older,tokenized")
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--only", default="", help="groups, separated by |")
    given = parser.parse_args()
    if given.task == "run":
        torch.set_num_threads(1)
        run(given.data, given.output, given.sets.split(","), given.rows, list(filter(None, given.only.split("|"))))
    else:
        table(given.output)


if __name__ == "__main__":
    main()
