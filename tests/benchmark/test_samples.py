"""Documents of a length, made from the samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastsum.benchmark import samples
from fastsum.benchmark.samples import long_text
from fastsum.errors import FastsumError
from fastsum.model.checkpoint import load
from fastsum.text.source import read_source


def test_long_texts_have_about_the_tokens_asked_for(tiny_checkpoint: Path) -> None:
    tokenizer = load(tiny_checkpoint).tokenizer
    text = long_text(2_000, tokenizer)
    assert 1_900 <= sum(read_source(text, tokenizer).lengths) <= 2_200
    assert text == long_text(2_000, tokenizer)


def test_without_the_samples_the_remedy_is_named(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "SAMPLES", tmp_path)
    with pytest.raises(FastsumError, match="story.txt: No such file.*; run the benchmark from a checkout"):
        long_text(100, load(tiny_checkpoint).tokenizer)
