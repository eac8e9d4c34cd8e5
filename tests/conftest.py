"""What several tests share: a tiny model with random weights, saved as a checkpoint; torch in one thread."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum import Summarizer
from fastsum.config import Config, DataConfig, ModelConfig
from fastsum.data.rows import Row
from fastsum.model.checkpoint import save
from fastsum.model.network import SummaryModel
from fastsum.text.cleaning import clean
from fastsum.text.tokenizer import Tokenizer
from fastsum.training.examples import Example, make_example

os.environ["FASTSUM_CONFIG"] = os.devnull  # whoever runs the tests may have defaults of their own
for name in (
    "MAKEFLAGS",
    "MAKELEVEL",
    "MFLAGS",
):  # and `make test` has options, which are not for the make that tests run
    os.environ.pop(name, None)

ALONE = "test_hostile_documents.py"
"""The one file whose tests share little: together they would keep one process busy for most of the fault suite."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """What `--dist loadfile` does: a file's tests stay in one process, where they share what is costly to set up. Those
    of `ALONE` do not. Marks of a group would say it too, but xdist 3.8 loses them with pytest 9.2."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if ALONE in nodeid else str(super()._split_scope(nodeid))

    return Scheduling(config, log)


SAMPLES = Path(__file__).parents[1] / "data" / "samples"

DOCUMENT = (
    "The harbour froze on Monday night. Fishermen walked to their boats. "
    "Rescuers pulled two dogs from the water near Quillhaven pier. Schools stay closed until Thursday."
)
SUMMARY = "Two dogs were pulled from the water near Quillhaven.\nSchools stay closed until Thursday."
ROW = Row("a", DOCUMENT, SUMMARY)


def example(tokenizer: Tokenizer, **settings: int) -> Example:
    return make_example(ROW, tokenizer, DataConfig(**settings))


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([f"{DOCUMENT} {SUMMARY}".replace("Quillhaven", "the")], 60)


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint's folder."""
    lines = (SAMPLES / "rows" / "train.jsonl").read_text("utf-8").splitlines()
    tokenizer = Tokenizer.train([clean(json.loads(line)["article"]) for line in lines], 300)
    model = ModelConfig(
        vocabulary_size=len(tokenizer),
        output_vocabulary_size=100,
        width=16,
        heads=2,
        feedforward=16,
        encoder_layers=1,
        sentence_layers=1,
        decoder_layers=1,
    )
    config = Config(model=model)
    config = dataclasses.replace(
        config, decoding=dataclasses.replace(config.decoding, max_tokens=8, min_tokens=2, beam=2)
    )
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("checkpoint") / "tiny"
    save(folder, config=config, tokenizer=tokenizer, weights=SummaryModel(model).state_dict(), card="# tiny\n")
    return folder


@pytest.fixture
def loaded(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> list[str | Path]:
    """What is loaded, by name; all of it is the tiny model."""
    names: list[str | Path] = []
    load = Summarizer.load

    def tiny(model: str | Path, **settings: str) -> Summarizer:
        names.append(model)
        return load(tiny_checkpoint, **settings)

    monkeypatch.setattr(Summarizer, "load", tiny)
    return names


@pytest.fixture
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
