"""Tables summarized in parts: what is in the output, and that interruptions neither lose nor double a row."""

from __future__ import annotations

import csv
import datetime
import errno
import gzip
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import fastsum
import fastsum.bulk.parts
from fastsum import FastsumError, Summarizer, Summary, genre_of
from fastsum.bulk import TableReport, chunks, parts, summarize_table
from fastsum.bulk.formats import Delimited
from fastsum.bulk.parts import RUN, Part, Parts
from fastsum.bulk.table import count_rows
from fastsum.data.tables import read_records
from fastsum.model import checkpoint
from fastsum.model.checkpoint_folder import SUMS
from fastsum.model.genre import GENRES
from fastsum.text.source import Source
from tests.conftest import SAMPLES
from tests.faults.scripts import printed_by
from tests.model.test_genre import PAPERS

SENTENCES = (
    "The ferry to Stornmouth was cancelled on Sunday.",
    "Forty passengers slept in the school hall.",
    "A second boat arrived before noon, its captain said.",
    "Nobody was hurt.",
    "The company will pay for the night and for breakfast.",
)
COUNT = 22  # with chunks of 4 rows: 6 parts, the last a short one

Summarize = Callable[..., TableReport]


def documents(count: int = COUNT) -> list[str]:
    """Of differing length, the longest neither first nor last, so that batches do not keep the order."""
    return [
        f"Report {i} came in. " + " ".join(SENTENCES[(i + k) % 5] for k in range(1 + i * 7 % 11)) for i in range(count)
    ]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter="\t" if path.suffix == ".tsv" else ",")
            writer.writeheader()
            writer.writerows(rows)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """A table's rows; CSV has only text, and none where there is nothing."""
    rows = [fields for _, fields in read_records(path) if not isinstance(fields, str)]
    return [{name: None if value == "" else value for name, value in row.items()} for row in rows]


def table(path: Path, count: int = COUNT) -> Path:
    return write(path, [{"id": f"d{i}", "text": text} for i, text in enumerate(documents(count))])


@pytest.fixture(autouse=True)
def chunks_of_four_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "ROWS", 4)


@pytest.fixture
def summarize(tiny_checkpoint: Path) -> Summarize:
    """`summarize_table` by one worker, which works in this process."""

    def call(source: Path, output: Path, **changes: Any) -> TableReport:
        settings = {"model": tiny_checkpoint, "device": "cpu", "precision": "fp32", "workers": 1, "sentences": 2}
        return summarize_table(source, output, **(settings | changes))

    return call


@pytest.fixture(scope="module")
def expected(tiny_checkpoint: Path) -> list[str]:
    """The summaries of `documents()`, each made alone."""
    summarizer = Summarizer.load(tiny_checkpoint, device="cpu", precision="fp32")
    return [str(summarizer.summarize(text, sentences=2)) for text in documents()]


def stop_after(rows: int) -> Callable[[int], None]:
    def progress(done: int) -> None:
        if done >= rows:
            raise KeyboardInterrupt

    return progress


# What the output holds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "output"), [("jsonl", "parquet"), ("csv", "tsv"), ("tsv", "csv"), ("parquet", "jsonl")]
)
def test_every_format_gets_a_summary_for_each_row_in_order(
    tmp_path: Path, summarize: Summarize, tiny_checkpoint: Path, expected: list[str], source: str, output: str
) -> None:
    out = tmp_path / f"out.{output}"
    report = summarize(table(tmp_path / f"in.{source}"), out)
    rows = read(out)
    assert list(rows[0]) == ["row", "id", "summary", "mode", "notes", "model", "error"]
    assert [int(row["row"]) for row in rows] == list(range(1, COUNT + 1))
    assert [row["id"] for row in rows] == [f"d{i}" for i in range(COUNT)]
    assert [row["summary"] for row in rows] == expected
    assert {row["mode"] for row in rows} == {"extractive"}
    (model,) = {row["model"] for row in rows}
    assert model.startswith(f"{tiny_checkpoint.name}@")
    assert {row["error"] for row in rows} == {None}
    assert report[:3] == (COUNT, 0, 0)
    assert report.rows_per_second == COUNT / report.seconds
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([f"in.{source}", out.name])


