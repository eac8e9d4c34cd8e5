"""Documents in, outcomes out: in order, batched, each by its model, none lost to another's fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fastsum import FastsumError, Summarizer, Summary
from fastsum.cli import pipeline
from fastsum.cli.pipeline import Models, summarize_inputs
from fastsum.text.source import Source

TEXT = "A dog barked at {}. It was loud. Nobody slept. The town complained to the council."


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    """Files of which every fifth is bad, in one way or another."""
    for number in range(50):
        bad = ("", "* * *")[number // 5 % 2]
        (tmp_path / f"{number}").write_text(bad if number % 5 == 0 else TEXT.format(number) * (1 + number % 7))
    return [str(tmp_path / f"{number}") for number in range(50)] + [str(tmp_path / "missing")]


def test_every_document_has_one_outcome_in_order(names: list[str], tiny_checkpoint: Path) -> None:
    outcomes = list(summarize_inputs(names, Models(str(tiny_checkpoint), device="cpu"), sentences=2))
    alone = Summarizer.load(tiny_checkpoint, device="cpu")
    assert [outcome.name for outcome in outcomes] == names
    for number, outcome in enumerate(outcomes):
        if number % 5 == 0:
            assert outcome.summary is None
            assert outcome.name in outcome.error
            assert (outcome.document is None) == (number // 5 % 2 == 0)
        else:
            assert str(outcome.summary) == str(alone.summarize(Path(outcome.name).read_text(), sentences=2))
            assert outcome.error is None


def test_a_document_too_large_for_memory_costs_no_other(
    names: list[str], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summarize_batch = Summarizer._summarize_batch

    def fail(self: Summarizer, sources: Sequence[Source], **rest: Any) -> list[Summary]:
        if any(" 3." in source.text for source in sources):
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 7 bytes.")
        return summarize_batch(self, sources, **rest)

    monkeypatch.setattr(Summarizer, "_summarize_batch", fail)
    outcomes = list(summarize_inputs(names[1:5], Models(str(tiny_checkpoint), device="cpu")))
    assert [outcome.summary is None for outcome in outcomes] == [False, False, True, False]
    assert outcomes[2].error.startswith(f"{names[3]}: not enough memory for this document (")


def test_each_model_is_loaded_once_and_when_it_is_needed(
    names: list[str], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "genre_of", lambda text: "paper" if " 3." in text else "news")
    load = Summarizer.load
    monkeypatch.setattr(Summarizer, "load", lambda model, **place: load(tiny_checkpoint, **place))
    loaded: list[str] = []
    models = Models(device="cpu", loaded=lambda name, summarizer, seconds: loaded.append(name))
    outcomes = list(summarize_inputs(names, models))
    assert sorted(loaded) == ["news", "paper"]
    assert [o.name for o in outcomes if o.model == "paper"] == [names[3]]
    loaded.clear()
    assert not [
        o for o in summarize_inputs(names[:1], Models(loaded=lambda name, *_: loaded.append(name))) if o.summary
    ]
    assert loaded == []


def test_documents_are_taken_in_batches_and_not_all_at_once(
    names: list[str], tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    whole = pipeline.read_document
    monkeypatch.setattr(pipeline, "read_document", lambda name: (read.append(name), whole(name))[1])
    batches: list[int] = []
    try_many = Summarizer.try_many

    def counted(self: Summarizer, texts: list[str], **settings: object) -> object:
        batches.append(len(texts))
        return try_many(self, texts, **settings)

    monkeypatch.setattr(Summarizer, "try_many", counted)
    monkeypatch.setattr(pipeline, "_BATCHED", 8)
    monkeypatch.setattr(pipeline, "cores", lambda: 2)
    outcomes = summarize_inputs(names, Models(str(tiny_checkpoint), device="cpu"))
    next(outcomes)
    assert len(read) <= 8 + 8
    assert batches == [8 - 1]  # the first of the bad ones is known before
    assert len(list(outcomes)) == len(names) - 1
    assert len(batches) == 7


def test_no_more_is_read_ahead_than_there_are_cores_to_use(names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {3, 5}, raising=False)
    begun: list[str] = []
    monkeypatch.setattr(pipeline, "_reader", lambda name: (begun.append(name), lambda: FastsumError("none"))[1])
    next(pipeline._read_ahead(names))
    assert begun == names[:2]


def test_an_impossible_setting_or_model_ends_the_run(names: list[str], tmp_path: Path, tiny_checkpoint: Path) -> None:
    with pytest.raises(FastsumError, match="words must be a whole number"):
        list(summarize_inputs(names, Models(str(tiny_checkpoint)), words=0))
    with pytest.raises(FastsumError, match="nowhere"):
        list(summarize_inputs(names, Models(str(tmp_path / "nowhere"))))
