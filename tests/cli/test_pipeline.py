"""Documents in, outcomes out: in order, batched, each by its model, none lost to another's fault."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fastsum import FastsumError, Summarizer, Summary
from fastsum.cli import pipeline
from fastsum.cli.inputs import Input
from fastsum.cli.pipeline import Models, Summarized, summarize_inputs
from fastsum.errors import Failed
from fastsum.readers.blocks import LeftOut
from fastsum.text.source import Source

TEXT = "A dog barked at {}. It was loud. Nobody slept. The town complained to the council."


@pytest.fixture
def inputs(tmp_path: Path) -> list[Input]:
    """Files of which every fifth is bad, in one way or another."""
    for number in range(50):
        bad = ("", "* * *")[number // 5 % 2]
        (tmp_path / f"{number}").write_text(bad if number % 5 == 0 else TEXT.format(number) * (1 + number % 7))
    names = [*map(str, range(50)), "missing"]
    return [Input(str(tmp_path / name), Path(name)) for name in names]


def test_every_document_has_one_outcome_in_order(inputs: list[Input], tiny_checkpoint: Path) -> None:
    outcomes = list(summarize_inputs(inputs, Models(str(tiny_checkpoint), device="cpu"), sentences=2))
    alone = Summarizer.load(tiny_checkpoint, device="cpu")
    assert [outcome.input for outcome in outcomes] == inputs
    for number, (one, result, warnings) in enumerate(outcomes):
        assert not warnings
        if number % 5 == 0:
            assert isinstance(result, Failed)
            assert one.name in result.message
        else:
            assert isinstance(result, Summarized)
            assert (result.input, result.document.source) == (one, one.name)
            assert str(result.summary) == str(alone.summarize(Path(one.name).read_text(), sentences=2))


def lack_memory_for(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every batch with these words in it be too large for memory."""
    summarize_batch = Summarizer._summarize_batch

    def fail(self: Summarizer, sources: Sequence[Source], **rest: Any) -> list[Summary]:
        if any(words in source.text for source in sources):
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 7 bytes.")
        return summarize_batch(self, sources, **rest)

    monkeypatch.setattr(Summarizer, "_summarize_batch", fail)


