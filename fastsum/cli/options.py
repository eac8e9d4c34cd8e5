"""What the commands share: options, folders for results, and tables on stdout.

Nothing slow is imported at the top, so that `--help` answers at once.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from fastsum.errors import FastsumError


class Mode(str, Enum):
    """How a summary is made."""

    extractive = "extractive"
    abstractive = "abstractive"


class Precision(str, Enum):
    """The type that matrix products run in."""

    auto = "auto"
    fp32 = "fp32"
    bf16 = "bf16"
    fp16 = "fp16"


class Attention(str, Enum):
    """What mixes the tokens in the encoders."""

    fastformer = "fastformer"
    transformer = "transformer"
    longformer = "longformer"
    bigbird = "bigbird"
    poolingformer = "poolingformer"
    linformer = "linformer"
    linear = "linear"


class Split(str, Enum):
    """A part of a data set."""

    train = "train"
    validation = "validation"
    test = "test"


def model_names(incomplete: str) -> list[str]:
    """The models that ship and begin so, for the shell's completion."""
    from fastsum.text.english.genre import GENRES

    return [name for name in GENRES if name.startswith(incomplete)]


def preset_names(incomplete: str) -> list[str]:
    """The presets that begin so, for the shell's completion."""
    from fastsum.config import presets

    return [name for name in presets() if name.startswith(incomplete)]


MODEL = typer.Option(
    metavar="NAME", help="news, paper or the folder of a checkpoint of your own.", autocompletion=model_names
)
ModelOption = Annotated[str | None, MODEL]
Device = Annotated[str, typer.Option(metavar="NAME", help="cpu, cuda, cuda:1, mps, or auto for the fastest there is.")]
PrecisionOption = Annotated[Precision, typer.Option(help="Arithmetic of the matrix products.")]
ModeOption = Annotated[
    Mode | None,
    typer.Option(help="Take the salient sentences themselves, or rewrite them. The default is the model's own."),
]
SentencesOption = Annotated[
    int | None,
    typer.Option(
        "--sentences", "-n", metavar="N", min=1, help="Sentences in a summary; fewer only if the document has fewer."
    ),
]
WordsOption = Annotated[
    int | None,
    typer.Option("--words", "-w", metavar="N", min=1, help="Words in a summary at most, and hardly less."),
]
BeamOption = Annotated[int | None, typer.Option(metavar="N", min=1, help="Hypotheses kept in writing; 1 is fastest.")]
DataDir = Annotated[Path | None, typer.Option(metavar="DIR", help="Local copy of cnn_dailymail or pubmed.")]
DocumentColumn = Annotated[str | None, typer.Option(metavar="NAME", help="Column of the documents.")]
SummaryColumn = Annotated[str | None, typer.Option(metavar="NAME", help="Column of the summaries.")]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, help="Rows of a split to read at most.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first unusable row instead of leaving it out.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no notes; errors are shown.")]
DATA_HELP = "cnn_dailymail, pubmed, or a JSON Lines, CSV or Parquet file or a folder of such files named by split."


def make_folder(folder: Path) -> None:
    """Make a folder for results, or say that it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FastsumError(f"{folder}: {error.strerror}; name a folder that can be written") from None


def print_wide(*tables: Any) -> None:
    """Rich tables on stdout; a file or a pipe is as wide as they need."""
    from fastsum.console import rich_console

    shown_on = rich_console()
    if not shown_on.is_terminal:
        shown_on = rich_console(width=120)
    for table in tables:
        shown_on.print(table)
