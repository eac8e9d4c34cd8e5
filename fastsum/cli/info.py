"""The report of `fastsum info`: models and their cards, versions, extras, files, and the device that "auto" selects.

The last imports torch where there may be a GPU, which takes longer than everything else.
"""

from __future__ import annotations

import dataclasses
import os
import platform
import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastsum
from fastsum.config import Config
from fastsum.errors import FastsumError
from fastsum.files import cache_folder, defaults_file
from fastsum.inference.threads import Threads
from fastsum.model import checkpoint
from fastsum.model.genre import GENRES
from fastsum.versions import version_of

__all__ = ["EXTRAS", "ModelCard", "ModelInfo", "as_dict", "as_text", "models", "read_card"]

EXTRAS = {
    "mail": ("letters saved by Outlook (MSG)", ("python-oxmsg",)),
    "mcp": ("assistants that read documents: fastsum mcp", ("mcp",)),
    "tables": ("Parquet tables", ("pyarrow",)),
    "train": (
        "training, evaluation, benchmarks, rewritten (abstractive) summaries, and GPUs",
        ("datasets", "nltk", "rouge-score", "safetensors", "tokenizers", "tomli-w", "torch"),
    ),
    "tensorboard": ("training metrics in TensorBoard", ("tensorboard",)),
    "plots": ("plots of fastsum bench", ("matplotlib",)),
    "ray": ("tables of documents on a Ray cluster", ("ray",)),
    "plm": ("news recommenders with a pretrained language model", ("transformers",)),
    "vectors": ("training word vectors", ("gensim",)),
}
"""What each extra is for, and its packages, as in pyproject.toml; those of another extra that it includes are left
out."""
_SHOWN_FACTS = ("parameters", "vocabulary", "trained on", "hardware", "time", "commit")
_LABEL = 14


@dataclass(frozen=True)
class ModelCard:
    """What a model card says; a field is empty where the card is not written the way fastsum writes it."""

    about: str
    """Its first paragraph."""
    facts: dict[str, str]
    """The rows of its first table, such as "parameters" and "time"."""
    scores: list[dict[str, str]]
    """The rows of the first table under "Scores", as column name to cell; the column "" has what was scored."""
    licence: str
    """The last paragraph that mentions a licence."""


@dataclass(frozen=True)
class ModelInfo:
    """A checkpoint on this machine."""

    name: str
    directory: Path
    bytes: int
    """Size of its files, without the training state."""
    settings: dict[str, Any]
    """Its default mode, sentences and words."""
    card: ModelCard


def models(names: Iterable[str]) -> list[ModelInfo]:
    """The checkpoints with these names, or in these folders. Raises FastsumError where there is none.

    Weights are not read, nor digests checked.
    """
    return [_model(name) for name in names]


def read_card(text: str) -> ModelCard:
    """Parse a model card, which is Markdown."""
    before, _, under = text.partition("\n## Scores")
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    prose = [" ".join(part.split()) for part in paragraphs if not part.startswith(("#", "|", "-"))]
    facts = {row[0]: row[1] for row in _rows(before) if len(row) == 2 and row[0]}
    header, *rows = _rows(under) or [[]]
    licences = [part for part in prose if re.search(r"\blicen[cs]e", part)]
    return ModelCard(
        about=prose[0] if prose else "",
        facts=facts,
        scores=[dict(zip(header, row, strict=False)) for row in rows],
        licence=licences[-1] if licences else "",
    )


def versions() -> dict[str, str | None]:
    """The versions of fastsum, Python and torch; None for a package that is not installed."""
    return {"fastsum": fastsum.__version__, "Python": platform.python_version(), "torch": version_of("torch")}


def extras() -> dict[str, dict[str, Any]]:
    """For each extra: its purpose, its packages and their versions, those missing, and the command to install them."""
    found = {}
    for name, (purpose, packages) in EXTRAS.items():
        installed = {package: version_of(package) for package in packages}
        missing = [package for package, version in installed.items() if version is None]
        found[name] = {
            "for": purpose,
            "packages": installed,
            "missing": missing,
            "install": f"pip install 'fastsum[{name}]'",
        }
    return found


def files() -> dict[str, dict[str, Any]]:
    """The user's own files, and whether they exist."""
    found = {"defaults": defaults_file(), "cache": cache_folder()}
    return {name: {"path": str(path), "exists": path.exists()} for name, path in found.items()}


def variables() -> dict[str, str]:
    """The environment variables of fastsum that are set."""
    return {name: os.environ[name] for name in sorted(os.environ) if name.startswith("FASTSUM_")}


def computing() -> dict[str, Any]:
    """Device, precision and threads that "auto" selects for summaries on this machine; imports torch for a GPU."""
    from fastsum.device import describe, needs_torch, pick_device, pick_precision, processor

    if not needs_torch("auto", "auto"):
        threads = Threads()
        return {
            "device": "cpu",
            "precision": "float32",
            "threads": threads.count,
            "processor": processor(),
            "description": threads.description,
        }
    import torch

    device = pick_device()
    dtype = pick_precision("auto", device)
    return {
        "device": str(device),
        "precision": str(dtype).removeprefix("torch."),
        "threads": torch.get_num_threads(),
        "processor": processor(),
        "description": describe(device, dtype),
    }


