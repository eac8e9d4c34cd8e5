"""docs/experiments/: the scripts still fit the code that they measure."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pyarrow
import pytest
from pyarrow import parquet

from fastsum import Summarizer
from fastsum.data.treebank import natural
from fastsum.text.presentation import present
from fastsum.text.rouge import score
from fastsum.text.sentences import sentences

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"


@pytest.fixture(scope="module")
def rules() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rules", ROOT / "docs" / "experiments" / "rules.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_group_of_rules_can_be_switched_off_and_on_again(rules: ModuleType) -> None:
    text = (SAMPLES / "story.txt").read_text("utf-8")
    before = [present(text[s.start : s.end]) for s in sentences(text)]
    for _, patches in rules.groups().values():
        with rules.switched_off(patches):
            natural(text)
            for span in sentences(text):
                present(text[span.start : span.end])
    assert [present(text[s.start : s.end]) for s in sentences(text)] == before


@pytest.mark.parametrize(
    ("group", "text", "without"),
    [
        ("datelines", "PARIS (CNN) -- The river rose.", "PARIS (CNN) -- The river rose."),
        ("connectives", "However, the river rose again.", "However, the river rose again."),
    ],
)
def test_a_group_that_is_off_leaves_a_sentence_as_it_is(rules: ModuleType, group: str, text: str, without: str) -> None:
    _, patches = rules.groups()[group]
    assert present(text) != without
    with rules.switched_off(patches):
        assert present(text) == without


def test_questions_are_scored_as_rouge_is(tmp_path: Path, tiny_checkpoint: Path) -> None:
    spec = importlib.util.spec_from_file_location("about", ROOT / "docs" / "experiments" / "about.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    text = (SAMPLES / "story.txt").read_text("utf-8")
    summary = "The ferry is withdrawn after inspectors found cracks in its hull."
    row = {"document": text, "query": "What happened to the ferry?", "summary": summary, "kind": ""}
    parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / "rows.parquet")
    summarizer = Summarizer.load(tiny_checkpoint, device="cpu")
    (question,) = script.read(str(tmp_path / "rows.parquet"), summarizer)
    found = script.mean([question], script.ranking(script.about.Weights()))
    words = len(summary.split())
    expected = score(str(summarizer.summarize(text, words=words, about=row["query"])), summary)
    assert list(found) == pytest.approx([expected.rouge1, expected.rouge2])
