"""docs/contributing.md: the code of its recipes works."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum.config import Config
from fastsum.readers.blocks import Unreadable
from fastsum.summary.abstractive import decoding
from tests.attention import attention_cases as cases

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEXT = (Path(__file__).parents[1] / "docs" / "contributing.md").read_text("utf-8")


def recipe(heading: str, **names: Any) -> dict[str, Any]:
    """The names that the code below a heading defines."""
    code = re.search(r"^```python\n(.*?)^```", TEXT.partition(f"\n## {heading}\n")[2], re.M | re.S)
    assert code
    exec(compile(code[1], "docs/contributing.md", "exec"), names)
    return names


def odt(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.xml", text)
    return content.getvalue()


def test_a_document_format() -> None:
    pytest.importorskip("lxml")
    read = recipe("A document format")["read"]
    tags = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = '<text:h text:outline-level="2">Methods</text:h><text:p>We <text:span>counted</text:span> trees.</text:p>'
    assert read(odt(content=f"<body {tags}>{body}</body>")).text == "## Methods\n\nWe counted trees."
    with pytest.raises(Unreadable, match="damaged ODT"):
        read(odt(styles="<styles/>"))


def test_an_attention_mechanism() -> None:
    torch.manual_seed(0)
    config = Config.load("tiny", (f"model.width={cases.WIDTH}", f"model.heads={cases.HEADS}")).model
    layer = recipe("An attention mechanism")["from_config"](config, 0).double()
    cases.check_equations(
        layer, lambda layer, x_ND: layer.output(layer.value(x_ND).mean(0)).expand_as(x_ND), lengths=(6, 3, 1)
    )
    cases.check_padding(layer, lengths=(6, 3, 0))


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
    assert re.search(patterns[0], "see section 4", re.VERBOSE)
