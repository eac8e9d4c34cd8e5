"""Scores beside the baselines on the same rows, and what is written of them."""

from __future__ import annotations

import copy
import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fastsum import FastsumError, Summarizer
from fastsum.data.rows import Row, open_rows
from fastsum.evaluation.outputs import column
from fastsum.evaluation.report import write
from fastsum.evaluation.scoring import default_lead, evaluate, reference_words
from fastsum.text.rouge import score
from fastsum.text.source import reference_sentences

STORY = """# Ice in the harbour

The harbour froze on Monday. Fishermen walked to their boats. Nobody was hurt, said the mayor.

## Dogs

Two dogs fell into the cold water. The coastguard rescued both dogs within minutes. Schools stay closed.
"""
TOKENISED = """the harbour froze on monday . fishermen walked to their boats . nobody was hurt , `` it 's luck , '' he \
said . two dogs fell into the cold water . the coastguard rescued both dogs within minutes . schools stay closed ."""
REFERENCE = "Two dogs fell into the cold water.\nThe coastguard rescued both dogs."


@pytest.fixture(scope="module")
def summarizer(tiny_checkpoint: Path) -> Summarizer:
    return Summarizer.load(tiny_checkpoint, device="cpu", precision="fp32")


def test_baselines_are_the_documents_own_sentences(summarizer: Summarizer) -> None:
    (output,) = evaluate(summarizer, [Row("a", STORY, REFERENCE)], lead=2, sentences=1).outputs
    assert output.lead == "The harbour froze on Monday.\nFishermen walked to their boats."  # no heading
    assert output.oracle == "Two dogs fell into the cold water.\nThe coastguard rescued both dogs within minutes."
    assert output.summary == str(summarizer.summarize(STORY, sentences=1))
    assert output.scores["lead"] == score(output.lead, REFERENCE)
    assert output.scores["oracle"].rouge1 > 85 > output.scores["lead"].rouge1


def test_tokenised_rows_are_scored_as_natural_text(summarizer: Summarizer, tmp_path: Path) -> None:
    reference = "two dogs fell into the cold water .\nthe mayor did n't call it luck ."
    file = tmp_path / "test.jsonl"
    file.write_text(json.dumps({"document": TOKENISED, "summary": reference}), encoding="utf-8")
    (output,) = evaluate(summarizer, open_rows(str(file), "test"), lead=3).outputs
    assert output.reference == "two dogs fell into the cold water.\nthe mayor didn't call it luck."
    assert output.lead.splitlines()[2] == 'Nobody was hurt, "it\'s luck," he said.'
    assert output.scores["lead"] == score(output.lead, output.reference)


def test_references_have_one_sentence_a_line() -> None:
    assert reference_sentences("One trial ended. It had 20 patients.\n\nA highlight\n.") == [
        "One trial ended.",
        "It had 20 patients.",
        "A highlight",
    ]


def test_means_differences_and_speed(summarizer: Summarizer) -> None:
    rows = [Row(str(n), STORY.replace("Two", f"{n} tall"), REFERENCE) for n in range(4)]
    done: list[int] = []
    found = evaluate(summarizer, rows, lead=3, mode="extractive", words=20, progress=done.append)
    assert done == [1, 2, 3, 4]
    assert (found.decoding.mode, found.decoding.words, found.decoding.sentences) == ("extractive", 20, 0)
    assert found.documents_per_second > 0
    for name in ("system", "lead", "oracle"):
        for key, value in found.intervals[name].items():
            values = [getattr(output.scores[name], key) for output in found.outputs]
            assert value.mean == pytest.approx(sum(values) / 4)
            assert value.low <= value.mean <= value.high
    for key, value in found.differences["lead"].items():
        mean = found.intervals["system"][key].mean - found.intervals["lead"][key].mean
        assert value.mean == pytest.approx(mean)


def test_the_decoder_writes(summarizer: Summarizer) -> None:
    (output,) = evaluate(summarizer, [Row("a", STORY, REFERENCE)], mode="abstractive", sentences=2, beam=1).outputs
    assert output.mode == "abstractive"
    assert output.summary == str(summarizer.summarize(STORY, mode="abstractive", sentences=2, beam=1))


