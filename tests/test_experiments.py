"""docs/experiments/: the scripts still fit the code that they measure."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from fastsum.data.treebank import natural
from fastsum.text.presentation import present
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