def test_warnings_of_reading_outlast_a_failure_to_summarize(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lack_memory_for("bad", monkeypatch)
    for name in ("good", "bad"):
        (tmp_path / name).write_bytes(f"Nobody slept \u2014 it was {name}.".encode() + b"\xff *")
    inputs = [Input(str(tmp_path / name), Path(name)) for name in ("good", "bad")]
    good, bad = summarize_inputs(inputs, Models(str(tiny_checkpoint), device="cpu"))
    assert isinstance(good.result, Summarized)
    assert isinstance(bad.result, Failed)
    for outcome in (good, bad):
        assert "has bytes that are not UTF-8" in outcome.warnings[0]


def test_a_document_too_large_for_memory_costs_no_other(
    inputs: list[Input], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lack_memory_for(" 3.", monkeypatch)
    results = [one.result for one in summarize_inputs(inputs[1:5], Models(str(tiny_checkpoint), device="cpu"))]
    assert [isinstance(result, Failed) for result in results] == [False, False, True, False]
    assert isinstance(results[2], Failed)
    assert results[2].message.startswith(f"{inputs[3].name}: not enough memory for this document (")


def test_each_model_is_loaded_once_and_when_it_is_needed(
    inputs: list[Input], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "genre_of", lambda text: "paper" if " 3." in text else "general")
    load = Summarizer.load
    monkeypatch.setattr(Summarizer, "load", lambda model, **settings: load(tiny_checkpoint, **settings))
    loaded: list[str] = []
    models = Models(device="cpu", loaded=lambda name, summarizer, seconds: loaded.append(name))
    results = [outcome.result for outcome in summarize_inputs(inputs, models)]
    assert sorted(loaded) == ["general", "paper"]
    papers = [one.input for one in results if isinstance(one, Summarized) and one.model == "paper"]
    assert papers == [inputs[3]]
    loaded.clear()
    (outcome,) = summarize_inputs(inputs[:1], Models(loaded=lambda name, *_: loaded.append(name)))
    assert isinstance(outcome.result, Failed)
    assert loaded == []


def test_documents_are_taken_in_batches_and_not_all_at_once(
    inputs: list[Input], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    whole = pipeline.read_document
    monkeypatch.setattr(pipeline, "read_document", lambda name, said: (read.append(name), whole(name, said))[1])
    batches: list[int] = []
    try_many = Summarizer.try_many

    def counted(self: Summarizer, texts: list[str], **settings: object) -> object:
        batches.append(len(texts))
        return try_many(self, texts, **settings)

    monkeypatch.setattr(Summarizer, "try_many", counted)
    monkeypatch.setattr(pipeline, "_BATCH", 8)
    monkeypatch.setattr(pipeline, "_AHEAD", 10)
    monkeypatch.setattr(pipeline, "cores", lambda: 2)
    outcomes = summarize_inputs(inputs, Models(str(tiny_checkpoint), device="cpu"))
    next(outcomes)
    assert len(read) <= 8 + 10
    assert len(list(outcomes)) == len(inputs) - 1
    assert max(batches) <= 8
    assert sum(batches) == 40  # all but those without text and the missing


def test_no_more_is_read_at_once_than_there_are_cores(inputs: list[Input], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {3, 5}, raising=False)
    begun: list[str] = []
    monkeypatch.setattr(pipeline._Reading, "_read", lambda self, index, one: begun.append(one.name))
    pipeline._Reading(inputs, ordered=True)
    assert begun == [one.name for one in inputs[:2]]


@pytest.mark.parametrize("ordered", [True, False])
def test_a_long_document_holds_back_the_others_only_where_order_is_asked_for(
    ordered: bool, inputs: list[Input], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [one for number, one in enumerate(inputs[:20]) if number % 5]
    Path(others[0].name).write_text(TEXT.format("night") * 40)
    monkeypatch.setattr(pipeline, "_BATCH_CHARACTERS", 1000)
    monkeypatch.setattr(pipeline, "cores", lambda: 2)
    outcomes = summarize_inputs(others, Models(str(tiny_checkpoint), device="cpu"), ordered=ordered)
    found = [outcome.input for outcome in outcomes]
    assert sorted(found) == sorted(others)
    assert found.index(others[0]) == (0 if ordered else len(others) - 1)


def test_few_characters_wait_to_be_summarized(
    inputs: list[Input], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []
    begin = pipeline._Reading._begin

    def watched(self: pipeline._Reading) -> None:
        begin(self)
        waiting.append(sum(map(pipeline._size, self._ready.values())))

    monkeypatch.setattr(pipeline._Reading, "_begin", watched)
    monkeypatch.setattr(pipeline, "_AHEAD_CHARACTERS", 1000)
    monkeypatch.setattr(pipeline, "cores", lambda: 2)
    outcomes = summarize_inputs(inputs, Models(str(tiny_checkpoint), device="cpu"), ordered=False)
    assert len(list(outcomes)) == len(inputs)
    longest = max(len(Path(one.name).read_text()) for one in inputs[:-1])
    assert max(waiting) <= 1000 + 2 * longest


def test_models_are_imported_while_documents_are_read(
    inputs: list[Input], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    begin = pipeline._Reading._begin
    monkeypatch.setattr(pipeline._Reading, "_begin", lambda self: events.append("read") or begin(self))
    models = Models(str(tiny_checkpoint), device="cpu")
    monkeypatch.setattr(models, "prepare", lambda: events.append("import"))
    list(summarize_inputs(inputs[:4], models))
    assert events[:2] == ["read", "import"]
    events.clear()
    list(summarize_inputs(inputs[-1:], models))  # the file is missing
    assert "import" not in events


def test_what_stays_is_not_searched_for_garbage(inputs: list[Input], tiny_checkpoint: Path, tmp_path: Path) -> None:
    gc.unfreeze()
    list(summarize_inputs(inputs[1:2], Models(str(tiny_checkpoint), device="cpu")))
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000
    with pytest.raises(FastsumError):
        list(summarize_inputs(inputs[1:2], Models(str(tmp_path / "none"))))
    assert gc.isenabled()


def test_an_impossible_option_or_model_ends_the_run(inputs: list[Input], tmp_path: Path, tiny_checkpoint: Path) -> None:
    with pytest.raises(FastsumError, match="words must be a whole number"):
        list(summarize_inputs(inputs, Models(str(tiny_checkpoint)), words=0))
    with pytest.raises(FastsumError, match="nowhere"):
        list(summarize_inputs(inputs, Models(str(tmp_path / "nowhere"))))


def test_lines_of_mail_that_do_not_count_are_counted(tiny_checkpoint: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("From: Ada\nDate: 2 Mar 2026\nSubject: Quay\n\n> Is it closed?\n\nIt is closed from Friday on.\n")
    (outcome,) = summarize_inputs([Input(str(letter), Path("letter.txt"))], Models(str(tiny_checkpoint)))
    assert isinstance(outcome.result, Summarized)
    assert outcome.result.document.left_out == (LeftOut("quoted lines of mail", 1, len(">Isitclosed?")),)
