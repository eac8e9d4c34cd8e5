"""Options that several commands share, folders for results, and tables on stdout."""

from __future__ import annotations

import contextlib
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from fastsum.config import ATTENTIONS, presets
from fastsum.data.hub import HUB
from fastsum.errors import FastsumError, require
from fastsum.model.genre import GENRES, shipped
from fastsum.readers.formats import FORMATS


class Mode(str, Enum):
    """How a summary is made."""

    extractive = "extractive"
    abstractive = "abstractive"


class Precision(str, Enum):
    """The floating-point format of matrix products."""

    auto = "auto"
    fp32 = "fp32"
    bf16 = "bf16"
    fp16 = "fp16"


class Attention(str, Enum):
    """What mixes the tokens in the encoders."""

    _ignore_ = "name"
    for name in ATTENTIONS:
        vars()[name] = name


class Format(str, Enum):
    """A format of documents."""

    _ignore_ = "name"
    for name in FORMATS:
        vars()[name] = name


class Split(str, Enum):
    """A split of a data set."""

    train = "train"
    validation = "validation"
    test = "test"


def model_names(incomplete: str) -> list[tuple[str, str]]:
    """The shipped models whose names begin like this, with what they are for, for shell completion.

    None if a description cannot be used: a command reports that, completion has nowhere to.
    """
    with contextlib.suppress(FastsumError):
        return [(genre.name, genre.about) for genre in shipped() if genre.name.startswith(incomplete)]
    return []


def preset_names(incomplete: str) -> list[str]:
    """The presets that begin like this, for shell completion."""
    return [name for name in presets() if name.startswith(incomplete)]


MODEL = typer.Option(
    metavar="NAME", help=f"{', '.join(GENRES)} or the folder of a checkpoint of your own.", autocompletion=model_names
)
ModelOption = Annotated[str | None, MODEL]
Device = Annotated[str, typer.Option(metavar="NAME", help="cpu, cuda, cuda:1, mps, or auto: a GPU if there is one.")]
PrecisionOption = Annotated[Precision, typer.Option(help="Floating-point format of matrix products.")]
ModeOption = Annotated[
    Mode | None,
    typer.Option(help="Take sentences from the document, or rewrite them. The model has its own default."),
]
SentencesOption = Annotated[
    int | None,
    typer.Option(
        "--sentences", "-n", metavar="N", min=1, help="Number of sentences; fewer only if the document has fewer."
    ),
]
WordsOption = Annotated[
    int | None,
    typer.Option("--words", "-w", metavar="N", min=1, help="Maximum number of words."),
]
BeamOption = Annotated[int | None, typer.Option(metavar="N", min=1, help="Beam size when rewriting; 1 is fastest.")]
DataDir = Annotated[Path | None, typer.Option(metavar="DIR", help=f"Local copy of {' or '.join(HUB)}.")]
DocumentColumn = Annotated[str | None, typer.Option(metavar="NAME", help="Column with the documents.")]
SummaryColumn = Annotated[str | None, typer.Option(metavar="NAME", help="Column with the summaries.")]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, help="Maximum number of rows to read from a split.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first unusable row instead of skipping it.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show errors only, no progress and no notes.")]
DATA_HELP = f"{', '.join(HUB)}, a JSON Lines, CSV or Parquet file, or a folder with one such file for each split."

_TRAINING = ("torch", "pyarrow", "datasets", "rouge_score", "nltk", "safetensors", "tokenizers", "tomli_w")


def require_training(what: str) -> None:
    """Raise FastsumError, with the install command, where a package of the extra train is missing.

    Args:
        what: needs it, in the plural, as for `require`.
    """
    for module in _TRAINING:
        require(module, what)


def make_folder(folder: Path) -> None:
    """Make a folder for results. Raises FastsumError where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FastsumError(f"{folder}: {error.strerror}; name a folder that you can write to") from None


def print_wide(*tables: Any) -> None:
    """Print rich tables; where stdout is a file or a pipe, 120 columns wide."""
    from fastsum.console import rich_console

    shown_on = rich_console()
    if not shown_on.is_terminal:
        shown_on = rich_console(width=120)
    for table in tables:
        shown_on.print(table)
