"""What the command line converts by itself, and what it leaves to Typer."""

from __future__ import annotations

import json
import subprocess
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.core import TyperCommand
from typer.testing import CliRunner, Result

from fastsum.cli.defaults import Command

ROOT = Path(__file__).parents[2]
STORY = "data/samples/story.txt"


class Colour(str, Enum):
    """A choice."""

    red = "r"
    blue = "b"


def run(cls: type[TyperCommand], *arguments: str) -> Result:
    """A command of that class prints its values and their types."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.command(cls=cls)
    def show(
        names: Annotated[list[str] | None, typer.Argument()] = None,
        count: Annotated[int | None, typer.Option(min=1, max=10**9)] = None,
        share: Annotated[float, typer.Option(min=0)] = 0.5,
        colour: Annotated[Colour, typer.Option()] = Colour.red,
        path: Annotated[Path | None, typer.Option()] = None,
        there: Annotated[Path | None, typer.Option(exists=True)] = None,
        most: Annotated[int | None, typer.Option(max=9, clamp=True)] = None,
        doubled: Annotated[str | None, typer.Option(parser=lambda text: 2 * text)] = None,
        keep: Annotated[list[int] | None, typer.Option()] = None,
        switch: Annotated[bool, typer.Option()] = False,
    ) -> None:
        values = names, count, share, colour, path, there, most, doubled, keep, switch
        print(*(f"{type(value).__name__} {value!r}" for value in values), sep="\n")

    return CliRunner().invoke(app, list(arguments))


ARGUMENTS = [
    "", "a b", "--count 3", "--count 0", "--count 007", "--count -1", "--count +5", "--count 1_000", "--count 1.0",
    "--count ٣", "--count x", "--count 99999999999999999999", "--share 1", "--share .5", "--share 2.", "--share 1e-3",
    "--share nan", "--share -1", "--colour b", "--colour blue", "--colour B", "--path x/y", "--path .", "--there .",
    "--there nowhere", "--most 3", "--most 99", "--doubled ab", "--keep 1 --keep 2", "--keep 1 --keep x", "--switch",
    "--no-switch a", "--help", "--nonsense",
]  # fmt: skip


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_everything_is_taken_or_refused_as_by_typer(arguments: str) -> None:
    ours, theirs = (run(cls, *arguments.split()) for cls in (Command, TyperCommand))
    assert (ours.exit_code, ours.stdout, ours.stderr) == (theirs.exit_code, theirs.stdout, theirs.stderr)


@pytest.mark.skipif(not hasattr(typer.main, "resolve_type_descriptor"), reason="this release of Typer has no pydantic")
@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["config", "tiny"], False),
        (["--version"], False),
        (["summarize", "--help"], False),
        (["summarize", "-n", "2", "-r", "0.1", "--mode", "extractive", "-o", "x", "--keep", "a", "no file"], False),
        (["summarize", "-n", "two", STORY], True),
    ],
)
def test_pydantic_is_imported_only_for_what_does_not_fit(arguments: list[str], needed: bool) -> None:
    code = "import sys; from fastsum.cli.app import app\ntry: app()\nfinally: print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert json.loads(done.stdout.splitlines()[-1].lower()) is needed