def test_rows_are_taken_as_they_are_needed(summarizer: Summarizer) -> None:
    taken: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(150):
            taken.append(number)
            yield Row(str(number), "A short story. It ends.", "A story.")

    waiting: list[int] = []
    evaluate(summarizer, rows(), lead=1, progress=lambda done: waiting.append(len(taken) - done))
    assert max(waiting) < 140


def test_rows_without_a_word_are_named(summarizer: Summarizer) -> None:
    rows = [Row("bad", "( ) .", "A."), Row("good", STORY, REFERENCE), Row("worse", STORY, "...")]
    found = evaluate(summarizer, rows)
    assert ([output.id for output in found.outputs], found.skipped) == (["good"], ["bad", "worse"])
    with pytest.raises(FastsumError, match="no row has words"):
        evaluate(summarizer, itertools.islice(rows, 1))


def test_impossible_settings(summarizer: Summarizer) -> None:
    with pytest.raises(FastsumError, match="lead must be"):
        evaluate(summarizer, [Row("a", STORY, REFERENCE)], lead=0)
    with pytest.raises(FastsumError, match="mode 'both' is unknown"):
        evaluate(summarizer, [Row("a", STORY, REFERENCE)], mode="both")


def test_results_replace_older_ones(summarizer: Summarizer, tmp_path: Path) -> None:
    found = evaluate(summarizer, [Row("a", STORY, REFERENCE), Row("b", STORY, "Ice.")], lead=2)
    for _ in range(2):
        write(tmp_path / "new" / "scores", found, {"data": "two rows"})
    folder = tmp_path / "new" / "scores"
    assert sorted(path.name for path in folder.iterdir()) == ["outputs.jsonl", "results.json"]
    results = json.loads((folder / "results.json").read_text("utf-8"))
    assert (results["data"], results["rows"], results["lead_sentences"]) == ("two rows", 2, 2)
    assert results["decoding"]["mode"] == "extractive"
    assert set(results["scores"]["oracle"]["rougeLsum"]) == {"mean", "low", "high"}
    assert results["versions"]["torch"]
    records = [json.loads(line) for line in (folder / "outputs.jsonl").read_text("utf-8").splitlines()]
    assert [record["id"] for record in records] == ["a", "b"]
    assert records[0]["scores"]["lead"]["rouge1"] == found.outputs[0].scores["lead"].rouge1
    assert records[0]["sources"] == found.outputs[0].sources


def test_results_that_cannot_be_written(summarizer: Summarizer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FastsumError, match="Name another path"):
        write(tmp_path / "file" / "scores", evaluate(summarizer, [Row("a", STORY, REFERENCE)]), {})


def test_papers_are_compared_with_ten_sentences() -> None:
    assert (default_lead("abstract"), default_lead("highlights")) == (10, 3)


def test_lexrank_stands_beside_on_the_same_rows(summarizer: Summarizer) -> None:
    pytest.importorskip("sumy", reason="needs sumy")
    found = evaluate(summarizer, [Row("a", STORY, REFERENCE), Row("b", STORY, "Ice.")], lexrank=2)
    assert found.lexrank == 2
    for output in found.outputs:
        assert output.lexrank is not None
        assert len(output.lexrank.splitlines()) == 2
        assert output.scores["lexrank"] == score(output.lexrank, output.reference)
    mean = found.intervals["system"]["rouge1"].mean - found.intervals["lexrank"]["rouge1"].mean
    assert found.differences["lexrank"]["rouge1"].mean == pytest.approx(mean)


