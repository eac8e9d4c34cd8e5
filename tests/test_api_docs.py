"""docs/api.md: its code runs from top to bottom, and every public name is in it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import fastsum
from fastsum import Span, Summarizer, Summary, SummarySentence, read_document, summarize_table
from fastsum.bulk.table import TableReport
from fastsum.readers.documents import Document

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)


@pytest.mark.slow
def test_the_code_runs_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    for code in BLOCKS:
        exec(compile(code, "docs/api.md", "exec"), names)
    assert len(BLOCKS) == TEXT.count("```python") > 5
    assert sum(code.count("assert") for code in BLOCKS) > 15


def test_every_public_name_is_documented_and_used() -> None:
    listed = set(re.findall(r"`([A-Za-z_]+)`", TEXT.partition("\n## ")[0]))
    assert set(fastsum.__all__) - listed == set()
    code = "\n".join(BLOCKS)
    assert [name for name in fastsum.__all__ if name != "__version__" and not re.search(rf"\b{name}\b", code)] == []


@pytest.mark.parametrize(
    "function",
    [Summarizer.load, Summarizer.from_parts, Summarizer.summarize, summarize_table],
    ids=lambda f: f.__name__,
)
def test_every_argument_is_named(function: object) -> None:
    assert callable(function)
    called = re.search(rf"`(?:Summarizer\.)?{function.__name__}\(([^`]*)\)`", TEXT)
    assert called
    named = re.findall(r"(\w+)(?==|,|\Z)", re.sub(r"=[^,]*", "", called[1]))
    assert named == [name for name in inspect.signature(function).parameters if name != "self"]


@pytest.mark.parametrize(
    "kind", [Span, SummarySentence, Summary, Document, TableReport], ids=lambda kind: kind.__name__
)
def test_every_field_is_named(kind: type) -> None:
    fields = list(inspect.get_annotations(kind))
    properties = [name for name, value in vars(kind).items() if isinstance(value, property) and name[0] != "_"]
    assert [name for name in (*fields, *properties) if f"`{name}`" not in TEXT and f".{name}" not in TEXT] == []
    assert read_document.__doc__