def test_notes_say_what_a_limit_left_out(tmp_path: Path, summarize: Summarize) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": SENTENCES[0]}, {"text": " ".join(SENTENCES)}])
    summarize(source, tmp_path / "out.jsonl", sentences=3)
    first, second = read(tmp_path / "out.jsonl")
    assert "instead of 3" in first["notes"]
    assert second["notes"] is None


def test_rows_without_text_get_an_error_in_place_of_a_summary(
    tmp_path: Path, summarize: Summarize, expected: list[str]
) -> None:
    good = [json.dumps({"text": text}) for text in documents()[:2]]
    bad = {
        '{"text": "cut of': "line 2: malformed JSON",
        '{"other": 1}': "line 3: no text in 'text'",
        '{"text": " \\n"}': "line 4: no text in 'text'",
        '{"text": 7}': "line 5: 'text' is not text but int",
        '{"text": "\\ud83d"}': "line 6: 'text' is not valid UTF-8",
        '{"text": "-lrb- -rrb-"}': "no text to summarize",  # letters, but not once cleaned
    }
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join([good[0], *bad, good[1]]) + "\n", encoding="utf-8")
    report = summarize(source, tmp_path / "out.parquet")
    rows = read(tmp_path / "out.parquet")
    assert [row["row"] for row in rows] == list(range(1, 9))
    assert [row["summary"] for row in rows] == [expected[0], *[None] * 6, expected[1]]
    for row, reason in zip(rows[1:7], bad.values(), strict=True):
        assert reason in row["error"]
        assert row["mode"] is None
    assert (report.rows, report.failed) == (8, 6)


GENRE = {
    "general": "The ferry was late, he said on Monday.",
    "paper": "We observed significant effects of the treatment in patients (p < 0.05). " * 9,
}
"""A text for each of the shipped models."""


def test_without_a_model_each_row_gets_the_shipped_one_that_fits_it(tmp_path: Path) -> None:
    texts = [(SAMPLES / "story.txt").read_text("utf-8")[:4000], 3 * PAPERS["medicine"]]
    source = write(
        tmp_path / "in.parquet", [{"text": text} for text in [*texts, GENRE["general"], " ", GENRE["paper"]]]
    )
    settings: dict[str, Any] = {"device": "cpu", "precision": "fp32"}
    summarize_table(source, tmp_path / "out.parquet", length="short", workers=1, **settings)
    rows = read(tmp_path / "out.parquet")
    assert [row["model"] and row["model"].partition("@")[0] for row in rows] == [
        "general",
        "paper",
        "general",
        None,
        "paper",
    ]
    for row, text in zip([*rows[:3], rows[4]], [*texts, *GENRE.values()], strict=True):
        name = genre_of(text)
        assert row["summary"] == str(Summarizer.load(name, **settings).summarize(text, length="short"))
        digest = hashlib.sha256((checkpoint.locate(name) / SUMS).read_bytes()).hexdigest()
        assert row["model"] == f"{name}@{digest[:8]}"