def test_without_sumy_the_remedy_is_named(summarizer: Summarizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sumy", None)
    with pytest.raises(FastsumError, match="pip install sumy"):
        evaluate(summarizer, [Row("a", STORY, REFERENCE)], lexrank=2)


def test_each_document_can_have_a_summarizer_of_its_own(summarizer: Summarizer) -> None:
    brief, config = copy.copy(summarizer), summarizer.config
    brief.config = replace(config, decoding=replace(config.decoding, sentences=1))
    rows = [Row("a", STORY, REFERENCE), Row("b", f"Ice. {STORY}", REFERENCE), Row("c", STORY, REFERENCE)]
    found = evaluate(lambda text: brief if text.startswith("Ice") else summarizer, rows)
    alone = evaluate(summarizer, rows)
    usual = len(alone.outputs[0].sources)
    assert [len(output.sources) for output in found.outputs] == [usual, 1, usual]
    assert usual > 1
    assert found.outputs[0].summary == alone.outputs[0].summary
    assert found.decoding == alone.decoding  # of most rows


KINDS = [
    Row("a", STORY, REFERENCE, "short", {"theirs": "Two dogs fell into the cold water."}),
    Row("b", STORY * 2, f"{REFERENCE}\n{REFERENCE} Schools stay closed.", "long", {"theirs": "Ice."}),
]


def test_one_number_of_words_a_kind(summarizer: Summarizer) -> None:
    pytest.importorskip("sumy", reason="needs sumy")
    budgets = reference_words(KINDS)
    assert budgets == {"short": 12, "long": 27}
    found = evaluate(summarizer, KINDS, budgets=budgets)
    assert (found.budgets, found.lead, found.lexrank) == (budgets, 0, 0)
    for output, row in zip(found.outputs, KINDS, strict=True):
        assert output.summary == str(summarizer.summarize(row.document, words=budgets[row.kind]))
        for text in (output.lead, output.lexrank, output.oracle):
            assert text is not None
            assert 0 < len(text.split()) <= budgets[row.kind]
    assert found.outputs[0].lead == "The harbour froze on Monday.\nFishermen walked to their boats."
    assert list(found.kinds) == ["long", "short"]
    kinds = found.as_dict()["kinds"]
    assert kinds["short"]["rows"] == 1
    assert kinds["short"]["scores"]["lead"]["rouge1"] == found.outputs[0].scores["lead"].rouge1


def test_other_systems_are_scored_on_the_same_rows(summarizer: Summarizer) -> None:
    found = evaluate(summarizer, KINDS, others=[column("theirs")])
    assert found.outputs[0].others == {"theirs": "Two dogs fell into the cold water."}
    assert found.outputs[0].scores["theirs"] == score("Two dogs fell into the cold water.", REFERENCE)
    mean = found.intervals["system"]["rouge2"].mean - found.intervals["theirs"]["rouge2"].mean
    assert found.differences["theirs"]["rouge2"].mean == pytest.approx(mean)


def test_rows_without_kinds_have_no_table_of_kinds(summarizer: Summarizer) -> None:
    assert evaluate(summarizer, [Row("a", STORY, REFERENCE)]).kinds == {}


def test_answers_stand_beside_summaries_of_the_whole_and_bm25(summarizer: Summarizer) -> None:
    pytest.importorskip("bm25s")
    asked = [{"query": "Who rescued the dogs?"}, {"query": "When did the harbour freeze?"}, {"query": "?"}]
    rows = [Row(str(number), STORY, REFERENCE, others=others) for number, others in enumerate(asked)]
    found = evaluate(summarizer, rows, words=12, about_column="query")
    assert found.skipped == ["2"]
    for output, question in zip(found.outputs, asked, strict=False):
        assert output.about == question["query"]
        assert output.summary == str(summarizer.summarize(STORY, words=12, about=question["query"]))
        assert output.whole == str(summarizer.summarize(STORY, words=12))
        assert output.scores["bm25"] == score(output.bm25 or "", output.reference)
    first, second = (output.bm25 or "" for output in found.outputs)
    assert "The coastguard rescued both dogs within minutes." in first
    assert "The harbour froze on Monday." in second
    assert {"whole", "bm25", "lead"} == set(found.differences)


def test_comparing_with_bm25_names_its_package(summarizer: Summarizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bm25s", None)
    row = Row("a", STORY, REFERENCE, others={"query": "dogs"})
    with pytest.raises(FastsumError, match="pip install bm25s"):
        evaluate(summarizer, [row], about_column="query")
