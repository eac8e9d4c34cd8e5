"""docs/contributing.md: the code of its recipes works."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum.cli import info
from fastsum.config import Config
from fastsum.errors import FastsumError
from fastsum.readers import formats
from fastsum.readers.blocks import Unreadable
from fastsum.summary.abstractive import decoding
from fastsum.text.presentation import present
from fastsum.text.sentences import sentences
from tests.attention import attention_cases as cases

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "fastsum"
FOLDERS = (ROOT, PACKAGE)
"""What the paths of the recipes are relative to."""
TEXT = (ROOT / "docs" / "contributing.md").read_text("utf-8")


def section(heading: str) -> str:
    """The text below a heading, to the next one."""
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def recipe(heading: str, **names: Any) -> dict[str, Any]:
    """The names that the code below a heading defines."""
    code = re.findall(r"^```python\n(.*?)^```", section(heading), re.M | re.S)
    assert code
    exec(compile("\n".join(code), "docs/contributing.md", "exec"), names)
    return names


BOOK = """<?xml version="1.0" encoding="UTF-16"?><dtbook xmlns="http://www.daisy.org/z3986/2005/dtbook/"><head/><book>
<frontmatter><doctitle>Trees</doctitle></frontmatter><bodymatter><level1><h1>Methods</h1><pagenum>4</pagenum>
<p>We <em>counted</em> trees<noteref>1</noteref>,<pagenum>5</pagenum> twice &mdash; a day.</p>
<note><p>A note.</p></note>
<list><li>Oaks.</li></list><table><tr><td>12</td></tr></table></level1></bodymatter></book></dtbook>"""


def test_a_document_format() -> None:
    pytest.importorskip("lxml")
    read = recipe("A document format")["read"]
    reading = read(BOOK.encode())
    assert reading.text == "# Trees\n\n# Methods\n\nWe counted trees, twice — a day.\n\n- Oaks."
    assert [part.what for part in reading.left_out] == ["notes", "tables"]
    with pytest.raises(Unreadable, match="damaged"):
        read(BOOK.encode()[:300])


def test_a_document_format_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = re.findall(r"^```text\n(.*?)^```", section("A document format"), re.M | re.S)
    with pytest.raises(FastsumError, match="is XML"):
        formats.format_of_text(BOOK, "book")
    monkeypatch.setattr(formats, "_XML_FORMATS", {**formats._XML_FORMATS, **ast.literal_eval(f"{{{row}}}")})
    assert formats.format_of_text(BOOK, "book") == "dtbook"


def test_an_attention_mechanism() -> None:
    torch.manual_seed(0)
    config = Config.load("tiny", (f"model.width={cases.WIDTH}", f"model.heads={cases.HEADS}")).model
    layer = recipe("An attention mechanism")["from_config"](config, 0).double()
    cases.check_equations(
        layer, lambda layer, x_ND: layer.output(layer.value(x_ND).mean(0)).expand_as(x_ND), lengths=(6, 3, 1)
    )
    cases.check_padding(layer, lengths=(6, 3, 0))


def test_a_language() -> None:
    german = recipe("A language")["german"]
    text = "Das Schiff kam am 3. April an. Allerdings sank es."
    assert len(sentences(text)) == 3
    assert [text[s.start : s.end] for s in sentences(text, german)] == [text[:30], text[31:]]
    assert present(text[31:], german) == "Sank es."


def test_a_language_names_the_files_that_have_english_in_them() -> None:
    rewritten, _, shares = re.findall(r"^\| file \|.*\n\|[-| ]+\n((?:\|.*\n)+)", section("A language"), re.M)
    assert set(re.findall(r"^\| `(\w+)\.py` \|", rewritten, re.M)) == {
        path.stem for path in (PACKAGE / "text" / "english").glob("*.py") if path.stem != "__init__"
    }
    named = re.findall(r"`([\w/]+\.py)`", section("A language"))
    assert len(re.findall(r"^\| `", shares, re.M)) >= 5
    assert [name for name in named if "/" in name and not any((folder / name).is_file() for folder in FOLDERS)] == []


def test_a_decoding_strategy(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [decoding.Hypothesis((7,), (0,), score, mean) for score, mean in ((-1.0, -0.9), (-2.0, -0.5))]
    names = {**vars(decoding), "beam_search": lambda *arguments, **settings: [found]}
    ordered = recipe("A decoding strategy", **names)["most_confident"](None, beam=2)
    assert ordered == [[found[1], found[0]]]


def test_a_trained_model_describes_itself() -> None:
    (description,) = re.findall(r"^```toml\n(.*?)^```", TEXT, re.M | re.S)
    genre = tomllib.loads(description)
    assert set(genre) == {"about", "threshold", "evidence"}
    patterns = [part["pattern"] for part in genre["evidence"] if "pattern" in part]
    for text in ("see section 4", "its governing law is"):
        assert re.search(patterns[0], text, re.VERBOSE)


def test_a_trained_model_lists_what_info_shows_of_its_card() -> None:
    text = section("A trained model")
    assert re.findall(r"`([^`]+)`", text.partition("of the first table the rows")[2].partition(", and all")[0]) == list(
        info._SHOWN_FACTS
    )