@pytest.fixture
def shipped(tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Tiny models in the place of those that ship."""
    found = {genre: other_model(tiny_checkpoint, tmp_path / "shipped", genre) for genre in GENRES}
    monkeypatch.setattr(checkpoint, "locate", lambda model: found.get(str(model), model))
    return found


def test_the_summary_of_a_conversation_says_who_speaks(tmp_path: Path, summarize: Summarize) -> None:
    talk = "Ada: The wall is old and it falls.\nBen: Who pays for the new one?\nAda: We do."
    summarize(write(tmp_path / "in.jsonl", [{"text": talk}]), tmp_path / "out.jsonl", sentences=9)
    assert [row["summary"] for row in read(tmp_path / "out.jsonl")] == [talk]


@pytest.mark.parametrize("genre", GENRE)
def test_a_model_is_loaded_when_the_first_row_for_it_comes(
    tmp_path: Path, summarize: Summarize, shipped: dict[str, Path], monkeypatch: pytest.MonkeyPatch, genre: str
) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": GENRE[genre]}] * 9)
    loaded: list[Path] = []
    load = checkpoint.load

    def counted(model: Path) -> checkpoint.Checkpoint:
        loaded.append(model)
        return load(model)

    def forget(done: int) -> None:
        if done == 0:  # each has been looked at once, and refused if it had to be
            assert loaded == list(shipped.values())
            loaded.clear()

    monkeypatch.setattr(checkpoint, "load", counted)
    summarize(source, tmp_path / "out.csv", model=None, progress=forget)
    assert loaded == [shipped[genre]]


@pytest.mark.parametrize("genre", GENRES)
def test_another_version_of_either_model_is_another_run(
    tmp_path: Path, summarize: Summarize, tiny_checkpoint: Path, shipped: dict[str, Path], genre: str
) -> None:
    source, out = table(tmp_path / "in.jsonl"), tmp_path / "out.csv"
    with pytest.raises(KeyboardInterrupt):
        summarize(source, out, model=None, progress=stop_after(8))
    shipped[genre] = other_model(tiny_checkpoint, tmp_path / "newer", "newer")
    with pytest.raises(FastsumError, match="differs in model"):
        summarize(source, out, model=None)


def test_a_checkpoint_that_is_replaced_during_a_run_ends_it(
    tmp_path: Path, summarize: Summarize, tiny_checkpoint: Path
) -> None:
    model, newer = (other_model(tiny_checkpoint, tmp_path / name, "best") for name in ("old", "new"))
    source = table(tmp_path / "in.jsonl")

    def replace(done: int) -> None:
        for file in newer.iterdir():
            os.replace(file, model / file.name)

    with pytest.raises(FastsumError, match="is not the checkpoint that this run began with"):
        summarize(source, tmp_path / "out.csv", model=model, progress=replace)
    assert not (tmp_path / "out.csv.parts").exists()


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 7 bytes.\nat")]
)
def test_a_row_that_does_not_fit_into_memory_costs_no_other_row(
    tmp_path: Path, summarize: Summarize, expected: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": text} for text in [*documents(), f"HUGE {SENTENCES[0]}"]])
    summarize_batch = Summarizer._summarize_batch

    def fail(self: Summarizer, sources: Sequence[Source], **rest: Any) -> list[Summary]:
        if any("HUGE" in source.text for source in sources):
            raise error
        return summarize_batch(self, sources, **rest)

    monkeypatch.setattr(Summarizer, "_summarize_batch", fail)
    assert summarize(source, tmp_path / "out.jsonl")[:2] == (COUNT + 1, 1)
    rows = read(tmp_path / "out.jsonl")
    assert [row["summary"] for row in rows] == [*expected, None]
    assert rows[-1]["error"].startswith("not enough memory for this document (")
    assert "\n" not in rows[-1]["error"]


def test_a_fault_of_the_program_is_no_rows_error(
    tmp_path: Path, summarize: Summarize, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any, **options: Any) -> None:
        raise RuntimeError("shapes differ")

    monkeypatch.setattr(Summarizer, "_summarize_batch", fail)
    with pytest.raises(RuntimeError, match="shapes differ"):
        summarize(table(tmp_path / "in.jsonl"), tmp_path / "out.csv")


def test_kept_columns_have_their_own_types(tmp_path: Path, summarize: Summarize) -> None:
    when = datetime.datetime(2021, 5, 4, 3, 2, 1)
    row = {"text": SENTENCES[0], "id": 7, "when": when, "tags": ["a", "b"], "more": "x"}
    summarize(write(tmp_path / "in.parquet", [row]), tmp_path / "out.parquet", keep=["when", "tags"])
    (found,) = read(tmp_path / "out.parquet")
    assert list(found)[:5] == ["row", "id", "when", "tags", "summary"]
    assert (found["id"], found["when"], found["tags"]) == (7, when, ["a", "b"])
    assert "more" not in found


def test_a_column_that_is_not_asked_for_is_no_row_s_fault(
    tmp_path: Path, summarize: Summarize, expected: list[str]
) -> None:
    late = pa.array([2**60] * COUNT, pa.timestamp("us"))  # the year 38505, which no datetime holds
    torn = pa.array([b"caf\xe9"] * COUNT).view(pa.string())
    texts = documents()
    pq.write_table(pa.table({"text": texts, "late": late, "torn": torn}), tmp_path / "in.parquet")
    assert summarize(tmp_path / "in.parquet", tmp_path / "out.csv")[:2] == (COUNT, 0)
    assert [row["summary"] for row in read(tmp_path / "out.csv")] == expected
    for name, problem in (("late", "'late' cannot be read ("), ("torn", "'torn' is not valid UTF-8")):
        assert summarize(tmp_path / "in.parquet", tmp_path / f"{name}.csv", keep=[name])[:2] == (COUNT, COUNT)
        assert read(tmp_path / f"{name}.csv")[0]["error"].startswith(f"row 1: {problem}")


def test_what_is_kept_from_json_stays_json_or_becomes_text(tmp_path: Path, summarize: Summarize) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": SENTENCES[0], "tags": ["é"], "n": 3, "half": "\ud83d"}])
    for suffix, tags, n, half in [("jsonl", ["é"], 3, "?"), ("parquet", '["é"]', "3", "?"), ("csv", '["é"]', "3", "?")]:
        summarize(source, tmp_path / f"out.{suffix}", keep=["tags", "n", "half"])
        (found,) = read(tmp_path / f"out.{suffix}")
        assert (found["tags"], found["n"], found["half"]) == (tags, n, half)


@pytest.mark.parametrize(
    ("source", "content"),
    [("in.jsonl", b""), ("in.csv", b"id,text\n"), ("in.tsv", b""), ("in.parquet", None)],
)
@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.parquet"])
def test_an_empty_table_gives_an_empty_table(
    tmp_path: Path, summarize: Summarize, source: str, content: bytes | None, output: str
) -> None:
    if content is None:
        pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / source)
    else:
        (tmp_path / source).write_bytes(content)
    assert summarize(tmp_path / source, tmp_path / output)[:3] == (0, 0, 0)
    assert read(tmp_path / output) == []
    if output == "out.csv":
        assert (tmp_path / output).read_text() == "row,summary,mode,notes,model,error\n"


def test_a_missing_column_is_answered_with_the_columns_there_are(tmp_path: Path, summarize: Summarize) -> None:
    source = write(tmp_path / "in.csv", [{"body": "Long.", "title": "Short."}])
    with pytest.raises(FastsumError, match=r"in\.csv has no column 'text'.*body, title.*--column"):
        summarize(source, tmp_path / "out.csv")
    with pytest.raises(FastsumError, match="no column 'url'"):
        summarize(source, tmp_path / "out.csv", column="body", keep=["url"])
    assert os.listdir(tmp_path) == ["in.csv"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"output": "out.xlsx"}, "no known format.*Parquet"),
        ({"engine": "slurm"}, "choose local or ray"),
        ({"workers": 0}, "above 0"),
        ({"sentences": 0}, "sentences must be"),
        ({"sentences": None, "ratio": 1.5}, "ratio must be"),
        ({"sentences": None, "length": "huge"}, "choose one of short, medium, long"),
        ({"length": "short"}, "length cannot be combined"),
        ({"beam": 0}, "beam must be"),
        ({"mode": "loud"}, "choose extractive or abstractive"),
        ({"precision": "fp16"}, "fp16 is for GPUs"),
        ({"device": "abacus"}, "choose auto"),
        ({"model": Path("nowhere")}, "no such checkpoint"),
        ({"column": "summary", "keep": ["summary"]}, "cannot be kept"),
    ],
)
def test_impossible_settings_leave_nothing_behind(
    tmp_path: Path, summarize: Summarize, changes: dict[str, Any], message: str
) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": SENTENCES[0], "summary": SENTENCES[0]}])
    output = tmp_path / changes.pop("output", "out.csv")
    with pytest.raises(FastsumError, match=message):
        summarize(source, output, **changes)
    assert os.listdir(tmp_path) == ["in.jsonl"]


def test_the_rows_of_parquet_are_known_beforehand(tmp_path: Path) -> None:
    assert count_rows(table(tmp_path / "in.parquet")) == COUNT
    assert count_rows(table(tmp_path / "in.jsonl")) is None


# Chunks -------------------------------------------------------------------------------------------------------------


def test_long_documents_make_smaller_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHARACTERS", 100)
    source = write(tmp_path / "in.jsonl", [{"text": "a" * size} for size in (10, 95, 200, 1, 1, 1, 1, 1)])
    spans = [chunk.span for chunk in chunks.read_chunks(source, "text", ())]
    assert spans == [(1, 2), (3, 3), (4, 7), (8, 8)]


def test_the_table_is_read_only_as_far_as_it_is_worked_on(
    tmp_path: Path, summarize: Summarize, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = 0

    def counted(path: Path, columns: Sequence[str]) -> Iterator[Any]:
        nonlocal taken
        for record in read_records(path, columns):
            taken += 1
            yield record

    monkeypatch.setattr(chunks, "read_records", counted)
    ahead = []
    summarize(table(tmp_path / "in.jsonl"), tmp_path / "out.csv", progress=lambda done: ahead.append(taken - done))
    assert max(ahead) <= 4


# Interruptions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_a_resumed_run_ends_in_the_same_bytes(tmp_path: Path, summarize: Summarize, suffix: str) -> None:
    source = table(tmp_path / "in.jsonl")
    whole, out = tmp_path / f"whole.{suffix}", tmp_path / f"out.{suffix}"
    summarize(source, whole)
    for rows in (4, 12):
        with pytest.raises(KeyboardInterrupt):
            summarize(source, out, progress=stop_after(rows))
        assert not out.exists()
    seen: list[int] = []
    report = summarize(source, out, progress=seen.append)
    assert report[:3] == (COUNT, 0, 12)
    assert seen == [12, 16, 20, 22]
    assert out.read_bytes() == whole.read_bytes()
    assert not (tmp_path / f"out.{suffix}.parts").exists()


def test_failed_rows_of_earlier_runs_count_too(tmp_path: Path, summarize: Summarize) -> None:
    rows = [{"text": text} for text in documents()]
    rows[1]["text"] = rows[20]["text"] = " "
    source = write(tmp_path / "in.jsonl", rows)
    with pytest.raises(KeyboardInterrupt):
        summarize(source, tmp_path / "out.csv", progress=stop_after(8))
    assert summarize(source, tmp_path / "out.csv")[:3] == (COUNT, 2, 8)


def other_model(model: Path, folder: Path, name: str) -> Path:
    """A checkpoint with the same weights that is not the same."""
    other = folder / name
    other.mkdir(parents=True)
    for file in model.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    card = f"# {folder.name}\n".encode()
    (other / "README.md").write_bytes(card)
    lines = (other / SUMS).read_text().splitlines()
    lines = [f"{hashlib.sha256(card).hexdigest()}  README.md" if "README" in line else line for line in lines]
    (other / SUMS).write_text("".join(f"{line}\n" for line in lines))
    return other


@pytest.mark.parametrize("change", ["sentences", "words", "column", "keep", "precision", "model", "input"])
def test_a_run_with_other_settings_does_not_mix_with_what_is_there(
    tmp_path: Path, summarize: Summarize, tiny_checkpoint: Path, change: str
) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": text, "more": text} for text in documents()])
    out = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        summarize(source, out, progress=stop_after(8))
    before = source.read_bytes(), source.stat()
    changes: dict[str, dict[str, Any]] = {
        "sentences": {"sentences": 1},
        "words": {"words": 40},
        "column": {"column": "more"},
        "keep": {"keep": ["more"]},
        "precision": {"precision": "auto"},
        "model": {"model": other_model(tiny_checkpoint, tmp_path / "other", tiny_checkpoint.name)},
        "input": {},
    }
    if change == "input":
        source.write_bytes(before[0] + b'{"text": "One more."}\n')
    with pytest.raises(FastsumError, match=rf"out\.jsonl\.parts holds 8 rows .* differs in {change}\. .*--force"):
        summarize(source, out, **changes[change])
    source.write_bytes(before[0])
    os.utime(source, ns=(before[1].st_atime_ns, before[1].st_mtime_ns))
    assert summarize(source, out).resumed == 8


def test_another_version_of_the_program_is_another_run(
    tmp_path: Path, summarize: Summarize, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = table(tmp_path / "in.jsonl"), tmp_path / "out.jsonl"
    version = metadata.version
    with monkeypatch.context() as older:
        older.setattr(metadata, "version", lambda name: "0.0.1" if name == "fastsum" else version(name))
        with pytest.raises(KeyboardInterrupt):
            summarize(source, out, progress=stop_after(8))
    with pytest.raises(FastsumError, match=r"holds 8 rows of a run that differs in version\. .*--force"):
        summarize(source, out)
    assert summarize(source, out, force=True)[:3] == (COUNT, 0, 0)


def test_an_output_that_is_there_is_not_overwritten(tmp_path: Path, summarize: Summarize) -> None:
    out = tmp_path / "out.csv"
    out.write_text("dear to someone")
    with pytest.raises(FastsumError, match="already exists"):
        summarize(table(tmp_path / "in.jsonl"), out)
    assert out.read_text() == "dear to someone"


def test_a_kill_while_the_parts_are_removed_costs_nothing(tmp_path: Path, summarize: Summarize) -> None:
    source, out = table(tmp_path / "in.jsonl"), tmp_path / "out.csv"
    summarize(source, out)
    whole = out.read_bytes()
    out.unlink()
    with pytest.raises(KeyboardInterrupt):
        summarize(source, out, progress=stop_after(COUNT))
    out.write_bytes(whole)
    for left in sorted((tmp_path / "out.csv.parts").glob("*.csv")):  # removed one by one, what tells the run last
        left.unlink()
        summarize(source, out)
        assert out.read_bytes() == whole
        assert not (tmp_path / "out.csv.parts").exists()
        (tmp_path / "out.csv.parts").mkdir()
        out.unlink()
        with pytest.raises(KeyboardInterrupt):
            summarize(source, out, progress=stop_after(COUNT))
        out.write_bytes(whole)


def test_the_folder_of_parts_is_removed_with_what_tells_its_run_last(
    tmp_path: Path, summarize: Summarize, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path, **missing: (removed.append(path.name), unlink(path, **missing)))
    rmtree = shutil.rmtree

    def last(folder: Path) -> None:
        assert os.listdir(folder) == [RUN]
        rmtree(folder)

    monkeypatch.setattr(fastsum.bulk.parts.shutil, "rmtree", last)
    summarize(table(tmp_path / "in.jsonl"), tmp_path / "out.csv")
    assert len(removed) >= 2


def test_force_writes_over_an_output_only_when_all_is_well(tmp_path: Path, summarize: Summarize) -> None:
    source, out = table(tmp_path / "in.jsonl"), tmp_path / "out.jsonl"
    summarize(source, out, sentences=1)
    before = out.read_bytes()
    with pytest.raises(FastsumError, match="already exists"):
        summarize(source, out, sentences=2)
    with pytest.raises(FastsumError, match="no column 'body'"):
        summarize(source, out, column="body", force=True)
    with pytest.raises(KeyboardInterrupt):
        summarize(source, out, sentences=2, force=True, progress=stop_after(1))
    assert out.read_bytes() == before
    with pytest.raises(FastsumError, match="--force"):
        summarize(source, out, sentences=1)
    assert summarize(source, out, sentences=1, force=True).resumed == 0
    assert out.read_bytes() == before
    assert summarize(source, out, sentences=2, force=True).rows == COUNT
    assert out.read_bytes() != before


def test_the_table_itself_is_no_output(tmp_path: Path, summarize: Summarize) -> None:
    source = table(tmp_path / "in.jsonl")
    before = source.read_bytes()
    with pytest.raises(FastsumError, match="is the table itself"):
        summarize(source, tmp_path / "." / "in.jsonl", force=True)
    assert source.read_bytes() == before


def test_what_formats_cannot_hold_as_it_is(tmp_path: Path, summarize: Summarize) -> None:
    rows = [{"text": SENTENCES[0], "id": "a\rb", "x": value} for value in (float("nan"), [1.5, float("inf")])]
    source = write(tmp_path / "in.jsonl", rows)
    summarize(source, tmp_path / "out.csv", keep=["x"])
    assert [row["id"] for row in read(tmp_path / "out.csv")] == ["a\rb", "a\rb"]
    summarize(source, tmp_path / "out.jsonl", keep=["x"])
    lines = (tmp_path / "out.jsonl").read_text().splitlines()

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    assert [json.loads(line, parse_constant=refuse)["x"] for line in lines] == [None, [1.5, None]]


def test_two_runs_do_not_write_one_output(tmp_path: Path, summarize: Summarize) -> None:
    source, out = table(tmp_path / "in.jsonl"), tmp_path / "out.csv"

    def second(done: int) -> None:
        with pytest.raises(FastsumError, match="Another run is writing"):
            summarize(source, out)

    assert summarize(source, out, progress=second).rows == COUNT


def test_a_full_disk_keeps_what_is_finished(
    tmp_path: Path, summarize: Summarize, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = table(tmp_path / "in.jsonl"), tmp_path / "out.csv"

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill_up(done: int) -> None:
        if done == 8:
            monkeypatch.setattr(parts.os, "fsync", refuse)

    with pytest.raises(FastsumError, match=r"out\.csv\.parts cannot be written \(No space left on device\)"):
        summarize(source, out, progress=fill_up)
    monkeypatch.undo()
    monkeypatch.setattr(chunks, "ROWS", 4)
    assert summarize(source, out)[:3] == (COUNT, 0, 8)


def test_a_table_that_is_cut_short_keeps_what_was_read(tmp_path: Path, summarize: Summarize) -> None:
    source = tmp_path / "in.jsonl.gz"
    lines = "".join(json.dumps({"text": f"{text} {random.Random(text).random()}"}) + "\n" for text in documents(300))
    packed = gzip.compress(lines.encode())
    source.write_bytes(packed[: len(packed) // 2])
    done: list[int] = []
    with pytest.raises(FastsumError, match="damaged or cut short"):
        summarize(source, tmp_path / "out.csv", progress=done.append)
    assert len(list((tmp_path / "out.csv.parts").glob("*.csv"))) == len(done) - 1 > 0


def test_a_hole_between_the_parts_is_never_joined(tmp_path: Path) -> None:
    made = Parts(tmp_path / "out.csv", Delimited(("row",), ","))
    with made.reserved({}):
        made.write(Part(1, 2, 0), [{"row": 1}, {"row": 2}])
        made.write(Part(4, 4, 0), [{"row": 4}])
        with pytest.raises(FastsumError, match="after row 2 comes row 4"):
            made.join()
    assert not (tmp_path / "out.csv").exists()


# Processes ----------------------------------------------------------------------------------------------------------


def test_many_workers_write_what_one_writes(tmp_path: Path, summarize: Summarize) -> None:
    source = table(tmp_path / "in.jsonl")
    summarize(source, tmp_path / "one.csv")
    report = summarize(source, tmp_path / "two.csv", workers=2)
    assert report.rows == COUNT
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()
    assert multiprocessing.active_children() == []


def test_what_a_worker_cannot_do_is_told_like_anything_else(tmp_path: Path, summarize: Summarize) -> None:
    with pytest.raises(FastsumError, match="fp16 is for GPUs"):
        summarize(table(tmp_path / "in.jsonl"), tmp_path / "out.csv", workers=2, precision="fp16")
    assert os.listdir(tmp_path) == ["in.jsonl"]


def test_a_worker_that_dies_is_named_and_the_rest_is_kept(
    tmp_path: Path, summarize: Summarize, expected: list[str]
) -> None:
    source, out = table(tmp_path / "in.jsonl"), tmp_path / "out.jsonl"

    def kill_one(done: int) -> None:
        alive = multiprocessing.active_children()
        if done and alive:  # the parts that come next may be those of workers that have ended
            alive[0].kill()

    with pytest.raises(
        FastsumError, match=r"Worker \d \(process \d+\) was ended by SIGKILL .*same command to continue"
    ):
        summarize(source, out, workers=2, progress=kill_one)
    assert multiprocessing.active_children() == []
    assert summarize(source, out).resumed >= 4
    assert [row["summary"] for row in read(out)] == expected


SCRIPT = """
import signal, sys
from pathlib import Path
from fastsum.bulk import chunks, summarize_table
chunks.ROWS = 4
signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background, it is ignored
source, output, model = map(Path, sys.argv[1:])
try:
    summarize_table(source, output, model=model, device="cpu", precision="fp32", workers=2, sentences=2)
except KeyboardInterrupt:
    sys.exit(130)
"""


def start(source: Path, output: Path, model: Path) -> subprocess.Popen[str]:
    """The run in a process group of its own, as a shell would start it."""
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, source, output, model],
        env=os.environ | {"PYTHONPATH": str(Path(fastsum.__file__).parents[1])},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_parts(output: Path, count: int, process: subprocess.Popen[str]) -> None:
    folder = output.with_name(f"{output.name}.parts")
    while process.poll() is None and len(list(folder.glob("0*"))) < count:
        time.sleep(0.01)
    assert process.poll() is None, process.stderr and process.stderr.read()


def wait_for_end(process: subprocess.Popen[str]) -> None:
    """Until all of a run's processes are gone, the workers among them."""
    process.communicate(timeout=60)
    deadline = time.monotonic() + 60
    while True:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        assert time.monotonic() < deadline, "the workers outlive who started them"
        time.sleep(0.01)


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, *(pytest.param(n, marks=pytest.mark.faults) for n in (signal.SIGINT, signal.SIGTERM))]
)
def test_a_run_ended_from_outside_is_resumed_to_the_same_bytes(
    tmp_path: Path, summarize: Summarize, tiny_checkpoint: Path, number: signal.Signals
) -> None:
    source, out = table(tmp_path / "in.jsonl", 200), tmp_path / "out.csv"
    process = start(source, out, tiny_checkpoint)
    wait_for_parts(out, random.randint(1, 9), process)
    if number == signal.SIGKILL:
        process.kill()
        wait_for_end(process)
    else:
        os.killpg(process.pid, number)  # as a terminal does: to the workers too
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (130, "")
        wait_for_end(process)
    assert not out.exists()
    report = summarize(source, out)
    assert 4 <= report.resumed < report.rows == 200
    summarize(source, tmp_path / "whole.csv")
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twelve_kills_at_random_moments_neither_lose_nor_double_a_row(
    tmp_path: Path, summarize: Summarize, tiny_checkpoint: Path
) -> None:
    source, out = table(tmp_path / "in.parquet", 1_500), tmp_path / "out.parquet"
    parts = tmp_path / "out.parquet.parts"
    started = time.monotonic()
    summarize(source, tmp_path / "whole.parquet", workers=2)
    whole = time.monotonic() - started
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    moments = random.Random(seed)
    for _ in range(12):
        process = start(source, out, tiny_checkpoint)
        try:
            process.communicate(timeout=moments.uniform(0, 1.2 * whole))
        except subprocess.TimeoutExpired:
            process.kill()
            wait_for_end(process)
        else:
            assert process.returncode == 0
        if out.exists() and not parts.exists():  # also where the kill came after all was done: another run is refused
            break
    else:
        summarize(source, out)
    assert out.read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["in.parquet", "out.parquet", "whole.parquet"]