def as_dict(found: Iterable[ModelInfo]) -> dict[str, Any]:
    """The whole report, for `json.dumps`."""
    return {
        "versions": versions(),
        "models": [{**dataclasses.asdict(model), "directory": str(model.directory)} for model in found],
        "extras": extras(),
        "files": files(),
        "variables": variables(),
        "computing": computing(),
    }


def as_text(found: Iterable[ModelInfo]) -> Iterator[str]:
    """The same as text, one block at a time; the last block is the one that imports torch."""
    yield _lines("versions", {name: number or "missing" for name, number in versions().items()})
    for model in found:
        yield _lines(model.name, _described(model))
    yield _lines("extras", {name: _extra(extra) for name, extra in extras().items()})
    shown = {name: file["path"] + ("" if file["exists"] else " (missing)") for name, file in files().items()}
    yield _lines("files", shown)
    if variables_set := variables():
        yield _lines("variables", variables_set)
    auto = computing()
    yield _lines("auto selects", {"device": auto["description"], "processor": auto["processor"]}).rstrip("\n")


def _model(name: str) -> ModelInfo:
    directory = checkpoint.locate(name)
    present = [file for file in directory.glob("*") if file.is_file()] if directory.is_dir() else []
    names = {file.name for file in present}
    if missing := [part for part in (checkpoint.CARD, checkpoint.CONFIG, checkpoint.WEIGHTS) if part not in names]:
        if not directory.exists():
            raise FastsumError(
                f"{name}: no such checkpoint; name {', '.join(GENRES)} or a directory that training wrote"
            )
        raise FastsumError(f"{directory}: not a checkpoint: {missing[0]} is missing; name one that training wrote")
    try:
        text = (directory / checkpoint.CARD).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FastsumError(f"{directory / checkpoint.CARD}: {error}; copy the checkpoint again") from None
    decoding = Config.load(directory / checkpoint.CONFIG).decoding
    return ModelInfo(
        name=name,
        directory=directory,
        bytes=sum(file.stat().st_size for file in present if file.name != checkpoint.TRAINING),
        settings={"mode": decoding.mode, "sentences": decoding.sentences, "words": decoding.words},
        card=read_card(text),
    )


def _rows(markdown: str) -> list[list[str]]:
    """The cells of the first table, without backticks and without the line below the header."""
    table = re.search(r"(?:^\|.*\|[ ]*(?:\n|\Z))+", markdown, re.M)
    lines = table[0].splitlines() if table else []
    rows = [[cell.strip().replace("`", "") for cell in line.strip()[1:-1].split("|")] for line in lines]
    return [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]


def _described(model: ModelInfo) -> dict[str, str]:
    settings, card = model.settings, model.card
    limits = [f"{settings[name]} {name}" for name in ("sentences", "words") if settings[name]]
    lines = {"about": card.about, "gives": ", ".join([settings["mode"], *limits]) + (" at most" if limits else "")}
    scores = [
        " / ".join(value.partition(" ")[0] for column, value in row.items() if column) + f" {row.get('', '')}"
        for row in card.scores[:2]
    ]
    if scores:
        measures = " / ".join(column.removeprefix("ROUGE-") for column in card.scores[0] if column)
        lines["scores"] = f"ROUGE-{measures}: {', '.join(scores)}"
    lines |= {name: card.facts[name] for name in _SHOWN_FACTS if name in card.facts}
    lines |= {name: value for name, value in card.facts.items() if name.startswith("validation")}
    lines["size"] = f"{model.bytes / 1e6:.0f} MB"
    if card.licence:
        lines["licence"] = card.licence
    lines["card"] = str(model.directory / checkpoint.CARD)
    return {name: text for name, text in lines.items() if text}


def _extra(extra: Mapping[str, Any]) -> str:
    if extra["missing"]:
        return f"missing: {', '.join(extra['missing'])}; {extra['install']} for {extra['for']}"
    return ", ".join(f"{name} {number}" for name, number in extra["packages"].items())


def _lines(title: str, entries: Mapping[str, str]) -> str:
    """A title, and below it the entries, each with its label and wrapped to the width of the terminal."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    wrap = textwrap.TextWrapper(max(width, 40), break_long_words=False, break_on_hyphens=False)
    wrap.subsequent_indent = " " * (_LABEL + 2)
    shown = []
    for label, text in entries.items():
        wrap.initial_indent = f"  {label:<{_LABEL}}" if len(label) < _LABEL else f"  {label}  "
        shown += wrap.wrap(text) or [wrap.initial_indent.rstrip()]
    return "\n".join([title, *shown, ""])