# Ray ----------------------------------------------------------------------------------------------------------------


def test_ray_that_is_missing_is_named_with_its_install_command(
    tmp_path: Path, summarize: Summarize, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(FastsumError, match=r"pip install 'fastsum\[ray\]'"):
        summarize(table(tmp_path / "in.jsonl"), tmp_path / "out.csv", engine="ray")
    assert os.listdir(tmp_path) == ["in.jsonl"]


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_ray_cluster_that_loses_a_machine_writes_what_one_machine_writes(
    tmp_path: Path, summarize: Summarize, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="the extra ray is not installed")
    monkeypatch.setattr(chunks, "ROWS", 128)  # as in the script
    source = table(tmp_path / "in.jsonl", 128 * 20 + 7)
    summarize(source, tmp_path / "one.csv")
    printed = printed_by("cluster.py", tiny_checkpoint, source, tmp_path / "ray.csv", 3 * 128)
    assert json.loads(printed.splitlines()[-1]) == {"machines": 1, "rows": [128 * 20 + 7, 0, 0]}
    assert (tmp_path / "ray.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


MASKED = """
import multiprocessing, signal
from fastsum.bulk.local import _interrupts_blocked

def report():
    print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []), flush=True)

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    for _ in range(2):
        process = context.Process(target=report)
        with _interrupts_blocked():
            process.start()
        process.join()
"""


def test_no_worker_sees_ctrl_c_not_even_the_first(tmp_path: Path) -> None:
    script = tmp_path / "masked.py"
    script.write_text(MASKED)
    environment = os.environ | {"PYTHONPATH": str(Path(fastsum.__file__).parents[1])}
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.split() == ["True", "True"]
